package io.dualwrite.mirror;

import io.dualwrite.dialect.Aftermath;
import io.dualwrite.dialect.SqlState;
import io.dualwrite.ladder.Rung;
import io.dualwrite.ladder.Side;
import io.dualwrite.sql.TableName;
import java.sql.SQLException;
import java.sql.SQLTransactionRollbackException;
import java.util.List;

/**
 * Writes that are not mirrored: one side alone has them, so that their tables are marked whole, or both sides are rolled back where
 * they must agree. Used by the transaction's thread alone.
 */
public final class Unmirrored {
    /** What a statement may do that is not mirrored. */
    public enum Effect {
        /** It writes rows. */
        ROWS,
        /** It may commit by itself what is open. */
        MAY_COMMIT,
        /** That too; but nothing at all where its server cannot read it. */
        UNREAD
    }

    private final Mirroring shared;
    private final DualTransaction transaction;
    private final Touched touched;
    private final MarksAhead marksAhead;

    Unmirrored(Mirroring shared, DualTransaction transaction, Touched touched, MarksAhead marksAhead) {
        this.shared = shared;
        this.transaction = transaction;
        this.touched = touched;
        this.marksAhead = marksAhead;
    }

    /**
     * Runs a statement as the application wrote it, in a transaction that holds its mark. What a batch, a routine or several statements
     * had done before the one that failed stays where the vendor undoes that one alone, and is marked too.
     *
     * @param tables those that it may write; empty means any table
     */
    public <T> T run(Side side, List<TableName> tables, String reason, Effect effect, OnLeg<T> statement)
            throws SQLException {
        return transaction.inTransaction(() -> {
            Rung now = transaction.rung();
            Leg leg = transaction.legs.prepared(now, side, false);
            List<TableName> written = transaction.answering(leg, on -> shared.markScope.with(on, tables));
            List<TableName> kept = transaction.answering(leg, on -> shared.markScope.withoutTransactions(on, written));
            if (!kept.isEmpty()) {
                outlivesRollback(leg, kept, reason);
            }
            boolean ahead = effect != Effect.ROWS && leg.dialect.commitsWithinStatements();
            if (ahead) {
                marksAhead.write(leg, written, reason);
            }
            T answer;
            try {
                answer = statement.run(leg);
            } catch (SQLException e) {
                if (effect == Effect.UNREAD && leg.dialect.isSyntaxError(e)) {
                    if (ahead) {
                        marksAhead.takeBack(leg, e);
                    }
                } else if (transaction.goesOn() && keepsWhatRan(leg, e)) {
                    mark(written, reason);
                }
                throw e;
            } catch (RuntimeException | Error e) {
                // What it has done before that is not known.
                mark(written, reason);
                throw e;
            }
            mark(written, reason);
            return answer;
        });
    }

    /** PostgreSQL's driver runs some statements and refuses their answer then, as that of an INSERT which was run as a query. */
    private static boolean keepsWhatRan(Leg leg, SQLException failure) {
        Aftermath aftermath = leg.aftermath(failure);
        return aftermath == Aftermath.STATEMENT_UNDONE
                || aftermath == Aftermath.TRANSACTION_ABORTED && !leg.isAborted();
    }

    /**
     * The statement that is about to run writes tables which keep their rows whatever becomes of it or of its transaction, so that their mark
     * is kept too: it is made anew after a rollback, and goes in ahead where nothing else is open.
     */
    void outlivesRollback(Leg leg, List<TableName> tables, String reason) throws SQLException {
        if (!transaction.goesOn()) {
            marksAhead.write(leg, tables, reason);
            leg.connection.commit();
        }
        touched.keptTables(tables, reason);
    }

    /** Any of these tables may differ from now on; empty means any table. The mark goes in with the commit. */
    void mark(List<TableName> tables, String reason) {
        touched.tables(tables, reason);
        shared.diverged(
                transaction.rung().mirror(),
                reason,
                "Marked " + (tables.isEmpty() ? "all tables" : tables) + " whole: " + reason);
    }

    /**
     * A write touched rows that are not known: any row of these tables may differ.
     *
     * @throws SQLException SQLSTATE 40001 where both sides must agree; both are rolled back
     */
    void unseenRows(List<TableName> tables, String reason) throws SQLException {
        markOrRollBack(tables, reason, SqlState.TRY_AGAIN);
    }

    /**
     * A write touched rows that cannot be followed on the mirror.
     *
     * @throws SQLException SQLSTATE 40000 where both sides must agree; both are rolled back
     */
    void cannotFollow(List<TableName> tables, String reason) throws SQLException {
        markOrRollBack(tables, reason, SqlState.ROLLED_BACK);
    }

    private void markOrRollBack(List<TableName> tables, String reason, SqlState state) throws SQLException {
        Rung now = transaction.rung();
        if (!now.strict()) {
            mark(tables, reason);
            return;
        }
        SQLException raised = new SQLTransactionRollbackException(
                reason + " while both databases must succeed (" + now + "); both were rolled back", state.code());
        transaction.rollbackAfter(raised);
        throw raised;
    }

    /** A vendor's object is in the application's hands: what is written through it goes to one side, and nobody can mark it. */
    public void handedOut(Class<?> type) {
        Rung now = transaction.rung();
        if (now.dual()) {
            shared.diverged(
                    now.reads().other(),
                    "unwrap",
                    "A vendor's " + type.getSimpleName() + " was unwrapped ("
                            + now.reads().word() + ", " + now
                            + "); what is written through it, as by COPY, is neither mirrored nor marked: write through"
                            + " the connection, or have the tables compared by dualwrite verify and then repair");
        }
    }
}
