package io.dualwrite.mirror;

import io.dualwrite.ladder.Side;
import java.sql.Connection;
import java.sql.SQLException;

/** Clears, in batches and beside the application, the marks of transactions that ended well on both sides. */
public final class MarkSweeper implements Runnable {
    private final Marks marks;
    private final MirrorPool pool;

    /** A sweeper to be run again and again by one thread, some ten times a second. */
    public MarkSweeper(Marks marks, MirrorPool pool) {
        this.marks = marks;
        this.pool = pool;
    }

    /** Clears what waits; what fails is tried again the next time. */
    @Override
    public void run() {
        for (Side side : Side.values()) {
            if (marks.hasDone(side)) {
                sweep(side);
            }
        }
    }

    private void sweep(Side side) {
        try (Connection connection = pool.connect(side)) {
            marks.clear(side, connection);
        } catch (SQLException | RuntimeException e) {
            Faults.LOG.debug("Clearing marks on {} failed and is tried again: {}", side.word(), e.toString());
        }
    }
}
