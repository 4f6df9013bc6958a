package io.dualwrite.copier.rows;

import io.dualwrite.dialect.Column;
import io.dualwrite.dialect.Dialect;
import io.dualwrite.dialect.TableShape;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;

/** Queries over a whole table that are the same on both ends of a run. */
public final class Scans {
    private Scans() {}

    /** Opens a scan along the key's index where there is one in the shared order, and sorted by the server where not. */
    public static RowStream open(Connection connection, Dialect dialect, Scan scan) throws SQLException {
        return scan.order().indexed() && scan.table().keyIsUnique
                ? new PagedRows(connection, dialect, scan)
                : new SortedRows(connection, dialect, scan);
    }

    /** The number of rows. */
    public static long count(Connection connection, Dialect dialect, TableShape table) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT COUNT(*) FROM " + dialect.rowsOf(table))) {
            row.next();
            return row.getLong(1);
        }
    }

    /** The largest value of an integer column, or null in an empty table. */
    public static @Nullable Long largest(Connection connection, Dialect dialect, TableShape table, Column column)
            throws SQLException {
        String sql = "SELECT MAX(" + dialect.quote(column.name) + ") FROM " + dialect.quote(table.name);
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            long value = row.getLong(1);
            return row.wasNull() ? null : value;
        }
    }
}
