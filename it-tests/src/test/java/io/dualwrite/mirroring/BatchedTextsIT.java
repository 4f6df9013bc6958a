package io.dualwrite.mirroring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dualwrite.dialect.Dialects;
import io.dualwrite.ladder.Rung;
import io.dualwrite.ladder.Side;
import io.dualwrite.servers.SharedServers;
import java.sql.BatchUpdateException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a batch on a rung with one leg leaves in its session goes on to the next rung as if each of its entries had run alone. */
class BatchedTextsIT {
    private static final String ROWS = "SELECT id, note FROM paper ORDER BY id";

    private static TwoSides sides(String vendor) throws Exception {
        TwoSides sides = new TwoSides(SharedServers.of(vendor), SharedServers.of(vendor), "paper, work");
        sides.prepare("CREATE TABLE paper (id INT PRIMARY KEY, note VARCHAR(20))");
        return sides;
    }

    private static TwoSides withTenant() throws Exception {
        TwoSides sides = new TwoSides(SharedServers.of("postgres"), SharedServers.of("postgres"), "paper");
        for (Side side : Side.values()) {
            List<String> ddl = new ArrayList<>(List.of(
                    "CREATE TABLE paper (id INT PRIMARY KEY, note VARCHAR(20))",
                    "CREATE SCHEMA tenant",
                    "CREATE TABLE tenant.paper (id INT PRIMARY KEY, note VARCHAR(20))"));
            try (Connection connection = sides.bare(side)) {
                ddl.addAll(Dialects.of(connection).ownTables());
            }
            sides.on(side, ddl);
        }
        return sides;
    }

    private static void run(Connection connection, boolean prepared, String... texts) throws SQLException {
        if (prepared) {
            for (String text : texts) {
                try (PreparedStatement statement = connection.prepareStatement(text)) {
                    statement.addBatch();
                    statement.executeBatch();
                }
            }
            return;
        }
        try (Statement statement = connection.createStatement()) {
            for (String text : texts) {
                statement.addBatch(text);
            }
            assertThat(statement.executeBatch()).hasSize(texts.length);
        }
    }

    private static void assertOnBoth(TwoSides sides, String query, String... expected) throws SQLException {
        sides.settle();
        for (Side side : Side.values()) {
            assertThat(sides.rows(side, query)).as("%s on %s", query, side).containsExactly(expected);
        }
    }

    @ParameterizedTest
    @CsvSource({"true, true", "true, false", "false, true", "false, false"})
    void batchChangesTheNamespace_nextRungWritesTheTenantOnBothSides(boolean prepared, boolean autoCommit)
            throws Exception {
        try (TwoSides sides = withTenant();
                Connection connection = sides.connect()) {
            connection.setAutoCommit(autoCommit);
            run(
                    connection,
                    prepared,
                    "INSERT INTO paper VALUES (1, 'home')",
                    "SET search_path TO tenant, public",
                    "INSERT INTO paper VALUES (2, 'tenant')");
            if (!autoCommit) {
                connection.commit();
            }
            assertThat(sides.rows(Side.OLD, ROWS)).containsExactly("1|home");
            assertThat(sides.rows(Side.OLD, "SELECT id FROM tenant.paper")).containsExactly("2");
            sides.standing.move(Rung.DUAL_READ_OLD);
            TwoSides.execute(connection, "INSERT INTO paper VALUES (3, 'tenant')");
            if (!autoCommit) {
                connection.commit();
            }
            sides.settle();
            assertThat(sides.rows(Side.NEW, ROWS)).isEmpty();
            assertThat(sides.rows(Side.NEW, "SELECT id FROM tenant.paper")).containsExactly("3");
        }
    }

    @Test
    void batchThatChangesTheNamespaceFails_theNamespaceIsWhatItWas() throws Exception {
        try (TwoSides sides = withTenant();
                Connection connection = sides.connect()) {
            assertThatThrownBy(() -> run(
                            connection,
                            false,
                            "SET search_path TO tenant, public",
                            "CREATE TEMPORARY TABLE work (id INT)",
                            "INSERT INTO paper VALUES (1, 'a note that is far too long')"))
                    .isInstanceOf(BatchUpdateException.class);
            sides.standing.move(Rung.DUAL_READ_OLD);
            TwoSides.execute(connection, "INSERT INTO paper VALUES (3, 'home')");
            assertOnBoth(sides, ROWS, "3|home");
            assertThat(sides.standing.stragglers()).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "h2, SET @actor = 'one'",
        "mariadb, SET @actor = 'one'",
        "postgres, SET application_name = 'one'",
        "postgres, 'SELECT set_config(''application_name'', ''one'', false)'"
    })
    void batchSetsTheSession_legThatIsOpenedLaterHasIt(String vendor, String set) throws Exception {
        boolean query = set.startsWith("SELECT");
        String ask = vendor.equals("postgres") ? "SHOW application_name" : "SELECT @actor";
        for (boolean prepared : new boolean[] {true, false}) {
            try (TwoSides sides = sides(vendor);
                    Connection connection = sides.connect()) {
                if (query) {
                    TwoSides.execute(connection, set);
                } else {
                    run(connection, prepared, set);
                }
                sides.standing.move(Rung.NEW_ONLY);
                try (Statement statement = connection.createStatement();
                        ResultSet rows = statement.executeQuery(ask)) {
                    assertThat(TwoSides.texts(rows)).containsExactly("one");
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"h2", "mariadb"})
    void preparedBatchSetsTheSessionToAParameter_legThatIsOpenedLaterHasIt(String vendor) throws Exception {
        try (TwoSides sides = sides(vendor);
                Connection connection = sides.connect()) {
            try (PreparedStatement set = connection.prepareStatement("SET @actor = ?")) {
                for (String actor : List.of("one", "two")) {
                    set.setString(1, actor);
                    set.addBatch();
                }
                set.executeBatch();
            }
            sides.standing.move(Rung.NEW_ONLY);
            TwoSides.execute(connection, "INSERT INTO paper VALUES (1, @actor)");
            assertThat(sides.rows(Side.NEW, ROWS)).containsExactly("1|two");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"h2", "postgres", "mariadb"})
    void batchMakesATemporaryTable_connectionStaysOnItsRung(String vendor) throws Exception {
        for (boolean prepared : new boolean[] {true, false}) {
            try (TwoSides sides = sides(vendor);
                    Connection connection = sides.connect()) {
                String local = vendor.equals("h2") ? "LOCAL " : "";
                run(connection, prepared, "CREATE " + local + "TEMPORARY TABLE work (id INT)");
                sides.standing.move(Rung.DUAL_READ_OLD);
                TwoSides.execute(connection, "INSERT INTO work VALUES (1)");
                assertThat(sides.standing.stragglers().values()).containsExactly("temporary table work on OLD_ONLY");
                run(connection, prepared, "DROP TABLE work");
                TwoSides.execute(connection, "INSERT INTO paper VALUES (1, 'both')");
                assertOnBoth(sides, ROWS, "1|both");
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "postgres, BEGIN, true",
        "postgres, BEGIN, false",
        "mariadb, BEGIN, true",
        "mariadb, SET autocommit = 0, true",
        "mariadb, SET autocommit = 0, false",
        "h2, SET AUTOCOMMIT FALSE, false"
    })
    void batchBeginsATransaction_itKeepsItsRungUntilItEnds(String vendor, String begin, boolean commits)
            throws Exception {
        for (boolean prepared : new boolean[] {true, false}) {
            try (TwoSides sides = sides(vendor);
                    Connection connection = sides.connect()) {
                run(connection, prepared, begin, "INSERT INTO paper VALUES (1, 'first')");
                assertThat(sides.rows(Side.OLD, ROWS)).isEmpty();
                sides.standing.move(Rung.DUAL_READ_OLD);
                TwoSides.execute(connection, "INSERT INTO paper VALUES (2, 'second')");
                TwoSides.execute(connection, commits ? "COMMIT" : "ROLLBACK");
                sides.settle();
                if (commits) {
                    assertThat(sides.rows(Side.OLD, ROWS)).containsExactly("1|first", "2|second");
                } else {
                    assertThat(sides.rows(Side.OLD, ROWS)).isEmpty();
                }
                assertThat(sides.rows(Side.NEW, ROWS)).isEmpty();
                TwoSides.execute(connection, "INSERT INTO paper VALUES (3, 'third')");
                TwoSides.execute(connection, "COMMIT");
                sides.settle();
                assertThat(sides.rows(Side.NEW, ROWS)).containsExactly("3|third");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"h2", "postgres", "mariadb"})
    void batchIsClearedAfterATextOfTheSession_nothingOfItRuns(String vendor) throws Exception {
        try (TwoSides sides = sides(vendor);
                Connection connection = sides.connect();
                Statement statement = connection.createStatement()) {
            statement.addBatch("INSERT INTO paper VALUES (1, 'one')");
            statement.addBatch("DROP TABLE IF EXISTS nothing_of_this_name");
            statement.clearBatch();
            statement.addBatch("INSERT INTO paper VALUES (2, 'two')");
            assertThat(statement.executeBatch()).containsExactly(1);
            assertThat(sides.rows(Side.OLD, ROWS)).containsExactly("2|two");
        }
    }
}
