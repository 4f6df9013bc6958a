package io.dualwrite.fleet;

import io.dualwrite.ladder.Side;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The registry of one side together with a connection to it that is kept open while it works. For one thread at a time; the
 * lock of the object guards it.
 */
final class RegistryLink implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RegistryLink.class);

    /** A server that does not answer for this long counts as unreachable. */
    private static final int SILENT_MILLIS = 5_000;

    /** What is done in one short transaction. */
    interface Work<T> {
        T with(Connection connection) throws SQLException;
    }

    /** What is done in one short transaction, with nothing to give back. */
    interface Action {
        void with(Connection connection) throws SQLException;
    }

    final Registry registry;
    private final SideConnector connector;
    private @Nullable Connection open;

    RegistryLink(Side side, SideConnector connector, ServerClock clock) {
        registry = new Registry(side, clock);
        this.connector = connector;
    }

    Side side() {
        return registry.side();
    }

    /** Runs the work and commits. After a failure nothing of it is known to have happened, and the connection is gone. */
    synchronized <T> T transact(Work<T> work) throws SQLException {
        Connection connection = begin();
        try {
            T result = work.with(connection);
            connection.commit();
            return result;
        } catch (SQLException | RuntimeException e) {
            abandon(e);
            throw e;
        }
    }

    /** Like {@link #transact}. */
    synchronized void run(Action action) throws SQLException {
        transact(connection -> {
            action.with(connection);
            return true;
        });
    }

    /** The connection, in the transaction that begins with its next statement. */
    synchronized Connection begin() throws SQLException {
        Connection connection = open;
        if (connection != null) {
            return connection;
        }
        connection = connector.connect(side());
        try {
            // First, for what comes next asks the server already.
            try {
                connection.setNetworkTimeout(Runnable::run, SILENT_MILLIS);
            } catch (SQLFeatureNotSupportedException e) {
                LOG.debug("The driver of {} bounds no network waits", side().word(), e);
            }
            connection.setAutoCommit(false);
            connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
        } catch (SQLException | RuntimeException e) {
            connection.close();
            throw e;
        }
        open = connection;
        return connection;
    }

    /** Whether it has a connection: none before its first work, and none after one that failed. */
    synchronized boolean isOpen() {
        return open != null;
    }

    /** Rolls back by closing, so that whatever the failure has left behind on the session is gone. */
    synchronized void abandon(Exception failure) {
        try {
            Connection connection = open;
            if (connection != null) {
                try {
                    connection.rollback();
                } finally {
                    connection.close();
                }
            }
        } catch (SQLException e) {
            failure.addSuppressed(e);
        } finally {
            open = null;
        }
    }

    @Override
    public synchronized void close() {
        Connection connection = open;
        open = null;
        if (connection != null) {
            try {
                connection.close();
            } catch (SQLException e) {
                LOG.debug("Closing the registry's connection to {} failed", side().word(), e);
            }
        }
    }
}
