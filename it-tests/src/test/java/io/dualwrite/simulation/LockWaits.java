package io.dualwrite.simulation;

import java.sql.SQLException;
import java.sql.SQLTransactionRollbackException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads what H2 says of a lock that another session holds. */
final class LockWaits {
    static final int UNKNOWN = -1;
    private static final int LOCK_TIMEOUT = 50200;
    private static final int DEADLOCK = 40001;
    private static final Pattern OWNER = Pattern.compile("is locked by tx (\\d+)");

    private LockWaits() {}

    static boolean isOne(SQLException failure) {
        return failure.getErrorCode() == LOCK_TIMEOUT;
    }

    /** The number of the transaction that holds the lock, as far as H2 says it. */
    static int owner(SQLException failure) {
        for (Throwable at = failure; at != null; at = at.getCause()) {
            Matcher owner = OWNER.matcher(String.valueOf(at.getMessage()));
            if (owner.find()) {
                return Integer.parseInt(owner.group(1));
            }
        }
        return UNKNOWN;
    }

    static SQLException deadlock() {
        return new SQLTransactionRollbackException("Deadlock detected", "40001", DEADLOCK);
    }
}
