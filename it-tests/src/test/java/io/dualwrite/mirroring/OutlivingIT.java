package io.dualwrite.mirroring;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualwrite.ladder.Rung;
import io.dualwrite.ladder.Side;
import io.dualwrite.servers.DatabaseServers;
import io.dualwrite.servers.SharedServers;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What outlives a transaction keeps its connection on its rung until it ends, and a temporary table is no Data A (R22). */
class OutlivingIT {
    private static final String ROWS = "SELECT id, note FROM paper ORDER BY id";

    static Stream<String> vendors() {
        return DatabaseServers.VENDORS.stream();
    }

    static Stream<Arguments> dualRungs() {
        List<Arguments> all = new ArrayList<>();
        for (String vendor : DatabaseServers.VENDORS) {
            for (Rung rung : Rung.values()) {
                if (rung.dual()) {
                    all.add(Arguments.of(vendor, rung));
                }
            }
        }
        return all.stream();
    }

    private static TwoSides sides(String vendor) throws Exception {
        TwoSides sides = new TwoSides(SharedServers.of(vendor), SharedServers.of(vendor), "paper, work");
        sides.prepare(
                "CREATE TABLE paper (id INT PRIMARY KEY, note VARCHAR(20))",
                "INSERT INTO paper VALUES (1, 'one'), (2, 'two'), (3, 'three')");
        return sides;
    }

    private static String create(String vendor) {
        return "CREATE " + (vendor.equals("h2") ? "LOCAL " : "") + "TEMPORARY TABLE work (id INT, note VARCHAR(20))";
    }

    private static void assertEqualAndUnmarked(TwoSides sides, String... expected) throws SQLException {
        sides.settle();
        for (Side side : Side.values()) {
            assertThat(sides.rows(side, ROWS)).as("on %s", side).containsExactly(expected);
            assertThat(sides.rows(side, "SELECT table_name FROM dualwrite_mark WHERE row_key IS NULL"))
                    .as("marks on %s", side)
                    .isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("vendors")
    void temporaryTable_keepsItsConnectionOnItsRung_untilItIsDropped(String vendor) throws Exception {
        try (TwoSides sides = sides(vendor);
                Connection connection = sides.connect();
                Statement statement = connection.createStatement()) {
            statement.execute(create(vendor));
            sides.standing.move(Rung.DUAL_READ_OLD);
            statement.executeUpdate("INSERT INTO work VALUES (1, 'kept')");
            assertThat(sides.standing.stragglers().values()).containsExactly("temporary table work on OLD_ONLY");
            statement.execute("DROP TABLE work");
            assertThat(sides.standing.drained()).isTrue();
            statement.executeUpdate("INSERT INTO paper VALUES (4, 'both')");
            assertEqualAndUnmarked(sides, "1|one", "2|two", "3|three", "4|both");
        }
    }

    @ParameterizedTest
    @MethodSource("dualRungs")
    void temporaryTable_isFilledAndRead_andWhatIsWrittenFromItIsMirrored(String vendor, Rung rung) throws Exception {
        for (boolean autoCommit : new boolean[] {true, false}) {
            try (TwoSides sides = sides(vendor);
                    Connection connection = sides.connect();
                    Statement statement = connection.createStatement()) {
                sides.standing.move(rung);
                connection.setAutoCommit(autoCommit);
                statement.execute(create(vendor));
                try (PreparedStatement insert = connection.prepareStatement("INSERT INTO work VALUES (?, ?)")) {
                    insert.setInt(1, 7);
                    insert.setString(2, "seven");
                    assertThat(insert.executeUpdate()).isEqualTo(1);
                    insert.setInt(1, 8);
                    insert.addBatch();
                    assertThat(insert.executeBatch()).hasSize(1);
                }
                assertThat(statement.executeUpdate("DELETE FROM work WHERE id = 8"))
                        .isEqualTo(1);
                statement.executeUpdate("INSERT INTO paper SELECT id, note FROM work");
                try (ResultSet rows = statement.executeQuery(
                        "SELECT p.note FROM paper p JOIN work w ON w.id = p.id WHERE w.note = 'seven'")) {
                    assertThat(rows.next()).isTrue();
                }
                if (!autoCommit) {
                    connection.commit();
                }
                statement.execute("DROP TABLE work");
                if (!autoCommit) {
                    connection.commit();
                }
                sides.standing.move(rung == Rung.DUAL_READ_OLD ? Rung.STRICT_READ_OLD : Rung.DUAL_READ_OLD);
                statement.executeUpdate("UPDATE paper SET note = 'moved' WHERE id = 1");
                if (!autoCommit) {
                    connection.commit();
                }
                sides.settle();
                assertThat(sides.standing.drained()).isTrue();
                assertEqualAndUnmarked(sides, "1|moved", "2|two", "3|three", "7|seven");
            }
        }
    }

    /** H2 lets no temporary table have the name of another one. */
    static Stream<Arguments> dualRungsWhereTablesHide() {
        return dualRungs().filter(one -> !one.get()[0].equals("h2"));
    }

    @ParameterizedTest
    @MethodSource("dualRungsWhereTablesHide")
    void tableThatWasHidden_isMirroredAgain_onceTheTemporaryOneHasGone(String vendor, Rung rung) throws Exception {
        try (TwoSides sides = sides(vendor)) {
            for (Side side : Side.values()) {
                sides.on(side, List.of("CREATE TABLE work (id INT PRIMARY KEY, note VARCHAR(20))"));
            }
            sides.standing.move(rung);
            try (Connection connection = sides.connect();
                    Statement statement = connection.createStatement()) {
                statement.executeUpdate("INSERT INTO work VALUES (1, 'real')");
                connection.setAutoCommit(false);
                statement.execute(create(vendor));
                statement.executeUpdate("INSERT INTO work VALUES (2, 'hidden')");
                connection.rollback();
                if (vendor.equals("postgres")) {
                    statement.executeUpdate("INSERT INTO work VALUES (3, 'after the rollback')");
                } else {
                    statement.execute("DROP TABLE work");
                    statement.executeUpdate("INSERT INTO work VALUES (3, 'after the drop')");
                }
                connection.commit();
                sides.settle();
                for (Side side : Side.values()) {
                    assertThat(sides.rows(side, "SELECT id FROM work ORDER BY id"))
                            .as("on %s", side)
                            .containsExactly("1", "3");
                }
            }
        }
    }

    @Test
    void droppedTemporaryTable_isKnownAgain_whereTheDropWasRolledBack() throws Exception {
        try (TwoSides sides = sides("postgres");
                Connection connection = sides.connect();
                Statement statement = connection.createStatement()) {
            sides.standing.move(Rung.STRICT_READ_OLD);
            statement.execute(create("postgres"));
            connection.setAutoCommit(false);
            statement.execute("DROP TABLE work");
            connection.rollback();
            assertThat(statement.executeUpdate("INSERT INTO work VALUES (1, 'back')"))
                    .isEqualTo(1);
            connection.commit();
            sides.standing.move(Rung.STRICT_READ_NEW);
            assertThat(sides.standing.stragglers().values()).containsExactly("temporary table work on STRICT_READ_OLD");
        }
    }

    @Test
    void temporaryTableOfATransaction_letsTheRungGoWithIt() throws Exception {
        try (TwoSides sides = sides("postgres");
                Connection connection = sides.connect();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("CREATE TEMPORARY TABLE work (id INT) ON COMMIT DROP");
            statement.executeUpdate("INSERT INTO work VALUES (1)");
            sides.standing.move(Rung.DUAL_READ_OLD);
            assertThat(sides.standing.drained()).isFalse();
            connection.commit();
            assertThat(sides.standing.drained()).as("dropped by the commit").isTrue();
            statement.execute(create("postgres"));
            connection.rollback();
            sides.standing.move(Rung.OLD_ONLY);
            assertThat(sides.standing.drained()).as("gone with the rollback").isTrue();
        }
    }

    /** How rows that are still read come to an end. */
    enum End {
        RESULT_SET_CLOSED,
        STATEMENT_CLOSED,
        EXECUTED_AGAIN
    }

    static Stream<Arguments> ends() {
        List<Arguments> all = new ArrayList<>();
        for (String vendor : List.of("h2", "mariadb")) {
            for (End end : End.values()) {
                for (boolean prepared : new boolean[] {true, false}) {
                    all.add(Arguments.of(vendor, end, prepared));
                }
            }
        }
        return all.stream();
    }

    @ParameterizedTest
    @MethodSource("ends")
    void rowsThatAreStillRead_keepTheirConnection_andAreReadToTheEnd(String vendor, End end, boolean prepared)
            throws Exception {
        try (TwoSides sides = sides(vendor);
                Connection connection = sides.connect();
                Statement other = connection.createStatement();
                Statement statement = prepared ? connection.prepareStatement(ROWS) : connection.createStatement()) {
            statement.setFetchSize(1);
            ResultSet rows = prepared ? ((PreparedStatement) statement).executeQuery() : statement.executeQuery(ROWS);
            assertThat(rows.next()).isTrue();
            sides.standing.move(Rung.DUAL_READ_OLD);
            assertThat(sides.standing.stragglers().values()).containsExactly("rows that are still read on OLD_ONLY");
            assertThat(rows.next()).isTrue();
            assertThat(rows.next()).isTrue();
            assertThat(rows.getString("note")).isEqualTo("three");
            switch (end) {
                case RESULT_SET_CLOSED:
                    rows.close();
                    break;
                case STATEMENT_CLOSED:
                    statement.close();
                    break;
                default:
                    if (prepared) {
                        ((PreparedStatement) statement).executeQuery().close();
                    } else {
                        statement.executeQuery(ROWS).close();
                    }
            }
            assertThat(sides.standing.drained()).isTrue();
            other.executeUpdate("INSERT INTO paper VALUES (4, 'both')");
            assertEqualAndUnmarked(sides, "1|one", "2|two", "3|three", "4|both");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void heldCursorByText_keepsItsConnection_untilItIsClosed(boolean prepared) throws Exception {
        try (TwoSides sides = sides("postgres");
                Connection connection = sides.connect();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("DECLARE pages CURSOR WITH HOLD FOR " + ROWS);
            connection.commit();
            sides.standing.move(Rung.DUAL_READ_OLD);
            try (ResultSet rows = statement.executeQuery("FETCH 1 FROM pages")) {
                assertThat(rows.next()).isTrue();
            }
            connection.commit();
            assertThat(sides.standing.stragglers().values()).containsExactly("cursor pages on OLD_ONLY");
            if (prepared) {
                try (PreparedStatement close = connection.prepareStatement("CLOSE pages")) {
                    close.execute();
                }
            } else {
                statement.execute("CLOSE pages");
            }
            connection.commit();
            assertThat(sides.standing.drained()).isTrue();
        }
    }
}
