package io.dualwrite.copier.gate;

import io.dualwrite.config.Settings;
import io.dualwrite.copier.plan.WrongInput;
import io.dualwrite.fleet.FleetView;
import io.dualwrite.fleet.InstanceRow;
import io.dualwrite.ladder.Pass;
import io.dualwrite.ladder.Rung;
import io.dualwrite.ladder.Side;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Ends a crossing while a side is away, and asks nothing of that side. */
public final class Retreat {

    /**
     * What was done.
     *
     * @param to the phase to which the fleet goes
     * @param written whether a record was written; else everything is as it was
     * @param instances those that the record moves, by name
     * @param said what was done, in one sentence
     */
    public record Report(int to, boolean written, List<String> instances, String said) {}

    private final Settings settings;
    private final String file;

    /** @param file the properties file, for messages */
    public Retreat(Settings settings, String file) {
        this.settings = settings;
        this.file = file;
    }

    /**
     * Takes every instance to 3, whatever its file asks for. Where nobody crosses and no pass lets anybody cross, it writes
     * nothing, for a record would take the place of the current pass.
     *
     * @throws WrongInput if an instance has left the crossing already, with new as its authority
     * @throws SQLException if old cannot be reached
     */
    public Report toThree() throws SQLException {
        try (Sides sides = open(Side.OLD, "it stays away and every instance reads new, run dualwrite retreat --to 5")) {
            sides.lock();
            FleetView view = Objects.requireNonNull(sides.read().get(Side.OLD));
            List<String> crossing = crossing(FleetView.present(List.of(view), settings.fleetDead));
            Pass current = view.phase.pass;
            if (crossing.isEmpty() && current != Pass.THREE_TO_FIVE) {
                return new Report(3, false, crossing, nothingToEnd(current));
            }
            sides.registry(Side.OLD).writePass(sides.connection(Side.OLD), Pass.RETREAT_TO_THREE, "dualwrite retreat");
            sides.commit();
            return new Report(
                    3,
                    true,
                    crossing,
                    (crossing.isEmpty()
                                    ? "no instance is crossing, and the pass to 5 is taken back"
                                    : String.join(", ", crossing) + " go to 3")
                            + "; no file counts as asking for more until dualwrite gate --to 5 opens again");
        }
    }

    /**
     * Takes every instance on to 5, whatever its file asks for, without old: for a crossing in which old is away and all read
     * new already. Old counts as stale from now on.
     *
     * @throws WrongInput if an instance stands elsewhere, or is missing
     * @throws SQLException if new cannot be reached
     */
    public Report toFive() throws SQLException {
        try (Sides sides = open(Side.NEW, "old answers, run dualwrite retreat")) {
            sides.lock();
            FleetView view = Objects.requireNonNull(sides.read().get(Side.NEW));
            List<InstanceRow> live = view.live(settings.fleetDead);
            requireReadingNew(view, live);
            List<String> crossing = live.stream()
                    .filter(row -> row.rung.strict() || row.movingFrom != null)
                    .map(row -> row.name)
                    .toList();
            boolean inForce = view.phase.pass == Pass.RETREAT_TO_FIVE;
            if (crossing.isEmpty() || inForce) {
                return new Report(
                        5,
                        false,
                        crossing,
                        (inForce ? "a retreat to 5 is in force already" : "no instance is crossing")
                                + "; nothing was written");
            }
            sides.registry(Side.NEW)
                    .writePass(sides.connection(Side.NEW), Pass.RETREAT_TO_FIVE, "dualwrite retreat --to 5");
            sides.registry(Side.NEW).writeOtherStaleSince(sides.connection(Side.NEW), view.nowMillis);
            sides.commit();
            return new Report(
                    5,
                    true,
                    crossing,
                    String.join(", ", crossing) + " go on to 5 without old, which counts as stale from now on; no file"
                            + " counts as asking for less until dualwrite gate --to 3 opens");
        }
    }

    /** A retreat stands on the side that is left; where that is the one which is away, the other retreat may help. */
    private Sides open(Side side, String instead) throws SQLException {
        try {
            return Sides.open(settings, file, EnumSet.of(side));
        } catch (SQLException away) {
            throw new SQLException(
                    away.getMessage() + ". This retreat is written on " + side.word() + ": bring it back, or if "
                            + instead + " -c " + file + ".",
                    away.getSQLState(),
                    away);
        }
    }

    /** By new's registry, for old is not asked: whoever stands on STRICT_READ_OLD reads what 5 need not write. */
    private void requireReadingNew(FleetView view, List<InstanceRow> live) {
        List<String> obstacles = new ArrayList<>();
        for (InstanceRow row : live) {
            if (!row.rung.dualReadsNew() || (row.movingFrom != null && !row.movingFrom.dualReadsNew())) {
                obstacles.add(row.name + " stands on " + row.rung
                        + (row.movingFrom == null ? "" : " and has not drained from " + row.movingFrom));
            }
        }
        if (live.size() != settings.fleetSize) {
            obstacles.add(live.size() + " of fleet.size = " + settings.fleetSize + " live by new's registry");
            view.rows.stream()
                    .filter(row -> !row.gone && !live.contains(row))
                    .forEach(row ->
                            obstacles.add(row.name + " was last heard of " + view.ageMillis(row) / 1_000 + " s ago"));
        }
        if (!obstacles.isEmpty()) {
            throw new WrongInput(
                    "Without old the fleet can go on to 5 only where every instance stands on " + Rung.STRICT_READ_NEW
                            + " or beyond, but " + String.join(", ", obstacles) + ". Nothing was written.");
        }
    }

    /**
     * The first of the instances that stands where new may not be given up any more, or null where a retreat to 3 is in time. While one
     * stands on STRICT_READ_NEW, nothing is swallowed on old, nor was anything left that was: those on STRICT_NEW_FIRST may give new
     * up too. That one drains from STRICT_READ_NEW shows nothing: old's row of it may be of before it went on to 5.
     */
    static @Nullable InstanceRow beyond(List<InstanceRow> instances) {
        boolean nothingSwallowed = instances.stream().anyMatch(row -> row.rung == Rung.STRICT_READ_NEW);
        for (InstanceRow row : instances) {
            boolean closing = nothingSwallowed && row.rung == Rung.STRICT_NEW_FIRST;
            if (row.rung.authority() == Side.NEW && !closing) {
                return row;
            }
        }
        return null;
    }

    /** Those that cross. */
    private List<String> crossing(List<InstanceRow> present) {
        InstanceRow beyond = beyond(present);
        if (beyond != null) {
            Rung highest = WayBack.highest(present);
            throw new WrongInput("Instance " + beyond.name + " stands on " + beyond.rung
                    + ": the crossing has closed, and new is the authority. " + WayBack.from(highest, file)
                    + " While new is away: " + new WithoutASide(file).withoutNew(highest) + ".");
        }
        List<String> crossing = new ArrayList<>();
        for (InstanceRow row : present) {
            if (row.rung.strict() || (row.movingFrom != null && row.movingFrom.strict())) {
                crossing.add(row.name);
            }
        }
        return crossing;
    }

    private static String nothingToEnd(@Nullable Pass current) {
        if (current == Pass.RETREAT_TO_THREE) {
            return "a retreat to 3 is in force already, and no instance is crossing; nothing was written";
        }
        return "no instance is crossing, and no pass to 5 is current; nothing was written"
                + (current == null
                        ? ""
                        : ", and the pass from " + current.from().number() + " to "
                                + current.to().number() + " stands");
    }
}
