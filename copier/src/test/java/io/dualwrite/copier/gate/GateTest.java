package io.dualwrite.copier.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dualwrite.config.SettingsFile;
import io.dualwrite.copier.cli.DualwriteCli;
import io.dualwrite.copier.cli.ExitCode;
import io.dualwrite.fleet.Registry;
import io.dualwrite.fleet.RunningInstance;
import io.dualwrite.ladder.Pass;
import io.dualwrite.ladder.Phase;
import io.dualwrite.ladder.Rung;
import io.dualwrite.ladder.Side;
import io.dualwrite.ladder.Standing;
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
import org.h2.tools.Server;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Instances of a fleet with real heartbeats over two H2 databases, and the commands that an operator gives. */
class GateTest {
    private static final long PATIENCE_NANOS = 20_000_000_000L;

    @TempDir
    Path folder;

    private final String name = UUID.randomUUID().toString();
    private final List<RunningInstance> fleet = new ArrayList<>();
    private final List<Connection> keepers = new ArrayList<>();
    private final Set<Side> dead = ConcurrentHashMap.newKeySet();
    private String said = "";

    @BeforeEach
    void open() throws SQLException {
        for (Side side : Side.values()) {
            keepers.add(DriverManager.getConnection(url(side)));
        }
    }

    @AfterEach
    void close() throws SQLException {
        fleet.forEach(RunningInstance::close);
        for (Connection keeper : keepers) {
            keeper.close();
        }
    }

    @Test
    void wholeLadder_upAndDown_byTheOperatorsCommands() throws Exception {
        assertThat(dualwrite("init")).isEqualTo(ExitCode.FINE);
        start("app-1", 1);
        start("app-2", 1);
        gateOpens(3);
        arrive(3);
        recordRun("freeze", "up", 0);
        recordRun("sync", "up", 0);
        recordRun("sequences", "up", 0);
        recordRun("verify", "up", 0);
        gateIsShut(5, "verify");
        recordRun("verify", "up", 0);
        gateOpens(5);
        arrive(5);
        gateIsShut(6, "sequences");
        recordRun("sequences", "up", 0);
        gateOpens(6);
        arrive(6);
        gateIsShut(5, "sequences");
        recordRun("sequences", "down", 0);
        gateOpens(5);
        arrive(5);
        gateIsShut(3, "dataB", "sync", "verify", "sequences");
        recordRun("sequences", "down", 0);
        recordRun("freeze", "down", 0);
        recordRun("sync", "down", 0);
        recordRun("verify", "down", 0);
        recordRun("verify", "down", 0);
        gateOpens(3);
        arrive(3);
        gateOpens(1);
        arrive(1);
    }

    @Test
    void differencesMarksAndAMissingInstance_shutTheGate() throws Exception {
        dualwrite("init");
        start("app-1", 3);
        gateIsShut(3, "fleet");
        assertThat(said).contains("1 of fleet.size = 2 live (app-1); start the missing ones, or correct fleet.size");
        start("app-2", 3);
        gateOpens(3);
        arrive(3);
        recordRun("freeze", "up", 0);
        recordRun("sync", "up", 0);
        recordRun("sequences", "up", 0);
        recordRun("verify", "up", 0);
        recordRun("verify", "up", 2);
        gateIsShut(5, "verify");
        assertThat(said)
                .contains("the last verification found 2 differing rows")
                .contains("run: dualwrite repair -c");
        recordRun("verify", "up", 0);
        recordRun("verify", "up", 0);
        mark("title", "7", 60_000);
        gateIsShut(5, "marks");
        sql(Side.OLD, "DELETE FROM dualwrite_mark");
        mark("sales_daily", null, 0);
        gateIsShut(5, "marks");
        assertThat(said).contains("marked as a whole: sales_daily");
        sql(Side.OLD, "DELETE FROM dualwrite_mark");
        mark("title", "7", 0);
        fleet.get(1).mirroringPauses(side -> side == Side.NEW);
        gateIsShut(5, "breaker");
        assertThat(said).contains("mirroring to new pauses on app-2 after too many failures in a row");
        fleet.get(1).mirroringPauses(side -> side == Side.OLD);
        sql(Side.OLD, "DELETE FROM dualwrite_mark");
        gateOpens(5);
    }

    @Test
    void syncBeforeALaterArrival_doesNotCount() throws Exception {
        dualwrite("init");
        start("app-1", 3);
        RunningInstance second = start("app-2", 3);
        gateOpens(3);
        arrive(3);
        for (String kind : new String[] {"freeze", "sync", "sequences", "verify", "verify"}) {
            recordRun(kind, "up", 0);
        }
        assertThat(dualwrite("gate", "--to", "5", "--dry-run")).isEqualTo(ExitCode.FINE);
        second.close();
        fleet.remove(second);
        start("app-2", 3);
        gateIsShut(5, "sync", "sequences");
        assertThat(said).contains("the last sync from old began before the last instance's arrival");
    }

    @Test
    void init_isHarmlessTwice_refusesStrangers_andPrintsWithoutConnecting() throws Exception {
        assertThat(dualwrite("init", "--print")).isEqualTo(ExitCode.FINE);
        assertThat(said).contains("-- on old").contains("CREATE TABLE IF NOT EXISTS dualwrite_phase");
        assertThat(dualwrite("status")).isEqualTo(ExitCode.USAGE);
        assertThat(said).contains("the dualwrite_* tables are missing on old; run dualwrite init -c");
        assertThat(dualwrite("gate", "--to", "3")).isEqualTo(ExitCode.USAGE);
        assertThat(dualwrite("init")).isEqualTo(ExitCode.FINE);
        assertThat(dualwrite("init")).isEqualTo(ExitCode.FINE);
        assertThat(said).contains("belongs to migration");
        sql(Side.NEW, "UPDATE dualwrite_phase SET migration = 'another'");
        assertThat(dualwrite("init")).isEqualTo(ExitCode.USAGE);
        assertThat(said).contains("one of the URLs leads to a database of another migration");
    }

    @Test
    void init_ofOneDatabaseUnderTwoUrls_isRefused_andLeavesNothing() throws Exception {
        Path file = write("operator", 1);
        Files.writeString(file, Files.readString(file).replace(url(Side.NEW), url(Side.OLD) + ";IFEXISTS=TRUE"));
        assertThat(dualwriteWith(file, "init")).isEqualTo(ExitCode.USAGE);
        assertThat(said).contains("lead to the same database: correct one of them");
        assertThat(dualwrite("init")).isEqualTo(ExitCode.FINE);
    }

    @Test
    void rejoin_beginsAnEpoch_andVoidsWhatOldKnew_onlyAtSix() throws Exception {
        dualwrite("init");
        RunningInstance instance = start("app-1", 3, "gate = off");
        awaitRung(instance, Rung.DUAL_READ_OLD);
        assertThat(dualwrite("init", "--rejoin")).isEqualTo(ExitCode.USAGE);
        assertThat(said).contains("app-1 stands on DUAL_READ_OLD and uses old");
        write("app-1", 6, "gate = off");
        awaitRung(instance, Rung.NEW_ONLY);
        mark("title", "1", 0);
        assertThat(dualwrite("init", "--rejoin")).isEqualTo(ExitCode.FINE);
        try (Connection old = DriverManager.getConnection(url(Side.OLD))) {
            assertThat(Registry.of(Side.OLD).readPhase(old).epoch).isEqualTo(2);
            assertThat(MarkTally.read(old, 0).none()).isTrue();
        }
    }

    @Test
    void retreat_endsACrossing_andIsLiftedByTheNextPass() throws Exception {
        dualwrite("init");
        RunningInstance first = start("app-1", 3);
        RunningInstance second = start("app-2", 3);
        gateOpens(3);
        arrive(3);
        pass(Pass.THREE_TO_FIVE);
        write("app-1", 5);
        awaitRung(first, Rung.STRICT_READ_NEW);
        awaitRung(second, Rung.STRICT_READ_OLD);
        await(() -> dualwrite("status") == ExitCode.FINE
                && said.contains("asked for 3, stands on STRICT_READ_OLD: app-1 asks for 5"));
        assertThat(dualwrite("retreat")).isEqualTo(ExitCode.FINE);
        assertThat(said).contains("app-1, app-2 go to 3; no file counts as asking for more");
        awaitRung(first, Rung.DUAL_READ_OLD);
        awaitRung(second, Rung.DUAL_READ_OLD);
        await(() -> String.valueOf(first.waitsFor()).contains("a retreat to 3 is in force"));
    }

    @Test
    void retreat_whereNobodyCrosses_leavesTheCurrentPass_andTakesBackTheOneToFive() throws Exception {
        dualwrite("init");
        start("app-1", 1);
        start("app-2", 1);
        gateOpens(3);
        assertThat(dualwrite("retreat")).isEqualTo(ExitCode.FINE);
        assertThat(said)
                .contains("no pass to 5 is current; nothing was written, and the pass from 1 to 3 stands");
        assertThat(currentPass(Side.OLD)).isEqualTo(Pass.ONE_TO_THREE);
        arrive(3);
        pass(Pass.THREE_TO_FIVE);
        assertThat(dualwrite("retreat")).isEqualTo(ExitCode.FINE);
        assertThat(said).contains("no instance is crossing, and the pass to 5 is taken back");
        assertThat(currentPass(Side.OLD)).isEqualTo(Pass.RETREAT_TO_THREE);
        assertThat(dualwrite("retreat", "--json")).isEqualTo(ExitCode.FINE);
        assertThat(new ObjectMapper().readTree(said).at("/written").asBoolean()).isFalse();
        assertThat(said).contains("a retreat to 3 is in force already");
    }

    @Test
    void retreatToFive_takesACrossingOnWithoutOld_onlyWhereAllReadNew() throws Exception {
        dualwrite("init");
        RunningInstance first = start("app-1", 3);
        RunningInstance second = start("app-2", 3);
        gateOpens(3);
        arrive(3);
        pass(Pass.THREE_TO_FIVE);
        write("app-1", 5);
        awaitRung(first, Rung.STRICT_READ_NEW);
        awaitRung(second, Rung.STRICT_READ_OLD);
        await(() -> dualwrite("retreat", "--to", "5") == ExitCode.USAGE
                && said.contains("stands on STRICT_READ_NEW, but app-2 stands on STRICT_READ_OLD. Nothing was written."));
        Standing.Pin pin = second.standing().join("connection 7");
        second.standing().pin(pin);
        write("app-2", 5);
        await(() -> dualwrite("retreat", "--to", "5") == ExitCode.USAGE
                && said.contains("app-2 stands on STRICT_READ_NEW and has not drained from STRICT_READ_OLD"));
        kill(Side.OLD);
        second.standing().unpin(pin);
        await(() -> dualwrite("retreat", "--to", "5") == ExitCode.FINE);
        assertThat(said).contains("app-1, app-2 go on to 5 without old");
        awaitRung(first, Rung.DUAL_READ_NEW);
        awaitRung(second, Rung.DUAL_READ_NEW);
        try (Connection fresh = DriverManager.getConnection(url(Side.NEW))) {
            assertThat(Registry.of(Side.NEW).readPhase(fresh).otherStaleSince).isNotNull();
        }
        await(() -> dualwrite("retreat", "--to", "5") == ExitCode.FINE && said.contains("nothing was written"));
    }

    @Test
    void forceToOne_listsWhatCouldBeLost_andDoesItOnlyWhenToldSo() throws Exception {
        dualwrite("init");
        RunningInstance instance = start("app-1", 5, "gate = off");
        awaitRung(instance, Rung.DUAL_READ_NEW);
        recordRun("verify", "up", 0);
        mark("title", "7", 0);
        await(() -> dualwrite("force", "--to", "1") == ExitCode.USAGE && said.contains("new answers"));
        kill(Side.NEW);
        Path operator = unreachable(Side.NEW);
        await(() -> dualwriteWith(operator, "force", "--to", "1") == ExitCode.DIFFERENCES);
        assertThat(said)
                .contains("could be lost: in the tables: dataA = ; dataB = sales_daily")
                .contains("could be lost: app-1 was last heard of on old")
                .contains("could be lost: 1 rows of title are marked on old")
                .contains("could be lost: the last verify (up) began")
                .contains("could be lost: there was no sync that old knows of")
                .contains("nothing was written; to go back to old without this, run dualwrite force --to 1 --accept-loss");
        assertThat(instance.standing().rung()).isEqualTo(Rung.DUAL_READ_NEW);
        assertThat(dualwriteWith(operator, "force", "--to", "1", "--accept-loss"))
                .isEqualTo(ExitCode.FINE);
        assertThat(said).contains("epoch 2 begins on old");
        awaitRung(instance, Rung.OLD_ONLY);
        assertThat(dualwriteWith(operator, "force", "--to", "1", "--accept-loss"))
                .isEqualTo(ExitCode.FINE);
        assertThat(said).contains("forced to 1 already; nothing was written");
    }

    @Test
    void afterAForce_newRejoins_inAnEpochOfItsOwn() throws Exception {
        dualwrite("init");
        try (Connection old = DriverManager.getConnection(url(Side.OLD))) {
            Registry.of(Side.OLD).writeEpoch(old, Registry.of(Side.OLD).readPhase(old).migration, 2);
            Registry.of(Side.OLD).writePass(old, Pass.FORCE_TO_ONE, "test");
        }
        start("app-1", 3);
        start("app-2", 3);
        dualwrite("status");
        assertThat(said).contains("pass forced to 1").contains("next: dualwrite init --rejoin -c");
        gateIsShut(3, "migration");
        assertThat(said).contains("old is in epoch 2, new in 1: one of them was away").contains("init --rejoin");
        assertThat(dualwrite("init", "--rejoin")).isEqualTo(ExitCode.FINE);
        assertThat(said).contains("new rejoins").contains("in epoch 3");
        gateOpens(3);
        arrive(3);
    }

    @Test
    void foreignSession_isNamed_unlessAllowed_andADeadInstancesIsEnded() throws Exception {
        dualwrite("init");
        start("app-1", 3);
        start("app-2", 3);
        Server server = Server.createTcpServer("-tcpPort", "0").start();
        try (Connection stranger = DriverManager.getConnection(
                "jdbc:h2:tcp://localhost:" + server.getPort() + "/mem:" + name + Side.OLD.word())) {
            gateIsShut(3, "sessions");
            assertThat(said)
                    .contains("no live instance's: session")
                    .contains("from 127.0.0.1:")
                    .contains("on old; end them, or name those that only read in sessions.allowed")
                    .doesNotContain("--end-sessions");
            Path allowing = write("operator", 1, "sessions.allowed = monitor, 127.0.0.1");
            assertThat(dualwriteWith(allowing, "gate", "--to", "3", "--dry-run"))
                    .isEqualTo(ExitCode.FINE);

            sql(
                    Side.OLD,
                    "INSERT INTO dualwrite_instance (name, incarnation, rung, asked, arrived_at, heartbeat_at, gone,"
                            + " waits_for, fingerprint, fleet_size, client)"
                            + " VALUES ('app-3', 'x', 'OLD_ONLY', 1, 0, 0, 0, '', '', 2, '127.0.0.1')");
            gateIsShut(3, "sessions");
            assertThat(said).contains("(of app-3, which is dead)").contains("run: dualwrite gate --to 3 --end-sessions");
            await(() -> dualwrite("gate", "--to", "3", "--end-sessions") == ExitCode.FINE);
            assertThatThrownBy(() -> stranger.createStatement().execute("SELECT 1"))
                    .isInstanceOf(SQLException.class);
            try (Connection old = DriverManager.getConnection(url(Side.OLD))) {
                assertThat(Registry.of(Side.OLD).read(old).row("app-3").gone).isTrue();
            }
        } finally {
            server.stop();
        }
    }

    @Test
    void gate_asJson_hasTheNextSteps_andGateOffIsSaid() throws Exception {
        dualwrite("init");
        start("app-1", 3);
        start("app-2", 3);
        gateOpens(3);
        arrive(3);
        await(() -> dualwrite("gate", "--to", "5", "--json") == ExitCode.DIFFERENCES);
        String file = " -c " + folder.resolve("operator.properties");
        assertThat(new ObjectMapper().readTree(said).at("/next_steps"))
                .extracting(JsonNode::asText)
                .containsExactly(
                        "dualwrite freeze" + file,
                        "dualwrite sync" + file,
                        "dualwrite sequences" + file,
                        "dualwrite verify" + file,
                        "dualwrite gate --to 5" + file);
        dualwrite("status");
        assertThat(said).doesNotContain("gate = off");
        dualwriteWith(write("operator", 1, "gate = off"), "status");
        assertThat(said).contains("gate = off: no step of the fleet asks for a pass");
    }

    @Test
    void status_asJson_isForPrograms() throws Exception {
        dualwrite("init");
        start("app-1", 6);
        await(() -> dualwrite("status", "--json") == ExitCode.FINE && said.contains("no pass to 3"));
        var json = new ObjectMapper().readTree(said);
        assertThat(json.at("/instances/0/name").asText()).isEqualTo("app-1");
        assertThat(json.at("/instances/0/rung").asText()).isEqualTo("OLD_ONLY");
        assertThat(json.at("/authority").asText()).isEqualTo("old");
        assertThat(json.at("/nextStep").asText()).isEqualTo("start the instances: 1 of 2 live");
    }

    /** Writes a pass unasked. */
    private void pass(Pass pass) throws SQLException {
        for (Side side : Side.values()) {
            try (Connection connection = DriverManager.getConnection(url(side))) {
                Registry.of(side).writePass(connection, pass, "test");
            }
        }
    }

    private Pass currentPass(Side side) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url(side))) {
            return Registry.of(side).readPhase(connection).pass;
        }
    }

    /** Ends the side's server: whatever was connected is cut off, and nobody can connect any more. */
    private void kill(Side side) throws SQLException {
        dead.add(side);
        sql(side, "SHUTDOWN");
    }

    /** The operator's file, where the side is at an address at which nobody answers. */
    private Path unreachable(Side side) throws Exception {
        Path file = write("operator", 1);
        return Files.writeString(
                file, Files.readString(file).replace(url(side), "jdbc:h2:tcp://localhost:1/" + name + side.word()));
    }

    private Connection connect(Side side) throws SQLException {
        if (dead.contains(side)) {
            throw new SQLException("connection refused", "08001");
        }
        return DriverManager.getConnection(url(side));
    }

    private void gateOpens(int to) {
        await(() -> dualwrite("gate", "--to", String.valueOf(to)) == ExitCode.FINE);
    }

    private void gateIsShut(int to, String... checks) {
        await(() -> dualwrite("gate", "--to", String.valueOf(to)) == ExitCode.DIFFERENCES
                && said.lines().filter(line -> line.startsWith("SHUT")).count() == checks.length);
        for (String check : checks) {
            assertThat(said.lines()).anyMatch(line -> line.startsWith("SHUT") && line.contains(check));
        }
    }

    /** Lets every instance's file ask for the phase and waits until all are there. */
    private void arrive(int phase) throws Exception {
        for (RunningInstance instance : fleet) {
            write(instance.getName(), phase);
        }
        for (RunningInstance instance : fleet) {
            awaitRung(instance, Phase.of(phase).rung());
        }
        await(() -> fleet.stream().allMatch(instance -> instance.getMovingFrom() == null));
        await(() -> dualwrite("status") == ExitCode.FINE && !said.contains("draining"));
    }

    private void awaitRung(RunningInstance instance, Rung rung) {
        await(() -> instance.standing().rung() == rung);
    }

    private interface Condition {
        boolean holds() throws Exception;
    }

    private void await(Condition condition) {
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

    private RunningInstance start(String instance, int phase, String... more) throws Exception {
        RunningInstance running = RunningInstance.start(
                SettingsFile.open(write(instance, phase, more)), this::connect);
        fleet.add(running);
        return running;
    }

    private Path write(String instance, int phase, String... more) throws Exception {
        return Files.writeString(
                folder.resolve(instance + ".properties"),
                "phase = " + phase + "\nold.url = " + url(Side.OLD) + "\nnew.url = " + url(Side.NEW) + "\ninstance = "
                        + instance + "\nfleet.size = 2\nheartbeat = 50 ms\ndataB = sales_daily\n"
                        + String.join("\n", more) + "\n");
    }

    private int dualwrite(String... arguments) throws Exception {
        return dualwriteWith(write("operator", 1), arguments);
    }

    private int dualwriteWith(Path file, String... arguments) {
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
    private void recordRun(String kind, String direction, long differences) throws SQLException {
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

    private void mark(String table, String key, long ageMillis) throws SQLException {
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

    private void sql(Side side, String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url(side));
                Statement statement = connection.createStatement()) {
            statement.executeUpdate(sql);
        }
    }

    private String url(Side side) {
        return "jdbc:h2:mem:" + name + side.word();
    }
}
