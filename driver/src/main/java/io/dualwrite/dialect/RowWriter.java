package io.dualwrite.dialect;

import java.sql.Connection;
import java.sql.SQLException;

/**
 * Writes row images into one table over one connection, in the connection's own transaction (R7, R30). Source and target may
 * differ in column order, case and vendor; columns are matched by name, case ignored. Not thread-safe.
 */
public final class RowWriter implements AutoCloseable {
    /**
     * A writer whose prepared statements live until it is closed.
     *
     * @throws SQLException SQLSTATE 42703 if the target lacks a writable column of the source
     */
    public RowWriter(Connection connection, Dialect dialect, TableShape source, TableShape target) throws SQLException {
        throw new UnsupportedOperationException();
    }

    /** Inserts or updates the row by its key. */
    public void upsert(RowImage row) throws SQLException {
        throw new UnsupportedOperationException();
    }

    /** Inserts the row; fails with the vendor's duplicate key where it is there. */
    public void insert(RowImage row) throws SQLException {
        throw new UnsupportedOperationException();
    }

    /** Inserts the row where its key is not there, waiting for a concurrent insert of it; true if it was inserted. */
    public boolean insertIfAbsent(RowImage row) throws SQLException {
        throw new UnsupportedOperationException();
    }

    /** Deletes by key; the number of rows deleted, 0 or 1. */
    public int delete(RowKey key) throws SQLException {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() throws SQLException {}
}
