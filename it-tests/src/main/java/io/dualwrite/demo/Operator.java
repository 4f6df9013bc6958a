package io.dualwrite.demo;

import java.time.Duration;

/** Runs the copier's commands, as a person at a shell would. */
interface Operator {

    /**
     * What a command said.
     *
     * @param exit its exit code: 0 fine, 1 differences or a shut gate, 2 usage, 3 failure
     */
    record Outcome(int exit, String output, Duration took) {

        /** The last line that says something. */
        String lastLine() {
            String[] lines = output.strip().split("\n");
            return lines[lines.length - 1].strip();
        }
    }

    /** Runs {@code dualwrite} with a command, its options, and the operator's properties file. */
    Outcome run(String... command);
}
