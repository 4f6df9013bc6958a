package io.dualwrite.copier.gate;

import io.dualwrite.config.Settings;
import io.dualwrite.copier.plan.WrongInput;
import io.dualwrite.dialect.Dialects;
import io.dualwrite.dialect.OwnTables;
import io.dualwrite.fleet.FleetView;
import io.dualwrite.fleet.InstanceRow;
import io.dualwrite.fleet.Registry;
import io.dualwrite.ladder.Side;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Drops this product's own tables, and nothing else, once nobody needs them any more. Not thread-safe. */
public final class Retirement {
    private static final Duration LOCKS = Duration.ofSeconds(5);
    /** Instances look at the phase first, so that it goes first. */
    private static final List<String> TABLES =
            List.of(OwnTables.PHASE, OwnTables.INSTANCE, OwnTables.MARK, OwnTables.COPY);

    private final Settings settings;
    private final String file;

    /** @param file the properties file, for messages */
    public Retirement(Settings settings, String file) {
        this.settings = settings;
        this.file = file;
    }

    /**
     * What was done, or would be.
     *
     * @param done whether the tables were dropped
     * @param sides the sides whose tables these are: old, new or both
     * @param notes what else the operator should know, in sentences
     */
    public record Report(boolean done, List<String> sides, List<String> notes) {}

    /** The SQL for a DBA to read first, by side; connects to nothing. */
    public Map<String, List<String>> sql() {
        Map<String, List<String>> sql = new LinkedHashMap<>();
        for (Side side : Side.values()) {
            sql.put(side.word(), statements());
        }
        return sql;
    }

    private static List<String> statements() {
        return TABLES.stream().map(table -> "DROP TABLE IF EXISTS " + table).toList();
    }

    /**
     * Drops the tables on the sides that can be reached, or only says what would be done.
     *
     * @param drop whether to do it
     * @throws WrongInput if an instance or a run of the copier is at work, or may be; they are named
     * @throws SQLException if neither side can be reached, or one lets its tables not be dropped
     */
    public Report run(boolean drop) throws SQLException {
        List<String> notes = new ArrayList<>();
        EnumSet<Side> reached = reachable(notes);
        try (Sides sides = Sides.open(settings, file, reached)) {
            Map<Side, FleetView> views = views(sides, notes);
            requireNobody(views);
            for (Side side : views.keySet()) {
                lookAtRunsAndMarks(side, sides.connection(side), notes);
            }
            List<String> words = new ArrayList<>();
            for (Side side : sides.all()) {
                if (drop) {
                    drop(sides.connection(side));
                }
                words.add(side.word());
            }
            return new Report(drop, words, notes);
        }
    }

    private EnumSet<Side> reachable(List<String> notes) throws SQLException {
        EnumSet<Side> reached = EnumSet.noneOf(Side.class);
        SQLException failure = null;
        for (Side side : Side.values()) {
            try {
                Sides.open(settings, file, EnumSet.of(side)).close();
                reached.add(side);
            } catch (SQLException e) {
                failure = e;
                notes.add(e.getMessage() + " Its dualwrite_* tables stay: retire again when it is back.");
            }
        }
        if (reached.isEmpty() && failure != null) {
            throw failure;
        }
        return reached;
    }

    /** The registries under R23's lock, of the sides that have one. */
    private static Map<Side, FleetView> views(Sides sides, List<String> notes) throws SQLException {
        Map<Side, FleetView> views = new EnumMap<>(Side.class);
        for (Side side : sides.all()) {
            Connection connection = sides.connection(side);
            try {
                Dialects.of(connection).boundLocks(connection, LOCKS);
                connection.commit();
                sides.registry(side).lock(connection);
                views.put(side, sides.registry(side).read(connection));
            } catch (SQLException e) {
                connection.rollback();
                if (!Registry.tablesMissing(e)) {
                    throw e;
                }
                notes.add(side.word() + " has no registry of instances: it was retired before, or never initialised.");
            }
        }
        return views;
    }

    private void requireNobody(Map<Side, FleetView> views) {
        List<String> there = new ArrayList<>();
        List<InstanceRow> live = FleetView.live(views.values(), settings.fleetDead);
        for (InstanceRow row : FleetView.present(views.values(), settings.fleetDead)) {
            String one = row.name + " on " + row.rung
                    + (live.contains(row) ? "" : " (silent here; the side that knows more cannot be reached)");
            if (!there.contains(one)) {
                there.add(one);
            }
        }
        if (!there.isEmpty()) {
            throw new WrongInput("Instances still use the dualwrite_* tables: " + String.join(", ", there)
                    + ". Take the driver out of them or stop them, then retire again; nothing was dropped.");
        }
    }

    private static void lookAtRunsAndMarks(Side side, Connection connection, List<String> notes) throws SQLException {
        long now = Registry.of(side).nowMillis(connection);
        try (PreparedStatement statement = connection.prepareStatement("SELECT kind, direction FROM " + OwnTables.COPY
                + " WHERE table_name = '*' AND state = 'running' AND touched_at > ?")) {
            statement.setLong(1, now - Registry.RUN_SILENCE.toMillis());
            try (ResultSet rows = statement.executeQuery()) {
                if (rows.next()) {
                    throw new WrongInput("A dualwrite " + rows.getString(1) + " (" + rows.getString(2)
                            + ") is at work: end it, then retire again; nothing was dropped.");
                }
            }
        }
        MarkTally marks = MarkTally.read(connection, now);
        if (!marks.none()) {
            notes.add(marks.total() + " rows and " + marks.whole().size() + " whole tables are still marked on "
                    + side.word() + ": without the marks nobody knows that they may differ.");
        }
    }

    private static void drop(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String sql : statements()) {
                statement.execute(sql);
            }
        }
        connection.commit();
    }
}
