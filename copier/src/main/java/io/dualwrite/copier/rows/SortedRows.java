package io.dualwrite.copier.rows;

import io.dualwrite.dialect.Dialect;
import io.dualwrite.dialect.RowImage;
import io.dualwrite.dialect.RowKey;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * A scan whose order no index has: one query that the server sorts and a cursor hands over piece by piece. pgjdbc streams
 * with a fetch size outside of autocommit, MariaDB's driver with a fetch size, H2 keeps the sorted rows on its side.
 */
final class SortedRows implements RowStream {
    private static final int FETCH_SIZE = 200;

    private final Connection connection;
    private final Scan scan;
    private final PreparedStatement statement;
    private final ResultSet rows;

    SortedRows(Connection connection, Dialect dialect, Scan scan) throws SQLException {
        this.connection = connection;
        this.scan = scan;
        ScanSql sql = ScanSql.of(dialect, scan, null, null);
        statement = connection.prepareStatement(sql.text(), ResultSet.TYPE_FORWARD_ONLY, ResultSet.CONCUR_READ_ONLY);
        try {
            statement.setFetchSize(FETCH_SIZE);
            sql.bind(statement);
            rows = statement.executeQuery();
        } catch (SQLException failure) {
            statement.close();
            throw failure;
        }
    }

    @Override
    public @Nullable RowImage next() throws SQLException {
        return rows.next() ? PagedRows.image(scan, rows) : null;
    }

    @Override
    public @Nullable RowKey end() {
        return null;
    }

    @Override
    public void close() throws SQLException {
        try (statement) {
            rows.close();
        } finally {
            connection.rollback();
        }
    }
}
