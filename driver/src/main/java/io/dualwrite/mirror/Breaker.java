package io.dualwrite.mirror;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Keeps a side that is down from costing every request its budget (promise 2): after some failures in a row it opens, and
 * until a pause is over transactions do not try the mirror at all but are marked at once. Then one of them tries.
 * Thread-safe.
 */
public final class Breaker {
    private static final int SHARE_WHEN_STALLED = 8;

    private final LongSupplier nanoTime;
    private int failuresInRow;
    private long openUntil;
    private long pauseNanos;
    private boolean open;
    private boolean stalled;

    /** A closed breaker; the clock gives nanoseconds. */
    public Breaker(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /**
     * How long a transaction may wait for the mirror, in nanoseconds: its budget; an eighth of it after a wait that was in vain,
     * for those who queue behind one that waits would add their own waits to its; nothing while the breaker is open. When a
     * pause is over one caller gets its budget, and the next pause begins.
     */
    synchronized long patience(long budgetNanos) {
        if (!open) {
            return stalled ? budgetNanos / SHARE_WHEN_STALLED : budgetNanos;
        }
        long now = nanoTime.getAsLong();
        if (now - openUntil < 0) {
            return 0;
        }
        openUntil = now + pauseNanos;
        return budgetNanos;
    }

    /** A transaction waited for the mirror in vain: for a lock there, or for an answer. */
    synchronized void stalled() {
        stalled = true;
    }

    /** A transaction's mirror work ended well; the breaker closes. */
    synchronized void succeeded() {
        failuresInRow = 0;
        open = false;
        stalled = false;
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
