package io.dualwrite.copier.gate;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualwrite.config.SettingsFile;
import io.dualwrite.copier.cli.DualwriteCli;
import io.dualwrite.copier.cli.ExitCode;
import io.dualwrite.fleet.Registry;
import io.dualwrite.fleet.RunningInstance;
import io.dualwrite.ladder.Pass;
import io.dualwrite.ladder.Phase;
import io.dualwrite.ladder.Rung;
import io.dualwrite.ladder.Side;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/** Instances of a fleet with real heartbeats over two H2 databases, and the commands that an operator gives. Not thread-safe. */
final class OperatedFleet implements AutoCloseable {
    private static final long PATIENCE_NANOS = 20_000_000_000L;

    final Path folder;

    private final String name = UUID.randomUUID().toString();
    private final List<RunningInstance> fleet = new ArrayList<>();
    private final List<Connection> keepers = new ArrayList<>();
    private final Set<Side> dead = ConcurrentHashMap.newKeySet();
    private String said = "";

    OperatedFleet(Path folder) throws SQLException {
        this.folder = folder;
        for (Side side : Side.values()) {
            keepers.add(DriverManager.getConnection(url(side)));
        }
    }

    @Override
    public void close() throws SQLException {
        fleet.forEach(RunningInstance::close);
        for (Connection keeper : keepers) {
            keeper.close();
        }
    }

    /** What the last command wrote. */
    String said() {
        return said;
    }

    /** The instance that was started so many after the first. */
    RunningInstance instance(int place) {
        return fleet.get(place);
    }

    void stop(RunningInstance instance) {
        instance.close();
        fleet.remove(instance);
    }

    String database(Side side) {
        return name + side.word();
    }

    /** Writes a pass unasked. */
    void pass(Pass pass) throws SQLException {
        for (Side side : Side.values()) {
            try (Connection connection = DriverManager.getConnection(url(side))) {
                Registry.of(side).writePass(connection, pass, "test");
            }
        }
    }

    Pass currentPass(Side side) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url(side))) {
            return Registry.of(side).readPhase(connection).pass;
        }
    }

    /** Ends the side's server: whatever was connected is cut off, and nobody can connect any more. */
    void kill(Side side) throws SQLException {
        dead.add(side);
        sql(side, "SHUTDOWN");
    }

    /** Takes all from the side, as where its database is dropped and made anew. */
    void empty(Side side) throws SQLException {
        sql(side, "DROP ALL OBJECTS");
    }

    /** The operator's file, where the side is at an address at which nobody answers. */
    Path unreachable(Side side) throws Exception {
        Path file = write("operator", 1);
        return Files.writeString(
                file, Files.readString(file).replace(url(side), "jdbc:h2:tcp://localhost:1/" + database(side)));
    }

    Connection connect(Side side) throws SQLException {
        if (dead.contains(side)) {
            throw new SQLException("connection refused", "08001");
        }
        return DriverManager.getConnection(url(side));
    }

    void gateOpens(int to) {
        await(() -> dualwrite("gate", "--to", String.valueOf(to)) == ExitCode.FINE);
    }

    void gateIsShut(int to, String... checks) {
        await(() -> dualwrite("gate", "--to", String.valueOf(to)) == ExitCode.DIFFERENCES
                && said.lines().filter(line -> line.startsWith("SHUT")).count() == checks.length);
        for (String check : checks) {
            assertThat(said.lines()).anyMatch(line -> line.startsWith("SHUT") && line.contains(check));
        }
    }

    /** Lets every instance's file ask for the phase and waits until all are there. */
    void arrive(int phase) throws Exception {
        for (RunningInstance instance : fleet) {
            write(instance.getName(), phase);
        }
        for (RunningInstance instance : fleet) {
            awaitRung(instance, Phase.of(phase).rung());
        }
        await(() -> fleet.stream().allMatch(instance -> instance.getMovingFrom() == null));
        await(() -> dualwrite("status") == ExitCode.FINE && !said.contains("draining"));
    }

    void awaitRung(RunningInstance instance, Rung rung) {
        await(() -> instance.standing().rung() == rung);
    }

    interface Condition {
        boolean holds() throws Exception;
    }

    void await(Condition condition) {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        try {
            while (!condition.holds()) {
                assertThat(System.nanoTime()).as("in time; last said: %s", said).isLessThan(deadline);
                LockSupport.parkNanos(20_000_000);
            }
        } catch (Exception e) {
            throw new AssertionError(said, e);
        }
    }

    RunningInstance start(String instance, int phase, String... more) throws Exception {
        RunningInstance running = RunningInstance.start(SettingsFile.open(write(instance, phase, more)), this::connect);
        fleet.add(running);
        return running;
    }

    Path write(String instance, int phase, String... more) throws Exception {
        return Files.writeString(
                folder.resolve(instance + ".properties"),
                "phase = " + phase + "\nold.url = " + url(Side.OLD) + "\nnew.url = " + url(Side.NEW) + "\ninstance = "
                        + instance + "\nfleet.size = 2\nheartbeat = 50 ms\ndataB = sales_daily\n"
                        + String.join("\n", more) + "\n");
    }

    int dualwrite(String... arguments) throws Exception {
        return dualwriteWith(write("operator", 1), arguments);
    }

    int dualwriteWith(Path file, String... arguments) {
        StringWriter console = new StringWriter();
        String[] all = new String[arguments.length + 2];
        System.arraycopy(arguments, 0, all, 0, arguments.length);
        all[arguments.length] = "-c";
        all[arguments.length + 1] = file.toString();
        int code = DualwriteCli.run(new PrintWriter(console), new PrintWriter(console), all);
        said = console.toString();
        return code;
    }

    /** What a run of the copier leaves on both sides. */
    void recordRun(String kind, String direction, long differences) throws SQLException {
        for (Side side : Side.values()) {
            try (Connection connection = DriverManager.getConnection(url(side));
                    PreparedStatement statement = connection.prepareStatement("INSERT INTO dualwrite_copy (run, kind,"
                            + " direction, table_name, state, rows_done, differences, locked, started_at, touched_at,"
                            + " finished_at) VALUES (?, ?, ?, '*', 'done', 0, ?, 1, ?, ?, ?)")) {
                long now = Registry.of(side).nowMillis(connection) + 1;
                statement.setString(1, UUID.randomUUID().toString());
                statement.setString(2, kind);
                statement.setString(3, direction);
                statement.setLong(4, differences);
                statement.setLong(5, now);
                statement.setLong(6, now);
                statement.setLong(7, now);
                statement.executeUpdate();
            }
        }
        LockSupport.parkNanos(3_000_000);
    }

    void mark(String table, String key, long ageMillis) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url(Side.OLD));
                PreparedStatement statement = connection.prepareStatement(
                        "INSERT INTO dualwrite_mark (id, seq, table_name,"
                                + " row_key, reason, instance, epoch, marked_at) VALUES (?, 0, ?, ?, 'test', 'app-1', 1, ?)")) {
            statement.setString(1, UUID.randomUUID().toString());
            statement.setString(2, table);
            statement.setString(3, key);
            statement.setLong(4, Registry.of(Side.OLD).nowMillis(connection) - ageMillis);
            statement.executeUpdate();
        }
    }

    void sql(Side side, String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url(side));
                Statement statement = connection.createStatement()) {
            statement.executeUpdate(sql);
        }
    }

    String url(Side side) {
        return "jdbc:h2:mem:" + database(side);
    }
}
