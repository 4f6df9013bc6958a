package io.dualwrite.copier.ledger;

import io.dualwrite.ladder.Side;
import io.dualwrite.sql.TableName;
import org.jspecify.annotations.Nullable;

/**
 * A row of {@code dualwrite_mark}: these rows may differ. Immutable.
 *
 * @param side where it lies: the side that its transaction committed first
 * @param table the table as the mark spells it, with or without schema
 * @param rowKey the row's key, or null for the whole table
 * @param markedAt milliseconds since 1970 by the instance's clock; changes where the mark is made again
 */
public record Mark(
        Side side,
        String id,
        int seq,
        String table,
        @Nullable String rowKey,
        @Nullable String reason,
        long markedAt) {
    /** The marked table. */
    public TableName tableName() {
        int dot = table.lastIndexOf('.');
        return dot < 0 ? TableName.of(table) : TableName.of(table.substring(0, dot), table.substring(dot + 1));
    }
}
