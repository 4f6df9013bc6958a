package io.dualwrite.copier.diff;

import io.dualwrite.dialect.Dialect;
import java.sql.SQLException;
import java.util.Set;

/** What a failure of a write says about what helps. */
final class Faults {
    /** Also what a mender says itself when its window closed before it could commit. */
    private static final Set<String> AGAIN = Set.of("40001", "40P01", "57014", "70100");

    private static final Set<String> FOREIGN_KEY = Set.of("23503", "23506");
    private static final Set<Integer> MARIADB_FOREIGN_KEY = Set.of(1216, 1217, 1451, 1452);

    private Faults() {}

    /** Whether trying again helps; a cancel that came late may have hit a later statement. */
    static boolean isRetryable(Dialect dialect, SQLException failure) {
        return dialect.isRetryable(failure) || AGAIN.contains(String.valueOf(failure.getSQLState()));
    }

    /** Whether a row points to a row that is not there, or is pointed to. */
    static boolean isForeignKey(SQLException failure) {
        return FOREIGN_KEY.contains(String.valueOf(failure.getSQLState()))
                || ("23000".equals(failure.getSQLState()) && MARIADB_FOREIGN_KEY.contains(failure.getErrorCode()));
    }

    /** Whether the connection is lost, so that nothing more can be done over it. */
    static boolean isConnectionLost(SQLException failure) {
        return String.valueOf(failure.getSQLState()).startsWith("08");
    }
}
