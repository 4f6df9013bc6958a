package io.dualwrite.mirror;

import java.sql.ResultSet;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;

/** What a mirrored write answers to the application. Immutable; the rows belong to whoever asked. */
public final class WriteOutcome {
    /** No rows, no count: what a statement about the transaction answers. */
    public static final WriteOutcome NOTHING = new WriteOutcome(0, null, null, false);
    /** After the last result. */
    public static final WriteOutcome NO_MORE = new WriteOutcome(-1, null, null, false);

    /** The number of rows, as the answering side counted them. */
    public final long count;
    /** Generated keys or the rows of RETURNING, before their first row; null where none were asked for. */
    public final @Nullable ResultSet rows;
    /** The statement to which the rows belong, to be closed after them; null where there are none. */
    public final @Nullable Statement owner;
    /** Whether the rows are the statement's result, as of RETURNING; else they are generated keys. */
    public final boolean isResult;

    WriteOutcome(long count, @Nullable ResultSet rows, @Nullable Statement owner, boolean isResult) {
        this.isResult = isResult;
        this.count = count;
        this.rows = rows;
        this.owner = owner;
    }
}
