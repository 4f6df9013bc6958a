package io.dualwrite.mirroring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dualwrite.ladder.Rung;
import io.dualwrite.ladder.Side;
import io.dualwrite.servers.SharedServers;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Isolation levels and constraints that are checked late, with two commits in place of one (R27). */
class IsolationIT {
    private static final String DUTY = "SELECT id, on_duty FROM duty ORDER BY id";

    private static TwoSides sides(String vendor) throws Exception {
        TwoSides sides = new TwoSides(SharedServers.of(vendor), SharedServers.of(vendor), "duty, ward, patient");
        sides.prepare(
                "CREATE TABLE duty (id INT PRIMARY KEY, on_duty INT NOT NULL)",
                "INSERT INTO duty VALUES (1, 1), (2, 1)");
        return sides;
    }

    private static int onDuty(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT id FROM duty WHERE on_duty = 1")) {
            int count = 0;
            while (rows.next()) {
                count++;
            }
            return count;
        }
    }

    private static void serializable(Connection connection, boolean byText) throws SQLException {
        if (byText) {
            try (Statement statement = connection.createStatement()) {
                statement.execute("BEGIN ISOLATION LEVEL SERIALIZABLE");
            }
        } else {
            connection.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE);
            connection.setAutoCommit(false);
        }
    }

    /** The SQLSTATE of what failed, or that nothing has. */
    private static String goesOff(Connection connection, int id) {
        try (Statement statement = connection.createStatement()) {
            statement.executeUpdate("UPDATE duty SET on_duty = 0 WHERE id = " + id);
            statement.execute("COMMIT");
            return "00000";
        } catch (SQLException e) {
            return e.getSQLState();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "STRICT_READ_OLD, STRICT_READ_NEW, false",
        "STRICT_READ_OLD, STRICT_READ_NEW, true",
        "STRICT_READ_NEW, STRICT_NEW_FIRST, false",
        "STRICT_NEW_FIRST, STRICT_READ_NEW, true",
        "STRICT_NEW_FIRST, STRICT_NEW_FIRST, false"
    })
    void twoInstancesReadOnDifferentSides_oneOfTwoThatWritePastEachOtherFails(Rung first, Rung second, boolean byText)
            throws Exception {
        try (TwoSides sides = sides("postgres");
                Connection one = sides.connectOn(first);
                Connection other = sides.connectOn(second)) {
            serializable(one, byText);
            serializable(other, byText);
            assertThat(onDuty(one)).isEqualTo(2);
            assertThat(onDuty(other)).isEqualTo(2);
            assertThat(goesOff(one, 1)).isEqualTo("00000");
            assertThat(goesOff(other, 2)).isEqualTo("40001");
            try (Statement statement = other.createStatement()) {
                statement.execute("ROLLBACK");
            }
            assertThat(sides.rows(Side.NEW, DUTY))
                    .isEqualTo(sides.rows(Side.OLD, DUTY))
                    .containsExactly("1|0", "2|1");
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Rung.class,
            names = {"STRICT_READ_OLD", "STRICT_READ_NEW", "STRICT_NEW_FIRST"})
    void newWouldRefuseAtItsCommit_bothAreRolledBackBeforeTheFirst(Rung rung) throws Exception {
        try (TwoSides sides = sides("postgres")) {
            for (Side side : Side.values()) {
                sides.on(
                        side,
                        List.of(
                                "CREATE TABLE ward (id INT PRIMARY KEY)",
                                "CREATE TABLE patient (id INT PRIMARY KEY, ward INT REFERENCES ward (id)"
                                        + " DEFERRABLE INITIALLY DEFERRED)",
                                "INSERT INTO ward VALUES (1), (2)"));
            }
            sides.on(rung.mirror(), List.of("DELETE FROM ward WHERE id = 2"));
            sides.standing.move(rung);
            try (Connection connection = sides.connect();
                    Statement statement = connection.createStatement()) {
                connection.setAutoCommit(false);
                statement.executeUpdate("INSERT INTO patient VALUES (1, 1)");
                connection.commit();
                statement.executeUpdate("INSERT INTO patient VALUES (2, 2)");
                assertThatThrownBy(connection::commit)
                        .isInstanceOf(SQLException.class)
                        .extracting(e -> ((SQLException) e).getSQLState())
                        .isEqualTo("40000");
                sides.settle();
                assertThat(sides.rows(Side.OLD, "SELECT id FROM patient"))
                        .isEqualTo(sides.rows(Side.NEW, "SELECT id FROM patient"))
                        .containsExactly("1");
            }
        }
    }

    /** The transactions of the leg that nobody reads stay READ COMMITTED, whatever the application says in between. */
    @ParameterizedTest
    @CsvSource({
        "postgres, SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL SERIALIZABLE, SELECT current_setting('transaction_isolation')",
        "mariadb, SET SESSION TRANSACTION ISOLATION LEVEL SERIALIZABLE, SELECT @@SESSION.tx_isolation"
    })
    void isolationByText_isTheApplications_andNotTheMirrors(String vendor, String text, String query) throws Exception {
        try (TwoSides sides = sides(vendor)) {
            sides.on(
                    Side.NEW,
                    List.of(
                            "CREATE TABLE seen (level VARCHAR(40))",
                            vendor.equals("postgres")
                                    ? "CREATE FUNCTION look() RETURNS TRIGGER LANGUAGE plpgsql AS 'BEGIN"
                                            + " INSERT INTO seen " + query.replace("'", "''") + "; RETURN NEW; END'"
                                    : "CREATE TRIGGER looks AFTER UPDATE ON duty FOR EACH ROW INSERT INTO seen "
                                            + query));
            if (vendor.equals("postgres")) {
                sides.on(
                        Side.NEW,
                        List.of("CREATE TRIGGER looks AFTER UPDATE ON duty FOR EACH ROW EXECUTE FUNCTION look()"));
            }
            sides.standing.move(Rung.DUAL_READ_OLD);
            try (Connection connection = sides.connect();
                    Statement statement = connection.createStatement()) {
                statement.executeUpdate("UPDATE duty SET on_duty = 2 WHERE id = 1");
                statement.execute(text);
                statement.executeUpdate("UPDATE duty SET on_duty = 3 WHERE id = 1");
                assertThat(connection.getTransactionIsolation()).isEqualTo(Connection.TRANSACTION_SERIALIZABLE);
            }
            sides.settle();
            assertThat(sides.rows(Side.NEW, "SELECT LOWER(REPLACE(level, '-', ' ')) FROM seen"))
                    .containsExactly("read committed", "read committed");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"postgres", "mariadb"})
    void beginReadOnlyByText_holdsOnDualRungs(String vendor) throws Exception {
        for (Rung rung : List.of(Rung.DUAL_READ_OLD, Rung.STRICT_READ_NEW, Rung.STRICT_NEW_FIRST, Rung.DUAL_READ_NEW)) {
            try (TwoSides sides = sides(vendor)) {
                sides.standing.move(rung);
                try (Connection connection = sides.connect();
                        Statement statement = connection.createStatement()) {
                    statement.execute("START TRANSACTION READ ONLY");
                    assertThatThrownBy(() -> statement.executeUpdate("UPDATE duty SET on_duty = 5 WHERE id = 1"))
                            .isInstanceOf(SQLException.class)
                            .extracting(e -> ((SQLException) e).getSQLState())
                            .isEqualTo("25006");
                    statement.execute("ROLLBACK");
                    assertThat(statement.executeUpdate("UPDATE duty SET on_duty = 6 WHERE id = 1"))
                            .isEqualTo(1);
                    sides.settle();
                    assertThat(sides.rows(Side.NEW, DUTY))
                            .isEqualTo(sides.rows(Side.OLD, DUTY))
                            .containsExactly("1|6", "2|1");
                }
            }
        }
    }

    /** PostgreSQL asks for no comma between them. */
    @ParameterizedTest
    @CsvSource({
        "START TRANSACTION ISOLATION LEVEL SERIALIZABLE READ ONLY, serializable on off",
        "START TRANSACTION ISOLATION LEVEL REPEATABLE READ READ WRITE, repeatable read off off",
        "START TRANSACTION READ WRITE ISOLATION LEVEL READ COMMITTED, read committed off off",
        "BEGIN ISOLATION LEVEL READ UNCOMMITTED READ ONLY NOT DEFERRABLE, read uncommitted on off",
        "BEGIN TRANSACTION ISOLATION LEVEL SERIALIZABLE READ ONLY DEFERRABLE, serializable on on"
    })
    void beginWithSeveralModes_allHoldOnDualRungs(String begin, String modes) throws Exception {
        try (TwoSides sides = sides("postgres")) {
            for (Rung rung :
                    List.of(Rung.DUAL_READ_OLD, Rung.STRICT_READ_OLD, Rung.STRICT_NEW_FIRST, Rung.DUAL_READ_NEW)) {
                sides.standing.move(rung);
                try (Connection connection = sides.connect();
                        Statement statement = connection.createStatement()) {
                    statement.execute(begin);
                    assertThat(
                                    TwoSides.texts(
                                            statement.executeQuery(
                                                    "SELECT CONCAT_WS(' ', current_setting('transaction_isolation'),"
                                                            + " current_setting('transaction_read_only'), current_setting('transaction_deferrable'))")))
                            .as("%s", rung)
                            .containsExactly(modes);
                    statement.execute("COMMIT");
                }
                sides.settle();
            }
        }
    }

    /** MariaDB tells the rows of an UPDATE by reads around it, which must not see the past that a transaction's plain reads see. */
    @ParameterizedTest
    @CsvSource({
        "UPDATE ward SET name = 'x' WHERE beds < 10, DUAL_READ_OLD",
        "UPDATE ward SET name = 'x' WHERE beds < 10, STRICT_READ_OLD",
        "UPDATE ward SET name = 'x' WHERE beds < 10, STRICT_NEW_FIRST",
        "UPDATE ward SET name = 'x' WHERE beds < 10, DUAL_READ_NEW",
        "UPDATE ward SET name = 'y' WHERE id IN (SELECT ward FROM patient WHERE id = 7), DUAL_READ_OLD",
        "UPDATE ward SET name = 'y' WHERE id IN (SELECT ward FROM patient WHERE id = 7), STRICT_READ_NEW",
        "UPDATE ward SET name = 'y' WHERE id = (SELECT MAX(ward) FROM (SELECT * FROM patient) p), DUAL_READ_NEW"
    })
    void updateAfterAnothersCommit_bringsWhatIsThereNow(String update, Rung rung) throws Exception {
        String wards = "SELECT id, name, beds FROM ward ORDER BY id";
        try (TwoSides sides = sides("mariadb")) {
            for (Side side : Side.values()) {
                sides.on(
                        side,
                        List.of(
                                "CREATE TABLE ward (id INT PRIMARY KEY, name VARCHAR(9), beds INT)",
                                "CREATE TABLE patient (id INT PRIMARY KEY, ward INT)",
                                "INSERT INTO ward VALUES (1, 'x', 3), (2, 'z', 4)",
                                "INSERT INTO patient VALUES (7, 1)"));
            }
            sides.standing.move(rung);
            try (Connection reader = sides.connect();
                    Connection other = sides.connect();
                    Statement late = reader.createStatement();
                    Statement first = other.createStatement()) {
                reader.setAutoCommit(false);
                assertThat(TwoSides.texts(late.executeQuery("SELECT beds FROM ward WHERE id = 1")))
                        .containsExactly("3");
                first.executeUpdate("UPDATE ward SET beds = 5 WHERE id = 1");
                first.executeUpdate("UPDATE patient SET ward = 2 WHERE id = 7");
                late.executeUpdate(update);
                reader.commit();
            }
            sides.settle();
            assertThat(sides.rows(Side.NEW, wards))
                    .isEqualTo(sides.rows(Side.OLD, wards))
                    .contains("1|x|5");
        }
    }
}
