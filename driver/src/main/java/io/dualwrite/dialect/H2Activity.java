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

    private H2Activity() {}

    /** CURRENT_TIMESTAMP stands still in a transaction; when the running statement began does not. */
    static Instant now(Connection connection) throws SQLException {
        List<Instant> now = Catalogue.query(
                connection,
                "SELECT EXECUTING_STATEMENT_START FROM INFORMATION_SCHEMA.SESSIONS WHERE SESSION_ID = SESSION_ID()",
                rows -> rows.getObject(1, OffsetDateTime.class).toInstant());
        return now.get(0);
    }

    /** The clock is read first: what begins afterwards is younger than the answer. */
    static Instant oldestTransaction(Connection connection) throws SQLException {
        Instant now = now(connection);
        List<Instant> oldest = Catalogue.query(
                connection,
                "SELECT MIN(" + BEGAN + ") FROM INFORMATION_SCHEMA.SESSIONS WHERE SESSION_ID <> SESSION_ID()",
                rows -> {
                    Instant began = nullableInstant(rows, 1);
                    return began == null || began.isAfter(now) ? now : began;
                });
        return oldest.get(0);
    }

    static List<ServerSession> sessions(Connection connection) throws SQLException {
        return Catalogue.query(
                connection,
                "SELECT SESSION_ID, USER_NAME, '', COALESCE(CLIENT_ADDR, 'local'), " + BEGAN
                        + " FROM INFORMATION_SCHEMA.SESSIONS WHERE SESSION_ID <> SESSION_ID() ORDER BY SESSION_ID",
                rows -> new ServerSession(
                        Catalogue.text(rows, 1),
                        Catalogue.text(rows, 2),
                        Catalogue.text(rows, 3),
                        Catalogue.text(rows, 4),
                        nullableInstant(rows, 5)));
    }

    private static @Nullable Instant nullableInstant(ResultSet rows, int index) throws SQLException {
        OffsetDateTime time = rows.getObject(index, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }
}
