package io.dualwrite.simulation;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The monitors of objects in the simulation, in place of the JVM's: a thread that waits for one gives up its turn, so that the
 * owner can go on. Used by the thread that has the turn.
 */
final class Monitors {
    private final Scheduler scheduler;
    private final Map<Object, Monitor> monitors = new IdentityHashMap<>();
    private final List<Waiter> waiters = new ArrayList<>();

    Monitors(Scheduler scheduler) {
        this.scheduler = scheduler;
    }

    private static final class Monitor {
        @Nullable
        Thread owner;

        int entered;

        boolean isFreeFor(Thread thread) {
            return owner == null || owner == thread;
        }
    }

    private static final class Waiter {
        final Object object;
        boolean notified;

        Waiter(Object object) {
            this.object = object;
        }
    }

    private Monitor of(Object object) {
        return monitors.computeIfAbsent(object, one -> new Monitor());
    }

    void enter(Object object) {
        Monitor monitor = of(object);
        Thread me = Thread.currentThread();
        if (!monitor.isFreeFor(me)) {
            scheduler.await(() -> monitor.isFreeFor(me), SimulatedThread.NEVER);
        }
        monitor.owner = me;
        monitor.entered++;
    }

    /** Leaves it; harmless for a killed thread that lost it while it waited. */
    void exit(Object object) {
        Monitor monitor = of(object);
        if (monitor.owner == Thread.currentThread() && --monitor.entered == 0) {
            monitor.owner = null;
        }
    }

    /** As {@link Object#wait(long)}: lets go of the monitor meanwhile. */
    void await(Object object, long nanos) {
        Monitor monitor = of(object);
        Thread me = Thread.currentThread();
        if (monitor.owner != me) {
            throw new IllegalMonitorStateException();
        }
        int entered = monitor.entered;
        monitor.owner = null;
        monitor.entered = 0;
        Waiter waiter = new Waiter(object);
        waiters.add(waiter);
        try {
            scheduler.await(() -> waiter.notified, nanos);
        } finally {
            waiters.remove(waiter);
        }
        Monitor again = of(object);
        if (!again.isFreeFor(me)) {
            scheduler.await(() -> again.isFreeFor(me), SimulatedThread.NEVER);
        }
        again.owner = me;
        again.entered = entered;
    }

    void notifyAll(Object object) {
        for (Waiter waiter : waiters) {
            if (waiter.object == object) {
                waiter.notified = true;
            }
        }
    }
}
