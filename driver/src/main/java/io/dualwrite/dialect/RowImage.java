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

    /** Where the column of that name, case ignored, stands; -1 where there is none. */
    public int indexOf(String name) {
        for (int i = 0; i < columns.size(); i++) {
            if (columns.get(i).name.equalsIgnoreCase(name)) {
                return i;
            }
        }
        return -1;
    }

    /** The row's key in the order of the table's key. */
    public RowKey key() {
        Object[] key = new Object[table.key.size()];
        for (int i = 0; i < key.length; i++) {
            Column column = table.key.get(i);
            int at = indexOf(column.name);
            Object value = at < 0 ? null : values[at];
            if (value == null) {
                throw new IllegalStateException("NULL in key column " + column.name + " of " + table.name);
            }
            // By the instant: H2 knows two offsets of one for the same key.
            key[i] = value instanceof OffsetDateTime ? Conversion.utc((OffsetDateTime) value) : value;
        }
        return new RowKey(key);
    }
}
