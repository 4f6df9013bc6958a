package io.dualwrite.copier.ledger;

import io.dualwrite.dialect.OwnTables;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The marks of both sides, read before a repair and cleared after it (R15). Not thread-safe. */
final class Marks {
    private static final int ROWS_AT_A_TIME = 5_000;

    private Marks() {}

    /** The oldest marks, of both sides together, each once. */
    static List<Mark> read(Collection<Connection> connections) throws SQLException {
        Map<String, Mark> marks = new LinkedHashMap<>();
        for (Connection connection : connections) {
            try (Statement statement = connection.createStatement();
                    ResultSet rows = statement.executeQuery("SELECT id, seq, table_name, row_key, reason FROM "
                            + OwnTables.MARK + " WHERE table_name IS NOT NULL ORDER BY marked_at, id, seq LIMIT "
                            + ROWS_AT_A_TIME)) {
                while (rows.next()) {
                    Mark mark = new Mark(
                            rows.getString(1), rows.getInt(2), rows.getString(3), rows.getString(4), rows.getString(5));
                    marks.putIfAbsent(mark.id() + '/' + mark.seq(), mark);
                }
            } finally {
                connection.rollback();
            }
        }
        return new ArrayList<>(marks.values());
    }

    /** Clears exactly these marks, on both sides. */
    static void clear(Collection<Connection> connections, Collection<Mark> marks) throws SQLException {
        for (Connection connection : connections) {
            try (PreparedStatement statement =
                    connection.prepareStatement("DELETE FROM " + OwnTables.MARK + " WHERE id = ? AND seq = ?")) {
                for (Mark mark : marks) {
                    statement.setString(1, mark.id());
                    statement.setInt(2, mark.seq());
                    statement.addBatch();
                }
                if (!marks.isEmpty()) {
                    statement.executeBatch();
                }
                connection.commit();
            } catch (SQLException failure) {
                connection.rollback();
                throw failure;
            }
        }
    }
}
