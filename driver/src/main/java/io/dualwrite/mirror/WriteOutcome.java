package io.dualwrite.mirror;

import java.sql.ResultSet;
import java.sql.Statement;
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
    /** Whether the rows are the statement's result, as of RETURNING; else they are generated keys. */
    public final boolean isResult;

    WriteOutcome(long count, @Nullable ResultSet rows, int columns, @Nullable Statement owner, boolean isResult) {
        this.columns = columns;
        this.isResult = isResult;
        this.count = count;
        this.rows = rows;
        this.owner = owner;
    }

    /** A count and no rows. */
    static WriteOutcome count(long count) {
        return new WriteOutcome(count, null, 0, null, false);
    }
}
