package io.dualwrite.model;

import io.dualwrite.ladder.Rung;
import io.dualwrite.ladder.Side;
import io.dualwrite.model.State.Register;
import io.dualwrite.model.State.Status;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What one database alone could have done with the same transactions: every outcome of every subset of them, explored by the same
 * explorer. What happened on two databases is right if it is one of these: all that was acknowledged was done, nothing that failed
 * was, what is unknown was or was not; every answer, every row that was read and every row that is left is the same; and
 * what was acknowledged before another began came before it.
 */
final class OneDatabase {
    private record Outcome(List<Integer> rows, List<Integer> answers, List<Integer> after) {}

    private final Scenario scenario;
    private final Side authority;
    private final List<Set<Outcome>> bySubset = new ArrayList<>();

    OneDatabase(Scenario scenario) {
        this.scenario = scenario;
        this.authority = scenario.authority();
        for (int subset = 0; subset < 1 << scenario.parts().size(); subset++) {
            Set<Outcome> outcomes = new HashSet<>();
            for (Visibility visibility : EnumSet.of(scenario.old(), scenario.neu())) {
                outcomes.addAll(outcomes(subset, visibility));
            }
            bySubset.add(outcomes);
        }
    }

    private Set<Outcome> outcomes(int subset, Visibility visibility) {
        List<Scenario.Part> alone = new ArrayList<>();
        for (int part = 0; part < scenario.parts().size(); part++) {
            Scenario.Part all = scenario.parts().get(part);
            boolean in = (subset & 1 << part) != 0;
            alone.add(
                    all instanceof Scenario.Writes writes
                            ? new Scenario.Writes(Rung.OLD_ONLY, in ? writes.deeds() : List.of(), false)
                            : new Scenario.Reads(Rung.OLD_ONLY, ((Scenario.Reads) all).row()));
        }
        List<Integer> rows = scenario.rows().get(authority.ordinal());
        Scenario bare = Scenario.of(alone.toArray(new Scenario.Part[0]))
                .rows(rows, rows)
                .servers(visibility, visibility);
        Set<Outcome> outcomes = new HashSet<>();
        List<Actor> actors = bare.actors();
        new Explorer(bare).ends(new Judge(bare, actors, null), end -> outcomes.add(outcome(end, Side.OLD)));
        return outcomes;
    }

    private Outcome outcome(State end, Side side) {
        List<Integer> rows = new ArrayList<>();
        for (int row = 0; row < State.ROWS; row++) {
            rows.add(end.committed(side, row));
        }
        List<Integer> answers = new ArrayList<>();
        List<Integer> after = new ArrayList<>();
        for (int part = 0; part < scenario.parts().size(); part++) {
            answers.add(end.get(part, Register.ANSWER));
            after.add(end.get(part, Register.AFTER));
        }
        return new Outcome(rows, answers, after);
    }

    boolean explains(State end) {
        int acknowledged = 0;
        int unknown = 0;
        for (int part = 0; part < scenario.parts().size(); part++) {
            Status status = end.status(part);
            boolean read = scenario.parts().get(part) instanceof Scenario.Reads;
            acknowledged |= status == Status.ACKNOWLEDGED || read ? 1 << part : 0;
            unknown |= status == Status.UNKNOWN ? 1 << part : 0;
        }
        Outcome seen = outcome(end, authority);
        for (int subset = 0; subset < bySubset.size(); subset++) {
            boolean fits = (subset & acknowledged) == acknowledged && (subset & ~(acknowledged | unknown)) == 0;
            if (fits && explains(seen, subset, acknowledged)) {
                return true;
            }
        }
        return false;
    }

    private boolean explains(Outcome seen, int subset, int acknowledged) {
        for (Outcome possible : bySubset.get(subset)) {
            if (possible.rows.equals(seen.rows) && agrees(seen, possible, subset, acknowledged)) {
                return true;
            }
        }
        return false;
    }

    private boolean agrees(Outcome seen, Outcome possible, int subset, int acknowledged) {
        for (int part = 0; part < scenario.parts().size(); part++) {
            int bit = 1 << part;
            boolean answered =
                    (acknowledged & bit) == 0 || seen.answers.get(part).equals(possible.answers.get(part));
            boolean later = (subset & bit) == 0 || (seen.after.get(part) & ~possible.after.get(part)) == 0;
            if (!answered || !later) {
                return false;
            }
        }
        return true;
    }
}
