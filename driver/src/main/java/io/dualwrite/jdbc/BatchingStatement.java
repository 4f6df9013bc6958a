package io.dualwrite.jdbc;

import io.dualwrite.dialect.Aftermath;
import io.dualwrite.dialect.Dialect.BatchEntries;
import io.dualwrite.jdbc.StatementWay.VendorCall;
import io.dualwrite.ladder.Phase;
import io.dualwrite.ladder.Rung;
import io.dualwrite.mirror.DualSavepoint;
import io.dualwrite.mirror.DualTransaction;
import io.dualwrite.mirror.Leg;
import io.dualwrite.mirror.Turn;
import io.dualwrite.mirror.WriteOutcome;
import java.sql.BatchUpdateException;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The middle part of {@link DualStatement}: batches. On a rung with one leg, but in phase 2, a batch is the vendor's own, unless one of
 * its entries leaves something in the session of which note is taken; elsewhere its entries are kept and run in one transaction (R2), one
 * after another or, where none is mirrored, as a batch of the vendor's. Its first entry pins the rung until it has run or is cleared (R22).
 *
 * <p>Not thread-safe, as every JDBC statement.
 */
abstract class BatchingStatement extends AnsweringStatement {
    private boolean batchOpen;
    private boolean batchDirect;
    /** Whether a batch has run whose entries were mirrored or marked. */
    private boolean hasBatched;

    BatchingStatement(DualConnection connection, DualTransaction transaction, VendorStatements.Maker maker) {
        super(connection, transaction, maker);
    }

    /** The number of entries that are kept. */
    abstract int entries();

    /** What the entries are. */
    BatchEntries kindOfEntries() throws SQLException {
        return BatchEntries.TEXTS;
    }

    /** The text whose values the entries are, or null where they are texts. */
    @Nullable
    String text() {
        return null;
    }

    /** Runs the entry of this index, from 0 up; what it answers is the number of rows. */
    abstract long executeEntry(int index) throws SQLException;

    /** Whether none of the entries is mirrored and all run as they are, so that they can be one batch of the vendor's. */
    boolean runsAsVendorsBatch() throws SQLException {
        return false;
    }

    /** Runs all entries as one batch of the vendor's. */
    long[] executeVendorsBatch() throws SQLException {
        throw new UnsupportedOperationException();
    }

    /** Forgets the entries. */
    abstract void clearEntries();

    /** Opens a batch where none is: it pins the rung, and on a rung with one leg it is the vendor's own. */
    final boolean openBatch() throws SQLException {
        requireOpen();
        if (!batchOpen) {
            Rung rung = transaction.turn.take(transaction::hold);
            batchOpen = true;
            batchDirect = !rung.dual() && connection.settings().phase != Phase.TWO;
        }
        return batchDirect;
    }

    /** Adds an entry; where that is the first one and is refused, the rung is let go. */
    final void adding(Turn.Step<SQLException> add) throws SQLException {
        boolean first = !batchOpen;
        boolean added = false;
        try {
            add.run();
            added = true;
        } finally {
            if (first && !added) {
                endBatch();
            }
        }
    }

    /** The open batch is not the vendor's own from now on: its entries, all of which are kept, run one after another. */
    final void runOneByOne() {
        batchDirect = false;
    }

    final boolean isBatchDirect() {
        return batchOpen && batchDirect;
    }

    @Override
    public void clearBatch() throws SQLException {
        requireOpen();
        if (isBatchDirect()) {
            (gone() ? delegate() : vendors.on(transaction.on(transaction.rung().reads()))).clearBatch();
        }
        clearEntries();
        endBatch();
    }

    @Override
    final void endBatch() {
        if (batchOpen) {
            transaction.turn.step(() -> {
                if (batchOpen) {
                    batchOpen = false;
                    transaction.endBatch();
                }
            });
        }
    }

    @Override
    public int[] executeBatch() throws SQLException {
        if (isBatchDirect() || !batchOpen) {
            return direct(Statement::executeBatch);
        }
        long[] counts = transaction.turn.take(this::executeEntries);
        int[] narrow = new int[counts.length];
        for (int i = 0; i < counts.length; i++) {
            narrow[i] = (int) counts[i];
        }
        return narrow;
    }

    @Override
    public long[] executeLargeBatch() throws SQLException {
        return isBatchDirect() || !batchOpen
                ? direct(Statement::executeLargeBatch)
                : transaction.turn.take(this::executeEntries);
    }

    private <T> T direct(VendorCall<T> call) throws SQLException {
        return transaction.turn.take(() -> directInTurn(call));
    }

    private <T> T directInTurn(VendorCall<T> call) throws SQLException {
        requireOpen();
        connection.requireOpen();
        forgetAnswer();
        transaction.begin();
        try {
            return way().on(transaction.on(transaction.rung().reads()), call);
        } finally {
            clearEntries();
            endBatch();
            transaction.statementEnded();
        }
    }

    /** Runs the entries in one short transaction where autocommit is on. */
    private long[] executeEntries() throws SQLException {
        requireOpen();
        connection.requireOpen();
        Leg answering = transaction.legs.open(transaction.rung().answers());
        Batch run = new Batch(answering, entries(), kindOfEntries(), text(), hasBatched);
        hasBatched = true;
        List<WriteOutcome> keys = new ArrayList<>(0);
        try {
            transaction.runBatch();
            if (runsAsVendorsBatch()) {
                run.succeeded(executeVendorsBatch());
                transaction.commitBatch();
            } else {
                executeOneByOne(run, keys, answering);
                transaction.commitBatch();
                way().answerKeys(keys, run.countBehind());
            }
        } catch (SQLException e) {
            transaction.rollbackBatch(e);
            throw e instanceof BatchUpdateException ? e : run.failure(e);
        } catch (RuntimeException | Error e) {
            transaction.rollbackBatch(e);
            throw e;
        } finally {
            clearEntries();
            endBatch();
            transaction.statementEnded();
        }
        return run.counts();
    }

    /** Where the vendor takes a batch that has failed out of a transaction which goes on, so is done here. */
    private void executeOneByOne(Batch run, List<WriteOutcome> keys, Leg answering) throws SQLException {
        boolean undone = run.isAllOrNone()
                && entries() > 1
                && transaction.manual()
                && answering.dialect.undoesFailedBatch(answering.connection);
        if (!undone) {
            executeEachEntry(run, keys);
            return;
        }
        DualSavepoint before = transaction.savepoints.set(null);
        try {
            executeEachEntry(run, keys);
        } catch (SQLException e) {
            goBack(before, answering.aftermath(e), e);
            throw e;
        }
        transaction.savepoints.release(before);
    }

    private void goBack(DualSavepoint before, Aftermath aftermath, SQLException cause) {
        if (aftermath != Aftermath.TRANSACTION_GONE && aftermath != Aftermath.CONNECTION_LOST) {
            try {
                transaction.savepoints.rollback(before);
            } catch (SQLException e) {
                cause.addSuppressed(e);
            }
        }
    }

    private void executeEachEntry(Batch run, List<WriteOutcome> keys) throws SQLException {
        while (run.hasNext()) {
            try {
                long count = executeEntry(run.entry());
                run.succeeded(count);
                WriteOutcome generated = way().takeKeys();
                if (generated != null && count == Batch.UNKNOWN) {
                    generated.close();
                } else if (generated != null) {
                    keys.add(generated);
                }
            } catch (SQLException e) {
                Leg answering = transaction.legs.open(transaction.rung().answers());
                run.failed(e, answering.aftermath(e));
            }
        }
    }
}
