package io.dualwrite.mirroring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dualwrite.ladder.Rung;
import io.dualwrite.servers.SharedServers;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the application asks of its session and statements between two transactions is its own, also after a step. */
class IdleSessionIT {
    private static TwoSides sides(String vendor) throws Exception {
        TwoSides sides = new TwoSides(SharedServers.of(vendor), SharedServers.of(vendor), "paper", TwoSides.PATIENT);
        sides.prepare("CREATE TABLE paper (id INT PRIMARY KEY, note VARCHAR(20))");
        return sides;
    }

    private static void insert(Connection connection, int id) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.executeUpdate("INSERT INTO paper VALUES (" + id + ", 'note')");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"mariadb", "postgres", "h2"})
    void otherSideIsReadAfterAStep_sessionIsTheApplications(String vendor) throws Exception {
        try (TwoSides sides = sides(vendor)) {
            sides.standing.move(Rung.STRICT_READ_OLD);
            try (Connection connection = sides.connect()) {
                int isolation = connection.getTransactionIsolation();
                int timeout = connection.getNetworkTimeout();
                insert(connection, 1);
                sides.settle();
                sides.standing.move(Rung.STRICT_READ_NEW);
                assertThat(connection.getTransactionIsolation()).isEqualTo(isolation);
                assertThat(connection.getNetworkTimeout()).isEqualTo(timeout);
                insert(connection, 2);
                assertThat(connection.getTransactionIsolation()).isEqualTo(isolation);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"mariadb", "postgres"})
    void networkTimeoutIsSetAfterAStep_itStays(String vendor) throws Exception {
        try (TwoSides sides = sides(vendor)) {
            sides.standing.move(Rung.STRICT_READ_OLD);
            try (Connection connection = sides.connect()) {
                insert(connection, 1);
                sides.settle();
                sides.standing.move(Rung.STRICT_READ_NEW);
                connection.setNetworkTimeout(Runnable::run, 123_000);
                insert(connection, 2);
                assertThat(connection.getNetworkTimeout()).isEqualTo(123_000);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Rung.class,
            names = {"OLD_ONLY", "DUAL_READ_OLD", "DUAL_READ_NEW"})
    void h2_queryTimeoutOutlastsAWrite(Rung rung) throws Exception {
        try (TwoSides sides = sides("h2")) {
            sides.standing.move(rung);
            try (Connection connection = sides.connect();
                    Statement statement = connection.createStatement()) {
                statement.setQueryTimeout(1);
                statement.executeUpdate("INSERT INTO paper VALUES (1, 'note')");
                assertThat(statement.getQueryTimeout()).isEqualTo(1);
                assertThatThrownBy(() -> statement.executeQuery("SELECT SUM(X) FROM SYSTEM_RANGE(1, 200000000)"))
                        .isInstanceOf(SQLException.class);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"mariadb", "postgres", "h2"})
    void parametersWereClearedOnAnotherRung_noneComesBack(String vendor) throws Exception {
        try (TwoSides sides = sides(vendor)) {
            sides.standing.move(Rung.DUAL_READ_OLD);
            try (Connection connection = sides.connect();
                    PreparedStatement query =
                            connection.prepareStatement("SELECT id FROM paper WHERE id = ? AND note = ?")) {
                insert(connection, 7);
                query.setInt(1, 1);
                query.setString(2, "note");
                query.executeQuery().close();
                sides.settle();
                sides.standing.move(Rung.DUAL_READ_NEW);
                query.clearParameters();
                sides.standing.move(Rung.DUAL_READ_OLD);
                query.setInt(1, 7);
                assertThatThrownBy(query::executeQuery).isInstanceOf(SQLException.class);
            }
        }
    }

    @Test
    void clientInfoChangesAfterItWasSet_legThatIsOpenedLaterHasWhatWasSet() throws Exception {
        try (TwoSides sides = sides("postgres");
                Connection connection = sides.connect()) {
            Properties set = new Properties();
            set.setProperty("ApplicationName", "first");
            connection.setClientInfo(set);
            set.setProperty("ApplicationName", "second");
            sides.standing.move(Rung.NEW_ONLY);
            assertThat(connection.getClientInfo("ApplicationName")).isEqualTo("first");
        }
    }
}
