package io.dualwrite.copier.ledger;

import io.dualwrite.dialect.MarkedKeys;
import io.dualwrite.dialect.OwnTables;
import io.dualwrite.ladder.Side;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The marks of both sides, read before a repair and cleared after it (R15). Not thread-safe. */
final class Marks {
    private static final int ROWS_AT_A_TIME = 5_000;
    private static final String WITH_ID_AND_SEQ = " WHERE id = ? AND seq = ?";

    private Marks() {}

    /**
     * The oldest marks of both sides.
     *
     * @param beyond how many of each side's shall be read on top, for the caller knows so many and can do nothing about them
     */
    static List<Mark> read(Map<Side, Connection> connections, int beyond) throws SQLException {
        return read(connections, "", " LIMIT " + (ROWS_AT_A_TIME + beyond));
    }

    /** When the newest mark was made, or 0. */
    static long newest(Map<Side, Connection> connections) throws SQLException {
        long newest = 0;
        for (Connection connection : connections.values()) {
            try (PreparedStatement statement = connection.prepareStatement(
                            "SELECT MAX(marked_at) FROM " + OwnTables.MARK + " WHERE seq >= 0");
                    ResultSet row = statement.executeQuery()) {
                newest = row.next() ? Math.max(newest, row.getLong(1)) : newest;
            } finally {
                connection.rollback();
            }
        }
        return newest;
    }

    /** All marks of whole tables, however many marks of rows lie before them: there are few of them by their nature. */
    static List<Mark> ofTables(Map<Side, Connection> connections) throws SQLException {
        return read(connections, " AND row_key IS NULL", "");
    }

    private static List<Mark> read(Map<Side, Connection> connections, String which, String most) throws SQLException {
        List<Mark> marks = new ArrayList<>();
        for (Map.Entry<Side, Connection> side : connections.entrySet()) {
            Connection connection = side.getValue();
            try (PreparedStatement statement = connection.prepareStatement(
                            "SELECT id, seq, table_name, row_key, reason, marked_at FROM " + OwnTables.MARK
                                    + " WHERE seq >= 0" + which + " ORDER BY marked_at, id, seq" + most);
                    ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    String keys = rows.getString(4);
                    marks.add(new Mark(
                            side.getKey(),
                            rows.getString(1),
                            rows.getInt(2),
                            rows.getString(3),
                            keys == null ? List.of() : MarkedKeys.split(keys),
                            rows.getString(5),
                            rows.getLong(6)));
                }
            } finally {
                connection.rollback();
            }
        }
        return marks;
    }

    /** Clears exactly these marks where they lie, as they were read, and the ids that their own transactions left on the other side. */
    static void clear(Map<Side, Connection> connections, Collection<Mark> marks) throws SQLException {
        for (Map.Entry<Side, Connection> side : connections.entrySet()) {
            Connection connection = side.getValue();
            try {
                clearMarks(connection, side.getKey(), marks);
                connection.commit();
                Set<String> elsewhere = new LinkedHashSet<>();
                marks.stream().filter(mark -> mark.side() != side.getKey()).forEach(mark -> elsewhere.add(mark.id()));
                clearIds(connection, elsewhere, " AND instance <> '" + Ends.REPAIR + "'");
                connection.commit();
            } catch (SQLException failure) {
                connection.rollback();
                throw failure;
            }
        }
    }

    private static void clearMarks(Connection connection, Side side, Collection<Mark> marks) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("DELETE FROM " + OwnTables.MARK + WITH_ID_AND_SEQ + " AND marked_at = ?")) {
            boolean any = false;
            for (Mark mark : marks) {
                if (mark.side() == side) {
                    statement.setString(1, mark.id());
                    statement.setInt(2, mark.seq());
                    statement.setLong(3, mark.markedAt());
                    statement.addBatch();
                    any = true;
                }
            }
            if (any) {
                statement.executeBatch();
            }
        }
    }

    static void clearIds(Connection connection, Collection<String> ids, String and) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("DELETE FROM " + OwnTables.MARK + WITH_ID_AND_SEQ + and)) {
            for (String id : ids) {
                statement.setString(1, id);
                statement.setInt(2, OwnTables.ID_ALONE);
                statement.addBatch();
            }
            if (!ids.isEmpty()) {
                statement.executeBatch();
            }
        }
    }
}
