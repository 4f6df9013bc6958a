package io.dualwrite.dialect;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLInvalidAuthorizationSpecException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What goes on at a PostgreSQL server. */
final class PostgresActivity {
    private static final String OTHERS =
            " FROM pg_stat_activity WHERE datname = current_database()" + " AND pid <> pg_backend_pid()";

    /** Of a session that the user may not see, state is NULL; its locks show nevertheless that a transaction is open. */
    private static final String HIDDEN =
            "SELECT usename" + OTHERS + " AND state IS NULL AND xact_start IS NULL AND backend_type IS NULL"
                    + " AND EXISTS (SELECT 1 FROM pg_locks l WHERE l.pid = pg_stat_activity.pid"
                    + " AND l.locktype = 'virtualxid')";

    private PostgresActivity() {}

    static Instant now(Connection connection) throws SQLException {
        return Catalogue.query(connection, "SELECT clock_timestamp()", rows -> instant(rows, 1))
                .get(0);
    }

    /** The clock is read first: what begins afterwards is younger than the answer. */
    static Instant oldestTransaction(Connection connection) throws SQLException {
        Instant now = now(connection);
        List<String> hidden = Catalogue.query(connection, HIDDEN, rows -> Catalogue.text(rows, 1));
        if (!hidden.isEmpty()) {
            throw new SQLInvalidAuthorizationSpecException(
                    "user " + connection.getMetaData().getUserName() + " may not see when transactions of "
                            + String.join(", ", hidden) + " began; GRANT pg_read_all_stats TO it",
                    SqlState.NO_RIGHT.code());
        }
        List<Instant> oldest = Catalogue.query(
                connection,
                "SELECT LEAST((SELECT MIN(xact_start)" + OTHERS + " AND backend_type NOT IN ('autovacuum worker',"
                        + " 'walsender')), (SELECT MIN(prepared) FROM pg_prepared_xacts"
                        + " WHERE database = current_database()))",
                rows -> {
                    Instant began = nullableInstant(rows, 1);
                    return began == null || began.isAfter(now) ? now : began;
                });
        return oldest.get(0);
    }

    static List<ServerSession> sessions(Connection connection) throws SQLException {
        return Catalogue.query(
                connection,
                "SELECT pid, usename, application_name, CASE WHEN backend_type IS NULL THEN '"
                        + ServerSession.HIDDEN
                        + "' ELSE COALESCE(host(client_addr) || ':' || client_port, 'local') END,"
                        + " backend_start, xact_start" + OTHERS
                        + " AND (backend_type = 'client backend' OR backend_type IS NULL)"
                        + " ORDER BY pid",
                rows -> new ServerSession(
                        Catalogue.text(rows, 1),
                        Catalogue.text(rows, 2),
                        Catalogue.text(rows, 3),
                        Catalogue.text(rows, 4),
                        nullableInstant(rows, 5),
                        nullableInstant(rows, 6)));
    }

    static String client(Connection connection) throws SQLException {
        return Catalogue.query(
                        connection,
                        "SELECT COALESCE(host(inet_client_addr()), 'local')",
                        rows -> Catalogue.text(rows, 1))
                .get(0);
    }

    static void end(Connection connection, ServerSession session) throws SQLException {
        Catalogue.query(
                connection,
                "SELECT pg_terminate_backend(" + Integer.parseInt(session.id) + ")",
                rows -> rows.getBoolean(1));
    }

    private static Instant instant(ResultSet rows, int index) throws SQLException {
        return rows.getObject(index, OffsetDateTime.class).toInstant();
    }

    private static @Nullable Instant nullableInstant(ResultSet rows, int index) throws SQLException {
        OffsetDateTime time = rows.getObject(index, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }
}
