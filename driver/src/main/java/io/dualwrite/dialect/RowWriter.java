package io.dualwrite.dialect;

import io.dualwrite.sql.Verb;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.SQLSyntaxErrorException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes row images into one table over one connection, in the connection's own transaction (R7, R30). Source and target may
 * differ in column order, case and vendor; columns are matched by name, case ignored. A column that only the target has gets its
 * default. Not thread-safe.
 *
 * <p>A failure is the vendor's own, but for one without a SQLSTATE where a trigger leaves the row out. One that {@link Dialect#isDuplicate} holds for comes from another unique key than the primary
 * one, except from {@link #insert}.
 */
public final class RowWriter implements AutoCloseable {
    private final Connection connection;
    private final Dialect dialect;
    private final TableShape source;
    private final TableShape target;
    /** The target's columns that are written, and that an UPDATE assigns. */
    private final List<Column> columns = new ArrayList<>();

    private final List<Column> assigned;
    private final @Nullable String upsertSql;
    private final @Nullable String updateSql;
    private final String insertSql;
    private final @Nullable String insertIfAbsentSql;
    private final Map<String, PreparedStatement> statements = new HashMap<>();
    /** Where a target column's value stands in an image of {@link #mappedColumns}. */
    private final Map<Column, Integer> positions = new HashMap<>();

    private @Nullable List<Column> mappedColumns;

    /**
     * A writer whose prepared statements live until it is closed.
     *
     * @throws SQLException SQLSTATE 42703 if the target lacks a writable column of the source, 42P16 if both have a primary key
     *     and these differ
     */
    public RowWriter(Connection connection, Dialect dialect, TableShape source, TableShape target) throws SQLException {
        this.connection = connection;
        this.dialect = dialect;
        this.source = source;
        this.target = target;
        for (Column column : source.writable()) {
            if (target.column(column.name) == null) {
                throw new SQLSyntaxErrorException(
                        "table " + target.name + " lacks column " + column.name + " of " + source.name,
                        SqlState.NO_COLUMN.code());
            }
        }
        for (Column column : target.writable()) {
            if (source.column(column.name) != null) {
                columns.add(column);
            }
        }
        boolean sameKey = source.key.size() == target.key.size();
        for (Column column : target.key) {
            sameKey &= source.isKey(column.name);
        }
        if (!sameKey && !source.key.isEmpty() && !target.key.isEmpty()) {
            throw new SQLSyntaxErrorException(
                    "primary keys differ: " + source.key + " in " + source.name + ", " + target.key + " in "
                            + target.name,
                    SqlState.OTHER_KEY.code());
        }
        assigned = target.assignable(columns);
        upsertSql = dialect.upsert(target, columns);
        updateSql = dialect.update(target, columns);
        insertSql = dialect.insert(target, columns);
        insertIfAbsentSql = dialect.insertIfAbsent(target, columns);
    }

    /** Whether the vendor inserts or updates by key in one statement. */
    public boolean upsertsAtOnce() {
        return upsertSql != null;
    }

    /** Whether the vendor inserts where the key is not there, and does nothing else, in one statement. */
    public boolean insertsIfAbsentAtOnce() {
        return insertIfAbsentSql != null;
    }

    /**
     * Whether an INSERT of a key that is there is to be avoided where that can be: PostgreSQL's transaction is lost by it, and no statement
     * of the server's finds it out before.
     */
    public boolean updatesFirst() {
        return target.hasDeferrableKey();
    }

    /** Inserts or updates the row by its key. */
    public void upsert(RowImage row) throws SQLException {
        requireKey();
        if (upsertSql != null) {
            PreparedStatement statement = prepared(upsertSql);
            bind(statement, 1, row, columns);
            statement.executeUpdate();
            return;
        }
        if (update(row) > 0 || (assigned.isEmpty() && exists(row, false))) {
            return;
        }
        if (insertIfAbsentSql != null) {
            insertOrUpdate(row);
            return;
        }
        try {
            insert(row);
        } catch (SQLException e) {
            // the key was inserted in between, or is there unchanged where the driver counts changed rows only
            if (!isMet(e) || (update(row) == 0 && !exists(row, true))) {
                throw e;
            }
        }
    }

    /**
     * Inserts or updates rows of different keys by their keys, as one batch.
     *
     * @throws IllegalStateException where the vendor does not do it {@link #upsertsAtOnce() at once}
     */
    public void upsertAll(Collection<RowImage> rows) throws SQLException {
        requireKey();
        if (upsertSql == null) {
            throw new IllegalStateException(target.name + " is written row by row");
        }
        PreparedStatement statement = prepared(upsertSql);
        boolean bound = false;
        try {
            for (RowImage row : rows) {
                bind(statement, 1, row, columns);
                statement.addBatch();
            }
            bound = true;
        } finally {
            if (!bound) {
                // The statement is kept, and what was added would go with the next batch.
                statement.clearBatch();
            }
        }
        statement.executeBatch();
    }

    /** The row was not updated: it is not there, or was inserted in between, or a trigger leaves out what is done to it. */
    private void insertOrUpdate(RowImage row) throws SQLException {
        boolean mayBeLeftOut = target.mayLeaveOut(Verb.UPDATE);
        if (mayBeLeftOut && exists(row, true)) {
            throw leftOut();
        }
        if (insertIfAbsent(row) || update(row) > 0) {
            return;
        }
        // One trigger of the server's own leaves out what would change nothing, and is not among those that may leave
        // out more.
        if (mayBeLeftOut || !exists(row, true)) {
            throw leftOut();
        }
    }

    private SQLException leftOut() {
        return new SQLException("a trigger of table " + target.name + " has left out a row that was written there");
    }

    private int update(RowImage row) throws SQLException {
        if (updateSql == null) {
            return 0;
        }
        PreparedStatement statement = prepared(updateSql);
        bind(statement, 1, row, assigned);
        bind(statement, assigned.size() + 1, row, target.key);
        return statement.executeUpdate();
    }

    /**
     * Inserts the row; fails with the vendor's duplicate key where it is there, and without a SQLSTATE where a trigger leaves it out.
     */
    public void insert(RowImage row) throws SQLException {
        PreparedStatement statement = prepared(insertSql);
        bind(statement, 1, row, columns);
        if (statement.executeUpdate() == 0) {
            throw leftOut();
        }
    }

    /** Inserts the row where its key is not there, waiting for a concurrent insert of it; true if it was inserted. */
    public boolean insertIfAbsent(RowImage row) throws SQLException {
        requireKey();
        if (insertIfAbsentSql != null) {
            PreparedStatement statement = prepared(insertIfAbsentSql);
            bind(statement, 1, row, columns);
            return statement.executeUpdate() > 0;
        }
        try {
            insert(row);
            return true;
        } catch (SQLException e) {
            if (isMet(e) && exists(row, true)) {
                return false;
            }
            throw e;
        }
    }

    /** Whether a row that is there was in the way, and the transaction goes on. */
    private boolean isMet(SQLException failure) {
        return dialect.isDuplicate(failure) && dialect.aftermath(failure) == Aftermath.STATEMENT_UNDONE;
    }

    /** With a lock the newest row is read, whatever the transaction's snapshot holds. */
    private boolean exists(RowImage row, boolean lock) throws SQLException {
        PreparedStatement statement = prepared(dialect.selectByKeys(target, target.key, 1, lock));
        bind(statement, 1, row, target.key);
        try (ResultSet rows = statement.executeQuery()) {
            return rows.next();
        }
    }

    /** Gives the row of a key another key, so that what refers to it follows as on the source; the number of rows hit, 0 or 1. */
    public int rekey(RowKey former, RowKey key) throws SQLException {
        requireKey();
        PreparedStatement statement = prepared(dialect.rekey(target));
        bind(statement, 1, key);
        bind(statement, target.key.size() + 1, former);
        return statement.executeUpdate();
    }

    /** Deletes by key; the number of rows deleted, 0 or 1. */
    public int delete(RowKey key) throws SQLException {
        requireKey();
        PreparedStatement statement = prepared(dialect.delete(target));
        bind(statement, 1, key);
        return statement.executeUpdate();
    }

    private void bind(PreparedStatement statement, int first, RowKey key) throws SQLException {
        for (int i = 0; i < target.key.size(); i++) {
            Values.bind(statement, first + i, key.values[keyPosition(i)], target.key.get(i), dialect);
        }
    }

    /** Where the value of the target's key column stands in a key of the source. */
    private int keyPosition(int targetPosition) {
        for (int i = 0; i < source.key.size(); i++) {
            if (source.key.get(i).name.equalsIgnoreCase(target.key.get(targetPosition).name)) {
                return i;
            }
        }
        return targetPosition;
    }

    private void bind(PreparedStatement statement, int first, RowImage row, List<Column> targets) throws SQLException {
        if (row.columns != mappedColumns) {
            map(row.columns);
        }
        int index = first;
        for (Column column : targets) {
            Integer position = positions.get(column);
            if (position == null) {
                throw new IllegalArgumentException("image of " + source.name + " lacks column " + column.name);
            }
            Values.store(statement, index++, row.values[position], column, dialect);
        }
    }

    private void map(List<Column> imageColumns) {
        positions.clear();
        for (int i = 0; i < imageColumns.size(); i++) {
            Column column = target.column(imageColumns.get(i).name);
            if (column != null) {
                positions.put(column, i);
            }
        }
        mappedColumns = imageColumns;
    }

    private void requireKey() throws SQLException {
        if (target.key.isEmpty()) {
            throw new SQLFeatureNotSupportedException(
                    "table " + target.name + " has no primary key by which its rows could be found",
                    SqlState.REFUSED.code());
        }
    }

    private PreparedStatement prepared(String sql) throws SQLException {
        PreparedStatement statement = statements.get(sql);
        if (statement == null) {
            statement = connection.prepareStatement(sql);
            statements.put(sql, statement);
        }
        return statement;
    }

    @Override
    public void close() throws SQLException {
        SQLException first = null;
        for (PreparedStatement statement : statements.values()) {
            try {
                statement.close();
            } catch (SQLException e) {
                if (first == null) {
                    first = e;
                } else {
                    first.addSuppressed(e);
                }
            }
        }
        statements.clear();
        if (first != null) {
            throw first;
        }
    }
}
