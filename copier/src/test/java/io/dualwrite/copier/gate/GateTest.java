package io.dualwrite.copier.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dualwrite.copier.cli.ExitCode;
import io.dualwrite.fleet.Registry;
import io.dualwrite.fleet.RunningInstance;
import io.dualwrite.ladder.Rung;
import io.dualwrite.ladder.Side;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.h2.tools.Server;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an operator's commands say and do at a fleet of two. */
class GateTest {
    @TempDir
    Path folder;

    private OperatedFleet stand;

    @BeforeEach
    void open() throws SQLException {
        stand = new OperatedFleet(folder);
    }

    @AfterEach
    void close() throws SQLException {
        stand.close();
    }

    @Test
    void wholeLadder_upAndDown_byTheOperatorsCommands() throws Exception {
        assertThat(stand.dualwrite("init")).isEqualTo(ExitCode.FINE);
        stand.start("app-1", 1);
        stand.start("app-2", 1);
        stand.gateOpens(3);
        stand.arrive(3);
        stand.recordRun("freeze", "up", 0);
        stand.recordRun("sync", "up", 0);
        stand.recordRun("sequences", "up", 0);
        stand.recordRun("verify", "up", 0);
        stand.gateIsShut(5, "verify");
        stand.recordRun("verify", "up", 0);
        stand.gateOpens(5);
        stand.arrive(5);
        stand.gateIsShut(6, "sequences");
        stand.recordRun("sequences", "up", 0);
        stand.gateOpens(6);
        stand.arrive(6);
        stand.gateIsShut(5, "sequences");
        stand.recordRun("sequences", "down", 0);
        stand.gateOpens(5);
        stand.arrive(5);
        stand.gateIsShut(3, "dataB", "sync", "verify", "sequences");
        stand.recordRun("sequences", "down", 0);
        stand.recordRun("freeze", "down", 0);
        stand.recordRun("sync", "down", 0);
        stand.recordRun("verify", "down", 0);
        stand.recordRun("verify", "down", 0);
        stand.gateOpens(3);
        stand.arrive(3);
        stand.gateOpens(1);
        stand.arrive(1);
    }

    @Test
    void differencesMarksAndAMissingInstance_shutTheGate() throws Exception {
        stand.dualwrite("init");
        stand.start("app-1", 3);
        stand.gateIsShut(3, "fleet");
        assertThat(stand.said())
                .contains("1 of fleet.size = 2 live (app-1); start the missing ones, or correct fleet.size");
        stand.start("app-2", 3);
        stand.gateOpens(3);
        stand.arrive(3);
        stand.recordRun("freeze", "up", 0);
        stand.recordRun("sync", "up", 0);
        stand.recordRun("sequences", "up", 0);
        stand.recordRun("verify", "up", 0);
        stand.recordRun("verify", "up", 2);
        stand.gateIsShut(5, "verify");
        assertThat(stand.said())
                .contains("the last verification found 2 differing rows")
                .contains("run: dualwrite repair -c");
        stand.recordRun("verify", "up", 0);
        stand.recordRun("verify", "up", 0);
        stand.mark("title", "7", 60_000);
        stand.gateIsShut(5, "marks");
        stand.sql(Side.OLD, "DELETE FROM dualwrite_mark");
        stand.mark("sales_daily", null, 0);
        stand.gateIsShut(5, "marks");
        assertThat(stand.said()).contains("marked as a whole: sales_daily");
        stand.sql(Side.OLD, "DELETE FROM dualwrite_mark");
        stand.mark("title", "7", 0);
        stand.instance(1).mirroringPauses(side -> side == Side.NEW);
        stand.gateIsShut(5, "breaker");
        assertThat(stand.said()).contains("mirroring to new pauses on app-2 after too many failures in a row");
        stand.instance(1).mirroringPauses(side -> side == Side.OLD);
        stand.sql(Side.OLD, "DELETE FROM dualwrite_mark");
        stand.gateOpens(5);
    }

    @Test
    void syncBeforeALaterArrival_doesNotCount() throws Exception {
        stand.dualwrite("init");
        stand.start("app-1", 3);
        RunningInstance second = stand.start("app-2", 3);
        stand.gateOpens(3);
        stand.arrive(3);
        for (String kind : new String[] {"freeze", "sync", "sequences", "verify", "verify"}) {
            stand.recordRun(kind, "up", 0);
        }
        assertThat(stand.dualwrite("gate", "--to", "5", "--dry-run")).isEqualTo(ExitCode.FINE);
        stand.stop(second);
        stand.start("app-2", 3);
        stand.gateIsShut(5, "sync", "sequences");
        assertThat(stand.said()).contains("the last sync from old began before the last instance's arrival");
    }

    @Test
    void init_isHarmlessTwice_refusesStrangers_andPrintsWithoutConnecting() throws Exception {
        assertThat(stand.dualwrite("init", "--print")).isEqualTo(ExitCode.FINE);
        assertThat(stand.said()).contains("-- on old").contains("CREATE TABLE IF NOT EXISTS dualwrite_phase");
        assertThat(stand.dualwrite("status")).isEqualTo(ExitCode.USAGE);
        assertThat(stand.said()).contains("the dualwrite_* tables are missing on old; run dualwrite init -c");
        assertThat(stand.dualwrite("gate", "--to", "3")).isEqualTo(ExitCode.USAGE);
        assertThat(stand.dualwrite("init")).isEqualTo(ExitCode.FINE);
        assertThat(stand.dualwrite("init")).isEqualTo(ExitCode.FINE);
        assertThat(stand.said()).contains("belongs to migration");
        stand.sql(Side.NEW, "UPDATE dualwrite_phase SET migration = 'another'");
        assertThat(stand.dualwrite("init")).isEqualTo(ExitCode.USAGE);
        assertThat(stand.said()).contains("one of the URLs leads to a database of another migration");
    }

    @Test
    void init_ofOneDatabaseUnderTwoUrls_isRefused_andLeavesNothing() throws Exception {
        Path file = stand.write("operator", 1);
        Files.writeString(
                file, Files.readString(file).replace(stand.url(Side.NEW), stand.url(Side.OLD) + ";IFEXISTS=TRUE"));
        assertThat(stand.dualwriteWith(file, "init")).isEqualTo(ExitCode.USAGE);
        assertThat(stand.said()).contains("lead to the same database: correct one of them");
        assertThat(stand.dualwrite("init")).isEqualTo(ExitCode.FINE);
    }

    @Test
    void rejoin_beginsAnEpoch_andVoidsWhatOldKnew_onlyAtSix() throws Exception {
        stand.dualwrite("init");
        RunningInstance instance = stand.start("app-1", 3, "gate = off");
        stand.awaitRung(instance, Rung.DUAL_READ_OLD);
        assertThat(stand.dualwrite("init", "--rejoin")).isEqualTo(ExitCode.USAGE);
        assertThat(stand.said()).contains("app-1 stands on DUAL_READ_OLD and uses old");
        stand.sql(Side.NEW, "DELETE FROM dualwrite_instance");
        assertThat(stand.dualwrite("init", "--rejoin"))
                .as("its step is on old already, on new not yet")
                .isEqualTo(ExitCode.USAGE);
        stand.write("app-1", 6, "gate = off");
        stand.awaitRung(instance, Rung.NEW_ONLY);
        stand.mark("title", "1", 0);
        assertThat(stand.dualwrite("init", "--rejoin")).isEqualTo(ExitCode.FINE);
        try (Connection old = DriverManager.getConnection(stand.url(Side.OLD))) {
            assertThat(Registry.of(Side.OLD).readPhase(old).epoch).isEqualTo(2);
            assertThat(MarkTally.read(old, 0).none()).isTrue();
        }
    }

    @Test
    void foreignSession_isNamed_unlessAllowed_andADeadInstancesIsEnded() throws Exception {
        stand.dualwrite("init");
        stand.start("app-1", 3);
        stand.start("app-2", 3);
        Server server = Server.createTcpServer("-tcpPort", "0").start();
        try (Connection stranger = DriverManager.getConnection(
                "jdbc:h2:tcp://localhost:" + server.getPort() + "/mem:" + stand.database(Side.OLD))) {
            stand.gateIsShut(3, "sessions");
            assertThat(stand.said())
                    .contains("no live instance's: session")
                    .contains("from 127.0.0.1:")
                    .contains("on old; end them, or name those that only read in sessions.allowed")
                    .doesNotContain("--end-sessions");
            Path allowing = stand.write("operator", 1, "sessions.allowed = monitor, 127.0.0.1");
            assertThat(stand.dualwriteWith(allowing, "gate", "--to", "3", "--dry-run"))
                    .isEqualTo(ExitCode.FINE);

            stand.sql(
                    Side.OLD,
                    "INSERT INTO dualwrite_instance (name, incarnation, rung, asked, arrived_at, heartbeat_at, gone,"
                            + " waits_for, fingerprint, fleet_size, client)"
                            + " VALUES ('app-3', 'x', 'OLD_ONLY', 1, 0, 0, 0, '', '', 2, '127.0.0.1')");
            stand.gateIsShut(3, "sessions");
            assertThat(stand.said())
                    .contains("(of app-3, which is dead)")
                    .contains("run: dualwrite gate --to 3 --end-sessions");
            stand.await(() -> stand.dualwrite("gate", "--to", "3", "--end-sessions") == ExitCode.FINE);
            assertThatThrownBy(() -> stranger.createStatement().execute("SELECT 1"))
                    .isInstanceOf(SQLException.class);
            try (Connection old = DriverManager.getConnection(stand.url(Side.OLD))) {
                assertThat(Registry.of(Side.OLD).read(old).row("app-3").gone).isTrue();
            }
        } finally {
            server.stop();
        }
    }

    @Test
    void gate_asJson_hasTheNextSteps_andGateOffIsSaid() throws Exception {
        stand.dualwrite("init");
        stand.start("app-1", 3);
        stand.start("app-2", 3);
        stand.gateOpens(3);
        stand.arrive(3);
        stand.await(() -> stand.dualwrite("gate", "--to", "5", "--json") == ExitCode.DIFFERENCES);
        String file = " -c " + stand.folder.resolve("operator.properties");
        assertThat(new ObjectMapper().readTree(stand.said()).at("/next_steps"))
                .extracting(JsonNode::asText)
                .containsExactly(
                        "dualwrite freeze" + file,
                        "dualwrite sync" + file,
                        "dualwrite sequences" + file,
                        "dualwrite verify" + file,
                        "dualwrite gate --to 5" + file);
        stand.dualwrite("status");
        assertThat(stand.said()).doesNotContain("gate = off");
        stand.dualwriteWith(stand.write("operator", 1, "gate = off"), "status");
        assertThat(stand.said()).contains("gate = off: no step of the fleet asks for a pass");
    }

    @Test
    void status_asJson_isForPrograms() throws Exception {
        stand.dualwrite("init");
        stand.start("app-1", 6);
        stand.await(() -> stand.dualwrite("status", "--json") == ExitCode.FINE
                && stand.said().contains("no pass to 3"));
        var json = new ObjectMapper().readTree(stand.said());
        assertThat(json.at("/instances/0/name").asText()).isEqualTo("app-1");
        assertThat(json.at("/instances/0/rung").asText()).isEqualTo("OLD_ONLY");
        assertThat(json.at("/authority").asText()).isEqualTo("old");
        assertThat(json.at("/nextStep").asText()).isEqualTo("start the instances: 1 of 2 live");
    }
}
