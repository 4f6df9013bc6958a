package io.dualwrite.mirror;

import io.dualwrite.ladder.Rung;
import io.dualwrite.ladder.Standing;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import org.jspecify.annotations.Nullable;

/**
 * The rung of a connection's transactions: pinned while one is open, and between two of them for as long as something holds it (R22).
 * That are batches with entries that have not run, for the vendor's statement has them, and rows that are read from a leg.
 *
 * <p>Used by one thread at a time, but for what holds it: threads that share a connection open and close rows without a turn.
 */
final class PinnedRung {
    private static final AtomicIntegerFieldUpdater<PinnedRung> HOLDS =
            AtomicIntegerFieldUpdater.newUpdater(PinnedRung.class, "holds");

    private final Standing standing;
    private final Standing.Pin pin;
    private final Settling settling;
    /** Counted by several threads where they share a connection: rows are opened and closed without a turn on a rung with one leg. */
    private volatile int holds;

    /**
     * The rung that was pinned last, and whether it still is. It stays between transactions, for writing a reference into an
     * object that is old costs more than all else that a short statement does here.
     */
    private @Nullable Rung last;

    private boolean isPinned;

    /** The rung on which a pin stands. */
    PinnedRung(Standing standing, Standing.Pin pin, Settling settling) {
        this.standing = standing;
        this.pin = pin;
        this.settling = settling;
    }

    boolean isPinned() {
        return isPinned;
    }

    /** The pinned rung, or null. */
    @Nullable
    Rung orNull() {
        return isPinned ? last : null;
    }

    /** The pinned rung, or the one that would be pinned now. */
    Rung now() {
        Rung pinned = orNull();
        return pinned == null ? standing.rung() : pinned;
    }

    /** Pins the rung on which the instance stands, or on which the connection is kept. */
    Rung pin() {
        Rung rung = settling.pin();
        last = rung;
        isPinned = true;
        return rung;
    }

    /** Pins a rung if {@link #pin} would pin the same; whether it is pinned. */
    boolean pinOn(@Nullable Rung expected) {
        if (!standing.pinOn(pin, expected)) {
            return false;
        }
        if (last != expected) {
            last = expected;
        }
        isPinned = true;
        return true;
    }

    /** A statement has what it can run with on this rung alone, until {@link #letGo}. */
    void hold() {
        HOLDS.incrementAndGet(this);
    }

    /** Rows are read from a leg from now on, until {@link #letGo}. */
    void holdForRows() {
        HOLDS.incrementAndGet(this);
        pin.reads(true);
    }

    /** What was held is over; whether nothing else holds the rung. */
    boolean letGo() {
        boolean last = HOLDS.decrementAndGet(this) == 0;
        if (last) {
            pin.reads(false);
        }
        return last;
    }

    /** The transaction is over, and nothing of it is under way on the mirror: unpins, unless something holds the rung. */
    void ended() {
        if (holds == 0) {
            isPinned = false;
            standing.unpin(pin);
        }
    }

    /** As {@link #ended}, where the mirror's COMMIT or ROLLBACK may be under way: once that has ended. */
    void endedBehind() {
        if (holds == 0) {
            isPinned = false;
            settling.unpin();
        }
    }

    /** The rung counts as pinned also where nobody has this connection any more, until it is closed. */
    void keep() {
        standing.keep(pin);
    }

    /** The connection is closed or given up. */
    void leave() {
        standing.leave(pin);
    }
}
