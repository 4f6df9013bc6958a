package io.dualwrite.fleet;

import io.dualwrite.config.Settings;
import io.dualwrite.dialect.SqlState;
import io.dualwrite.ladder.FleetState;
import io.dualwrite.ladder.Pass;
import io.dualwrite.ladder.Phase;
import io.dualwrite.ladder.Rung;
import io.dualwrite.ladder.Side;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * On which rung an instance starts: where the fleet stands, where it last stood if none of it lives, or at the bottom where
 * there never was one. Pure but for what it is told.
 */
final class Start {
    private final Settings settings;
    private final Map<Side, FleetView> views = new EnumMap<>(Side.class);
    private final Map<Side, SQLException> failures = new EnumMap<>(Side.class);

    Start(Settings settings) {
        this.settings = settings;
    }

    /** Takes note of what a side's registry says. */
    void saw(FleetView view) {
        views.put(view.side, view);
    }

    /** Takes note that a side's registry could not be read. */
    void failed(Side side, SQLException failure) {
        failures.put(side, failure);
    }

    /** Whether the side said enough: live instances that keep their rows up to date there. */
    boolean settledBy(Side side) {
        FleetView view = views.get(side);
        if (view == null) {
            return false;
        }
        if (forced()) {
            return true;
        }
        List<InstanceRow> live = othersLive(view.live(settings.fleetDead));
        return !live.isEmpty()
                && live.stream()
                        .allMatch(row -> row.rung.authority() == side
                                && row.movingFrom == null
                                && Pass.goBeforeAuthority(row.rung).isEmpty());
    }

    /** Whether the live instances stand so far apart that nobody can join them, or seem to. */
    boolean isTooFarApart() {
        List<InstanceRow> live = othersLive(FleetView.live(views.values(), settings.fleetDead));
        return !live.isEmpty() && FleetState.join(settings.phase, FleetView.members(live)) == null;
    }

    /**
     * The rung.
     *
     * @throws SQLException SQLSTATE 08004 if it cannot be known, or the fleet cannot take the instance in; the vendor's own if old
     *     cannot be reached and no fleet is known
     */
    Rung rung() throws SQLException {
        List<InstanceRow> live = othersLive(FleetView.live(views.values(), settings.fleetDead));
        if (forced()) {
            return Rung.OLD_ONLY;
        }
        Rung without = wentOnWithoutOld(live);
        if (without != null) {
            return without;
        }
        if (!live.isEmpty()) {
            return trusted(joined(live));
        }
        Rung last = lastKnown();
        return last == null ? bottom() : trusted(last);
    }

    /** Whether the fleet was forced to 1: then what new's registry tells of is given up. */
    private boolean forced() {
        FleetView old = views.get(Side.OLD);
        return old != null && old.phase.pass == Pass.FORCE_TO_ONE;
    }

    /** Where to, if a retreat to 5 is in force on new: then a crossing that old's registry still tells of has ended, or ends now. */
    private @Nullable Rung wentOnWithoutOld(Collection<InstanceRow> live) {
        FleetView fresh = views.get(Side.NEW);
        if (fresh == null || fresh.phase.pass != Pass.RETREAT_TO_FIVE) {
            return null;
        }
        for (Rung rung : new Rung[] {Rung.DUAL_READ_NEW, Rung.STRICT_NEW_FIRST}) {
            if (live.stream().allMatch(row -> row.member().near(rung))) {
                return rung;
            }
        }
        return null;
    }

    private Rung joined(Collection<InstanceRow> live) throws SQLException {
        Rung rung = FleetState.join(settings.phase, FleetView.members(live));
        if (rung == null) {
            throw refused("the fleet's live instances stand too far apart to join: " + FleetView.members(live));
        }
        String differs = Fingerprints.difference(settings, live);
        if (rung.dual() && differs != null) {
            throw refused("the fleet stands on " + rung + " and " + differs);
        }
        return rung;
    }

    /** The rung of the last sign of life; this instance's own where it lived to the end. */
    private @Nullable Rung lastKnown() {
        InstanceRow latest = null;
        long least = Long.MAX_VALUE;
        InstanceRow own = null;
        long ownAge = Long.MAX_VALUE;
        for (FleetView view : views.values()) {
            for (InstanceRow row : view.rows) {
                // A row on the side that is not its authority may lag behind the same instance's row on the other.
                if (!row.recordedOn(view.side) && views.size() > 1 && isNewerElsewhere(view, row)) {
                    continue;
                }
                long age = view.ageMillis(row);
                if (age < least) {
                    latest = row;
                    least = age;
                }
                if (row.name.equals(settings.instance) && age < ownAge) {
                    own = row;
                    ownAge = age;
                }
            }
        }
        boolean ownToTheEnd = own != null && ownAge - least <= settings.fleetDead.toMillis();
        InstanceRow chosen = ownToTheEnd ? own : latest;
        return chosen == null ? null : chosen.rung;
    }

    private boolean isNewerElsewhere(FleetView view, InstanceRow row) {
        FleetView other = views.get(view.side.other());
        InstanceRow same = other == null ? null : other.row(row.name);
        return other != null && same != null && same.incarnation.equals(row.incarnation) && same.recordedOn(other.side);
    }

    /**
     * A side's registry is only believed about rungs of its own authority; the other side may have gone on without it.
     *
     * @throws SQLException the vendor's own if the one side of the rung cannot be reached, as with the bare driver; SQLSTATE 08004 if
     *     the registry of another rung's authority cannot be read
     */
    private Rung trusted(Rung rung) throws SQLException {
        if (views.containsKey(rung.authority())) {
            return rung;
        }
        SQLException failure = failures.get(rung.authority());
        String sentence = "the fleet's record says " + rung + ", but the registry on "
                + rung.authority().word() + " cannot be read";
        if (!rung.dual() && failure != null && !Registry.tablesMissing(failure)) {
            failure.addSuppressed(refused(sentence));
            throw failure;
        }
        throw refused(sentence + ": " + (failure == null ? "not asked" : failure.getMessage()), failure);
    }

    /**
     * The rung where nothing is known of a fleet.
     *
     * @throws SQLException the vendor's own if old cannot be reached, or new where the file asks for 6, as with the bare driver; SQLSTATE
     *     08004 if the file asks for 5 or 6 and new's registry cannot be read
     */
    private Rung bottom() throws SQLException {
        SQLException oldFailed = failures.get(Side.OLD);
        SQLException newFailed = failures.get(Side.NEW);
        if (settings.phase == Phase.SIX && newFailed != null && !Registry.tablesMissing(newFailed)) {
            newFailed.addSuppressed(refused("the file asks for 6, and new cannot be reached"));
            throw newFailed;
        }
        if (oldFailed != null && !Registry.tablesMissing(oldFailed)) {
            oldFailed.addSuppressed(refused("old cannot be reached"));
            throw oldFailed;
        }
        if (settings.phase.number() >= Phase.FIVE.number() && newFailed != null) {
            throw refused(
                    "the file asks for " + settings.phase.number()
                            + ", and the registry on new, which knows where the fleet stands, "
                            + (Registry.tablesMissing(newFailed)
                                    ? "cannot be seen through new.url: name its schema there, or run dualwrite init"
                                    : "cannot be reached: " + newFailed.getMessage()),
                    newFailed);
        }
        return Rung.OLD_ONLY;
    }

    private List<InstanceRow> othersLive(Collection<InstanceRow> live) {
        List<InstanceRow> others = new ArrayList<>();
        for (InstanceRow row : live) {
            if (!row.name.equals(settings.instance)) {
                others.add(row);
            }
        }
        return others;
    }

    private SQLException refused(String sentence) {
        return refused(sentence, null);
    }

    private SQLException refused(String sentence, @Nullable SQLException cause) {
        return new SQLNonTransientConnectionException(
                "Instance " + settings.instance + " cannot start: " + sentence, SqlState.NOT_ADMITTED.code(), cause);
    }
}
