package io.dualwrite.simulation;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.Delayed;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** Runs tasks at their virtual time, each on a simulated thread of its own. */
final class SimulatedTimer extends AbstractExecutorService implements ScheduledExecutorService {
    private final Scheduler scheduler;
    private boolean shutDown;

    SimulatedTimer(Scheduler scheduler) {
        this.scheduler = scheduler;
    }

    private static final class Task<T> extends FutureTask<T> implements ScheduledFuture<T> {
        Task(Callable<T> work) {
            super(work);
        }

        /** To run once more, as a task does that is repeated. */
        boolean again() {
            return runAndReset();
        }

        @Override
        public long getDelay(TimeUnit unit) {
            return 0;
        }

        @Override
        public int compareTo(Delayed other) {
            return Integer.compare(hashCode(), other.hashCode());
        }
    }

    @Override
    public ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
        return schedule(
                () -> {
                    command.run();
                    return "done";
                },
                delay,
                unit);
    }

    @Override
    public <V> ScheduledFuture<V> schedule(Callable<V> callable, long delay, TimeUnit unit) {
        Task<V> task = new Task<>(callable);
        scheduler.start("timer", () -> {
            if (!scheduler.await(() -> shutDown || task.isDone(), unit.toNanos(delay))) {
                task.run();
            }
        });
        return task;
    }

    @Override
    public ScheduledFuture<?> scheduleWithFixedDelay(Runnable command, long initial, long delay, TimeUnit unit) {
        Task<String> task = new Task<>(() -> {
            command.run();
            return "done";
        });
        scheduler.start("timer", () -> {
            long next = initial;
            while (!scheduler.await(() -> shutDown || task.isDone(), unit.toNanos(next)) && task.again()) {
                next = delay;
            }
        });
        return task;
    }

    @Override
    public ScheduledFuture<?> scheduleAtFixedRate(Runnable command, long initial, long period, TimeUnit unit) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void execute(Runnable command) {
        scheduler.start("timer", command);
    }

    @Override
    public void shutdown() {
        shutDown = true;
    }

    @Override
    public List<Runnable> shutdownNow() {
        shutDown = true;
        return Collections.unmodifiableList(new ArrayList<>());
    }

    @Override
    public boolean isShutdown() {
        return shutDown;
    }

    @Override
    public boolean isTerminated() {
        return shutDown;
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
        return shutDown;
    }
}
