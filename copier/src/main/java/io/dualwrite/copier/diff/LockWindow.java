package io.dualwrite.copier.diff;

import io.dualwrite.copier.read.Source;
import io.dualwrite.copier.write.Target;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The time in which row locks are held on the application's rows, and what ends it early (R18): when it is over, a wait for
 * a lock is cancelled and the source's locks are let go, even if the target hangs.
 *
 * <p>Letting go early is safe because nothing is committed on the target afterwards ({@link #mayCommit} and the expiry
 * exclude each other), except a commit that was already under way; that one holds the target's row locks, so that a later
 * write of the application's lands after it.
 */
final class LockWindow implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LockWindow.class);

    private enum State {
        LOCKING,
        HOLDING,
        COMMITTING,
        EXPIRED,
        CLOSED
    }

    private final Source source;
    private final Target target;
    private final long openedNanos = System.nanoTime();
    private final ScheduledFuture<?> expiry;
    private final AtomicReference<State> state = new AtomicReference<>(State.LOCKING);

    LockWindow(ScheduledExecutorService clock, Duration limit, Source source, Target target) {
        this.source = source;
        this.target = target;
        this.expiry = clock.schedule(this::expire, limit.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** All locks are taken; false if the time was over before. */
    boolean holds() {
        return state.compareAndSet(State.LOCKING, State.HOLDING);
    }

    /** The target may commit what was written under these locks; false if the time was over before. */
    boolean mayCommit() {
        return state.compareAndSet(State.HOLDING, State.COMMITTING);
    }

    /** How long the window has been open. */
    Duration open() {
        return Duration.ofNanos(System.nanoTime() - openedNanos);
    }

    private synchronized void expire() {
        try {
            if (state.compareAndSet(State.LOCKING, State.EXPIRED)) {
                source.cancel();
                target.cancel();
            } else if (state.compareAndSet(State.HOLDING, State.EXPIRED) || state.get() == State.COMMITTING) {
                source.release();
            }
        } catch (SQLException failure) {
            LOG.warn("Row locks could not be let go at once (SQLSTATE {})", failure.getSQLState());
        }
    }

    /** Waits for an expiry that is under way, which would otherwise hit the locks of the next window. */
    @Override
    public synchronized void close() {
        expiry.cancel(false);
        state.set(State.CLOSED);
    }
}
