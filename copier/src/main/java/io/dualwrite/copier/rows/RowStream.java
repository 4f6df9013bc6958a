package io.dualwrite.copier.rows;

import io.dualwrite.dialect.RowImage;
import io.dualwrite.dialect.RowKey;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** Rows of a table in the order of their keys, in bounded memory. Not thread-safe. */
public interface RowStream extends AutoCloseable {
    /** The next row, or null after the last. */
    @Nullable
    RowImage next() throws SQLException;

    /** The key with which it ends, where that was known at its opening; else null. */
    @Nullable
    RowKey end();

    @Override
    void close() throws SQLException;
}
