package io.dualwrite.mirror;

import java.sql.SQLException;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Threads may share a connection, whose vendor's driver lets them in one after another. Where both sides are written, one statement of
 * the application's is many of the vendors', and what is noted of the transaction is theirs together: so all of it is done in turn. A
 * thread that has its turn keeps it for what it does within. Thread-safe.
 */
public final class Turn {
    private final ReentrantLock lock = new ReentrantLock();

    Turn() {}

    /** What is done in turn, with an answer. */
    public interface Work<T> {
        T run() throws SQLException;
    }

    /** What is done in turn. */
    public interface Step<E extends Exception> {
        void run() throws E;
    }

    /** Does the work when no other thread has its turn, for which it waits as long as that lasts, also when interrupted. */
    public <T> T take(Work<T> work) throws SQLException {
        lock.lock();
        try {
            return work.run();
        } finally {
            lock.unlock();
        }
    }

    /** As {@link #take}, where nothing is answered. */
    public <E extends Exception> void step(Step<E> step) throws E {
        lock.lock();
        try {
            step.run();
        } finally {
            lock.unlock();
        }
    }

    /** Does the step now, or not at all where another thread has its turn, which may last; whether it was done. */
    public <E extends Exception> boolean stepIfFree(Step<E> step) throws E {
        if (!lock.tryLock()) {
            return false;
        }
        try {
            step.run();
            return true;
        } finally {
            lock.unlock();
        }
    }
}
