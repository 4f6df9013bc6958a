package io.dualwrite.copier.gate;

import java.util.List;

/**
 * What the gate found. Immutable.
 *
 * @param from the phase that the fleet leaves
 * @param to the phase that was asked for
 * @param open whether the pass was written
 * @param findings each check's
 */
public record GateReport(int from, int to, boolean open, List<Finding> findings) {

    /** The findings that keep the gate shut. */
    public List<Finding> shut() {
        return findings.stream().filter(finding -> !finding.fine()).toList();
    }
}
