package io.dualwrite.mirroring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dualwrite.config.Settings;
import io.dualwrite.ladder.Phase;
import io.dualwrite.ladder.Rung;
import io.dualwrite.ladder.Side;
import io.dualwrite.servers.SharedServers;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** On a rung with one leg a statement goes a short way once one like it has gone the whole; whatever changes is met by the next. */
class ShortWayIT {

    /** How the application runs a text. */
    enum Form {
        UPDATE {
            @Override
            void run(Connection connection, Statement statement, String sql) throws SQLException {
                assertThat(statement.executeUpdate(sql)).isEqualTo(1);
            }
        },
        EXECUTE {
            @Override
            void run(Connection connection, Statement statement, String sql) throws SQLException {
                assertThat(statement.execute(sql)).isFalse();
                assertThat(statement.getUpdateCount()).isEqualTo(1);
            }
        },
        PREPARED {
            @Override
            void run(Connection connection, Statement statement, String sql) throws SQLException {
                try (PreparedStatement prepared = connection.prepareStatement(sql)) {
                    assertThat(prepared.executeUpdate()).isEqualTo(1);
                }
            }
        };

        abstract void run(Connection connection, Statement statement, String sql) throws SQLException;
    }

    private static TwoSides sides() throws Exception {
        TwoSides sides = new TwoSides(SharedServers.of("h2"), SharedServers.of("h2"), "paper");
        sides.prepare(
                "CREATE TABLE paper (id INT PRIMARY KEY, note VARCHAR(20))",
                "CREATE TABLE derived_sum (id INT PRIMARY KEY)");
        return sides;
    }

    @ParameterizedTest
    @EnumSource(Form.class)
    void phaseThatChanges_isMetByTheNextStatement(Form form) throws Exception {
        try (TwoSides sides = sides()) {
            AtomicReference<Settings> settings = new AtomicReference<>(sides.settings(Phase.ONE));
            try (Connection connection = sides.connectBy(settings::get);
                    Statement statement = connection.createStatement()) {
                for (int id = 1; id <= 3; id++) {
                    form.run(connection, statement, "INSERT INTO derived_sum VALUES (" + id + ")");
                }
                assertThat(marked(sides)).as("in 1").isFalse();
                settings.set(sides.settings(Phase.TWO));
                form.run(connection, statement, "INSERT INTO derived_sum VALUES (4)");
                assertThat(marked(sides)).as("in 2").isTrue();
            }
        }
    }

    private static boolean marked(TwoSides sides) throws SQLException {
        return !sides.rows(Side.OLD, "SELECT table_name FROM dualwrite_mark").isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Form.class)
    void rungThatChanges_isMetByTheNextStatement(Form form) throws Exception {
        try (TwoSides sides = sides();
                Connection connection = sides.connect();
                Statement statement = connection.createStatement()) {
            for (int id = 1; id <= 3; id++) {
                form.run(connection, statement, "INSERT INTO paper VALUES (" + id + ", 'old alone')");
            }
            sides.standing.move(Rung.DUAL_READ_OLD);
            assertThat(sides.standing.drained()).isTrue();
            form.run(connection, statement, "INSERT INTO paper VALUES (4, 'both')");
            sides.settle();
            assertThat(sides.rows(Side.NEW, "SELECT id FROM paper")).containsExactly("4");
        }
    }

    @Test
    void transactionThatGoesOn_keepsItsRung() throws Exception {
        try (TwoSides sides = sides();
                Connection connection = sides.connect();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            for (int id = 1; id <= 3; id++) {
                statement.executeUpdate("INSERT INTO paper VALUES (" + id + ", 'old alone')");
            }
            connection.commit();
            statement.executeUpdate("INSERT INTO paper VALUES (4, 'old alone')");
            sides.standing.move(Rung.DUAL_READ_OLD);
            assertThat(sides.standing.stragglers().values()).containsExactly("an open transaction on OLD_ONLY");
            statement.executeUpdate("INSERT INTO paper VALUES (5, 'old alone')");
            connection.commit();
            assertThat(sides.standing.drained()).isTrue();
            assertThat(sides.rows(Side.NEW, "SELECT id FROM paper")).isEmpty();
        }
    }

    /** The first goes the whole way, the others the short one. */
    @Test
    void rowsThatAWriteGives_keepTheirConnectionUntilTheyAreClosed() throws Exception {
        try (TwoSides sides = sides();
                Connection connection = sides.connect();
                Statement statement = connection.createStatement()) {
            for (int id = 1; id <= 3; id++) {
                ResultSet rows = statement.executeQuery(
                        "SELECT id FROM FINAL TABLE (INSERT INTO paper VALUES (" + id + ", 'x'))");
                sides.standing.move(Rung.DUAL_READ_OLD);
                assertThat(sides.standing.stragglers().values())
                        .as("row %d", id)
                        .containsExactly("rows that are still read on OLD_ONLY");
                assertThat(rows.next()).isTrue();
                rows.close();
                assertThat(sides.standing.drained()).isTrue();
                sides.standing.move(Rung.OLD_ONLY);
            }
        }
    }

    @Test
    void textThatFails_letsTheRungGo() throws Exception {
        try (TwoSides sides = sides();
                Connection connection = sides.connect();
                Statement statement = connection.createStatement()) {
            statement.executeUpdate("INSERT INTO paper VALUES (1, 'one')");
            for (Form form : new Form[] {Form.UPDATE, Form.EXECUTE}) {
                assertThatThrownBy(() -> form.run(connection, statement, "INSERT INTO paper VALUES (1, 'again')"))
                        .isInstanceOf(SQLException.class)
                        .hasFieldOrPropertyWithValue("SQLState", "23505");
            }
            sides.standing.move(Rung.DUAL_READ_OLD);
            assertThat(sides.standing.drained()).isTrue();
        }
    }

    /** A batch belongs to the side on which it was begun, whatever the statement did on the other before. */
    @Test
    void batchThatIsCleared_afterAWalk_isNotRun() throws Exception {
        try (TwoSides sides = sides();
                Connection connection = sides.connect();
                PreparedStatement prepared = connection.prepareStatement("INSERT INTO paper (id) VALUES (?)");
                Statement plain = connection.createStatement()) {
            sides.standing.move(Rung.OLD_ONLY);
            prepared.setInt(1, 1);
            prepared.executeUpdate();
            plain.executeUpdate("INSERT INTO paper (id) VALUES (2)");
            sides.standing.move(Rung.NEW_ONLY);
            prepared.setInt(1, 3);
            prepared.addBatch();
            prepared.clearBatch();
            prepared.setInt(1, 4);
            prepared.addBatch();
            assertThat(prepared.executeBatch()).containsExactly(1);
            plain.addBatch("INSERT INTO paper (id) VALUES (5)");
            plain.clearBatch();
            plain.addBatch("INSERT INTO paper (id) VALUES (6)");
            assertThat(plain.executeBatch()).containsExactly(1);
            assertThat(sides.rows(Side.NEW, "SELECT id FROM paper ORDER BY id")).containsExactly("4", "6");
        }
    }
}
