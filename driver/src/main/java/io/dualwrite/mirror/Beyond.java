package io.dualwrite.mirror;

import io.dualwrite.config.Manifest;
import io.dualwrite.config.Settings;
import io.dualwrite.dialect.Column;
import io.dualwrite.dialect.TableShape;
import io.dualwrite.sql.Classification;
import io.dualwrite.sql.Classification.Trait;
import io.dualwrite.sql.TableName;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a server does behind a write, in rows that nobody here sees: triggers and functions that defaults call (R30). The mirror's own server
 * does it there; where it would do otherwise than the authority's, or more often, the write is not mirrored. Thread-safe.
 */
final class Beyond {
    private final Mirroring shared;

    Beyond(Mirroring shared) {
        this.shared = shared;
    }

    /**
     * Why the sides would differ in what the server does behind the write, in words for an operator; null where they would not. A function
     * that a default calls runs where the statement runs, and the mirror is given its value; a trigger of whole statements runs there as often
     * as the mirror is given rows.
     */
    @Nullable
    String obstacle(TableShape table, Classification write) {
        Settings settings = shared.settings.get();
        for (TableShape.Trigger trigger : table.triggers) {
            if (trigger.countsRows(write.verb(), Capturable.rekeys(write, table))
                    && settings.mayWrite(trigger.name, trigger.routine)) {
                return "trigger " + trigger + " of " + table + " runs for whole statements, and the other side is given"
                        + " their rows one by one; say routine." + trigger.name + " = reads where it writes nothing";
            }
        }
        for (Column column : table.columns) {
            for (String function : column.calledByDefault) {
                if (mayUseDefault(column, write) && settings.mayWrite(function)) {
                    return "the default of " + table + '.' + column.name + " calls " + function
                            + ", which may write on one side alone; say routine." + function
                            + " = reads where it does not";
                }
            }
        }
        return null;
    }

    /** An INSERT without a list of columns may have fewer values than there are columns. */
    private static boolean mayUseDefault(Column column, Classification write) {
        boolean isNamed = false;
        for (String assigned : write.assigned()) {
            isNamed |= assigned.equalsIgnoreCase(column.name);
        }
        switch (write.verb()) {
            case INSERT:
            case MERGE:
                return !isNamed || write.is(Trait.DEFAULTED);
            case UPDATE:
                return isNamed && write.is(Trait.DEFAULTED);
            default:
                return false;
        }
    }

    /** Whether the triggers that may leave out rows of the table are said to write nothing in their place. */
    boolean leavesOutAlone(TableShape table) {
        for (TableShape.Trigger trigger : table.triggers) {
            List<TableName> written = trigger.leavesOut() ? written(trigger) : Collections.<TableName>emptyList();
            if (written == null || !written.isEmpty()) {
                return false;
            }
        }
        return true;
    }

    /** The tables of Data A, or of any where they may differ for good, that a trigger is said to write; null where nothing is said. */
    @Nullable
    List<TableName> written(TableShape.Trigger trigger) {
        List<TableName> said = said(trigger);
        if (said != null && !trigger.ofStatement) {
            Manifest manifest = shared.settings.get().manifest;
            said.removeIf(table -> manifest.classOf(table) != Manifest.DataClass.A);
        }
        return said;
    }

    /** All that a trigger is said to write, by its own name or its function's; null where nothing is said. */
    private @Nullable List<TableName> said(TableShape.Trigger trigger) {
        Settings settings = shared.settings.get();
        List<TableName> own = settings.routineWrites(trigger.name);
        return own == null ? settings.routineWrites(trigger.routine) : own;
    }

    /** Says once of a table with triggers that each side has what its own do (R25). */
    void report(Leg leg, TableShape table) {
        if (!table.triggers.isEmpty()) {
            shared.diverged(
                    leg.side.other(),
                    "triggers of " + table.name,
                    "Table " + table.name + " has triggers on " + leg.side.word() + ": " + table.triggers
                            + "; what they write beside its rows is on "
                            + leg.side.other().word()
                            + " only as far as the same triggers are there, and a write that fails"
                            + " there marks all tables, unless routine.NAME says what a trigger writes");
        }
    }
}
