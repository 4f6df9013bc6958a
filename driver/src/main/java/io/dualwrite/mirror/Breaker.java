package io.dualwrite.mirror;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Keeps a side that is down from costing every request its budget (promise 2): after some failures in a row it opens, and
 * until a pause is over transactions do not try the mirror at all but are marked at once. Then one of them tries.
 * Thread-safe.
 */
public final class Breaker {
    private final LongSupplier nanoTime;
    private int failuresInRow;
    private long openUntil;
    private long pauseNanos;
    private boolean open;

    /** A closed breaker; the clock gives nanoseconds. */
    public Breaker(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** Whether a transaction may use the mirror now. When a pause is over one caller is let through, and the next pause begins. */
    synchronized boolean allows() {
        if (!open) {
            return true;
        }
        long now = nanoTime.getAsLong();
        if (now - openUntil < 0) {
            return false;
        }
        openUntil = now + pauseNanos;
        return true;
    }

    /** A transaction's mirror work ended well; the breaker closes. */
    synchronized void succeeded() {
        failuresInRow = 0;
        open = false;
    }

    /** A transaction's mirror work failed; true if the breaker opened by it. */
    synchronized boolean failed(int failuresToOpen, Duration pause) {
        failuresInRow++;
        boolean opens = !open && failuresInRow >= failuresToOpen;
        if (open || opens) {
            open = true;
            pauseNanos = pause.toNanos();
            openUntil = nanoTime.getAsLong() + pauseNanos;
        }
        return opens;
    }

    /** Whether it is open. */
    public synchronized boolean isOpen() {
        return open;
    }
}
