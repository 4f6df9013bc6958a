package io.dualwrite.jdbc;

import io.dualwrite.jdbc.StatementWay.MirrorAnswer;
import io.dualwrite.jdbc.StatementWay.VendorCall;
import io.dualwrite.ladder.Side;
import io.dualwrite.mirror.DualTransaction;
import io.dualwrite.mirror.Leg;
import io.dualwrite.mirror.TriedLock;
import io.dualwrite.mirror.WriteOutcome;
import io.dualwrite.mirror.WriteRequest;
import io.dualwrite.sql.Classification;
import io.dualwrite.sql.Classification.Trait;
import io.dualwrite.sql.PartialLock;
import java.sql.SQLException;

/** The way of a statement that takes or gives back locks: old first, then new (R1, R9). Used by the statement's thread alone. */
final class LockWay {
    private final StatementWay way;
    private final DualTransaction transaction;
    private final VendorStatements vendors;

    LockWay(StatementWay way, DualTransaction transaction, VendorStatements vendors) {
        this.way = way;
        this.transaction = transaction;
        this.vendors = vendors;
    }

    /** Whether the session's lock is one for both databases, as on one server: taken on old, it is had on new. */
    boolean isShared(Classification statement) throws SQLException {
        return statement.is(Trait.OUTLIVES_TRANSACTION)
                && !locksTables(statement)
                && transaction.oldThenNew.sharesLocks();
    }

    /** Tables are each database's own, also where named locks are not. */
    private static boolean locksTables(Classification statement) {
        return Classification.LOCK_TABLES.equals(statement.name())
                || Classification.UNLOCK_TABLES.equals(statement.name());
    }

    /**
     * Takes or gives back the statement's locks on both sides. A row's lock ends with the statement where each is its own transaction; a
     * session's lock does not.
     *
     * @param answering the side that answers
     */
    <T> T run(WriteRequest request, Side answering, VendorCall<T> call, MirrorAnswer<T> answer) throws SQLException {
        boolean ofSession = request.classification.is(Trait.OUTLIVES_TRANSACTION);
        if (TriedLock.isTriedBy(request.classification) && (ofSession || transaction.manual())) {
            return tryBoth(request, answer);
        }
        return ofSession ? way.onBoth(request, true, call) : lockRows(request, answering, call, answer);
    }

    private <T> T lockRows(WriteRequest request, Side answering, VendorCall<T> call, MirrorAnswer<T> answer)
            throws SQLException {
        PartialLock partial = request.classification.partialLock();
        if (transaction.manual() && partial != null && !vendors.isSet("maxRows")) {
            way.closeFormerResults();
            WriteOutcome rows = transaction.oldThenNew.lockExactly(request, partial);
            if (rows != null) {
                way.answersWith(rows);
                return answer.of(rows);
            }
        } else if (transaction.manual()) {
            // Read in pieces, old would lock the first piece.
            way.onOldFirst(vendor -> VendorStatements.inOnePiece(vendor, call));
        }
        return way.query(transaction.on(answering), call);
    }

    /**
     * A session's lock that old does not give is not taken on new: whoever has it holds it on old, whichever side they read (R9). One
     * that new does not give, since an instance in 6 has it, or where asking for it fails, is not kept on old, where the others would
     * wait until this connection ends.
     */
    private <T> T tryBoth(WriteRequest request, MirrorAnswer<T> answer) throws SQLException {
        WriteOutcome[] onOld = new WriteOutcome[1];
        return transaction.oldThenNew.onBoth(leg -> onOld[0] = TriedLock.ask(leg, request), true, leg -> {
            WriteOutcome said = onOld[0];
            if (said != null && TriedLock.denies(said)) {
                way.answersWith(said);
                return answer.of(said);
            }
            if (said != null) {
                said.close();
            }
            WriteOutcome onNew = tryOnNew(leg, request, said != null);
            if (said != null && TriedLock.denies(onNew)) {
                giveBack(request);
            }
            way.answersWith(onNew);
            T answered = answer.of(onNew);
            transaction.outliving.ran(request);
            return answered;
        });
    }

    private WriteOutcome tryOnNew(Leg leg, WriteRequest request, boolean hasOlds) throws SQLException {
        try {
            return TriedLock.ask(leg, request);
        } catch (SQLException e) {
            transaction.failed(leg, e);
            if (hasOlds) {
                try {
                    giveBack(request);
                } catch (SQLException kept) {
                    e.addSuppressed(kept);
                }
            }
            throw e;
        }
    }

    private void giveBack(WriteRequest request) throws SQLException {
        transaction.oldThenNew.onOldFirst(old -> TriedLock.letGo(old, request));
    }
}
