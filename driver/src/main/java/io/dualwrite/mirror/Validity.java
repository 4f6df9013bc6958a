package io.dualwrite.mirror;

import io.dualwrite.ladder.Rung;
import io.dualwrite.ladder.Side;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;

/**
 * Whether the legs that a rung cannot do without still work: the one that is read, and where both sides must succeed the other too. A
 * mirror that may fail does not count, for the transaction that finds it broken opens another. Used by the connection's thread.
 */
public final class Validity {
    /** Longer than any server is waited for. */
    private static final long UNBOUNDED = TimeUnit.DAYS.toNanos(365);

    private final Mirroring shared;
    private final DualTransaction transaction;

    /** Of the legs of one connection, whose transactions these are. */
    public Validity(Mirroring shared, DualTransaction transaction) {
        this.shared = shared;
        this.transaction = transaction;
    }

    /**
     * Asks the servers of the legs that are open, and opens the one that is read where a step has left none. Not valid is also a
     * connection that reads another side now than where the application had the vendor's own object: what it has set there is missing
     * here, and a pool sets it anew on a new connection.
     *
     * @param timeoutSeconds for all of them together, 0 for no bound; a vendor takes whole seconds, so that the second may take up to
     *     one more
     * @throws SQLException the vendor's own, where the timeout is negative
     */
    public boolean holds(Rung rung, int timeoutSeconds) throws SQLException {
        long nanos = timeoutSeconds > 0 ? TimeUnit.SECONDS.toNanos(timeoutSeconds) : UNBOUNDED;
        long end = System.nanoTime() + nanos;
        Side read = rung.reads();
        if (transaction.legs.mayLack(read) || !isOpen(read, end)) {
            return false;
        }
        // Only strict rungs read another side than the authority.
        return answers(read, timeoutSeconds, end) && (!rung.strict() || answers(read.other(), timeoutSeconds, end));
    }

    private boolean isOpen(Side side, long end) {
        try {
            transaction.legs.openWithin(side, end - System.nanoTime());
            return true;
        } catch (SQLException e) {
            Faults.LOG.debug(
                    "{}, which is read since the last step, was not reached: {}", side.word(), Faults.described(e));
            return false;
        }
    }

    private boolean answers(Side side, int timeoutSeconds, long end) throws SQLException {
        Leg leg = transaction.legs.existing(side);
        if (leg == null) {
            return true;
        }
        if (!leg.lane.await(end - System.nanoTime(), shared.executor::execute)) {
            return false;
        }
        try {
            transaction.leavesNothingOpen(leg);
        } catch (SQLException e) {
            return false;
        }
        long left = end - System.nanoTime();
        return left > 0 && leg.connection.isValid(timeoutSeconds > 0 ? wholeSeconds(left) : timeoutSeconds);
    }

    /** The vendors take whole seconds, and 0 for no bound. */
    private static int wholeSeconds(long nanos) {
        return (int) Math.max(1, TimeUnit.NANOSECONDS.toSeconds(nanos + TimeUnit.SECONDS.toNanos(1) / 2));
    }
}
