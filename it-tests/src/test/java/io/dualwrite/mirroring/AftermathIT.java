package io.dualwrite.mirroring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dualwrite.ladder.Rung;
import io.dualwrite.ladder.Side;
import io.dualwrite.servers.SharedServers;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLSyntaxErrorException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What a failure leaves of a transaction, on the one side or the other (R14): what was undone on one is undone on both or marked, and what
 * was done on one is done on both or marked, whatever the application does next.
 */
class AftermathIT {
    private static final String ROWS = "SELECT id, note FROM item ORDER BY id";
    private static final String MARKS = "SELECT table_name, row_key FROM dualwrite_mark ORDER BY table_name, row_key";

    /** A failure by which the server has undone the whole transaction. */
    private static SQLException deadlock() {
        return new SQLException("Deadlock found when trying to get lock", "40001", 1213);
    }

    private static TwoSides sides(String vendor, Rung rung, String... more) throws Exception {
        TwoSides sides =
                new TwoSides(SharedServers.of(vendor), SharedServers.of(vendor), "item, loose", TwoSides.PATIENT);
        sides.prepare(
                "CREATE TABLE item (id INT PRIMARY KEY, note VARCHAR(2000))",
                "INSERT INTO item VALUES (1, 'one')",
                "INSERT INTO item VALUES (2, 'two')",
                "CREATE TABLE loose (id INT)");
        for (Side side : Side.values()) {
            sides.on(side, List.of(more));
        }
        sides.standing.move(rung);
        return sides;
    }

    /** A connection whose statements with the words on the side fail as they do where its server undoes the transaction. */
    private static Connection undoneAt(TwoSides sides, Side undone, String words) throws SQLException {
        return sides.connectThrough(side -> {
            Connection vendors = sides.bare(side);
            return Intercepted.connection(vendors, (type, method, arguments) -> {
                if (side == undone
                        && method.startsWith("execute")
                        && arguments.length > 0
                        && arguments[0].toString().contains(words)) {
                    vendors.rollback();
                    throw deadlock();
                }
            });
        });
    }

    private static void requireEqual(TwoSides sides, String... rows) throws SQLException {
        sides.sweep();
        for (Side side : Side.values()) {
            assertThat(sides.rows(side, ROWS)).as(side.word()).containsExactly(rows);
            assertThat(sides.rows(side, MARKS)).as("marks on " + side.word()).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "STRICT_READ_NEW, NEW",
        "STRICT_READ_OLD, OLD",
        "STRICT_NEW_FIRST, NEW",
        "DUAL_READ_OLD, OLD",
        "DUAL_READ_NEW, NEW"
    })
    void serverUndoesTheTransactionAtARead_bothSidesHaveWhatCameAfterIt(Rung rung, Side read) throws Exception {
        try (TwoSides sides = sides("mariadb", rung)) {
            try (Connection connection = undoneAt(sides, read, "FROM loose");
                    Statement statement = connection.createStatement()) {
                connection.setAutoCommit(false);
                statement.executeUpdate("UPDATE item SET note = 'undone' WHERE id = 1");
                assertThatThrownBy(() -> statement.executeQuery("SELECT id FROM loose"))
                        .hasFieldOrPropertyWithValue("errorCode", 1213);
                statement.executeUpdate("UPDATE item SET note = 'after' WHERE id = 2");
                connection.commit();
            }
            requireEqual(sides, "1|one", "2|after");
        }
    }

    /** Values of a sequence are asked of old, which is the mirror in 5. */
    @ParameterizedTest
    @CsvSource({
        "SET autocommit = 0, true",
        "SET autocommit = 0, false",
        "START TRANSACTION, true",
        "START TRANSACTION, false"
    })
    void mirrorsServerUndoesItsPart_rowsStayMarked(String begin, boolean writesAgain) throws Exception {
        try (TwoSides sides = sides("mariadb", Rung.DUAL_READ_NEW, "CREATE SEQUENCE counter")) {
            try (Connection connection = undoneAt(sides, Side.OLD, "NEXTVAL");
                    Statement statement = connection.createStatement()) {
                statement.execute(begin);
                statement.executeUpdate("UPDATE item SET note = 'kept' WHERE id = 1");
                assertThatThrownBy(() -> statement.executeQuery("SELECT NEXTVAL(counter)"))
                        .hasFieldOrPropertyWithValue("errorCode", 1213);
                if (writesAgain) {
                    statement.executeUpdate("UPDATE item SET note = 'kept too' WHERE id = 2");
                }
                assertThat(sides.rows(Side.NEW, ROWS)).containsExactly("1|one", "2|two");
                statement.execute("COMMIT");
            }
            sides.sweep();
            assertThat(sides.rows(Side.NEW, ROWS)).containsExactly("1|kept", writesAgain ? "2|kept too" : "2|two");
            assertThat(sides.rows(Side.OLD, ROWS)).containsExactly("1|one", "2|two");
            assertThat(sides.rows(Side.NEW, MARKS)).containsExactly(writesAgain ? "item|1,2" : "item|1");
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Rung.class,
            names = {"OLD_ONLY", "NEW_ONLY"},
            mode = EnumSource.Mode.EXCLUDE)
    void transactionBegunByTextIsUndone_whatComesNextIsItsOwn(Rung rung) throws Exception {
        try (TwoSides sides = sides("mariadb", rung)) {
            try (Connection connection = undoneAt(sides, rung.reads(), "FROM loose");
                    Statement statement = connection.createStatement()) {
                statement.execute("START TRANSACTION");
                statement.executeUpdate("UPDATE item SET note = 'undone' WHERE id = 1");
                assertThatThrownBy(() -> statement.executeQuery("SELECT id FROM loose"))
                        .hasFieldOrPropertyWithValue("errorCode", 1213);
                statement.executeUpdate("UPDATE item SET note = 'after' WHERE id = 2");
                requireEqual(sides, "1|one", "2|after");
            }
        }
    }

    /** The procedure has committed what it wrote, on the one side. */
    @Test
    void serverUndoesTheTransactionBehindARoutine_markOfTheRoutineStays() throws Exception {
        try (TwoSides sides = sides(
                "mariadb",
                Rung.DUAL_READ_OLD,
                "CREATE PROCEDURE add_item() BEGIN INSERT INTO item VALUES (3, 'routine'); COMMIT; END")) {
            try (Connection connection = undoneAt(sides, Side.OLD, "FROM loose");
                    Statement statement = connection.createStatement()) {
                connection.setAutoCommit(false);
                statement.execute("CALL add_item()");
                assertThatThrownBy(() -> statement.executeQuery("SELECT id FROM loose"))
                        .hasFieldOrPropertyWithValue("errorCode", 1213);
                statement.executeUpdate("UPDATE item SET note = 'after' WHERE id = 2");
                connection.commit();
            }
            sides.sweep();
            assertThat(sides.rows(Side.OLD, ROWS)).contains("3|routine");
            assertThat(sides.rows(Side.NEW, ROWS)).containsExactly("1|one", "2|after");
            assertThat(sides.rows(Side.OLD, "SELECT DISTINCT table_name FROM dualwrite_mark"))
                    .containsExactly("*");
        }
    }

    // ------------------------------------------------------------------ done, and not told

    /** A connection on whose authority the rows that a write has written cannot be read back. */
    private static Connection unread(TwoSides sides, Rung rung) throws SQLException {
        AtomicBoolean written = new AtomicBoolean();
        return sides.connectThrough(side -> Intercepted.connection(sides.bare(side), (type, method, arguments) -> {
            if (side == rung.authority() && method.equals("prepareStatement")) {
                String sql = arguments[0].toString();
                if (sql.startsWith("SELECT") && sql.endsWith("FOR UPDATE") && written.getAndSet(false)) {
                    throw new SQLException("Query execution was interrupted", "70100", 1317);
                }
                written.compareAndSet(false, sql.startsWith("UPDATE item"));
            }
        }));
    }

    @ParameterizedTest
    @EnumSource(
            value = Rung.class,
            names = {"DUAL_READ_OLD", "DUAL_READ_NEW"})
    void rowsCannotBeReadBack_writeIsDoneAndItsTableIsMarked(Rung rung) throws Exception {
        try (TwoSides sides = sides("mariadb", rung)) {
            try (Connection connection = unread(sides, rung);
                    Statement statement = connection.createStatement()) {
                connection.setAutoCommit(false);
                assertThat(statement.executeUpdate("UPDATE item SET note = 'done' WHERE note = 'one'"))
                        .isEqualTo(1);
                connection.commit();
            }
            sides.sweep();
            assertThat(sides.rows(rung.authority(), ROWS)).containsExactly("1|done", "2|two");
            assertThat(sides.rows(rung.authority(), MARKS)).contains("item|null");
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Rung.class,
            names = {"STRICT_READ_OLD", "STRICT_READ_NEW", "STRICT_NEW_FIRST"})
    void rowsCannotBeReadBackWhileCrossing_bothAreRolledBack(Rung rung) throws Exception {
        try (TwoSides sides = sides("mariadb", rung)) {
            try (Connection connection = unread(sides, rung);
                    Statement statement = connection.createStatement()) {
                connection.setAutoCommit(false);
                assertThatThrownBy(() -> statement.executeUpdate("UPDATE item SET note = 'done' WHERE note = 'one'"))
                        .hasFieldOrPropertyWithValue("SQLState", "40001");
                statement.executeUpdate("DELETE FROM item WHERE id = 2");
                connection.commit();
            }
            requireEqual(sides, "1|one");
        }
    }

    /** pgjdbc has run the statement by the time that the heap has no room for what it gives back. */
    @ParameterizedTest
    @EnumSource(
            value = Rung.class,
            names = {"OLD_ONLY", "NEW_ONLY"},
            mode = EnumSource.Mode.EXCLUDE)
    void driverCannotTakeInTheRows_tableIsMarked_orBothAreRolledBack(Rung rung) throws Exception {
        AtomicBoolean returns = new AtomicBoolean();
        try (TwoSides sides = sides("postgres", rung)) {
            try (Connection connection = sides.connectThrough(side -> {
                        Connection vendors = sides.bare(side);
                        return Intercepted.connection(vendors, (type, method, arguments) -> {
                            if (side == rung.authority() && method.equals("prepareStatement")) {
                                returns.set(arguments[0].toString().contains("RETURNING"));
                            } else if (method.equals("executeQuery") && returns.getAndSet(false)) {
                                TwoSides.execute(vendors, "UPDATE item SET note = 'done' WHERE id = 1");
                                throw new SQLException("Ran out of memory retrieving query results.", "53200");
                            }
                        });
                    });
                    Statement statement = connection.createStatement()) {
                connection.setAutoCommit(false);
                assertThatThrownBy(() -> statement.executeUpdate("UPDATE item SET note = 'done' WHERE id = 1"))
                        .hasFieldOrPropertyWithValue("SQLState", rung.strict() ? "40001" : "53200");
                connection.commit();
            }
            if (rung.strict()) {
                requireEqual(sides, "1|one", "2|two");
            } else {
                sides.sweep();
                assertThat(sides.rows(rung.authority(), ROWS)).containsExactly("1|done", "2|two");
                assertThat(sides.rows(rung.authority(), MARKS)).containsExactly("item|null");
            }
        }
    }

    /** It has inserted the row before it says that there are none to read. */
    @ParameterizedTest
    @ValueSource(strings = {"DUAL_READ_OLD", "DUAL_READ_NEW"})
    void driverRefusesTheAnswerOfWhatIsNotMirrored_tableIsMarked(Rung rung) throws Exception {
        try (TwoSides sides = sides("postgres", rung)) {
            try (Connection connection = sides.connect();
                    Statement statement = connection.createStatement()) {
                connection.setAutoCommit(false);
                assertThatThrownBy(() -> statement.executeQuery("INSERT INTO loose VALUES (1)"))
                        .isInstanceOf(SQLException.class);
                connection.commit();
            }
            sides.sweep();
            assertThat(sides.rows(rung.authority(), "SELECT id FROM loose")).containsExactly("1");
            assertThat(sides.rows(rung.authority(), MARKS)).containsExactly("loose|null");
        }
    }

    // ------------------------------------------------------------------ what no server can read

    @ParameterizedTest
    @CsvSource({"h2, DUAL_READ_OLD", "h2, DUAL_READ_NEW", "mariadb, DUAL_READ_OLD", "mariadb, DUAL_READ_NEW"})
    void textThatTheServerCannotRead_hasDoneNothing_andMarksNothing(String vendor, Rung rung) throws Exception {
        try (TwoSides sides = sides(vendor, rung)) {
            try (Connection connection = sides.connect();
                    Statement statement = connection.createStatement()) {
                connection.setAutoCommit(false);
                statement.executeUpdate("UPDATE item SET note = 'before' WHERE id = 1");
                for (String text : List.of("UPDAT item SET note = 'x'", "UPDATE item SET note = ('x' WHERE id = 1")) {
                    assertThatThrownBy(() -> statement.execute(text)).isInstanceOf(SQLSyntaxErrorException.class);
                }
                statement.executeUpdate("UPDATE item SET note = 'after' WHERE id = 2");
                connection.commit();
            }
            requireEqual(sides, "1|before", "2|after");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"h2", "mariadb", "postgres"})
    void textThatTheServerCannotReadWhileCrossing_isRefusedByIt(String vendor) throws Exception {
        for (Rung rung : List.of(Rung.STRICT_READ_OLD, Rung.STRICT_READ_NEW, Rung.STRICT_NEW_FIRST)) {
            try (TwoSides sides = sides(vendor, rung);
                    Connection bare = sides.bare(Side.OLD);
                    Connection connection = sides.connect()) {
                for (String text :
                        List.of("UPDAT item SET note = 'x'", "SELECT (1", "UPDATE item SET note = 'x' WHERE (id = 1")) {
                    SQLException expected = refusal(bare, text);
                    assertThat((Object) refusal(connection, text))
                            .as("%s on %s", text, rung)
                            .hasSameClassAs(expected)
                            .hasFieldOrPropertyWithValue("SQLState", expected.getSQLState())
                            .hasFieldOrPropertyWithValue("errorCode", expected.getErrorCode());
                }
                TwoSides.execute(connection, "UPDATE item SET note = 'after' WHERE id = 2");
                requireEqual(sides, "1|one", "2|after");
            }
        }
    }

    private static SQLException refusal(Connection connection, String text) {
        try {
            TwoSides.execute(connection, text);
        } catch (SQLException e) {
            return e;
        }
        throw new AssertionError("not refused: " + text);
    }

    /** The vendor refuses every statement of a transaction that has failed, on whichever side it would run. */
    @ParameterizedTest
    @EnumSource(
            value = Rung.class,
            names = {"OLD_ONLY", "NEW_ONLY"},
            mode = EnumSource.Mode.EXCLUDE)
    void writeFailed_readsAreRefusedToo_untilItIsRolledBack(Rung rung) throws Exception {
        try (TwoSides sides = sides("postgres", rung, "CREATE SEQUENCE counter")) {
            try (Connection connection = sides.connect();
                    Statement statement = connection.createStatement()) {
                connection.setAutoCommit(false);
                statement.executeQuery("SELECT 1").close();
                connection.commit();
                for (String end : List.of("ROLLBACK", "ROLLBACK TO SAVEPOINT a", "by the driver")) {
                    statement.execute("SAVEPOINT a");
                    assertThat(refusal(connection, "INSERT INTO item VALUES (1, 'twice')")
                                    .getSQLState())
                            .isEqualTo("23505");
                    for (String read : List.of("SELECT id FROM item", "SELECT nextval('counter')")) {
                        assertThat(refusal(connection, read).getSQLState())
                                .as("%s on %s", read, rung)
                                .isEqualTo("25P02");
                    }
                    if (end.startsWith("ROLLBACK")) {
                        statement.execute(end);
                    } else {
                        connection.rollback();
                    }
                    statement.executeUpdate("UPDATE item SET note = 'after' WHERE id = 2");
                    connection.commit();
                }
            }
            requireEqual(sides, "1|one", "2|after");
        }
    }

    // ------------------------------------------------------------------ the end

    @ParameterizedTest
    @EnumSource(
            value = Rung.class,
            names = {"OLD_ONLY", "NEW_ONLY"},
            mode = EnumSource.Mode.EXCLUDE)
    void commitFailsByAnErrorOfTheMachine_nothingOfItIsCommittedLater(Rung rung) throws Exception {
        AtomicBoolean failing = new AtomicBoolean();
        try (TwoSides sides = sides("mariadb", rung)) {
            try (Connection connection = sides.connectThrough(
                            side -> Intercepted.connection(sides.bare(side), (type, method, arguments) -> {
                                if (side == rung.authority() && method.equals("commit") && failing.getAndSet(false)) {
                                    throw new OutOfMemoryError("planted");
                                }
                            }));
                    Statement statement = connection.createStatement()) {
                connection.setAutoCommit(false);
                statement.executeUpdate("UPDATE item SET note = 'undone' WHERE id = 1");
                failing.set(true);
                assertThatThrownBy(connection::commit).isInstanceOf(OutOfMemoryError.class);
                assertThat(failing).isFalse();
                statement.executeUpdate("UPDATE item SET note = 'after' WHERE id = 2");
                connection.commit();
            }
            requireEqual(sides, "1|one", "2|after");
        }
    }
}
