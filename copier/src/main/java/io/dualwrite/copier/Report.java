package io.dualwrite.copier;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a run did. Immutable.
 *
 * @param command the command's name
 * @param direction {@code up} or {@code down}
 * @param run the run's id in {@code dualwrite_copy}
 * @param tables table by table
 * @param differing rows that differ, or could not be made to agree; the first thousand
 * @param differences how many these are in all
 * @param notes what else the operator should know
 * @param millis how long the run took
 * @param shut after a sync that would not do for the gate: what would still hold that shut, in one sentence; else null
 */
public record Report(
        String command,
        String direction,
        String run,
        List<Table> tables,
        List<Difference> differing,
        long differences,
        List<String> notes,
        long millis,
        @Nullable String shut) {

    /**
     * One table of a run; what the run did not count is null.
     *
     * @param rowsLookedAt rows read on the source
     * @param rowsOnSource rows that the source has
     * @param rowsOnTarget rows that the target has
     * @param upserts rows written on the target
     * @param deletes rows deleted on the target
     * @param differences rows that differ and still do
     * @param note what else is to be known
     */
    public record Table(
            String table,
            @Nullable Long rowsLookedAt,
            @Nullable Long rowsOnSource,
            @Nullable Long rowsOnTarget,
            @Nullable Long upserts,
            @Nullable Long deletes,
            @Nullable Long differences,
            @Nullable String note) {

        /** Of a run that does nothing but what the note says. */
        static Table noted(String table, String note) {
            return new Table(table, null, null, null, null, null, null, note);
        }

        /** Of a run that looks at rows of the source, and writes and deletes on the target; null is not counted. */
        static Table written(
                String table,
                long rowsLookedAt,
                @Nullable Long upserts,
                @Nullable Long deletes,
                @Nullable String note) {
            return new Table(table, rowsLookedAt, null, null, upserts, deletes, null, note);
        }

        /** Of a comparison. */
        static Table compared(String table, long rowsOnSource, long rowsOnTarget, long differences) {
            return new Table(table, null, rowsOnSource, rowsOnTarget, null, null, differences, null);
        }

        /** The same run with what a comparison after it found. */
        Table with(Table compared) {
            return new Table(
                    table,
                    rowsLookedAt,
                    compared.rowsOnSource,
                    compared.rowsOnTarget,
                    upserts,
                    deletes,
                    compared.differences,
                    note);
        }
    }

    /**
     * A row that differs.
     *
     * @param key the row's key as its text
     * @param what in one clause what is wrong with it
     */
    public record Difference(String table, String key, String what) {}

    /** Whether all is as asked for. */
    public boolean clean() {
        return differences == 0 && shut == null;
    }

    /** The same run with what the gate would say of it. */
    public Report with(@Nullable String stillShut) {
        return new Report(command, direction, run, tables, differing, differences, notes, millis, stillShut);
    }
}
