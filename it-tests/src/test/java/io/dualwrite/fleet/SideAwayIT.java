package io.dualwrite.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualwrite.copier.cli.ExitCode;
import io.dualwrite.ladder.Rung;
import io.dualwrite.ladder.Side;
import io.dualwrite.ladder.Standing;
import io.dualwrite.servers.DatabaseServer;
import io.dualwrite.servers.DatabaseServers;
import io.dualwrite.servers.SharedServers;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A server is killed, and the fleet goes on without it by the operator's word. */
class SideAwayIT {
    private static final String[] FAST = {"fleet.size = 2", "heartbeat = 100 ms", "gate = off"};

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({"postgres, mariadb", "mariadb, postgres"})
    void oldKilledWhileCrossing_retreatToFive_takesTheFleetOn_andOldComesBackBehindIt(
            String oldVendor, String newVendor) throws Exception {
        try (DatabaseServer old = DatabaseServers.start(oldVendor);
                LiveFleet fleet = new LiveFleet(folder, old, SharedServers.of(newVendor), "retreat")) {
            RunningInstance first = fleet.start("app-1", 3, FAST);
            RunningInstance second = fleet.start("app-2", 3, FAST);
            fleet.awaitRung(Rung.DUAL_READ_OLD);
            fleet.file("app-1", 5, FAST);
            fleet.await(() -> first.standing().rung() == Rung.STRICT_READ_NEW
                    && second.standing().rung() == Rung.STRICT_READ_OLD);
            Standing.Pin pin = second.standing().join("connection 7");
            second.standing().pin(pin);
            fleet.file("app-2", 5, FAST);
            fleet.await(() -> second.standing().rung() == Rung.STRICT_READ_NEW);
            assertThat(fleet.dualwrite("retreat", "--to", "5")).isEqualTo(ExitCode.USAGE);
            old.kill();
            second.standing().unpin(pin);

            fleet.await(() -> fleet.dualwrite("retreat", "--to", "5") == ExitCode.FINE);
            fleet.awaitRung(Rung.DUAL_READ_NEW);
            fleet.file("app-1", 3, FAST);
            old.start();
            fleet.await(() -> rungOf(fleet, Side.OLD, "app-1") == Rung.DUAL_READ_NEW
                    && rungOf(fleet, Side.OLD, "app-2") == Rung.DUAL_READ_NEW);
            fleet.await(() -> String.valueOf(first.waitsFor()).contains("a retreat to 5 is in force"));
            fleet.awaitRung(Rung.DUAL_READ_NEW);
        }
    }

    @ParameterizedTest
    @CsvSource({"postgres, mariadb", "mariadb, postgres"})
    void newKilledInFive_force_takesTheFleetToOne_andNewRejoins(String oldVendor, String newVendor) throws Exception {
        try (DatabaseServer fresh = DatabaseServers.start(newVendor);
                LiveFleet fleet = new LiveFleet(folder, SharedServers.of(oldVendor), fresh, "force")) {
            RunningInstance first = fleet.start("app-1", 1, FAST);
            RunningInstance second = fleet.start("app-2", 1, FAST);
            fleet.file("app-1", 5, FAST);
            fleet.file("app-2", 5, FAST);
            fleet.awaitRung(Rung.DUAL_READ_NEW);
            assertThat(fleet.dualwrite("force", "--to", "1", "--accept-loss")).isEqualTo(ExitCode.USAGE);
            fresh.kill();
            assertThat(fleet.dualwrite("force", "--to", "1")).isEqualTo(ExitCode.DIFFERENCES);
            fleet.stop(second);

            assertThat(fleet.dualwrite("force", "--to", "1", "--accept-loss")).isEqualTo(ExitCode.FINE);
            assertThat(fleet.said()).contains("epoch 2 begins on old");
            fleet.start("app-2", 5, FAST);
            fleet.awaitRung(Rung.OLD_ONLY);

            fresh.start();
            assertThat(fleet.dualwrite("init", "--rejoin")).isEqualTo(ExitCode.FINE);
            assertThat(fleet.said()).contains("new rejoins").contains("in epoch 3");
            fleet.awaitRung(Rung.DUAL_READ_OLD);
            fleet.await(() -> String.valueOf(first.waitsFor()).contains("new was left behind and is stale"));
        }
    }

    /** Null while the side's server has not come up. */
    private static @Nullable Rung rungOf(LiveFleet fleet, Side side, String name) {
        try (Connection connection = fleet.connect(side)) {
            InstanceRow row = Registry.of(side).read(connection).row(name);
            return row == null ? null : row.rung;
        } catch (SQLException notYet) {
            return null;
        }
    }
}
