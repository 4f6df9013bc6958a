package io.dualwrite.mirror;

import io.dualwrite.dialect.Column;
import io.dualwrite.dialect.RowKey;
import io.dualwrite.dialect.SqlState;
import io.dualwrite.dialect.TableShape;
import io.dualwrite.dialect.Values;
import io.dualwrite.sql.PartialLock;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Locks some rows on old as the application asked for them, then exactly those on new, which answers (R9). */
final class ExactLock {
    /** What was locked: the keys in the order of the table's key columns. */
    static final class Locked {
        final TableShape table;
        final List<RowKey> keys;

        Locked(TableShape table, List<RowKey> keys) {
            this.table = table;
            this.keys = keys;
        }
    }

    /** More rows than a condition by key should name. */
    static final int MOST = 1_000;

    private ExactLock() {}

    /** Locks what the query finds on the leg. */
    static Locked some(Leg leg, TableShape table, PartialLock lock, WriteRequest request) throws SQLException {
        if (table.key.isEmpty()) {
            return new Locked(table, Collections.<RowKey>emptyList());
        }
        PreparedStatement prepared = leg.prepare(lock.selecting(leg.dialect.readings("", table.key)));
        request.binder.bind(prepared, 0);
        try (ResultSet rows = prepared.executeQuery()) {
            return new Locked(table, Capture.keysOf(Capture.images(rows, table, table.key)));
        }
    }

    /** Locks the rows that were locked on the other leg, as far as the query finds them here, and reads them. */
    static WriteOutcome those(Leg leg, TableShape table, Locked locked, PartialLock lock, WriteRequest request)
            throws SQLException {
        List<Column> key = here(table, locked.table.key);
        String sql = lock.ofRows(leg.dialect.byKeys(key, locked.keys.size()));
        PreparedStatement prepared = leg.prepare(sql);
        int next = Values.bindKeys(prepared, 1, locked.keys, key, leg.dialect);
        request.binder.bind(prepared, 1 - next);
        ResultSet rows = prepared.executeQuery();
        leg.handOver(sql);
        return new WriteOutcome(0, rows, 0, prepared, true);
    }

    /** The key columns of the other side as this side's table has them. */
    private static List<Column> here(TableShape table, List<Column> others) throws SQLException {
        List<Column> key = new ArrayList<>(others.size());
        for (Column other : others) {
            Column column = table.column(other.name);
            if (column == null) {
                throw new SQLException(
                        "table " + table.name + " lacks key column " + other.name, SqlState.NO_COLUMN.code());
            }
            key.add(column);
        }
        return key;
    }
}
