package io.dualwrite.copier.plan;

import io.dualwrite.dialect.RowKey;
import org.jspecify.annotations.Nullable;

/**
 * The keys from one on, in the order of {@code KeyOrder}. Immutable.
 *
 * @param min the first key that belongs to the range, or null for all
 */
public record Chunk(@Nullable RowKey min) {
    /** Every key of the table. */
    public static final Chunk ALL = new Chunk(null);

    /** What is left of a range of which all keys below the given one are done. */
    public static Chunk from(@Nullable RowKey min) {
        return new Chunk(min);
    }
}
