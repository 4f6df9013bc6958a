package io.dualwrite.copier.gate;

import io.dualwrite.config.Settings;
import io.dualwrite.copier.plan.WrongInput;
import io.dualwrite.dialect.SqlState;
import io.dualwrite.fleet.FleetView;
import io.dualwrite.fleet.InstanceRow;
import io.dualwrite.fleet.Registry;
import io.dualwrite.ladder.Pass;
import io.dualwrite.ladder.Phase;
import io.dualwrite.ladder.Side;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Where the migration stands, for people and programs. Immutable. */
public final class Status {

    /**
     * An instance.
     *
     * @param movingFrom the rung that it still drains, or null
     * @param silentSeconds since its last sign of life
     */
    public record Instance(
            String name,
            String rung,
            @Nullable String movingFrom,
            int asked,
            boolean live,
            long silentSeconds,
            @Nullable String waitsFor) {}

    /**
     * A run of the copier.
     *
     * @param secondsAgo since it began
     */
    public record Run(String kind, String direction, String state, long differences, long secondsAgo) {}

    /**
     * The whole.
     *
     * @param authority the side that wins a repair: old or new
     * @param gate whether steps ask for a pass, by the file of the command
     * @param pass the current pass, such as {@code 3 to 5} or {@code retreat to 3}, or null
     * @param markedRows marked rows by table, on the authority
     * @param markedTables tables marked as a whole, on the authority
     * @param runs the last run of each kind and direction
     * @param troubles sides that could not be read
     * @param nextStep what to do next
     */
    public record Report(
            String migration,
            long epoch,
            String authority,
            int fleetSize,
            List<Instance> instances,
            boolean gate,
            @Nullable String pass,
            Map<String, Long> markedRows,
            TreeSet<String> markedTables,
            List<Run> runs,
            List<String> troubles,
            String nextStep) {}

    private final Settings settings;
    private final String file;

    /** @param file the properties file, for the commands */
    public Status(Settings settings, String file) {
        this.settings = settings;
        this.file = file;
    }

    /**
     * Reads both sides, or the one that can be reached.
     *
     * @throws WrongInput if {@code dualwrite init} has not been run
     * @throws SQLException if neither side can be reached
     */
    public Report report() throws SQLException {
        Map<Side, FleetView> views = new EnumMap<>(Side.class);
        Map<Side, MarkTally> marks = new EnumMap<>(Side.class);
        Map<Side, List<RunRecord>> runs = new EnumMap<>(Side.class);
        List<String> troubles = new ArrayList<>();
        SQLException failure = null;
        boolean missing = false;
        Side away = null;
        for (Side side : Side.values()) {
            try (Sides one = Sides.open(settings, file, EnumSet.of(side))) {
                FleetView view = one.registry(side).read(one.connection(side));
                marks.put(side, MarkTally.read(one.connection(side), view.nowMillis));
                runs.put(side, RunRecord.read(one.connection(side)));
                views.put(side, view);
            } catch (SQLException e) {
                failure = e;
                missing |= Registry.tablesMissing(e);
                away = Registry.tablesMissing(e) ? away : side;
                troubles.add(
                        Registry.tablesMissing(e)
                                ? "the dualwrite_* tables are missing on " + side.word() + "; run dualwrite init -c "
                                        + file
                                : String.valueOf(e.getMessage()));
            }
        }
        if (views.isEmpty() && missing) {
            throw new WrongInput(String.join("; ", troubles));
        }
        if (views.isEmpty()) {
            throw new SQLException(
                    String.join("; ", troubles),
                    failure == null ? SqlState.CANNOT_CONNECT.code() : failure.getSQLState(),
                    failure);
        }
        return report(views, away, marks, runs, troubles);
    }

    private Report report(
            Map<Side, FleetView> views,
            @Nullable Side away,
            Map<Side, MarkTally> marks,
            Map<Side, List<RunRecord>> runs,
            List<String> troubles) {
        List<InstanceRow> live = FleetView.live(views.values(), settings.fleetDead);
        Side authority = authority(views, live);
        FleetView home = view(views, authority);
        MarkTally tally = marks.getOrDefault(authority, new MarkTally(Map.of(), new TreeSet<>(), 0));
        Pass pass = home.phase.pass;
        return new Report(
                home.phase.migration,
                home.phase.epoch,
                authority.word(),
                settings.fleetSize,
                instances(views, live),
                settings.gate,
                pass == null ? null : words(pass),
                tally.rows(),
                tally.whole(),
                lastRuns(home, runs.getOrDefault(home.side, List.of())),
                troubles,
                new NextStep(settings, file)
                        .of(live, home.rows.stream().filter(row -> !row.gone).toList(), away, pass));
    }

    private static String words(Pass pass) {
        if (pass.leaves() != null) {
            return pass.from().number() + " to " + pass.to().number();
        }
        return (pass == Pass.FORCE_TO_ONE ? "forced to " : "retreat to ")
                + pass.to().number();
    }

    private static FleetView view(Map<Side, FleetView> views, Side authority) {
        FleetView view = views.get(authority);
        return view != null ? view : views.values().iterator().next();
    }

    private static Side authority(Map<Side, FleetView> views, List<InstanceRow> live) {
        if (!live.isEmpty()) {
            return live.get(0).rung.authority();
        }
        Side found = Side.OLD;
        long least = Long.MAX_VALUE;
        for (FleetView view : views.values()) {
            for (InstanceRow row : view.rows) {
                if (view.ageMillis(row) < least) {
                    least = view.ageMillis(row);
                    found = row.rung.authority();
                }
            }
        }
        return found;
    }

    /** Each instance once: by the row of the side where it keeps it up to date, or else by the youngest. */
    private List<Instance> instances(Map<Side, FleetView> views, List<InstanceRow> live) {
        Map<String, Instance> found = new TreeMap<>();
        Map<String, Long> ages = new LinkedHashMap<>();
        for (FleetView view : views.values()) {
            for (InstanceRow row : view.rows) {
                boolean lives = live.contains(row);
                long age = lives ? -1 : view.ageMillis(row);
                if (ages.merge(row.name, age, Math::min) == age
                        && !(row.gone && !lives && found.containsKey(row.name))) {
                    found.put(
                            row.name,
                            new Instance(
                                    row.name,
                                    row.rung.name(),
                                    row.movingFrom == null ? null : row.movingFrom.name(),
                                    row.asked.number(),
                                    lives,
                                    Math.max(0, view.ageMillis(row) / 1_000),
                                    lives ? row.waitsFor : row.gone ? "it has left" : "it is silent"));
                }
            }
        }
        return new ArrayList<>(found.values());
    }

    private static List<Run> lastRuns(FleetView home, List<RunRecord> runs) {
        Map<String, Run> last = new LinkedHashMap<>();
        for (RunRecord run : runs) {
            last.putIfAbsent(
                    run.kind() + run.direction(),
                    new Run(
                            run.kind(),
                            run.direction(),
                            run.state(),
                            run.differences(),
                            Math.max(0, (home.nowMillis - run.startedAt()) / 1_000)));
        }
        return new ArrayList<>(last.values());
    }

    /** The phase at which the whole fleet rests, or null while it is on its way. */
    static @Nullable Phase restsAt(List<InstanceRow> live) {
        Phase common = null;
        for (InstanceRow row : live) {
            boolean rests = row.movingFrom == null && row.asked.rung() == row.rung;
            if (!rests || (common != null && common != row.asked)) {
                return null;
            }
            common = row.asked;
        }
        return common;
    }
}
