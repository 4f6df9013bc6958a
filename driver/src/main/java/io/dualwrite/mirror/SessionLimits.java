package io.dualwrite.mirror;

import io.dualwrite.config.Settings;
import io.dualwrite.dialect.Dialect;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.Executor;

/**
 * How long a leg's session waits, and what its isolation is, by its role (R5, R27). What the application has set is kept meanwhile, and
 * is in force again when the role ends. Used by one thread at a time, as its leg.
 */
final class SessionLimits {
    private static final int UNKNOWN = -1;

    private final Leg leg;
    private final Connection connection;
    private final Dialect dialect;
    private LegRole role = LegRole.APPLICATION;
    /** What the application has set, while the session has another isolation for its role; else {@link #UNKNOWN}. */
    private int applicationIsolation = UNKNOWN;
    /** The session's isolation, or {@link #UNKNOWN}. */
    private int isolation = UNKNOWN;
    /** Whether a text may have set it since the leg took up its role. */
    private boolean isolationInDoubt;
    /** What the application has set, in milliseconds, while the session mirrors. */
    private int applicationNetworkTimeout;

    SessionLimits(Leg leg) {
        this.leg = leg;
        this.connection = leg.connection;
        this.dialect = leg.dialect;
    }

    boolean plays(LegRole wanted) {
        return role == wanted;
    }

    /** Whether the session is as one has to be that nobody reads. */
    boolean isUnread() {
        return role.isUnread();
    }

    /** Whether {@link #play} would do nothing. */
    boolean stays(LegRole wanted) {
        return role == wanted && !(role.isUnread() && isolationInDoubt);
    }

    /** Gives the session the limits of the role; between transactions only. */
    void play(LegRole wanted, Settings settings) throws SQLException {
        if (stays(wanted)) {
            return;
        }
        leg.autoCommit(true);
        if (role == wanted) {
            takeIsolation();
            return;
        }
        endRole();
        if (wanted.isUnread()) {
            takeIsolation();
        }
        bound(wanted, settings);
        if (wanted == LegRole.MIRROR) {
            applicationNetworkTimeout = connection.getNetworkTimeout();
            connection.setNetworkTimeout(Runnable::run, (int)
                    settings.mirrorStatement.plus(settings.mirrorBudget).toMillis());
        }
        role = wanted;
    }

    private void bound(LegRole wanted, Settings settings) throws SQLException {
        if (wanted == LegRole.READ_SECOND) {
            dialect.boundLocks(connection, settings.mirrorLock);
        } else if (wanted == LegRole.MIRROR) {
            dialect.boundWaits(connection, settings.mirrorLock, settings.mirrorStatement);
        }
    }

    /** Runs a text that may set the session's limits for the application, which has them when the role ends. */
    <T> T unbounded(OnLeg<T> statement, Settings settings) throws SQLException {
        if (role != LegRole.READ_SECOND && role != LegRole.MIRROR) {
            return statement.run(leg);
        }
        dialect.unboundWaits(connection);
        T answer;
        try {
            answer = statement.run(leg);
        } catch (SQLException e) {
            try {
                bound(role, settings);
            } catch (SQLException further) {
                // Of a transaction that has failed, whose rollback undoes both.
                e.addSuppressed(further);
            }
            throw e;
        }
        bound(role, settings);
        return answer;
    }

    private void endRole() throws SQLException {
        isolation = UNKNOWN;
        if (role != LegRole.APPLICATION) {
            dialect.unboundWaits(connection);
        }
        if (role == LegRole.MIRROR) {
            connection.setNetworkTimeout(Runnable::run, applicationNetworkTimeout);
        }
        if (role.isUnread()) {
            restoreIsolation();
        }
    }

    /** Keeps what the application has set for when the role ends, and reads what is committed until then (R27). */
    private void takeIsolation() throws SQLException {
        applicationIsolation = dialect.isolation(connection);
        if (applicationIsolation != Connection.TRANSACTION_READ_COMMITTED) {
            connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
        }
        isolationInDoubt = false;
    }

    private void restoreIsolation() throws SQLException {
        if (applicationIsolation > 0 && dialect.isolation(connection) != applicationIsolation) {
            connection.setTransactionIsolation(applicationIsolation);
        }
        applicationIsolation = UNKNOWN;
    }

    /**
     * The application sets its isolation: a session that nobody reads takes it on when its role ends.
     *
     * @param level one of {@link Connection}'s
     */
    void setIsolation(int level) throws SQLException {
        if (role.isUnread()) {
            applicationIsolation = level;
        } else {
            connection.setTransactionIsolation(level);
            isolation = UNKNOWN;
        }
    }

    /** The application sets its network timeout, in milliseconds: a mirror takes it on when its role ends. */
    void setNetworkTimeout(Executor executor, int millis) throws SQLException {
        if (role == LegRole.MIRROR) {
            applicationNetworkTimeout = millis;
        } else {
            connection.setNetworkTimeout(executor, millis);
        }
    }

    /** Whether transactions of the session run SERIALIZABLE; asked once, until something may have changed it. */
    boolean isSerializable() throws SQLException {
        if (isolation == UNKNOWN) {
            isolation = dialect.isolation(connection);
        }
        return isolation == Connection.TRANSACTION_SERIALIZABLE;
    }

    /** A text has perhaps set the isolation. */
    void forgetIsolation() {
        isolation = UNKNOWN;
        isolationInDoubt = true;
    }
}
