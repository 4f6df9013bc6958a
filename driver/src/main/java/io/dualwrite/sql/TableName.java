package io.dualwrite.sql;

import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A table's name as a statement gives it: schema (or MariaDB's database) where it is given, and table, without quotes.
 * Equality and hash ignore case, for the three vendors fold unquoted names differently.
 */
public final class TableName implements Comparable<TableName> {
    private final @Nullable String schema;
    private final String table;

    private TableName(@Nullable String schema, String table) {
        this.schema = schema;
        this.table = table;
    }

    /** A name without a schema. */
    public static TableName of(String table) {
        return new TableName(null, table);
    }

    /** A name with a schema, which may be null. */
    public static TableName of(@Nullable String schema, String table) {
        return new TableName(schema, table);
    }

    /** The schema, or null where the statement gives none. */
    public @Nullable String schema() {
        return schema;
    }

    /** The table's own name. */
    public String table() {
        return table;
    }

    @Override
    public int compareTo(TableName other) {
        return toString().compareToIgnoreCase(other.toString());
    }

    @Override
    public boolean equals(@Nullable Object other) {
        if (!(other instanceof TableName)) {
            return false;
        }
        TableName that = (TableName) other;
        return table.equalsIgnoreCase(that.table)
                && (schema == null ? that.schema == null : schema.equalsIgnoreCase(that.schema));
    }

    @Override
    public int hashCode() {
        return Objects.hash(schema == null ? null : schema.toLowerCase(Locale.ROOT), table.toLowerCase(Locale.ROOT));
    }

    /** The name as people write it: {@code schema.table} or {@code table}. */
    @Override
    public String toString() {
        return schema == null ? table : schema + '.' + table;
    }
}
