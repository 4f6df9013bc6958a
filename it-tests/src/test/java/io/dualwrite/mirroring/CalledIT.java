package io.dualwrite.mirroring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dualwrite.config.Settings;
import io.dualwrite.ladder.Phase;
import io.dualwrite.ladder.Rung;
import io.dualwrite.ladder.Side;
import io.dualwrite.servers.SharedServers;
import java.sql.Connection;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A function that may write is marked, and refused in a crossing, in whatever statement it is called (R14). */
class CalledIT {
    private static final String MARKED =
            "SELECT DISTINCT LOWER(table_name), row_key FROM dualwrite_mark WHERE seq >= 0 ORDER BY 1";

    private static TwoSides sides(String vendor, Map<String, String> further) throws Exception {
        TwoSides sides = new TwoSides(SharedServers.of(vendor), SharedServers.secondOf(vendor), "item", further);
        sides.prepare(
                "CREATE TABLE item (id INT PRIMARY KEY, note VARCHAR(50))",
                "INSERT INTO item VALUES (1, 'one')",
                "CREATE TABLE derived_sum (id INT PRIMARY KEY)",
                vendor.equals("postgres")
                        ? "CREATE FUNCTION run_job(job INT) RETURNS INT LANGUAGE plpgsql AS"
                                + " 'BEGIN INSERT INTO item VALUES (100 + job, ''written''); RETURN job; END'"
                        : "CREATE FUNCTION run_job(job INT) RETURNS INT MODIFIES SQL DATA"
                                + " BEGIN INSERT INTO item VALUES (100 + job, 'written'); RETURN job; END");
        return sides;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "postgres | SELECT run_job(id) FROM item WHERE pg_try_advisory_xact_lock(id)",
                "postgres | CREATE TEMP TABLE kept AS SELECT run_job(2) AS id",
                "postgres | INSERT INTO scratch SELECT run_job(3)",
                "postgres | INSERT INTO item SELECT run_job(4), 'four'",
                "mariadb | SET @job = run_job(5)",
                "mariadb | INSERT INTO scratch SELECT run_job(6)",
                "mariadb | SET @got = GET_LOCK('called', 0)"
            })
    void functionThatIsNotDeclared_isMarkedOrRefused(String vendor, String sql) throws Exception {
        for (Rung rung : List.of(Rung.DUAL_READ_OLD, Rung.STRICT_READ_OLD, Rung.STRICT_READ_NEW, Rung.DUAL_READ_NEW)) {
            try (TwoSides sides = sides(vendor, Map.of())) {
                sides.standing.move(rung);
                try (Connection connection = sides.connect();
                        Statement statement = connection.createStatement()) {
                    statement.execute("CREATE TEMPORARY TABLE scratch (id INT)");
                    if (rung.strict()) {
                        assertThatThrownBy(() -> statement.execute(sql))
                                .as("%s", rung)
                                .isInstanceOf(SQLFeatureNotSupportedException.class)
                                .hasMessageContaining("may write");
                    } else {
                        statement.execute(sql);
                        sides.settle();
                        assertThat(sides.rows(rung.authority(), MARKED))
                                .as("%s", rung)
                                .containsExactly("*|null");
                    }
                }
            }
        }
    }

    /** What is temporary stays so: it is written where it is read, and the connection keeps its rung. */
    @ParameterizedTest
    @CsvSource({"DUAL_READ_OLD", "DUAL_READ_NEW"})
    void temporaryTableThatAFunctionFills_isOneOfTheConnections(Rung rung) throws Exception {
        for (boolean manual : List.of(false, true)) {
            try (TwoSides sides = sides("postgres", Map.of())) {
                sides.standing.move(rung);
                try (Connection connection = sides.connect();
                        Statement statement = connection.createStatement()) {
                    connection.setAutoCommit(!manual);
                    statement.execute("CREATE TEMP TABLE kept AS SELECT run_job(2) AS id");
                    statement.execute("INSERT INTO kept VALUES (7)");
                    statement.execute("INSERT INTO kept SELECT run_job(8)");
                    sides.standing.move(rung == Rung.DUAL_READ_OLD ? Rung.DUAL_READ_NEW : Rung.DUAL_READ_OLD);
                    assertThat(TwoSides.texts(statement.executeQuery("SELECT id FROM kept ORDER BY id")))
                            .containsExactly("2", "7", "8");
                    if (manual) {
                        connection.commit();
                    }
                    sides.settle();
                    assertThat(sides.rows(rung.authority(), MARKED)).containsExactly("*|null");
                }
            }
        }
    }

    @Test
    void functionDeclaredToWriteDataA_isMarkedBesideTheDataBThatItIsReadFor() throws Exception {
        try (TwoSides sides = sides("postgres", Map.of("routine.run_job", "writes item"))) {
            sides.standing.move(Rung.DUAL_READ_NEW);
            try (Connection connection = sides.connect();
                    Statement statement = connection.createStatement()) {
                statement.execute("INSERT INTO derived_sum SELECT run_job(7)");
            }
            sides.settle();
            assertThat(sides.rows(Side.NEW, MARKED)).containsExactly("derived_sum|null", "item|null");
        }
    }

    @Test
    void functionDeclaredToWriteDataB_leavesItsMarkInPhaseTwo() throws Exception {
        try (TwoSides sides = sides("postgres", Map.of("routine.run_job", "writes derived_sum"))) {
            Settings two = sides.settings(Phase.TWO);
            try (Connection connection = sides.connectBy(() -> two);
                    Statement statement = connection.createStatement()) {
                statement.execute("CREATE TEMP TABLE kept (id INT)");
                statement.execute("INSERT INTO kept SELECT run_job(8)");
            }
            assertThat(sides.rows(Side.OLD, MARKED)).containsExactly("derived_sum|null");
        }
    }

    /** Where new is the truth, what the function reads is new's. */
    @ParameterizedTest
    @CsvSource({"DUAL_READ_NEW", "STRICT_NEW_FIRST"})
    void functionThatReads_tellsWhatTheTruthHas(Rung rung) throws Exception {
        try (TwoSides sides = sides("postgres", Map.of("routine.note_of", "reads"))) {
            for (Side side : Side.values()) {
                sides.on(
                        side,
                        List.of("CREATE FUNCTION note_of(one INT) RETURNS VARCHAR LANGUAGE sql AS"
                                + " 'SELECT note FROM item WHERE id = one'"));
            }
            sides.on(Side.OLD, List.of("UPDATE item SET note = 'stale'"));
            sides.standing.move(rung);
            try (Connection connection = sides.connect();
                    Statement statement = connection.createStatement()) {
                statement.execute("INSERT INTO item VALUES (9, note_of(1))");
                sides.settle();
                assertThat(sides.rows(Side.NEW, "SELECT note FROM item WHERE id = 9"))
                        .containsExactly("one");
                assertThat(sides.rows(Side.OLD, "SELECT note FROM item WHERE id = 9"))
                        .containsExactly("one");
            }
        }
    }
}
