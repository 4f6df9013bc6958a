package io.dualwrite.mirror;

import io.dualwrite.dialect.Aftermath;
import io.dualwrite.ladder.Rung;
import java.sql.SQLException;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;

/**
 * Which sides of the open transaction have failed, and what that leaves to do: go on, roll back alone, or fail where both must
 * succeed (R14). Used by the transaction's thread alone.
 */
final class FailedSides {
    private final DualTransaction transaction;
    private final Follower follower;
    private final Touched touched;
    /** Where both must succeed, the failure of the mirror: the transaction is to be rolled back. */
    private @Nullable SQLException strictFailure;
    /** The leg that is read, where a read that failed has aborted its transaction: the vendor refuses what comes after. */
    private @Nullable Leg abortedRead;
    /** Whether the authority's transaction has failed, so that its COMMIT will be a rollback. */
    private boolean authorityFailed;

    FailedSides(DualTransaction transaction, Follower follower, Touched touched) {
        this.transaction = transaction;
        this.follower = follower;
        this.touched = touched;
    }

    boolean hasAuthorityFailed() {
        return authorityFailed;
    }

    @Nullable
    Leg abortedRead() {
        return abortedRead;
    }

    @Nullable
    SQLException strictFailure() {
        return strictFailure;
    }

    /** The mirror has failed where it must succeed. */
    void failedStrictly(SQLException failure) {
        strictFailure = failure;
    }

    /**
     * Refuses a statement of a transaction that has failed where both must succeed; the vendor of the side that has refuses it in its own
     * words, whichever side it would run on.
     *
     * @throws SQLException SQLSTATE 25000 or 40001, or the vendor's own where the leg that is read refuses
     */
    void refuseIfFailed(Rung now) throws SQLException {
        Leg refusing = authorityFailed ? transaction.legs.existing(now.authority()) : abortedRead;
        if (refusing != null) {
            try (Statement statement = refusing.connection.createStatement()) {
                statement.execute("SELECT 1");
            }
        }
        if (authorityFailed) {
            return;
        }
        SQLException failed = strictFailure;
        if (failed == null) {
            failed = follower.failure();
            strictFailure = failed;
        }
        if (failed != null) {
            throw Faults.failedEarlier(now, failed);
        }
    }

    /**
     * Waits for the mirror before its rows are read.
     *
     * @throws SQLException SQLSTATE 25000 or 40001 where it must succeed and did not
     */
    void join(Rung now) throws SQLException {
        SQLException trouble = follower.join(now.strict());
        if (trouble != null && now.strict()) {
            strictFailure = trouble;
            throw Faults.failedEarlier(now, trouble);
        }
    }

    /**
     * What an attempt on the mirror comes to where the authority has succeeded: where the mirror may fail it is abandoned.
     *
     * @throws SQLException SQLSTATE 25000 or 40001 where the attempt failed and the mirror must succeed
     */
    void abandonAfter(Rung now, Attempt<?> attempt) throws SQLException {
        SQLException failure = attempt.failure;
        if (failure != null && now.strict()) {
            strictFailure = failure;
            throw Faults.failedEarlier(now, failure);
        }
        follower.abandonAfter(attempt);
    }

    /**
     * A statement failed on the leg that answers it on a dual rung: what its transaction is worth now.
     *
     * @return whether all of it is undone on both sides, so that what comes next begins another
     */
    boolean failed(Rung now, Leg leg, SQLException failure) {
        Aftermath aftermath = leg.aftermath(failure);
        if (aftermath == Aftermath.STATEMENT_UNDONE
                || aftermath == Aftermath.TRANSACTION_ABORTED && transaction.goesOn() && !leg.isAborted()) {
            return false;
        }
        if (leg.side != now.authority()) {
            return transaction.goesOn() && failedBeside(now, leg, aftermath, failure);
        }
        if (aftermath == Aftermath.TRANSACTION_GONE) {
            gone(now);
            return true;
        }
        authorityFailed = true;
        return false;
    }

    /** A statement of the application's own, as a read, on the leg that mirrors: what was mirrored before it is undone with it. */
    private boolean failedBeside(Rung now, Leg leg, Aftermath aftermath, SQLException failure) {
        if (!now.strict()) {
            if (leg == follower.leg()) {
                follower.abandonAfter(new Attempt<>(null, failure, true, true));
            }
            return false;
        }
        if (aftermath == Aftermath.TRANSACTION_GONE) {
            gone(now);
            return true;
        }
        if (aftermath == Aftermath.TRANSACTION_ABORTED && transaction.manual()) {
            abortedRead = leg;
        } else {
            strictFailure = failure;
        }
        return false;
    }

    /** All that the transaction did is undone on the one side, as its vendor says, and so on both; what comes next begins another. */
    private void gone(Rung now) {
        follower.rollback();
        touched.clear();
        Leg authority = transaction.legs.existing(now.authority());
        if (authority != null && !authority.autoCommit()) {
            undoRest(authority);
        }
    }

    /**
     * H2 keeps what the victim of a deadlock had written where its last statement was a query, as every captured write is: it must
     * not be committed later, when the mirror's part and the mark are gone.
     */
    private void undoRest(Leg leg) {
        try {
            leg.connection.rollback();
        } catch (SQLException e) {
            authorityFailed = true;
            Faults.LOG.debug("Rolling back on {} failed: {}", leg.side.word(), Faults.described(e));
        }
    }

    /** The transaction has ended, or was rolled back to a savepoint: what failed in it is forgiven. */
    void forgive() {
        strictFailure = null;
        abortedRead = null;
        authorityFailed = false;
    }
}
