package io.dualwrite.dialect;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLInvalidAuthorizationSpecException;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What goes on at a MariaDB or MySQL server. */
final class MariaDbActivity {
    private static final int PROCESS_DENIED = 1227;
    private static final int NO_SUCH_SESSION = 1094;

    /** InnoDB writes times down by the clock of the server's machine, whatever zone the session shows. */
    private static final String BEGAN = "UNIX_TIMESTAMP(CONVERT_TZ(%s, 'SYSTEM', @@SESSION.time_zone))";

    private MariaDbActivity() {}

    static Instant now(Connection connection) throws SQLException {
        return Catalogue.query(connection, "SELECT UNIX_TIMESTAMP(SYSDATE(6))", rows -> instant(rows.getBigDecimal(1)))
                .get(0);
    }

    /**
     * The clock is read first: what begins afterwards is younger than the answer. InnoDB floors to seconds, and shows a list that may
     * be as old as the last look at it, unless nobody has looked for a tenth of a second.
     */
    static Instant oldestTransaction(Connection connection) throws SQLException {
        Instant now = now(connection);
        Catalogue.query(connection, "SELECT SLEEP(0.12)", rows -> rows.getInt(1));
        try {
            return Catalogue.query(
                            connection,
                            "SELECT " + String.format(Locale.ROOT, BEGAN, "MIN(trx_started)")
                                    + " FROM information_schema.innodb_trx"
                                    + " WHERE trx_mysql_thread_id <> CONNECTION_ID()",
                            rows -> {
                                Instant began = nullableInstant(rows, 1);
                                return began == null || began.isAfter(now) ? now : began;
                            })
                    .get(0);
        } catch (SQLException e) {
            if (e.getErrorCode() != PROCESS_DENIED) {
                throw e;
            }
            throw new SQLInvalidAuthorizationSpecException(
                    "user " + connection.getMetaData().getUserName()
                            + " may not see when others' transactions began; GRANT PROCESS ON *.* TO it",
                    SqlState.NO_RIGHT.code(),
                    e);
        }
    }

    static List<ServerSession> sessions(Connection connection) throws SQLException {
        String sessions = "SELECT p.id, p.user, '', COALESCE(p.host, ''), %s FROM information_schema.processlist p%s"
                + " WHERE p.db = DATABASE() AND p.id <> CONNECTION_ID() ORDER BY p.id";
        try {
            return Catalogue.query(
                    connection,
                    String.format(
                            Locale.ROOT,
                            sessions,
                            String.format(Locale.ROOT, BEGAN, "t.trx_started"),
                            " LEFT JOIN information_schema.innodb_trx t ON t.trx_mysql_thread_id = p.id"),
                    MariaDbActivity::session);
        } catch (SQLException e) {
            if (e.getErrorCode() != PROCESS_DENIED) {
                throw e;
            }
            return Catalogue.query(
                    connection, String.format(Locale.ROOT, sessions, "NULL", ""), MariaDbActivity::session);
        }
    }

    private static ServerSession session(ResultSet rows) throws SQLException {
        return new ServerSession(
                Catalogue.text(rows, 1),
                Catalogue.text(rows, 2),
                Catalogue.text(rows, 3),
                Catalogue.text(rows, 4),
                null,
                nullableInstant(rows, 5));
    }

    /** USER() names the host as the list of sessions does. */
    static String client(Connection connection) throws SQLException {
        return Catalogue.query(connection, "SELECT SUBSTRING_INDEX(USER(), '@', -1)", rows -> Catalogue.text(rows, 1))
                .get(0);
    }

    static void end(Connection connection, ServerSession session) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("KILL " + Long.parseLong(session.id));
        } catch (SQLException e) {
            if (e.getErrorCode() != NO_SUCH_SESSION) {
                throw e;
            }
        }
    }

    private static @Nullable Instant nullableInstant(ResultSet rows, int index) throws SQLException {
        BigDecimal seconds = rows.getBigDecimal(index);
        return seconds == null ? null : instant(seconds);
    }

    private static Instant instant(BigDecimal seconds) {
        return Instant.ofEpochSecond(0, seconds.movePointRight(9).longValue());
    }
}
