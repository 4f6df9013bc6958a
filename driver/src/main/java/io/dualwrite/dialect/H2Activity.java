package io.dualwrite.dialect;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What goes on in an H2 database. */
final class H2Activity {
    /** Of a session that has written nothing yet, no more than its running statement is known. */
    private static final String BEGAN =
            "CASE WHEN CONTAINS_UNCOMMITTED THEN SESSION_START ELSE EXECUTING_STATEMENT_START END";

    private static final int GENERAL_ERROR = 50000;
    private static final int TRIES = 20;

    private H2Activity() {}

    /** H2 lists a session that is just being closed, and stumbles over it (2.2.224): the next look does not find it any more. */
    private static <T> List<T> sessions(Connection connection, String sql, Catalogue.RowReader<T> reader)
            throws SQLException {
        for (int left = TRIES; ; left--) {
            try {
                return Catalogue.query(connection, sql, reader);
            } catch (SQLException e) {
                if (e.getErrorCode() != GENERAL_ERROR || left == 1) {
                    throw e;
                }
            }
        }
    }

    /** CURRENT_TIMESTAMP stands still in a transaction; when the running statement began does not. */
    static Instant now(Connection connection) throws SQLException {
        List<Instant> now = sessions(
                connection,
                "SELECT EXECUTING_STATEMENT_START FROM INFORMATION_SCHEMA.SESSIONS WHERE SESSION_ID = SESSION_ID()",
                rows -> rows.getObject(1, OffsetDateTime.class).toInstant());
        return now.get(0);
    }

    /** The clock is read first: what begins afterwards is younger than the answer. */
    static Instant oldestTransaction(Connection connection) throws SQLException {
        Instant now = now(connection);
        List<Instant> oldest = sessions(
                connection,
                "SELECT MIN(" + BEGAN + ") FROM INFORMATION_SCHEMA.SESSIONS WHERE SESSION_ID <> SESSION_ID()",
                rows -> {
                    Instant began = nullableInstant(rows, 1);
                    return began == null || began.isAfter(now) ? now : began;
                });
        return oldest.get(0);
    }

    static List<ServerSession> sessions(Connection connection) throws SQLException {
        return sessions(
                connection,
                "SELECT SESSION_ID, USER_NAME, '', COALESCE(CLIENT_ADDR, 'local'), SESSION_START, " + BEGAN
                        + " FROM INFORMATION_SCHEMA.SESSIONS WHERE SESSION_ID <> SESSION_ID() ORDER BY SESSION_ID",
                rows -> new ServerSession(
                        Catalogue.text(rows, 1),
                        Catalogue.text(rows, 2),
                        Catalogue.text(rows, 3),
                        Catalogue.text(rows, 4),
                        nullableInstant(rows, 5),
                        nullableInstant(rows, 6)));
    }

    static String client(Connection connection) throws SQLException {
        return sessions(
                        connection,
                        "SELECT COALESCE(CLIENT_ADDR, 'local') FROM INFORMATION_SCHEMA.SESSIONS"
                                + " WHERE SESSION_ID = SESSION_ID()",
                        rows -> new ServerSession("", "", "", Catalogue.text(rows, 1), null, null).address())
                .get(0);
    }

    /** For an administrator alone. */
    static void end(Connection connection, ServerSession session) throws SQLException {
        Catalogue.query(
                connection, "SELECT ABORT_SESSION(" + Integer.parseInt(session.id) + ")", rows -> rows.getBoolean(1));
    }

    private static @Nullable Instant nullableInstant(ResultSet rows, int index) throws SQLException {
        OffsetDateTime time = rows.getObject(index, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }
}
