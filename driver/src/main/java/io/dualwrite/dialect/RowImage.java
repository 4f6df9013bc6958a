package io.dualwrite.dialect;

import java.time.OffsetDateTime;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A row as one side had it: a value per column, each of its {@link Kind}'s Java type. Immutable by convention. */
public final class RowImage {
    public final TableShape table;
    /** The columns in the order of {@link #values}. */
    public final List<Column> columns;

    public final @Nullable Object[] values;

    public RowImage(TableShape table, List<Column> columns, @Nullable Object[] values) {
        this.table = table;
        this.columns = columns;
        this.values = values;
    }

    /** The row's key in the order of the table's key. */
    public RowKey key() {
        Object[] key = new Object[table.key.size()];
        for (int i = 0; i < key.length; i++) {
            Column column = table.key.get(i);
            for (int j = 0; j < columns.size(); j++) {
                if (columns.get(j).name.equalsIgnoreCase(column.name)) {
                    Object value = values[j];
                    if (value == null) {
                        throw new IllegalStateException("NULL in key column " + column.name + " of " + table.name);
                    }
                    // By the instant: H2 knows two offsets of one for the same key.
                    key[i] = value instanceof OffsetDateTime ? Conversion.utc((OffsetDateTime) value) : value;
                }
            }
        }
        return new RowKey(key);
    }
}
