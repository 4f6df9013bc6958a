package io.dualwrite.mirror;

import io.dualwrite.config.Manifest;
import io.dualwrite.dialect.Column;
import io.dualwrite.dialect.RowKey;
import io.dualwrite.dialect.TableShape;
import io.dualwrite.dialect.Vendor;
import io.dualwrite.sql.TableName;
import io.dualwrite.sql.Verb;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * What a mark names for a statement: its rows, or its table whole, and whole too the tables that the server may have changed behind it by
 * foreign keys that cascade, triggers and defaults (R30); where the mirror fails, these may differ as well. Thread-safe.
 */
final class MarkScope {
    private final Mirroring shared;

    MarkScope(Mirroring shared) {
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
            List<TableName> written = shared.beyond.written(trigger);
            if (written == null) {
                touched.tables(Collections.<TableName>emptyList());
            } else if (!written.isEmpty()) {
                touched.tables(written);
            }
        }
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
            List<TableName> written = shared.beyond.written(trigger);
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
}
