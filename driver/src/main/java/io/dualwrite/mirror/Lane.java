package io.dualwrite.mirror;

import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The work of one mirror leg, one task after another, while the application goes on (R3). The first failure makes all later tasks
 * be passed over until the lane is cleared; {@link #await} tells it. Thread-safe.
 *
 * <p>What is submitted begins at once on another thread. What is queued begins with the next that is submitted, or when a thread
 * waits for it, which then does it itself where it may: that costs no change of threads, and rows that wait together go together.
 */
final class Lane {

    /** One piece of work on the mirror leg. */
    interface Task {
        void run() throws SQLException;

        /** Whether {@link #absorb} would take the next task on. */
        default boolean goesWith(Task next) {
            return false;
        }

        /** Takes on what the next task would do, which then is not run; false where it cannot. */
        default boolean absorb(Task next) {
            return false;
        }
    }

    /** Does the lane's work on the thread that waits for it, and sees to it that it ends in time. */
    interface Helper {
        void run(Runnable work);
    }

    private static final int MOST_QUEUED = 8;

    private final Executor executor;
    private final Deque<Step> steps = new ArrayDeque<>(3);
    private boolean running;
    private @Nullable SQLException failure;

    Lane(Executor executor) {
        this.executor = executor;
    }

    /** Runs the task after all earlier ones, unless one of them has failed by then. */
    void submit(Task task) {
        enqueue(new Step(task, Kind.IF_WELL));
    }

    /** As {@link #submit}, but not before it is waited for or others come that do not go with it. */
    void queue(Task task) {
        boolean starts;
        synchronized (this) {
            Step last = steps.peekLast();
            boolean waits = last == null || last.kind == Kind.ALWAYS || last.task.goesWith(task);
            starts = !running && (!waits || steps.size() >= MOST_QUEUED);
            running |= starts;
            steps.add(new Step(task, Kind.IF_WELL));
        }
        if (starts) {
            start();
        }
    }

    /** As {@link #submit}, for one who waits for it next: it does not begin before. */
    synchronized void queueAwaited(Task task) {
        steps.add(new Step(task, Kind.IF_WELL));
    }

    /** As {@link #submitAlways}, but not before it is waited for or others come. */
    synchronized void queueAlways(Task task) {
        steps.add(new Step(task, Kind.ALWAYS));
    }

    /** Begins with what is queued, if the task is the first of it. */
    void begin(Task first) {
        synchronized (this) {
            Step waiting = steps.peek();
            if (running || waiting == null || waiting.task != first) {
                return;
            }
            running = true;
        }
        start();
    }

    private void start() {
        drainBy(executor::execute);
    }

    /** Where no thread is to be had, what is queued waits for the next that begins it. */
    private void drainBy(Helper helper) {
        boolean begun = false;
        try {
            helper.run(this::drain);
            begun = true;
        } finally {
            if (!begun) {
                synchronized (this) {
                    running = false;
                    notifyAll();
                }
            }
        }
    }

    /**
     * Takes a queued task back, to be done together with what the caller queues next.
     *
     * @param companion what else may be queued, behind it
     * @param fits looked at while nothing is under way on the lane
     * @return false where it has begun, or something else is queued, or it does not fit: then it is the lane's
     */
    synchronized boolean withdraw(Task task, @Nullable Task companion, BooleanSupplier fits) {
        Step first = steps.peekFirst();
        Step last = steps.peekLast();
        if (running || first == null || last == null || first.task != task || steps.size() > 2) {
            return false;
        }
        if (last != first && last.task != companion || !fits.getAsBoolean()) {
            return false;
        }
        steps.remove();
        return true;
    }

    /** Runs the task after all earlier ones in any case, and forgets their failure before it. */
    void submitAlways(Task task) {
        enqueue(new Step(task, Kind.ALWAYS));
    }

    /** Runs the task after all earlier ones in any case; neither theirs nor its own failure changes what is told. */
    void submitAside(Task task) {
        enqueue(new Step(task, Kind.ASIDE));
    }

    private void enqueue(Step step) {
        synchronized (this) {
            steps.add(step);
            if (running) {
                return;
            }
            running = true;
        }
        start();
    }

    private void drain() {
        while (true) {
            Step step;
            synchronized (this) {
                step = steps.poll();
                if (step == null) {
                    running = false;
                    notifyAll();
                    return;
                }
                if (step.kind == Kind.ALWAYS) {
                    failure = null;
                } else if (step.kind == Kind.IF_WELL && failure != null) {
                    continue;
                }
                absorbWaiting(step);
            }
            run(step);
        }
    }

    /** With the lock held. */
    private void absorbWaiting(Step step) {
        Step next = steps.peek();
        while (step.kind == Kind.IF_WELL && next != null && next.kind == Kind.IF_WELL && step.task.absorb(next.task)) {
            steps.remove();
            next = steps.peek();
        }
    }

    private void run(Step step) {
        SQLException failed;
        try {
            step.task.run();
            return;
        } catch (SQLException e) {
            failed = e;
        } catch (RuntimeException | Error e) {
            failed = new SQLException("Mirror task failed: " + e, e);
        }
        if (step.kind == Kind.ASIDE) {
            Faults.LOG.debug("Work beside a transaction failed: {}", Faults.described(failed));
            return;
        }
        synchronized (this) {
            failure = failed;
        }
    }

    /** Drops what has not begun yet and is not to run in any case. */
    synchronized void dropWaiting() {
        steps.removeIf(step -> step.kind == Kind.IF_WELL);
    }

    /** The failure so far, or null, as where a task that forgets it has yet to run; does not wait. */
    synchronized @Nullable SQLException failure() {
        for (Step step : steps) {
            if (step.kind == Kind.ALWAYS) {
                return null;
            }
        }
        return failure;
    }

    /**
     * Waits until nothing is left to do. An interrupt does not end the wait, which is bounded, but is kept: a commit that was
     * given up half way would leave the sides apart.
     *
     * @param nanos the longest wait; zero or less looks once
     * @param helper does what is queued, where nobody does
     * @return whether the lane came to rest in time
     */
    boolean await(long nanos, Helper helper) {
        long end = System.nanoTime() + nanos;
        boolean own;
        synchronized (this) {
            own = !running && !steps.isEmpty();
            running |= own;
        }
        if (own && nanos > 0) {
            drainBy(helper);
        } else if (own) {
            start();
        }
        return await(end);
    }

    private synchronized boolean await(long end) {
        boolean interrupted = false;
        try {
            while (running) {
                long left = end - System.nanoTime();
                if (left <= 0) {
                    return false;
                }
                try {
                    wait(left / 1_000_000, (int) (left % 1_000_000));
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            return true;
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private enum Kind {
        IF_WELL,
        ALWAYS,
        ASIDE
    }

    private static final class Step {
        final Task task;
        final Kind kind;

        Step(Task task, Kind kind) {
            this.task = task;
            this.kind = kind;
        }
    }
}
