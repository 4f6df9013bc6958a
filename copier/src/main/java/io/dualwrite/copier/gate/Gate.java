package io.dualwrite.copier.gate;

import io.dualwrite.config.Settings;
import io.dualwrite.copier.plan.WrongInput;
import io.dualwrite.fleet.FleetView;
import io.dualwrite.fleet.InstanceRow;
import io.dualwrite.ladder.Pass;
import io.dualwrite.ladder.Phase;
import io.dualwrite.ladder.Side;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Asks whether the fleet may go on to a phase, and if so writes the pass: all under the lock of {@code dualwrite_phase}, so
 * that no instance steps between the look and the pass (R23).
 *
 * <p>The way to 1 and to 6 needs nothing of the side that it leaves behind, which may be dead; that side is then stamped as
 * stale, until a pass for a crossing has found it up to date.
 */
public final class Gate {
    /** By how many keys {@code sequences} raises a generator above the other side's at least, where nothing else is asked for. */
    public static final long MARGIN = 10_000;

    private final Settings settings;
    private final String file;

    /** @param file the properties file, for the commands that mend */
    public Gate(Settings settings, String file) {
        this.settings = settings;
        this.file = file;
    }

    /**
     * Checks, and writes the pass if every check is fine.
     *
     * @throws WrongInput if no step leads to the phase, or {@code dualwrite init} has not been run
     * @throws SQLException if a side that is needed cannot be reached
     */
    public GateReport ask(Phase to) throws SQLException {
        return ask(to, true, false);
    }

    /**
     * Ends the sessions of dead instances first, and records that these are dead, so that none goes on where it was; then checks
     * as {@link #ask(Phase)}.
     *
     * @throws SQLException also if the user may not end sessions
     */
    public GateReport askAndEndSessions(Phase to) throws SQLException {
        return ask(to, true, true);
    }

    /** Checks, and writes nothing. */
    public GateReport look(Phase to) throws SQLException {
        return ask(to, false, false);
    }

    private GateReport ask(Phase to, boolean write, boolean endSessions) throws SQLException {
        try (Sides sides = Sides.open(settings, file, sidesFor(to))) {
            List<String> ended = endSessions ? endSessions(sides) : List.of();
            boolean compares = to == Phase.THREE || to == Phase.FIVE || to == Phase.SIX;
            GeneratorStands generators =
                    compares ? GeneratorStands.read(settings, sides) : new GeneratorStands(Map.of(), null);
            sides.lock();
            Facts facts = facts(sides, to, generators);
            List<Finding> findings = Check.ALL.stream()
                    .filter(check -> check.applies(facts))
                    .map(check -> check.look(facts))
                    .toList();
            boolean open = findings.stream().allMatch(Finding::fine);
            if (open && write) {
                write(sides, facts, findings);
            }
            return new GateReport(
                    facts.pass().from().number(),
                    facts.pass().to().number(),
                    open,
                    findings,
                    "dualwrite gate --to " + facts.pass().to().number() + " -c " + file,
                    ended);
        }
    }

    private List<String> endSessions(Sides sides) throws SQLException {
        sides.lock();
        Map<Side, FleetView> views = sides.read();
        List<InstanceRow> present = FleetView.present(views.values(), settings.fleetDead);
        for (FleetView view : views.values()) {
            for (InstanceRow row : view.rows) {
                if (!row.gone && present.stream().noneMatch(living -> living.name.equals(row.name))) {
                    sides.registry(view.side).bury(sides.connection(view.side), row);
                }
            }
        }
        List<Sessions.Foreign> ended =
                Sessions.read(settings, sides, views, present).end(sides);
        sides.commit();
        Sessions.awaitEnd(sides, ended);
        return ended.stream().map(Sessions.Foreign::toString).toList();
    }

    private static Set<Side> sidesFor(Phase to) {
        return switch (to) {
            case ONE, TWO -> EnumSet.of(Side.OLD);
            case SIX -> EnumSet.of(Side.NEW);
            case THREE, FIVE -> EnumSet.allOf(Side.class);
        };
    }

    private Facts facts(Sides sides, Phase to, GeneratorStands generators) throws SQLException {
        Map<Side, FleetView> views = sides.read();
        List<InstanceRow> present = FleetView.present(views.values(), settings.fleetDead);
        Pass pass = passFor(to, present);
        Side home = Objects.requireNonNull(pass.leaves()).authority();
        FleetView view = Objects.requireNonNull(views.get(home));
        return new Facts(
                settings,
                file,
                pass,
                views,
                present,
                MarkTally.read(sides.connection(home), view.nowMillis),
                RunRecord.read(sides.connection(home)),
                NoForeignSessions.asksFor(pass) ? Sessions.read(settings, sides, views, present) : Sessions.notAsked(),
                generators,
                GeneratorRoom.margins(sides.connection(home), GeneratorsRaised.direction(pass)));
    }

    /** Of the passes that lead to the phase, upward or downward, the one where the fleet stands. */
    private static Pass passFor(Phase to, Collection<InstanceRow> present) {
        Phase wanted = to == Phase.TWO ? Phase.ONE : to;
        return Arrays.stream(Pass.values())
                .filter(pass -> pass.leaves() != null && pass.to() == wanted)
                .max(Comparator.comparingLong(pass -> standing(pass, present)))
                .orElseThrow(() -> new WrongInput("No step leads to phase " + to.number()));
    }

    private static long standing(Pass pass, Collection<InstanceRow> present) {
        return present.stream()
                .filter(row -> row.rung == pass.leaves() || row.rung == pass.enters())
                .count();
    }

    private static void write(Sides sides, Facts facts, List<Finding> findings) throws SQLException {
        String evidence = findings.stream()
                .map(finding -> finding.check() + ": " + finding.reason())
                .collect(Collectors.joining("; "));
        for (Side side : sides.all()) {
            sides.registry(side).writePass(sides.connection(side), facts.pass(), evidence);
            if (facts.crossing()) {
                sides.registry(side).writeOtherStaleSince(sides.connection(side), null);
            } else if (facts.toSingle()) {
                sides.registry(side).writeOtherStaleSince(sides.connection(side), facts.home().nowMillis);
            }
        }
        sides.commit();
    }
}
