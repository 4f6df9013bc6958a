package io.dualwrite.copier.gate;

import io.dualwrite.dialect.OwnTables;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A run of the copier as a whole, as {@code dualwrite_copy} keeps it. Immutable.
 *
 * @param kind copy, freeze, sync, verify, repair or sequences
 * @param direction {@code up} or {@code down}
 * @param state running, done, partial (fine, but not over all tables), failed or dead
 * @param differences rows that differ
 * @param startedAt milliseconds by the server's clock
 * @param finishedAt milliseconds by the server's clock, or null
 */
public record RunRecord(
        String kind,
        String direction,
        String state,
        long differences,
        long startedAt,
        @Nullable Long finishedAt) {
    private static final int MOST = 500;

    /** The latest runs, the last to start first. */
    static List<RunRecord> read(Connection connection) throws SQLException {
        List<RunRecord> runs = new ArrayList<>();
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT kind, direction, state, differences, started_at, finished_at FROM "
                        + OwnTables.COPY + " WHERE table_name = '*' ORDER BY started_at DESC")) {
            statement.setMaxRows(MOST);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    long finishedAt = rows.getLong(6);
                    runs.add(new RunRecord(
                            rows.getString(1),
                            rows.getString(2),
                            rows.getString(3),
                            rows.getLong(4),
                            rows.getLong(5),
                            rows.wasNull() ? null : finishedAt));
                }
            }
        }
        return runs;
    }

    /** Whether it went over all tables and found or left no difference. */
    boolean clean() {
        return done() && differences == 0;
    }

    /** Whether it went over all tables to the end. */
    boolean done() {
        return state.equals("done") && finishedAt != null;
    }

    boolean is(String kindWanted, String directionWanted) {
        return kind.equals(kindWanted) && direction.equals(directionWanted);
    }
}
