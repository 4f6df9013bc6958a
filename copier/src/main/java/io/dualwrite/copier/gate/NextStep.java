package io.dualwrite.copier.gate;

import io.dualwrite.config.Settings;
import io.dualwrite.copier.plan.WrongInput;
import io.dualwrite.fleet.InstanceRow;
import io.dualwrite.ladder.Pass;
import io.dualwrite.ladder.Phase;
import io.dualwrite.ladder.Side;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What an operator would do next, as a command. */
final class NextStep {
    private final Settings settings;
    private final String file;

    NextStep(Settings settings, String file) {
        this.settings = settings;
        this.file = file;
    }

    /**
     * @param known the instances that have not said good-bye, by what can be read
     * @param away the side that cannot be reached, or null
     * @param pass the current pass, or null
     */
    String of(List<InstanceRow> live, List<InstanceRow> known, @Nullable Side away, @Nullable Pass pass) {
        if (pass == Pass.FORCE_TO_ONE) {
            return "dualwrite init --rejoin -c " + file + ", once new is back and every instance stands on OLD_ONLY";
        }
        if (away != null && !known.isEmpty()) {
            return new WithoutASide(file).nextStep(away, known);
        }
        if (live.size() < settings.fleetSize) {
            return "start the instances: " + live.size() + " of " + settings.fleetSize + " live";
        }
        Phase phase = Status.restsAt(live);
        if (phase == null) {
            return onTheWay(live);
        }
        return switch (phase) {
            case ONE ->
                "dualwrite copy --every 60s -c " + file
                        + ", until little is left; then stop the batches of Data B and set phase = 2 in every file";
            case TWO -> "dualwrite freeze -c " + file + ", then " + gate(Phase.THREE);
            case THREE -> gate(Phase.FIVE);
            case FIVE -> gate(Phase.SIX) + "; or back: " + gate(Phase.THREE);
            case SIX -> "nothing: the fleet runs on new alone; or back: " + backFromSix();
        };
    }

    private static String onTheWay(List<InstanceRow> live) {
        for (InstanceRow row : live) {
            if (row.waitsFor != null) {
                return row.name + " waits: " + row.waitsFor;
            }
        }
        return "wait: the fleet is on its way; give every file the same phase to let it come to rest";
    }

    /** The gate does not ask for the copy, but without it the sync at 5 has to bring all that new alone has. */
    private String backFromSix() {
        String copy = "dualwrite copy --down -c " + file + ", then ";
        String itself = "dualwrite gate --to 5 -c " + file;
        try {
            List<Finding> shut = new Gate(settings, file).look(Phase.FIVE).shut();
            for (Finding finding : shut) {
                if (!finding.check().equals("sequences")) {
                    return first(finding) + "dualwrite sequences --down -c " + file + ", then " + copy + itself;
                }
            }
            return (shut.isEmpty() ? "" : first(shut.get(0))) + copy + itself + ", then set phase = 5 in every file";
        } catch (SQLException | WrongInput e) {
            return itself + " (" + e.getMessage() + ")";
        }
    }

    private static String first(Finding finding) {
        return (finding.command() == null ? "" : finding.command() + " ") + "(" + finding.reason() + "), then ";
    }

    /** The command that the gate would ask for first, or the gate's own. */
    private String gate(Phase to) {
        String itself = "dualwrite gate --to " + to.number() + " -c " + file;
        try {
            for (Finding finding : new Gate(settings, file).look(to).shut()) {
                return first(finding) + itself;
            }
            return itself + ", then set phase = " + to.number() + " in every file";
        } catch (SQLException | WrongInput e) {
            return itself + " (" + e.getMessage() + ")";
        }
    }
}
