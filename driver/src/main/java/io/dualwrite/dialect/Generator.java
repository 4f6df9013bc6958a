package io.dualwrite.dialect;

import io.dualwrite.sql.TableName;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A key generator: a sequence, or a column that generates its own values. Immutable. */
public final class Generator {
    /** The sequence's name, or null where the column itself generates (identity, AUTO_INCREMENT). */
    public final @Nullable TableName sequence;
    /** The table whose column uses it, or null for a sequence that no column owns. */
    public final @Nullable TableName table;
    /** That column. */
    public final @Nullable String column;
    /** Whether an explicit value above all that were handed out raises it, as AUTO_INCREMENT does. */
    public final boolean followsExplicitValues;

    private Generator(
            @Nullable TableName sequence,
            @Nullable TableName table,
            @Nullable String column,
            boolean followsExplicitValues) {
        this.sequence = sequence;
        this.table = table;
        this.column = column;
        this.followsExplicitValues = followsExplicitValues;
    }

    /** A column that generates its own values (identity, AUTO_INCREMENT). */
    static Generator ofColumn(TableName table, @Nullable String column, boolean followsExplicitValues) {
        return new Generator(null, table, column, followsExplicitValues);
    }

    /** A sequence in a column's default. */
    static Generator ofSequence(TableName sequence, TableName table, @Nullable String column) {
        return new Generator(sequence, table, column, false);
    }

    /** A sequence that no column owns. */
    static Generator free(TableName sequence) {
        return new Generator(sequence, null, null, false);
    }

    /** The name by which the two sides' generators of the same keys are told to be twins: without schema, in lower case. */
    public String commonName() {
        String name = table == null ? "sequence " + bare(sequence) : bare(table) + "." + column;
        return name.toLowerCase(Locale.ROOT);
    }

    private static String bare(@Nullable TableName name) {
        return name == null ? "" : name.table();
    }

    @Override
    public String toString() {
        return table == null ? "sequence " + sequence : table + "." + column;
    }
}
