package io.dualwrite.fleet;

import io.dualwrite.ladder.Rung;
import java.time.Duration;
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
    /** Since when an instance was seen too far away on a side, by that side's clock; by its row's incarnation and the side. */
    private Map<String, Long> farSince = new HashMap<>();

    /** The first stray among those that the side shows, or null. */
    @Nullable
    InstanceRow found(FleetView view, List<InstanceRow> others, Rung stands, Duration dead) {
        Map<String, Long> far = new HashMap<>();
        InstanceRow stray = null;
        for (InstanceRow other : others) {
            if (!other.member().near(stands)) {
                String seen = other.incarnation + view.side;
                long since = farSince.getOrDefault(seen, view.nowMillis);
                far.put(seen, since);
                boolean lags = !other.recordedOn(view.side) && view.nowMillis - since <= dead.toMillis();
                stray = stray == null && !lags ? other : stray;
            }
        }
        farSince = far;
        return stray;
    }
}
