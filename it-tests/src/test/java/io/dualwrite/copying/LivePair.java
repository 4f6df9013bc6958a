package io.dualwrite.copying;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.dualwrite.copier.cli.DualwriteCli;
import io.dualwrite.copier.cli.ExitCode;
import io.dualwrite.ladder.Rung;
import io.dualwrite.ladder.Side;
import io.dualwrite.servers.DatabaseServer;
import io.dualwrite.servers.SharedServers;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** Two databases on two servers of a vendor, and two instances of an application that go through the driver. */
final class LivePair implements AutoCloseable {
    static final List<String> INSTANCES = List.of("app-1", "app-2");

    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Path directory;
    private final String vendor;
    private final Side mirror;
    private final Map<Side, DatabaseServer> servers;
    private final String database = "live" + NUMBER.incrementAndGet();
    private final List<Connection> kept = new ArrayList<>();

    /** @param mirror the side that may be ended and started again: it has a server of its own */
    LivePair(Path directory, String vendor, Side mirror) throws SQLException, IOException {
        this.directory = directory;
        this.vendor = vendor;
        this.mirror = mirror;
        servers = Map.of(mirror, SharedServers.secondOf(vendor), mirror.other(), SharedServers.of(vendor));
        for (DatabaseServer server : servers.values()) {
            server.createDatabase(database);
        }
        write("operator", 1);
        StringWriter said = new StringWriter();
        PrintWriter console = new PrintWriter(said);
        assertThat(DualwriteCli.run(
                        console, console, "init", "-c", file("operator").toString()))
                .as(said.toString())
                .isEqualTo(ExitCode.FINE);
    }

    Path file(String instance) {
        return directory.resolve(instance + ".properties");
    }

    private void write(String instance, int phase) throws IOException {
        List<String> lines = new ArrayList<>(List.of(
                "phase = " + phase,
                "dataA = *",
                "instance = " + instance,
                "fleet.size = " + INSTANCES.size(),
                "heartbeat = 50 ms",
                "breaker.pause = 500 ms",
                "gate = off"));
        for (Side side : Side.values()) {
            DatabaseServer server = server(side);
            lines.add(side.word() + ".url = " + server.jdbcUrl(database));
            lines.add(side.word() + ".user = " + server.user());
            lines.add(side.word() + ".password = " + server.password());
        }
        Files.write(file(instance), lines);
    }

    /** Starts the instances and waits until both stand on the rung. */
    void arrive(Rung rung) throws SQLException, IOException {
        for (int phase : rung == Rung.DUAL_READ_NEW ? new int[] {3, 5} : new int[] {3}) {
            for (String instance : INSTANCES) {
                write(instance, phase);
            }
            while (kept.size() < INSTANCES.size()) {
                kept.add(connect(INSTANCES.get(kept.size())));
            }
            Rung wanted = phase == 3 ? Rung.DUAL_READ_OLD : Rung.DUAL_READ_NEW;
            await("the fleet at " + phase)
                    .atMost(PATIENCE)
                    .until(() -> rows(
                                            wanted.authority(),
                                            "SELECT name FROM dualwrite_instance WHERE rung = '" + wanted
                                                    + "' AND moving_from IS NULL")
                                    .size()
                            == INSTANCES.size());
        }
    }

    /** From 3, opens the crossing by the first instance's file and waits until it reads new and the other old. */
    void cross() throws IOException {
        write(INSTANCES.get(0), 5);
        await("the crossing is open").atMost(PATIENCE).until(() -> rows(
                        Side.OLD,
                        "SELECT rung FROM dualwrite_instance WHERE rung LIKE 'STRICT%' AND moving_from IS NULL"
                                + " ORDER BY name")
                .equals(List.of(Rung.STRICT_READ_NEW.name(), Rung.STRICT_READ_OLD.name())));
    }

    void on(Side side, String sql) throws SQLException {
        run(side, sql);
    }

    /** A connection of the application's. */
    Connection connect(String instance) throws SQLException {
        return DriverManager.getConnection("jdbc:dualwrite:" + file(instance));
    }

    DatabaseServer server(Side side) {
        return servers.get(side);
    }

    void onBoth(String sql) throws SQLException {
        run(Side.OLD, sql);
        run(Side.NEW, sql);
    }

    void onMirror(String sql) throws SQLException {
        run(mirror, sql);
    }

    private void run(Side side, String sql) throws SQLException {
        try (Connection connection = server(side).connect(database);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    List<String> rows(Side side, String sql) throws SQLException {
        List<String> found = new ArrayList<>();
        try (Connection connection = server(side).connect(database);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            int columns = rows.getMetaData().getColumnCount();
            while (rows.next()) {
                StringBuilder row = new StringBuilder();
                for (int i = 1; i <= columns; i++) {
                    row.append(i == 1 ? "" : ",").append(rows.getString(i));
                }
                found.add(row.toString());
            }
        }
        return found;
    }

    @Override
    public void close() throws SQLException {
        for (Connection connection : kept) {
            connection.close();
        }
    }

    @Override
    public String toString() {
        return vendor + ", mirror " + mirror;
    }
}
