package io.dualwrite.mirroring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dualwrite.ladder.Rung;
import io.dualwrite.ladder.Side;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

/** Every write transaction on a dual rung leaves its mark's id on both sides, and what it touched where it commits first (R12). */
class MarkIT {
    private static final String MARKED = "SELECT table_name, row_key FROM dualwrite_mark WHERE seq >= 0 ORDER BY seq";
    private static final String IDS = "SELECT DISTINCT id FROM dualwrite_mark ORDER BY id";
    private static final String IDS_ALONE = "SELECT id FROM dualwrite_mark WHERE seq = -1 ORDER BY id";

    private static final int BEFORE_THE_BREAKER_OPENS = 5;

    static Stream<Arguments> everywhere() {
        return Stream.of("h2", "postgres", "mariadb")
                .flatMap(vendor -> Stream.of(Rung.values()).filter(Rung::dual).map(rung -> Arguments.of(vendor, rung)));
    }

    @AfterAll
    static void stop() {
        MirrorIT.stop();
    }

    private static TwoSides sides(String vendor, Rung rung) throws Exception {
        TwoSides sides = new TwoSides(
                MirrorIT.server(vendor), MirrorIT.server(vendor), "item", Map.of("breaker.pause", "10 min"));
        sides.prepare(
                "CREATE TABLE item (id INT PRIMARY KEY, name VARCHAR(50))",
                "INSERT INTO item VALUES (1, 'one')",
                "INSERT INTO item VALUES (2, 'two')");
        sides.standing.move(rung);
        return sides;
    }

    private static void clear(TwoSides sides) throws Exception {
        for (Side side : Side.values()) {
            try (Connection connection = sides.bare(side)) {
                sides.marks.clear(side, connection);
            }
            assertThat(sides.rows(side, IDS)).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("everywhere")
    void severalQueriesInOneText_markNothing(String vendor, Rung rung) throws Exception {
        try (TwoSides sides = sides(vendor, rung);
                Connection connection = sides.connectWith(vendor.equals("mariadb") ? "?allowMultiQueries=true" : "");
                Statement statement = connection.createStatement()) {
            assertThat(statement.execute("SELECT name FROM item WHERE id = 1; SELECT 2"))
                    .isTrue();
            sides.settle();
            assertThat(sides.rows(rung.authority(), IDS)).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("everywhere")
    void idIsOnBothSides_rowsAreWhereItCommitsFirst_andBothAreCleared(String vendor, Rung rung) throws Exception {
        try (TwoSides sides = sides(vendor, rung);
                Connection connection = sides.connect();
                Statement statement = connection.createStatement()) {
            statement.executeUpdate("UPDATE item SET name = 'uno' WHERE id = 1");
            sides.settle();
            assertThat(sides.rows(rung.authority(), MARKED)).containsExactly("item|1");
            assertThat(sides.rows(rung.mirror(), MARKED)).isEmpty();
            List<String> ids = sides.rows(rung.authority(), IDS);
            assertThat(sides.rows(rung.mirror(), IDS_ALONE)).isEqualTo(ids).hasSize(1);
            clear(sides);
        }
    }

    @ParameterizedTest
    @MethodSource("everywhere")
    void rollsBackToASavepointBeforeTheFirstWrite_theIdGoesInOnceMore(String vendor, Rung rung) throws Exception {
        try (TwoSides sides = sides(vendor, rung);
                Connection connection = sides.connect();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement
                    .executeQuery("SELECT name FROM item WHERE id = 2 FOR UPDATE")
                    .close();
            Savepoint first = connection.setSavepoint();
            statement.executeUpdate("UPDATE item SET name = 'uno' WHERE id = 1");
            connection.rollback(first);
            statement.executeUpdate("UPDATE item SET name = 'due' WHERE id = 2");
            Savepoint second = connection.setSavepoint();
            statement.executeUpdate("DELETE FROM item WHERE id = 1");
            connection.rollback(second);
            connection.commit();
            sides.settle();
            assertThat(sides.rows(rung.mirror(), IDS_ALONE))
                    .isEqualTo(sides.rows(rung.authority(), IDS))
                    .hasSize(1);
            clear(sides);
            assertThat(sides.rows(Side.OLD, "SELECT id, name FROM item ORDER BY id"))
                    .isEqualTo(sides.rows(Side.NEW, "SELECT id, name FROM item ORDER BY id"))
                    .containsExactly("1|one", "2|due");
        }
    }

    @ParameterizedTest
    @MethodSource("io.dualwrite.mirroring.TwoSides#dual")
    void messagesToOtherSessions_areSentWhereItReads_andMarkNothing(Rung rung) throws Exception {
        try (TwoSides sides = sides("postgres", rung);
                Connection connection = sides.connect();
                Statement statement = connection.createStatement();
                Connection other = sides.bare(rung.reads());
                Statement listening = other.createStatement()) {
            listening.execute("LISTEN news");
            statement.execute("LISTEN answers");
            statement.execute("NOTIFY news, 'one'");
            connection.setAutoCommit(false);
            statement.executeQuery("SELECT pg_notify('news', 'two')").close();
            statement.executeUpdate("UPDATE item SET name = 'uno' WHERE id = 1");
            connection.commit();
            statement.execute("UNLISTEN answers");
            connection.commit();
            sides.settle();
            assertThat(other.unwrap(PGConnection.class).getNotifications(5_000))
                    .extracting(PGNotification::getParameter)
                    .containsExactly("one", "two");
            assertThat(sides.rows(rung.authority(), MARKED)).containsExactly("item|1");
        }
    }

    /** What a routine has committed stays on the side on which it was called, whatever becomes of the transaction. */
    @ParameterizedTest
    @EnumSource(
            value = Rung.class,
            names = {"DUAL_READ_OLD", "DUAL_READ_NEW"})
    void routineThatCommits_thenARollback_isMarked(Rung rung) throws Exception {
        try (TwoSides sides = sides("mariadb", rung)) {
            for (Side side : Side.values()) {
                sides.on(
                        side,
                        List.of("CREATE OR REPLACE PROCEDURE settle() BEGIN UPDATE item SET name = 'due' WHERE id = 2;"
                                + " COMMIT; SIGNAL SQLSTATE '45000'; END"));
            }
            try (Connection connection = sides.connect();
                    Statement statement = connection.createStatement()) {
                assertThatThrownBy(() -> statement.execute("CALL settle()")).isInstanceOf(SQLException.class);
                assertThat(sides.rows(rung.authority(), MARKED)).containsExactly("*|null");
                connection.setAutoCommit(false);
                statement.executeUpdate("UPDATE item SET name = 'uno' WHERE id = 1");
                assertThatThrownBy(() -> statement.execute("CALL settle()")).isInstanceOf(SQLException.class);
                connection.rollback();
                sides.settle();
                assertThat(sides.rows(rung.authority(), MARKED)).contains("item|1", "*|null");
            }
        }
    }

    /** FLUSH commits what is open, which is on both sides then. */
    @ParameterizedTest
    @MethodSource("io.dualwrite.mirroring.TwoSides#dual")
    void flushAndDiagnostics_markNothing(Rung rung) throws Exception {
        try (TwoSides sides = sides("mariadb", rung);
                Connection connection = sides.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("FLUSH TABLES");
            connection.setAutoCommit(false);
            statement.execute("GET DIAGNOSTICS @conditions = NUMBER");
            statement.executeUpdate("UPDATE item SET name = 'uno' WHERE id = 1");
            statement.execute("FLUSH TABLES");
            statement.executeUpdate("UPDATE item SET name = 'due' WHERE id = 2");
            connection.rollback();
            connection.setAutoCommit(true);
            statement.addBatch("UPDATE item SET name = 'three' WHERE id = 2");
            statement.addBatch("FLUSH TABLES");
            statement.addBatch("INSERT INTO item VALUES (2, 'is there')");
            assertThatThrownBy(statement::executeBatch).isInstanceOf(SQLException.class);
            sides.settle();
            assertThat(sides.rows(rung.authority(), MARKED)).containsExactly("item|1", "item|2");
            for (Side side : Side.values()) {
                assertThat(sides.rows(side, "SELECT id, name FROM item ORDER BY id"))
                        .as("on %s", side)
                        .containsExactly("1|uno", "2|three");
            }
        }
    }

    /** What the server undoes with its victim is more than the id, which is tried again. */
    @ParameterizedTest
    @EnumSource(
            value = Rung.class,
            names = {"STRICT_READ_OLD", "STRICT_READ_NEW", "STRICT_NEW_FIRST"})
    void mirrorsTransactionIsGoneAsItsIdIsWritten_strict_bothAreRolledBack(Rung rung) throws Exception {
        try (TwoSides sides = sides("mariadb", rung)) {
            sides.on(
                    rung.mirror(),
                    List.of(
                            "CREATE TRIGGER victim BEFORE INSERT ON dualwrite_mark FOR EACH ROW BEGIN"
                                    + " IF @victim IS NULL THEN SET @victim = 1;"
                                    + " SIGNAL SQLSTATE '40001' SET MYSQL_ERRNO = 1213, MESSAGE_TEXT = 'Deadlock'; END IF; END"));
            try (Connection connection = sides.connect();
                    Statement statement = connection.createStatement()) {
                assertThatThrownBy(() -> statement.executeUpdate("UPDATE item SET name = 'uno' WHERE id = 1"))
                        .extracting(e -> ((SQLException) e).getSQLState())
                        .isEqualTo("40001");
                assertThat(statement.executeUpdate("UPDATE item SET name = 'due' WHERE id = 2"))
                        .isEqualTo(1);
            }
            sides.settle();
            for (Side side : Side.values()) {
                assertThat(sides.rows(side, "SELECT id, name FROM item ORDER BY id"))
                        .as("on %s", side)
                        .containsExactly("1|one", "2|due");
            }
        }
    }

    @ParameterizedTest
    @MethodSource("everywhere")
    void touchesNothingOrRollsBack_leavesNothing(String vendor, Rung rung) throws Exception {
        try (TwoSides sides = sides(vendor, rung);
                Connection connection = sides.connect();
                Statement statement = connection.createStatement()) {
            statement.executeUpdate("UPDATE item SET name = 'none' WHERE id = 77");
            connection.setAutoCommit(false);
            statement.executeUpdate("UPDATE item SET name = 'uno' WHERE id = 1");
            connection.rollback();
            statement.executeUpdate("UPDATE item SET name = 'none' WHERE id = 77");
            connection.commit();
            sides.settle();
            for (Side side : Side.values()) {
                assertThat(sides.rows(side, IDS)).isEmpty();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"h2", "postgres", "mariadb"})
    void newIsAwayForLong_tablesAreMarkedInPlaceOfRows_andTheNewestMarkIsKept(String vendor) throws Exception {
        try (TwoSides sides = sides(vendor, Rung.DUAL_READ_OLD)) {
            sides.newPrefix("jdbc:nowhere:");
            try (Connection connection = sides.connect()) {
                fill(connection, BEFORE_THE_BREAKER_OPENS + 22, 450);
                assertThat(sides.rows(Side.OLD, "SELECT COUNT(*) FROM dualwrite_mark WHERE row_key IS NULL"))
                        .containsExactly("0");
                fill(connection, 80, 2);
            }
            sides.settle();
            try (Connection connection = sides.bare(Side.OLD)) {
                sides.marks.clear(Side.OLD, connection);
            }
            assertThat(sides.rows(
                            Side.OLD,
                            "SELECT COUNT(*), SUM(row_count), COUNT(DISTINCT id) FROM dualwrite_mark"
                                    + " GROUP BY CASE WHEN row_key IS NULL THEN 1 ELSE 0 END ORDER BY 1"))
                    .as("the table once; the rows, 83 or so to a mark")
                    .containsExactly("1|1|1", "161|12250|77");
        }
    }

    private static void fill(Connection connection, int transactions, int rowsEach) throws SQLException {
        connection.setAutoCommit(false);
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO item (id, name) VALUES (?, 'some')")) {
            int from = firstFree(connection);
            for (int i = 0; i < transactions * rowsEach; i++) {
                insert.setInt(1, from + i);
                insert.addBatch();
                if (i % rowsEach == rowsEach - 1) {
                    insert.executeBatch();
                    connection.commit();
                }
            }
        }
    }

    private static int firstFree(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT MAX(id) + 1 FROM item")) {
            row.next();
            return row.getInt(1);
        }
    }

    /** The mark is of all tables, for none is known to have its rows; while crossing it is refused before it runs. */
    @ParameterizedTest
    @CsvSource({
        "postgres, DUAL_READ_OLD",
        "mariadb, DUAL_READ_NEW",
        "postgres, STRICT_READ_OLD",
        "mariadb, STRICT_READ_NEW"
    })
    void writeOfAView_marksAllTables(String vendor, Rung rung) throws Exception {
        try (TwoSides sides = sides(vendor, Rung.OLD_ONLY)) {
            for (Side side : Side.values()) {
                sides.on(side, List.of("CREATE VIEW item_view AS SELECT id, name FROM item"));
            }
            sides.standing.move(rung);
            try (Connection connection = sides.connect();
                    Statement statement = connection.createStatement()) {
                String update = "UPDATE item_view SET name = 'seen' WHERE id = 1";
                if (rung.strict()) {
                    assertThatThrownBy(() -> statement.executeUpdate(update))
                            .isInstanceOf(SQLException.class)
                            .extracting(e -> ((SQLException) e).getSQLState())
                            .isEqualTo("0A000");
                } else {
                    statement.executeUpdate(update);
                    sides.settle();
                    assertThat(sides.rows(rung.authority(), MARKED)).containsExactly("*|null");
                }
            }
        }
    }

    /** The former keys are selected ahead of the UPDATE: where chance finds another row for it, nobody knows what was where. */
    @ParameterizedTest
    @CsvSource({
        "DUAL_READ_OLD, UPDATE item SET id = 3 WHERE id = 1 AND random() < 0.5",
        "STRICT_READ_OLD, UPDATE item SET id = 3 WHERE id = 1 AND random() < 0.5",
        "DUAL_READ_NEW, UPDATE item SET id = 3 WHERE id = 1 AND random() < 0.5",
        "DUAL_READ_OLD, UPDATE item SET id = 3 WHERE id = (SELECT CASE WHEN random() < 0.5 THEN 1 ELSE 2 END)",
        "STRICT_READ_OLD, UPDATE item SET id = 3 WHERE id = (SELECT CASE WHEN random() < 0.5 THEN 1 ELSE 2 END)"
    })
    void keysChangeOfOtherRowsThanWereSelected_isMarkedOrRolledBack(Rung rung, String update) throws Exception {
        try (TwoSides sides = sides("postgres", rung);
                Connection connection = sides.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("SET seed TO " + firstTrueThenFalse(sides));
            if (rung.strict()) {
                assertThatThrownBy(() -> statement.executeUpdate(update))
                        .isInstanceOf(SQLException.class)
                        .hasMessageContaining("came in between");
                assertThat(sides.rows(Side.NEW, "SELECT id FROM item ORDER BY id"))
                        .containsExactly("1", "2");
            } else {
                statement.executeUpdate(update);
                sides.settle();
                assertThat(sides.rows(rung.authority(), MARKED)).contains("item|null");
            }
        }
    }

    /** MariaDB's UPDATE tells no rows: they are read under the keys that they had. Nor is it said what else the trigger writes. */
    @ParameterizedTest
    @EnumSource(names = {"DUAL_READ_OLD", "STRICT_READ_OLD", "DUAL_READ_NEW"})
    void triggerChangesTheKey_isMarkedOrRolledBack(Rung rung) throws Exception {
        try (TwoSides sides = sides("mariadb", Rung.OLD_ONLY)) {
            sides.prepare("CREATE TRIGGER moved BEFORE UPDATE ON item FOR EACH ROW SET NEW.id = NEW.id + 10");
            sides.standing.move(rung);
            try (Connection connection = sides.connect();
                    Statement statement = connection.createStatement()) {
                String update = "UPDATE item SET name = 'moved' WHERE id = 1";
                if (rung.strict()) {
                    assertThatThrownBy(() -> statement.executeUpdate(update))
                            .hasMessageContaining("key changed by a trigger")
                            .extracting(e -> ((SQLException) e).getSQLState())
                            .isEqualTo("40000");
                } else {
                    assertThat(statement.executeUpdate(update)).isOne();
                }
            }
            sides.settle();
            assertThat(sides.rows(rung.authority(), "SELECT id FROM item ORDER BY id"))
                    .isEqualTo(rung.strict() ? List.of("1", "2") : List.of("2", "11"));
            if (!rung.strict()) {
                assertThat(sides.rows(rung.authority(), MARKED)).contains("*|null");
            }
        }
    }

    /** The seed from which PostgreSQL's chance first finds the row and then does not. */
    private static String firstTrueThenFalse(TwoSides sides) throws Exception {
        try (Connection bare = sides.bare(Side.OLD);
                Statement statement = bare.createStatement()) {
            for (int tenth = 1; tenth <= 9; tenth++) {
                String seed = "0." + tenth;
                statement.execute("SET seed TO " + seed);
                if (TwoSides.texts(statement.executeQuery("SELECT random() < 0.5, random() < 0.5"))
                        .equals(List.of("t|f"))) {
                    return seed;
                }
            }
        }
        throw new AssertionError("no seed");
    }
}
