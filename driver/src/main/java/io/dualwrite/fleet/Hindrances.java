package io.dualwrite.fleet;

import io.dualwrite.config.SettingsFile;
import io.dualwrite.ladder.Rung;
import io.dualwrite.ladder.Side;
import java.sql.SQLException;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What stands in the way of a step that the ladder allows, in words that follow "asked for …, stands on …". {@link
 * #mirroringPauses} may be called by any thread, the rest by one.
 */
final class Hindrances {
    private static final Logger LOG = LoggerFactory.getLogger(Hindrances.class);

    private final RegistryLinks links;
    private final SettingsFile file;
    private volatile Predicate<Side> mirroringPauses = side -> false;

    Hindrances(RegistryLinks links, SettingsFile file) {
        this.links = links;
        this.file = file;
    }

    /** Asks from now on whether mirroring to a side pauses after too many failures in a row. */
    void mirroringPauses(Predicate<Side> pauses) {
        mirroringPauses = pauses;
    }

    /** The sides to which mirroring pauses now. */
    Set<Side> pausedSides() {
        Set<Side> sides = EnumSet.noneOf(Side.class);
        for (Side side : Side.values()) {
            if (mirroringPauses.test(side)) {
                sides.add(side);
            }
        }
        return sides;
    }

    /**
     * What keeps the instance where it stands, or null.
     *
     * @param here the registry of its authority
     * @throws SQLException if that side cannot be asked
     */
    @Nullable
    String against(Rung stands, Rung next, FleetView here, List<InstanceRow> others) throws SQLException {
        if (!stands.dual()) {
            return toDual(here, others);
        }
        return !stands.strict() && next.strict() ? toStrict(stands.mirror(), here) : null;
    }

    /**
     * What forbids starting where both sides are written, or null; a side that is away is not waited for.
     *
     * @see WallClocks
     */
    @Nullable
    String againstStart() {
        if (WallClocks.isProcessInUtc()) {
            return null;
        }
        try {
            return wallClocks().difference();
        } catch (SQLException e) {
            LOG.info("Whether both sides show times by one clock is not known: {}", e.getMessage());
            return null;
        }
    }

    private WallClocks wallClocks() {
        return new WallClocks(file.settings().manifest, links.to(Side.OLD), links.to(Side.NEW));
    }

    /** What forbids that both sides must succeed from now on. */
    private @Nullable String toStrict(Side mirror, FleetView here) {
        if (mirroringPauses.test(mirror)) {
            return "mirroring to " + mirror.word()
                    + " pauses after too many failures in a row; it goes on with the next write"
                    + " that succeeds there";
        }
        if (here.phase.otherStaleSince == null) {
            return null;
        }
        return mirror.word() + " was left behind and is stale; run dualwrite sync"
                + (mirror == Side.OLD ? " --down" : "") + " and what dualwrite gate --to "
                + (mirror == Side.OLD ? 3 : 5) + " asks for";
    }

    /** What forbids writing both sides from now on. */
    private @Nullable String toDual(FleetView here, List<InstanceRow> others) throws SQLException {
        String differs = Fingerprints.difference(file.settings(), others);
        if (differs != null) {
            return differs;
        }
        RegistryLink there = links.to(here.side.other());
        try {
            FleetView other = there.transact(there.registry::read);
            String apart = here.side == Side.OLD
                    ? Fingerprints.difference(here.phase, other.phase)
                    : Fingerprints.difference(other.phase, here.phase);
            return apart == null ? wallClocks().difference() : apart;
        } catch (SQLException e) {
            if (!links.to(here.side).isOpen()) {
                // The look at the clocks has failed on this side.
                throw e;
            }
            String word = there.side().word();
            return Registry.tablesMissing(e)
                    ? "the dualwrite_* tables are missing on " + word + "; run dualwrite init -c " + file.path()
                    : word + " cannot be reached (" + e.getMessage() + ")";
        }
    }
}
