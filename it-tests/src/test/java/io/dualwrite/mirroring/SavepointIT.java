package io.dualwrite.mirroring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dualwrite.ladder.Rung;
import io.dualwrite.ladder.Side;
import io.dualwrite.servers.SharedServers;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Savepoints of one name: both sides end with what a bare connection to the side that answers would have. */
class SavepointIT {
    private static final String ROWS = "SELECT script, id FROM %s ORDER BY script, id";
    private static final String MARKED = "SELECT row_key FROM dualwrite_mark WHERE row_key IS NOT NULL";

    /** Savepoints by name, "-" for one without; <n and !n go back to the n-th and release it; a number writes a row. */
    private static final List<String> SCRIPTS = List.of(
            "1 same 2 same 3 <0 4",
            "1 same 2 same 3 <1 4",
            "1 same 2 other 3 same 4 <0 5 <1 6",
            "1 same 2 same 3 !1 4 <0 5",
            "1 same 2 same 3 !0 4 <1 5",
            "1 same 2 other 3 !0 4 <1 5",
            "1 same 2 SAME 3 <0 4",
            "1 same 2 s\u00e0me 3 <0 4",
            "1 same 2 - 3 same 4 <0 5 <1 6",
            "same same 1 <0 2");

    /** They go back, by the name or by itself, to one that has gone, which most vendors refuse. */
    private static final List<String> BACK_TO_WHAT_IS_GONE = List.of(
            "1 same 2 other 3 same 4 <1 5 <0 6",
            "1 same 2 SAME 3 <0 4 <1 5",
            "1 same 2 s\u00e0me 3 <0 4 <1 5",
            "1 same 2 - 3 same 4 <1 5 <0 6 <0 7",
            "1 - 2 - 3 <0 4 <1 5");

    private static Stream<Arguments> everywhere() {
        List<Arguments> all = new ArrayList<>();
        for (String vendors : List.of(
                "postgres postgres", "mariadb mariadb", "h2 h2", "postgres mariadb", "mariadb h2", "h2 postgres")) {
            for (Rung rung : Rung.values()) {
                if (rung.dual()) {
                    all.add(Arguments.of(vendors.split(" ")[0], vendors.split(" ")[1], rung));
                }
            }
        }
        return all.stream();
    }

    @ParameterizedTest
    @MethodSource("everywhere")
    void severalOfOneName_bothSidesEndWithWhatTheBareConnectionHas(String old, String other, Rung rung)
            throws Exception {
        List<String> scripts = new ArrayList<>(SCRIPTS);
        if (!(rung.answers() == Side.OLD ? old : other).equals("h2")) {
            scripts.addAll(BACK_TO_WHAT_IS_GONE);
        }
        try (TwoSides sides = sides(old, other, rung)) {
            try (Connection bare = sides.bare(rung.answers());
                    Connection dual = sides.connect()) {
                for (String script : scripts) {
                    assertThat(run(dual, "note", script)).as(script).isEqualTo(run(bare, "bare", script));
                }
            }
            sides.settle();
            List<String> expected = sides.rows(rung.answers(), ROWS.formatted("bare"));
            for (Side side : Side.values()) {
                assertThat(sides.rows(side, ROWS.formatted("note")))
                        .as("%s", side)
                        .isEqualTo(expected);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"h2, DUAL_READ_OLD", "postgres, DUAL_READ_OLD", "h2, DUAL_READ_NEW"})
    void h2GoesBackToWhatIsGone_isMarked(String mirror, Rung rung) throws Exception {
        for (String script : BACK_TO_WHAT_IS_GONE) {
            try (TwoSides sides = sides("h2", mirror, rung)) {
                try (Connection bare = sides.bare(rung.answers());
                        Connection dual = sides.connect()) {
                    assertThat(run(dual, "note", script)).as(script).isEqualTo(run(bare, "bare", script));
                }
                sides.settle();
                List<String> rows = sides.rows(rung.answers(), ROWS.formatted("note"));
                assertThat(rows).as(script).isEqualTo(sides.rows(rung.answers(), ROWS.formatted("bare")));
                if (!sides.rows(rung.mirror(), ROWS.formatted("note")).equals(rows)) {
                    assertThat(sides.rows(rung.answers(), MARKED)).as(script).isNotEmpty();
                }
            }
        }
    }

    /** MariaDB and H2 allow one, which ends with its statement; PostgreSQL refuses it. */
    @ParameterizedTest
    @MethodSource("everyRung")
    void setWithAutoCommit_letsTheRungGo(String vendor, Rung rung) throws Exception {
        try (TwoSides sides = sides(vendor, vendor, rung);
                Connection connection = sides.connect()) {
            for (boolean afterWrite : new boolean[] {false, true}) {
                if (afterWrite) {
                    run(connection, "note", "1");
                    connection.setAutoCommit(true);
                }
                boolean allowed = !vendor.equals("postgres");
                assertThat(isSet(connection)).isEqualTo(allowed);
                sides.settle();
                sides.standing.move(rung == Rung.NEW_ONLY ? rung.down() : rung.up());
                assertThat(sides.standing.stragglers()).isEmpty();
                sides.standing.move(rung);
            }
        }
    }

    private static Stream<Arguments> everyRung() {
        return Stream.of("h2", "postgres", "mariadb")
                .flatMap(vendor -> Stream.of(Rung.values()).map(rung -> Arguments.of(vendor, rung)));
    }

    private static boolean isSet(Connection connection) {
        try {
            connection.setSavepoint();
            return true;
        } catch (SQLException refused) {
            return false;
        }
    }

    private static TwoSides sides(String old, String other, Rung rung) throws Exception {
        TwoSides sides = new TwoSides(SharedServers.of(old), SharedServers.of(other), "note");
        sides.prepare(
                "CREATE TABLE note (script INT, id INT, PRIMARY KEY (script, id))",
                "CREATE TABLE bare (script INT, id INT, PRIMARY KEY (script, id))");
        sides.standing.move(rung);
        return sides;
    }

    /** The SQLSTATEs of the steps that failed. */
    private static List<String> run(Connection connection, String table, String script) throws SQLException {
        connection.setAutoCommit(false);
        List<Savepoint> savepoints = new ArrayList<>();
        List<String> failed = new ArrayList<>();
        for (String step : script.split(" ")) {
            try {
                step(
                        connection,
                        savepoints,
                        step,
                        "INSERT INTO " + table + " VALUES (" + script.hashCode() + ", " + step + ")");
            } catch (SQLException e) {
                failed.add(step + " " + e.getSQLState());
            }
        }
        connection.commit();
        return failed;
    }

    private static void step(Connection connection, List<Savepoint> savepoints, String step, String insert)
            throws SQLException {
        char first = step.charAt(0);
        if (first == '<') {
            connection.rollback(savepoints.get(step.charAt(1) - '0'));
        } else if (first == '!') {
            connection.releaseSavepoint(savepoints.get(step.charAt(1) - '0'));
        } else if (first == '-') {
            savepoints.add(connection.setSavepoint());
        } else if (Character.isLetter(first)) {
            savepoints.add(connection.setSavepoint(step));
        } else {
            try (Statement statement = connection.createStatement()) {
                statement.executeUpdate(insert);
            }
        }
    }

    /** H2's driver goes back on the connection that set it, by itself. */
    @ParameterizedTest
    @CsvSource({"postgres, OLD_ONLY", "mariadb, OLD_ONLY", "postgres, DUAL_READ_OLD", "mariadb, DUAL_READ_NEW"})
    void savepointOfAnotherConnection_undoesNothingThere(String vendor, Rung rung) throws Exception {
        try (TwoSides sides = new TwoSides(SharedServers.of(vendor), SharedServers.of(vendor), "paper")) {
            sides.prepare("CREATE TABLE paper (id INT PRIMARY KEY)");
            sides.standing.move(rung);
            try (Connection one = sides.connect();
                    Connection other = sides.connect();
                    Statement statement = other.createStatement()) {
                one.setAutoCommit(false);
                other.setAutoCommit(false);
                Savepoint savepoint = other.setSavepoint();
                statement.executeUpdate("INSERT INTO paper VALUES (1)");
                assertThatThrownBy(() -> one.rollback(savepoint)).isInstanceOf(SQLException.class);
                one.rollback();
                assertThatThrownBy(() -> one.releaseSavepoint(savepoint)).isInstanceOf(SQLException.class);
                one.rollback();
                other.commit();
                sides.settle();
                assertThat(sides.rows(rung.authority(), "SELECT id FROM paper")).containsExactly("1");
            }
        }
    }
}
