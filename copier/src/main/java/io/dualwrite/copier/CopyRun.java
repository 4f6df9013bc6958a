package io.dualwrite.copier;

import io.dualwrite.copier.diff.Pace;
import io.dualwrite.copier.ledger.Ledger;
import io.dualwrite.copier.ledger.RunKind;
import io.dualwrite.copier.ledger.TableState;
import io.dualwrite.copier.plan.Chunk;
import io.dualwrite.copier.plan.TablePlan;
import io.dualwrite.copier.plan.Watermark;
import io.dualwrite.copier.read.Source;
import io.dualwrite.copier.rows.Scan;
import io.dualwrite.dialect.Column;
import io.dualwrite.dialect.RowKey;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The incremental copy. A table with a last-modified column is read from the last run's watermark on (R21), one without is
 * compared row by row. A run that was killed goes on behind the key of its last checkpoint, and keeps the watermark that was
 * read before its scan began. Neither passes a row that could not be written: its key is recorded first, or they stay.
 */
final class CopyRun {
    private final Job job;
    private final Source source;
    private final Ledger ledger;
    private final Duration skew;
    private final Unwritten unwritten;

    CopyRun(Job job, Source source, Ledger ledger, Duration skew) {
        this.job = job;
        this.source = source;
        this.ledger = ledger;
        this.skew = skew;
        this.unwritten = new Unwritten(job, ledger.unwritten());
    }

    Report copy(Selection selection, boolean deletes) throws SQLException, InterruptedException {
        long started = System.nanoTime();
        List<TablePlan> tables = selection.of(job.plan());
        List<Report.Table> reports = new ArrayList<>();
        long rows = 0;
        for (TablePlan table : tables) {
            Report.Table report = copy(table);
            reports.add(report);
            Long looked = report.rowsLookedAt();
            rows += looked == null ? 0 : looked;
        }
        if (deletes) {
            for (TablePlan table : Job.childrenFirst(tables)) {
                job.progress().begin("deletes " + table, -1);
                job.reconciler().deletes(table, new CopyPace(table, null, null, 0));
            }
        }
        job.mender().mendLeftOvers(job.run().locked());
        unwritten.settle();
        long failed = job.mender().mended().failed();
        job.run().end(selection.whole(), rows, failed, null);
        return job.report(reports, job.leftOvers(), failed, List.of(), started);
    }

    private Report.Table copy(TablePlan table) throws SQLException, InterruptedException {
        Column column = table.lastModified();
        TableState last = ledger.last(RunKind.COPY, table.name());
        long upserts = job.mender().mended().upserts();
        Resumed resumed = column == null ? compared(table, last) : scanned(table, column, last);
        CopyPace pace = new CopyPace(table, resumed.watermark, resumed.detail, 0);
        job.progress().begin("copy " + table, -1);
        if (column == null) {
            job.reconciler().upserts(table, Chunk.from(resumed.from), pace);
        } else {
            job.reconciler().copy(table, Chunk.from(resumed.from), resumed.since, pace);
        }
        unwritten.retry(table);
        boolean mayPass = unwritten.record();
        job.run().done(table.name(), mayPass ? resumed.watermark : resumed.before(), pace.rows, 0, resumed.detail);
        long written = job.mender().mended().upserts() - upserts;
        return Report.Table.written(table.name(), pace.rows, written, null, resumed.note());
    }

    private static Resumed compared(TablePlan table, @Nullable TableState last) {
        return new Resumed(unfinishedKey(table, last), null, null, null, true);
    }

    private Resumed scanned(TablePlan table, Column column, @Nullable TableState last) throws SQLException {
        String prefix = column.name + " since ";
        String detail = last == null ? null : last.detail();
        String before = last == null ? null : last.watermark();
        RowKey from = unfinishedKey(table, last);
        if (before != null && detail != null && detail.startsWith(prefix)) {
            if (from != null) {
                String since = detail.substring(prefix.length());
                return new Resumed(from, since(column, since), before, detail, false);
            }
            if (last != null && last.state().equals(TableState.DONE)) {
                return new Resumed(null, since(column, before), watermark(column), prefix + before, false);
            }
        }
        return new Resumed(null, null, watermark(column), prefix + Resumed.EVER, false);
    }

    private String watermark(Column column) throws SQLException {
        return Watermark.text(source.watermark(skew).valueFor(column));
    }

    private static Scan.@Nullable Since since(Column column, String text) {
        return text.equals(Resumed.EVER) ? null : new Scan.Since(column, Watermark.parse(column, text));
    }

    private static @Nullable RowKey unfinishedKey(TablePlan table, @Nullable TableState last) {
        String key = last == null || last.state().equals(TableState.DONE) ? null : last.lastKey();
        return key == null ? null : RowKey.parse(table.source(), key);
    }

    /** From where a table is read, and what the checkpoints say of it. */
    private record Resumed(
            @Nullable RowKey from,
            Scan.@Nullable Since since,
            @Nullable String watermark,
            @Nullable String detail,
            boolean compared) {
        static final String EVER = "ever";

        /** The watermark that this run began from, or null where it began with the table's first row. */
        @Nullable
        String before() {
            return since == null ? null : Watermark.text(since.value());
        }

        String note() {
            String how =
                    compared ? "compared, for it has no last-modified column" : since == null ? "in full" : "changes";
            return from == null ? how : how + ", going on behind the last checkpoint";
        }
    }

    /** Checkpoints after each chunk. */
    private final class CopyPace implements Pace {
        private final TablePlan table;
        private final @Nullable String watermark;
        private final @Nullable String detail;
        private long rows;

        CopyPace(TablePlan table, @Nullable String watermark, @Nullable String detail, long rows) {
            this.table = table;
            this.watermark = watermark;
            this.detail = detail;
            this.rows = rows;
        }

        @Override
        public boolean locked() throws SQLException {
            return job.run().locked();
        }

        @Override
        public void chunkDone(@Nullable RowKey done, long looked) throws SQLException {
            rows += looked;
            job.progress().advance(looked);
            if (done != null && unwritten.record()) {
                job.run().checkpoint(table.name(), watermark, done.text(), rows, 0, detail);
            }
        }
    }
}
