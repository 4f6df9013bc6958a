package io.dualwrite.copier.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dualwrite.copier.TwoDatabases;
import io.dualwrite.ladder.Phase;
import io.dualwrite.ladder.Rung;
import io.dualwrite.ladder.Side;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RunCommandsTest {
    @TempDir
    private Path directory;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private TwoDatabases databases;
    private Path file;

    @BeforeEach
    void start() throws Exception {
        databases = new TwoDatabases();
        databases.set("dataA", "author").set("dataB", "sales");
        databases.onBoth(
                "CREATE TABLE author (id INT PRIMARY KEY, name VARCHAR(20))",
                "CREATE TABLE sales (id INT PRIMARY KEY, amount INT)");
        databases.run(Side.OLD, "INSERT INTO author VALUES (1, 'one'), (2, 'two')", "INSERT INTO sales VALUES (1, 1)");
        file = directory.resolve("dualwrite.properties");
        Files.writeString(
                file,
                databases.entries().entrySet().stream()
                        .map(entry -> entry.getKey() + " = " + entry.getValue())
                        .collect(Collectors.joining("\n")));
    }

    @AfterEach
    void stop() throws Exception {
        databases.close();
    }

    private int run(String... args) {
        return DualwriteCli.run(new PrintWriter(out), new PrintWriter(err), args);
    }

    @Test
    void copyFreezeVerify_endFine() throws Exception {
        assertThat(run("copy", "-c", file.toString())).as(err.toString()).isEqualTo(ExitCode.FINE);
        assertThat(run("freeze", "-c", file.toString())).as(err.toString()).isEqualTo(ExitCode.FINE);
        databases.instance("app-1", Rung.DUAL_READ_OLD, Phase.THREE);
        assertThat(run("sync", "-c", file.toString())).as(err.toString()).isEqualTo(ExitCode.FINE);
        assertThat(run("sequences", "-c", file.toString())).as(err.toString()).isEqualTo(ExitCode.FINE);
        assertThat(run("verify", "-c", file.toString())).as(err.toString()).isEqualTo(ExitCode.FINE);
        assertThat(run("repair", "-c", file.toString())).as(err.toString()).isEqualTo(ExitCode.FINE);
        assertThat(out.toString()).contains("copy (up): fine", "sync (up): fine", "verify (up): fine");
    }

    @Test
    void sync_whileAnInstanceIsNotThere_isDone_butEndsWithOneAndSaysWhatHoldsTheGateShut() throws Exception {
        Files.writeString(file, "\nfleet.size = 2\n", StandardOpenOption.APPEND);
        databases.instance("app-1", Rung.DUAL_READ_OLD, Phase.THREE);
        assertThat(run("sync", "-c", file.toString())).isEqualTo(ExitCode.DIFFERENCES);
        assertThat(out.toString())
                .contains("The gate to 5 would still be shut by fleet (1 of fleet.size = 2 live (app-1); start the"
                        + " missing ones, or correct fleet.size); see to that, then run dualwrite sync -c " + file
                        + " again.")
                .contains("sync (up): done, but the gate would stay shut, ");

        databases.instance("app-2", Rung.OLD_ONLY, Phase.TWO);
        assertThat(run("sync", "-c", file.toString())).isEqualTo(ExitCode.DIFFERENCES);
        assertThat(out.toString()).contains("shut by rung (the step to phase 5 begins on DUAL_READ_OLD, but app-2 on");

        databases.instance("app-2", Rung.DUAL_READ_OLD, Phase.THREE);
        databases.run(Side.OLD, "UPDATE dualwrite_instance SET moving_from = 'OLD_ONLY' WHERE name = 'app-2'");
        assertThat(run("sync", "-c", file.toString(), "--json")).isEqualTo(ExitCode.DIFFERENCES);
        assertThat(out.toString()).contains("\"shut\" : \"The gate to 5 would still be shut by drained (");
        assertThat(run("sync", "-c", file.toString(), "--table", "author")).isEqualTo(ExitCode.FINE);

        databases.instance("app-2", Rung.DUAL_READ_OLD, Phase.THREE);
        assertThat(run("sync", "-c", file.toString())).isEqualTo(ExitCode.FINE);
    }

    @Test
    void verify_differences_areExitCodeOneAndNamedInJson() throws Exception {
        assertThat(run("verify", "-c", file.toString(), "--json")).isEqualTo(ExitCode.DIFFERENCES);
        JsonNode report = new ObjectMapper().readTree(out.toString());
        assertThat(report.get("differences").asInt()).isEqualTo(3);
        assertThat(report.get("differing").get(0).get("table").asText()).isEqualTo("author");
        assertThat(report.get("differing").get(0).get("key").asText()).isEqualTo("1");
        assertThat(report.get("differing").get(0).get("what").asText()).isEqualTo("missing on new");
    }

    @Test
    void missingFile_isUsageInOneSentence() {
        assertThat(run("copy", "-c", directory.resolve("nowhere").toString())).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("nowhere").doesNotContain("\tat ");
    }

    @Test
    void unknownTable_isUsage() {
        assertThat(run("verify", "-c", file.toString(), "--table", "autor")).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("autor").contains("author");
    }

    @Test
    void unreachableDatabase_isFailureWithoutItsPassword() throws Exception {
        Files.writeString(
                file,
                Files.readString(file)
                        .replaceAll("old.url = .*", "old.url = jdbc:h2:tcp://127.0.0.1:1/x;PASSWORD=s3cret"));
        assertThat(run("copy", "-c", file.toString())).isEqualTo(ExitCode.FAILURE);
        assertThat(err.toString()).contains("Database old").doesNotContain("s3cret");
    }
}
