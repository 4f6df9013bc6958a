package io.dualwrite.copier.gate;

import io.dualwrite.config.Settings;
import io.dualwrite.copier.plan.WrongInput;
import io.dualwrite.fleet.FleetView;
import io.dualwrite.fleet.InstanceRow;
import io.dualwrite.ladder.Pass;
import io.dualwrite.ladder.Side;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;

/**
 * Takes a fleet in 5 back to old alone while new is dead, and gives up what new alone has. Whatever was acknowledged and
 * had not reached old is marked on new, where nobody can read it: what could be lost is told by what old knows.
 */
public final class Force {
    private static final List<String> COMPARISONS = List.of("verify", "sync", "repair");

    /**
     * What could be lost, and whether it was accepted.
     *
     * @param accepted whether the fleet was forced; else nothing was written
     * @param epoch old's epoch as it is now
     * @param losses what could be lost, in sentences
     * @param said what was done, in one sentence
     */
    public record Report(boolean accepted, long epoch, List<String> losses, String said) {}

    private final Settings settings;
    private final String file;

    /** @param file the properties file, for messages */
    public Force(Settings settings, String file) {
        this.settings = settings;
        this.file = file;
    }

    /**
     * Lists what could be lost, and with {@code accept} begins an epoch on old in which every instance goes to 1.
     *
     * @throws WrongInput if new answers, or an instance does not stand in 5
     * @throws SQLException if old cannot be reached
     */
    public Report toOne(boolean accept) throws SQLException {
        requireNewDead();
        try (Sides sides = Sides.open(settings, file, EnumSet.of(Side.OLD))) {
            sides.lock();
            FleetView view = Objects.requireNonNull(sides.read().get(Side.OLD));
            if (view.phase.pass == Pass.FORCE_TO_ONE) {
                return new Report(
                        true, view.phase.epoch, List.of(), "the fleet was forced to 1 already; nothing was written");
            }
            requireInFive(view);
            List<String> losses = losses(sides.connection(Side.OLD), view);
            if (!accept) {
                return new Report(
                        false,
                        view.phase.epoch,
                        losses,
                        "nothing was written; to go back to old without this, run dualwrite force --to 1"
                                + " --accept-loss -c " + file);
            }
            write(sides, view);
            return new Report(
                    true,
                    view.phase.epoch + 1,
                    losses,
                    "epoch " + (view.phase.epoch + 1)
                            + " begins on old, and every instance goes to OLD_ONLY, whatever its"
                            + " file says; once new is back, run dualwrite init --rejoin -c " + file);
        }
    }

    private static void write(Sides sides, FleetView view) throws SQLException {
        Connection old = sides.connection(Side.OLD);
        sides.registry(Side.OLD).writeEpoch(old, view.phase.migration, view.phase.epoch + 1);
        sides.registry(Side.OLD).buryAll(old);
        sides.registry(Side.OLD).writePass(old, Pass.FORCE_TO_ONE, "dualwrite force --to 1 --accept-loss");
        sides.registry(Side.OLD).writeOtherStaleSince(old, view.nowMillis);
        sides.commit();
    }

    private void requireNewDead() {
        try (Sides fresh = Sides.open(settings, file, EnumSet.of(Side.NEW))) {
            throw new WrongInput("new answers (" + fresh.all().iterator().next().word()
                    + ".url): nothing has to be given up." + wayBack(fresh));
        } catch (SQLException dead) {
            // What is asked for: new cannot be reached.
            return;
        }
    }

    /** Empty where new answers and has no fleet to show: that is not to be taken for a dead one. */
    private String wayBack(Sides fresh) {
        try {
            FleetView view = Objects.requireNonNull(fresh.read().get(Side.NEW));
            return " " + WayBack.from(WayBack.highest(FleetView.present(List.of(view), settings.fleetDead)), file);
        } catch (SQLException unread) {
            return "";
        }
    }

    /**
     * Whoever is silent on STRICT_READ_NEW beside one that follows new already has nothing that old lacks, and its way back would be a
     * retreat for which nobody stands there any more.
     */
    private void requireInFive(FleetView view) {
        boolean followsNew = view.rows.stream().anyMatch(row -> !row.gone && row.rung.newWins());
        for (InstanceRow row : view.rows) {
            boolean inFive = row.rung.newWins() && (row.movingFrom == null || row.movingFrom.newWins());
            boolean passed = followsNew && row.rung.dualReadsNew() && !row.fresh(view.nowMillis, settings.fleetDead);
            if (!row.gone && !inFive && !passed) {
                throw new WrongInput("Instance " + row.name + " stands on " + row.rung + " by old's registry: "
                        + (row.rung.authority() == Side.OLD
                                ? "old is the authority, and nothing has to be given up. "
                                        + WayBack.from(row.rung, file)
                                : "old was left behind there and does not know since when. While new is away: "
                                        + new WithoutASide(file).withoutNew(row.rung) + "."));
            }
        }
    }

    private List<String> losses(Connection old, FleetView view) throws SQLException {
        List<String> losses = new ArrayList<>();
        losses.add("every acknowledged write that had not reached old: which these are is marked on new alone");
        losses.add("in the tables: " + settings.manifest);
        for (InstanceRow row : view.rows) {
            losses.add(row.name + " was last heard of on old " + view.ageMillis(row) / 1_000 + " s ago"
                    + (row.pausedSides.contains(Side.OLD) ? ", and mirrored nothing to old then" : "")
                    + (row.gone ? ", when it left" : ""));
        }
        MarkTally marks = MarkTally.read(old, view.nowMillis);
        marks.rows().forEach((table, rows) -> losses.add(rows + " rows of " + table + " are marked on old"));
        marks.whole().forEach(table -> losses.add("all of " + table + " is marked on old"));
        List<RunRecord> runs = RunRecord.read(old);
        for (String kind : COMPARISONS) {
            losses.add(runs.stream()
                    .filter(run -> run.kind().equals(kind) && run.done())
                    .findFirst()
                    .map(run -> "the last " + kind + " (" + run.direction() + ") began "
                            + (view.nowMillis - run.startedAt()) / 1_000 + " s ago and left " + run.differences()
                            + " differences")
                    .orElse("there was no " + kind + " that old knows of"));
        }
        return losses;
    }
}
