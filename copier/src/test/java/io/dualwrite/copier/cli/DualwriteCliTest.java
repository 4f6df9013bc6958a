package io.dualwrite.copier.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

final class DualwriteCliTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... args) {
        return DualwriteCli.run(new PrintWriter(out), new PrintWriter(err), args);
    }

    @Test
    void help_isFine() {
        assertThat(run("--help")).isEqualTo(ExitCode.FINE);
        assertThat(out.toString()).contains("Usage: dualwrite");
    }

    @Test
    void unknownCommand_isUsage() {
        assertThat(run("cpoy")).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("cpoy");
    }
}
