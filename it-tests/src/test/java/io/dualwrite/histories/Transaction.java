package io.dualwrite.histories;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Set;
import javax.sql.DataSource;

/**
 * One transaction of an application that does not try again, and what it may conclude from how it ended: before the commit
 * was asked for nothing can have been written, and after that only an error which says so means that nothing was.
 */
final class Transaction {
    /** Classes of SQLSTATE by which a server refuses: rolled back, not available, constraint, lock or time out of reach. */
    private static final Set<String> REFUSALS = Set.of("0A", "23", "25", "40", "55");

    private static final String NOT_CONNECTED = "08001";

    private final DataSource pool;

    Transaction(DataSource pool) {
        this.pool = pool;
    }

    /** The statements of a transaction. */
    interface Work {
        /** Returns what the client is told if the commit succeeds; a failure ends the transaction without a commit. */
        Outcome run(Connection connection) throws SQLException;
    }

    /** Several statements and a commit. */
    Outcome run(Work work) {
        return onConnection(connection -> {
            connection.setAutoCommit(false);
            Outcome outcome;
            try {
                outcome = work.run(connection);
            } catch (SQLException e) {
                connection.rollback();
                return failed(e);
            }
            if (outcome instanceof Outcome.Failed) {
                connection.rollback();
                return outcome;
            }
            try {
                connection.commit();
                return outcome;
            } catch (SQLException e) {
                return afterCommit(e);
            }
        });
    }

    /** One statement that commits by itself. */
    Outcome runAlone(Work work) {
        return onConnection(connection -> {
            try {
                return work.run(connection);
            } catch (SQLException e) {
                return afterCommit(e);
            }
        });
    }

    /** What is raised on the way to a connection, or by a rollback, leaves nothing written; a close that fails changes nothing. */
    private Outcome onConnection(Work work) {
        Outcome outcome = null;
        try (Connection connection = pool.getConnection()) {
            outcome = work.run(connection);
            return outcome;
        } catch (SQLException e) {
            return outcome == null ? failed(e) : outcome;
        }
    }

    private static Outcome afterCommit(SQLException e) {
        String state = String.valueOf(e.getSQLState());
        boolean refused =
                state.equals(NOT_CONNECTED) || state.length() == 5 && REFUSALS.contains(state.substring(0, 2));
        return refused ? failed(e) : new Outcome.Unknown(described(e));
    }

    private static Outcome failed(SQLException e) {
        return new Outcome.Failed(described(e));
    }

    private static String described(SQLException e) {
        return e.getSQLState() + " " + e.getMessage();
    }
}
