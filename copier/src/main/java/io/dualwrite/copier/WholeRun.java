package io.dualwrite.copier;

import io.dualwrite.copier.diff.Pace;
import io.dualwrite.copier.ledger.Ledger;
import io.dualwrite.copier.ledger.Mark;
import io.dualwrite.copier.plan.Chunk;
import io.dualwrite.copier.plan.TablePlan;
import io.dualwrite.dialect.RowKey;
import io.dualwrite.ladder.Side;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes whole tables agree, deletes included: freeze, the final sync, and the repair of a table. */
final class WholeRun {
    private final Job job;
    private final Ledger ledger;

    WholeRun(Job job, Ledger ledger) {
        this.job = job;
        this.ledger = ledger;
    }

    Report run(Selection selection) throws SQLException, InterruptedException {
        long started = System.nanoTime();
        List<Report.Table> reports = reconcile(selection.of(job.plan()));
        long failed = job.mender().mended().failed();
        job.run().end(selection.whole(), rows(reports), failed, null);
        return job.report(reports, job.leftOvers(), failed, List.of(), started);
    }

    /** Runs, and compares what came of it: a table that still changes is one whose batches were not stopped. */
    Report runAndProve(Selection selection, VerifyRun proof) throws SQLException, InterruptedException {
        long started = System.nanoTime();
        List<TablePlan> tables = selection.of(job.plan());
        List<Report.Table> reports = reconcile(tables);
        VerifyRun.Findings found = proof.compare(tables);
        List<Report.Table> proven = new ArrayList<>();
        for (int i = 0; i < reports.size(); i++) {
            proven.add(reports.get(i).with(found.tables().get(i)));
        }
        List<String> notes = found.differences() == 0
                ? List.of()
                : List.of(
                        "Rows that differ right after the copy were written meanwhile: stop the batches and freeze again.");
        job.run().end(selection.whole(), rows(reports), found.differences(), null);
        return job.report(proven, VerifyRun.named(found.differing()), found.differences(), notes, started);
    }

    private static long rows(List<Report.Table> reports) {
        long rows = 0;
        for (Report.Table report : reports) {
            Long looked = report.rowsLookedAt();
            rows += looked == null ? 0 : looked;
        }
        return rows;
    }

    /** Two passes over the tables: inserts and updates parents first, deletes children first. Clears their table-wide marks. */
    List<Report.Table> reconcile(List<TablePlan> tables) throws SQLException, InterruptedException {
        List<Mark> marks = ledger.ended(tableWideMarks(tables));
        Map<String, Long> looked = new HashMap<>();
        Map<String, Long> upserts = new HashMap<>();
        Map<String, Long> deletes = new HashMap<>();
        for (TablePlan table : tables) {
            long before = job.mender().mended().upserts();
            WholePace pace = new WholePace(table);
            job.progress().begin(job.kind().word() + " " + table, -1);
            job.reconciler().upserts(table, Chunk.ALL, pace);
            looked.put(table.name(), pace.rows);
            upserts.put(table.name(), job.mender().mended().upserts() - before);
        }
        for (TablePlan table : Job.childrenFirst(tables)) {
            long before = job.mender().mended().deletes();
            job.reconciler().deletes(table, new WholePace(table));
            deletes.put(table.name(), job.mender().mended().deletes() - before);
        }
        job.mender().mendLeftOvers(job.run().locked());
        if (job.mender().mended().failed() == 0) {
            ledger.clear(marks);
        }
        return reports(tables, looked, upserts, deletes);
    }

    private List<Report.Table> reports(
            List<TablePlan> tables, Map<String, Long> looked, Map<String, Long> upserts, Map<String, Long> deletes)
            throws SQLException {
        List<Report.Table> reports = new ArrayList<>();
        for (TablePlan table : tables) {
            String name = table.name();
            long rows = looked.getOrDefault(name, 0L);
            job.run().done(name, null, rows, 0, null);
            reports.add(Report.Table.written(name, rows, upserts.get(name), deletes.get(name), null));
        }
        return reports;
    }

    private List<Mark> tableWideMarks(List<TablePlan> tables) throws SQLException {
        List<Mark> found = new ArrayList<>();
        MarkedTables named = new MarkedTables(job, ledger);
        boolean newIsAhead = ledger.isNewAhead();
        for (Mark mark : ledger.tableMarks()) {
            TablePlan table = named.find(mark);
            if (table != null && tables.contains(table) && !(newIsAhead && mark.side() == Side.NEW)) {
                found.add(mark);
            }
        }
        return found;
    }

    private final class WholePace implements Pace {
        private final TablePlan table;
        private long rows;

        WholePace(TablePlan table) {
            this.table = table;
        }

        @Override
        public boolean locked() throws SQLException {
            return job.run().locked();
        }

        @Override
        public void chunkDone(@Nullable RowKey done, long looked) throws SQLException {
            rows += looked;
            job.progress().advance(looked);
            job.run().checkpoint(table.name(), null, null, rows, 0, null);
        }
    }
}
