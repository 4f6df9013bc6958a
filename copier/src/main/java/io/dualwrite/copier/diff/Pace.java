package io.dualwrite.copier.diff;

import io.dualwrite.dialect.RowKey;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** How a pass over a table goes on from chunk to chunk. */
public interface Pace {
    /** Asked before each chunk is written: whether its rows must be locked now. */
    boolean locked() throws SQLException;

    /**
     * Told after each chunk is written.
     *
     * @param done the last key up to which all is done, or null where the chunk was empty
     * @param rows rows that were looked at since the last time
     */
    void chunkDone(@Nullable RowKey done, long rows) throws SQLException;
}
