package io.dualwrite.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dualwrite.copier.cli.ExitCode;
import io.dualwrite.ladder.Rung;
import io.dualwrite.ladder.Side;
import io.dualwrite.servers.DatabaseServer;
import io.dualwrite.servers.DatabaseServers;
import io.dualwrite.servers.SharedServers;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who else has a session at a real server, by the address that the server sees (R29). */
class ForeignSessionIT {
    private static final String ELSEWHERE = "127.0.0.2";
    private static final String[] FAST = {"fleet.size = 2", "heartbeat = 100 ms"};

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"postgres", "mariadb"})
    void sessionFromElsewhere_shutsTheGate_untilAllowedOrEnded(String vendor) throws Exception {
        try (DatabaseServer server = DatabaseServers.start(vendor);
                LiveFleet fleet = new LiveFleet(folder, server, SharedServers.of("postgres"), "foreign")) {
            fleet.start("app-1", 3, FAST);
            fleet.start("app-2", 3, FAST);
            letIn(fleet);
            try (Connection stranger = connectFrom(fleet);
                    Statement writes = stranger.createStatement()) {
                stranger.setAutoCommit(false);
                writes.execute("CREATE TABLE left_alone (id INT PRIMARY KEY)");
                writes.execute("INSERT INTO left_alone VALUES (1)");
                fleet.await(() -> fleet.dualwrite("gate", "--to", "3") == ExitCode.DIFFERENCES
                        && fleet.said()
                                        .lines()
                                        .filter(line -> line.startsWith("SHUT"))
                                        .count()
                                == 1);
                assertThat(fleet.said())
                        .contains("SHUT  sessions   no live instance's: session")
                        .contains("from " + ELSEWHERE + ":")
                        .doesNotContain("--end-sessions");
                fleet.operator("sessions.allowed = " + ELSEWHERE);
                assertThat(fleet.dualwrite("gate", "--to", "3", "--dry-run")).isEqualTo(ExitCode.FINE);
                fleet.operator();

                fleet.run(
                        Side.OLD,
                        "INSERT INTO dualwrite_instance (name, incarnation, rung, asked, arrived_at,"
                                + " heartbeat_at, gone, waits_for, fingerprint, fleet_size, client) VALUES"
                                + " ('app-3', 'x', 'OLD_ONLY', 1, 0, 0, 0, '', '', 2, '" + ELSEWHERE + "')");
                assertThat(fleet.dualwrite("gate", "--to", "3")).isEqualTo(ExitCode.DIFFERENCES);
                assertThat(fleet.said()).contains("(of app-3, which is dead)");
                assertThat(fleet.dualwrite("gate", "--to", "3", "--end-sessions"))
                        .as(fleet.said())
                        .isEqualTo(ExitCode.FINE);
                assertThat(fleet.said()).contains("ended session");
                assertThatThrownBy(stranger::commit).isInstanceOf(SQLException.class);
            }
            fleet.awaitRung(Rung.DUAL_READ_OLD);
        }
    }

    /** Lets PostgreSQL take connections from any address of this machine. */
    private static void letIn(LiveFleet fleet) throws Exception {
        if (!fleet.server(Side.OLD).vendor().equals("postgres")) {
            return;
        }
        try (Connection connection = fleet.connect(Side.OLD);
                Statement statement = connection.createStatement()) {
            String rules;
            try (ResultSet row = statement.executeQuery("SHOW hba_file")) {
                row.next();
                rules = row.getString(1);
            }
            statement.execute("COPY (VALUES ('host all all 127.0.0.0/8 trust')) TO '" + rules + "'");
            statement.execute("SELECT pg_reload_conf()");
        }
        fleet.await(() -> {
            try (Connection connection = connectFrom(fleet)) {
                return connection.isValid(1);
            } catch (SQLException notYet) {
                return false;
            }
        });
    }

    private static Connection connectFrom(LiveFleet fleet) throws SQLException {
        DatabaseServer server = fleet.server(Side.OLD);
        Properties properties = new Properties();
        properties.setProperty("user", server.user());
        properties.setProperty("password", server.password());
        properties.setProperty("localSocketAddress", ELSEWHERE);
        return DriverManager.getConnection(fleet.url(Side.OLD), properties);
    }
}
