package io.dualwrite.copier.ledger;

import io.dualwrite.ladder.Side;
import io.dualwrite.sql.TableName;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A row of {@code dualwrite_mark}: these rows may differ. Immutable if its list is.
 *
 * @param side where it lies: the side that its transaction committed first
 * @param table the table as the mark spells it, with or without schema
 * @param rowKeys the texts of the rows' keys, none for the whole table
 * @param markedAt milliseconds since 1970 by the instance's clock; changes where the mark is made again
 */
public record Mark(
        Side side,
        String id,
        int seq,
        String table,
        List<String> rowKeys,
        @Nullable String reason,
        long markedAt) {
    /** Whether any row of the table may differ. */
    public boolean ofWholeTable() {
        return rowKeys.isEmpty();
    }

    /** The marked table. */
    public TableName tableName() {
        return tableName(table);
    }

    /** A table as a mark spells it. */
    public static TableName tableName(String spelt) {
        int dot = spelt.lastIndexOf('.');
        return dot < 0 ? TableName.of(spelt) : TableName.of(spelt.substring(0, dot), spelt.substring(dot + 1));
    }
}
