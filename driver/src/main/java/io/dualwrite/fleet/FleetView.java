package io.dualwrite.fleet;

import io.dualwrite.ladder.FleetState;
import io.dualwrite.ladder.Member;
import io.dualwrite.ladder.Side;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The fleet as one side's registry showed it at one moment. Immutable. */
public final class FleetView {
    public final Side side;
    /** The moment by the server's clock, in milliseconds. */
    public final long nowMillis;

    public final PhaseRow phase;
    /** Every row, of the dead and gone too. */
    public final List<InstanceRow> rows;

    FleetView(Side side, long nowMillis, PhaseRow phase, List<InstanceRow> rows) {
        this.side = side;
        this.nowMillis = nowMillis;
        this.phase = phase;
        this.rows = Collections.unmodifiableList(new ArrayList<>(rows));
    }

    /** The row of that name, or null. */
    public @Nullable InstanceRow row(String name) {
        for (InstanceRow row : rows) {
            if (row.name.equals(name)) {
                return row;
            }
        }
        return null;
    }

    /** How long ago the row's instance gave its last sign of life here. */
    public long ageMillis(InstanceRow row) {
        return nowMillis - row.heartbeatAt;
    }

    /** The instances that gave a sign of life here within the given time. */
    public List<InstanceRow> live(Duration dead) {
        List<InstanceRow> live = new ArrayList<>();
        for (InstanceRow row : rows) {
            if (row.fresh(nowMillis, dead)) {
                live.add(row);
            }
        }
        return live;
    }

    /**
     * The instances that are neither gone nor live here, although it is the other side where they keep their row up to
     * date: only there can be seen whether they are dead.
     */
    public List<InstanceRow> doubtful(Duration dead) {
        List<InstanceRow> doubtful = new ArrayList<>();
        for (InstanceRow row : rows) {
            if (!row.gone && !row.fresh(nowMillis, dead) && row.recordedOn(side.other())) {
                doubtful.add(row);
            }
        }
        return doubtful;
    }

    /**
     * The live instances of both sides. Each counts by the row on the side where it must keep it up to date; where both
     * rows claim that, as after a step that was recorded on one side only, by both.
     */
    public static List<InstanceRow> live(Collection<FleetView> views, Duration dead) {
        Map<String, InstanceRow> found = new LinkedHashMap<>();
        for (FleetView view : views) {
            for (InstanceRow row : view.live(dead)) {
                if (row.recordedOn(view.side) || views.size() == 1) {
                    found.put(row.name + view.side, row);
                }
            }
        }
        for (FleetView view : views) {
            for (InstanceRow row : view.live(dead)) {
                if (!found.containsKey(row.name + Side.OLD) && !found.containsKey(row.name + Side.NEW)) {
                    found.put(row.name + view.side, row);
                }
            }
        }
        return new ArrayList<>(found.values());
    }

    /**
     * The live instances, and those that may live: silent on the one side at hand, while it is the other on which they keep
     * their row up to date.
     */
    public static List<InstanceRow> present(Collection<FleetView> views, Duration dead) {
        List<InstanceRow> present = live(views, dead);
        if (views.size() == 1) {
            for (FleetView view : views) {
                present.addAll(view.doubtful(dead));
            }
        }
        return present;
    }

    /** Every instance but the one of that name that lives or may live by the views at hand, as {@link #present} has it. */
    static List<InstanceRow> others(Collection<FleetView> views, Duration dead, String self) {
        List<InstanceRow> others = present(views, dead);
        others.removeIf(row -> row.name.equals(self));
        return others;
    }

    /** The {@link #others(Collection, Duration, String) others} by this view alone. */
    List<InstanceRow> others(Duration dead, String self) {
        return others(Collections.singleton(this), dead, self);
    }

    /**
     * What the ladder says to an instance beside these others, with the passes that this side shows.
     *
     * @param gate whether steps ask for a pass
     */
    FleetState.Decision decide(InstanceRow self, List<InstanceRow> others, boolean gate) {
        return new FleetState(self.member(), members(others), phase.passes(gate)).decide();
    }

    /** The rows as the ladder sees them. */
    public static List<Member> members(Collection<InstanceRow> rows) {
        List<Member> members = new ArrayList<>();
        for (InstanceRow row : rows) {
            members.add(row.member());
        }
        return members;
    }
}
