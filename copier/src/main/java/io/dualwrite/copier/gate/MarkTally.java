package io.dualwrite.copier.gate;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
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

    static MarkTally read(Connection connection, long nowMillis) throws SQLException {
        Map<String, Long> rows = new TreeMap<>();
        TreeSet<String> whole = new TreeSet<>();
        long oldest = nowMillis;
        try (PreparedStatement statement =
                        connection.prepareStatement("SELECT table_name, CASE WHEN row_key IS NULL THEN 1"
                                + " ELSE 0 END AS whole_table, COUNT(*), MIN(marked_at) FROM dualwrite_mark"
                                + " WHERE seq >= 0 GROUP BY table_name, CASE WHEN row_key IS NULL THEN 1 ELSE 0 END");
                ResultSet found = statement.executeQuery()) {
            while (found.next()) {
                if (found.getInt(2) == 1) {
                    whole.add(found.getString(1));
                } else {
                    rows.put(found.getString(1), found.getLong(3));
                }
                oldest = Math.min(oldest, found.getLong(4));
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
