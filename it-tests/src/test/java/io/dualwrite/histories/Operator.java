package io.dualwrite.histories;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualwrite.copier.cli.DualwriteCli;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Types the commands of the operator's guide. Thread-safe. */
final class Operator {
    private static final Logger LOG = LoggerFactory.getLogger(Operator.class);
    private static final int ATTEMPTS = 40;
    private static final int REPAIRS = 5;

    /** What a command ended with. */
    record Answer(int exit, String said) {}

    private final Path file;
    private final Killer killer;

    /** @param killer kills no session while a command runs that must end well */
    Operator(Path file, Killer killer) {
        this.file = file;
        this.killer = killer;
    }

    /** Runs a command that may fail. */
    Answer run(String... command) {
        List<String> words = new ArrayList<>(List.of(command));
        words.add("-c");
        words.add(file.toString());
        StringWriter said = new StringWriter();
        PrintWriter console = new PrintWriter(said);
        int exit = DualwriteCli.run(console, console, words.toArray(new String[0]));
        LOG.debug("dualwrite {} ended with {}: {}", String.join(" ", command), exit, said);
        return new Answer(exit, said.toString());
    }

    /** Runs a command that must end well. */
    void must(String... command) {
        must(0, command);
    }

    /** Copies; what changes meanwhile may be left to the final sync. */
    void copy(String... direction) {
        String[] command = direction.length == 0 ? new String[] {"copy"} : new String[] {"copy", direction[0]};
        must(1, command);
    }

    /** Repairs until nothing is left; another repair may be at work, or a transaction still open. */
    void repair() {
        killer.heldBack(() -> {
            Answer answer = run("repair");
            for (int i = 1; i < REPAIRS && (answer.exit() == 1 || answer.exit() == 2); i++) {
                answer = run("repair");
            }
            assertThat(answer.exit()).as(answer.said()).isZero();
            return answer;
        });
    }

    private void must(int highestExit, String... command) {
        Answer answer = killer.heldBack(() -> run(command));
        assertThat(answer.exit())
                .as(() -> "dualwrite " + String.join(" ", command) + ": " + answer.said())
                .isLessThanOrEqualTo(highestExit);
    }

    /** Asks the gate until it opens, and mends meanwhile what it may be waiting for. */
    void gate(int phase) {
        untilFine(() -> run("gate", "--to", Integer.toString(phase)));
    }

    /** Verifies until it is clean twice in a row; rows that differ must all be marked. */
    void verifyTwice(String... direction) {
        String[] verify = direction.length == 0 ? new String[] {"verify"} : new String[] {"verify", direction[0]};
        for (int clean = 0; clean < 2; clean++) {
            untilFine(() -> onlyMarkedMayDiffer(run(verify)));
        }
    }

    private static Answer onlyMarkedMayDiffer(Answer answer) {
        List<String> rows =
                answer.said().lines().filter(line -> line.startsWith("  ")).toList();
        if (answer.exit() == 1) {
            assertThat(rows).as("differing rows").isNotEmpty().allMatch(row -> row.endsWith("(marked)"));
        }
        return answer;
    }

    private void untilFine(Supplier<Answer> command) {
        killer.heldBack(() -> {
            Answer answer = command.get();
            for (int i = 1; i < ATTEMPTS && answer.exit() == 1; i++) {
                repair();
                answer = command.get();
            }
            assertThat(answer.exit()).as(answer.said()).isZero();
            return answer;
        });
    }
}
