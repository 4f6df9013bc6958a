package io.dualwrite.mirror;

import io.dualwrite.config.Settings;
import io.dualwrite.dialect.Dialect;
import io.dualwrite.ladder.Side;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * The leg that mirrors: found alive or opened, and waited for, within what the transaction may spend on it, and given up where
 * it takes longer (R5, promise 2). Used by the transaction's thread alone.
 */
final class MirrorLeg {
    private final Mirroring shared;
    private final Legs legs;
    private @Nullable Leg leg;
    /** What the open transaction may still wait for the mirror, in nanoseconds. */
    private long budgetLeft;

    MirrorLeg(Mirroring shared, Legs legs) {
        this.shared = shared;
        this.legs = legs;
    }

    /** The leg that was reached last and is not given up, or null. */
    @Nullable
    Leg leg() {
        return leg;
    }

    @Nullable
    Dialect dialect() {
        Leg current = leg;
        return current == null ? null : current.dialect;
    }

    /** From now on all waits together may take so many nanoseconds. */
    void budget(long nanos) {
        budgetLeft = nanos;
    }

    long millisLeft() {
        return budgetLeft / 1_000_000;
    }

    /**
     * Finds or opens the side's leg within the budget.
     *
     * @throws SQLException the vendor's own, or one without a state where there was no time
     */
    Leg reach(Side side) throws SQLException {
        Leg existing = legs.existing(side);
        if (existing != null && existing.isOutdated()) {
            // A COMMIT may wait there still.
            await(existing);
        }
        if (existing != null && (existing.isOutdated() || existing.isDoubtful() && !isAlive(existing))) {
            giveUp(existing);
            existing = null;
        }
        Leg reached = existing != null ? existing : openInTime(side);
        leg = reached;
        return reached;
    }

    private boolean isAlive(Leg idle) throws SQLException {
        boolean[] valid = new boolean[1];
        idle.lane.submitAlways(() -> valid[0] = idle.connection.isValid(1));
        return await(idle) && valid[0];
    }

    private Leg openInTime(Side side) throws SQLException {
        long begun = System.nanoTime();
        try {
            long longest = Math.min(budgetLeft, shared.settings.get().mirrorOpen.toNanos());
            Leg opened = LegOpening.within(legs, side, shared.executor, longest);
            legs.put(opened);
            return opened;
        } finally {
            budgetLeft -= System.nanoTime() - begun;
        }
    }

    /** Waits within the budget until nothing is under way on the leg, and says whether it came to that. */
    boolean await(Leg current) {
        long begun = System.nanoTime();
        boolean rested = await(current, budgetLeft);
        budgetLeft -= System.nanoTime() - begun;
        return rested;
    }

    /** Waits until nothing is under way on the leg, whatever the budget; gives the leg up if that takes too long. */
    void settle() {
        Leg current = leg;
        if (current == null) {
            return;
        }
        Settings settings = shared.settings.get();
        if (!await(current, settings.mirrorBudget.plus(settings.mirrorStatement).toNanos())) {
            giveUp(current);
        }
    }

    /**
     * Waits so many nanoseconds at most, and does here what no thread does yet. A leg that was given up when its time was over has
     * not come to rest.
     */
    boolean await(Leg current, long nanos) {
        long begun = System.nanoTime();
        boolean rested = current.lane.await(nanos, work -> shared.overdue.during(current, nanos, work));
        boolean late = System.nanoTime() - begun >= nanos && current.isLost();
        return rested && !late;
    }

    /** Lets its server roll back what is open on it; the next transaction opens another. */
    void giveUp(Leg lost) {
        legs.discard(lost);
        lost.abort(shared.executor);
        if (leg == lost) {
            leg = null;
        }
    }
}
