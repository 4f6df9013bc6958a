package io.dualwrite.jdbc;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
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

    /** The first part, and those that come after it; null where it is the only one. */
    private @Nullable List<ResultSet> parts;
    /** Which of the parts is read now. */
    private int part;
    /** How many rows the parts before that have given. */
    private int passed;
    /** Whether the last look for a next row has found none. */
    private boolean ended;

    /** What the vendor's own result set says of its scrolling, one of {@link ResultSet}'s types. */
    final int type;

    /** Whether the vendor's own result set leads back to its statement. */
    final boolean knowsStatement;

    AnsweredRows(int columns, long most, int type, boolean knowsStatement) {
        this.columns = columns;
        this.most = most;
        this.type = type;
        this.knowsStatement = knowsStatement;
    }

    /** Rows that come after the first part and those appended before: the keys of a batch's next entry. */
    void append(ResultSet first, ResultSet rows) {
        List<ResultSet> known = parts;
        if (known == null) {
            known = new ArrayList<>();
            known.add(first);
            parts = known;
        }
        known.add(rows);
    }

    /** The result set that stands on the next row, or null where there is none. */
    @Nullable
    ResultSet next(ResultSet current) throws SQLException {
        int given = current.getRow();
        ResultSet rows = current;
        boolean found = (most == 0 || given < most) && current.next();
        List<ResultSet> known = parts;
        while (!found && known != null && part < known.size() - 1) {
            passed += given;
            given = 0;
            rows = known.get(++part);
            found = rows.next();
        }
        ended = !found;
        return found ? rows : null;
    }

    /** The number of the row among those of all parts, from 1 up; 0 where it stands on none. */
    int row(ResultSet current) throws SQLException {
        int row = current.getRow();
        return row == 0 || isBehindTheCut(current) ? 0 : passed + row;
    }

    boolean isFirst(ResultSet current) throws SQLException {
        return passed == 0 && current.isFirst() && !isBehindTheCut(current);
    }

    boolean isLast(ResultSet current) throws SQLException {
        boolean lastOfPart = current.isLast() || most > 0 && current.getRow() == most;
        return lastOfPart && !isBehindTheCut(current) && !isAnyFurther();
    }

    boolean isAfterLast(ResultSet current) throws SQLException {
        return isBehindTheCut(current) || current.isAfterLast() && !isAnyFurther();
    }

    /** Whether all rows have been given of which there are more than may be: the vendor's result set stays on the last of them. */
    private boolean isBehindTheCut(ResultSet current) throws SQLException {
        return ended && most > 0 && current.getRow() == most;
    }

    boolean isBeforeFirst(ResultSet current) throws SQLException {
        return part == 0
                && (current.isBeforeFirst() || current.getRow() == 0 && !current.isAfterLast() && isAnyFurther());
    }

    private boolean isAnyFurther() throws SQLException {
        List<ResultSet> known = parts;
        for (int i = part + 1; known != null && i < known.size(); i++) {
            if (known.get(i).isBeforeFirst()) {
                return true;
            }
        }
        return false;
    }

    /** Goes back before the first row; the result set that stands there. */
    ResultSet beforeFirst(ResultSet current) throws SQLException {
        ended = false;
        List<ResultSet> known = parts;
        if (known == null) {
            current.beforeFirst();
            return current;
        }
        for (int i = 0; i <= part; i++) {
            known.get(i).beforeFirst();
        }
        part = 0;
        passed = 0;
        return known.get(0);
    }
}
