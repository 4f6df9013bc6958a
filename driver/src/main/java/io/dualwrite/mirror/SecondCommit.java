package io.dualwrite.mirror;

import io.dualwrite.dialect.Aftermath;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The mirror's COMMIT where the mirror may fail: nobody waits for it. It clears the transaction's mark, or leaves it where it failed or
 * is unknown (R12). Runs on the mirror's lane, once, by itself or in one message in front of the next transaction's first statement.
 */
final class SecondCommit implements Lane.Task {
    private final MirrorTransaction transaction;
    private final Mirroring shared;
    private final Settling settling;
    private final Leg leg;
    private final String id;
    private final boolean keepMark;
    private final AtomicBoolean over = new AtomicBoolean();

    /** Of the transaction with the mark of this id. Its end is settled by {@link #run}, {@link #before} or {@link #lost}. */
    SecondCommit(MirrorTransaction transaction, Settling settling, Leg leg, String id, boolean keepMark) {
        this.transaction = transaction;
        this.shared = transaction.shared;
        this.settling = settling;
        this.leg = leg;
        this.id = id;
        this.keepMark = keepMark;
    }

    @Override
    public void run() {
        try {
            commitAlone();
        } finally {
            settle();
        }
    }

    private void commitAlone() {
        try {
            transaction.commit(leg, id);
            succeeded();
        } catch (SQLException e) {
            failed(e);
        }
    }

    /**
     * Commits, and runs the write in the transaction that begins then, both in one message.
     *
     * @return what the write did, or null where it did not run, for the COMMIT failed
     * @throws SQLException the write's own
     */
    @Nullable
    Captured before(WriteBehind write) throws SQLException {
        try {
            return send(write, prepared(write));
        } finally {
            settle();
        }
    }

    private PreparedStatement prepared(WriteBehind write) throws SQLException {
        boolean prepared = false;
        try {
            PreparedStatement statement = write.prepare(shared.marks, id);
            prepared = true;
            return statement;
        } finally {
            if (!prepared) {
                commitAlone();
            }
        }
    }

    private @Nullable Captured send(WriteBehind write, PreparedStatement prepared) throws SQLException {
        try {
            Captured captured = write.run(prepared);
            succeeded();
            return captured;
        } catch (SQLException e) {
            if (isCommitted(e)) {
                succeeded();
                throw e;
            }
            if (!isLost(e) && !leg.dialect.isRaisedByServer(e)) {
                // The driver refused to send it.
                commitAlone();
                throw e;
            }
            failed(e);
            if (write.isCancelled()) {
                throw e;
            }
            return null;
        } catch (RuntimeException | Error e) {
            failed(new SQLException("What came of a COMMIT was not read: " + e, e));
            throw e;
        }
    }

    /**
     * Which of the two failed, the id tells: it is committed with the COMMIT, or not at all (R16). Whatever the server has refused is
     * rolled back before.
     */
    private boolean isCommitted(SQLException failure) {
        if (isLost(failure)) {
            return false;
        }
        try {
            if (leg.dialect.isRaisedByServer(failure)) {
                leg.connection.rollback();
            }
            return shared.marks.hasId(leg, id);
        } catch (SQLException e) {
            failure.addSuppressed(e);
            return false;
        }
    }

    private boolean isLost(SQLException failure) {
        return leg.dialect.aftermath(failure) == Aftermath.CONNECTION_LOST;
    }

    private void succeeded() {
        shared.breaker(leg.side).succeeded();
        shared.folding.mirrorIsBack();
        if (!keepMark) {
            shared.marks.clearLater(id);
        }
    }

    private void failed(SQLException failure) {
        boolean unknown = isLost(failure);
        shared.diverged(
                leg.side,
                (unknown ? "unknown commit " : "commit ") + Mirroring.kindOf(leg.dialect, failure),
                "Commit on " + leg.side.word() + (unknown ? " is unknown" : " failed") + "; its rows stay marked as "
                        + id + ": " + Faults.described(failure));
        transaction.rollback(leg);
    }

    /** Whether it has ended, in one way or the other. */
    boolean isOver() {
        return over.get();
    }

    /** It will not run, for the leg was given up; its server rolls back. */
    void lost() {
        shared.diverged(
                leg.side,
                "commit never sent",
                "The leg on " + leg.side.word() + " was given up before its COMMIT; its rows stay marked as " + id);
        settle();
    }

    private void settle() {
        if (over.compareAndSet(false, true)) {
            settling.settled();
        }
    }
}
