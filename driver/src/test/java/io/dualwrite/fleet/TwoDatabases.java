package io.dualwrite.fleet;

import io.dualwrite.config.SettingsException;
import io.dualwrite.config.SettingsFile;
import io.dualwrite.ladder.Pass;
import io.dualwrite.ladder.Side;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Two H2 databases in memory, a clock that only moves when told to, and instances whose beats the test calls itself. */
final class TwoDatabases implements SideConnector, AutoCloseable {
    private static final AtomicInteger NUMBER = new AtomicInteger();

    /** The time of both servers. */
    final AtomicLong clock = new AtomicLong(1_000_000);

    private final String name = "fleet" + NUMBER.incrementAndGet();
    private final Path folder;
    private final Map<Side, String> zones = new EnumMap<>(Side.class);
    private final Set<Side> unreachable = EnumSet.noneOf(Side.class);
    private final Connection keepsOld;
    private final Connection keepsNew;
    /** Fails the next commit on the side, after or before it has happened. */
    private volatile @Nullable Side failsCommit;

    private volatile boolean commitsBeforeItFails;
    private volatile int commitsToGo;
    private volatile Runnable elsewhere = () -> {};

    TwoDatabases(Path folder) throws SQLException {
        this.folder = folder;
        keepsOld = DriverManager.getConnection(url(Side.OLD));
        keepsNew = DriverManager.getConnection(url(Side.NEW));
    }

    String url(Side side) {
        return "jdbc:h2:mem:" + name + side.word();
    }

    @Override
    public Connection connect(Side side) throws SQLException {
        if (unreachable.contains(side)) {
            throw new SQLException("connection refused", "08001");
        }
        Connection connection = DriverManager.getConnection(url(side));
        String zone = zones.get(side);
        if (zone != null) {
            try (Statement statement = connection.createStatement()) {
                statement.execute("SET TIME ZONE '" + zone + "'");
            }
        }
        return FailingCommit.around(connection, commits -> {
            if (unreachable.contains(side)) {
                throw new SQLException("connection reset", "08006");
            }
            boolean fails = commits && failsCommit == side && commitsToGo-- == 0;
            if (fails) {
                failsCommit = null;
            }
            return !fails
                    ? FailingCommit.Fault.NONE
                    : commitsBeforeItFails ? FailingCommit.Fault.AFTER : FailingCommit.Fault.BEFORE;
        });
    }

    /** @param after how many commits on the side succeed before */
    void failCommit(Side side, int after, boolean commitsBeforeItFails) {
        commitsToGo = after;
        this.commitsBeforeItFails = commitsBeforeItFails;
        failsCommit = side;
    }

    /** The zone by which the driver of a side writes times from now on. */
    void zone(Side side, String zone) {
        zones.put(side, zone);
    }

    void cut(Side side) {
        unreachable.add(side);
    }

    void mend(Side side) {
        unreachable.remove(side);
    }

    /** As {@code dualwrite init} does. */
    TwoDatabases init() throws SQLException {
        init(Side.OLD, "m-1");
        init(Side.NEW, "m-1");
        return this;
    }

    void init(Side side, String migration) throws SQLException {
        sql(
                side,
                "CREATE TABLE dualwrite_instance (name VARCHAR(100) PRIMARY KEY, incarnation VARCHAR(40), rung VARCHAR(20),"
                        + " moving_from VARCHAR(20), asked INT, arrived_at BIGINT, heartbeat_at BIGINT, gone INT,"
                        + " waits_for VARCHAR(400) NOT NULL, fingerprint VARCHAR(64), fleet_size INT,"
                        + " paused INT DEFAULT 0 NOT NULL, client VARCHAR(100) DEFAULT '' NOT NULL)",
                "CREATE TABLE dualwrite_phase (id INT PRIMARY KEY, migration VARCHAR(40), epoch BIGINT, pass_from INT,"
                        + " pass_to INT, pass_at BIGINT, pass_evidence VARCHAR(2000), other_stale_since BIGINT)",
                "CREATE TABLE dualwrite_copy (run VARCHAR(40), kind VARCHAR(20), direction VARCHAR(10),"
                        + " table_name VARCHAR(200), state VARCHAR(20), watermark VARCHAR(100), last_key VARCHAR(600),"
                        + " rows_done BIGINT, differences BIGINT, locked INT, started_at BIGINT, touched_at BIGINT,"
                        + " finished_at BIGINT, detail VARCHAR(1000), PRIMARY KEY (run, kind, table_name))",
                "CREATE TABLE dualwrite_mark (id VARCHAR(40), seq INT, table_name VARCHAR(200), row_key VARCHAR(600),"
                        + " row_count INT DEFAULT 1, reason VARCHAR(400), instance VARCHAR(100), epoch BIGINT, marked_at BIGINT,"
                        + " PRIMARY KEY (id, seq))",
                "INSERT INTO dualwrite_phase VALUES (1, '" + migration + "', 1, NULL, NULL, NULL, NULL, NULL)");
    }

    void sql(Side side, String... statements) throws SQLException {
        try (Statement statement = (side == Side.OLD ? keepsOld : keepsNew).createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    /** Writes the pass on every side that can be reached. */
    void pass(@Nullable Pass pass) throws SQLException {
        for (Side side : Side.values()) {
            if (!unreachable.contains(side)) {
                pass(pass, side);
            }
        }
    }

    void pass(@Nullable Pass pass, Side side) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url(side))) {
            new Registry(side, c -> clock.get()).writePass(connection, pass, "test");
        }
    }

    /** As {@code dualwrite force} does. */
    void force() throws SQLException {
        try (Connection connection = DriverManager.getConnection(url(Side.OLD))) {
            Registry old = new Registry(Side.OLD, c -> clock.get());
            old.writeEpoch(connection, "m-1", 2);
            old.buryAll(connection);
            old.writePass(connection, Pass.FORCE_TO_ONE, "test");
        }
    }

    /** A run of the copier that gives a sign of life now, on both sides. */
    void run(String kind, String direction, int locked) throws SQLException {
        for (Side side : Side.values()) {
            sql(
                    side,
                    "DELETE FROM dualwrite_copy",
                    "INSERT INTO dualwrite_copy VALUES ('r', '" + kind + "', '" + direction
                            + "', '*', 'running', NULL, NULL, 0, 0, " + locked + ", " + clock + ", " + clock
                            + ", NULL, NULL)");
        }
    }

    /** What happens elsewhere while a starting instance waits. */
    void whileWaiting(Runnable elsewhere) {
        this.elsewhere = elsewhere;
    }

    void beat(Instance instance) {
        clock.addAndGet(1_000);
        instance.beat();
    }

    FleetView view(Side side) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url(side))) {
            return new Registry(side, c -> clock.get()).read(connection);
        }
    }

    /** Writes the instance's file. */
    Path file(String instance, int phase, String... more) {
        Path path = folder.resolve(instance + ".properties");
        String text = "phase = " + phase + "\nold.url = " + url(Side.OLD) + "\nnew.url = " + url(Side.NEW)
                + "\ninstance = " + instance + "\n" + String.join("\n", more) + "\n";
        try {
            Files.write(path, text.getBytes(StandardCharsets.UTF_8));
            return path;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts an instance; waiting moves the clock. */
    Instance start(String instance, int phase, String... more) throws SQLException {
        try {
            return new Instance(
                    SettingsFile.open(file(instance, phase, more)),
                    this,
                    connection -> clock.get(),
                    Runnable::run,
                    pause -> {
                        clock.addAndGet(pause.toMillis());
                        elsewhere.run();
                    });
        } catch (SettingsException e) {
            throw new IllegalArgumentException(e);
        }
    }

    /** Lets every instance beat in turn, a heartbeat apart, until a change of its file is adopted and all has settled. */
    void settle(Instance... instances) {
        for (int round = 0; round < 12; round++) {
            clock.addAndGet(1_000);
            for (Instance instance : instances) {
                instance.beat();
            }
        }
    }

    @Override
    public void close() throws SQLException {
        keepsOld.close();
        keepsNew.close();
    }
}
