package io.dualwrite.copier.gate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.dualwrite.copier.cli.ExitCode;
import io.dualwrite.fleet.Registry;
import io.dualwrite.fleet.RunningInstance;
import io.dualwrite.ladder.Pass;
import io.dualwrite.ladder.Rung;
import io.dualwrite.ladder.Side;
import io.dualwrite.ladder.Standing;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The ways out of a crossing and of 5 when a side is away. */
class RetreatTest {
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
    void retreat_endsACrossing_andIsLiftedByTheNextPass() throws Exception {
        stand.dualwrite("init");
        RunningInstance first = stand.start("app-1", 3);
        RunningInstance second = stand.start("app-2", 3);
        stand.gateOpens(3);
        stand.arrive(3);
        stand.pass(Pass.THREE_TO_FIVE);
        stand.write("app-1", 5);
        stand.awaitRung(first, Rung.STRICT_READ_NEW);
        stand.awaitRung(second, Rung.STRICT_READ_OLD);
        stand.await(() -> stand.dualwrite("status") == ExitCode.FINE
                && stand.said().contains("asked for 3, stands on STRICT_READ_OLD: app-1 asks for 5"));
        assertThat(stand.dualwrite("retreat")).isEqualTo(ExitCode.FINE);
        assertThat(stand.said()).contains("app-1, app-2 go to 3; no file counts as asking for more");
        stand.awaitRung(first, Rung.DUAL_READ_OLD);
        stand.awaitRung(second, Rung.DUAL_READ_OLD);
        stand.await(() -> String.valueOf(first.waitsFor()).contains("a retreat to 3 is in force"));
    }

    @Test
    void retreat_whereNobodyCrosses_leavesTheCurrentPass_andTakesBackTheOneToFive() throws Exception {
        stand.dualwrite("init");
        stand.start("app-1", 1);
        stand.start("app-2", 1);
        stand.gateOpens(3);
        assertThat(stand.dualwrite("retreat")).isEqualTo(ExitCode.FINE);
        assertThat(stand.said())
                .contains("no pass to 5 is current; nothing was written, and the pass from 1 to 3 stands");
        assertThat(stand.currentPass(Side.OLD)).isEqualTo(Pass.ONE_TO_THREE);
        stand.arrive(3);
        stand.pass(Pass.THREE_TO_FIVE);
        assertThat(stand.dualwrite("retreat")).isEqualTo(ExitCode.FINE);
        assertThat(stand.said()).contains("no instance is crossing, and the pass to 5 is taken back");
        assertThat(stand.currentPass(Side.OLD)).isEqualTo(Pass.RETREAT_TO_THREE);
        assertThat(stand.dualwrite("retreat", "--json")).isEqualTo(ExitCode.FINE);
        assertThat(new ObjectMapper().readTree(stand.said()).at("/written").asBoolean())
                .isFalse();
        assertThat(stand.said()).contains("a retreat to 3 is in force already");
    }

    /** The instance went on to 5 while old could not be written, so that old's row of it stayed as it was. */
    @Test
    void retreat_whereOldsRowOfAnInstanceMayBeStale_isRefused() throws Exception {
        stand.dualwrite("init");
        try (Connection old = DriverManager.getConnection(stand.url(Side.OLD));
                Statement statement = old.createStatement()) {
            statement.executeUpdate(
                    "INSERT INTO dualwrite_instance (name, incarnation, rung, moving_from, asked, arrived_at,"
                            + " heartbeat_at, gone, waits_for, fingerprint, fleet_size) VALUES ('app-1', 'i', 'STRICT_NEW_FIRST',"
                            + " 'STRICT_READ_NEW', 5, 1, 1, 0, '', '', 2)");
        }
        assertThat(stand.dualwrite("retreat")).isEqualTo(ExitCode.USAGE);
        assertThat(stand.said()).contains("app-1 stands on STRICT_NEW_FIRST");
        assertThat(stand.currentPass(Side.OLD)).isNull();
    }

    @Test
    void retreatToFive_takesACrossingOnWithoutOld_onlyWhereAllReadNew() throws Exception {
        stand.dualwrite("init");
        RunningInstance first = stand.start("app-1", 3);
        RunningInstance second = stand.start("app-2", 3);
        stand.gateOpens(3);
        stand.arrive(3);
        stand.pass(Pass.THREE_TO_FIVE);
        stand.write("app-1", 5);
        stand.awaitRung(first, Rung.STRICT_READ_NEW);
        stand.awaitRung(second, Rung.STRICT_READ_OLD);
        stand.await(
                () -> stand.dualwrite("retreat", "--to", "5") == ExitCode.USAGE
                        && stand.said()
                                .contains(
                                        "stands on STRICT_READ_NEW or beyond, but app-2 stands on STRICT_READ_OLD. Nothing was written."));
        Standing.Pin pin = second.standing().join("connection 7");
        second.standing().pin(pin);
        stand.write("app-2", 5);
        stand.await(() -> stand.dualwrite("retreat", "--to", "5") == ExitCode.USAGE
                && stand.said().contains("app-2 stands on STRICT_READ_NEW and has not drained from STRICT_READ_OLD"));
        stand.kill(Side.OLD);
        second.standing().unpin(pin);
        stand.await(() -> stand.dualwrite("retreat", "--to", "5") == ExitCode.FINE);
        assertThat(stand.said()).contains("app-1, app-2 go on to 5 without old");
        stand.awaitRung(first, Rung.DUAL_READ_NEW);
        stand.awaitRung(second, Rung.DUAL_READ_NEW);
        try (Connection fresh = DriverManager.getConnection(stand.url(Side.NEW))) {
            assertThat(Registry.of(Side.NEW).readPhase(fresh).otherStaleSince).isNotNull();
        }
        stand.await(() -> stand.dualwrite("retreat", "--to", "5") == ExitCode.FINE
                && stand.said().contains("nothing was written"));
    }

    @Test
    void forceToOne_listsWhatCouldBeLost_andDoesItOnlyWhenToldSo() throws Exception {
        stand.dualwrite("init");
        RunningInstance instance = stand.start("app-1", 5, "gate = off");
        stand.awaitRung(instance, Rung.DUAL_READ_NEW);
        stand.recordRun("verify", "up", 0);
        stand.mark("title", "7", 0);
        stand.await(() -> stand.dualwrite("force", "--to", "1") == ExitCode.USAGE
                && stand.said().contains("new answers"));
        stand.kill(Side.NEW);
        Path operator = stand.unreachable(Side.NEW);
        stand.await(() -> stand.dualwriteWith(operator, "force", "--to", "1") == ExitCode.DIFFERENCES);
        assertThat(stand.said())
                .contains("could be lost: in the tables: dataA = ; dataB = sales_daily")
                .contains("could be lost: app-1 was last heard of on old")
                .contains("could be lost: 1 rows of title are marked on old")
                .contains("could be lost: the last verify (up) began")
                .contains("could be lost: there was no sync that old knows of")
                .contains(
                        "nothing was written; to go back to old without this, run dualwrite force --to 1 --accept-loss");
        assertThat(instance.standing().rung()).isEqualTo(Rung.DUAL_READ_NEW);
        assertThat(stand.dualwriteWith(operator, "force", "--to", "1", "--accept-loss"))
                .isEqualTo(ExitCode.FINE);
        assertThat(stand.said()).contains("epoch 2 begins on old");
        stand.awaitRung(instance, Rung.OLD_ONLY);
        assertThat(stand.dualwriteWith(operator, "force", "--to", "1", "--accept-loss"))
                .isEqualTo(ExitCode.FINE);
        assertThat(stand.said()).contains("forced to 1 already; nothing was written");
    }

    @Test
    void afterAForce_newRejoins_inAnEpochOfItsOwn() throws Exception {
        stand.dualwrite("init");
        try (Connection old = DriverManager.getConnection(stand.url(Side.OLD))) {
            Registry.of(Side.OLD).writeEpoch(old, Registry.of(Side.OLD).readPhase(old).migration, 2);
            Registry.of(Side.OLD).writePass(old, Pass.FORCE_TO_ONE, "test");
        }
        stand.start("app-1", 3);
        stand.start("app-2", 3);
        stand.dualwrite("status");
        assertThat(stand.said()).contains("pass forced to 1").contains("next: dualwrite init --rejoin -c");
        assertThat(stand.dualwrite("copy")).isEqualTo(ExitCode.USAGE);
        assertThat(stand.said()).contains("old is in epoch 2, new in 1").contains("dualwrite init --rejoin");
        stand.gateIsShut(3, "migration");
        assertThat(stand.said())
                .contains("old is in epoch 2, new in 1: one of them was away")
                .contains("init --rejoin");
        assertThat(stand.dualwrite("init", "--rejoin")).isEqualTo(ExitCode.FINE);
        assertThat(stand.said()).contains("new rejoins").contains("in epoch 3");
        stand.gateOpens(3);
        stand.arrive(3);
    }

    @Test
    void status_whileASideIsAway_namesWhatHelpsThere() throws Exception {
        stand.dualwrite("init");
        RunningInstance instance = stand.start("app-1", 5, "gate = off");
        stand.awaitRung(instance, Rung.DUAL_READ_NEW);
        stand.await(() -> stand.dualwriteWith(stand.unreachable(Side.OLD), "status") == ExitCode.FINE
                && stand.said()
                        .contains("next: bring old back (what is written meanwhile is marked), then dualwrite repair"));
        assertThat(stand.said()).contains("dualwrite gate --to 6").doesNotContain("gate --to 3");
        stand.await(() -> stand.dualwriteWith(stand.unreachable(Side.NEW), "status") == ExitCode.FINE
                && stand.said().contains("next: bring new back"));
        assertThat(stand.said())
                .contains("if it is lost, run dualwrite force --to 1 -c")
                .doesNotContain("gate --to");
    }

    @Test
    void status_atSix_namesTheWayDownInItsOrder() throws Exception {
        stand.dualwrite("init");
        for (String name : new String[] {"app-1", "app-2"}) {
            stand.awaitRung(stand.start(name, 6, "gate = off"), Rung.NEW_ONLY);
        }
        stand.await(() -> stand.dualwrite("status") == ExitCode.FINE
                && stand.said().contains("next: nothing: the fleet runs on new alone"));
        assertThat(stand.said())
                .containsOnlyOnce("dualwrite sequences --down")
                .containsSubsequence("sequences --down -c", "copy --down -c", "gate --to 5 -c");
    }

    @Test
    void refusal_advisesByTheRung_alsoForPrograms() throws Exception {
        stand.dualwrite("init");
        RunningInstance instance = stand.start("app-1", 5, "gate = off");
        stand.awaitRung(instance, Rung.DUAL_READ_NEW);
        stand.await(() ->
                stand.dualwrite("retreat") == ExitCode.USAGE && stand.said().contains("DUAL_READ_NEW"));
        assertThat(stand.said())
                .containsSubsequence("sync --down", "verify --down", "gate --to 3 -c")
                .contains("if it is lost, run dualwrite force --to 1 -c");
        assertThat(stand.dualwriteWith(stand.unreachable(Side.OLD), "retreat")).isEqualTo(ExitCode.FAILURE);
        assertThat(stand.said()).contains("every instance reads new, run dualwrite retreat --to 5 -c");
        stand.write("app-1", 6, "gate = off");
        stand.awaitRung(instance, Rung.NEW_ONLY);
        stand.await(() -> stand.dualwrite("force", "--to", "1", "--json") == ExitCode.USAGE
                && stand.said().contains("gate --to 5"));
        String json = stand.said().substring(stand.said().indexOf('{'));
        assertThat(new ObjectMapper().readTree(json).at("/refused").asText())
                .contains("nothing has to be given up")
                .contains("dualwrite gate --to 5 -c " + stand.folder.resolve("operator.properties"));
        stand.await(() ->
                stand.dualwrite("retreat") == ExitCode.USAGE && stand.said().contains("NEW_ONLY"));
        assertThat(stand.said())
                .contains("copy --down, then dualwrite gate --to 5")
                .contains("old was left behind");
    }
}
