package io.dualwrite.copier.diff;

import io.dualwrite.copier.convert.KeyOrder;
import io.dualwrite.copier.plan.Chunk;
import io.dualwrite.copier.plan.TablePlan;
import io.dualwrite.copier.read.Source;
import io.dualwrite.copier.rows.RowStream;
import io.dualwrite.copier.rows.Scan;
import io.dualwrite.copier.write.Target;
import io.dualwrite.dialect.RowImage;
import io.dualwrite.dialect.RowKey;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Carries whole tables over, chunk by chunk: what was changed since a watermark, or all that differs, and afterwards the
 * deletes. Inserts go parents first and deletes children first, so that the two are passes of their own. Not thread-safe.
 */
public final class Reconciler {
    private static final int MOST_EXTRA_KEYS = 10_000;

    private final Source source;
    private final Target target;
    private final Mender mender;
    private final int chunkRows;
    private final Map<String, List<RowKey>> extraKeys = new HashMap<>();
    private final Map<String, RowKey> copiedUpTo = new HashMap<>();

    /**
     * A reconciler that writes with the mender.
     *
     * @param chunkRows the most rows that go into one chunk
     */
    public Reconciler(Source source, Target target, Mender mender, int chunkRows) {
        this.source = source;
        this.target = target;
        this.mender = mender;
        this.chunkRows = chunkRows;
    }

    /** Copies the rows of the range, all or those changed since, without looking at what the target has. */
    public void copy(TablePlan table, Chunk range, Scan.@Nullable Since since, Pace pace)
            throws SQLException, InterruptedException {
        ChunkBuffer buffer = new ChunkBuffer(table, mender, pace, chunkRows);
        try (RowStream rows = source.rows(table, mender.order(table), false, range, since)) {
            RowKey end = rows.end();
            if (end != null) {
                copiedUpTo.put(table.name(), end);
            }
            for (RowImage row = rows.next(); row != null; row = rows.next()) {
                buffer.write(row);
            }
        }
        buffer.flush();
    }

    /** Compares all rows of the range and writes those that are missing or differ; keeps in mind what is extra. */
    public void upserts(TablePlan table, Chunk range, Pace pace) throws SQLException, InterruptedException {
        ChunkBuffer buffer = new ChunkBuffer(table, mender, pace, chunkRows);
        List<RowKey> extra = new ArrayList<>();
        KeyOrder order = mender.order(table);
        try (RowStream left = source.rows(table, order, false, range, null);
                RowStream right = target.rows(table, order, false, range)) {
            RowDiff.merge(table, order, false, left, right, new RowDiff.Sink() {
                @Override
                public void same(RowImage one, RowImage other) throws SQLException, InterruptedException {
                    buffer.pass(one);
                }

                @Override
                public void differs(RowImage one, RowImage other) throws SQLException, InterruptedException {
                    buffer.write(one);
                }

                @Override
                public void missing(RowImage row) throws SQLException, InterruptedException {
                    buffer.write(row);
                }

                @Override
                public void extra(RowImage row) {
                    if (extra.size() <= MOST_EXTRA_KEYS) {
                        extra.add(row.key());
                    }
                }
            });
        }
        buffer.flush();
        if (range.min() == null && extra.size() <= MOST_EXTRA_KEYS) {
            extraKeys.put(table.name(), extra);
        }
    }

    /**
     * Deletes the rows that the source lacks (R17, R19) and writes those that the target lacks, but for those that came behind the end of
     * this run's copy. Where a comparison of all rows went before, only what was extra then is looked at.
     */
    public void deletes(TablePlan table, Pace pace) throws SQLException, InterruptedException {
        List<RowKey> known = extraKeys.remove(table.name());
        if (known != null) {
            mend(table, known, pace);
            return;
        }
        List<RowKey> suspects = new ArrayList<>();
        KeyOrder order = mender.order(table);
        RowKey end = copiedUpTo.get(table.name());
        try (RowStream left = source.rows(table, order, true, Chunk.ALL, null);
                RowStream right = target.rows(table, order, true, Chunk.ALL)) {
            RowDiff.merge(table, order, true, left, right, new RowDiff.Sink() {
                @Override
                public void same(RowImage one, RowImage other) {}

                @Override
                public void differs(RowImage one, RowImage other) {}

                @Override
                public void missing(RowImage row) throws SQLException, InterruptedException {
                    if (end == null || order.compare(row.key(), end) <= 0) {
                        suspect(row);
                    }
                }

                @Override
                public void extra(RowImage row) throws SQLException, InterruptedException {
                    suspect(row);
                }

                private void suspect(RowImage row) throws SQLException, InterruptedException {
                    suspects.add(row.key());
                    if (suspects.size() == MOST_EXTRA_KEYS) {
                        mend(table, suspects, pace);
                        suspects.clear();
                    }
                }
            });
        }
        mend(table, suspects, pace);
    }

    private void mend(TablePlan table, List<RowKey> keys, Pace pace) throws SQLException, InterruptedException {
        for (int from = 0; from < keys.size(); from += ChunkBuffer.ROWS) {
            List<RowKey> part = keys.subList(from, Math.min(keys.size(), from + ChunkBuffer.ROWS));
            mender.mend(table, part, pace.locked());
        }
    }
}
