package io.dualwrite.copier.rows;

import io.dualwrite.dialect.RowImage;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** Rows of a table in the order of their keys, in bounded memory. Not thread-safe. */
public interface RowStream extends AutoCloseable {
    /** The next row, or null after the last. */
    @Nullable
    RowImage next() throws SQLException;

    @Override
    void close() throws SQLException;
}
