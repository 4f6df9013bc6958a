package io.dualwrite.fleet;

import io.dualwrite.ladder.Rung;
import io.dualwrite.ladder.Side;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Instances that stand where none may be beside this one (R23): the fleet went on without one of the two.
 *
 * <p>What an instance writes on the side that is not its authority comes late: there it may be seen on a rung that it has long left. Such
 * a row counts once it has been too far away for longer than {@code fleet.dead}, as a silence does. For one thread.
 */
final class Strays {
    /** The side that was looked at last, whose clock the times are by. */
    private @Nullable Side side;
    /** Since when an instance has been seen too far away, in milliseconds; by its row's incarnation. */
    private Map<String, Long> farSince = Collections.emptyMap();

    /** Those of the instances that stand where none may be beside one on the rung. */
    static List<InstanceRow> far(List<InstanceRow> others, Rung stands) {
        List<InstanceRow> far = new ArrayList<>();
        for (InstanceRow other : others) {
            if (!other.member().near(stands)) {
                far.add(other);
            }
        }
        return far;
    }

    /** The first stray among those that the side shows, or null. */
    @Nullable
    InstanceRow found(FleetView view, List<InstanceRow> others, Rung stands, Duration dead) {
        Map<String, Long> before = view.side == side ? farSince : Collections.emptyMap();
        Map<String, Long> now = new HashMap<>();
        InstanceRow stray = null;
        for (InstanceRow other : far(others, stands)) {
            long since = before.getOrDefault(other.incarnation, view.nowMillis);
            now.put(other.incarnation, since);
            boolean lags = !other.recordedOn(view.side) && view.nowMillis - since <= dead.toMillis();
            if (stray == null && !lags) {
                stray = other;
            }
        }
        side = view.side;
        farSince = now;
        return stray;
    }
}
