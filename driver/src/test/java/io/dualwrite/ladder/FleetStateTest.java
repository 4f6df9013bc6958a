package io.dualwrite.ladder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class FleetStateTest {
    private static final FleetModel.Rules RULES =
            (self, others, passes) -> new FleetState(self, others, passes).decide();

    @Test
    void threeInstances_filesChangingAtAnyMoment_neverBreakTheLadder() {
        Set<FleetModel.State> states = new FleetModel(RULES, false).reachable(FleetModel.start(3));
        assertThat(states.stream()
                        .map(FleetModel.State::withoutDirection)
                        .distinct()
                        .count())
                .isEqualTo(10_048);
        assertThat(firstBroken(states)).isNull();
    }

    @Test
    void threeInstances_passesGrantedAtAnyMoment_neverBreakTheLadder() {
        assertThat(firstBroken(new FleetModel(RULES, true).reachable(FleetModel.start(3))))
                .isNull();
    }

    @Test
    void threeInstances_retreatsAtAnyMoment_neverBreakTheLadder() {
        FleetModel model = new FleetModel(RULES, true, true);
        Set<FleetModel.State> states = model.reachable(FleetModel.start(3));
        assertThat(states.stream().filter(state -> state.pass == Pass.RETREAT_TO_FIVE))
                .isNotEmpty();
        assertThat(firstBroken(states)).isNull();
        model.neverCircles(states);
    }

    @Test
    void retreatToFive_whateverTheFilesSay_allComeToRestOnFive() {
        FleetModel model = new FleetModel(RULES, true, true);
        int rests = 0;
        for (FleetModel.State state : model.reachable(FleetModel.start(3))) {
            boolean inForce = state.pass == Pass.RETREAT_TO_FIVE;
            if (inForce && model.successors(state).isEmpty()) {
                rests++;
                assertThat(state.members)
                        .as("at rest: %s", state)
                        .allMatch(member -> member.rung == Rung.DUAL_READ_NEW && member.drained());
            }
        }
        assertThat(rests).isPositive();
    }

    /** The planted fault: a retreat to 5 binds only those whose own file asks for 5. */
    @Test
    void retreatToFive_notHeldAgainstAFile_modelFindsWhoStaysBehind() {
        FleetModel.Rules faulty = (self, others, passes) ->
                new FleetState(self, others, self.asked == Phase.THREE ? EnumSet.noneOf(Pass.class) : passes).decide();
        FleetModel model = new FleetModel(faulty, true, true);
        assertThat(model.reachable(FleetModel.start(2)).stream()
                        .filter(state -> state.pass == Pass.RETREAT_TO_FIVE)
                        .flatMap(state -> state.members.stream()))
                .anyMatch(member -> member.rung == Rung.STRICT_READ_OLD);
    }

    @Test
    void anyState_noFileChanges_settlesWithoutOscillation() {
        for (boolean gated : new boolean[] {false, true}) {
            FleetModel model = new FleetModel(RULES, gated);
            model.neverCircles(model.reachable(FleetModel.start(3)));
        }
    }

    /** Nothing circles, as the test above shows, so that all arrive where every state of rest is an arrival. */
    @Test
    void anyState_filesMadeEqual_allArrive() {
        for (boolean gated : new boolean[] {false, true}) {
            FleetModel model = new FleetModel(RULES, gated);
            int rests = 0;
            for (FleetModel.State state : model.reachable(FleetModel.start(3))) {
                if (state.filesAreEqual() && model.successors(state).isEmpty()) {
                    rests++;
                    assertThat(state.members)
                            .as("at rest: %s", state)
                            .allMatch(member -> member.rung == member.asked.rung() && member.drained());
                }
            }
            assertThat(rests).isGreaterThanOrEqualTo(FleetModel.FILES.size());
        }
    }

    @Test
    void mixedFiles_settleAsTheDesignSays() {
        assertThat(rest(Phase.THREE, Phase.THREE, Phase.FIVE))
                .containsExactly(Rung.STRICT_READ_OLD, Rung.STRICT_READ_OLD, Rung.STRICT_READ_NEW);
        assertThat(rest(Phase.FIVE, Phase.FIVE, Phase.SIX))
                .containsExactly(Rung.DUAL_READ_NEW, Rung.DUAL_READ_NEW, Rung.NEW_ONLY);
        assertThat(rest(Phase.ONE, Phase.THREE, Phase.THREE))
                .containsExactly(Rung.OLD_ONLY, Rung.DUAL_READ_OLD, Rung.DUAL_READ_OLD);
    }

    @Test
    void neighbourCheckDropped_modelFindsInstancesTooFarApart() {
        FleetModel.Rules faulty =
                (self, others, passes) -> new FleetState(self, othersWithoutRungs(self, others), passes).decide();
        assertThat(firstBroken(new FleetModel(faulty, false).reachable(FleetModel.start(2))))
                .isNotNull();
    }

    @Test
    void drainingForgotten_modelFindsIt() {
        FleetModel.Rules faulty = (self, others, passes) -> {
            List<Member> drained = new ArrayList<>();
            others.forEach(other -> drained.add(new Member(other.name, other.rung, null, other.asked)));
            return new FleetState(self, drained, passes).decide();
        };
        assertThat(firstBroken(new FleetModel(faulty, false).reachable(FleetModel.start(2))))
                .isNotNull();
    }

    @Test
    void oneFileSoftensWhatAnotherHardens_modelFindsTheOscillation() {
        FleetModel.Rules faulty =
                (self, others, passes) -> self.rung == Rung.STRICT_READ_OLD && self.asked == Phase.THREE
                        ? new FleetState(self, askingFor(Phase.THREE, others), passes).decide()
                        : new FleetState(self, others, passes).decide();
        FleetModel model = new FleetModel(faulty, false);
        assertThatThrownBy(() -> model.neverCircles(model.reachable(FleetModel.start(2))))
                .hasMessageContaining("oscillates");
    }

    @Test
    void voidedPassKept_aSoftenedFleetWouldCrossAgainUnasked() {
        FleetState.Decision softens = new FleetState(
                        new Member("app-1", Rung.STRICT_READ_OLD, null, Phase.THREE),
                        Collections.emptyList(),
                        EnumSet.of(Pass.THREE_TO_FIVE))
                .decide();
        assertThat(softens.step).isEqualTo(Rung.DUAL_READ_OLD);
        assertThat(softens.voids).isEqualTo(Pass.THREE_TO_FIVE);

        FleetState.Decision closes = new FleetState(
                        new Member("app-1", Rung.STRICT_READ_OLD, null, Phase.THREE),
                        Collections.emptyList(),
                        EnumSet.of(Pass.FIVE_TO_THREE))
                .decide();
        assertThat(closes.voids).isNull();
    }

    @Test
    void waiting_isSaidInOneSentence() {
        Member self = new Member("app-1", Rung.DUAL_READ_OLD, null, Phase.FIVE);
        Member draining = new Member("app-3", Rung.DUAL_READ_OLD, Rung.OLD_ONLY, Phase.FIVE);
        Member below = new Member("app-3", Rung.OLD_ONLY, null, Phase.THREE);
        Set<Pass> none = EnumSet.noneOf(Pass.class);
        assertThat(waits(self, Pass.steps(), draining))
                .isEqualTo("asked for 5, stands on DUAL_READ_OLD: app-3 has not drained");
        assertThat(waits(self, Pass.steps(), below))
                .isEqualTo("asked for 5, stands on DUAL_READ_OLD: app-3 stands on OLD_ONLY");
        assertThat(waits(self, none))
                .isEqualTo("asked for 5, stands on DUAL_READ_OLD: no pass to 5; run dualwrite gate --to 5");
        assertThat(waits(new Member("app-1", Rung.OLD_ONLY, null, Phase.SIX), none))
                .isEqualTo(
                        "asked for 6, stands on OLD_ONLY: no pass to 3, which comes first; run dualwrite gate --to 3");
        assertThat(waits(
                        new Member("app-1", Rung.STRICT_READ_OLD, null, Phase.THREE),
                        Pass.steps(),
                        new Member("app-2", Rung.STRICT_READ_NEW, null, Phase.FIVE)))
                .isEqualTo("asked for 3, stands on STRICT_READ_OLD: app-2 asks for 5");
        assertThat(waits(new Member("app-1", Rung.DUAL_READ_OLD, Rung.OLD_ONLY, Phase.THREE), Pass.steps()))
                .isEqualTo("asked for 3, stands on DUAL_READ_OLD: it has not drained from OLD_ONLY");
        assertThat(waits(new Member("app-1", Rung.DUAL_READ_OLD, null, Phase.THREE), none, below))
                .isNull();
    }

    @Test
    void retreat_takesACrossingBackToThree_whateverTheFilesSay() {
        List<Member> fleet = new ArrayList<>(Arrays.asList(
                new Member("app-1", Rung.STRICT_READ_NEW, null, Phase.FIVE),
                new Member("app-2", Rung.STRICT_READ_OLD, null, Phase.FIVE),
                new Member("app-3", Rung.STRICT_READ_NEW, Rung.STRICT_READ_OLD, Phase.FIVE)));
        Set<Pass> retreat = EnumSet.of(Pass.RETREAT_TO_THREE);
        for (int round = 0; round < 12; round++) {
            for (int i = 0; i < 3; i++) {
                Member self = fleet.remove(i);
                Rung step = new FleetState(self, fleet, retreat).decide().step;
                fleet.add(
                        i,
                        step == null
                                ? new Member(self.name, self.rung, null, self.asked)
                                : new Member(self.name, step, self.rung, self.asked));
                assertThat(FleetModel.broken(new FleetModel.State(fleet, null))).isNull();
            }
        }
        assertThat(fleet).allMatch(member -> member.rung == Rung.DUAL_READ_OLD && member.drained());
        assertThat(waits(fleet.get(0), retreat)).contains("a retreat to 3 is in force");
    }

    @Test
    void force_leapsFromFive_stepsDownElsewhere_andKeepsAtOne() {
        Set<Pass> force = EnumSet.of(Pass.FORCE_TO_ONE);
        Member five = new Member("app-1", Rung.DUAL_READ_NEW, null, Phase.FIVE);
        Member behind = new Member("app-2", Rung.DUAL_READ_NEW, null, Phase.SIX);
        assertThat(new FleetState(five, Collections.singletonList(behind), force).decide().step)
                .isEqualTo(Rung.OLD_ONLY);
        assertThat(new FleetState(
                                new Member("app-1", Rung.DUAL_READ_NEW, Rung.STRICT_NEW_FIRST, Phase.FIVE),
                                Collections.emptyList(),
                                force)
                        .decide()
                        .step)
                .isNull();
        Member three = new Member("app-1", Rung.DUAL_READ_OLD, null, Phase.THREE);
        assertThat(new FleetState(three, Collections.emptyList(), force).decide().step)
                .isEqualTo(Rung.OLD_ONLY);
        Member one = new Member("app-1", Rung.OLD_ONLY, null, Phase.FIVE);
        assertThat(waits(one, force, behind)).contains("the fleet was forced to 1; run dualwrite init --rejoin");
        assertThat(waits(new Member("app-1", Rung.OLD_ONLY, null, Phase.ONE), force))
                .isNull();
    }

    @Test
    void join_goesWhereTheFleetStands_asNearToItsFileAsMayBe() {
        Member strictOld = new Member("app-2", Rung.STRICT_READ_OLD, null, Phase.THREE);
        Member strictNew = new Member("app-3", Rung.STRICT_READ_NEW, null, Phase.FIVE);
        assertThat(FleetState.join(Phase.ONE, Arrays.asList(strictOld, strictNew)))
                .isEqualTo(Rung.STRICT_READ_OLD);
        assertThat(FleetState.join(Phase.SIX, Arrays.asList(strictOld, strictNew)))
                .isEqualTo(Rung.STRICT_READ_NEW);
        Member low = new Member("app-4", Rung.DUAL_READ_OLD, null, Phase.THREE);
        assertThat(FleetState.join(Phase.FIVE, Arrays.asList(low, strictOld, strictNew)))
                .isEqualTo(Rung.STRICT_READ_OLD);
    }

    @Test
    void join_atAnyMoment_neverBreaksTheLadder() {
        for (FleetModel.State state : new FleetModel(RULES, false).reachable(FleetModel.start(3))) {
            for (Phase phase : FleetModel.FILES) {
                Rung rung = FleetState.join(phase, state.members);
                assertThat(rung).as("join of %s at %s", phase, state).isNotNull();
                List<Member> more = new ArrayList<>(state.members);
                more.add(new Member("app-9", rung, null, phase));
                assertThat(FleetModel.broken(new FleetModel.State(more, null))).isNull();
            }
        }
    }

    private static @Nullable String firstBroken(Set<FleetModel.State> states) {
        return states.stream()
                .map(FleetModel::broken)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    private static @Nullable String waits(Member self, Set<Pass> passes, Member... others) {
        return new FleetState(self, Arrays.asList(others), passes).decide().waitsFor;
    }

    private static List<Rung> rest(Phase... files) {
        FleetModel.State state = FleetModel.start(3);
        for (int i = 0; i < 3; i++) {
            state = state.asking(i, files[i]);
        }
        Set<FleetModel.State> resting = new FleetModel(RULES, false).settles(state);
        assertThat(resting).hasSize(1);
        List<Rung> rungs = new ArrayList<>();
        resting.iterator().next().members.forEach(member -> rungs.add(member.rung));
        return rungs;
    }

    /** The planted fault: every other instance seems to stand where this one does. */
    private static List<Member> othersWithoutRungs(Member self, List<Member> others) {
        List<Member> seen = new ArrayList<>();
        others.forEach(other -> seen.add(new Member(other.name, self.rung, null, other.asked)));
        return seen;
    }

    private static List<Member> askingFor(Phase phase, List<Member> others) {
        List<Member> seen = new ArrayList<>();
        others.forEach(other -> seen.add(new Member(other.name, other.rung, other.movingFrom, phase)));
        return seen;
    }
}
