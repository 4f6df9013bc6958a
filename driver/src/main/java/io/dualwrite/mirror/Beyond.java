package io.dualwrite.mirror;

import io.dualwrite.config.Manifest;
import io.dualwrite.config.Settings;
import io.dualwrite.dialect.Column;
import io.dualwrite.dialect.RowKey;
import io.dualwrite.dialect.TableShape;
import io.dualwrite.dialect.Vendor;
import io.dualwrite.sql.Classification;
import io.dualwrite.sql.Classification.Trait;
import io.dualwrite.sql.TableName;
import io.dualwrite.sql.Verb;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a server does behind a write, in rows that nobody here sees: foreign keys that cascade, triggers (R30). On the mirror its own
 * server does it; but where the mirror fails, more than the write's rows may differ, so the mark names these tables whole. Thread-safe.
 */
final class Beyond {
    private final Mirroring shared;

    Beyond(Mirroring shared) {
        this.shared = shared;
    }

    /** Notes the rows that a write touched, and whole the tables which the server may have changed with them. */
    void touch(Touched touched, TableName name, TableShape table, WriteRequest request, Set<RowKey> keys) {
        touched.rows(name, keys);
        if (keys.isEmpty()) {
            return;
        }
        List<TableName> dependants = dependants(table, request, name);
        if (!dependants.isEmpty()) {
            touched.tables(dependants);
        }
        for (TableShape.Trigger trigger : table.triggers) {
            List<TableName> written = written(trigger);
            if (written == null) {
                touched.tables(Collections.<TableName>emptyList());
            } else if (!written.isEmpty()) {
                touched.tables(written);
            }
        }
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
    private @Nullable List<TableName> written(TableShape.Trigger trigger) {
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

    /**
     * The tables of Data A whose rows a foreign key changes with the write's.
     *
     * @param marked the name by which the table itself is marked: a bare one stands for one of its side's home, and so for its
     *     neighbours
     */
    List<TableName> dependants(TableShape table, WriteRequest request, TableName marked) {
        Verb verb = request.classification.verb();
        return verb == Verb.DELETE || verb == Verb.UPDATE
                ? dataA(
                        table.changedWith(verb == Verb.DELETE ? null : request.classification.assigned()),
                        table,
                        marked)
                : new ArrayList<>(0);
    }

    /** The table of a write whose rows cannot be told, with all that it changes behind; empty for any table. */
    List<TableName> whole(WriteTarget target, WriteRequest request) {
        TableShape table = target.table;
        Set<TableName> all = new LinkedHashSet<>();
        all.add(target.marked);
        all.addAll(dependants(table, request, target.marked));
        if (request.classification.verb() == Verb.MERGE) {
            // REPLACE deletes, and so may MERGE.
            all.addAll(dataA(table.changedWith(null), table, target.marked));
        }
        return addUnseen(table, all) ? new ArrayList<>(all) : Collections.<TableName>emptyList();
    }

    /** Adds what triggers and the defaults' functions write; false where they may write any table, or the rows may be those of an heir. */
    private boolean addUnseen(TableShape table, Set<TableName> all) {
        for (TableShape.Trigger trigger : table.triggers) {
            List<TableName> written = written(trigger);
            if (written == null) {
                return false;
            }
            all.addAll(written);
        }
        for (Column column : table.columns) {
            for (String function : column.calledByDefault) {
                List<TableName> written = shared.settings.get().routineWrites(function);
                if (written == null) {
                    return false;
                }
                all.addAll(written);
            }
        }
        return !table.hasHeirs;
    }

    /** Those of Data A, named as the table is marked. */
    private List<TableName> dataA(List<TableName> found, TableShape table, TableName marked) {
        Manifest manifest = shared.settings.get().manifest;
        List<TableName> tables = new ArrayList<>(0);
        for (TableName one : found) {
            boolean home = marked.schema() == null && Objects.equals(one.schema(), table.name.schema());
            TableName name = home ? TableName.of(one.table()) : one;
            if (manifest.classOf(name) == Manifest.DataClass.A) {
                tables.add(name);
            }
        }
        return tables;
    }

    /**
     * The tables that a statement writes whose rows are not told, with all that may change behind them; empty for any table, as where
     * one of the names is not a table's.
     *
     * @param written empty for any table
     */
    List<TableName> with(Leg leg, List<TableName> written) throws SQLException {
        Set<TableName> all = new LinkedHashSet<>(named(leg, written));
        for (TableName table : new ArrayList<>(all)) {
            TableShape shape = shared.catalogue.find(leg, table, Collections.<String>emptyList());
            if (shape == null && Relations.any(leg.connection, table)) {
                // A view, say, whose rows are of nobody knows which tables.
                return Collections.emptyList();
            }
            if (shape == null) {
                continue;
            }
            List<TableName> behind = new ArrayList<>();
            shape.dependants.forEach(dependant -> behind.add(dependant.table));
            all.addAll(dataA(behind, shape, table));
            if (!addUnseen(shape, all)) {
                return Collections.emptyList();
            }
        }
        return new ArrayList<>(all);
    }

    /** Those of the tables, as marks call them, whose engine has no transactions. */
    List<TableName> withoutTransactions(Leg leg, List<TableName> marked) throws SQLException {
        List<TableName> found = new ArrayList<>(0);
        if (leg.dialect.vendor() != Vendor.MARIADB) {
            return found;
        }
        for (TableName table : marked) {
            TableShape shape = shared.catalogue.find(leg, table, Collections.<String>emptyList());
            if (shape != null && !shape.transactional) {
                found.add(table);
            }
        }
        return found;
    }

    /**
     * The tables as marks call them. Where the session looks elsewhere, a bare name is both the table that it finds there and the one at
     * home, which the file may mean by what it says of a routine.
     */
    List<TableName> named(Leg leg, List<TableName> written) throws SQLException {
        String abroad = leg.abroad();
        if (abroad == null) {
            return written;
        }
        Set<TableName> all = new LinkedHashSet<>(written);
        for (TableName table : written) {
            if (table.schema() == null) {
                TableShape shape = shared.catalogue.find(leg, table, Collections.<String>emptyList());
                all.add(shape == null ? TableName.of(abroad, table.table()) : shape.name);
            }
        }
        return new ArrayList<>(all);
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
