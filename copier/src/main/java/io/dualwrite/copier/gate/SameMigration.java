package io.dualwrite.copier.gate;

import io.dualwrite.fleet.FleetView;
import java.util.List;

/** Both URLs lead to databases of one migration (R28). */
final class SameMigration implements Check {
    @Override
    public boolean applies(Facts facts) {
        return facts.views().size() == 2;
    }

    @Override
    public Finding look(Facts facts) {
        List<FleetView> views = List.copyOf(facts.views().values());
        String one = views.get(0).phase.migration;
        String other = views.get(1).phase.migration;
        long oneEpoch = views.get(0).phase.epoch;
        long otherEpoch = views.get(1).phase.epoch;
        if (one.equals(other) && oneEpoch != otherEpoch) {
            return Finding.shut(
                    "migration",
                    views.get(0).side.word() + " is in epoch " + oneEpoch + ", "
                            + views.get(1).side.word() + " in " + otherEpoch + ": one of them was away",
                    "dualwrite init --rejoin -c " + facts.file());
        }
        return one.equals(other)
                ? Finding.fine("migration", "both databases belong to migration " + one)
                : Finding.shut(
                        "migration",
                        views.get(0).side.word() + " belongs to migration " + one + ", "
                                + views.get(1).side.word() + " to " + other + "; correct old.url or new.url",
                        null);
    }
}
