package io.dualwrite.jdbc;

import io.dualwrite.dialect.SqlState;
import io.dualwrite.mirror.DualTransaction;
import io.dualwrite.mirror.Leg;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import javax.sql.ConnectionEvent;
import javax.sql.ConnectionEventListener;
import javax.sql.PooledConnection;
import javax.sql.StatementEventListener;
import org.jspecify.annotations.Nullable;

/**
 * The legs of one connection, lent through one handle after another (JDBC 4.3, section 11.4). A handle that comes back is rolled
 * back and set to autocommit; a new one takes the place of one that is still out. Used by one thread at a time, its listeners
 * apart.
 */
final class LentConnection implements PooledConnection {
    private final DualTransaction transaction;
    private final Function<Runnable, Connection> handles;
    private final List<ConnectionEventListener> listeners = new CopyOnWriteArrayList<>();
    private @Nullable Connection lent;
    private boolean taken;
    private boolean closed;
    /** Whether the listeners know that nothing can be done with the legs. */
    private volatile boolean broken;

    /** Legs that are open; the function makes a handle that runs what it is given when it is closed. */
    LentConnection(DualTransaction transaction, Function<Runnable, Connection> handles) {
        this.transaction = transaction;
        this.handles = handles;
        transaction.watch(this::tellWhereBroken);
    }

    /**
     * Lends the legs.
     *
     * @throws SQLException SQLSTATE 08003 if they are closed
     */
    @Override
    public Connection getConnection() throws SQLException {
        if (closed || transaction.isAborted()) {
            throw new SQLNonTransientConnectionException(
                    "The pooled connection is " + (closed ? "closed" : "aborted"), SqlState.CONNECTION_CLOSED.code());
        }
        Connection out = lent;
        if (out != null) {
            taken = true;
            try {
                out.close();
            } finally {
                taken = false;
            }
        }
        Connection handle = handles.apply(this::cameBack);
        lent = handle;
        return handle;
    }

    private void cameBack() {
        lent = null;
        SQLException failed = null;
        try {
            boolean rests = transaction.turn.stepIfFree(() -> {
                if (transaction.manual()) {
                    transaction.rollback();
                    transaction.autoCommit(true);
                }
                // What a borrower was warned of is no other's affair.
                Leg read = transaction.legs.existing(transaction.rung().reads());
                if (read != null && !read.connection.isClosed()) {
                    read.connection.clearWarnings();
                }
            });
            if (!rests) {
                failed = new SQLNonTransientConnectionException(
                        "The connection came back while a statement of another thread's was under way",
                        SqlState.CONNECTION_CLOSED.code());
            }
        } catch (SQLException e) {
            failed = e;
        }
        if (failed != null) {
            tellBroken(failed);
        }
        tellWhereBroken();
        if (!broken && !taken) {
            for (ConnectionEventListener listener : listeners) {
                listener.connectionClosed(new ConnectionEvent(this));
            }
        }
    }

    /** The listeners hear of a fatal error before the application does. */
    private void tellWhereBroken() {
        if (transaction.isAborted()) {
            tellBroken(new SQLNonTransientConnectionException(
                    "The connection was aborted", SqlState.CONNECTION_CLOSED.code()));
            return;
        }
        Leg read = transaction.legs.existing(transaction.rung().reads());
        try {
            if (read != null && read.connection.isClosed()) {
                tellBroken(new SQLNonTransientConnectionException(
                        "The connection to " + read.side.word() + ", which is read, is gone",
                        SqlState.CONNECTION_CLOSED.code()));
            }
        } catch (SQLException e) {
            tellBroken(e);
        }
    }

    private void tellBroken(SQLException failure) {
        if (broken || closed) {
            return;
        }
        broken = true;
        for (ConnectionEventListener listener : listeners) {
            listener.connectionErrorOccurred(new ConnectionEvent(this, failure));
        }
    }

    /** Closes the legs; what is open is rolled back, and a handle that is still out is closed. */
    @Override
    public void close() throws SQLException {
        if (closed) {
            return;
        }
        closed = true;
        Connection out = lent;
        try {
            if (out != null) {
                taken = true;
                out.close();
            }
        } finally {
            transaction.close();
        }
    }

    @Override
    public void addConnectionEventListener(ConnectionEventListener listener) {
        listeners.add(listener);
    }

    @Override
    public void removeConnectionEventListener(ConnectionEventListener listener) {
        listeners.remove(listener);
    }

    /** Statements are not pooled here, so that there is nothing to tell. */
    @Override
    public void addStatementEventListener(StatementEventListener listener) {}

    @Override
    public void removeStatementEventListener(StatementEventListener listener) {}
}
