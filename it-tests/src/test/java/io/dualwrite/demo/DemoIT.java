package io.dualwrite.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualwrite.copier.cli.DualwriteCli;
import io.dualwrite.copier.cli.ExitCode;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

/** The demo's machinery without a migration: the application straight on its database. */
class DemoIT {
    private final StringWriter output = new StringWriter();

    @Test
    void nothingGoesWrong_verdictIsGood() {
        int exit = demo("--bare", "--seconds", "0.1");

        assertThat(output.toString()).contains("\"good\":true", "\"failed\":0", "\"missing\":0", "\"surplus\":0");
        assertThat(exit).isEqualTo(ExitCode.FINE);
    }

    @Test
    void rowIsDeletedBehindEverybodysBack_verdictIsBadAndNamesIt() {
        int exit = demo("--bare", "--seconds", "0.1", "--plant", "deleted-row");

        assertThat(output.toString()).contains("\"good\":false", "\"table\":\"invoice\",\"key\":\"1000\"");
        assertThat(exit).isEqualTo(ExitCode.DIFFERENCES);
    }

    @Test
    void unknownVendor_isRefusedInOneSentence() {
        int exit = demo("--old", "oracle");

        assertThat(output.toString()).contains("--old knows no 'oracle'; it is one of h2, postgres or mariadb");
        assertThat(exit).isEqualTo(ExitCode.USAGE);
    }

    private int demo(String... options) {
        String[] command = new String[options.length + 2];
        command[0] = "demo";
        command[1] = "--json";
        System.arraycopy(options, 0, command, 2, options.length);
        PrintWriter writer = new PrintWriter(output);
        return DualwriteCli.run(writer, writer, command);
    }
}
