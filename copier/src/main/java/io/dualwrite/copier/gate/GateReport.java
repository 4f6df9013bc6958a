package io.dualwrite.copier.gate;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.ArrayList;
import java.util.List;

/**
 * What the gate found. Immutable.
 *
 * @param from the phase that the fleet leaves
 * @param to the phase that was asked for
 * @param open whether the pass was written
 * @param findings each check's
 * @param command the gate's own command, to ask again
 * @param ended the sessions that were ended, of dead instances
 */
public record GateReport(int from, int to, boolean open, List<Finding> findings, String command, List<String> ended) {

    /** What to run next, in order: what mends the shut checks, then the gate again; the step itself where it is open. */
    @JsonProperty("next_steps")
    public List<String> nextSteps() {
        List<String> steps = new ArrayList<>();
        for (Finding finding : shut()) {
            String command = finding.command();
            if (command != null && !steps.contains(command)) {
                steps.add(command);
            }
        }
        if (!open) {
            steps.add(command);
        }
        return steps;
    }

    /** The findings that keep the gate shut. */
    public List<Finding> shut() {
        return findings.stream().filter(finding -> !finding.fine()).toList();
    }
}
