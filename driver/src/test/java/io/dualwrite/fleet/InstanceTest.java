package io.dualwrite.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dualwrite.ladder.Pass;
import io.dualwrite.ladder.Phase;
import io.dualwrite.ladder.Rung;
import io.dualwrite.ladder.Side;
import io.dualwrite.ladder.Standing;
import java.nio.file.Path;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InstanceTest {
    @TempDir
    Path folder;

    private TwoDatabases databases;

    @BeforeEach
    void open() throws SQLException {
        databases = new TwoDatabases(folder);
    }

    @AfterEach
    void close() throws SQLException {
        databases.close();
    }

    @Test
    void fleet_walksTheWholeLadderUpAndDown_instanceByInstance() throws Exception {
        databases.init();
        Instance[] fleet = {start("app-1", 1), start("app-2", 1), start("app-3", 1)};
        int[] phases = {1, 1, 1};
        for (int phase : new int[] {2, 3, 5, 6, 5, 3, 1}) {
            Pass pass = Pass.between(Phase.of(phases[0]), Phase.of(phase));
            if (pass != null) {
                databases.pass(pass);
            }
            for (int i = 0; i < fleet.length; i++) {
                phases[i] = phase;
                databases.file("app-" + (i + 1), phase);
                for (int round = 0; round < 6; round++) {
                    databases.clock.addAndGet(1_000);
                    for (Instance instance : fleet) {
                        instance.beat();
                        assertNeighbours(fleet);
                    }
                }
            }
            for (Instance instance : fleet) {
                assertThat(instance.standing().rung()).isEqualTo(Phase.of(phase).rung());
                assertThat(instance.waitsFor()).isNull();
            }
        }
    }

    @Test
    void crossing_mixedFiles_hardensAll_andClosesWhenAllAskForFive() throws Exception {
        databases.init();
        Instance first = start("app-1", 3);
        Instance second = start("app-2", 3);
        databases.pass(Pass.ONE_TO_THREE);
        databases.settle(first, second);
        assertRungs(Rung.DUAL_READ_OLD, first, second);

        databases.file("app-1", 5);
        databases.settle(first, second);
        assertRungs(Rung.DUAL_READ_OLD, first, second);
        assertThat(first.waitsFor())
                .isEqualTo("asked for 5, stands on DUAL_READ_OLD: no pass to 5; run dualwrite gate --to 5");

        databases.pass(Pass.THREE_TO_FIVE);
        databases.settle(first, second);
        assertThat(first.standing().rung()).isEqualTo(Rung.STRICT_READ_NEW);
        assertThat(second.standing().rung()).isEqualTo(Rung.STRICT_READ_OLD);

        databases.file("app-1", 3);
        databases.settle(first, second);
        assertRungs(Rung.DUAL_READ_OLD, first, second);
        assertThat(databases.view(Side.OLD).phase.pass).isNull();

        databases.file("app-1", 5);
        databases.file("app-2", 5);
        databases.settle(first, second);
        assertRungs(Rung.DUAL_READ_OLD, first, second);
        databases.pass(Pass.THREE_TO_FIVE);
        databases.settle(first, second);
        assertRungs(Rung.DUAL_READ_NEW, first, second);
        assertThat(databases.view(Side.NEW).row("app-2").rung).isEqualTo(Rung.DUAL_READ_NEW);
        assertThat(databases.view(Side.OLD).row("app-2").rung).isEqualTo(Rung.DUAL_READ_NEW);
    }

    @Test
    void openTransaction_holdsBackTheNextStep_andIsNamed() throws Exception {
        databases.init();
        Instance first = start("app-1", 3, "gate = off");
        Instance second = start("app-2", 1, "gate = off");
        Standing.Pin pin = first.standing().join("connection 7");
        first.standing().pin(pin);
        databases.settle(first, second);
        assertThat(first.standing().rung()).isEqualTo(Rung.DUAL_READ_OLD);
        assertThat(first.movingFrom()).isEqualTo(Rung.OLD_ONLY);
        assertThat(first.inMotion()).isTrue();
        databases.file("app-1", 5, "gate = off");
        databases.file("app-2", 5, "gate = off");
        databases.settle(first, second);
        assertThat(first.waitsFor())
                .isEqualTo("asked for 5, stands on DUAL_READ_OLD: it has not drained from OLD_ONLY");
        assertThat(second.waitsFor()).isEqualTo("asked for 5, stands on DUAL_READ_OLD: app-1 has not drained");
        first.standing().unpin(pin);
        databases.settle(first, second);
        assertRungs(Rung.DUAL_READ_NEW, first, second);
    }

    /** A schema that hides the tables must not have an instance write old beside a fleet that has left it. */
    @Test
    void missingTables_fileAsksForNew_isRefused() throws Exception {
        assertThatThrownBy(() -> databases.start("app-1", 6))
                .isInstanceOf(SQLNonTransientConnectionException.class)
                .hasMessageContaining("the file asks for 6, and the registry on new")
                .hasMessageContaining("dualwrite init")
                .hasFieldOrPropertyWithValue("SQLState", "08004");
        databases.init();
        assertThat(start("app-1", 6).standing().rung()).isEqualTo(Rung.OLD_ONLY);
    }

    @Test
    void missingTables_phaseOneWorks_moreIsSaidToNeedInit() throws Exception {
        Instance instance = start("app-1", 1);
        databases.settle(instance);
        assertThat(instance.waitsFor()).isNull();
        databases.file("app-1", 3);
        databases.settle(instance);
        assertThat(instance.standing().rung()).isEqualTo(Rung.OLD_ONLY);
        assertThat(instance.waitsFor())
                .isEqualTo(
                        "asked for 3, stands on OLD_ONLY: the dualwrite_* tables are missing on old; run dualwrite init -c "
                                + folder.resolve("app-1.properties"));
        databases.init(Side.OLD, "m-1");
        databases.pass(null, Side.OLD);
        databases.settle(instance);
        assertThat(instance.waitsFor()).contains("no pass to 3");
        databases.pass(Pass.ONE_TO_THREE, Side.OLD);
        databases.settle(instance);
        assertThat(instance.waitsFor()).contains("the dualwrite_* tables are missing on new; run dualwrite init");
        databases.init(Side.NEW, "m-1");
        databases.settle(instance);
        assertThat(instance.standing().rung()).isEqualTo(Rung.DUAL_READ_OLD);
    }

    @Test
    void sixAskedAtOne_staysAndSaysWhatItWaitsFor() throws Exception {
        databases.init();
        Instance instance = start("app-1", 6);
        databases.settle(instance);
        assertThat(instance.standing().rung()).isEqualTo(Rung.OLD_ONLY);
        assertThat(instance.waitsFor())
                .isEqualTo(
                        "asked for 6, stands on OLD_ONLY: no pass to 3, which comes first; run dualwrite gate --to 3");
        assertThat(databases.view(Side.OLD).row("app-1").waitsFor).isEqualTo(instance.waitsFor());
    }

    @Test
    void databasesOfDifferentMigrations_areNeverWrittenTogether() throws Exception {
        databases.init(Side.OLD, "m-1");
        databases.init(Side.NEW, "m-2");
        Instance instance = start("app-1", 3, "gate = off");
        databases.settle(instance);
        assertThat(instance.standing().rung()).isEqualTo(Rung.OLD_ONLY);
        assertThat(instance.waitsFor()).contains("databases of different migrations (m-1 and m-2)");
    }

    @Test
    void differingManifests_keepTheFleetBelowThree_andAreRefusedAbove_andNameTheInstance() throws Exception {
        databases.init();
        Instance first = start("app-1", 3, "gate = off", "dataB = sales");
        Instance second = start("app-2", 1, "gate = off", "dataB = sales, royalty");
        databases.settle(first, second);
        assertThat(first.standing().rung()).isEqualTo(Rung.OLD_ONLY);
        assertThat(first.waitsFor())
                .isEqualTo(
                        "asked for 3, stands on OLD_ONLY: app-2 has another dataA or dataB; make the files agree while"
                                + " the fleet is in 1 or 6");
        databases.file("app-2", 1, "gate = off", "dataB = sales");
        databases.settle(first, second);
        assertThat(first.standing().rung()).isEqualTo(Rung.DUAL_READ_OLD);

        databases.file("app-1", 3, "gate = off", "dataB = sales, x");
        databases.settle(first, second);
        assertThat(first.file().trouble())
                .contains("dataA or dataB changed while the instance stands on DUAL_READ_OLD");
        assertThat(databases.view(Side.OLD).row("app-1").waitsFor)
                .startsWith("its file is not in force (")
                .endsWith("it may change in 1 and 6 only, in the whole fleet)");
        databases.file("app-1", 3, "gate = off", "dataB = sales");
        databases.settle(first);
        assertThat(databases.view(Side.OLD).row("app-1").waitsFor).isNull();
        databases.file("app-2", 3, "gate = off", "dataB = sales");
        databases.settle(first, second);
        assertThatThrownBy(() -> start("app-3", 3, "gate = off", "dataB = y"))
                .hasMessageContaining("the fleet stands on DUAL_READ_OLD and app-1 has another dataA or dataB");
    }

    @Test
    void unreachableRegistry_staysAndGoesOn() throws Exception {
        databases.init();
        Instance instance = start("app-1", 3, "gate = off");
        databases.cut(Side.OLD);
        databases.settle(instance);
        assertThat(instance.standing().rung()).isEqualTo(Rung.OLD_ONLY);
        assertThat(instance.waitsFor()).contains("the registry on old cannot be used");
        databases.mend(Side.OLD);
        databases.cut(Side.NEW);
        databases.settle(instance);
        assertThat(instance.waitsFor()).contains("new cannot be reached (connection refused)");
        databases.mend(Side.NEW);
        databases.settle(instance);
        assertThat(instance.standing().rung()).isEqualTo(Rung.DUAL_READ_OLD);
    }

    @Test
    void newDies_inThree_wayBackToOneIsOpen() throws Exception {
        databases.init();
        Instance instance = start("app-1", 3);
        databases.pass(Pass.ONE_TO_THREE);
        databases.settle(instance);
        databases.cut(Side.NEW);
        databases.file("app-1", 1);
        databases.settle(instance);
        assertThat(instance.waitsFor()).contains("no pass to 1; run dualwrite gate --to 1");
        databases.pass(Pass.THREE_TO_ONE);
        databases.settle(instance);
        assertThat(instance.standing().rung()).isEqualTo(Rung.OLD_ONLY);
    }

    @Test
    void oldDies_inFive_onToSixIsOpen_andARestartNeedsNoOld() throws Exception {
        databases.init();
        Instance instance = start("app-1", 5, "gate = off");
        databases.settle(instance);
        assertThat(instance.standing().rung()).isEqualTo(Rung.DUAL_READ_NEW);
        databases.cut(Side.OLD);
        databases.file("app-1", 6, "gate = off");
        databases.settle(instance);
        assertThat(instance.standing().rung()).isEqualTo(Rung.NEW_ONLY);
        instance.leave();
        assertThat(start("app-1", 6, "gate = off").standing().rung()).isEqualTo(Rung.NEW_ONLY);
    }

    @Test
    void mirroringPauses_isPublished_andHoldsBackTheCrossingThatWouldFail() throws Exception {
        databases.init();
        Instance instance = start("app-1", 3);
        databases.pass(Pass.ONE_TO_THREE);
        databases.settle(instance);
        databases.pass(Pass.THREE_TO_FIVE);
        databases.file("app-1", 5);
        instance.mirroringPauses(side -> side == Side.NEW);
        databases.settle(instance);
        assertRungs(Rung.DUAL_READ_OLD, instance);
        assertThat(instance.waitsFor())
                .isEqualTo(
                        "asked for 5, stands on DUAL_READ_OLD: mirroring to new pauses after too many failures in a row;"
                                + " it goes on with the next write that succeeds there");
        assertThat(databases.view(Side.OLD).row("app-1").pausedSides).containsExactly(Side.NEW);

        instance.mirroringPauses(side -> side == Side.OLD);
        databases.settle(instance);
        assertRungs(Rung.DUAL_READ_NEW, instance);
        databases.pass(Pass.FIVE_TO_THREE);
        databases.file("app-1", 3);
        databases.settle(instance);
        assertRungs(Rung.DUAL_READ_NEW, instance);
        assertThat(instance.waitsFor()).contains("mirroring to old pauses");
        assertThat(databases.view(Side.NEW).row("app-1").pausedSides).containsExactly(Side.OLD);
        instance.mirroringPauses(side -> false);
        databases.settle(instance);
        assertRungs(Rung.DUAL_READ_OLD, instance);
    }

    @Test
    void restart_resumesTheRecordedRung_andAsksNoPass() throws Exception {
        databases.init();
        Instance instance = start("app-1", 3);
        databases.pass(Pass.ONE_TO_THREE);
        databases.settle(instance);
        databases.pass(null);
        instance.leave();
        databases.clock.addAndGet(3_600_000);
        Instance again = start("app-1", 3);
        assertThat(again.standing().rung()).isEqualTo(Rung.DUAL_READ_OLD);
        Instance joins = start("app-2", 1);
        assertThat(joins.standing().rung()).isEqualTo(Rung.DUAL_READ_OLD);
    }

    @Test
    void restartOnNewAlone_thenDown_takesOverTheRowThatItsFormerProcessLeftOnOld() throws Exception {
        databases.init();
        Instance instance = start("app-1", 5, "gate = off");
        databases.settle(instance);
        databases.file("app-1", 6, "gate = off");
        databases.beat(instance);
        databases.beat(instance);
        databases.beat(instance);
        assertThat(instance.standing().rung()).isEqualTo(Rung.NEW_ONLY);
        instance.leave();
        Instance again = start("app-1", 5, "gate = off");
        databases.beat(again);
        databases.beat(again);
        assertThat(again.standing().rung()).isEqualTo(Rung.DUAL_READ_NEW);
        assertThat(again.waitsFor()).isNull();
        assertThat(databases.view(Side.OLD).row("app-1").incarnation).isEqualTo(again.incarnation());
    }

    @Test
    void instanceStoppedLongAgo_startsWhereTheFleetWentMeanwhile() throws Exception {
        databases.init();
        Instance first = start("app-1", 3, "gate = off");
        Instance second = start("app-2", 3, "gate = off");
        databases.settle(first, second);
        second.leave();
        databases.file("app-1", 6, "gate = off");
        databases.settle(first);
        assertThat(first.standing().rung()).isEqualTo(Rung.NEW_ONLY);
        assertThat(start("app-2", 3, "gate = off").standing().rung()).isEqualTo(Rung.NEW_ONLY);
        first.leave();
        databases.clock.addAndGet(3_600_000);
        assertThat(start("app-3", 3, "gate = off").standing().rung()).isEqualTo(Rung.NEW_ONLY);
    }

    @Test
    void authorityUnreachableAtStart_isRefused_forNobodyKnowsWhereTheFleetStands() throws Exception {
        databases.init();
        Instance instance = start("app-1", 5, "gate = off");
        databases.settle(instance);
        instance.leave();
        databases.cut(Side.NEW);
        assertThatThrownBy(() -> start("app-1", 5, "gate = off"))
                .hasMessage(
                        "Instance app-1 cannot start: the fleet's record says DUAL_READ_NEW, but the registry on new"
                                + " cannot be read: connection refused");
    }

    @Test
    void sameNameTwice_isRefusedWhileTheFirstLives_andWaitedForWhenItDied() throws Exception {
        databases.init();
        Instance first = start("app-1", 1);
        databases.whileWaiting(first::beat);
        assertThatThrownBy(() -> start("app-1", 1))
                .hasMessage("another live instance is called app-1; give each instance a name of its own with"
                        + " instance = … in its properties file");
        databases.whileWaiting(() -> {});
        long before = databases.clock.get();
        assertThat(start("app-1", 1).incarnation()).isNotEqualTo(first.incarnation());
        assertThat(databases.clock.get() - before).isBetween(15_000L, 17_000L);
        first.beat();
        assertThat(first.waitsFor()).contains("another live instance is called app-1");
    }

    @Test
    void deadInstance_holdsNobodyBack_onceItIsDead() throws Exception {
        databases.init();
        Instance first = start("app-1", 1, "gate = off");
        Instance dies = start("app-2", 1, "gate = off");
        databases.file("app-1", 5, "gate = off");
        for (int i = 0; i < 5; i++) {
            databases.beat(first);
            dies.beat();
        }
        assertThat(first.waitsFor()).isEqualTo("asked for 5, stands on DUAL_READ_OLD: app-2 stands on OLD_ONLY");
        databases.clock.addAndGet(11_000);
        databases.settle(first);
        assertThat(first.standing().rung()).isEqualTo(Rung.DUAL_READ_NEW);
    }

    @Test
    void openRunOfTheCopier_shutsTheStepItWouldGoAgainst() throws Exception {
        databases.init();
        Instance instance = start("app-1", 3, "gate = off");
        databases.run("copy", "up", 0);
        databases.beat(instance);
        databases.beat(instance);
        assertThat(instance.standing().rung()).isEqualTo(Rung.OLD_ONLY);
        assertThat(instance.waitsFor()).contains("a copy run of the copier is open");
        databases.run("copy", "up", 1);
        databases.beat(instance);
        assertThat(instance.standing().rung()).isEqualTo(Rung.DUAL_READ_OLD);
        databases.file("app-1", 5, "gate = off");
        databases.run("copy", "up", 1);
        for (int i = 0; i < 6; i++) {
            databases.beat(instance);
        }
        assertThat(instance.standing().rung()).isEqualTo(Rung.STRICT_READ_NEW);
        databases.settle(instance);
        assertThat(instance.standing().rung()).isEqualTo(Rung.DUAL_READ_NEW);
    }

    @Test
    void commitOfAStepUnknown_isReadAgain_andNeverUsedUnrecorded() throws Exception {
        for (boolean happened : new boolean[] {false, true}) {
            for (Side side : Side.values()) {
                try (TwoDatabases both = new TwoDatabases(folder)) {
                    both.init();
                    Instance instance = both.start("app-1", 5, "gate = off", "fleet.dead = 10 min");
                    for (int commit = 0; commit < 40; commit++) {
                        both.failCommit(side, commit % 5, happened);
                        both.clock.addAndGet(1_000);
                        instance.beat();
                        assertRecorded(both, instance);
                    }
                    both.settle(instance);
                    assertThat(instance.standing().rung()).isEqualTo(Rung.DUAL_READ_NEW);
                }
            }
        }
    }

    @Test
    void instancesSteppingAtTheSameTime_areNeverTwoRungsApart() throws Exception {
        databases.init();
        databases.sql(Side.OLD, "SET DEFAULT_LOCK_TIMEOUT 10000");
        databases.sql(Side.NEW, "SET DEFAULT_LOCK_TIMEOUT 10000");
        int size = 3;
        Instance[] fleet = new Instance[size];
        for (int i = 0; i < size; i++) {
            fleet[i] = start("app-" + i, 1, "gate = off");
        }
        long seed = System.nanoTime();
        Random random = new Random(seed);
        ExecutorService threads = Executors.newFixedThreadPool(size);
        for (int round = 0; round < 60; round++) {
            for (int i = 0; i < size; i++) {
                databases.file("app-" + i, new int[] {1, 3, 5, 6}[random.nextInt(4)], "gate = off");
            }
            CyclicBarrier together = new CyclicBarrier(size);
            List<Future<?>> beats = new ArrayList<>();
            for (Instance instance : fleet) {
                beats.add(threads.submit(() -> {
                    for (int beat = 0; beat < 3; beat++) {
                        together.await(30, TimeUnit.SECONDS);
                        instance.beat();
                        assertNeighbours(fleet);
                    }
                    return null;
                }));
            }
            for (Future<?> beat : beats) {
                try {
                    beat.get(60, TimeUnit.SECONDS);
                } catch (Exception e) {
                    throw new AssertionError("seed " + seed, e);
                }
            }
            databases.clock.addAndGet(1_000);
        }
        threads.shutdown();
    }

    private Instance start(String name, int phase, String... more) throws SQLException {
        return databases.start(name, phase, more);
    }

    private static void assertRungs(Rung rung, Instance... instances) {
        for (Instance instance : instances) {
            assertThat(instance.standing().rung()).isEqualTo(rung);
        }
    }

    /** What each instance uses, now and while it drains, is never two rungs from what another uses. */
    private static void assertNeighbours(Instance... fleet) {
        for (Instance one : fleet) {
            for (Instance other : fleet) {
                Rung rung = one.standing().rung();
                assertThat(rung.near(other.standing().rung()))
                        .as("%s and %s", rung, other.standing().rung())
                        .isTrue();
            }
        }
    }

    /** The authority's record counts the instance as standing where it stands. */
    private static void assertRecorded(TwoDatabases databases, Instance instance) throws SQLException {
        Rung rung = instance.standing().rung();
        InstanceRow row = databases.view(rung.authority()).row("app-1");
        assertThat(row.rung == rung || row.movingFrom == rung)
                .as("%s recorded as %s", rung, row)
                .isTrue();
    }
}
