package io.dualwrite.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dualwrite.dialect.OwnTables;
import io.dualwrite.ladder.Pass;
import io.dualwrite.ladder.Phase;
import io.dualwrite.ladder.Rung;
import io.dualwrite.ladder.Side;
import io.dualwrite.ladder.Standing;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A side that is away while the fleet goes on, and an instance that sleeps while it does. */
class InstanceAloneTest {
    private static final String MARK = "INSERT INTO dualwrite_mark (" + OwnTables.MARK_COLUMNS + ") VALUES ";

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
    void oldDies_whileCrossing_retreatToFiveOnNew_isFollowedWithoutOld() throws Exception {
        Instance[] fleet = bothReadNew();
        databases.cut(Side.OLD);
        databases.settle(fleet);
        assertRungs(Rung.STRICT_READ_NEW, fleet);
        assertThat(fleet[0].waitsFor()).contains("the registry on old cannot be used");

        retreatToFive();
        Instance late = start("app-3", 3);
        assertThat(late.standing().rung()).isEqualTo(Rung.STRICT_NEW_FIRST);
        databases.settle(fleet[0], fleet[1], late);
        assertRungs(Rung.DUAL_READ_NEW, late);
        databases.settle(fleet);
        assertRungs(Rung.DUAL_READ_NEW, fleet);
        databases.file("app-1", 3);
        databases.settle(fleet);
        assertRungs(Rung.DUAL_READ_NEW, fleet);
        assertThat(fleet[0].waitsFor())
                .isEqualTo("asked for 3, stands on DUAL_READ_NEW: a retreat to 5 is in force; run dualwrite gate"
                        + " --to 3 once old is up to date");

        databases.mend(Side.OLD);
        databases.settle(fleet[0], fleet[1], late);
        assertRungs(Rung.DUAL_READ_NEW, fleet);
        assertThat(databases.view(Side.OLD).row("app-2").rung).isEqualTo(Rung.DUAL_READ_NEW);

        databases.pass(Pass.FIVE_TO_THREE);
        databases.settle(fleet[0], fleet[1], late);
        assertRungs(Rung.DUAL_READ_NEW, fleet);
        assertThat(fleet[0].waitsFor()).contains("old was left behind and is stale; run dualwrite sync --down");
    }

    @Test
    void oldComesBack_afterOneWentOnByTheRetreat_theOtherTurnsNotBackButFollows() throws Exception {
        Instance[] fleet = bothReadNew();
        databases.cut(Side.OLD);
        databases.beat(fleet[0]);
        databases.beat(fleet[1]);
        retreatToFive();
        databases.beat(fleet[0]);
        databases.beat(fleet[0]);
        assertThat(fleet[0].standing().rung()).isEqualTo(Rung.STRICT_NEW_FIRST);

        databases.cut(Side.NEW);
        databases.file("app-2", 3);
        databases.beat(fleet[1]);
        databases.mend(Side.OLD);
        databases.mend(Side.NEW);
        for (int beat = 0; beat < 8; beat++) {
            databases.beat(fleet[1]);
            assertNeighbours(fleet);
            databases.beat(fleet[0]);
            assertNeighbours(fleet);
        }
        assertRungs(Rung.DUAL_READ_NEW, fleet);
    }

    @Test
    void retreatWritten_beforeAnybodyWentOn_holdsWhoHasNotSeenItFromTurningBack() throws Exception {
        Instance[] fleet = bothReadNew();
        databases.cut(Side.OLD);
        databases.cut(Side.NEW);
        databases.file("app-2", 3);
        databases.beat(fleet[1]);
        databases.mend(Side.NEW);
        retreatToFive();
        databases.mend(Side.OLD);
        for (int beat = 0; beat < 3; beat++) {
            databases.beat(fleet[1]);
            assertRungs(Rung.STRICT_READ_NEW, fleet);
        }
        databases.settle(fleet);
        assertRungs(Rung.DUAL_READ_NEW, fleet);
    }

    @Test
    void gateOff_retreatStaysInForce_whenTheFirstHasFollowedIt() throws Exception {
        Instance[] fleet = bothReadNew("gate = off");
        databases.cut(Side.OLD);
        databases.settle(fleet);
        retreatToFive();
        databases.settle(fleet);
        assertRungs(Rung.DUAL_READ_NEW, fleet);
        assertThat(databases.view(Side.NEW).phase.pass).isEqualTo(Pass.RETREAT_TO_FIVE);
    }

    @Test
    void gateOff_retreatToThree_staysInForce_whenTheFirstHasFollowedIt() throws Exception {
        Instance[] fleet = bothReadNew("gate = off");
        databases.pass(Pass.RETREAT_TO_THREE, Side.OLD);
        databases.settle(fleet);
        assertRungs(Rung.DUAL_READ_OLD, fleet);
        assertThat(databases.view(Side.OLD).phase.pass).isEqualTo(Pass.RETREAT_TO_THREE);
    }

    @Test
    void newDies_whileCrossing_filesBackToThreeWaitForItsMarks_aRetreatAsksNothingOfNew() throws Exception {
        Instance[] fleet = bothReadNew();
        databases.cut(Side.NEW);
        databases.file("app-1", 3);
        databases.file("app-2", 3);
        databases.settle(fleet);
        assertRungs(Rung.STRICT_READ_NEW, fleet);
        assertThat(fleet[0].waitsFor())
                .contains("new cannot be asked for marks")
                .contains("dualwrite retreat");
        databases.pass(Pass.RETREAT_TO_THREE, Side.OLD);
        databases.settle(fleet);
        assertRungs(Rung.DUAL_READ_OLD, fleet);
    }

    /** One follows new already, the other still old: nothing was swallowed since, and the retreat on old goes before new's registry. */
    @Test
    void newDies_asTheCrossingCloses_retreatToThreeOnOld_isFollowedWithoutNew() throws Exception {
        Instance[] fleet = bothReadNew();
        databases.beat(fleet[1]);
        databases.cut(Side.NEW);
        databases.settle(fleet);
        assertRungs(Rung.STRICT_NEW_FIRST, fleet[1]);
        assertRungs(Rung.STRICT_READ_NEW, fleet[0]);
        databases.pass(Pass.RETREAT_TO_THREE, Side.OLD);
        databases.settle(fleet);
        assertRungs(Rung.DUAL_READ_OLD, fleet);
    }

    /** Two operators who want opposite things: the one that leads on to 5 holds, and nobody goes to and fro. */
    @Test
    void retreatsToThreeAndToFive_theOneToFiveHolds() throws Exception {
        Instance[] fleet = bothReadNew();
        databases.beat(fleet[1]);
        assertRungs(Rung.STRICT_NEW_FIRST, fleet[1]);
        databases.pass(Pass.RETREAT_TO_THREE, Side.OLD);
        retreatToFive();
        databases.settle(fleet);
        assertRungs(Rung.DUAL_READ_NEW, fleet);
        databases.settle(fleet);
        assertRungs(Rung.DUAL_READ_NEW, fleet);
    }

    /** Somebody may be writing a retreat there at this moment: the mirror that answers is waited for, not passed by. */
    @Test
    void oldsRegistryIsLocked_asAnInstanceLeavesTheCrossing_itWaitsForIt() throws Exception {
        Instance[] fleet = bothReadNew();
        databases.beat(fleet[1]);
        assertRungs(Rung.STRICT_NEW_FIRST, fleet[1]);
        databases.beat(fleet[0]);
        try (Connection retreating = databases.connect(Side.OLD)) {
            retreating.setAutoCommit(false);
            new Registry(Side.OLD, c -> 0L).lock(retreating);
            databases.beat(fleet[1]);
            databases.beat(fleet[1]);
            assertRungs(Rung.STRICT_NEW_FIRST, fleet[1]);
        }
        databases.settle(fleet);
        assertRungs(Rung.DUAL_READ_NEW, fleet);
    }

    /** R10, R13: what old has and new perhaps lacks is mended before anybody reads new, and the other way about. */
    @ParameterizedTest
    @CsvSource({"OLD, STRICT_READ_OLD, STRICT_READ_NEW", "NEW, STRICT_NEW_FIRST, STRICT_READ_NEW"})
    void marksThatStay_holdBackTheChangeOfTheReadSide(Side marked, Rung from, Rung to) throws Exception {
        long[] nanos = {0};
        databases.init();
        RegistryLinks links = new RegistryLinks(databases, ServerClock.SERVERS_OWN);
        LingeringMarks marks = new LingeringMarks(links, () -> nanos[0]);
        assertThat(marks.against(from, to, null, new ArrayList<>())).isNull();
        databases.sql(marked, MARK + "('w-1', 0, 'item', '1', 'lost', 'app-1', 1, 5)");
        databases.sql(marked, MARK + "('w-2', 0, 'item', '2', 'in flight', 'app-1', 1, 6)");
        databases.sql(marked.other(), MARK + "('w-1', -1, '', '', '', 'app-1', 1, 5)");
        assertThat(marks.against(from, to, null, new ArrayList<>())).contains("of writes under way");
        nanos[0] += 500_000_000;
        assertThat(marks.against(from, to, null, new ArrayList<>())).contains("of writes under way");
        databases.sql(marked, "DELETE FROM dualwrite_mark WHERE id = 'w-2'");
        databases.sql(marked, MARK + "('w-3', 0, 'item', '3', 'in flight', 'app-1', 1, 7)");
        nanos[0] += 600_000_000;
        assertThat(marks.against(from, to, null, new ArrayList<>()))
                .startsWith("1 marks stay on " + marked.word())
                .endsWith("run dualwrite repair");
        databases.sql(marked, "DELETE FROM dualwrite_mark WHERE id = 'w-1'");
        nanos[0] += 1_100_000_000;
        assertThat(marks.against(from, to, null, new ArrayList<>())).contains("1 marks stay");
        assertThat(marks.against(from, to, null, Collections.singletonList(standsOn(to))))
                .as("where another has gone before from one authority to the other")
                .matches(said -> (said == null) == (from.authority() != to.authority()));
        databases.sql(marked, "DELETE FROM dualwrite_mark");
        assertThat(marks.against(from, to, null, new ArrayList<>())).isNull();
    }

    private static InstanceRow standsOn(Rung rung) {
        return new InstanceRow(
                "app-2", "r", rung, null, Phase.FIVE, 1, 1, false, null, "", 2, EnumSet.noneOf(Side.class), "");
    }

    @Test
    void newLost_inFive_forceOnOld_leadsLiveAndRestartedInstancesToOne() throws Exception {
        databases.init();
        Instance first = start("app-1", 5, "gate = off");
        Instance second = start("app-2", 5, "gate = off");
        databases.settle(first, second);
        assertRungs(Rung.DUAL_READ_NEW, first, second);
        databases.cut(Side.NEW);
        databases.settle(first);
        assertThat(first.standing().rung()).isEqualTo(Rung.DUAL_READ_NEW);
        second.leave();

        databases.force();
        databases.beat(first);
        assertThat(databases.view(Side.OLD).row("app-1").rung).isEqualTo(Rung.DUAL_READ_NEW);
        Instance again = start("app-2", 5, "gate = off");
        databases.settle(first);
        assertRungs(Rung.OLD_ONLY, first, again);
        assertThat(first.epoch()).isEqualTo(2);
        assertThat(first.waitsFor()).contains("asked for 5, stands on OLD_ONLY: the fleet was forced to 1");

        databases.mend(Side.NEW);
        databases.settle(first, again);
        assertRungs(Rung.OLD_ONLY, first, again);
        databases.pass(null, Side.OLD);
        databases.settle(first, again);
        assertThat(first.waitsFor()).contains("old is in epoch 2 and new in 1: one of them was away");
        assertThat(start("app-3", 5, "gate = off").standing().rung()).isEqualTo(Rung.OLD_ONLY);
    }

    @Test
    void startAfterAForce_newBackWithYoungerRows_isOnOld() throws Exception {
        databases.init();
        Instance instance = start("app-1", 5, "gate = off");
        databases.settle(instance);
        instance.leave();
        databases.force();
        databases.sql(Side.NEW, "UPDATE dualwrite_instance SET gone = 0, heartbeat_at = " + databases.clock);
        assertThat(start("app-2", 5, "gate = off").standing().rung()).isEqualTo(Rung.OLD_ONLY);
        assertThat(start("app-1", 5, "gate = off").standing().rung()).isEqualTo(Rung.OLD_ONLY);
    }

    @Test
    void force_seenByAnInstanceThatStillReachesNew_isFollowed() throws Exception {
        databases.init();
        Instance instance = start("app-1", 5, "gate = off", "fleet.dead = 10 min");
        databases.settle(instance);
        assertRungs(Rung.DUAL_READ_NEW, instance);
        databases.force();
        databases.file("app-1", 6, "gate = off", "fleet.dead = 10 min");
        databases.settle(instance);
        assertThat(instance.standing().rung()).isEqualTo(Rung.OLD_ONLY);
    }

    /** Two instances that have drained on STRICT_READ_NEW, and have not yet looked whether they may go on. */
    private Instance[] bothReadNew(String... more) throws Exception {
        databases.init();
        Instance first = start("app-1", 3, more);
        Instance second = start("app-2", 3, more);
        databases.pass(Pass.ONE_TO_THREE);
        databases.settle(first, second);
        databases.pass(Pass.THREE_TO_FIVE);
        databases.file("app-1", 5, more);
        databases.settle(first, second);
        Standing.Pin pin = second.standing().join("connection 7");
        second.standing().pin(pin);
        databases.file("app-2", 5, more);
        databases.settle(first, second);
        assertRungs(Rung.STRICT_READ_NEW, first, second);
        second.standing().unpin(pin);
        return new Instance[] {first, second};
    }

    private void retreatToFive() throws Exception {
        databases.pass(Pass.RETREAT_TO_FIVE, Side.NEW);
        databases.sql(Side.NEW, "UPDATE dualwrite_phase SET other_stale_since = 1");
    }

    @Test
    void silentInstance_countedAsDead_opensNoConnectionUntilItHasJoinedAgain() throws Exception {
        databases.init();
        Instance instance = start("app-1", 2);
        assertThat(instance.epoch()).as("known before the first beat").isEqualTo(1);
        databases.settle(instance);
        try (Connection connection = databases.connect(Side.OLD)) {
            instance.admit(Side.OLD, connection);
            databases.sql(Side.OLD, "UPDATE dualwrite_instance SET gone = 1");
            assertThatThrownBy(() -> instance.admit(Side.OLD, connection))
                    .isInstanceOf(SQLTransientConnectionException.class)
                    .hasMessage(
                            "Instance app-1 was silent for longer than fleet.dead = 15000 ms and counts as dead: it opens"
                                    + " no connection to old until its next heartbeat has taken it back into the fleet");
            instance.beat();
            instance.admit(Side.OLD, connection);
        }
    }

    @Test
    void silentInstance_pastWhomTheFleetWent_staysOutUntilRestarted() throws Exception {
        databases.init();
        Instance awake = start("app-1", 5, "gate = off");
        Instance asleep = start("app-2", 2, "gate = off");
        databases.settle(awake, asleep);
        databases.settle(awake);
        databases.settle(awake);
        assertRungs(Rung.DUAL_READ_NEW, awake);
        databases.sql(Side.OLD, "UPDATE dualwrite_phase SET epoch = 2");
        try (Connection connection = databases.connect(Side.OLD)) {
            assertThatThrownBy(() -> asleep.admit(Side.OLD, connection)).hasMessageContaining("counts as dead");
            asleep.beat();
            assertThat(asleep.epoch())
                    .as("the epoch of marks that are to be refused (R29)")
                    .isEqualTo(1);
            assertThat(asleep.waitsFor()).contains("counts as dead, and the fleet went on without it; restart it");
            assertThat(databases.view(Side.OLD).row("app-2").gone).isTrue();
            assertThatThrownBy(() -> asleep.admit(Side.OLD, connection)).hasMessageContaining("until it is restarted");
        }
        asleep.leave();
        assertThat(start("app-2", 2, "gate = off").standing().rung()).isEqualTo(Rung.DUAL_READ_NEW);
    }

    /** On old, a neighbour on STRICT_NEW_FIRST may long have drained from what its row there still shows. */
    @Test
    void rowThatLagsOnTheOtherSide_isNoStray_untilItStaysSo() throws Exception {
        databases.init();
        Strays strays = new Strays();
        instanceRow("app-2", Rung.STRICT_NEW_FIRST, Rung.DUAL_READ_NEW);
        assertThat(stray(strays, Rung.STRICT_READ_NEW)).isNull();
        databases.clock.addAndGet(10_000);
        assertThat(stray(strays, Rung.STRICT_READ_NEW)).isNull();
        instanceRow("app-2", Rung.STRICT_NEW_FIRST, null);
        assertThat(stray(strays, Rung.STRICT_READ_NEW)).isNull();

        instanceRow("app-2", Rung.DUAL_READ_NEW, null);
        for (int look = 0; look < 4; look++) {
            assertThat(stray(strays, Rung.STRICT_READ_NEW)).isNull();
            databases.clock.addAndGet(5_000);
            instanceRow("app-2", Rung.DUAL_READ_NEW, null);
        }
        assertThat(stray(strays, Rung.STRICT_READ_NEW)).isEqualTo("app-2");
    }

    @Test
    void strayOnTheSideThatItMustKeepUpToDate_isFoundAtOnce() throws Exception {
        databases.init();
        instanceRow("app-2", Rung.STRICT_READ_OLD, Rung.DUAL_READ_OLD);
        assertThat(stray(new Strays(), Rung.STRICT_READ_NEW)).isEqualTo("app-2");
        assertThat(stray(new Strays(), Rung.STRICT_READ_OLD)).isNull();
    }

    /** The name of the stray that an instance on the rung finds on old, or null. */
    private @Nullable String stray(Strays strays, Rung stands) throws SQLException {
        FleetView view = databases.view(Side.OLD);
        InstanceRow found = strays.found(view, view.rows, stands, Duration.ofSeconds(15));
        return found == null ? null : found.name;
    }

    /** Writes a row on old, as its instance would now. */
    private void instanceRow(String name, Rung rung, @Nullable Rung movingFrom) throws SQLException {
        try (Connection connection = databases.connect(Side.OLD)) {
            new Registry(Side.OLD, c -> databases.clock.get())
                    .write(
                            connection,
                            new InstanceRow(
                                    name,
                                    "r",
                                    rung,
                                    movingFrom,
                                    Phase.THREE,
                                    0,
                                    0,
                                    false,
                                    null,
                                    "",
                                    2,
                                    EnumSet.noneOf(Side.class),
                                    ""),
                            Duration.ofSeconds(15));
        }
    }

    /** Whoever comes back deletes the rows of the side that it comes back to. */
    @Test
    void epochThatBeganDuringItsSleep_keepsItOutUntilRestarted() throws Exception {
        databases.init();
        Instance asleep = start("app-1", 3, "gate = off", "fleet.size = 1");
        databases.settle(asleep);
        assertRungs(Rung.DUAL_READ_OLD, asleep);
        for (Side side : Side.values()) {
            databases.sql(side, "UPDATE dualwrite_phase SET epoch = 2");
            databases.sql(side, "DELETE FROM dualwrite_instance");
        }
        for (int i = 0; i < 2; i++) {
            asleep.beat();
            assertThat(asleep.epoch()).as("the epoch of its marks").isEqualTo(1);
            assertThat(asleep.waitsFor()).contains("the fleet went on without it; restart it");
            assertThat(databases.view(Side.OLD).row("app-1")).isNull();
        }
        try (Connection connection = databases.connect(Side.OLD)) {
            assertThatThrownBy(() -> asleep.admit(Side.OLD, connection)).hasMessageContaining("until it is restarted");
        }
        asleep.leave();
        Instance restarted = start("app-1", 1, "gate = off", "fleet.size = 1");
        assertThat(restarted.epoch()).isEqualTo(2);
    }

    /** The first whose look succeeds again sees the others' rows as old as its own was: that is no death. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void registryWasAwayForAll_firstToComeBackStepsPastNobody(boolean refuses) throws Exception {
        Instance[] fleet = oneWaitsForTheOther();
        silence(refuses, fleet);
        databases.beat(fleet[0]);
        assertRungs(Rung.DUAL_READ_OLD, fleet[0]);
        long back = databases.clock.get();
        assertThat(fleet[0].waitsFor())
                .isEqualTo("asked for 5, stands on DUAL_READ_OLD: it could not look at the registry on old until "
                        + Instant.ofEpochMilli(back) + ", and app-2 has not been heard of there since; until "
                        + Instant.ofEpochMilli(back + 15_000) + " it takes no step");
        databases.clock.addAndGet(13_000);
        databases.beat(fleet[0]);
        assertRungs(Rung.DUAL_READ_OLD, fleet[0]);

        databases.beat(fleet[1]);
        databases.beat(fleet[0]);
        assertThat(fleet[0].waitsFor()).isEqualTo("asked for 5, stands on DUAL_READ_OLD: app-2 stands on OLD_ONLY");
        databases.settle(fleet);
        assertRungs(Rung.DUAL_READ_OLD, fleet[0]);
        assertRungs(Rung.OLD_ONLY, fleet[1]);
        assertThat(fleet[1].waitsFor()).isNull();
        databases.file("app-2", 3, "gate = off");
        databases.settle(fleet);
        assertRungs(Rung.STRICT_READ_NEW, fleet[0]);
    }

    /** A process that starts when the registry is back has not noticed that it was away, and sees the same old rows. */
    @Test
    void startsRightAfterTheRegistryWasAway_stepsPastNobody() throws Exception {
        Instance[] fleet = oneWaitsForTheOther();
        silence(true, fleet);
        Instance restarted = start("app-1", 5, "gate = off");
        databases.beat(restarted);
        assertRungs(Rung.DUAL_READ_OLD, restarted);
        long first = databases.clock.get();
        assertThat(restarted.waitsFor())
                .isEqualTo("asked for 5, stands on DUAL_READ_OLD: it starts and first looked at the registry on old at "
                        + Instant.ofEpochMilli(first) + ", and app-2 has not been heard of there since; until "
                        + Instant.ofEpochMilli(first + 15_000) + " it takes no step");
        databases.beat(fleet[1]);
        databases.beat(restarted);
        assertThat(restarted.waitsFor()).isEqualTo("asked for 5, stands on DUAL_READ_OLD: app-2 stands on OLD_ONLY");

        databases.settle(restarted);
        databases.settle(restarted);
        assertRungs(Rung.DUAL_READ_NEW, restarted);
    }

    /** Whoever comes to follow old looks at its registry for the first time then, but could not write its row there before. */
    @Test
    void registryWasAwayForAll_whoTurnsToItStepsPastNobody() throws Exception {
        Instance[] fleet = bothReadNew();
        databases.beat(fleet[1]);
        assertRungs(Rung.STRICT_NEW_FIRST, fleet[1]);
        databases.cut(Side.OLD);
        databases.file("app-2", 3);
        databases.settle(fleet);
        databases.settle(fleet);
        assertRungs(Rung.STRICT_NEW_FIRST, fleet[1]);
        databases.mend(Side.OLD);
        for (int beat = 0; beat < 3; beat++) {
            databases.beat(fleet[1]);
            assertRungs(Rung.STRICT_READ_NEW, fleet[1]);
            assertThat(fleet[1].waitsFor()).contains("app-1 has not been heard of there since");
        }
        databases.settle(fleet);
        assertRungs(Rung.STRICT_READ_NEW, fleet[0]);
        assertRungs(Rung.STRICT_READ_OLD, fleet[1]);
    }

    @Test
    void diedWhileTheRegistryWasAway_holdsNobodyBack_onceItsTimeIsOver() throws Exception {
        Instance[] fleet = oneWaitsForTheOther();
        silence(true, fleet);
        for (int beat = 0; beat <= 15; beat++) {
            databases.beat(fleet[0]);
            assertRungs(Rung.DUAL_READ_OLD, fleet[0]);
        }
        databases.settle(fleet[0]);
        assertRungs(Rung.DUAL_READ_NEW, fleet[0]);
        assertThat(databases.view(Side.OLD).row("app-2").gone).isTrue();
    }

    @Test
    void leftWhileTheRegistryWasThere_isNotWaitedForAfterItWasAway() throws Exception {
        Instance[] fleet = oneWaitsForTheOther();
        fleet[1].leave();
        databases.cut(Side.OLD);
        databases.settle(fleet[0]);
        assertRungs(Rung.DUAL_READ_OLD, fleet[0]);
        databases.mend(Side.OLD);
        databases.beat(fleet[0]);
        assertRungs(Rung.DUAL_READ_NEW, fleet[0]);
    }

    /** An instance on DUAL_READ_OLD that wants to go on, and one on OLD_ONLY that holds it back. */
    private Instance[] oneWaitsForTheOther() throws Exception {
        databases.init();
        Instance[] fleet = {start("app-1", 5, "gate = off"), start("app-2", 1, "gate = off")};
        databases.settle(fleet);
        assertRungs(Rung.DUAL_READ_OLD, fleet[0]);
        return fleet;
    }

    /** For longer than fleet.dead old refuses all, or does not answer, so that nobody's look ends. */
    private void silence(boolean refuses, Instance... fleet) {
        if (refuses) {
            databases.cut(Side.OLD);
            databases.settle(fleet);
            databases.settle(fleet);
            databases.mend(Side.OLD);
        } else {
            databases.clock.addAndGet(16_000);
        }
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
}
