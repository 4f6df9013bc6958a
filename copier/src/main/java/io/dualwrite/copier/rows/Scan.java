package io.dualwrite.copier.rows;

import io.dualwrite.copier.convert.KeyOrder;
import io.dualwrite.copier.plan.Chunk;
import io.dualwrite.dialect.Column;
import io.dualwrite.dialect.TableShape;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a scan of one side's table reads. Immutable.
 *
 * @param table the table as this side has it
 * @param key its key's columns, in the order that both sides share
 * @param columns the columns to read; the key's are among them
 * @param order the order that both sides share
 * @param chunk the range of keys
 * @param since rows changed from then on only, or null for all
 */
public record Scan(
        TableShape table,
        List<Column> key,
        List<Column> columns,
        KeyOrder order,
        Chunk chunk,
        @Nullable Since since) {

    /** The keys of the whole table. */
    Scan ofKeys() {
        return new Scan(table, key, key, order, Chunk.ALL, null);
    }

    /**
     * Rows whose last modification is at or after a value, and rows without one.
     *
     * @param column the last-modified column
     * @param value the watermark as a value of the column
     */
    public record Since(Column column, Object value) {}
}
