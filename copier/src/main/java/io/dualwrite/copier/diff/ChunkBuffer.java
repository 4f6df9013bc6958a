package io.dualwrite.copier.diff;

import io.dualwrite.copier.plan.TablePlan;
import io.dualwrite.copier.rows.Weight;
import io.dualwrite.dialect.RowImage;
import io.dualwrite.dialect.RowKey;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Gathers the rows of a chunk and writes them together: as they were read, or again and under locks. Not thread-safe. */
final class ChunkBuffer {
    /** The most rows that are written together. */
    static final int ROWS = 1_000;

    private static final long BYTES = 4_000_000;

    private final TablePlan table;
    private final Mender mender;
    private final Pace pace;
    private final int chunkRows;
    private final List<RowImage> rows = new ArrayList<>();
    private long bytes;
    private long seen;
    private @Nullable RowKey last;

    ChunkBuffer(TablePlan table, Mender mender, Pace pace, int chunkRows) {
        this.table = table;
        this.mender = mender;
        this.pace = pace;
        this.chunkRows = chunkRows;
    }

    /** Takes a row that must be written. */
    void write(RowImage row) throws SQLException, InterruptedException {
        rows.add(row);
        bytes += Weight.of(row);
        if (rows.size() >= Math.min(ROWS, chunkRows) || bytes > BYTES) {
            writeRows();
        }
        pass(row);
    }

    /** Takes a row that needs nothing. */
    void pass(RowImage row) throws SQLException, InterruptedException {
        last = row.key();
        seen++;
        if (seen >= chunkRows) {
            flush();
        }
    }

    /** Ends the chunk. */
    void flush() throws SQLException, InterruptedException {
        writeRows();
        pace.chunkDone(last, seen);
        seen = 0;
    }

    private void writeRows() throws SQLException, InterruptedException {
        if (rows.isEmpty()) {
            return;
        }
        if (pace.locked()) {
            mender.mend(table, rows.stream().map(RowImage::key).toList(), true);
        } else {
            mender.write(table, rows);
        }
        rows.clear();
        bytes = 0;
    }
}
