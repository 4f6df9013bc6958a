package io.dualwrite.mirror;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a mirrored write answers to the application. Immutable; the rows belong to whoever asked. */
public final class WriteOutcome {
    /** No rows, no count: what a statement about the transaction answers. */
    public static final WriteOutcome NOTHING = count(0);
    /** After the last result. */
    public static final WriteOutcome NO_MORE = count(-1);

    /** The number of rows, as the answering side counted them. */
    public final long count;
    /** Generated keys or the rows of RETURNING, before their first row; null where none were asked for. */
    public final @Nullable ResultSet rows;
    /** How many of the rows' first columns were asked for; 0 for all. */
    public final int columns;
    /** The statement to which the rows belong, to be closed after them; null where there are none. */
    public final @Nullable Statement owner;
    /** The keys of a batch's further entries, in its order. */
    public final List<WriteOutcome> further;
    /** Whether the rows are the statement's result, as of RETURNING; else they are generated keys. */
    public final boolean isResult;
    /** How many of the rows the application is given at most; 0 for all. */
    public final long most;
    /** What the answering side warned of, or null. */
    public final @Nullable SQLWarning warnings;

    WriteOutcome(long count, @Nullable ResultSet rows, int columns, @Nullable Statement owner, boolean isResult) {
        this(count, rows, columns, owner, isResult, 0, Collections.<WriteOutcome>emptyList(), null);
    }

    private WriteOutcome(
            long count,
            @Nullable ResultSet rows,
            int columns,
            @Nullable Statement owner,
            boolean isResult,
            long most,
            List<WriteOutcome> further,
            @Nullable SQLWarning warnings) {
        this.warnings = warnings;
        this.further = further;
        this.most = most;
        this.columns = columns;
        this.isResult = isResult;
        this.count = count;
        this.rows = rows;
        this.owner = owner;
    }

    /** What a batch answers whose entries generated keys: the keys of all. */
    public static WriteOutcome ofBatch(List<WriteOutcome> entries, long count) {
        WriteOutcome first = entries.get(0);
        return new WriteOutcome(
                count,
                first.rows,
                first.columns,
                first.owner,
                false,
                first.most,
                new ArrayList<>(entries.subList(1, entries.size())),
                null);
    }

    /**
     * The same, of which the application is given so many rows at most.
     *
     * @param withKeys whether the vendor's driver cuts generated keys like other rows: where it has got as many as it may, it does not
     *     know how many there are
     */
    public WriteOutcome atMost(long rowsGiven, boolean withKeys) {
        if (rows == null || !isResult && !withKeys) {
            return this;
        }
        long told = !isResult && count >= rowsGiven ? -1 : count;
        return new WriteOutcome(told, rows, columns, owner, isResult, rowsGiven, further, warnings);
    }

    /** The same, with what the statement warned of in place of what was known; null for nothing. */
    public WriteOutcome warnedOf(@Nullable SQLWarning warned) {
        return warned == warnings
                ? this
                : new WriteOutcome(count, rows, columns, owner, isResult, most, further, warned);
    }

    /** Closes the statements to which the rows belong. */
    public void close() throws SQLException {
        if (owner != null) {
            owner.close();
        }
        for (WriteOutcome one : further) {
            one.close();
        }
    }

    /** A count and no rows. */
    public static WriteOutcome count(long count) {
        return new WriteOutcome(count, null, 0, null, false);
    }
}
