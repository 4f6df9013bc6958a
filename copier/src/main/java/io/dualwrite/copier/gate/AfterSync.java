package io.dualwrite.copier.gate;

import io.dualwrite.config.Settings;
import io.dualwrite.copier.plan.Direction;
import io.dualwrite.fleet.FleetView;
import io.dualwrite.ladder.Pass;
import io.dualwrite.ladder.Side;
import java.sql.SQLException;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Whether a whole sync that was just made will do for the gate: one beside an instance that arrives later is to be made again. */
public final class AfterSync {
    private static final List<Check> CHECKS =
            List.of(new FleetComplete(), new FleetThere(), new FleetDrained(), new SyncedSinceArrival());

    private final Settings settings;
    private final String file;

    /** @param file the properties file, for the command that mends */
    public AfterSync(Settings settings, String file) {
        this.settings = settings;
        this.file = file;
    }

    /**
     * What would still hold the gate shut of all that a sync depends on, in one sentence; null where nothing does. Writes nothing.
     *
     * @param direction of the sync
     * @throws SQLException if a side cannot be reached
     */
    public @Nullable String stillShut(Direction direction) throws SQLException {
        Pass pass = direction == Direction.UP ? Pass.THREE_TO_FIVE : Pass.FIVE_TO_THREE;
        try (Sides sides = Sides.open(settings, file, EnumSet.allOf(Side.class))) {
            sides.lock();
            Facts facts = facts(sides, pass, direction.source());
            String shut = CHECKS.stream()
                    .map(check -> check.look(facts))
                    .filter(finding -> !finding.fine())
                    .map(finding -> finding.check() + " (" + finding.reason() + ")")
                    .collect(Collectors.joining(", "));
            return shut.isEmpty()
                    ? null
                    : "The gate to " + pass.to().number() + " would still be shut by " + shut
                            + "; see to that, then run " + facts.command("sync") + " again.";
        }
    }

    /** What these checks do not look at is not read. */
    private Facts facts(Sides sides, Pass pass, Side home) throws SQLException {
        Map<Side, FleetView> views = sides.read();
        return new Facts(
                settings,
                file,
                pass,
                views,
                FleetView.present(views.values(), settings.fleetDead),
                new MarkTally(Map.of(), new TreeSet<>(), 0),
                RunRecord.read(sides.connection(home)),
                Sessions.notAsked(),
                new GeneratorStands(Map.of(), null),
                Map.of());
    }
}
