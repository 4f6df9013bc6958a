package io.dualwrite.jdbc;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * How the rows that a mirrored write answers differ from the vendor's result set: cut to what was asked for, to the first of them, or
 * followed by others. Not thread-safe, as every result set.
 */
final class AnsweredRows {
    /** How many of the first columns are the application's; 0 for all. */
    final int columns;

    /** How many rows of each part are given; 0 for all. */
    private final long most;

    private @Nullable Deque<ResultSet> further;

    AnsweredRows(int columns, long most) {
        this.columns = columns;
        this.most = most;
    }

    /** Rows that come after these: the keys of a batch's next entry. */
    void append(ResultSet rows) {
        Deque<ResultSet> known = further;
        if (known == null) {
            known = new ArrayDeque<>();
            further = known;
        }
        known.add(rows);
    }

    /** The result set that stands on the next row, or null where there is none. */
    @Nullable
    ResultSet next(ResultSet current) throws SQLException {
        boolean found = (most == 0 || current.getRow() < most) && current.next();
        ResultSet rows = current;
        Deque<ResultSet> known = further;
        while (!found && known != null && !known.isEmpty()) {
            rows = known.removeFirst();
            found = rows.next();
        }
        return found ? rows : null;
    }
}
