package io.dualwrite.mirror;

import io.dualwrite.ladder.Rung;
import io.dualwrite.ladder.Standing;

/**
 * Holds a connection's pin until its transaction is over on both legs: the mirror's COMMIT or ROLLBACK may still be under way
 * when the application's call has returned, and a step must not be taken for drained before it has ended (R22).
 *
 * <p>Used by the application's thread, {@link #settled} by the mirror's lane.
 */
final class Settling {
    private final Standing standing;
    private final Standing.Pin pin;
    private final MirrorLeg mirror;
    /** Whether something may be settling; touched by the application's thread alone. */
    private boolean everSettling;
    /** Commits and rollbacks of the mirror's that are under way; guarded by this. */
    private volatile int settling;
    /** Whether the application's transaction is open; guarded by this. */
    private boolean active;

    Settling(Standing standing, Standing.Pin pin, MirrorLeg mirror) {
        this.standing = standing;
        this.pin = pin;
        this.mirror = mirror;
    }

    /** Pins the rung for a transaction that begins now. */
    Rung pin() {
        if (!everSettling) {
            active = true;
            return standing.pin(pin);
        }
        synchronized (this) {
            Rung held = pin.rung();
            if (settling == 0 || held != null && held == standing.rung()) {
                active = true;
                everSettling = settling > 0;
                return settling > 0 && held != null ? held : standing.pin(pin);
            }
        }
        mirror.settle();
        synchronized (this) {
            active = true;
            return standing.pin(pin);
        }
    }

    /** The transaction is over: the rung is let go, now or when the mirror's COMMIT or ROLLBACK has ended. */
    void unpin() {
        if (everSettling) {
            synchronized (this) {
                active = false;
                if (settling > 0) {
                    return;
                }
            }
        }
        active = false;
        standing.unpin(pin);
    }

    /** A COMMIT or ROLLBACK of the mirror's goes to its lane. */
    synchronized void settles() {
        everSettling = true;
        settling = settling + 1;
    }

    /** It has ended. */
    synchronized void settled() {
        settling = settling - 1;
        if (settling == 0 && !active) {
            standing.unpin(pin);
        }
    }

    /** Whether nothing of the mirror's is under way; may say no for a while after it has ended. */
    boolean isIdle() {
        return !everSettling;
    }
}
