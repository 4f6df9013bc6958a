package io.dualwrite.mirror;

import io.dualwrite.ladder.Rung;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * Commits or rolls back a transaction on both legs: the authority first, with the mark in its transaction, then the mirror (R4,
 * R6, R12). Used by the transaction's thread alone.
 */
final class TwoCommits {
    private final Mirroring shared;
    private final Legs legs;
    private final MirrorLeg mirror;
    private final Follower follower;
    private final Touched touched;
    private final FailedSides failedSides;

    TwoCommits(Mirroring shared, Legs legs, Follower follower, Touched touched, FailedSides failedSides) {
        this.shared = shared;
        this.legs = legs;
        this.mirror = follower.mirror;
        this.follower = follower;
        this.touched = touched;
        this.failedSides = failedSides;
    }

    /**
     * Commits on both legs; what has failed where both must succeed is rolled back on both.
     *
     * @return whether the transaction's mark went in
     * @throws SQLException SQLSTATE 40001 or 40000 where both were rolled back, 08007 where the second commit is unknown (R11)
     */
    boolean commit(Rung now) throws SQLException {
        Leg first = legs.existing(now.authority());
        if (first == null || first.autoCommit()) {
            legs.requireOpen();
            return false;
        }
        if (failedSides.hasAuthorityFailed()) {
            follower.rollback();
            if (!first.isAborted()) {
                first.connection.rollback();
                throw Faults.hadFailed(now);
            }
            first.connection.commit();
            return false;
        }
        Leg aborted = failedSides.abortedRead();
        if (aborted != null) {
            first.connection.rollback();
            mirror.settle();
            aborted.connection.commit();
            return false;
        }
        if (touched.isEmpty() && failedSides.strictFailure() == null) {
            commitReads(now, first);
            return false;
        }
        commitWrites(now, first);
        return true;
    }

    /** Commits where no row was touched, so that there is nothing to mark. */
    private void commitReads(Rung now, Leg first) throws SQLException {
        if (now.strict() && follower.wrote()) {
            refuseFailedMirror(now, first);
        }
        first.connection.commit();
        follower.commitReads();
    }

    private void commitWrites(Rung now, Leg first) throws SQLException {
        Folding.Commit folded;
        try {
            prepareMirror(now);
            folded = fold(now);
            if (!first.commitsAtOnce()) {
                shared.marks.writeCurrent(first, follower.mark(), touched);
            }
            joinMirror(now);
        } catch (SQLException | RuntimeException | Error e) {
            rollbackBoth(first, e);
            throw e;
        }
        commitFirst(first);
        if (folded != null) {
            folded.ended(follower.mark());
        }
        follower.commit(now, touched.keepsMark());
    }

    /** Sends the mirror what must stand there before the first commit: the mark's id, and the deferred constraints' checks. */
    private void prepareMirror(Rung now) throws SQLException {
        if (now.strict()) {
            refuseFailedCommit(now);
        }
        if (follower.wrote()) {
            follower.identify();
            if (now.strict()) {
                follower.checkDeferred();
            }
        }
    }

    /** Where the mirror is away and too many rows are marked, the tables are marked whole; null where they are not. */
    private Folding.@Nullable Commit fold(Rung now) {
        if (!follower.isAway() || !shared.folding.folds(now.mirror(), touched.size())) {
            return null;
        }
        touched.fold();
        return shared.folding.new Commit(now.authority(), touched.tables());
    }

    private void joinMirror(Rung now) throws SQLException {
        SQLException trouble = follower.join(now.strict());
        if (now.strict() && (trouble != null || !follower.isFollowing())) {
            throw Faults.rolledBack(
                    now, Faults.capital(now.mirror()) + " refused " + touched, trouble, mirror.dialect());
        }
    }

    /** The first commit, with the mark in front of it where it has not gone ahead while the mirror was at work. */
    private void commitFirst(Leg first) throws SQLException {
        try {
            if (first.commitsAtOnce()) {
                shared.marks.writeCurrentAndCommit(first, follower.mark(), touched);
            } else {
                first.connection.commit();
            }
        } catch (SQLException | RuntimeException | Error e) {
            rollbackBoth(first, e);
            throw e;
        }
    }

    /** What the mirror was to find, or not to find, in a transaction that has written nothing. */
    private void refuseFailedMirror(Rung now, Leg first) throws SQLException {
        SQLException trouble = follower.join(true);
        if (trouble != null) {
            SQLException raised = Faults.rolledBack(now, "The mirror disagrees", trouble, mirror.dialect());
            rollbackBoth(first, raised);
            throw raised;
        }
    }

    private void refuseFailedCommit(Rung now) throws SQLException {
        SQLException failed = failedSides.strictFailure();
        if (failed != null) {
            throw Faults.rolledBack(
                    now, "The transaction had failed on " + now.mirror().word(), failed, mirror.dialect());
        }
    }

    private void rollbackBoth(Leg first, Throwable because) {
        try {
            undo(first);
        } catch (SQLException | RuntimeException | Error e) {
            because.addSuppressed(e);
        } finally {
            follower.rollback();
        }
    }

    /** Rolls back on both legs. */
    void rollback(Rung now) throws SQLException {
        Leg first = legs.existing(now.authority());
        try {
            if (first != null && !first.autoCommit()) {
                undo(first);
            }
        } finally {
            follower.rollback();
        }
    }

    /** A leg on which more than its server fails is given up: what is open there must not be committed by what comes next. */
    private void undo(Leg first) throws SQLException {
        try {
            first.connection.rollback();
        } catch (RuntimeException | Error e) {
            first.abort(shared.executor);
            throw e;
        }
    }
}
