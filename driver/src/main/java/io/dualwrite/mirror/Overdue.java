package io.dualwrite.mirror;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Sees to it that the application's thread does not work on the mirror for longer than it may wait for it (R5): a leg whose time is over
 * is given up from outside, which ends a read as well as a write that its server does not take. One thread looks for all, a few times in
 * each tenth of a second, and only while there is something to look for. Thread-safe.
 */
final class Overdue {
    private static final long LOOK_MILLIS = 25;
    /** Looks in vain after which the thread ends. */
    private static final int MOST_IDLE = 40;
    /** Nobody waits longer than that: what may take a day is not looked after. */
    private static final long LONGEST = TimeUnit.DAYS.toNanos(1);

    private final Executor executor;
    private final Set<Watched> watched = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean looking = new AtomicBoolean();

    private static final class Watched {
        private final Leg leg;
        private final long end;

        Watched(Leg leg, long end) {
            this.leg = leg;
            this.end = end;
        }
    }

    Overdue(Executor executor) {
        this.executor = executor;
    }

    /** Runs what is sent to the leg's server, for so many nanoseconds at most. */
    void during(Leg leg, long nanos, Runnable work) {
        if (nanos >= LONGEST) {
            work.run();
            return;
        }
        Watched one = new Watched(leg, System.nanoTime() + nanos);
        watched.add(one);
        try {
            beginToLook();
            work.run();
        } finally {
            if (!watched.remove(one)) {
                // Its time is over, and it is being given up: whoever looks at it next must see that.
                leg.leave();
            }
        }
    }

    private void beginToLook() {
        if (looking.get() || !looking.compareAndSet(false, true)) {
            return;
        }
        boolean begun = false;
        try {
            executor.execute(this::look);
            begun = true;
        } catch (RejectedExecutionException instanceHasEnded) {
            Faults.LOG.debug("Nobody looks after the mirror any more, for the instance has ended");
        } finally {
            if (!begun) {
                looking.set(false);
            }
        }
    }

    private void look() {
        try {
            lookWhileNeeded();
        } finally {
            looking.set(false);
        }
        if (!watched.isEmpty() && !Thread.currentThread().isInterrupted()) {
            beginToLook();
        }
    }

    private void lookWhileNeeded() {
        int idle = 0;
        while (idle < MOST_IDLE) {
            try {
                Thread.sleep(LOOK_MILLIS);
            } catch (InterruptedException e) {
                // The instance ends: its connections are closed, and with them what waits for their servers.
                Thread.currentThread().interrupt();
                return;
            }
            idle = watched.isEmpty() ? idle + 1 : 0;
            giveUpLate();
        }
    }

    private void giveUpLate() {
        long now = System.nanoTime();
        for (Watched one : watched.toArray(new Watched[0])) {
            if (one.end - now < 0 && watched.remove(one)) {
                one.leg.abort(executor);
            }
        }
    }
}
