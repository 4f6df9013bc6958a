package io.dualwrite.copier;

import io.dualwrite.copier.diff.Mended;
import io.dualwrite.copier.ledger.Ledger;
import io.dualwrite.copier.ledger.Mark;
import io.dualwrite.copier.plan.TablePlan;
import io.dualwrite.copier.plan.WrongInput;
import io.dualwrite.dialect.OwnTables;
import io.dualwrite.dialect.RowKey;
import io.dualwrite.ladder.Side;
import io.dualwrite.sql.TableName;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Repair (R15 to R17): marked rows whose transactions have ended on both servers are made to agree under the locks of both
 * sides, then exactly the marks are cleared that were read before. A mark of a whole table, and a table in which the last
 * verification found differences, is compared row by row; a mark of any table has all of them compared.
 */
final class RepairRun {
    /** Longer than the time between the two commits of a write and the clearing of its mark. */
    private static final Duration IN_FLIGHT = Duration.ofMillis(500);

    private final Job job;
    private final Ledger ledger;
    private final MarkedTables tables;
    private final Set<TableName> forgotten = new HashSet<>();
    /** Those of them of which no mark was found yet. */
    private final Set<TableName> unfound = new LinkedHashSet<>();

    private final List<String> notes = new ArrayList<>();
    /** How many marked rows were looked at, by table. */
    private final Map<String, Long> markedRows = new LinkedHashMap<>();
    /** Tables that are to be compared as a whole. */
    private final Set<TablePlan> whole = new LinkedHashSet<>();
    /** Marks of any table, which are cleared when all have been compared. */
    private final List<Mark> ofAnyTable = new ArrayList<>();
    /** When the newest mark was made that this run is to look at: others come for as long as the application writes. */
    private long newest;
    /** Marks that are needed no more. */
    private long cleared;
    /** Marks of tables that are not of this migration, or of another schema. */
    private long foreign;
    /** Marks whose transactions are still open on a server. */
    private long open;
    /** Marks that only a run from the other side may mend. */
    private long ahead;

    /**
     * @param forgotten tables as marks spell them: their marks are cleared unlooked at
     * @throws WrongInput if one is a table of the migration, whose rows are to be mended
     */
    RepairRun(Job job, Ledger ledger, List<String> forgotten) throws SQLException {
        this.job = job;
        this.ledger = ledger;
        this.tables = new MarkedTables(job, ledger);
        for (String name : forgotten) {
            this.forgotten.add(requireForeign(name));
        }
        unfound.addAll(this.forgotten);
    }

    private TableName requireForeign(String spelt) throws SQLException {
        TableName name = Mark.tableName(spelt);
        if (name.table().equals(OwnTables.ANY_TABLE)) {
            throw new WrongInput("Marks of any table (" + spelt
                    + ") are not forgotten: dualwrite repair compares all tables and clears them.");
        }
        if (tables.find(Side.OLD, name) != null || tables.find(Side.NEW, name) != null) {
            throw new WrongInput("Marks of " + spelt + " are not forgotten: the table is one of this migration's, and"
                    + " dualwrite repair mends its rows.");
        }
        return name;
    }

    /**
     * What a repair did. Immutable.
     *
     * @param cleared marks that are needed no more
     * @param written rows written on the mirror
     * @param deleted rows deleted there
     */
    record Outcome(Report report, long cleared, long written, long deleted) {}

    Outcome repair() throws SQLException, InterruptedException {
        long started = System.nanoTime();
        newest = ledger.newestMark();
        mendMarkedRows();
        List<Report.Table> reports = new ArrayList<>();
        markedRows.forEach(
                (table, rows) -> reports.add(Report.Table.written(table, rows, null, null, "marks of rows")));
        reports.addAll(compareWhole());
        ledger.clearLeftBehind();
        noteWhatStays();
        Mended mended = job.mender().mended();
        long failed = mended.failed() + foreign + open + ahead;
        job.run().end(true, cleared, failed, cleared + " marks cleared");
        notes.add(cleared + " marks cleared, " + whole.size() + " tables compared");
        Report report = job.report(reports, job.leftOvers(), failed, notes, started);
        return new Outcome(report, cleared, mended.upserts(), mended.deletes());
    }

    private void mendMarkedRows() throws SQLException, InterruptedException {
        Set<String> seen = new HashSet<>();
        for (List<Mark> marks = settled(seen); !marks.isEmpty(); marks = settled(seen)) {
            List<Mark> ended = ledger.ended(marks);
            open += marks.size() - ended.size();
            List<Mark> mended = new ArrayList<>();
            for (List<Mark> ofTable : byTable(ended).values()) {
                mended.addAll(mend(ofTable));
            }
            ledger.clear(mended);
            cleared += mended.size();
        }
    }

    /** Mends what the marks of one table name, and gives back those that are needed no more. */
    private List<Mark> mend(List<Mark> marks) throws SQLException, InterruptedException {
        TableName name = marks.get(0).tableName();
        if (name.table().equals(OwnTables.ANY_TABLE)) {
            whole.addAll(job.plan().parentsFirst());
            ofAnyTable.addAll(marks);
            return List.of();
        }
        TablePlan table = tables.find(marks.get(0));
        if (table == null) {
            return keepOrForget(name, marks);
        }
        List<Mark> mended = mendRows(table, marks);
        markedRows.merge(table.name(), keysOf(marks), Long::sum);
        return mended;
    }

    /** Of a table that is not compared: only the operator knows that its rows agree. */
    private List<Mark> keepOrForget(TableName name, List<Mark> marks) {
        String these = "Marks of table " + name + " (" + marks.size() + "), which is "
                + (job.plan().find(name.table()) == null
                        ? "not one of this migration's"
                        : "of another schema than the one that repair compares");
        if (forgotten.contains(name)) {
            unfound.remove(name);
            notes.add(these + ": forgotten, as asked for.");
            return marks;
        }
        foreign += marks.size();
        notes.add(these + ": they stay. Make its rows agree on both sides, then run dualwrite repair --forget " + name
                + '.');
        return List.of();
    }

    /** Compares what is marked as a whole, and what the last verification found to differ. */
    private List<Report.Table> compareWhole() throws SQLException, InterruptedException {
        for (String name : ledger.differing()) {
            TablePlan table = job.plan().find(name);
            if (table != null) {
                whole.add(table);
            }
        }
        List<TablePlan> compared =
                job.plan().parentsFirst().stream().filter(whole::contains).toList();
        List<Report.Table> reports = new WholeRun(job, ledger).reconcile(compared);
        job.mender().mendLeftOvers(true);
        if (job.mender().mended().failed() == 0) {
            ledger.clear(ofAnyTable);
            cleared += ofAnyTable.size();
        }
        return reports;
    }

    private void noteWhatStays() {
        for (TableName name : unfound) {
            notes.add("No mark of table " + name
                    + " was cleared: there is none whose transaction has ended. Write the name as repair spells it.");
        }
        if (open > 0) {
            notes.add(open
                    + " marks belong to transactions that are still open on a server: they stay for the next repair.");
        }
        if (ahead > 0) {
            notes.add(
                    ahead + " marks lie on new, which is read and has what old lacks, while old wins by now: they stay."
                            + " Set phase = 5 in every file, repair once the fleet is there, and come down again.");
        }
    }

    /**
     * Whether there are marks that outlived a pause.
     *
     * @throws InterruptedException if the thread is interrupted in that pause
     */
    static boolean isDue(Ledger ledger) throws SQLException, InterruptedException {
        Set<String> first = new HashSet<>();
        ledger.marks().forEach(mark -> first.add(name(mark)));
        ledger.tableMarks().forEach(mark -> first.add(name(mark)));
        if (first.isEmpty()) {
            return false;
        }
        Thread.sleep(IN_FLIGHT.toMillis());
        return Stream.concat(ledger.marks().stream(), ledger.tableMarks().stream())
                .anyMatch(mark -> first.contains(name(mark)));
    }

    /**
     * Marks of before this run that it has not seen yet, for those that stay must not keep it busy for ever, and that outlived a pause:
     * each write of the application's leaves a mark for the moment between its two commits.
     */
    private List<Mark> settled(Set<String> seen) throws SQLException, InterruptedException {
        // What it has seen and not cleared lies before what is still to be seen.
        int stay = Math.toIntExact(seen.size() - cleared);
        Set<String> first = new HashSet<>();
        boolean newIsAhead = ledger.isNewAhead();
        for (Mark mark : ledger.marks(stay)) {
            if (seen.contains(name(mark)) || mark.markedAt() > newest) {
                continue;
            }
            if (newIsAhead && mark.side() == Side.NEW) {
                seen.add(name(mark));
                ahead++;
            } else {
                first.add(name(mark));
            }
        }
        if (first.isEmpty()) {
            return List.of();
        }
        Thread.sleep(IN_FLIGHT.toMillis());
        return ledger.marks(stay).stream()
                .filter(mark -> first.contains(name(mark)))
                .filter(mark -> seen.add(name(mark)))
                .toList();
    }

    private static long keysOf(List<Mark> marks) {
        return marks.stream()
                .mapToLong(mark -> Math.max(1, mark.rowKeys().size()))
                .sum();
    }

    private static String name(Mark mark) {
        return mark.side().word() + '/' + mark.id() + '/' + mark.seq() + '/' + mark.markedAt();
    }

    /** A table of the migration by its own name, whatever its marks call it. */
    private Map<TableName, List<Mark>> byTable(List<Mark> marks) throws SQLException {
        Map<TableName, List<Mark>> byTable = new LinkedHashMap<>();
        for (Mark mark : marks) {
            TablePlan table = tables.find(mark);
            TableName name = table == null ? mark.tableName() : TableName.of(table.name());
            byTable.computeIfAbsent(name, any -> new ArrayList<>()).add(mark);
        }
        return byTable;
    }

    /** Mends the marked rows of a table, and gives back the marks that are needed no more. */
    private List<Mark> mendRows(TablePlan table, List<Mark> marks) throws SQLException, InterruptedException {
        Map<String, RowKey> keys = new LinkedHashMap<>();
        List<Mark> mended = new ArrayList<>();
        for (Mark mark : marks) {
            if (mark.ofWholeTable()) {
                whole.add(table);
                continue;
            }
            try {
                for (String text : mark.rowKeys()) {
                    keys.put(text, RowKey.parse(table.source(), text));
                }
                mended.add(mark);
            } catch (IllegalArgumentException unreadable) {
                whole.add(table);
                notes.add("A mark of table " + table + " has no readable key: the whole table is compared.");
            }
        }
        job.run().locked();
        Mended result = job.mender().mended();
        long unnamed = result.unnamed();
        job.mender().mend(table, List.copyOf(keys.values()), true);
        if (result.unnamed() > unnamed) {
            // One of these failed, or a row that it refers to, and nobody knows which.
            return List.of();
        }
        Set<String> failed = new HashSet<>();
        for (Mended.LeftOver leftOver : result.leftOvers()) {
            failed.add(leftOver.table().name() + ' ' + leftOver.key().text());
        }
        mended.removeIf(mark -> mark.rowKeys().stream()
                .map(keys::get)
                .anyMatch(key -> key != null && failed.contains(table.name() + ' ' + key.text())));
        return mended;
    }
}
