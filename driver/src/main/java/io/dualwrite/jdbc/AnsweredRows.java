package io.dualwrite.jdbc;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * How the rows that a mirrored write answers differ from the vendor's result set: cut to what was asked for, the first alone, or
 * followed by others. Not thread-safe, as every result set.
 */
final class AnsweredRows {
    /** How many of the first columns are the application's; 0 for all. */
    final int columns;

    private @Nullable Deque<ResultSet> further;
    /** Whether only the first row of each part is given, and whether it has been. */
    private boolean firstOnly;

    private boolean given;

    AnsweredRows(int columns) {
        this.columns = columns;
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

    /** Of a statement's keys MariaDB's driver gives the first alone, however many rows were inserted. */
    void giveFirstOnly() {
        firstOnly = true;
    }

    /** The result set that stands on the next row, or null where there is none. */
    @Nullable
    ResultSet next(ResultSet current) throws SQLException {
        boolean found = !(firstOnly && given) && current.next();
        given = true;
        ResultSet rows = current;
        Deque<ResultSet> known = further;
        while (!found && known != null && !known.isEmpty()) {
            rows = known.removeFirst();
            found = rows.next();
        }
        return found ? rows : null;
    }
}
