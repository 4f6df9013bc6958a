package io.dualwrite.copier.plan;

import io.dualwrite.dialect.RowKey;
import org.jspecify.annotations.Nullable;

/**
 * A half-open range of keys, {@code min <= k < max}, in the order of {@code KeyOrder}; null is open. Immutable.
 *
 * @param min the first key that belongs to the range
 * @param max the first key that no longer does
 */
public record Chunk(@Nullable RowKey min, @Nullable RowKey max) {
    /** Every key of the table. */
    public static final Chunk ALL = new Chunk(null, null);

    /** What is left of a range of which all keys below the given one are done. */
    public static Chunk from(@Nullable RowKey min) {
        return new Chunk(min, null);
    }
}
