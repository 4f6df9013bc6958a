package io.dualwrite.config;

import io.dualwrite.sql.TableName;

/** Which tables are Data A and which are Data B. Immutable and thread-safe. */
public final class Manifest {

    /** The class of a table. */
    public enum DataClass {
        /** What end users read: written to both databases in real time. */
        A,
        /** What batches derive: copied again, never mirrored. */
        B,
        /** On no list, and {@code unlisted = refuse}: writes are refused on dual rungs. */
        REFUSED
    }

    /** The class of a table; on no list it is what {@code unlisted} says, A by default. Cheap: answers are cached. */
    public DataClass classOf(TableName table) {
        throw new UnsupportedOperationException();
    }

    /** Whether the table stands on one of the two lists, by name or pattern. */
    public boolean lists(TableName table) {
        throw new UnsupportedOperationException();
    }
}
