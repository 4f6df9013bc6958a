package io.dualwrite.fleet;

import io.dualwrite.config.Settings;
import io.dualwrite.ladder.Side;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * The time in which an instance could not look at its registry (R23, R29). Then perhaps nobody could, and the rows of the living are as old
 * as those of the dead: whoever came back first would step past all others. So after it each has {@code fleet.dead} to be heard of again.
 * The time before a process looks for the first time is such a time too.
 *
 * <p>All times are the server's, in milliseconds. For one thread.
 */
final class SharedSilence {
    private @Nullable Side side;
    /** Whether a look has begun and not succeeded. */
    private boolean looking;
    /** Whether a look has failed since the last that succeeded. */
    private boolean failed;
    /** Whether no look has succeeded since the process started. */
    private boolean starts = true;
    /** The last look, or null before the first. */
    private @Nullable Long seenAt;
    /** The first look after the time without, or null where nobody is waited for. */
    private @Nullable Long backAt;
    /** Where somebody is waited for: how the sentence about it begins. */
    private String reason = "";

    /**
     * The instance is about to look at the registry of its authority.
     *
     * @param failedAsMirror whether it could not write its row there when that side was its mirror last
     */
    void looks(Side at, boolean failedAsMirror) {
        turnTo(at, failedAsMirror);
        failed |= looking;
        looking = true;
    }

    /** What is known of one side's registry says nothing of the other's. */
    private void turnTo(Side at, boolean failedBefore) {
        if (at != side) {
            side = at;
            looking = false;
            failed = failedBefore;
            seenAt = null;
            backAt = null;
        }
    }

    /** The look succeeded: what keeps the instance from any step, in words that follow "asked for …, stands on …", or null. */
    @Nullable
    String after(FleetView view, Settings settings) {
        turnTo(view.side, false);
        Long before = seenAt;
        boolean away = failed || before != null && view.nowMillis - before > longestPause(settings);
        if (away || starts) {
            backAt = view.nowMillis;
            String when = view.side.word() + (away ? " until " : " at ") + seconds(view.nowMillis);
            reason = (away ? "it could not look at" : "it starts and first looked at") + " the registry on " + when;
        }
        starts = false;
        looking = false;
        failed = false;
        seenAt = view.nowMillis;
        Long back = backAt;
        if (back == null) {
            return null;
        }
        long until = back + settings.fleetDead.toMillis();
        InstanceRow silent = view.nowMillis > until ? null : silentSince(back, view, settings.instance);
        if (silent == null) {
            backAt = null;
            return null;
        }
        return reason + ", and " + silent.name + " has not been heard of there since; until " + seconds(until)
                + " it takes no step";
    }

    /**
     * Another's last sign of life may be a heartbeat older than this instance's; and where fleet.dead is that short, a pause is no
     * silence.
     */
    private static long longestPause(Settings settings) {
        long heartbeat = settings.heartbeat.toMillis();
        return Math.max(settings.fleetDead.toMillis() - heartbeat, 2 * heartbeat);
    }

    private static @Nullable InstanceRow silentSince(long back, FleetView view, String self) {
        for (InstanceRow row : view.rows) {
            if (!row.gone && row.heartbeatAt < back && !row.name.equals(self)) {
                return row;
            }
        }
        return null;
    }

    private static Instant seconds(long millis) {
        return Instant.ofEpochMilli(millis).truncatedTo(ChronoUnit.SECONDS);
    }
}
