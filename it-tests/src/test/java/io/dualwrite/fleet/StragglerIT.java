package io.dualwrite.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualwrite.copier.cli.ExitCode;
import io.dualwrite.ladder.Rung;
import io.dualwrite.ladder.Side;
import io.dualwrite.servers.SharedServers;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A transaction of before the step to both sides that a server still has open when its client is long gone (R22). */
class StragglerIT {
    private static final String[] FAST = {"fleet.size = 1", "heartbeat = 100 ms", "gate = off", "dataA = stock"};

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"postgres", "mariadb"})
    void finalSync_waitsForIt_andCopiesWhatItCommits(String vendor) throws Exception {
        try (LiveFleet fleet =
                new LiveFleet(folder, SharedServers.of(vendor), SharedServers.of("postgres"), "straggler_" + vendor)) {
            fleet.run(Side.OLD, "CREATE TABLE stock (id INT PRIMARY KEY, pieces INT NOT NULL)");
            fleet.run(Side.NEW, "CREATE TABLE stock (id INT PRIMARY KEY, pieces INT NOT NULL)");
            fleet.file("operator", 1, "dataA = stock", "fleet.size = 1");
            try (Connection straggler = fleet.connect(Side.OLD);
                    Statement statement = straggler.createStatement()) {
                straggler.setAutoCommit(false);
                statement.executeUpdate("INSERT INTO stock VALUES (1, 10)");
                // MariaDB says in whole seconds when a transaction began.
                TimeUnit.MILLISECONDS.sleep(1_100);
                fleet.start("app-1", 3, FAST);
                fleet.awaitRung(Rung.DUAL_READ_OLD);
                CompletableFuture<Integer> sync = CompletableFuture.supplyAsync(() -> fleet.dualwrite("sync"));
                TimeUnit.MILLISECONDS.sleep(2_500);
                assertThat(sync).as("it waits").isNotDone();
                straggler.commit();
                assertThat(sync.get(60, TimeUnit.SECONDS)).as(fleet::said).isEqualTo(ExitCode.FINE);
            }
            try (Connection other = fleet.connect(Side.NEW);
                    Statement statement = other.createStatement();
                    ResultSet row = statement.executeQuery("SELECT pieces FROM stock WHERE id = 1")) {
                assertThat(row.next()).isTrue();
                assertThat(row.getInt(1)).isEqualTo(10);
            }
        }
    }
}
