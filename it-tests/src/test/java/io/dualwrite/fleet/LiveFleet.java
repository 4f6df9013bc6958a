package io.dualwrite.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualwrite.config.SettingsFile;
import io.dualwrite.copier.cli.DualwriteCli;
import io.dualwrite.ladder.Rung;
import io.dualwrite.ladder.Side;
import io.dualwrite.servers.DatabaseServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** Instances with real heartbeats between two servers, and the operator's command line. Not thread-safe. */
final class LiveFleet implements AutoCloseable {
    private static final long PATIENCE_NANOS = 60_000_000_000L;

    private final Path folder;
    private final DatabaseServer old;
    private final DatabaseServer fresh;
    private final String database;
    private final List<RunningInstance> instances = new ArrayList<>();
    private String said = "";

    LiveFleet(Path folder, DatabaseServer old, DatabaseServer fresh, String database) throws SQLException {
        this.folder = folder;
        this.old = old;
        this.fresh = fresh;
        this.database = database;
        old.createDatabase(name(Side.OLD));
        fresh.createDatabase(name(Side.NEW));
        dualwrite("init");
    }

    interface Condition {
        boolean holds() throws Exception;
    }

    void await(Condition condition) {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        try {
            while (!condition.holds()) {
                assertThat(System.nanoTime())
                        .as(() -> "in time; last said: " + said + "; "
                                + instances.stream()
                                        .map(one -> one.standing().rung() + " " + one.waitsFor())
                                        .toList())
                        .isLessThan(deadline);
                LockSupport.parkNanos(20_000_000);
            }
        } catch (Exception e) {
            throw new AssertionError(said, e);
        }
    }

    void awaitRung(Rung rung) {
        await(() -> instances.stream().allMatch(one -> one.standing().rung() == rung && one.getMovingFrom() == null));
    }

    RunningInstance start(String instance, int phase, String... more) throws Exception {
        RunningInstance running = RunningInstance.start(SettingsFile.open(file(instance, phase, more)), this::connect);
        instances.add(running);
        return running;
    }

    void stop(RunningInstance instance) {
        instance.close();
        instances.remove(instance);
    }

    Connection connect(Side side) throws SQLException {
        return server(side).connect(name(side));
    }

    void run(Side side, String sql) throws SQLException {
        try (Connection connection = connect(side);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    String url(Side side) {
        return server(side).jdbcUrl(name(side));
    }

    DatabaseServer server(Side side) {
        return side == Side.OLD ? old : fresh;
    }

    /** Writes an instance's file, or the operator's. */
    Path file(String instance, int phase, String... more) throws IOException {
        List<String> lines = new ArrayList<>();
        lines.add("phase = " + phase);
        for (Side side : Side.values()) {
            lines.add(side.word() + ".url = " + url(side));
            lines.add(side.word() + ".user = " + server(side).user());
            lines.add(side.word() + ".password = " + server(side).password());
        }
        lines.add("instance = " + instance);
        lines.addAll(List.of(more));
        lines.add("");
        return Files.writeString(folder.resolve(instance + ".properties"), String.join("\n", lines));
    }

    /** Runs a command with the operator's file and gives back its exit code; {@link #said} is what it wrote. */
    int dualwrite(String... arguments) {
        try {
            StringWriter text = new StringWriter();
            PrintWriter console = new PrintWriter(text);
            List<String> all = new ArrayList<>(List.of(arguments));
            Path file = folder.resolve("operator.properties");
            all.addAll(List.of("-c", (Files.exists(file) ? file : operator()).toString()));
            int code = DualwriteCli.run(console, console, all.toArray(new String[0]));
            said = text.toString();
            return code;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Writes the operator's file. */
    Path operator(String... more) throws IOException {
        List<String> lines = new ArrayList<>(List.of("fleet.size = 2"));
        lines.addAll(List.of(more));
        return file("operator", 1, lines.toArray(new String[0]));
    }

    String said() {
        return said;
    }

    private String name(Side side) {
        return database + '_' + side.word();
    }

    @Override
    public void close() {
        instances.forEach(RunningInstance::close);
    }
}
