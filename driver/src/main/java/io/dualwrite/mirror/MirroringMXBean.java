package io.dualwrite.mirror;

import java.util.Map;

/** What mirroring has met since the instance's start, for JMX consoles. */
public interface MirroringMXBean {
    /** How often each kind of divergence was seen, by the mirror's side, its vendor and SQLSTATE, or the reason. */
    Map<String, Long> getDivergences();

    /** Whether old is left alone after too many failures in a row, so that all writes are marked. */
    boolean isMirroringToOldPaused();

    /** Whether new is left alone after too many failures in a row, so that all writes are marked. */
    boolean isMirroringToNewPaused();
}
