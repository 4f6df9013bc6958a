package io.dualwrite.copier.check;

import java.util.List;

/**
 * What all checks found. Immutable.
 *
 * @param direction {@code up} or {@code down}
 * @param problems how many findings stand in the way
 */
public record CheckReport(String direction, long problems, List<Finding> findings) {
    static CheckReport of(String direction, List<Finding> findings) {
        long problems = findings.stream()
                .filter(finding -> finding.level() == Level.PROBLEM)
                .count();
        return new CheckReport(direction, problems, findings);
    }

    /** Whether nothing stands in the way. */
    public boolean possible() {
        return problems == 0;
    }
}
