package io.dualwrite.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualwrite.ladder.Phase;
import io.dualwrite.ladder.Side;
import io.dualwrite.servers.SharedServers;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TimeZone;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An application in Berlin, whose instants have a zone on old (PostgreSQL) and none on new (MariaDB). */
class WallClocksIT {
    private static final List<Instant> NOONS =
            List.of(Instant.parse("2026-01-15T12:00:00Z"), Instant.parse("2026-07-15T12:00:00Z"));

    private static final String[] BY_UTC = {
        "gate = off",
        "fleet.size = 1",
        "heartbeat = 100 ms",
        "new.property.connectionTimeZone = UTC",
        "new.property.preserveInstants = true"
    };

    @TempDir
    Path folder;

    private TimeZone machines;

    @BeforeEach
    void goToBerlin() {
        machines = TimeZone.getDefault();
        TimeZone.setDefault(TimeZone.getTimeZone("Europe/Berlin"));
    }

    @AfterEach
    void comeBack() {
        TimeZone.setDefault(machines);
    }

    @Test
    void driverOfNewGoesByBerlin_instanceStaysOnOldAlone() throws Exception {
        try (LiveFleet fleet = fleet("berlin")) {
            RunningInstance instance = fleet.start("app-1", 3, "gate = off", "fleet.size = 1", "heartbeat = 100 ms");
            fleet.await(() -> instance.waitsFor() != null);
            assertThat(instance.waitsFor())
                    .contains("event.happened has a time zone on old and none on new")
                    .contains("this process would write noon UTC there as [2026-01-15 13:00, 2026-07-15 14:00]");
        }
    }

    @Test
    void driverOfNewGoesByUtc_everyInstantIsReadAsItWasWritten() throws Exception {
        try (LiveFleet fleet = fleet("utc")) {
            List<Instant> written = new ArrayList<>();
            for (int phase : new int[] {1, 3, 5, 6, 5, 3, 1}) {
                String url = "jdbc:dualwrite:" + fleet.file("app-1", phase, BY_UTC);
                try (Connection connection = DriverManager.getConnection(url)) {
                    fleet.await(() -> standsAsAsked(fleet, phase));
                    if (phase != 6 && phase != 1) {
                        write(connection, written);
                        assertThat(read(connection)).as("in %s", phase).isEqualTo(written);
                    }
                }
            }
            for (Side side : Side.values()) {
                try (Connection connection = connect(fleet, side)) {
                    assertThat(read(connection)).as("on %s", side).isEqualTo(written);
                }
            }
        }
    }

    private LiveFleet fleet(String name) throws SQLException {
        LiveFleet fleet =
                new LiveFleet(folder, SharedServers.of("postgres"), SharedServers.of("mariadb"), "wall_clocks_" + name);
        fleet.run(Side.OLD, "CREATE TABLE event (id INT PRIMARY KEY, happened TIMESTAMPTZ)");
        fleet.run(Side.NEW, "CREATE TABLE event (id INT PRIMARY KEY, happened DATETIME(6))");
        return fleet;
    }

    private static Connection connect(LiveFleet fleet, Side side) throws SQLException {
        String zone = side == Side.OLD ? "" : "connectionTimeZone=UTC&preserveInstants=true";
        String url = fleet.url(side);
        return DriverManager.getConnection(
                url + (url.contains("?") ? "&" : "?") + zone,
                fleet.server(side).user(),
                fleet.server(side).password());
    }

    private static boolean standsAsAsked(LiveFleet fleet, int phase) throws SQLException {
        Side authority = phase >= 5 ? Side.NEW : Side.OLD;
        try (Connection connection = fleet.connect(authority);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(
                        "SELECT rung FROM dualwrite_instance WHERE name = 'app-1' AND moving_from IS NULL")) {
            return rows.next()
                    && rows.getString(1).equals(Phase.of(phase).rung().name());
        }
    }

    private static void write(Connection connection, List<Instant> written) throws SQLException {
        for (Instant noon : NOONS) {
            try (PreparedStatement insert =
                    connection.prepareStatement("INSERT INTO event (id, happened) VALUES (?, ?)")) {
                insert.setInt(1, written.size());
                insert.setTimestamp(2, Timestamp.from(noon));
                insert.executeUpdate();
            }
            written.add(noon);
        }
    }

    private static List<Instant> read(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT happened FROM event ORDER BY id")) {
            List<Instant> read = new ArrayList<>();
            while (rows.next()) {
                read.add(rows.getTimestamp(1).toInstant());
            }
            return read;
        }
    }
}
