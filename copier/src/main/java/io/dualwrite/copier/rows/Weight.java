package io.dualwrite.copier.rows;

import io.dualwrite.dialect.RowImage;

/** How much memory a row takes, roughly. */
public final class Weight {
    private Weight() {}

    /** Bytes of the row's texts and binaries, and a little for every value. */
    public static long of(RowImage row) {
        long bytes = 16L * row.values.length;
        for (Object value : row.values) {
            if (value instanceof String text) {
                bytes += 2L * text.length();
            } else if (value instanceof byte[] binary) {
                bytes += binary.length;
            }
        }
        return bytes;
    }
}
