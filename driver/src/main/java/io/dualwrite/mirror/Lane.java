package io.dualwrite.mirror;

import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The work of one mirror leg, one task after another, while the application goes on (R3). The first failure makes all later
 * tasks be passed over until the lane is cleared; {@link #await} tells it. Thread-safe.
 */
final class Lane {

    /** One piece of work on the mirror leg. */
    interface Task {
        void run() throws SQLException;
    }

    private final Executor executor;
    private final Deque<Step> steps = new ArrayDeque<>();
    private boolean running;
    private @Nullable SQLException failure;

    Lane(Executor executor) {
        this.executor = executor;
    }

    /** Runs the task after all earlier ones, unless one of them has failed by then. */
    void submit(Task task) {
        enqueue(new Step(task, false));
    }

    /** Runs the task after all earlier ones in any case, and forgets their failure before it. */
    void submitAlways(Task task) {
        enqueue(new Step(task, true));
    }

    private void enqueue(Step step) {
        synchronized (this) {
            steps.add(step);
            if (running) {
                return;
            }
            running = true;
        }
        executor.execute(this::drain);
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
                if (step.always) {
                    failure = null;
                } else if (failure != null) {
                    continue;
                }
            }
            run(step);
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
        synchronized (this) {
            failure = failed;
        }
    }

    /** Drops what has not begun yet and is not to run in any case. */
    synchronized void dropWaiting() {
        steps.removeIf(step -> !step.always);
    }

    /** The failure so far, or null; does not wait. */
    synchronized @Nullable SQLException failure() {
        return failure;
    }

    /**
     * Waits until nothing is left to do.
     *
     * @param nanos the longest wait; zero or less looks once
     * @return whether the lane came to rest in time
     */
    synchronized boolean await(long nanos) throws SQLException {
        long end = System.nanoTime() + nanos;
        while (running) {
            long left = end - System.nanoTime();
            if (left <= 0) {
                return false;
            }
            try {
                wait(left / 1_000_000, (int) (left % 1_000_000));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new SQLException("Interrupted while waiting for the mirror", "57014", e);
            }
        }
        return true;
    }

    private static final class Step {
        final Task task;
        final boolean always;

        Step(Task task, boolean always) {
            this.task = task;
            this.always = always;
        }
    }
}
