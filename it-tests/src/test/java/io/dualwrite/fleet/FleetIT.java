package io.dualwrite.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualwrite.config.SettingsFile;
import io.dualwrite.copier.cli.DualwriteCli;
import io.dualwrite.ladder.Phase;
import io.dualwrite.ladder.Side;
import io.dualwrite.servers.DatabaseServer;
import io.dualwrite.servers.SharedServers;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The registry's SQL, its locks and its clock on real servers. */
class FleetIT {
    private static final long PATIENCE_NANOS = 60_000_000_000L;

    @TempDir
    Path folder;

    private final List<RunningInstance> fleet = new ArrayList<>();

    @AfterEach
    void close() {
        fleet.forEach(RunningInstance::close);
    }

    @ParameterizedTest
    @CsvSource({"postgres, mariadb", "mariadb, postgres", "h2, postgres"})
    void fleet_walksTheLadderUpAndDown_andRestartsWhereItStood(String oldVendor, String newVendor) throws Exception {
        DatabaseServer old = SharedServers.of(oldVendor);
        DatabaseServer fresh = SharedServers.of(newVendor);
        old.createDatabase("fleet_old");
        fresh.createDatabase("fleet_new");
        assertThat(dualwrite(old, fresh, "status")).contains("run dualwrite init");
        assertThat(dualwrite(old, fresh, "init")).contains("begins");
        start(old, fresh, "app-1", 1);
        start(old, fresh, "app-2", 1);
        arrive(old, fresh, 3);
        arrive(old, fresh, 5);
        restart(old, fresh, "app-2", 5);
        arrive(old, fresh, 6);
        restart(old, fresh, "app-1", 6);
        arrive(old, fresh, 3);
        arrive(old, fresh, 1);
        assertThat(dualwrite(old, fresh, "status")).contains("app-1").contains("OLD_ONLY");
    }

    private void restart(DatabaseServer old, DatabaseServer fresh, String name, int phase) throws Exception {
        RunningInstance before = fleet.stream()
                .filter(one -> one.getName().equals(name))
                .findFirst()
                .orElseThrow();
        before.close();
        fleet.remove(before);
        RunningInstance after = start(old, fresh, name, phase);
        assertThat(after.standing().rung()).isEqualTo(before.standing().rung());
    }

    private void arrive(DatabaseServer old, DatabaseServer fresh, int phase) throws Exception {
        for (RunningInstance instance : fleet) {
            write(old, fresh, instance.getName(), phase);
        }
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        while (!fleet.stream()
                .allMatch(one -> one.standing().rung() == Phase.of(phase).rung() && one.getMovingFrom() == null)) {
            assertThat(System.nanoTime())
                    .as(() -> "in time for " + phase + ": " + fleet.get(0).waitsFor() + "; "
                            + fleet.get(1).waitsFor())
                    .isLessThan(deadline);
            LockSupport.parkNanos(20_000_000);
        }
    }

    private RunningInstance start(DatabaseServer old, DatabaseServer fresh, String name, int phase) throws Exception {
        RunningInstance running = RunningInstance.start(
                SettingsFile.open(write(old, fresh, name, phase)),
                side -> side == Side.OLD ? old.connect("fleet_old") : fresh.connect("fleet_new"));
        fleet.add(running);
        return running;
    }

    private Path write(DatabaseServer old, DatabaseServer fresh, String name, int phase) throws Exception {
        return Files.writeString(
                folder.resolve(name + ".properties"),
                String.join(
                        "\n",
                        "phase = " + phase,
                        "old.url = " + old.jdbcUrl("fleet_old"),
                        "old.user = " + old.user(),
                        "old.password = " + old.password(),
                        "new.url = " + fresh.jdbcUrl("fleet_new"),
                        "new.user = " + fresh.user(),
                        "new.password = " + fresh.password(),
                        "instance = " + name,
                        "fleet.size = 2",
                        "heartbeat = 100 ms",
                        "gate = off",
                        ""));
    }

    private String dualwrite(DatabaseServer old, DatabaseServer fresh, String command) throws Exception {
        StringWriter said = new StringWriter();
        PrintWriter console = new PrintWriter(said);
        DualwriteCli.run(
                console,
                console,
                command,
                "-c",
                write(old, fresh, "operator", 1).toString());
        return said.toString();
    }
}
