package io.dualwrite.jdbc;

import java.sql.ResultSetMetaData;
import java.sql.SQLException;

/** The vendor's description of a result of which only the first columns are the application's. */
abstract class DualResultSetMetaData implements ResultSetMetaData {
    private final ResultSetMetaData delegate;
    private final int columns;

    DualResultSetMetaData(ResultSetMetaData delegate, int columns) {
        this.delegate = delegate;
        this.columns = columns;
    }

    final ResultSetMetaData delegate() {
        return delegate;
    }

    @Override
    public final String toString() {
        return delegate.toString();
    }

    @Override
    public final int getColumnCount() {
        return columns;
    }

    @Override
    public final <T> T unwrap(Class<T> type) throws SQLException {
        return Unwrapping.unwrap(this, delegate, type);
    }

    @Override
    public final boolean isWrapperFor(Class<?> type) throws SQLException {
        return Unwrapping.wraps(this, delegate, type);
    }
}
