package io.dualwrite.mirror;

import io.dualwrite.dialect.Dialect;
import io.dualwrite.dialect.SqlState;
import io.dualwrite.ladder.Rung;
import io.dualwrite.ladder.Side;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransactionRollbackException;
import java.sql.SQLTransientConnectionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The exceptions that mirroring raises: what failed, where, and what it means for the transaction. */
public final class Faults {
    static final Logger LOG = LoggerFactory.getLogger("io.dualwrite.mirror");

    private Faults() {}

    /** A failure for the log: vendors put values into their messages, so those stay out of it. */
    static String described(SQLException failure) {
        String state = failure.getSQLState();
        if (state == null || isTooLate(failure)) {
            return failure.getClass() == SQLException.class
                    ? String.valueOf(failure.getMessage())
                    : failure.getClass().getSimpleName();
        }
        return failure.getClass().getSimpleName() + " with SQLSTATE " + state + " and code " + failure.getErrorCode();
    }

    /** What is done to each of several. */
    public interface Action<T> {
        void on(T one) throws SQLException;
    }

    /**
     * Does it to each, whatever fails with the others.
     *
     * @throws SQLException the first failure, with the further ones added to it
     */
    public static <T> void onEach(Iterable<T> all, Action<? super T> action) throws SQLException {
        SQLException failed = null;
        for (T one : all) {
            try {
                action.on(one);
            } catch (SQLException e) {
                if (failed == null) {
                    failed = e;
                } else {
                    failed.addSuppressed(e);
                }
            }
        }
        if (failed != null) {
            throw failed;
        }
    }

    /** The statement is refused on this rung and nothing was written; SQLSTATE 0A000. */
    public static SQLException refused(String reason) {
        return new SQLFeatureNotSupportedException(reason, SqlState.REFUSED.code());
    }

    /**
     * Both sides were rolled back because one failed while both must succeed; SQLSTATE 40001 where trying again helps, else 40000.
     * A cause without a state is no vendor's: rows differed, and trying again helps.
     */
    static SQLException rolledBack(Rung rung, String what, @Nullable SQLException cause, @Nullable Dialect dialect) {
        boolean retry = cause != null
                && (cause.getSQLState() == null
                        || isTooLate(cause)
                        || SqlState.TRY_AGAIN.is(cause)
                        || dialect != null && dialect.isRetryable(cause));
        SqlState state = retry ? SqlState.TRY_AGAIN : SqlState.ROLLED_BACK;
        return new SQLTransactionRollbackException(
                what + " while both databases must succeed (" + rung + "); both were rolled back"
                        + (cause == null ? "" : ": " + cause.getMessage()),
                state.code(),
                cause);
    }

    /** The migration went on without this instance, whose transaction is rolled back on both sides (R29); SQLSTATE 40000. */
    static SQLException passedBy(String instance, long epoch, Side side, SQLException cause) {
        return new SQLTransactionRollbackException(
                "Instance " + instance + " knows epoch " + epoch + " of the migration, and a later one has begun on "
                        + side.word()
                        + " without it; nothing was committed. Its next heartbeat says whether it may go on; if it"
                        + " says not, restart it",
                SqlState.ROLLED_BACK.code(),
                cause);
    }

    /** The mirror cannot be reached while both must succeed; nothing was written; SQLSTATE 08001. */
    static SQLException unreachable(Rung rung, SQLException cause) {
        return new SQLNonTransientConnectionException(
                away(rung, rung.mirror()) + "; nothing was written: " + cause.getMessage(),
                SqlState.CANNOT_CONNECT.code(),
                cause);
    }

    /**
     * What the application gets where it could not be connected to a side: the vendor's own exception, but where both sides must
     * succeed and the side is away one of the same JDBC class and state that says first what this means.
     */
    static SQLException notConnected(Rung rung, Side side, SQLException failure) {
        if (!rung.strict() || !isAway(failure)) {
            return failure;
        }
        String message = away(rung, side) + ": " + failure.getMessage();
        String state = failure.getSQLState();
        int code = failure.getErrorCode();
        if (failure instanceof SQLNonTransientConnectionException) {
            return new SQLNonTransientConnectionException(message, state, code, failure);
        }
        if (failure instanceof SQLTransientConnectionException) {
            return new SQLTransientConnectionException(message, state, code, failure);
        }
        return failure instanceof SQLRecoverableException
                ? new SQLRecoverableException(message, state, code, failure)
                : new SQLException(message, state, code, failure);
    }

    /** A server that answers and lets nobody in, with SQLSTATE 08004 or for a wrong password, is there. */
    private static boolean isAway(SQLException failure) {
        String state = String.valueOf(failure.getSQLState());
        return !SqlState.NOT_ADMITTED.is(failure)
                && (failure instanceof SQLNonTransientConnectionException
                        || failure instanceof SQLTransientConnectionException
                        || failure instanceof SQLRecoverableException
                        || state.startsWith("08")
                        || state.equals("57P03"));
    }

    private static String away(Rung rung, Side side) {
        String retreat = side == Side.NEW
                ? ", or" + (rung.newWins() ? " while an instance stands on " + Rung.STRICT_READ_NEW : "")
                        + " run dualwrite retreat, which takes every instance to 3"
                : rung.dualReadsNew()
                        ? ", or where every instance reads new run dualwrite retreat --to 5, which goes on without it"
                        : "";
        return capital(side) + " cannot be reached while the fleet crosses (" + rung
                + "), where both databases must succeed; bring it back" + retreat;
    }

    /** One side has committed, the other did not or is unknown (R11); SQLSTATE 08007. */
    static SQLException unknown(Rung rung, String mark, @Nullable SQLException cause) {
        return new SQLNonTransientConnectionException(
                capital(rung.authority()) + " has committed and "
                        + rung.mirror().word() + "'s commit is unknown (" + rung + "); the rows are marked as " + mark
                        + (cause == null ? "" : ": " + cause.getMessage()),
                SqlState.RESOLUTION_UNKNOWN.code(),
                cause);
    }

    static String capital(Side side) {
        return side == Side.OLD ? "Old" : "New";
    }

    /** The authority's transaction had failed, and would take a COMMIT all the same; SQLSTATE 40000. */
    static SQLException hadFailed(Rung now) {
        return new SQLTransactionRollbackException(
                "The transaction had failed on " + now.authority().word() + "; both databases were rolled back",
                SqlState.ROLLED_BACK.code());
    }

    /** The schema was changed on old alone, and new, which both must follow or which is the authority, has refused it; SQLSTATE 08007. */
    static SQLException halfDefined(Rung rung, String what, SQLException cause) {
        return new SQLNonTransientConnectionException(
                what + " succeeded on old and failed on new (" + rung + ", " + described(cause)
                        + "); make the change on new by hand, or take it back on old",
                SqlState.RESOLUTION_UNKNOWN.code(),
                cause);
    }

    /** The transaction has failed on the mirror; only a rollback is accepted; SQLSTATE 40001 where trying it again helps, else 25000. */
    static SQLException failedEarlier(Rung rung, SQLException cause) {
        // As of a deadlock, whose victim the vendors' own drivers tell so.
        boolean retry = String.valueOf(cause.getSQLState()).startsWith("40") && !SqlState.ROLLED_BACK.is(cause);
        return new SQLTransactionRollbackException(
                "The transaction failed on " + rung.mirror().word() + ", where "
                        + rung.authority().word() + " had succeeded; roll it back: " + cause.getMessage(),
                (retry ? SqlState.TRY_AGAIN : SqlState.TRANSACTION_FAILED).code(),
                cause);
    }

    /** The mirror did not answer within its budget; SQLSTATE 57014, as for a statement that a server has cancelled. */
    static SQLException tooLate(String what, long millis) {
        return new SQLException(
                what + " took longer than the " + millis + " ms left of mirror.budget", SqlState.TOO_LATE.code());
    }

    /** Whether the failure is one of {@link #tooLate}, or a vendor's that says the same. */
    static boolean isTooLate(SQLException failure) {
        return SqlState.TOO_LATE.is(failure);
    }
}
