package io.dualwrite.ladder;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Every state that a fleet can reach, explored exhaustively: instances step and drain in any order, files change at any
 * moment, passes are granted whenever a gate could grant them.
 */
final class FleetModel {

    /** The function under test, so that a fault can be planted in its place. */
    interface Rules {
        FleetState.Decision decide(Member self, List<Member> others, Set<Pass> passes);
    }

    /** One state: the instances by their place, and the current pass. */
    static final class State {
        final List<Member> members;
        final @Nullable Pass pass;
        private final long code;

        State(List<Member> members, @Nullable Pass pass) {
            this.members = Collections.unmodifiableList(members);
            this.pass = pass;
            long sum = pass == null ? 0 : 1 + pass.ordinal();
            for (Member member : members) {
                sum = sum * 8 + (member.movingFrom == null ? 7 : member.movingFrom.ordinal());
                sum = sum * 7 + member.rung.ordinal();
                sum = sum * 5 + member.asked.ordinal();
            }
            code = sum;
        }

        boolean filesAreEqual() {
            return members.stream().allMatch(member -> member.asked == members.get(0).asked);
        }

        /** The state with its direction forgotten: an instance that drains stands on both rungs alike. */
        String withoutDirection() {
            StringBuilder text = new StringBuilder();
            for (Member member : members) {
                text.append(standsOn(member)).append(member.asked);
            }
            return text.toString();
        }

        State with(int place, Member member, @Nullable Pass passNow) {
            List<Member> changed = new ArrayList<>(members);
            changed.set(place, member);
            return new State(changed, passNow);
        }

        State asking(int place, Phase phase) {
            Member member = members.get(place);
            return with(place, new Member(member.name, member.rung, member.movingFrom, phase), pass);
        }

        List<Member> others(int place) {
            List<Member> others = new ArrayList<>(members);
            others.remove(place);
            return others;
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof State && code == ((State) other).code;
        }

        @Override
        public int hashCode() {
            return Long.hashCode(code);
        }

        @Override
        public String toString() {
            return members + " pass " + pass;
        }
    }

    static final List<Phase> FILES =
            Collections.unmodifiableList(java.util.Arrays.asList(Phase.ONE, Phase.THREE, Phase.FIVE, Phase.SIX));

    private final Rules rules;
    private final boolean gated;
    private final boolean retreats;

    /** @param gated whether steps ask for passes; without, every pass counts as given */
    FleetModel(Rules rules, boolean gated) {
        this(rules, gated, false);
    }

    /** @param retreats whether an operator may retreat at any moment at which the command would do it */
    FleetModel(Rules rules, boolean gated, boolean retreats) {
        this.rules = rules;
        this.gated = gated;
        this.retreats = retreats;
    }

    static State start(int instances) {
        List<Member> members = new ArrayList<>();
        for (int i = 0; i < instances; i++) {
            members.add(new Member("app-" + (i + 1), Rung.OLD_ONLY, null, Phase.ONE));
        }
        return new State(members, null);
    }

    /** Every state that can be reached, files changing at any moment. */
    Set<State> reachable(State start) {
        Set<State> seen = new HashSet<>();
        ArrayDeque<State> open = new ArrayDeque<>();
        seen.add(start);
        open.add(start);
        while (!open.isEmpty()) {
            State state = open.remove();
            List<State> following = new ArrayList<>(successors(state).values());
            for (int i = 0; i < state.members.size(); i++) {
                for (Phase phase : FILES) {
                    following.add(state.asking(i, phase));
                }
            }
            for (Pass pass : gated ? Pass.steps() : EnumSet.noneOf(Pass.class)) {
                if (gateOpens(state, pass)) {
                    following.add(new State(state.members, pass));
                }
            }
            for (Pass retreat :
                    retreats ? EnumSet.of(Pass.RETREAT_TO_THREE, Pass.RETREAT_TO_FIVE) : EnumSet.noneOf(Pass.class)) {
                if (mayRetreat(state, retreat)) {
                    following.add(new State(state.members, retreat));
                }
            }
            for (State next : following) {
                if (seen.add(next)) {
                    open.add(next);
                }
            }
        }
        return seen;
    }

    /**
     * What can happen next while no file changes, by what happens. Passes are asked for only where all files agree: of two
     * operators who want opposite things each could ask for ever.
     */
    Map<String, State> successors(State state) {
        Map<String, State> found = new LinkedHashMap<>();
        for (int i = 0; i < state.members.size(); i++) {
            Member member = state.members.get(i);
            if (!member.drained()) {
                found.put(
                        member.name + " drains",
                        state.with(i, new Member(member.name, member.rung, null, member.asked), state.pass));
            }
            FleetState.Decision decision = rules.decide(member, state.others(i), passes(state));
            if (decision.step != null) {
                Member moved = new Member(member.name, decision.step, member.rung, member.asked);
                Pass left = gated && decision.voids == null ? state.pass : null;
                found.put(member.name + " steps to " + decision.step, state.with(i, moved, left));
            }
            if (gated && decision.lacks != null && grants(state, decision.lacks)) {
                found.put("gate grants " + decision.lacks, new State(state.members, decision.lacks));
            }
        }
        return found;
    }

    /** Throws if the fleet, left alone by its operators, could go round in a circle from any of the states. */
    void neverCircles(Set<State> states) {
        Set<State> done = new HashSet<>();
        for (State state : states) {
            walk(state, new HashSet<>(), done);
        }
    }

    /** Where the fleet can come to rest from here while no file changes. */
    Set<State> settles(State from) {
        Set<State> seen = new HashSet<>();
        walk(from, new HashSet<>(), seen);
        seen.removeIf(state -> !successors(state).isEmpty());
        return seen;
    }

    private void walk(State state, Set<State> path, Set<State> done) {
        if (done.contains(state)) {
            return;
        }
        if (!path.add(state)) {
            throw new AssertionError("the fleet oscillates at " + state);
        }
        for (State next : successors(state).values()) {
            walk(next, path, done);
        }
        path.remove(state);
        done.add(state);
    }

    private Set<Pass> passes(State state) {
        if (!gated) {
            return Pass.steps();
        }
        return state.pass == null ? EnumSet.noneOf(Pass.class) : EnumSet.of(state.pass);
    }

    private static boolean grants(State state, Pass pass) {
        return state.filesAreEqual() && gateOpens(state, pass);
    }

    /** A gate grants a pass only where every instance has drained and stands where the step leads from or to. */
    private static boolean gateOpens(State state, Pass pass) {
        for (Member member : state.members) {
            boolean there = Objects.equals(Pass.neededFor(member.rung, member.rung.up()), pass)
                    || Objects.equals(Pass.neededFor(member.rung, member.rung.down()), pass)
                    || Objects.equals(Pass.neededFor(member.rung.up(), member.rung), pass)
                    || Objects.equals(Pass.neededFor(member.rung.down(), member.rung), pass);
            if (!there || !member.drained()) {
                return false;
            }
        }
        return true;
    }

    /**
     * A retreat to 3 is refused where new is anybody's authority, unless others follow old still, one to 5 where anybody may still read
     * old.
     */
    private static boolean mayRetreat(State state, Pass retreat) {
        boolean nothingSwallowed =
                state.members.stream().anyMatch(member -> standsOn(member).contains(Rung.STRICT_READ_NEW));
        for (Member member : state.members) {
            boolean readsNew = standsOn(member).stream().allMatch(Rung::dualReadsNew);
            boolean followsOld =
                    member.rung.authority() != Side.NEW || nothingSwallowed && member.rung == Rung.STRICT_NEW_FIRST;
            if (!(retreat == Pass.RETREAT_TO_FIVE ? readsNew : followsOld)) {
                return false;
            }
        }
        return true;
    }

    /** What must hold in every state; null if it does. */
    static @Nullable String broken(State state) {
        for (int i = 0; i < state.members.size(); i++) {
            for (int j = i + 1; j < state.members.size(); j++) {
                for (Rung one : standsOn(state.members.get(i))) {
                    for (Rung other : standsOn(state.members.get(j))) {
                        if (!one.near(other)) {
                            return "two rungs apart: " + state;
                        }
                        if (one.reads() != other.reads() && !(one.strict() && other.strict())) {
                            return "both sides are read and not all are strict: " + state;
                        }
                        boolean dual = one.dual() && other.dual();
                        if (dual && one.authority() != other.authority() && !(one.strict() && other.strict())) {
                            return "both sides are committed first and not all are strict: " + state;
                        }
                    }
                }
            }
        }
        return null;
    }

    private static Set<Rung> standsOn(Member member) {
        return member.movingFrom == null ? EnumSet.of(member.rung) : EnumSet.of(member.rung, member.movingFrom);
    }
}
