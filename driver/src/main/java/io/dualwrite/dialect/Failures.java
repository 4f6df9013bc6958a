package io.dualwrite.dialect;

import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientConnectionException;
import java.util.function.Predicate;

/** What failures of all vendors have in common. */
final class Failures {
    private static final int DEEPEST = 20;

    private Failures() {}

    /** Whether the condition holds for the failure, or for one that it carries: a batch wraps what happened. */
    static boolean any(SQLException failure, Predicate<SQLException> condition) {
        Throwable at = failure;
        for (int depth = 0; at != null && depth < DEEPEST; depth++) {
            SQLException sql = at instanceof SQLException ? (SQLException) at : null;
            if (sql != null && condition.test(sql)) {
                return true;
            }
            at = sql != null && sql.getNextException() != null ? sql.getNextException() : at.getCause();
        }
        return false;
    }

    static boolean hasState(SQLException failure, String state) {
        return state.equals(failure.getSQLState());
    }

    /**
     * Whether the connection is gone: by class 08, or by JDBC's own exceptions for it where the state says nothing of its own.
     * MariaDB's driver raises such an exception for a parameter that is not set, with its true state beside it.
     */
    static boolean isConnectionLost(SQLException failure) {
        String state = failure.getSQLState();
        if (state != null && !state.startsWith("HY")) {
            return state.startsWith("08");
        }
        return failure instanceof SQLNonTransientConnectionException
                || failure instanceof SQLTransientConnectionException
                || failure instanceof SQLRecoverableException;
    }
}
