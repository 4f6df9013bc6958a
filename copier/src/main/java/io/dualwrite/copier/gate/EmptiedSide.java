package io.dualwrite.copier.gate;

import io.dualwrite.copier.plan.WrongInput;
import io.dualwrite.dialect.OwnTables;
import io.dualwrite.fleet.FleetView;
import io.dualwrite.fleet.InstanceRow;
import io.dualwrite.fleet.PhaseRow;
import io.dualwrite.ladder.Pass;
import io.dualwrite.ladder.Rung;
import io.dualwrite.ladder.Side;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A side without this product's rows, while the other belongs to a migration: its database was lost or emptied. It has no marks and no
 * instances that could be stale, so that it enters the epoch that the other is in. What the copier recorded on the other speaks of a
 * database that is no more.
 */
final class EmptiedSide {
    private final Side side;
    private final Side home;
    private final Sides sides;
    private final Duration dead;
    private final String file;

    /**
     * The one side, and the other as its home.
     *
     * @param dead after this long an instance counts as dead
     * @param file the properties file, for messages
     */
    EmptiedSide(Side side, Sides sides, Duration dead, String file) {
        this.side = side;
        this.home = side.other();
        this.sides = sides;
        this.dead = dead;
        this.file = file;
    }

    /**
     * Looks at the fleet under the lock of the side that is left, and writes nothing. Where no instance lives, the last one's rung is
     * where the next begins.
     *
     * @throws WrongInput if the fleet stands where it cannot do without what the side had
     */
    FleetView requireDispensable() throws SQLException {
        sides.registry(home).lock(sides.connection(home));
        FleetView kept = sides.registry(home).read(sides.connection(home));
        if (kept.phase.pass == Pass.FORCE_TO_ONE) {
            throw new WrongInput(
                    "The fleet was forced to 1 without " + side.word() + "; run dualwrite init --rejoin -c " + file);
        }
        List<InstanceRow> present = FleetView.present(List.of(kept), dead);
        Stream<InstanceRow> last = kept.rows.stream().min(Comparator.comparingLong(kept::ageMillis)).stream();
        (present.isEmpty() ? last : present.stream()).forEach(this::requireDispensable);
        return kept;
    }

    private void requireDispensable(InstanceRow row) {
        for (Rung rung : row.movingFrom == null ? List.of(row.rung) : List.of(row.rung, row.movingFrom)) {
            if (rung.strict() || rung.authority() == side) {
                throw new WrongInput("Instance " + row.name + " stands on " + row.rung
                        + (rung == row.rung ? "" : " and drains " + rung) + " and needs " + side.word()
                        + ", whose dualwrite_* tables are gone: " + remedy(rung) + " Nothing was written.");
            }
        }
    }

    private String remedy(Rung rung) {
        if (rung.strict()) {
            return "run dualwrite retreat" + (side == Side.OLD ? " --to 5" : "") + " first, then dualwrite init again.";
        }
        return side.word() + " is the truth there, and an empty one cannot take its place. Restore it with these tables"
                + (side == Side.NEW ? ", or end its server and run dualwrite force --to 1." : ".");
    }

    /**
     * Writes the side's first row in the other's epoch. What no longer holds on the other is voided before: else the gate could take
     * the emptied side for compared.
     */
    Initialisation.Report takeIn(List<String> notes) throws SQLException {
        PhaseRow kept = requireDispensable().phase;
        int records;
        try (Statement statement = sides.connection(home).createStatement()) {
            records = statement.executeUpdate("DELETE FROM " + OwnTables.COPY);
        }
        boolean crosses = kept.pass == (side == Side.NEW ? Pass.THREE_TO_FIVE : Pass.FIVE_TO_THREE);
        if (crosses) {
            sides.registry(home).writePass(sides.connection(home), null, null);
        }
        sides.connection(home).commit();
        sides.registry(side).writeFirstPhase(sides.connection(side), kept.migration);
        sides.registry(side).writeEpoch(sides.connection(side), kept.migration, kept.epoch);
        sides.connection(side).commit();
        notes.add(side.word() + ": enters migration " + kept.migration + " in epoch " + kept.epoch);
        if (crosses || records > 0) {
            notes.add(home.word()
                    + ": the copier's runs, its checkpoints and a pass to cross are void, for they are about "
                    + side.word() + " as it was; before a crossing the gate asks for sync, verify and the others anew");
        }
        return new Initialisation.Report(kept.migration, kept.epoch, notes);
    }
}
