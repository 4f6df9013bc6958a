package io.dualwrite.jdbc;

import io.dualwrite.dialect.Aftermath;
import io.dualwrite.dialect.Dialect;
import io.dualwrite.dialect.Dialect.BatchEntries;
import io.dualwrite.dialect.Dialect.BatchManner;
import io.dualwrite.mirror.Leg;
import java.sql.BatchUpdateException;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One run of a batch's entries, which goes on or ends after a failure, counts and tells it, as the vendor's driver does. Used once,
 * by one thread.
 */
final class Batch {
    /** The count of an entry that PostgreSQL's driver does not know, for it cuts the keys: it tells of none then, and gives none. */
    static final long UNKNOWN = -1;

    private final Dialect dialect;
    private final BatchEntries kind;
    private final BatchManner manner;
    private final long[] counts;
    /** Whether the vendor's driver has its server prepare the text with this batch, of which it tells otherwise. */
    private final boolean prepares;

    private int next;
    private @Nullable SQLException first;
    /** How many entries had run before it. */
    private int beforeFirst;

    /**
     * Of so many entries of this kind, for the leg that answers.
     *
     * @param text that of the prepared statement whose entries are its values, or null
     * @param again whether the statement has run a batch before
     */
    Batch(Leg answering, int entries, BatchEntries kind, @Nullable String text, boolean again) throws SQLException {
        this.dialect = answering.dialect;
        this.kind = kind;
        this.manner = dialect.batchManner(kind, answering.connection);
        this.counts = new long[entries];
        this.prepares = text != null && prepares(answering, text, again);
    }

    private static boolean prepares(Leg answering, String text, boolean again) throws SQLException {
        switch (answering.dialect.batchPreparing(answering.connection)) {
            case BY_TEXT:
                return answering.batchesFirst(text);
            case BY_STATEMENT:
                return !again;
            default:
                return false;
        }
    }

    /** The entries with one more; most statements have none, and no list. */
    static <T> List<T> with(@Nullable List<T> entries, T added) {
        List<T> all = entries == null ? new ArrayList<>() : entries;
        all.add(added);
        return all;
    }

    /** A vendor's counts, as large ones. */
    static long[] wide(int[] counts) {
        long[] wide = new long[counts.length];
        for (int i = 0; i < counts.length; i++) {
            wide[i] = counts[i];
        }
        return wide;
    }

    /** Whether its entries fail together. */
    boolean isAllOrNone() {
        return manner == BatchManner.ALL_OR_NONE;
    }

    boolean hasNext() {
        return next < counts.length;
    }

    /** The entry that is to run. */
    int entry() {
        return next;
    }

    void succeeded(long count) {
        counts[next++] = count == UNKNOWN ? 0 : count;
    }

    /** All entries have run as one batch of the vendor's. */
    void succeeded(long[] all) {
        System.arraycopy(all, 0, counts, 0, Math.min(all.length, counts.length));
        next = counts.length;
    }

    /** What the statement tells for a count behind the entries that have run; -1 for none. */
    long countBehind() {
        return next == 0 ? -1 : dialect.countBehindBatch(kind, Arrays.copyOf(counts, next));
    }

    /**
     * Notes that the entry has failed and that the next is to run.
     *
     * @param aftermath what the failure did to the transaction
     * @throws SQLException the failure, where the vendor's batches end with it, or all that ran before has gone with it
     */
    void failed(SQLException failure, Aftermath aftermath) throws SQLException {
        // Every failure of the servers that go on with a batch has a vendor code; our own refusals have none.
        boolean ours = failure.getErrorCode() == 0;
        if (isAllOrNone() || ours || aftermath != Aftermath.STATEMENT_UNDONE) {
            throw failure;
        }
        counts[next++] = Statement.EXECUTE_FAILED;
        SQLException known = first;
        if (known == null) {
            first = failure;
            beforeFirst = next - 1;
        } else {
            known.setNextException(failure);
        }
    }

    /**
     * The counts of all entries.
     *
     * @throws BatchUpdateException if some have failed and the others stay
     */
    long[] counts() throws BatchUpdateException {
        SQLException failure = first;
        if (failure != null) {
            throw manner == BatchManner.GOES_ON_UNTOLD ? untold(failure) : told(failure);
        }
        return counts;
    }

    /** What the application is told of a failure that ended the batch. */
    BatchUpdateException failure(SQLException failure) {
        if (isAllOrNone()) {
            long[] within = prepares ? behindPreparing(0) : null;
            return allFailed(failure, within);
        }
        return new BatchUpdateException(
                failure.getMessage(),
                failure.getSQLState(),
                failure.getErrorCode(),
                Arrays.copyOf(counts, next),
                failure);
    }

    /** All are told as failed that MariaDB's driver has sent together; what is known of them stands in an exception within. */
    private BatchUpdateException untold(SQLException failure) {
        return allFailed(failure, prepares ? behindPreparing(beforeFirst) : counts.clone());
    }

    /** The counts within, behind that of preparing: those of the first entries, all others as failed. */
    private long[] behindPreparing(int known) {
        long[] within = new long[counts.length];
        Arrays.fill(within, Statement.EXECUTE_FAILED);
        within[0] = Statement.SUCCESS_NO_INFO;
        System.arraycopy(counts, 0, within, 1, Math.min(known, counts.length - 1));
        return within;
    }

    private BatchUpdateException allFailed(SQLException failure, long @Nullable [] within) {
        Arrays.fill(counts, Statement.EXECUTE_FAILED);
        return within == null
                ? told(failure)
                : told(new BatchUpdateException(
                        failure.getMessage(), failure.getSQLState(), failure.getErrorCode(), within, failure));
    }

    private BatchUpdateException told(SQLException failure) {
        BatchUpdateException told = new BatchUpdateException(
                failure.getMessage(),
                failure.getSQLState(),
                failure.getErrorCode(),
                counts,
                dialect.batchFailureIsCause() ? failure : null);
        if (dialect.batchFailureIsNext()) {
            told.setNextException(failure);
        }
        return told;
    }
}
