package io.dualwrite.copier.gate;

import io.dualwrite.fleet.InstanceRow;
import io.dualwrite.ladder.Rung;
import java.util.Collection;

/** The commands that lead down from where a fleet stands, as an operator would type them. */
final class WayBack {
    private WayBack() {}

    /** The highest rung on which one of the instances stands; without any the fleet needs old alone. */
    static Rung highest(Collection<InstanceRow> instances) {
        return instances.stream().map(row -> row.rung).max(Rung::compareTo).orElse(Rung.OLD_ONLY);
    }

    /**
     * While both sides are there.
     *
     * @param highest the highest rung on which an instance stands
     * @param file the properties file
     */
    static String from(Rung highest, String file) {
        String end = " -c " + file;
        return switch (highest) {
            case OLD_ONLY -> "None is needed: the fleet runs on old alone.";
            case DUAL_READ_OLD -> "The way back is dualwrite gate --to 1" + end + ".";
            case STRICT_READ_OLD, STRICT_READ_NEW -> "The way back is dualwrite retreat" + end + ".";
            case STRICT_NEW_FIRST, DUAL_READ_NEW ->
                "The way back, with Data B's batches stopped, is dualwrite sequences --down, freeze --down, sync --down, repair and"
                        + " twice verify --down, then dualwrite gate --to 3" + end + ".";
            case NEW_ONLY ->
                "The way back is dualwrite sequences --down and copy --down, then dualwrite gate --to 5" + end + ".";
        };
    }
}
