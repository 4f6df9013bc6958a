package io.dualwrite.fleet;

import io.dualwrite.ladder.Pass;
import io.dualwrite.ladder.Side;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the instance's row on the side that is not the authority, as well as that side allows: on a thread of its own, so that
 * a dead mirror delays no heartbeat. Thread-safe.
 */
final class MirrorRow implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(MirrorRow.class);

    /** Beats that a side is left alone after a failure. */
    private static final int PAUSE = 5;

    private final RegistryLink link;
    private final Executor executor;
    private final AtomicBoolean busy = new AtomicBoolean();
    private final AtomicInteger pause = new AtomicInteger();
    private volatile boolean failed;
    /** What the fleet shares on this side, as the last write saw it; null where that is not known. */
    private volatile @Nullable PhaseRow seen;

    MirrorRow(RegistryLink link, Executor executor) {
        this.link = link;
        this.executor = executor;
    }

    /** Writes the row as it is when the write happens; drops the wish while a former one is at work or a failure is fresh. */
    void write(Supplier<InstanceRow> row, Duration dead, Runnable written) {
        if (pause.get() > 0) {
            pause.decrementAndGet();
            return;
        }
        if (!busy.compareAndSet(false, true)) {
            return;
        }
        try {
            executor.execute(() -> {
                try {
                    writeNow(row, dead);
                    written.run();
                } finally {
                    busy.set(false);
                }
            });
        } catch (RejectedExecutionException e) {
            busy.set(false);
            LOG.debug("The instance closes; its row on {} is left as it is", side().word(), e);
        }
    }

    private void writeNow(Supplier<InstanceRow> row, Duration dead) {
        try {
            // The lock of the link keeps a step that records itself on both sides from being overwritten by an older
            // row.
            synchronized (link) {
                seen = link.transact(connection -> {
                    link.registry.write(connection, row.get(), dead);
                    return link.registry.readPhase(connection);
                });
            }
            if (failed) {
                LOG.info("The registry on {} is written again", side().word());
                failed = false;
            }
        } catch (SQLException e) {
            pause.set(PAUSE);
            seen = null;
            if (!failed) {
                failed = true;
                LOG.warn("The registry on {} cannot be written: {}", side().word(), e.getMessage());
            }
        }
    }

    /** Which of the passes the last write saw to be current on this side, or null. */
    @Nullable
    Pass saw(Set<Pass> passes) {
        PhaseRow phase = seen;
        Pass current = phase == null ? null : phase.pass;
        return current != null && passes.contains(current) ? current : null;
    }

    /** Whether the last write failed. */
    boolean fails() {
        return failed;
    }

    /** Held by a thread that writes the instance's row on this side by another way. */
    Object lock() {
        return link;
    }

    private Side side() {
        return link.side();
    }

    @Override
    public void close() {
        link.close();
    }
}
