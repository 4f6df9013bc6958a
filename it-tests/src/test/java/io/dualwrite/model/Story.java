package io.dualwrite.model;

import io.dualwrite.ladder.Side;
import java.util.List;

/** Tells in plain words how a state came about. */
final class Story {
    private Story() {}

    static String of(Scenario scenario, Explorer.Result result) {
        StringBuilder text = new StringBuilder();
        List<State> path = result.path();
        text.append("  At first ").append(rows(path.get(0))).append('\n');
        for (int i = 1; i < path.size(); i++) {
            text.append("  ").append(i).append(". ").append(step(scenario, path.get(i - 1), path.get(i)));
            text.append('\n');
        }
        State last = path.get(path.size() - 1);
        text.append("  In the end, of what is committed, ").append(rows(last)).append('\n');
        text.append(waits(scenario, last));
        Violation violation = result.violation();
        return text.append("  ")
                .append(violation)
                .append(violation == null ? "" : ": " + violation.says)
                .append('\n')
                .toString();
    }

    private static String step(Scenario scenario, State from, State to) {
        String[] told = new String[1];
        for (Actor actor : scenario.actors()) {
            actor.moves(from, (next, words) -> {
                if (told[0] == null && next.equals(to)) {
                    told[0] = words.get();
                }
            });
        }
        return Character.toUpperCase(told[0].charAt(0)) + told[0].substring(1) + ".";
    }

    private static String waits(Scenario scenario, State last) {
        StringBuilder text = new StringBuilder();
        List<Actor> actors = scenario.actors();
        for (Actor actor : actors) {
            for (Wait wait : actor.waits(last)) {
                text.append("  Now ").append(actor.name()).append(" waits on ");
                text.append(wait.side().word()).append(" for ");
                text.append(name(scenario, actors, wait.holder())).append(".\n");
            }
        }
        return text.toString();
    }

    private static String name(Scenario scenario, List<Actor> actors, int id) {
        int parts = scenario.parts().size();
        if (id < parts) {
            return actors.get(id).name();
        }
        return actors.get(parts + State.ACTORS - 1 - id).name();
    }

    private static String rows(State state) {
        StringBuilder text = new StringBuilder();
        for (Side side : Side.values()) {
            text.append(text.isEmpty() ? "" : "; ")
                    .append("on ")
                    .append(side.word())
                    .append(':');
            for (int row = 0; row < State.ROWS; row++) {
                text.append(row == 0 ? " row " : ", row ").append(row + 1).append(' ');
                text.append(Deed.words(state.committed(side, row)));
            }
        }
        return text.append('.').toString();
    }
}
