package io.dualwrite.copier.ledger;

import org.jspecify.annotations.Nullable;

/**
 * A row of {@code dualwrite_copy}: how far a run is with a table, or as a whole. Immutable.
 *
 * @param table the table's name, or {@code *} for the run as a whole
 * @param state {@code running}, {@code done}, {@code partial} (fine, but not over all tables), {@code failed} or {@code dead}
 * @param watermark from where the next incremental run looks, as a value of the last-modified column, or null
 * @param lastKey the key up to which all is done, or null
 * @param rows rows that were looked at
 * @param differences rows that differed and, in a verification, still do
 * @param detail what else is to be known, or null
 */
public record TableState(
        String table,
        String state,
        @Nullable String watermark,
        @Nullable String lastKey,
        long rows,
        long differences,
        @Nullable String detail) {
    /** The name under which the run as a whole stands. */
    public static final String WHOLE = "*";

    public static final String RUNNING = "running";
    public static final String DONE = "done";
    public static final String PARTIAL = "partial";
    public static final String FAILED = "failed";
    public static final String DEAD = "dead";
}
