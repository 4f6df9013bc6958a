package io.dualwrite.copier.ledger;

import io.dualwrite.copier.plan.Direction;
import io.dualwrite.dialect.OwnTables;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads and writes {@code dualwrite_copy} over one connection, without committing. */
final class RunRows {
    private static final int LONGEST_KEY = 600;
    private static final int LONGEST_DETAIL = 1_000;
    private static final String COLUMNS = "table_name, state, watermark, last_key, rows_done, differences, detail";

    private RunRows() {}

    /** Writes the row; its start is the moment at which it is first written as running. */
    static void put(Connection connection, Run run, TableState state, boolean locked, long now, boolean finished)
            throws SQLException {
        String update = "UPDATE " + OwnTables.COPY
                + " SET state = ?, watermark = ?, last_key = ?, rows_done = ?, differences = ?, detail = ?, locked = ?,"
                + " touched_at = ?, finished_at = ? WHERE run = ? AND kind = ? AND table_name = ?";
        String insert = "INSERT INTO " + OwnTables.COPY
                + " (state, watermark, last_key, rows_done, differences, detail, locked, touched_at, finished_at,"
                + " run, kind, table_name, direction, started_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
        try (PreparedStatement statement = connection.prepareStatement(update)) {
            bind(statement, run, state, locked, now, finished);
            if (statement.executeUpdate() > 0) {
                return;
            }
        }
        try (PreparedStatement statement = connection.prepareStatement(insert)) {
            bind(statement, run, state, locked, now, finished);
            statement.setString(13, run.direction().word());
            statement.setLong(14, now);
            statement.executeUpdate();
        }
    }

    private static void bind(
            PreparedStatement statement, Run run, TableState state, boolean locked, long now, boolean finished)
            throws SQLException {
        String key = state.lastKey();
        statement.setString(1, state.state());
        statement.setString(2, state.watermark());
        statement.setString(3, key == null || key.length() > LONGEST_KEY ? null : key);
        statement.setLong(4, state.rows());
        statement.setLong(5, state.differences());
        statement.setString(6, cut(state.detail()));
        statement.setInt(7, locked ? 1 : 0);
        statement.setLong(8, now);
        if (finished) {
            statement.setLong(9, now);
        } else {
            statement.setNull(9, Types.BIGINT);
        }
        statement.setString(10, run.id());
        statement.setString(11, run.kind().word());
        statement.setString(12, state.table());
    }

    private static @Nullable String cut(@Nullable String detail) {
        return detail == null || detail.length() <= LONGEST_DETAIL ? detail : detail.substring(0, LONGEST_DETAIL);
    }

    /** Removes the run's row for a table, so that it starts anew. */
    static void remove(Connection connection, Run run, String table) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
                "DELETE FROM " + OwnTables.COPY + " WHERE run = ? AND kind = ? AND table_name = ?")) {
            statement.setString(1, run.id());
            statement.setString(2, run.kind().word());
            statement.setString(3, table);
            statement.executeUpdate();
        }
    }

    /** The id of another run of the kind and direction that gave a sign of life since, or null. */
    static @Nullable String alive(Connection connection, Run run, long since) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
                "SELECT run FROM " + OwnTables.COPY
                        + " WHERE kind = ? AND direction = ? AND state = ? AND table_name = ? AND run <> ? AND touched_at > ?")) {
            statement.setString(1, run.kind().word());
            statement.setString(2, run.direction().word());
            statement.setString(3, TableState.RUNNING);
            statement.setString(4, TableState.WHOLE);
            statement.setString(5, run.id());
            statement.setLong(6, since);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? row.getString(1) : null;
            }
        }
    }

    /** Says of the other runs of the kind and direction that they are dead. */
    static void bury(Connection connection, Run run) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("UPDATE " + OwnTables.COPY
                + " SET state = ? WHERE kind = ? AND direction = ? AND state = ? AND table_name = ? AND run <> ?")) {
            statement.setString(1, TableState.DEAD);
            statement.setString(2, run.kind().word());
            statement.setString(3, run.direction().word());
            statement.setString(4, TableState.RUNNING);
            statement.setString(5, TableState.WHOLE);
            statement.setString(6, run.id());
            statement.executeUpdate();
        }
    }

    /** Says that the run locks rows from now on. */
    static void lock(Connection connection, Run run) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
                "UPDATE " + OwnTables.COPY + " SET locked = 1 WHERE run = ? AND kind = ?")) {
            statement.setString(1, run.id());
            statement.setString(2, run.kind().word());
            statement.executeUpdate();
        }
    }

    /** Gives a sign of life. */
    static void touch(Connection connection, Run run, long now) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
                "UPDATE " + OwnTables.COPY + " SET touched_at = ? WHERE run = ? AND kind = ? AND table_name = ?")) {
            statement.setLong(1, now);
            statement.setString(2, run.id());
            statement.setString(3, run.kind().word());
            statement.setString(4, TableState.WHOLE);
            statement.executeUpdate();
        }
    }

    static @Nullable TableState last(Connection connection, RunKind kind, Direction direction, String table)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("SELECT " + COLUMNS + " FROM " + OwnTables.COPY
                + " WHERE kind = ? AND direction = ? AND table_name = ? ORDER BY touched_at DESC LIMIT 1")) {
            statement.setString(1, kind.word());
            statement.setString(2, direction.word());
            statement.setString(3, table);
            try (ResultSet row = statement.executeQuery()) {
                if (!row.next()) {
                    return null;
                }
                return new TableState(
                        row.getString(1),
                        row.getString(2),
                        row.getString(3),
                        row.getString(4),
                        row.getLong(5),
                        row.getLong(6),
                        row.getString(7));
            }
        }
    }

    /** Tables whose latest verification, repair, sync or freeze is a verification that found differences. */
    static List<String> differing(Connection connection, Direction direction) throws SQLException {
        List<String> tables = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement("SELECT c.table_name FROM " + OwnTables.COPY
                + " c WHERE c.kind = 'verify' AND c.differences > 0 AND c.table_name <> '*' AND c.finished_at ="
                + " (SELECT MAX(o.finished_at) FROM " + OwnTables.COPY + " o WHERE o.table_name = c.table_name"
                + " AND o.kind IN ('verify', 'repair', 'sync', 'freeze') AND o.direction = ?)"
                + " AND c.direction = ? ORDER BY c.table_name")) {
            statement.setString(1, direction.word());
            statement.setString(2, direction.word());
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    tables.add(rows.getString(1));
                }
            }
        }
        return tables.stream().distinct().toList();
    }
}
