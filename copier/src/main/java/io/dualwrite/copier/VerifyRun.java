package io.dualwrite.copier;

import io.dualwrite.copier.convert.KeyOrder;
import io.dualwrite.copier.convert.RowComparison;
import io.dualwrite.copier.diff.RowDiff;
import io.dualwrite.copier.ledger.Ledger;
import io.dualwrite.copier.ledger.Mark;
import io.dualwrite.copier.plan.Chunk;
import io.dualwrite.copier.plan.TablePlan;
import io.dualwrite.copier.read.Source;
import io.dualwrite.copier.rows.RowStream;
import io.dualwrite.copier.write.Target;
import io.dualwrite.dialect.OwnTables;
import io.dualwrite.dialect.RowImage;
import io.dualwrite.dialect.RowKey;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Compares tables under live writes. What differs between two reads that were not made at one moment is a "maybe"; it is
 * looked at again after a moment, twice, and what is left is confirmed by a look under the locks of both sides.
 */
final class VerifyRun {
    private static final int MOST_MAYBES = 10_000;
    private static final int MOST_NAMED = 1_000;
    private static final long[] PAUSES_MILLIS = {300, 1_000};
    private static final int ROWS_PER_SIGN = 1_000;
    private static final String MARKED = " (marked)";
    private static final String WHOLE = "as a whole";

    private final Job job;
    private final Source source;
    private final Target target;
    private final Ledger ledger;

    VerifyRun(Job job, Source source, Target target, Ledger ledger) {
        this.job = job;
        this.source = source;
        this.target = target;
        this.ledger = ledger;
    }

    /** What a comparison found. */
    record Findings(List<Report.Table> tables, List<Report.Difference> differing, long differences, long rows) {}

    Report verify(Selection selection) throws SQLException, InterruptedException {
        long started = System.nanoTime();
        Findings found = compare(selection.of(job.plan()));
        List<Report.Difference> differing = found.differing.isEmpty() ? List.of() : sayingMarks(found.differing);
        job.run().end(selection.whole(), found.rows, found.differences, null);
        return job.report(found.tables, named(differing), found.differences, notes(differing), started);
    }

    /** Tells rows that the driver has accounted for, which only wait for a repair, from those that nobody knew of, and names these first. */
    private List<Report.Difference> sayingMarks(List<Report.Difference> differing) throws SQLException {
        Set<String> marked = new HashSet<>();
        MarkedTables tables = new MarkedTables(job, ledger);
        List<Mark> marks = new ArrayList<>(ledger.marks());
        marks.addAll(ledger.tableMarks());
        for (Mark mark : marks) {
            if (OwnTables.ANY_TABLE.equals(mark.tableName().table())) {
                job.plan().parentsFirst().forEach(table -> marked.add(table.name() + ' ' + WHOLE));
                continue;
            }
            TablePlan table = tables.find(mark);
            if (table != null) {
                if (mark.ofWholeTable()) {
                    marked.add(table.name() + ' ' + WHOLE);
                }
                mark.rowKeys().forEach(key -> marked.add(table.name() + ' ' + key));
            }
        }
        return differing.stream()
                .map(one -> marked.contains(one.table() + ' ' + one.key()) || marked.contains(one.table() + ' ' + WHOLE)
                        ? new Report.Difference(one.table(), one.key(), one.what() + MARKED)
                        : one)
                .sorted(Comparator.comparing(VerifyRun::isMarked))
                .toList();
    }

    /** Those that a report names. */
    static List<Report.Difference> named(List<Report.Difference> differing) {
        return differing.stream().limit(MOST_NAMED).toList();
    }

    private static boolean isMarked(Report.Difference one) {
        return one.what().endsWith(MARKED);
    }

    private static List<String> notes(List<Report.Difference> differing) {
        long marked = differing.stream().filter(VerifyRun::isMarked).count();
        if (marked == 0) {
            return List.of();
        }
        return List.of(marked + " of these rows " + (marked == 1 ? "is" : "are")
                + " marked: the driver knew, and dualwrite repair mends them; then verify again.");
    }

    /** Compares the tables and records each. */
    Findings compare(List<TablePlan> tables) throws SQLException, InterruptedException {
        List<Report.Table> reports = new ArrayList<>();
        List<Report.Difference> differing = new ArrayList<>();
        long differences = 0;
        long rows = 0;
        for (TablePlan table : tables) {
            job.progress().begin("verify " + table, -1);
            Comparison comparison = new Comparison(table);
            comparison.run();
            differences += comparison.confirmed();
            rows += comparison.onSource;
            for (Report.Difference one : comparison.named()) {
                if (differing.size() < MOST_MAYBES) {
                    differing.add(one);
                }
            }
            job.run().done(table.name(), null, comparison.onSource, comparison.confirmed(), comparison.detail());
            reports.add(comparison.report());
        }
        return new Findings(reports, differing, differences, rows);
    }

    /** One table's comparison. */
    private final class Comparison implements RowDiff.Sink {
        private final TablePlan table;
        private final KeyOrder order;
        private SortedMap<RowKey, String> maybes;
        private long onSource;
        private long onTarget;
        private long beyond;
        private boolean crowded;

        Comparison(TablePlan table) {
            this.table = table;
            this.order = job.mender().order(table);
            this.maybes = new TreeMap<>(order);
        }

        void run() throws SQLException, InterruptedException {
            try (RowStream left = source.rows(table, order, false, Chunk.ALL, null);
                    RowStream right = target.rows(table, order, false, Chunk.ALL)) {
                RowDiff.merge(table, order, false, left, right, this);
            }
            job.progress().advance(onSource % ROWS_PER_SIGN);
            for (long pause : PAUSES_MILLIS) {
                if (!maybes.isEmpty()) {
                    Thread.sleep(pause);
                    lookAgain(false);
                }
            }
            if (!maybes.isEmpty() && ledger.fleet().wantsLocks(job.direction())) {
                lookAgain(true);
            }
        }

        private void lookAgain(boolean locked) throws SQLException, InterruptedException {
            Looked looked = new Looked(this);
            job.mender().look(table, List.copyOf(maybes.keySet()), locked, looked);
            maybes = looked.differing;
        }

        long confirmed() {
            return maybes.size() + beyond;
        }

        Report.Table report() {
            return Report.Table.compared(table.name(), onSource, onTarget, confirmed());
        }

        String detail() {
            return onSource + " rows on " + job.direction().source().word() + ", " + onTarget + " on "
                    + job.direction().target().word();
        }

        List<Report.Difference> named() {
            return maybes.entrySet().stream()
                    .map(row -> new Report.Difference(table.name(), row.getKey().text(), row.getValue()))
                    .toList();
        }

        /** Where there are too many, those that were only seen at different moments go. */
        private void maybe(RowKey key, String what) throws SQLException, InterruptedException {
            if (maybes.size() == MOST_MAYBES && !crowded) {
                lookAgain(false);
                crowded = maybes.size() > MOST_MAYBES / 2;
            }
            if (maybes.size() < MOST_MAYBES) {
                maybes.put(key, what);
            } else {
                beyond++;
            }
        }

        String missing() {
            return "missing on " + job.direction().target().word();
        }

        String extra() {
            return "only on " + job.direction().target().word();
        }

        @Override
        public void same(RowImage one, RowImage other) {
            countSource();
            onTarget++;
        }

        @Override
        public void differs(RowImage one, RowImage other) throws SQLException, InterruptedException {
            countSource();
            onTarget++;
            maybe(one.key(), differsIn(table, one, other));
        }

        @Override
        public void missing(RowImage row) throws SQLException, InterruptedException {
            countSource();
            maybe(row.key(), missing());
        }

        @Override
        public void extra(RowImage row) throws SQLException, InterruptedException {
            onTarget++;
            maybe(row.key(), extra());
        }

        private void countSource() {
            onSource++;
            if (onSource % ROWS_PER_SIGN == 0) {
                job.progress().advance(ROWS_PER_SIGN);
            }
        }
    }

    private static String differsIn(TablePlan table, RowImage one, RowImage other) {
        return "differs in " + String.join(", ", RowComparison.differing(table, one, other));
    }

    /** What still differs at another look. */
    private static final class Looked implements RowDiff.Sink {
        private final Comparison comparison;
        private final SortedMap<RowKey, String> differing;

        Looked(Comparison comparison) {
            this.comparison = comparison;
            this.differing = new TreeMap<>(comparison.order);
        }

        @Override
        public void same(RowImage one, RowImage other) {}

        @Override
        public void differs(RowImage one, RowImage other) {
            differing.put(one.key(), differsIn(comparison.table, one, other));
        }

        @Override
        public void missing(RowImage row) {
            differing.put(row.key(), comparison.missing());
        }

        @Override
        public void extra(RowImage row) {
            differing.put(row.key(), comparison.extra());
        }
    }
}
