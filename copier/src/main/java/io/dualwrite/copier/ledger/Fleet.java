package io.dualwrite.copier.ledger;

import io.dualwrite.copier.plan.Direction;
import io.dualwrite.copier.plan.WrongInput;
import io.dualwrite.fleet.FleetView;
import io.dualwrite.fleet.InstanceRow;
import io.dualwrite.fleet.Registry;
import io.dualwrite.ladder.Phase;
import io.dualwrite.ladder.Rung;
import io.dualwrite.ladder.Side;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The instances as the registries of both sides show them together: of each the row that it touched last, for an instance
 * writes only where its rung lets it. Each side's rows are as old as that side's clock says; the clocks are not compared.
 * Immutable.
 *
 * <p>An instance that is silent but has not said good-bye counts as standing where it stood: whether its sessions are ended
 * is for the gate to find out, and until then the copier is careful.
 */
public final class Fleet {

    /**
     * A row as one side shows it.
     *
     * @param ageMillis since its last sign of life there, by that side's clock
     */
    record Seen(InstanceRow row, long ageMillis) {}

    private final List<InstanceRow> instances;
    private final @Nullable InstanceRow last;
    private final @Nullable InstanceRow lastPresent;

    Fleet(Collection<Seen> seen) {
        Map<String, Seen> latest = new TreeMap<>();
        for (Seen one : seen) {
            latest.merge(one.row.name, one, (first, other) -> first.ageMillis <= other.ageMillis ? first : other);
        }
        instances = latest.values().stream().map(Seen::row).toList();
        last = youngest(latest.values());
        lastPresent =
                youngest(latest.values().stream().filter(one -> !one.row.gone).toList());
    }

    private static @Nullable InstanceRow youngest(Collection<Seen> seen) {
        return seen.stream()
                .min(Comparator.comparingLong(Seen::ageMillis))
                .map(Seen::row)
                .orElse(null);
    }

    /** Reads the registries in the connections' open transactions. */
    static Fleet read(Map<Side, Connection> connections) throws SQLException {
        List<Seen> seen = new ArrayList<>();
        for (Map.Entry<Side, Connection> side : connections.entrySet()) {
            FleetView view = Registry.of(side.getKey()).read(side.getValue());
            view.rows.forEach(row -> seen.add(new Seen(row, view.ageMillis(row))));
        }
        return new Fleet(seen);
    }

    /** The instances that have not said good-bye. */
    public List<InstanceRow> present() {
        return instances.stream().filter(instance -> !instance.gone).toList();
    }

    /**
     * Refuses a run against the authority (R26): it would overwrite newer rows of the target.
     *
     * @param asked the phase in the copier's own file, which speaks where no instance does
     * @throws WrongInput if the target is, or may be, the authority
     */
    public void require(Direction direction, Phase asked) {
        Predicate<Rung> against = rung -> rung.authority() != direction.source();
        String way = direction == Direction.UP ? "upward" : "downward";
        String instead = direction == Direction.UP
                ? "Copy with --down, or take the fleet back to 3 first."
                : "Copy without --down, or take the fleet on to 5 first.";
        for (InstanceRow instance : present()) {
            if (stands(instance, against)) {
                throw new WrongInput("Instance " + instance.name + " stands on " + instance.rung + ", where "
                        + direction.target().word() + " is the authority: a run " + way
                        + " would overwrite newer rows there. " + instead);
            }
        }
        if (present().isEmpty()) {
            requireOfStopped(direction, asked, against, way, instead);
        }
    }

    private void requireOfStopped(
            Direction direction, Phase asked, Predicate<Rung> against, String way, String instead) {
        if (last != null && against.test(last.rung)) {
            throw new WrongInput(
                    "No instance runs, and the last one, " + last.name + ", stood on " + last.rung + ", where "
                            + direction.target().word() + " is the authority: a run " + way
                            + " would overwrite newer rows there. " + instead);
        }
        if (last == null && against.test(asked.rung())) {
            throw new WrongInput("No instance has ever run, and the file asks for phase " + asked.number() + ", where "
                    + direction.target().word() + " is the authority: a run " + way
                    + " would overwrite newer rows there. " + instead);
        }
    }

    /**
     * Whether a run must lock the rows that it copies (R18, R20): an instance writes on both sides, or asks to. Where all
     * rest on one side and want to stay there, nobody but the copier writes on the target.
     */
    public boolean wantsLocks(Direction direction) {
        Rung alone = direction.source() == Side.OLD ? Rung.OLD_ONLY : Rung.NEW_ONLY;
        return present().stream()
                .anyMatch(instance -> stands(instance, rung -> rung != alone) || instance.asked.rung() != alone);
    }

    /** Whether an instance generates keys on new without old, while old may generate its own or soon will (R24). */
    public boolean generatesOnNew() {
        return present().stream().anyMatch(instance -> stands(instance, rung -> rung == Rung.NEW_ONLY));
    }

    /** Whether an instance reads new, or did when it was last heard of. */
    public boolean readsNew() {
        return present().stream().anyMatch(instance -> stands(instance, rung -> rung.reads() == Side.NEW));
    }

    /** The side whose version wins: that of an instance which is there, else of the last one, else of the file's phase. */
    public Side authority(Phase asked) {
        InstanceRow speaks = lastPresent != null ? lastPresent : last;
        return speaks == null ? asked.rung().authority() : speaks.rung.authority();
    }

    /** The instances that do not yet write on both sides, by name. */
    public List<String> notDual() {
        return present().stream()
                .filter(instance -> stands(instance, rung -> !rung.dual()))
                .map(instance -> instance.name)
                .toList();
    }

    private static boolean stands(InstanceRow instance, Predicate<Rung> where) {
        Rung from = instance.movingFrom;
        return where.test(instance.rung) || (from != null && where.test(from));
    }
}
