package io.dualwrite.mirror;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Begins what waits on a lane for somebody to come, where nobody has come within a moment: half a millisecond to a whole one. One thread
 * looks for all lanes, and only while something waits. Thread-safe.
 */
final class SoonAtLatest {
    private static final long MOMENT_NANOS = 500_000;
    /** Looks in vain after which the thread ends. */
    private static final int MOST_IDLE = 20;

    private final Executor executor;
    private final Queue<Waiting> coming = new ConcurrentLinkedQueue<>();
    /** How many there are, which have not begun or have just been begun. */
    private final AtomicInteger size = new AtomicInteger();

    private final AtomicBoolean looking = new AtomicBoolean();

    private static final class Waiting {
        private final Lane lane;
        private final Lane.Task first;

        Waiting(Lane lane, Lane.Task first) {
            this.lane = lane;
            this.first = first;
        }
    }

    SoonAtLatest(Executor executor) {
        this.executor = executor;
    }

    /**
     * The lane begins soon, if the task still waits there to be the first then.
     *
     * @return false where nobody can look, so that the caller has to see to it
     */
    boolean begin(Lane lane, Lane.Task first) {
        size.incrementAndGet();
        coming.add(new Waiting(lane, first));
        return lookIfNobodyDoes();
    }

    /** Whether nothing waits. */
    boolean isEmpty() {
        return size.get() == 0;
    }

    private boolean lookIfNobodyDoes() {
        if (looking.get() || !looking.compareAndSet(false, true)) {
            return true;
        }
        try {
            executor.execute(this::look);
            return true;
        } catch (RejectedExecutionException | OutOfMemoryError noThread) {
            looking.set(false);
            Faults.LOG.debug("No thread looks for commits that wait: {}", noThread.toString());
            return false;
        }
    }

    private void look() {
        Queue<Waiting> former = new ArrayDeque<>();
        int idle = 0;
        while (idle < MOST_IDLE && !Thread.currentThread().isInterrupted()) {
            LockSupport.parkNanos(MOMENT_NANOS);
            beginAll(former);
            takeTo(former);
            idle = former.isEmpty() ? idle + 1 : 0;
        }
        beginAll(former);
        looking.set(false);
        if (!coming.isEmpty()) {
            lookIfNobodyDoes();
        }
    }

    private void takeTo(Queue<Waiting> taken) {
        for (Waiting next = coming.poll(); next != null; next = coming.poll()) {
            taken.add(next);
        }
    }

    private void beginAll(Queue<Waiting> waiting) {
        for (Waiting one = waiting.poll(); one != null; one = waiting.poll()) {
            try {
                one.lane.begin(one.first);
                size.decrementAndGet();
            } catch (RejectedExecutionException ended) {
                // The instance has ended, and its connections with it: the mark stays.
                size.decrementAndGet();
            } catch (OutOfMemoryError noThread) {
                Faults.LOG.debug("A commit waits for longer, for there is no thread: {}", noThread.toString());
                coming.add(one);
            }
        }
    }
}
