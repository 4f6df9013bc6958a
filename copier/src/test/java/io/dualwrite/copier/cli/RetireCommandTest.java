package io.dualwrite.copier.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.dualwrite.copier.TwoDatabases;
import io.dualwrite.ladder.Phase;
import io.dualwrite.ladder.Rung;
import io.dualwrite.ladder.Side;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RetireCommandTest {
    private static final String TABLES =
            "SELECT LOWER(table_name) FROM information_schema.tables WHERE table_schema = 'PUBLIC' ORDER BY 1";
    private static final List<String> ALL =
            List.of("dualwrite_copy", "dualwrite_instance", "dualwrite_mark", "dualwrite_phase", "dualwrite_report");

    @TempDir
    private Path directory;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private TwoDatabases databases;
    private Path file;

    @BeforeEach
    void start() throws Exception {
        databases = new TwoDatabases();
        databases.onBoth("CREATE TABLE dualwrite_report (id INT PRIMARY KEY)");
        file = databases.file(directory);
    }

    @AfterEach
    void stop() throws Exception {
        databases.close();
    }

    private int run(String... args) {
        return DualwriteCli.run(new PrintWriter(out), new PrintWriter(err), args);
    }

    private int retire(String option) {
        return run("retire", "-c", file.toString(), option);
    }

    @Test
    void nobodyIsThere_dropsItsOwnTablesAndNoOthers() throws Exception {
        assertThat(retire("--yes")).as(err.toString()).isEqualTo(ExitCode.FINE);
        for (Side side : Side.values()) {
            assertThat(databases.rows(side, TABLES)).containsExactly("dualwrite_report");
        }
        assertThat(retire("--yes")).as("again: " + err).isEqualTo(ExitCode.FINE);
        assertThat(out.toString()).contains("it was retired before");
    }

    @Test
    void withoutYes_dropsNothing() throws Exception {
        assertThat(retire("--json")).isEqualTo(ExitCode.USAGE);
        assertThat(new ObjectMapper().readTree(out.toString()).get("done").asBoolean())
                .isFalse();
        assertThat(databases.rows(Side.OLD, TABLES)).isEqualTo(ALL);
    }

    @Test
    void print_showsTheSqlAndDropsNothing() throws Exception {
        assertThat(retire("--print")).isEqualTo(ExitCode.FINE);
        assertThat(out.toString()).contains("-- on new").contains("DROP TABLE IF EXISTS dualwrite_mark;");
        assertThat(databases.rows(Side.OLD, TABLES)).isEqualTo(ALL);
    }

    @Test
    void liveInstance_isNamedAndNothingIsDropped() throws Exception {
        databases.instance("app-7", Rung.NEW_ONLY, Phase.SIX);
        assertThat(retire("--yes")).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("app-7 on NEW_ONLY").contains("nothing was dropped");
        for (Side side : Side.values()) {
            assertThat(databases.rows(side, TABLES)).isEqualTo(ALL);
        }
    }

    @Test
    void deadInstance_standsNotInTheWay() throws Exception {
        databases.instance("app-7", Rung.NEW_ONLY, Phase.SIX);
        databases.run(Side.NEW, "UPDATE dualwrite_instance SET heartbeat_at = 1");
        assertThat(retire("--yes")).as(err.toString()).isEqualTo(ExitCode.FINE);
    }

    @Test
    void runAtWork_isNamedAndNothingIsDropped() throws Exception {
        databases.onBoth("INSERT INTO dualwrite_copy (run, kind, direction, table_name, state, rows_done, differences,"
                + " locked, started_at, touched_at) VALUES ('r', 'copy', 'up', '*', 'running', 0, 0, 1, "
                + System.currentTimeMillis() + ", " + System.currentTimeMillis() + ")");
        assertThat(retire("--yes")).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("dualwrite copy (up)");
        assertThat(databases.rows(Side.NEW, TABLES)).isEqualTo(ALL);
    }

    @Test
    void marksAreLeft_areSaid() throws Exception {
        databases.run(
                Side.OLD,
                "INSERT INTO dualwrite_mark (id, seq, table_name, row_key, reason, instance, epoch, marked_at)"
                        + " VALUES ('m', 0, 'author', '1', 'test', 'app', 1, 1)");
        assertThat(retire("--yes")).isEqualTo(ExitCode.FINE);
        assertThat(out.toString()).contains("1 rows and 0 whole tables are still marked on old");
    }

    @Test
    void oneSideIsAway_theOtherIsRetired() throws Exception {
        Files.writeString(
                file, Files.readString(file).replaceAll("old.url = .*", "old.url = jdbc:h2:tcp://127.0.0.1:1/x"));
        assertThat(retire("--yes")).as(err.toString()).isEqualTo(ExitCode.FINE);
        assertThat(out.toString()).contains("retire again when it is back").contains("on new are dropped");
        assertThat(databases.rows(Side.NEW, TABLES)).containsExactly("dualwrite_report");
        assertThat(databases.rows(Side.OLD, TABLES)).isEqualTo(ALL);
    }
}
