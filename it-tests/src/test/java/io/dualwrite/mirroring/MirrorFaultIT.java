package io.dualwrite.mirroring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dualwrite.dialect.Dialects;
import io.dualwrite.dialect.MarkedKeys;
import io.dualwrite.ladder.Rung;
import io.dualwrite.ladder.Side;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What fails on the mirror is swallowed and marked on dual rungs, and raised with both sides rolled back on strict ones. */
class MirrorFaultIT {
    private static final String ITEM = "CREATE TABLE item (id INT PRIMARY KEY, name VARCHAR(50), amount INT)";
    private static final String MARKS = "SELECT table_name, row_key FROM dualwrite_mark ORDER BY id, seq";
    private static final String ITEMS = "SELECT id, name, amount FROM item ORDER BY id";

    @AfterAll
    static void stop() {
        MirrorIT.stop();
    }

    private static TwoSides sides(String vendor, Rung rung, String onNew) throws Exception {
        return sides(vendor, rung, onNew, Map.of());
    }

    private static TwoSides sides(String vendor, Rung rung, String onNew, Map<String, String> further)
            throws Exception {
        TwoSides sides = new TwoSides(MirrorIT.server(vendor), MirrorIT.server(vendor), "item, keyless", further);
        for (Side side : Side.values()) {
            sides.on(
                    side,
                    List.of(ITEM, "CREATE TABLE keyless (a INT)", "CREATE TABLE derived_total (a INT PRIMARY KEY)"));
            try (Connection connection = sides.bare(side)) {
                sides.on(side, Dialects.of(connection).ownTables());
            }
            sides.on(side, List.of("INSERT INTO item VALUES (1, 'one', 10)", "INSERT INTO item VALUES (2, 'two', 20)"));
        }
        sides.on(Side.NEW, List.of(onNew));
        sides.standing.move(rung);
        return sides;
    }

    private static final String UNIQUE = "CREATE UNIQUE INDEX item_name ON item (name)";

    @ParameterizedTest
    @ValueSource(strings = {"h2", "postgres", "mariadb"})
    void newRefusesARow_dualReadOld_isSwallowedAndAllRowsOfTheTransactionAreMarked(String vendor) throws Exception {
        try (TwoSides sides = sides(vendor, Rung.DUAL_READ_OLD, UNIQUE);
                Connection connection = sides.connect();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.executeUpdate("UPDATE item SET amount = amount + 1 WHERE id = 2");
            statement.executeUpdate("INSERT INTO item VALUES (3, 'one', 30)");
            connection.commit();
            sides.settle();
            assertThat(sides.rows(Side.OLD, ITEMS)).containsExactly("1|one|10", "2|two|21", "3|one|30");
            assertThat(sides.rows(Side.NEW, ITEMS)).containsExactly("1|one|10", "2|two|20");
            assertThat(sides.rows(Side.OLD, MARKS)).containsExactly("item|2,3");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "h2, STRICT_READ_OLD",
        "postgres, STRICT_READ_OLD",
        "mariadb, STRICT_READ_NEW",
        "postgres, STRICT_READ_NEW"
    })
    void newRefusesARow_strict_failsTheTransactionAndRollsBothBack(String vendor, Rung rung) throws Exception {
        try (TwoSides sides = sides(vendor, rung, UNIQUE);
                Connection connection = sides.connect();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.executeUpdate("INSERT INTO item VALUES (3, 'one', 30)");
            assertThatThrownBy(connection::commit)
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("both were rolled back")
                    .extracting(e -> ((SQLException) e).getSQLState())
                    .isEqualTo("40000");
            sides.settle();
            assertThat(sides.rows(Side.OLD, ITEMS))
                    .isEqualTo(sides.rows(Side.NEW, ITEMS))
                    .hasSize(2);
            statement.executeUpdate("UPDATE item SET amount = 11 WHERE id = 1");
            connection.commit();
            sides.settle();
            assertThat(sides.rows(Side.NEW, ITEMS))
                    .isEqualTo(sides.rows(Side.OLD, ITEMS))
                    .contains("1|one|11");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "h2, STRICT_READ_NEW, NEW, ', or run dualwrite retreat, which takes every instance to 3: '",
        "postgres, STRICT_READ_NEW, NEW, ', or run dualwrite retreat, which takes every instance to 3: '",
        "mariadb, STRICT_NEW_FIRST, NEW, ', or while an instance stands on STRICT_READ_NEW run dualwrite retreat, which'",
        "mariadb, STRICT_READ_OLD, OLD, ': '"
    })
    void readSideAway_strict_theFirstConnectionSaysWhatThatMeans_asTheVendorsKindOfException(
            String vendor, Rung rung, Side away, String advice) throws Exception {
        try (TwoSides sides = sides(vendor, rung, UNIQUE)) {
            assertThatThrownBy(() -> sides.connectWithout(away))
                    .hasMessageStartingWith(
                            (away == Side.OLD ? "Old" : "New") + " cannot be reached while the fleet crosses (" + rung
                                    + "), where both databases must succeed; bring it back" + advice)
                    .satisfies(e -> {
                        SQLException vendors = (SQLException) e.getCause();
                        assertThat(e.getMessage()).endsWith(": " + vendors.getMessage());
                        assertThat(((SQLException) e).getSQLState()).isEqualTo(vendors.getSQLState());
                        assertThat(((SQLException) e).getErrorCode()).isEqualTo(vendors.getErrorCode());
                        assertThat((Throwable) vendors).isInstanceOf(e.getClass());
                    });
        }
    }

    @ParameterizedTest
    @CsvSource({"h2, STRICT_READ_OLD, NEW", "postgres, STRICT_READ_NEW, OLD", "mariadb, STRICT_NEW_FIRST, OLD"})
    void otherSideAway_strict_aWriteSaysWhatThatMeans(String vendor, Rung rung, Side away) throws Exception {
        try (TwoSides sides = sides(vendor, rung, UNIQUE);
                Connection connection = sides.connectWithout(away)) {
            assertThatThrownBy(() -> insert(connection))
                    .isInstanceOf(SQLException.class)
                    .hasMessageStartingWith(
                            (away == Side.OLD ? "Old" : "New") + " cannot be reached while the fleet crosses (" + rung
                                    + "), where both databases must succeed; bring it back, or ")
                    .hasMessageContaining(away == Side.OLD ? "dualwrite retreat --to 5" : "dualwrite retreat, which");
        }
    }

    private static void insert(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.executeUpdate("INSERT INTO item VALUES (3, 'three', 30)");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "h2, OLD_ONLY, OLD",
        "postgres, OLD_ONLY, OLD",
        "mariadb, NEW_ONLY, NEW",
        "postgres, DUAL_READ_OLD, OLD",
        "h2, DUAL_READ_NEW, NEW"
    })
    void authorityAway_elsewhere_theVendorsExceptionIsPassedOnAsItIs(String vendor, Rung rung, Side away)
            throws Exception {
        try (TwoSides sides = sides(vendor, rung, UNIQUE)) {
            assertThatThrownBy(() -> sides.connectWithout(away))
                    .isInstanceOf(SQLException.class)
                    .hasMessageNotContaining("while the fleet crosses")
                    .matches(e -> !e.getClass().getName().startsWith("io.dualwrite"));
        }
    }

    /** Between the authorities nothing is swallowed: who commits old first would not find it there (R10). */
    @ParameterizedTest
    @ValueSource(strings = {"h2", "postgres", "mariadb"})
    void oldRefusesARow_strictNewFirst_failsTheTransactionAndRollsBothBack(String vendor) throws Exception {
        try (TwoSides sides = sides(vendor, Rung.STRICT_NEW_FIRST, "DELETE FROM item WHERE id = 2");
                Connection connection = sides.connect();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.executeUpdate("UPDATE item SET amount = 11 WHERE id = 1");
            assertThatThrownBy(() -> statement.executeUpdate("INSERT INTO item VALUES (2, 'again', 5)"))
                    .hasMessageContaining("The transaction failed on old, where new had succeeded")
                    .extracting(e -> ((SQLException) e).getSQLState())
                    .isEqualTo("25000");
            assertThatThrownBy(connection::commit)
                    .hasMessageContaining("both were rolled back")
                    .isInstanceOf(SQLException.class);
            sides.settle();
            assertThat(sides.rows(Side.OLD, ITEMS)).containsExactly("1|one|10", "2|two|20");
            assertThat(sides.rows(Side.NEW, ITEMS)).containsExactly("1|one|10");
            statement.executeUpdate("UPDATE item SET amount = 12 WHERE id = 1");
            connection.commit();
            sides.settle();
            assertThat(sides.rows(Side.NEW, ITEMS)).containsExactly("1|one|12");
            assertThat(sides.rows(Side.OLD, ITEMS)).contains("1|one|12");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"h2", "postgres", "mariadb"})
    void oldRefusesARow_strictNewFirstInAutocommit_saysThatBothWereRolledBack(String vendor) throws Exception {
        try (TwoSides sides = sides(vendor, Rung.STRICT_NEW_FIRST, "DELETE FROM item WHERE id = 2");
                Connection connection = sides.connect();
                Statement statement = connection.createStatement()) {
            assertThatThrownBy(() -> statement.executeUpdate("INSERT INTO item VALUES (2, 'again', 5)"))
                    .hasMessageContaining("both were rolled back")
                    .extracting(e -> ((SQLException) e).getSQLState())
                    .isEqualTo("40000");
            sides.settle();
            assertThat(sides.rows(Side.NEW, ITEMS)).containsExactly("1|one|10");
            assertThat(statement.executeUpdate("UPDATE item SET amount = 12 WHERE id = 1"))
                    .isEqualTo(1);
        }
    }

    /** Neighbours' locks are met on old first, where the application waits as long as on one database. */
    @ParameterizedTest
    @ValueSource(strings = {"h2", "postgres", "mariadb"})
    void rowLockedOnOld_strictNewFirst_isWaitedForBeyondTheMirrorsLimits(String vendor) throws Exception {
        Map<String, String> tight =
                Map.of("mirror.lock", "50 ms", "mirror.statement", "50 ms", "mirror.budget", "50 ms");
        try (TwoSides sides = sides(vendor, Rung.STRICT_NEW_FIRST, "UPDATE item SET amount = 20 WHERE id = 2", tight);
                Connection neighbour = sides.bare(Side.OLD);
                Connection connection = sides.connect();
                Statement statement = connection.createStatement()) {
            neighbour.setAutoCommit(false);
            try (Statement lock = neighbour.createStatement()) {
                lock.executeUpdate("UPDATE item SET amount = 99 WHERE id = 1");
            }
            CompletableFuture<Integer> count = new CompletableFuture<>();
            Thread application = new Thread(() -> {
                try {
                    count.complete(statement.executeUpdate("UPDATE item SET amount = 11 WHERE id = 1"));
                } catch (SQLException e) {
                    count.completeExceptionally(e);
                }
            });
            application.start();
            assertThatThrownBy(() -> count.get(500, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);
            neighbour.rollback();
            assertThat(count.get(20, TimeUnit.SECONDS)).isEqualTo(1);
            application.join();
            sides.settle();
            assertThat(sides.rows(Side.OLD, ITEMS))
                    .isEqualTo(sides.rows(Side.NEW, ITEMS))
                    .contains("1|one|11");
        }
    }

    /** Row 1 gives up a name that row 3 takes, and is changed once more behind it. */
    @ParameterizedTest
    @ValueSource(strings = {"h2", "postgres", "mariadb"})
    void rowsWaitForTheMirror_theyGoThereInTheirOrder(String vendor) throws Exception {
        try (TwoSides sides = sides(vendor, Rung.STRICT_READ_OLD, UNIQUE);
                Connection holder = sides.bare(Side.NEW);
                Statement holding = holder.createStatement();
                Connection connection = sides.connect();
                Statement statement = connection.createStatement()) {
            holder.setAutoCommit(false);
            holding.executeUpdate("UPDATE item SET amount = 0 WHERE id = 2");
            connection.setAutoCommit(false);
            statement.executeUpdate("UPDATE item SET amount = 21 WHERE id = 2");
            statement.executeUpdate("UPDATE item SET name = 'former' WHERE id = 1");
            statement.executeUpdate("INSERT INTO item VALUES (3, 'one', 30)");
            statement.executeUpdate("UPDATE item SET amount = 11 WHERE id = 1");
            holder.rollback();
            connection.commit();
            sides.settle();
            assertThat(sides.rows(Side.NEW, ITEMS)).containsExactly("1|former|11", "2|two|21", "3|one|30");
        }
    }

    /** H2 keeps the first row of such a capture on either side. */
    @ParameterizedTest
    @CsvSource({"h2, DUAL_READ_NEW", "h2, STRICT_NEW_FIRST", "mariadb, DUAL_READ_NEW", "mariadb, STRICT_NEW_FIRST"})
    void bothRefuseARowOfSeveral_transactionGoesOn_nothingOfTheStatementIsLeftOnOld(String vendor, Rung rung)
            throws Exception {
        try (TwoSides sides = sides(vendor, rung, "UPDATE item SET amount = 10 WHERE id = 1");
                Connection connection = sides.connect();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.executeUpdate("UPDATE item SET amount = 11 WHERE id = 1");
            assertThatThrownBy(() -> statement.executeUpdate(
                            "INSERT INTO item (id, name, amount) VALUES (3, 'three', 30), (1, 'again', 0)"))
                    .isInstanceOf(SQLException.class);
            statement.executeUpdate("UPDATE item SET amount = 21 WHERE id = 2");
            connection.commit();
            sides.settle();
            assertThat(sides.rows(Side.NEW, ITEMS)).containsExactly("1|one|11", "2|two|21");
            assertThat(sides.rows(Side.OLD, ITEMS)).containsExactly("1|one|11", "2|two|21");
        }
    }

    /** The write before it was still under way on old, and failed there: that is not undone with the statement (R13). */
    @ParameterizedTest
    @CsvSource({"mariadb, DUAL_READ_NEW", "mariadb, STRICT_NEW_FIRST", "h2, DUAL_READ_NEW", "h2, STRICT_NEW_FIRST"})
    void newRefusesARow_whileOldFailsInTheWriteBefore_thatFailureStays(String vendor, Rung rung) throws Exception {
        try (TwoSides sides = sides(vendor, rung, "INSERT INTO item VALUES (5, 'two', 50)");
                Connection holder = sides.bare(Side.OLD);
                Statement holding = holder.createStatement();
                Connection connection = sides.connect();
                Statement statement = connection.createStatement()) {
            sides.on(Side.OLD, List.of(UNIQUE));
            connection.setAutoCommit(false);
            statement.executeUpdate("UPDATE item SET amount = 22 WHERE id = 2");
            holder.setAutoCommit(false);
            holding.executeUpdate("INSERT INTO item VALUES (5, 'five', 0)");
            CompletableFuture<Void> release = new CompletableFuture<>();
            release.completeOnTimeout(null, 300, TimeUnit.MILLISECONDS);
            CompletableFuture<Void> released = release.thenRunAsync(() -> {
                try {
                    holder.rollback();
                } catch (SQLException e) {
                    throw new IllegalStateException(e);
                }
            });
            statement.executeUpdate("UPDATE item SET amount = 51 WHERE id = 5 AND name <> ''");
            assertThatThrownBy(() -> statement.executeUpdate("INSERT INTO item VALUES (1, 'again', 0)"))
                    .isInstanceOf(SQLException.class);
            released.join();
            if (rung.strict()) {
                assertThatThrownBy(connection::commit).hasMessageContaining("both were rolled back");
                return;
            }
            connection.commit();
            sides.settle();
            try (Connection bare = sides.bare(Side.NEW)) {
                sides.marks.clear(Side.NEW, bare);
            }
            assertThat(sides.rows(Side.NEW, "SELECT row_key FROM dualwrite_mark WHERE seq = 0"))
                    .singleElement()
                    .satisfies(keys -> assertThat(MarkedKeys.split(keys)).contains("5"));
        }
    }

    /** Another instance has committed the row on new, and not yet on old (R7). */
    @ParameterizedTest
    @CsvSource({"h2, UPDATE", "postgres, UPDATE", "mariadb, UPDATE", "h2, DELETE", "postgres, DELETE", "mariadb, DELETE"
    })
    void rowIsOnNewAlone_strictReadNew_hittingNothingOnOldIsNoAnswer(String vendor, String verb) throws Exception {
        try (TwoSides sides = sides(vendor, Rung.STRICT_READ_NEW, "INSERT INTO item VALUES (3, 'three', 30)");
                Connection connection = sides.connect();
                Statement statement = connection.createStatement()) {
            String sql =
                    verb.equals("UPDATE") ? "UPDATE item SET amount = 5 WHERE id = " : "DELETE FROM item WHERE id = ";
            assertThatThrownBy(() -> statement.executeUpdate(sql + 3))
                    .hasMessageContaining("a row that is not on old yet")
                    .extracting(e -> ((SQLException) e).getSQLState())
                    .isEqualTo("40001");
            sides.settle();
            assertThat(sides.rows(Side.NEW, ITEMS)).contains("3|three|30");
            assertThat(statement.executeUpdate(sql + 4)).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"h2", "postgres", "mariadb"})
    void oldRefusesARow_dualReadNew_isSwallowedAndMarkedOnNew(String vendor) throws Exception {
        try (TwoSides sides = sides(vendor, Rung.DUAL_READ_NEW, "DELETE FROM item WHERE id = 2");
                Connection connection = sides.connect();
                Statement statement = connection.createStatement()) {
            assertThat(statement.executeUpdate("INSERT INTO item VALUES (2, 'again', 5)"))
                    .isEqualTo(1);
            sides.settle();
            assertThat(sides.rows(Side.NEW, ITEMS)).containsExactly("1|one|10", "2|again|5");
            assertThat(sides.rows(Side.NEW, MARKS)).containsExactly("item|2");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"h2", "postgres", "mariadb"})
    void staleRowOnOld_dualReadNew_newsVersionWinsAndHealsOld(String vendor) throws Exception {
        try (TwoSides sides = sides(vendor, Rung.DUAL_READ_NEW, "UPDATE item SET amount = 500 WHERE id = 1");
                Connection connection = sides.connect();
                Statement statement = connection.createStatement()) {
            assertThat(statement.executeUpdate("UPDATE item SET amount = amount + 1 WHERE id = 1"))
                    .isEqualTo(1);
            sides.settle();
            assertThat(sides.rows(Side.NEW, ITEMS)).contains("1|one|501");
            assertThat(sides.rows(Side.OLD, ITEMS)).contains("1|one|501");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"h2", "postgres", "mariadb"})
    void rowLockedOnNew_dualReadOld_returnsWithinTheBudgetAndMarks(String vendor) throws Exception {
        try (TwoSides sides = sides(vendor, Rung.DUAL_READ_OLD, "UPDATE item SET amount = 20 WHERE id = 2");
                Connection blocker = sides.bare(Side.NEW);
                Connection connection = sides.connect();
                Statement statement = connection.createStatement()) {
            blocker.setAutoCommit(false);
            try (Statement lock = blocker.createStatement()) {
                lock.executeUpdate("UPDATE item SET amount = 99 WHERE id = 1");
            }
            assertThat(statement.executeUpdate("UPDATE item SET amount = 11 WHERE id = 1"))
                    .isEqualTo(1);
            blocker.rollback();
            sides.settle();
            assertThat(sides.rows(Side.OLD, ITEMS)).contains("1|one|11");
            assertThat(sides.rows(Side.NEW, ITEMS)).contains("1|one|10");
            assertThat(sides.rows(Side.OLD, MARKS)).containsExactly("item|1");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"h2", "postgres", "mariadb"})
    void rowLockedOnNew_strict_rollsBothBackAndSaysThatTryingAgainHelps(String vendor) throws Exception {
        try (TwoSides sides = sides(vendor, Rung.STRICT_READ_OLD, "UPDATE item SET amount = 20 WHERE id = 2");
                Connection blocker = sides.bare(Side.NEW);
                Connection connection = sides.connect();
                Statement statement = connection.createStatement()) {
            blocker.setAutoCommit(false);
            try (Statement lock = blocker.createStatement()) {
                lock.executeUpdate("UPDATE item SET amount = 99 WHERE id = 1");
            }
            assertThatThrownBy(() -> statement.executeUpdate("UPDATE item SET amount = 11 WHERE id = 1"))
                    .extracting(e -> ((SQLException) e).getSQLState())
                    .isEqualTo("40001");
            blocker.rollback();
            sides.settle();
            assertThat(sides.rows(Side.OLD, ITEMS))
                    .isEqualTo(sides.rows(Side.NEW, ITEMS))
                    .contains("1|one|10");
        }
    }

    /** A constraint that PostgreSQL checks at COMMIT makes the second commit fail after the first has succeeded. */
    private static final String DEFERRED =
            "ALTER TABLE item ADD CONSTRAINT item_amount UNIQUE (amount) DEFERRABLE INITIALLY DEFERRED";

    /** PostgreSQL finds out at COMMIT that another transaction has read and written past this one, which old has not seen. */
    @Test
    void secondCommitFails_strict_raises08007AndTheMarkStays() throws Exception {
        try (TwoSides sides = sides("postgres", Rung.STRICT_READ_NEW, "UPDATE item SET amount = 20 WHERE id = 2");
                Connection connection = sides.connect();
                Statement statement = connection.createStatement()) {
            connection.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE);
            connection.setAutoCommit(false);
            statement.executeUpdate("UPDATE item SET amount = 10 WHERE id = 1");
            connection.commit();
            sides.settle();
            try (Connection bare = sides.bare(Side.OLD)) {
                sides.marks.clear(Side.OLD, bare);
            }
            statement.executeUpdate("UPDATE item SET amount = 11 WHERE id = 1");
            statement.executeQuery("SELECT amount FROM item WHERE id = 2").close();
            writePast(sides);
            assertThatThrownBy(connection::commit)
                    .extracting(e -> ((SQLException) e).getSQLState())
                    .isEqualTo("08007");
            assertThat(sides.rows(Side.OLD, ITEMS)).contains("1|one|11");
            assertThat(sides.rows(Side.NEW, ITEMS)).contains("1|one|10");
            assertThat(sides.rows(Side.OLD, MARKS)).containsExactly("item|1");
        }
    }

    private static void writePast(TwoSides sides) throws SQLException {
        try (Connection other = sides.bare(Side.NEW);
                Statement statement = other.createStatement()) {
            other.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE);
            other.setAutoCommit(false);
            statement.executeQuery("SELECT amount FROM item WHERE id = 1").close();
            statement.executeUpdate("UPDATE item SET amount = 21 WHERE id = 2");
            other.commit();
        }
    }

    @Test
    void secondCommitFails_dualReadOld_isSwallowedAndTheMarkStays() throws Exception {
        try (TwoSides sides = sides("postgres", Rung.DUAL_READ_OLD, DEFERRED);
                Connection connection = sides.connect();
                Statement statement = connection.createStatement()) {
            assertThat(statement.executeUpdate("UPDATE item SET amount = 20 WHERE id = 1"))
                    .isEqualTo(1);
            sides.settle();
            assertThat(sides.rows(Side.OLD, MARKS)).containsExactly("item|1");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"h2", "postgres", "mariadb"})
    void deleteOfARowThatNewLacks_leavesItDeleted(String vendor) throws Exception {
        try (TwoSides sides = sides(vendor, Rung.STRICT_READ_OLD, "DELETE FROM item WHERE id = 1");
                Connection connection = sides.connect();
                Statement statement = connection.createStatement()) {
            assertThat(statement.executeUpdate("DELETE FROM item WHERE id = 1")).isEqualTo(1);
            sides.settle();
            assertThat(sides.rows(Side.OLD, ITEMS))
                    .isEqualTo(sides.rows(Side.NEW, ITEMS))
                    .hasSize(1);
        }
    }

    @ParameterizedTest
    @CsvSource({"h2, DUAL_READ_OLD, OLD", "postgres, DUAL_READ_NEW, NEW"})
    void whatCannotBeMirroredExactly_isMarkedWholeInThreeAndFive(String vendor, Rung rung, Side authority)
            throws Exception {
        try (TwoSides sides = sides(vendor, rung, "DELETE FROM item WHERE id = 2");
                Connection connection = sides.connect();
                Statement statement = connection.createStatement()) {
            statement.executeUpdate("INSERT INTO keyless VALUES (1)");
            statement.executeUpdate("INSERT INTO derived_total VALUES (1)");
            sides.settle();
            assertThat(sides.rows(authority, "SELECT table_name, row_key FROM dualwrite_mark ORDER BY table_name"))
                    .containsExactly("derived_total|null", "keyless|null");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "INSERT INTO keyless VALUES (1)",
        "INSERT INTO derived_total VALUES (1)",
        "CREATE TABLE x (a INT)",
        "TRUNCATE TABLE item"
    })
    void whatCannotBeMirroredExactly_isRefusedWhileCrossing(String sql) throws Exception {
        for (Rung rung : List.of(Rung.STRICT_READ_OLD, Rung.STRICT_READ_NEW, Rung.STRICT_NEW_FIRST)) {
            try (TwoSides sides = sides("h2", rung, "DELETE FROM item WHERE id = 2");
                    Connection connection = sides.connect();
                    Statement statement = connection.createStatement()) {
                assertThatThrownBy(() -> statement.executeUpdate(sql))
                        .as("on %s", rung)
                        .isInstanceOf(java.sql.SQLFeatureNotSupportedException.class)
                        .extracting(e -> ((SQLException) e).getSQLState())
                        .isEqualTo("0A000");
                for (Side side : Side.values()) {
                    assertThat(sides.rows(side, "SELECT COUNT(*) FROM keyless")).containsExactly("0");
                }
            }
        }
    }

    /** R14: PostgreSQL's commit of an aborted transaction must not let new's part through. */
    @ParameterizedTest
    @ValueSource(strings = {"DUAL_READ_OLD", "STRICT_READ_OLD", "STRICT_READ_NEW", "STRICT_NEW_FIRST", "DUAL_READ_NEW"})
    void failedStatementOnOld_commitLeavesNothingOnNew(Rung rung) throws Exception {
        try (TwoSides sides = sides("postgres", rung, "UPDATE item SET amount = 20 WHERE id = 2");
                Connection connection = sides.connect();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.executeUpdate("UPDATE item SET amount = 77 WHERE id = 1");
            assertThatThrownBy(() -> statement.executeUpdate("INSERT INTO item VALUES (2, 'dup', 0)"))
                    .extracting(e -> ((SQLException) e).getSQLState())
                    .isEqualTo("23505");
            try {
                connection.commit();
            } catch (SQLException expected) {
                assertThat(expected.getSQLState()).isNotEqualTo("08007");
            }
            sides.settle();
            assertThat(sides.rows(Side.OLD, ITEMS))
                    .isEqualTo(sides.rows(Side.NEW, ITEMS))
                    .contains("1|one|10");
        }
    }

    /** R13: whoever finds the mark finds in the log and in JMX why it is there. */
    @ParameterizedTest
    @CsvSource({"postgres, DUAL_READ_OLD", "postgres, DUAL_READ_NEW", "mariadb, DUAL_READ_OLD", "mariadb, DUAL_READ_NEW"
    })
    void mirrorIsNotReached_isMarkedAndCounted(String vendor, Rung rung) throws Exception {
        try (TwoSides sides = sides(vendor, rung, "DELETE FROM item WHERE id = 2");
                Connection connection = sides.connectWithout(rung.mirror());
                Statement statement = connection.createStatement()) {
            statement.executeUpdate("UPDATE item SET amount = 11 WHERE id = 1");
            sides.settle();
            assertThat(sides.rows(rung.authority(), MARKS)).hasSize(1);
            assertThat(sides.mirroring.getDivergences()).hasSize(1).allSatisfy((kind, count) -> {
                assertThat(kind).startsWith(rung.mirror().word() + ": not reached, 08");
                assertThat(count).isEqualTo(1);
            });
        }
    }

    /** R25: what a trigger writes beside the row is in no image; it is said by name, once, and counted. */
    @ParameterizedTest
    @ValueSource(strings = {"postgres", "mariadb"})
    void tableHasTriggers_isReportedAndCounted(String vendor) throws Exception {
        try (TwoSides sides = sides(vendor, Rung.DUAL_READ_OLD, "UPDATE item SET amount = 20 WHERE id = 2")) {
            sides.on(
                    Side.OLD,
                    vendor.equals("postgres")
                            ? List.of(
                                    "CREATE FUNCTION note() RETURNS TRIGGER LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
                                    "CREATE TRIGGER notes AFTER UPDATE ON item FOR EACH ROW EXECUTE FUNCTION note()")
                            : List.of("CREATE TRIGGER notes AFTER UPDATE ON item FOR EACH ROW SET @noted = 1"));
            try (Connection connection = sides.connect();
                    Statement statement = connection.createStatement()) {
                statement.executeUpdate("UPDATE item SET amount = 11 WHERE id = 1");
                statement.executeUpdate("UPDATE item SET amount = 12 WHERE id = 1");
            }
            sides.settle();
            assertThat(sides.mirroring.getDivergences()).hasSize(1).allSatisfy((kind, count) -> {
                assertThat(kind).startsWith("new: triggers of ").endsWith("item");
                assertThat(count).isEqualTo(2);
            });
        }
    }
}
