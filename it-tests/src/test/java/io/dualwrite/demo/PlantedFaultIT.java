package io.dualwrite.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualwrite.copier.cli.DualwriteCli;
import io.dualwrite.copier.cli.ExitCode;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Locale;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The demo's verdict can fail: each fault that is planted into a migration is found, by table and key. */
class PlantedFaultIT {

    @ParameterizedTest
    @CsvSource({
        "lost-mirror-write, DIFFERING, author",
        "skipped-sync, DIFFERING, orders",
        "deleted-row, MISSING, invoice",
    })
    void fault_isFound_byTableAndKey(String fault, String kind, String table) {
        StringWriter output = new StringWriter();
        PrintWriter writer = new PrintWriter(output);

        int exit = DualwriteCli.run(
                writer, writer, "demo", "--json", "--seconds", "0.2", "--rate", "25", "--plant", fault);

        assertThat(output.toString())
                .contains("\"good\":false")
                .containsPattern("\"kind\":\"" + kind.toLowerCase(Locale.ROOT) + "\",\"table\":\"" + table
                        + "\",\"key\":\"[0-9]+\"");
        assertThat(exit).isEqualTo(ExitCode.DIFFERENCES);
    }
}
