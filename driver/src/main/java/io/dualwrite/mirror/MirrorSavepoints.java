package io.dualwrite.mirror;

import io.dualwrite.dialect.Vendor;
import io.dualwrite.ladder.Side;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * The mirror's part of savepoints: of the application's own, and of one before each statement where new's vendor goes on after a failed
 * one, so that old can be brought back to where it was. Used by the transaction's thread alone; the savepoints are set on the lane.
 */
final class MirrorSavepoints {
    private final Follower follower;
    private final MirrorTransaction transaction;
    private final Legs legs;
    /** The number of the application's statement under way. */
    private long statement;

    MirrorSavepoints(Follower follower, MirrorTransaction transaction, Legs legs) {
        this.follower = follower;
        this.transaction = transaction;
        this.legs = legs;
    }

    /** Sent ahead of a statement, where it may be needed. */
    void beforeStatement() {
        if (newGoesOnAfterFailures()) {
            long current = ++statement;
            follower.submit(leg -> transaction.savepointBeforeStatement(leg, current));
        }
    }

    private boolean newGoesOnAfterFailures() {
        Leg authority = legs.existing(Side.NEW);
        return authority != null && authority.dialect.vendor() != Vendor.POSTGRESQL;
    }

    /**
     * The statement failed where it counts: what it did on the mirror, or failed to do, is undone. What had failed there before
     * it is not forgiven. Without a savepoint the mirror has failed with it, in case the transaction goes on after all, unless nothing
     * is left of it.
     *
     * @param attempt the statement on the mirror, if it failed there by itself; else null
     */
    void backToBeforeStatement(@Nullable Attempt<?> attempt) {
        Leg current = follower.leg();
        if (current == null) {
            return;
        }
        if (newGoesOnAfterFailures()) {
            long failed = statement;
            current.lane.submitAlways(() -> transaction.backToBeforeStatement(current, failed));
            follower.mirror.await(current);
        } else if (attempt != null && attempt.isUndone(current)) {
            current.lane.submitAlways(() -> {});
            follower.mirror.await(current);
        } else {
            follower.submit(leg -> {
                throw new SQLException("The statement failed on the other side alone");
            });
        }
    }

    /** The application's savepoint was set on the other side. */
    void set(DualSavepoint savepoint) {
        if (follower.isFollowing()) {
            savepoint.mirrorJoined = true;
            follower.submit(leg -> transaction.savepoint(leg, savepoint));
        }
    }

    void release(DualSavepoint savepoint) {
        if (savepoint.mirrorJoined) {
            follower.submit(leg -> transaction.release(leg, savepoint));
        }
    }

    void rollback(DualSavepoint savepoint) {
        Leg current = follower.leg();
        if (current != null) {
            Lane.Task joins = follower.joining();
            current.lane.submitAlways(() -> transaction.rollback(current, savepoint, joins));
        }
    }

    /** The other side went to a savepoint that no longer stood: the mirror cannot follow it there. */
    void cannotFollow() {
        if (follower.isFollowing()) {
            follower.submit(leg -> {
                throw new SQLException("The other side went back to a savepoint that no longer stood");
            });
        }
    }
}
