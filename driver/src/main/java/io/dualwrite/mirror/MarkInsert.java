package io.dualwrite.mirror;

import io.dualwrite.dialect.OwnTables;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The INSERT of a mark's rows in a leg's open transaction, some dozens in a statement. Used once, by whoever uses the leg. */
final class MarkInsert {
    private static final int ROWS_A_STATEMENT = 50;
    private static final int LONGEST_REASON = 400;

    private final Leg leg;
    private final String instance;
    private final long epoch;
    private final @Nullable String unlessPassedBy;
    private final String end;

    /**
     * @param unlessPassedBy the expression of an id that goes in at the current epoch only, or null where any will do
     * @param end what stands behind the last statement
     */
    MarkInsert(Leg leg, String instance, long epoch, @Nullable String unlessPassedBy, String end) {
        this.leg = leg;
        this.instance = instance;
        this.epoch = epoch;
        this.unlessPassedBy = unlessPassedBy;
        this.end = end;
    }

    void write(String id, List<Touched.Entry> entries, String reason) throws SQLException {
        for (int from = 0; from < entries.size(); from += ROWS_A_STATEMENT) {
            int to = Math.min(from + ROWS_A_STATEMENT, entries.size());
            PreparedStatement statement = leg.prepare(text(to - from) + (to == entries.size() ? end : ""));
            bind(statement, id, from, entries.subList(from, to), cut(reason));
            statement.execute();
        }
    }

    private String text(int rows) {
        StringBuilder sql = new StringBuilder(
                "INSERT INTO " + leg.own(OwnTables.MARK) + " (" + OwnTables.MARK_COLUMNS + ", row_count) VALUES ");
        for (int i = 0; i < rows; i++) {
            sql.append(i == 0 ? "(" : ", (")
                    .append(i == 0 && unlessPassedBy != null ? unlessPassedBy : "?")
                    .append(", ?, ?, ?, ?, ?, ?, ?, ?)");
        }
        return sql.toString();
    }

    private void bind(PreparedStatement statement, String id, int firstSeq, List<Touched.Entry> entries, String reason)
            throws SQLException {
        int index = 1;
        for (int i = 0; i < entries.size(); i++) {
            Touched.Entry entry = entries.get(i);
            statement.setString(index++, id);
            if (i == 0 && unlessPassedBy != null) {
                statement.setLong(index++, epoch);
            }
            statement.setInt(index++, firstSeq + i);
            statement.setString(index++, entry.table);
            statement.setString(index++, entry.keys == null ? null : entry.keys.text);
            statement.setString(index++, reason);
            statement.setString(index++, instance);
            statement.setLong(index++, epoch);
            statement.setLong(index++, System.currentTimeMillis());
            statement.setInt(index++, entry.keys == null ? 1 : entry.keys.count);
        }
    }

    private static String cut(String reason) {
        return reason.length() <= LONGEST_REASON ? reason : reason.substring(0, LONGEST_REASON);
    }
}
