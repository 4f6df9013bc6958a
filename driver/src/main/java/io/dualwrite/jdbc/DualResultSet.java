package io.dualwrite.jdbc;

import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.SQLSyntaxErrorException;
import java.sql.Statement;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** A vendor's result set that knows the application's own statement. Not thread-safe, as every result set. */
abstract class DualResultSet implements ResultSet {
    private ResultSet delegate;
    private @Nullable Deque<ResultSet> further;
    /** Whether only the first row of each part is given, and whether it has been. */
    private boolean firstOnly;

    private boolean given;
    private final @Nullable Statement statement;
    private final RowChanges changes;
    private final int columns;

    /**
     * The statement is null where the vendor's result set has none either.
     *
     * @param columns how many of the first columns are the application's; 0 for all
     */
    DualResultSet(ResultSet delegate, @Nullable Statement statement, RowChanges changes, int columns) {
        this.columns = columns;
        this.delegate = delegate;
        this.statement = statement;
        this.changes = changes;
    }

    final ResultSet delegate() {
        return delegate;
    }

    @Override
    public final String toString() {
        return delegate.toString();
    }

    /** Rows that come after these: the keys of a batch's next entry. */
    final void append(ResultSet rows) {
        Deque<ResultSet> known = further;
        if (known == null) {
            known = new ArrayDeque<>();
            further = known;
        }
        known.add(rows);
    }

    /** Of a statement's keys MariaDB's driver gives the first alone, however many rows were inserted. */
    final void giveFirstOnly() {
        firstOnly = true;
    }

    @Override
    public final boolean next() throws SQLException {
        boolean found = !(firstOnly && given) && delegate.next();
        given = true;
        Deque<ResultSet> known = further;
        while (!found && known != null && !known.isEmpty()) {
            delegate = known.removeFirst();
            found = delegate.next();
        }
        return found;
    }

    @Override
    public final void close() throws SQLException {
        delegate.close();
        if (statement instanceof AnsweringStatement) {
            ((AnsweringStatement) statement).closed(this);
        }
    }

    /** Asks the vendor's as well, so that a closed result set fails as it would with the bare driver. */
    @Override
    @SuppressWarnings("NullAway") // JDBC allows null for a result set that no statement made
    public final Statement getStatement() throws SQLException {
        Statement vendors = delegate.getStatement();
        return vendors == null ? null : statement;
    }

    @Override
    public final ResultSetMetaData getMetaData() throws SQLException {
        ResultSetMetaData vendors = delegate.getMetaData();
        return columns == 0 ? vendors : Proxies.resultSetMetaData(vendors, columns);
    }

    @Override
    public final int findColumn(String label) throws SQLException {
        int column = delegate.findColumn(label);
        if (columns > 0 && column > columns) {
            throw new SQLSyntaxErrorException("The result has no column " + label, "42703");
        }
        return column;
    }

    /** What the vendor refuses anyway, for the rows cannot be changed or are closed, it refuses in its own words. */
    private void requireAllowed(String operation) throws SQLException {
        boolean updatable;
        try {
            updatable = delegate.getConcurrency() == CONCUR_UPDATABLE;
        } catch (SQLException unknown) {
            updatable = !delegate.isClosed();
        }
        if (updatable) {
            changes.requireAllowed(operation);
        }
    }

    @Override
    public final void insertRow() throws SQLException {
        requireAllowed("insertRow");
        delegate.insertRow();
    }

    @Override
    public final void updateRow() throws SQLException {
        requireAllowed("updateRow");
        delegate.updateRow();
    }

    @Override
    public final void deleteRow() throws SQLException {
        requireAllowed("deleteRow");
        delegate.deleteRow();
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
