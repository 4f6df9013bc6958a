package io.dualwrite.simulation;

import java.util.List;

/**
 * What came of one seed.
 *
 * @param scenario what the seed chose, in words
 * @param violations promises that were broken; empty where all held
 * @param story every call in the order in which the servers saw it, with its virtual time
 */
public record Verdict(long seed, String scenario, List<String> violations, List<String> story) {
    /** Whether every promise was kept. */
    public boolean holds() {
        return violations.isEmpty();
    }

    @Override
    public String toString() {
        return "seed " + seed + ": " + scenario + "\n" + String.join("\n", violations) + "\n"
                + String.join("\n", story);
    }
}
