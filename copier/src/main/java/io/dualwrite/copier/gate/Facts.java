package io.dualwrite.copier.gate;

import io.dualwrite.config.Settings;
import io.dualwrite.fleet.FleetView;
import io.dualwrite.fleet.InstanceRow;
import io.dualwrite.ladder.Pass;
import io.dualwrite.ladder.Rung;
import io.dualwrite.ladder.Side;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What the gate knows, read in one transaction a side under the lock of {@code dualwrite_phase}. Immutable.
 *
 * @param file the properties file, for the commands that mend
 * @param pass the pass that is asked for
 * @param views the registries that were read
 * @param present the instances that live, or may live
 * @param marks the marks on the side whose authority the pass leaves
 * @param runs the copier's runs recorded there, the last to start first
 * @param sessions the servers' sessions that are no live instance's
 * @param generators how far the key generators have come, read a moment before the lock
 * @param margins by how much {@code sequences} raised each of them last, in the direction in which the pass wants it
 */
record Facts(
        Settings settings,
        String file,
        Pass pass,
        Map<Side, FleetView> views,
        List<InstanceRow> present,
        MarkTally marks,
        List<RunRecord> runs,
        Sessions sessions,
        GeneratorStands generators,
        Map<String, Long> margins) {

    /** The registry of the authority that the fleet has now. */
    FleetView home() {
        return Objects.requireNonNull(views.get(leaves().authority()));
    }

    Rung leaves() {
        return Objects.requireNonNull(pass.leaves());
    }

    Rung enters() {
        return Objects.requireNonNull(pass.enters());
    }

    /** Whether the read side changes, so that everything must be right on both sides. */
    boolean crossing() {
        return pass == Pass.THREE_TO_FIVE || pass == Pass.FIVE_TO_THREE;
    }

    /** Whether the step leaves a side behind. */
    boolean toSingle() {
        return !enters().dual();
    }

    /** The direction of runs from the authority: {@code up} or {@code down}. */
    String direction() {
        return leaves().authority() == Side.OLD ? "up" : "down";
    }

    /** When the last of the instances came to where it stands, by the authority's clock. */
    long lastArrival() {
        long last = 0;
        for (InstanceRow row : present) {
            InstanceRow here = home().row(row.name);
            last = Math.max(last, here == null ? home().nowMillis : here.arrivedAt);
        }
        return last;
    }

    /** The latest run of the kind from the authority, over all tables, that came to its end; or null. */
    @Nullable
    RunRecord last(String kind) {
        return last(kind, direction());
    }

    /** The latest run of the kind in the direction, over all tables, that came to its end; or null. */
    @Nullable
    RunRecord last(String kind, String wanted) {
        return runs.stream()
                .filter(run -> run.is(kind, wanted) && run.done())
                .findFirst()
                .orElse(null);
    }

    /** A command of this product for the file, as an operator types it. */
    String command(String words) {
        boolean turned = direction().equals("down") && List.of("sync", "freeze").contains(words);
        return "dualwrite " + words + (turned ? " --down" : "") + " -c " + file;
    }
}
