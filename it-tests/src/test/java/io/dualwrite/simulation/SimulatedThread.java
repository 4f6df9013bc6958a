package io.dualwrite.simulation;

import java.util.concurrent.Semaphore;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** A thread that runs only while it has the turn. Its fields are touched by whoever has the turn. */
final class SimulatedThread extends Thread {
    static final long NEVER = Long.MAX_VALUE;

    final Scheduler scheduler;
    /** The process that it belongs to, which may be killed; null for servers and the operator. */
    final @Nullable SimulatedProcess process;

    final Semaphore turn = new Semaphore(0);
    /** Whether the application's connection, on which this thread works, is in autocommit. */
    boolean inAutoCommit;

    private final Runnable work;
    private long wakesAt;
    private @Nullable BooleanSupplier ready;

    SimulatedThread(String name, Scheduler scheduler, @Nullable SimulatedProcess process, Runnable work, long wakesAt) {
        super(name);
        this.scheduler = scheduler;
        this.process = process;
        this.work = work;
        this.wakesAt = wakesAt;
        setDaemon(true);
    }

    /** The simulated thread that runs now, or null outside of a simulation. */
    static @Nullable SimulatedThread current() {
        return Thread.currentThread() instanceof SimulatedThread simulated ? simulated : null;
    }

    void parks(@Nullable BooleanSupplier until, long at) {
        ready = until;
        wakesAt = at;
    }

    /** When it could go on, given that it is now. */
    long nextAt(long now) {
        BooleanSupplier condition = ready;
        boolean goesOn = isKilled() || condition != null && condition.getAsBoolean();
        return goesOn ? now : Math.max(now, wakesAt);
    }

    boolean isKilled() {
        return process != null && process.isDead();
    }

    @Override
    public void run() {
        turn.acquireUninterruptibly();
        try {
            if (!isKilled() && !scheduler.isOver()) {
                work.run();
            }
        } catch (Ended e) {
            // Its process was killed, or the whole run was given up.
            return;
        } catch (Throwable e) {
            scheduler.failed(this, e);
        } finally {
            scheduler.ended(this);
        }
    }

    /** Ends a thread wherever it is. */
    static final class Ended extends Error {
        private static final long serialVersionUID = 1;

        Ended(String why) {
            super(why, null, false, false);
        }
    }
}
