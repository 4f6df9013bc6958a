package io.dualwrite.mirror;

import io.dualwrite.ladder.Rung;
import io.dualwrite.sql.Classification;
import io.dualwrite.sql.Verb;
import java.sql.SQLException;
import java.sql.Savepoint;
import org.jspecify.annotations.Nullable;

/** The application's savepoints, each on both legs on a dual rung (R14). Used by the transaction's thread alone. */
public final class Savepoints {
    private final DualTransaction transaction;
    private final Follower follower;
    private final FailedSides failedSides;
    private final StandingSavepoints standing = new StandingSavepoints();

    Savepoints(DualTransaction transaction, Follower follower, FailedSides failedSides) {
        this.transaction = transaction;
        this.follower = follower;
        this.failedSides = failedSides;
    }

    /**
     * A savepoint on both legs; the name is null for an unnamed one. With autocommit on some vendors refuse it, and with others it is a
     * transaction of its own as any statement.
     */
    public DualSavepoint set(@Nullable String name) throws SQLException {
        Rung now = transaction.begin();
        try {
            return setIn(now, name);
        } finally {
            transaction.statementEnded();
        }
    }

    private DualSavepoint setIn(Rung now, @Nullable String name) throws SQLException {
        Leg leg = transaction.legs.prepared(
                now, now.authority(), now.dual() ? !transaction.manual() : transaction.autoCommit());
        Savepoint own = name == null ? leg.connection.setSavepoint() : leg.connection.setSavepoint(name);
        DualSavepoint savepoint = new DualSavepoint(own, leg, name);
        if (now.dual()) {
            standing.set(savepoint);
            follower.savepoints.set(savepoint);
        }
        return savepoint;
    }

    /**
     * What a text says of a savepoint: the side that answers runs it as it is, so that it folds the name, finds it and refuses it in its
     * own way, and the mirror goes where that side has gone. The statement's transaction has begun.
     *
     * @throws SQLException the vendor's own, where it refuses the text
     */
    public <T> T byText(Classification statement, OnLeg<T> text) throws SQLException {
        Rung now = transaction.rung();
        Leg leg = transaction.legs.prepared(now, now.authority(), !transaction.manual());
        T answer = text.run(leg);
        String name = String.valueOf(statement.name());
        DualSavepoint savepoint = new DualSavepoint(new TextSavepoint(name), leg, name);
        if (statement.verb() == Verb.SAVEPOINT) {
            standing.set(savepoint);
            follower.savepoints.set(savepoint);
        } else if (statement.verb() == Verb.RELEASE_SAVEPOINT) {
            released(savepoint);
        } else {
            rolledBack(savepoint);
        }
        return answer;
    }

    /** Rolls both legs back to the savepoint; a failure on new that came after it is forgiven. */
    public void rollback(DualSavepoint savepoint) throws SQLException {
        asked(savepoint).connection.rollback(savepoint.own);
        rolledBack(savepoint);
    }

    /** The leg on which it was set, or for another connection's the one that answers here: its vendor says what that is worth. */
    private Leg asked(DualSavepoint savepoint) throws SQLException {
        boolean ours = transaction.legs.existing(savepoint.leg.side) == savepoint.leg;
        return ours ? savepoint.leg : transaction.on(transaction.rung().authority());
    }

    private void rolledBack(DualSavepoint savepoint) {
        transaction.sessions.rolledBack();
        failedSides.forgive();
        transaction.outliving.rolledBack();
        if (transaction.rung().dual()) {
            DualSavepoint meant = standing.meantBy(savepoint);
            if (meant == null) {
                follower.savepoints.cannotFollow();
            } else {
                standing.rolledBackTo(meant);
                follower.savepoints.rollback(meant);
            }
        }
    }

    /** Releases the savepoint on both legs. */
    public void release(DualSavepoint savepoint) throws SQLException {
        if (transaction.rung().strict()) {
            failedSides.refuseIfFailed(transaction.rung());
        }
        asked(savepoint).connection.releaseSavepoint(savepoint.own);
        released(savepoint);
    }

    private void released(DualSavepoint savepoint) {
        if (transaction.rung().dual() && StandingSavepoints.releases(savepoint.leg)) {
            DualSavepoint meant = standing.meantBy(savepoint);
            if (meant == null) {
                follower.savepoints.cannotFollow();
            } else {
                standing.released(meant);
                follower.savepoints.release(meant);
            }
        }
    }

    /** With the transaction its savepoints have gone. */
    void transactionEnded() {
        standing.clear();
    }
}
