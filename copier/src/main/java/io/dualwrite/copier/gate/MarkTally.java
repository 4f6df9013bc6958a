package io.dualwrite.copier.gate;

import io.dualwrite.dialect.OwnTables;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The marks of one side. Immutable.
 *
 * @param rows marked rows by table
 * @param whole the tables that are marked as a whole
 * @param oldestMillis how old the oldest mark is, by the server's clock
 */
public record MarkTally(Map<String, Long> rows, TreeSet<String> whole, long oldestMillis) {

    /** How old a mark may be that a write under way has made. */
    static final Duration YOUNG = Duration.ofSeconds(10);

    /** A write that cascades marks whole tables for the moment between its two commits, which is no reason to wait. */
    private static final String TALLY =
            "SELECT table_name, whole_table, under_way, SUM(row_count), MIN(marked_at) FROM (SELECT"
                    + " table_name, CASE WHEN row_key IS NULL THEN 1 ELSE 0 END AS whole_table,"
                    + " CASE WHEN reason = '" + OwnTables.IN_FLIGHT
                    + "' THEN 1 ELSE 0 END AS under_way, row_count, marked_at FROM " + OwnTables.MARK
                    + " WHERE seq >= 0) m"
                    + " GROUP BY table_name, whole_table, under_way";

    static MarkTally read(Connection connection, long nowMillis) throws SQLException {
        Map<String, Long> rows = new TreeMap<>();
        TreeSet<String> whole = new TreeSet<>();
        long oldest = nowMillis;
        try (PreparedStatement statement = connection.prepareStatement(TALLY);
                ResultSet found = statement.executeQuery()) {
            while (found.next()) {
                boolean underWay = found.getInt(3) == 1 && nowMillis - found.getLong(5) <= YOUNG.toMillis();
                if (found.getInt(2) == 1 && !underWay) {
                    whole.add(found.getString(1));
                } else {
                    rows.merge(found.getString(1), found.getLong(4), Long::sum);
                }
                oldest = Math.min(oldest, found.getLong(5));
            }
        }
        return new MarkTally(rows, whole, nowMillis - oldest);
    }

    /** The number of marked rows. */
    public long total() {
        return rows.values().stream().mapToLong(Long::longValue).sum();
    }

    /** Whether nothing is marked. */
    public boolean none() {
        return rows.isEmpty() && whole.isEmpty();
    }
}
