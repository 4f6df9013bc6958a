package io.dualwrite.copier.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dualwrite.copier.TwoDatabases;
import io.dualwrite.ladder.Side;
import java.io.PrintWriter;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CheckAndManifestTest {
    @TempDir
    private Path directory;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private TwoDatabases databases;
    private Path file;

    @BeforeEach
    void start() throws Exception {
        databases = new TwoDatabases();
        databases.set("dataA", "author").set("unlisted", "refuse");
        databases.onBoth(
                "CREATE TABLE author (id INT PRIMARY KEY, name VARCHAR(20))",
                "CREATE TABLE title (id INT PRIMARY KEY, author INT REFERENCES author)",
                "CREATE TABLE sales_daily (id INT PRIMARY KEY, amount INT)");
        file = databases.file(directory);
    }

    @AfterEach
    void stop() throws Exception {
        databases.close();
    }

    private int run(String... args) {
        return DualwriteCli.run(new PrintWriter(out), new PrintWriter(err), args);
    }

    @Test
    void check_nothingInTheWay_isFine() {
        assertThat(run("check", "-c", file.toString())).as(err.toString()).isEqualTo(ExitCode.FINE);
        assertThat(out.toString()).contains("note    manifest     title: it is on no list");
        assertThat(out.toString()).endsWith("check (up): nothing stands in the way" + System.lineSeparator());
    }

    @Test
    void check_problem_isExitCodeOne_inJsonToo() throws Exception {
        databases.run(Side.NEW, "ALTER TABLE author DROP COLUMN name");
        assertThat(run("check", "-c", file.toString())).isEqualTo(ExitCode.DIFFERENCES);
        assertThat(out.toString())
                .contains("PROBLEM columns      author: new lacks the columns name, which old has")
                .contains("do: add them on new")
                .contains("check (up): 1 problem");
        out.getBuffer().setLength(0);
        assertThat(run("check", "-c", file.toString(), "--json")).isEqualTo(ExitCode.DIFFERENCES);
        JsonNode report = new ObjectMapper().readTree(out.toString());
        assertThat(report.get("problems").asInt()).isEqualTo(1);
        assertThat(report.get("findings").findValuesAsText("level")).contains("PROBLEM");
        out.getBuffer().setLength(0);
        assertThat(run("check", "-c", file.toString(), "--down")).isEqualTo(ExitCode.DIFFERENCES);
        assertThat(out.toString()).contains("no repair from old").contains("check (down): 1 problem");
    }

    @Test
    void check_changesNothing() throws Exception {
        databases.run(Side.OLD, "INSERT INTO author VALUES (1, 'one')");
        run("check", "-c", file.toString());
        assertThat(databases.rows(Side.OLD, "SELECT * FROM author")).containsExactly("1,one");
        assertThat(databases.rows(Side.OLD, "SELECT COUNT(*) FROM dualwrite_copy"))
                .containsExactly("0");
    }

    @Test
    void manifest_printsLinesThatAPropertiesFileTakes() throws Exception {
        String before = Files.readString(file);
        assertThat(run("manifest", "-c", file.toString())).as(err.toString()).isEqualTo(ExitCode.FINE);
        Properties lines = new Properties();
        lines.load(new StringReader(out.toString()));
        assertThat(lines)
                .containsEntry("dataA", "author, title")
                .containsEntry("dataB", "sales_daily")
                .hasSize(2);
        assertThat(out.toString()).contains("# title - Data A: ").contains("points to author");
        assertThat(Files.readString(file)).as("the file is left alone").isEqualTo(before);
    }

    @Test
    void manifest_withStatements_asJson() throws Exception {
        Path log = Files.writeString(directory.resolve("log.sql"), "UPDATE sales_daily SET amount = 1 WHERE id = 1;\n");
        assertThat(run("manifest", "-c", file.toString(), "--statements", log.toString(), "--json"))
                .isEqualTo(ExitCode.FINE);
        JsonNode proposal = new ObjectMapper().readTree(out.toString());
        assertThat(proposal.get("dataA").toString()).contains("sales_daily");
        assertThat(proposal.get("statements").asInt()).isEqualTo(1);
    }
}
