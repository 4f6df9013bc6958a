package io.dualwrite.copier.gate;

import io.dualwrite.config.Settings;
import io.dualwrite.copier.plan.WrongInput;
import io.dualwrite.dialect.Dialects;
import io.dualwrite.dialect.OwnTables;
import io.dualwrite.fleet.FleetView;
import io.dualwrite.fleet.InstanceRow;
import io.dualwrite.fleet.PhaseRow;
import io.dualwrite.fleet.Registry;
import io.dualwrite.ladder.Pass;
import io.dualwrite.ladder.Rung;
import io.dualwrite.ladder.Side;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Makes this product's own tables on both sides, with one migration id. Harmless to run again. */
public final class Initialisation {
    private final Settings settings;
    private final String file;

    /** @param file the properties file, for messages */
    public Initialisation(Settings settings, String file) {
        this.settings = settings;
        this.file = file;
    }

    /**
     * What was done.
     *
     * @param migration the id that both databases now have
     * @param epoch the migration's epoch
     * @param notes what was made or found, in sentences
     */
    public record Report(String migration, long epoch, List<String> notes) {}

    /** The SQL for a DBA to read first, by side; connects to nothing. */
    public Map<String, List<String>> sql() throws SQLException {
        Map<String, List<String>> sql = new LinkedHashMap<>();
        for (Side side : Side.values()) {
            List<String> statements =
                    new ArrayList<>(Dialects.of(settings.url(side)).ownTables());
            statements.add("INSERT INTO " + OwnTables.PHASE
                    + " (id, migration, epoch) VALUES (1, 'the same UUID on both sides', 1)");
            sql.put(side.word(), statements);
        }
        return sql;
    }

    /**
     * Makes what is missing. A side that has nothing while the other belongs to a migration enters that one's epoch.
     *
     * @throws WrongInput if the two databases belong to different migrations, or the fleet needs what a side has lost
     * @throws SQLException if a side cannot be reached or lets no table be made
     */
    public Report run() throws SQLException {
        try (Sides sides = Sides.open(settings, file, EnumSet.allOf(Side.class))) {
            List<String> notes = new ArrayList<>();
            Map<Side, PhaseRow> found = found(sides);
            if (found.size() == 1) {
                Side side = found.containsKey(Side.OLD) ? Side.NEW : Side.OLD;
                EmptiedSide emptied = new EmptiedSide(side, sides, settings.fleetDead, file);
                emptied.requireDispensable();
                makeTables(sides, notes);
                return emptied.takeIn(notes);
            }
            String migration = shared(found);
            makeTables(sides, notes);
            return found.isEmpty() ? begin(sides, migration, notes) : confirm(found, migration, notes);
        }
    }

    private Report begin(Sides sides, String migration, List<String> notes) throws SQLException {
        for (Side side : Side.values()) {
            if (side == Side.NEW) {
                requireAnother(sides);
            }
            sides.registry(side).writeFirstPhase(sides.connection(side), migration);
            notes.add(side.word() + ": migration " + migration + " begins");
        }
        sides.commit();
        return new Report(migration, 1, notes);
    }

    private static Report confirm(Map<Side, PhaseRow> found, String migration, List<String> notes) {
        long epoch = 1;
        for (Map.Entry<Side, PhaseRow> one : found.entrySet()) {
            epoch = Math.max(epoch, one.getValue().epoch);
            notes.add(one.getKey().word() + ": belongs to migration " + migration + " already");
        }
        return new Report(migration, epoch, notes);
    }

    /** What was just written to old must not be seen on new: then both URLs lead to one database. */
    private void requireAnother(Sides sides) throws SQLException {
        sides.connection(Side.OLD).commit();
        if (row(sides.registry(Side.NEW), sides.connection(Side.NEW)) == null) {
            return;
        }
        try (Statement statement = sides.connection(Side.OLD).createStatement()) {
            statement.executeUpdate("DELETE FROM " + OwnTables.PHASE);
        }
        sides.connection(Side.OLD).commit();
        throw new WrongInput("old.url and new.url in " + file
                + " lead to the same database: correct one of them, then run dualwrite init again.");
    }

    /**
     * Takes a side back into the migration after it was away, was restored or was replaced: a new epoch begins, and what the side
     * knew of the former one is void. It is new where the fleet was forced to 1, and old otherwise.
     *
     * @throws WrongInput if the fleet does not stand on the other side alone
     * @throws SQLException if a side cannot be reached
     */
    public Report rejoin() throws SQLException {
        try (Sides sides = Sides.open(settings, file, EnumSet.allOf(Side.class))) {
            List<String> notes = new ArrayList<>();
            Map<Side, PhaseRow> found = found(sides);
            makeTables(sides, notes);
            PhaseRow old = found.get(Side.OLD);
            Side home = old != null && old.pass == Pass.FORCE_TO_ONE ? Side.OLD : Side.NEW;
            Side back = home.other();
            PhaseRow kept = found.get(home);
            if (kept == null) {
                throw new WrongInput(home.word() + " belongs to no migration that " + back.word()
                        + " could rejoin; run dualwrite init -c " + file);
            }
            sides.registry(home).lock(sides.connection(home));
            PhaseRow lost = found.get(back);
            requireAlone(
                    sides.registry(home).read(sides.connection(home)),
                    lost == null ? null : sides.registry(back).read(sides.connection(back)));
            long epoch = Math.max(kept.epoch, lost == null ? 0 : lost.epoch) + 1;
            if (lost == null) {
                sides.registry(back).writeFirstPhase(sides.connection(back), kept.migration);
            }
            try (Statement statement = sides.connection(back).createStatement()) {
                statement.executeUpdate("DELETE FROM " + OwnTables.MARK);
                statement.executeUpdate("DELETE FROM " + OwnTables.COPY);
                statement.executeUpdate("DELETE FROM " + OwnTables.INSTANCE);
            }
            for (Side side : Side.values()) {
                sides.registry(side).writeEpoch(sides.connection(side), kept.migration, epoch);
            }
            sides.commit();
            notes.add(back.word() + " rejoins migration " + kept.migration + " in epoch " + epoch
                    + "; its marks, checkpoints and passes are void");
            return new Report(kept.migration, epoch, notes);
        }
    }

    /** Asks the side that comes back too: an instance that goes there from 1 or 6 is in its registry first. */
    private void requireAlone(FleetView home, @Nullable FleetView back) {
        Set<String> atHome = new HashSet<>();
        for (InstanceRow row : FleetView.present(List.of(home), settings.fleetDead)) {
            atHome.add(row.name);
            requireAlone(home.side, row);
        }
        if (back != null) {
            for (InstanceRow row : back.live(settings.fleetDead)) {
                if (!atHome.contains(row.name)) {
                    requireAlone(home.side, row);
                }
            }
        }
    }

    private static void requireAlone(Side home, InstanceRow row) {
        Rung alone = home == Side.NEW ? Rung.NEW_ONLY : Rung.OLD_ONLY;
        String back = home.other().word();
        if (row.rung != alone || row.movingFrom != null) {
            throw new WrongInput("Instance " + row.name + " stands on "
                    + (row.rung == alone ? row.movingFrom + " still" : row.rung) + " and uses " + back + ": " + back
                    + " can rejoin only while all stand on " + alone + "; take the fleet to "
                    + (home == Side.NEW ? 6 : 1) + " first.");
        }
    }

    /** The rows that are there. */
    private static Map<Side, PhaseRow> found(Sides sides) throws SQLException {
        Map<Side, PhaseRow> found = new EnumMap<>(Side.class);
        for (Side side : Side.values()) {
            PhaseRow row = row(sides.registry(side), sides.connection(side));
            if (row != null) {
                found.put(side, row);
            }
        }
        return found;
    }

    /** Makes the tables where they are missing. */
    private static void makeTables(Sides sides, List<String> notes) throws SQLException {
        for (Side side : Side.values()) {
            Connection connection = sides.connection(side);
            try (Statement statement = connection.createStatement()) {
                for (String ddl : Dialects.of(connection).ownTables()) {
                    statement.execute(ddl);
                }
            }
            connection.commit();
            notes.add(side.word() + ": the dualwrite_* tables are there");
        }
    }

    private static @Nullable PhaseRow row(Registry registry, Connection connection) throws SQLException {
        try {
            return registry.readPhase(connection);
        } catch (SQLException e) {
            if (Registry.tablesMissing(e)) {
                return null;
            }
            throw e;
        } finally {
            connection.rollback();
        }
    }

    private static String shared(Map<Side, PhaseRow> found) {
        PhaseRow old = found.get(Side.OLD);
        PhaseRow fresh = found.get(Side.NEW);
        if (old == null || fresh == null) {
            return UUID.randomUUID().toString();
        }
        if (!old.migration.equals(fresh.migration)) {
            throw new WrongInput("old belongs to migration " + old.migration + " and new to " + fresh.migration
                    + ": one of the URLs leads to a database of another migration. Correct it, or drop the dualwrite_*"
                    + " tables of the one that shall begin anew.");
        }
        return old.migration;
    }
}
