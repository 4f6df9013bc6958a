package io.dualwrite.dialect;

import io.dualwrite.sql.TableName;
import org.jspecify.annotations.Nullable;

/** A key generator: a sequence, or a column that generates its own values. Immutable. */
public final class Generator {
    /** The sequence's name, or null where the column itself generates (identity, AUTO_INCREMENT). */
    public final @Nullable TableName sequence;
    /** The table whose column uses it, or null for a sequence that no column owns. */
    public final @Nullable TableName table;
    /** That column. */
    public final @Nullable String column;

    public Generator(@Nullable TableName sequence, @Nullable TableName table, @Nullable String column) {
        this.sequence = sequence;
        this.table = table;
        this.column = column;
    }

    @Override
    public String toString() {
        return table == null ? "sequence " + sequence : table + "." + column;
    }
}
