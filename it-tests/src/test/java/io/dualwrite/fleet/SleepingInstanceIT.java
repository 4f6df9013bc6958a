package io.dualwrite.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dualwrite.dialect.Dialect;
import io.dualwrite.dialect.Dialects;
import io.dualwrite.dialect.ServerSession;
import io.dualwrite.ladder.Side;
import io.dualwrite.servers.SharedServers;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An instance that was buried while it slept, through the driver itself, between real servers (R29). */
class SleepingInstanceIT {
    private static final String WRITE = "INSERT INTO item (id) VALUES (%d)";

    @TempDir
    Path folder;

    private int written;

    @ParameterizedTest
    @ValueSource(strings = {"postgres", "mariadb"})
    void buriedWhileAsleep_writesNothing_untilItsHeartbeatHasTakenItBack(String vendor) throws Exception {
        try (LiveFleet fleet =
                new LiveFleet(folder, SharedServers.of(vendor), SharedServers.of("postgres"), "asleep")) {
            fleet.run(Side.OLD, "CREATE TABLE item (id INT PRIMARY KEY)");
            // Between two heartbeats the instance is asleep as far as the registry knows.
            Path file = fleet.file("app-1", 2, "fleet.size = 1", "heartbeat = 5 s");
            String url = "jdbc:dualwrite:" + file;
            try (Connection held = DriverManager.getConnection(url)) {
                write(held);
                awaitRefusal(fleet, url);
                assertThatThrownBy(() -> write(held)).isInstanceOf(SQLException.class);
                fleet.await(() -> writes(url));
            }
        }
    }

    /** Buries the instance and ends its sessions, again where a heartbeat came in between. */
    private void awaitRefusal(LiveFleet fleet, String url) {
        fleet.await(() -> {
            fleet.run(Side.OLD, "UPDATE dualwrite_instance SET gone = 1");
            endAllSessions(fleet);
            try (Connection refused = DriverManager.getConnection(url)) {
                write(refused);
                return false;
            } catch (SQLException e) {
                assertThat((Throwable) e)
                        .hasMessageContaining("Instance app-1 was silent for longer than fleet.dead")
                        .hasMessageContaining("until its next heartbeat has taken it back into the fleet");
                assertThat(e.getSQLState()).isEqualTo("08004");
                return true;
            }
        });
    }

    private static void endAllSessions(LiveFleet fleet) throws SQLException {
        try (Connection connection = fleet.connect(Side.OLD)) {
            Dialect dialect = Dialects.of(connection);
            for (ServerSession session : dialect.sessions(connection)) {
                dialect.endSession(connection, session);
            }
        }
    }

    private boolean writes(String url) {
        try (Connection connection = DriverManager.getConnection(url)) {
            write(connection);
            return true;
        } catch (SQLException e) {
            return false;
        }
    }

    private void write(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.executeUpdate(String.format(WRITE, ++written));
        }
    }
}
