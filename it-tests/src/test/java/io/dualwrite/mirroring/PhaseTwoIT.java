package io.dualwrite.mirroring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dualwrite.config.Settings;
import io.dualwrite.ladder.Phase;
import io.dualwrite.ladder.Side;
import io.dualwrite.servers.SharedServers;
import java.io.StringReader;
import java.sql.BatchUpdateException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Phase 2: old alone is written as by its driver, but a write of Data B leaves its mark in its own transaction (R12). */
class PhaseTwoIT {
    private static final String MARKS = "SELECT table_name FROM dualwrite_mark";
    private static final String SUMS = "SELECT id FROM derived_sum ORDER BY id";
    private static final String PAPERS = "SELECT id, note FROM paper ORDER BY id";

    private static TwoSides sides(String vendor) throws Exception {
        TwoSides sides = new TwoSides(SharedServers.of(vendor), SharedServers.of(vendor), "paper");
        sides.prepare(
                "CREATE TABLE paper (id INT PRIMARY KEY, note VARCHAR(20))",
                "CREATE TABLE derived_sum (id INT PRIMARY KEY)");
        return sides;
    }

    private static Connection connect(TwoSides sides) throws Exception {
        Settings two = sides.settings(Phase.TWO);
        return sides.connectBy(() -> two);
    }

    @ParameterizedTest
    @ValueSource(strings = {"h2", "postgres", "mariadb"})
    void dataB_withAutoCommit_isCommittedWithItsMark_orNotAtAll(String vendor) throws Exception {
        try (TwoSides sides = sides(vendor);
                Connection connection = connect(sides);
                Statement statement = connection.createStatement()) {
            assertThat(statement.executeUpdate("INSERT INTO derived_sum VALUES (1)"))
                    .isEqualTo(1);
            assertThat(sides.rows(Side.OLD, SUMS)).containsExactly("1");
            assertThat(sides.rows(Side.OLD, MARKS)).hasSize(1);
            assertThatThrownBy(() -> statement.executeUpdate("INSERT INTO derived_sum VALUES (1)"))
                    .isInstanceOf(SQLException.class);
            statement.executeUpdate("INSERT INTO paper VALUES (1, 'one')");
            assertThat(sides.rows(Side.OLD, PAPERS)).containsExactly("1|one");
            assertThat(sides.rows(Side.OLD, MARKS)).hasSize(1);
        }
    }

    /** The server commits what empties a table, whatever comes after it. */
    @ParameterizedTest
    @ValueSource(strings = {"h2", "mariadb"})
    void dataBIsEmptied_markStaysThoughTheApplicationRollsBack(String vendor) throws Exception {
        try (TwoSides sides = sides(vendor);
                Connection connection = connect(sides);
                Statement statement = connection.createStatement()) {
            sides.on(Side.OLD, List.of("INSERT INTO derived_sum VALUES (1)"));
            connection.setAutoCommit(false);
            statement.execute("TRUNCATE TABLE derived_sum");
            connection.rollback();
            assertThat(sides.rows(Side.OLD, SUMS)).isEmpty();
            assertThat(sides.rows(Side.OLD, MARKS)).containsExactly("derived_sum");
        }
    }

    /** What is not there yet is no view. */
    @ParameterizedTest
    @ValueSource(strings = {"h2", "postgres", "mariadb"})
    void dataBThatIsMade_isMarkedByItsName(String vendor) throws Exception {
        try (TwoSides sides = sides(vendor);
                Connection connection = connect(sides);
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE derived_new (id INT PRIMARY KEY)");
            statement.execute("DROP TABLE IF EXISTS derived_other");
            assertThat(sides.rows(Side.OLD, MARKS)).doesNotContain("*");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "h2, AUTO",
        "h2, CALL",
        "h2, TEXT",
        "postgres, AUTO",
        "postgres, CALL",
        "postgres, TEXT",
        "mariadb, AUTO",
        "mariadb, CALL",
        "mariadb, TEXT"
    })
    void markCannotBeWritten_nothingIsCommitted(String vendor, Ending ending) throws Exception {
        try (TwoSides sides = sides(vendor);
                Connection connection = connect(sides);
                Statement statement = connection.createStatement()) {
            statement.executeUpdate("INSERT INTO paper VALUES (1, 'one')");
            sides.on(Side.OLD, List.of("ALTER TABLE dualwrite_mark RENAME TO away"));
            assertThatThrownBy(() -> ending.run(connection, statement)).isInstanceOf(SQLException.class);
            sides.on(Side.OLD, List.of("ALTER TABLE away RENAME TO dualwrite_mark"));
            if (ending == Ending.CALL) {
                connection.commit();
            }
            statement.executeUpdate("INSERT INTO paper VALUES (2, 'two')");
            if (ending == Ending.TEXT) {
                statement.execute("COMMIT");
            }
            connection.setAutoCommit(true);
            assertThat(sides.rows(Side.OLD, SUMS)).isEmpty();
            assertThat(sides.rows(Side.OLD, PAPERS)).containsExactly("1|one", "2|two");
            assertThat(sides.rows(Side.OLD, MARKS)).isEmpty();
        }
    }

    /** How a write of Data B is committed. */
    enum Ending {
        AUTO,
        CALL,
        TEXT;

        void run(Connection connection, Statement statement) throws SQLException {
            connection.setAutoCommit(this != CALL);
            if (this == TEXT) {
                statement.execute("BEGIN");
            }
            statement.executeUpdate("INSERT INTO derived_sum VALUES (1)");
            if (this == TEXT) {
                statement.execute("COMMIT");
            } else if (this == CALL) {
                connection.commit();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"h2", "postgres", "mariadb"})
    void batchOfTexts_keepsTheMark(String vendor) throws Exception {
        try (TwoSides sides = sides(vendor);
                Connection connection = connect(sides);
                Statement statement = connection.createStatement()) {
            statement.addBatch("INSERT INTO derived_sum VALUES (1)");
            statement.addBatch("INSERT INTO paper VALUES (1, 'one')");
            assertThat(statement.executeBatch()).containsExactly(1, 1);
            assertThat(sides.rows(Side.OLD, SUMS)).containsExactly("1");
            assertThat(sides.rows(Side.OLD, PAPERS)).containsExactly("1|one");
            assertThat(sides.rows(Side.OLD, MARKS)).hasSize(1);
            assertThat(connection.getAutoCommit()).isTrue();
        }
    }

    /** What the bare driver keeps of such a batch, it tells; what it tells to have failed an application does again. */
    @ParameterizedTest
    @CsvSource({
        "h2, false", "postgres, false", "mariadb, false",
        "h2, true", "postgres, true", "mariadb, true"
    })
    void batchOfTextsFails_whatStaysIsWhatTheBareDriverKeeps(String vendor, boolean withDataB) throws Exception {
        try (TwoSides sides = sides(vendor);
                Connection bare = sides.bare(Side.NEW);
                Connection connection = connect(sides)) {
            assertThat(failingBatch(connection, withDataB)).isEqualTo(failingBatch(bare, withDataB));
            for (String rows : new String[] {PAPERS, SUMS}) {
                assertThat(sides.rows(Side.OLD, rows)).isEqualTo(sides.rows(Side.NEW, rows));
            }
            assertThat(connection.getAutoCommit()).isTrue();
            try (Statement statement = connection.createStatement()) {
                statement.addBatch("INSERT INTO paper VALUES (5, 'good')");
                statement.addBatch("INSERT INTO paper VALUES (6, 'good')");
                assertThat(statement.executeBatch()).containsExactly(1, 1);
                assertThat(sides.rows(Side.OLD, PAPERS)).contains("5|good", "6|good");
            }
        }
    }

    private static String failingBatch(Connection connection, boolean withDataB) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.addBatch("INSERT INTO paper VALUES (1, 'good')");
            if (withDataB) {
                statement.addBatch("INSERT INTO derived_sum VALUES (1)");
            }
            statement.addBatch("INSERT INTO paper VALUES (1, 'bad')");
            statement.addBatch("INSERT INTO paper VALUES (2, 'good')");
            return Arrays.toString(statement.executeBatch());
        } catch (BatchUpdateException e) {
            return Arrays.toString(e.getUpdateCounts());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"h2", "postgres", "mariadb"})
    void preparedBatchOfStreams_isWritten(String vendor) throws Exception {
        try (TwoSides sides = sides(vendor);
                Connection connection = connect(sides);
                PreparedStatement insert = connection.prepareStatement("INSERT INTO paper VALUES (?, ?)")) {
            for (int id = 1; id <= 2; id++) {
                insert.setInt(1, id);
                insert.setCharacterStream(2, new StringReader("note " + id), 6);
                insert.addBatch();
            }
            assertThat(insert.executeBatch()).hasSize(2);
            assertThat(sides.rows(Side.OLD, PAPERS)).containsExactly("1|note 1", "2|note 2");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "h2, true", "postgres, true", "mariadb, true",
        "h2, false", "postgres, false", "mariadb, false"
    })
    void batchOfDataA_givesTheKeysThatTheBareDriverGives(String vendor, boolean prepared) throws Exception {
        String identity =
                vendor.equals("mariadb") ? "BIGINT AUTO_INCREMENT" : "BIGINT GENERATED BY DEFAULT AS IDENTITY";
        try (TwoSides sides = new TwoSides(SharedServers.of(vendor), SharedServers.of(vendor), "paper")) {
            sides.prepare("CREATE TABLE paper (id " + identity + " PRIMARY KEY, note VARCHAR(20))");
            try (Connection connection = connect(sides);
                    Connection bare = sides.bare(Side.NEW)) {
                assertThat(keysOfBatch(connection, prepared)).isEqualTo(keysOfBatch(bare, prepared));
            }
        }
    }

    private static List<String> keysOfBatch(Connection connection, boolean prepared) throws SQLException {
        String insert = "INSERT INTO paper (note) VALUES ";
        try (Statement statement = prepared
                ? connection.prepareStatement(insert + "(?)", Statement.RETURN_GENERATED_KEYS)
                : connection.createStatement()) {
            for (int i = 0; i < 3; i++) {
                if (prepared) {
                    ((PreparedStatement) statement).setString(1, "note");
                    ((PreparedStatement) statement).addBatch();
                } else {
                    statement.addBatch(insert + "('note')");
                }
            }
            statement.executeBatch();
            return TwoSides.texts(statement.getGeneratedKeys());
        } catch (SQLException e) {
            return List.of(e.getClass().getName());
        }
    }
}
