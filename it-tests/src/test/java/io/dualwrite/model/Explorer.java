package io.dualwrite.model;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Goes through every state that a scenario can reach, breadth first, so that what it finds first is a shortest story. */
final class Explorer {
    /** More than any scenario here has; a scenario that has more is a mistake. */
    private static final int MOST_STATES = 6_000_000;

    /** What was found. */
    record Result(int states, int ends, @Nullable Violation violation, List<State> path) {}

    private final Scenario scenario;
    private final List<Actor> actors;
    private final Map<State, @Nullable State> comesFrom = new HashMap<>();
    private final Deque<State> open = new ArrayDeque<>();
    private int ends;

    Explorer(Scenario scenario) {
        this.scenario = scenario;
        this.actors = scenario.actors();
    }

    /** Looks for one of these violations; each is looked for where the set is empty. */
    Result search(OneDatabase oneDatabase, Set<Violation> wanted) {
        Judge judge = new Judge(scenario, actors, oneDatabase);
        State initial = scenario.initial();
        comesFrom.put(initial, null);
        open.add(initial);
        while (!open.isEmpty()) {
            State now = open.remove();
            Violation violation = judge.check(now);
            if (violation == null) {
                violation = expand(now, judge);
            }
            if (violation != null && (wanted.isEmpty() || wanted.contains(violation))) {
                return new Result(comesFrom.size(), ends, violation, path(now));
            }
        }
        return new Result(comesFrom.size(), ends, null, List.of());
    }

    private @Nullable Violation expand(State now, Judge judge) {
        Violation[] found = new Violation[1];
        int[] moves = new int[1];
        successors(now, next -> {
            moves[0]++;
            if (found[0] == null) {
                found[0] = judge.check(now, next);
            }
            if (!comesFrom.containsKey(next)) {
                comesFrom.put(next, now);
                open.add(next);
            }
        });
        if (comesFrom.size() > MOST_STATES) {
            throw new IllegalStateException("Too many states: " + scenario);
        }
        boolean end = judge.isEnd(now);
        ends += end ? 1 : 0;
        return found[0] == null && moves[0] == 0 && !end ? Violation.STUCK : found[0];
    }

    private void successors(State now, Consumer<State> each) {
        for (Actor actor : actors) {
            actor.moves(now, (next, words) -> each.accept(next));
        }
    }

    /** Every state in which all has come to its end. */
    void ends(Judge judge, Consumer<State> each) {
        State initial = scenario.initial();
        comesFrom.put(initial, null);
        open.add(initial);
        while (!open.isEmpty()) {
            State now = open.remove();
            if (judge.isEnd(now)) {
                each.accept(now);
            }
            expand(now, judge);
        }
    }

    private List<State> path(State last) {
        List<State> path = new ArrayList<>();
        for (State state = last; state != null; state = comesFrom.get(state)) {
            path.add(state);
        }
        Collections.reverse(path);
        return path;
    }
}
