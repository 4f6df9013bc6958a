package io.dualwrite.jdbc;

import io.dualwrite.dialect.SqlState;
import io.dualwrite.mirror.Turn;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.SQLSyntaxErrorException;
import java.sql.Statement;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A vendor's result set that knows the application's own statement. Not thread-safe, as every result set. */
abstract class DualResultSet implements ResultSet {
    private ResultSet delegate;
    private final @Nullable AnsweringStatement statement;
    private final @Nullable AnsweredRows answered;

    /**
     * The statement is null where the vendor's result set has none either, and {@code answered} where the rows are the vendor's as
     * they are.
     */
    DualResultSet(ResultSet delegate, @Nullable AnsweringStatement statement, @Nullable AnsweredRows answered) {
        this.delegate = delegate;
        this.statement = statement;
        this.answered = answered;
    }

    final ResultSet delegate() {
        return delegate;
    }

    @Override
    public final String toString() {
        return delegate.toString();
    }

    @Override
    public final boolean next() throws SQLException {
        if (answered == null) {
            return delegate.next();
        }
        ResultSet found = answered.next(delegate);
        if (found == null) {
            return false;
        }
        delegate = found;
        return true;
    }

    @Override
    public final int getRow() throws SQLException {
        return answered == null ? delegate.getRow() : answered.row(delegate);
    }

    @Override
    public final boolean isFirst() throws SQLException {
        return answered == null ? delegate.isFirst() : answered.isFirst(delegate);
    }

    @Override
    public final boolean isLast() throws SQLException {
        return answered == null ? delegate.isLast() : answered.isLast(delegate);
    }

    @Override
    public final boolean isBeforeFirst() throws SQLException {
        return answered == null ? delegate.isBeforeFirst() : answered.isBeforeFirst(delegate);
    }

    @Override
    public final boolean isAfterLast() throws SQLException {
        return answered == null ? delegate.isAfterLast() : answered.isAfterLast(delegate);
    }

    @Override
    public final void beforeFirst() throws SQLException {
        if (answered == null) {
            delegate.beforeFirst();
        } else {
            delegate = answered.beforeFirst(delegate);
        }
    }

    @Override
    public final void close() throws SQLException {
        delegate.close();
        if (statement != null) {
            statement.closed(this);
        }
    }

    /** Asks the vendor's as well, so that a closed result set fails as it would with the bare driver. */
    @Override
    @SuppressWarnings("NullAway") // JDBC allows null for a result set that no statement made
    public final Statement getStatement() throws SQLException {
        Statement vendors = delegate.getStatement();
        return vendors == null || answered != null && !answered.knowsStatement ? null : statement;
    }

    @Override
    public final int getType() throws SQLException {
        int vendors = delegate.getType();
        return answered == null ? vendors : answered.type;
    }

    @Override
    public final ResultSetMetaData getMetaData() throws SQLException {
        ResultSetMetaData vendors = delegate.getMetaData();
        int columns = columns();
        return columns == 0 ? vendors : Proxies.resultSetMetaData(vendors, columns);
    }

    @Override
    public final int findColumn(String label) throws SQLException {
        int column = delegate.findColumn(label);
        int columns = columns();
        if (columns > 0 && column > columns) {
            throw new SQLSyntaxErrorException("The result has no column " + label, SqlState.NO_COLUMN.code());
        }
        return column;
    }

    // ------------------------------------------------------------------ cursors among the values

    @Override
    public final Object getObject(int column) throws SQLException {
        return ours(delegate.getObject(column));
    }

    @Override
    public final Object getObject(String label) throws SQLException {
        return ours(delegate.getObject(label));
    }

    @Override
    public final Object getObject(int column, Map<String, Class<?>> types) throws SQLException {
        return ours(delegate.getObject(column, types));
    }

    @Override
    public final Object getObject(String label, Map<String, Class<?>> types) throws SQLException {
        return ours(delegate.getObject(label, types));
    }

    @Override
    public final <T> T getObject(int column, Class<T> type) throws SQLException {
        return ours(delegate.getObject(column, type), type);
    }

    @Override
    public final <T> T getObject(String label, Class<T> type) throws SQLException {
        return ours(delegate.getObject(label, type), type);
    }

    /** A cursor's rows (PostgreSQL's refcursor) lead back to the application's connection, as the rows do among which it stands. */
    @SuppressWarnings("NullAway") // JDBC allows null for NULL
    private Object ours(Object value) throws SQLException {
        return value instanceof ResultSet && statement != null ? statement.connection.adopt((ResultSet) value) : value;
    }

    /** A vendor's own type is given as it is. */
    @SuppressWarnings("NullAway") // JDBC allows null for NULL
    private <T> T ours(T value, Class<T> type) throws SQLException {
        return value instanceof ResultSet && type.isAssignableFrom(ResultSet.class) ? type.cast(ours(value)) : value;
    }

    private int columns() {
        return answered == null ? 0 : answered.columns;
    }

    /** A change of a row is a write of its statement's; what the vendor refuses anyway it refuses in its own words. */
    private void change(String operation, Turn.Step<SQLException> change) throws SQLException {
        AnsweringStatement owner = isUpdatable() ? statement : null;
        if (owner == null || owner.connection.gone()) {
            change.run();
        } else {
            owner.changeRow(operation, change);
        }
    }

    private boolean isUpdatable() throws SQLException {
        try {
            return delegate.getConcurrency() == CONCUR_UPDATABLE;
        } catch (SQLException unknown) {
            return !delegate.isClosed();
        }
    }

    @Override
    public final void insertRow() throws SQLException {
        change("insertRow", delegate::insertRow);
    }

    @Override
    public final void updateRow() throws SQLException {
        change("updateRow", delegate::updateRow);
    }

    @Override
    public final void deleteRow() throws SQLException {
        change("deleteRow", delegate::deleteRow);
    }

    @Override
    public final <T> T unwrap(Class<T> type) throws SQLException {
        return statement == null
                ? Unwrapping.unwrap(this, delegate, type)
                : Unwrapping.unwrap(statement.transaction, this, delegate, type);
    }

    @Override
    public final boolean isWrapperFor(Class<?> type) throws SQLException {
        return Unwrapping.wraps(this, delegate, type);
    }
}
