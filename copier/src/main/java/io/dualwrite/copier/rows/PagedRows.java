package io.dualwrite.copier.rows;

import io.dualwrite.dialect.Dialect;
import io.dualwrite.dialect.RowImage;
import io.dualwrite.dialect.RowKey;
import io.dualwrite.dialect.Values;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * A scan along the key's index, one page after the other, each in a transaction of its own: no transaction and no server
 * cursor lives longer than a page. A page grows until it holds about four million bytes.
 *
 * <p>It ends with the last key of its opening. Otherwise a copy that is slower than the application's inserts would follow them for
 * ever, where keys grow; what came behind that key is the next run's (R21), and in the final sync the driver's.
 */
final class PagedRows implements RowStream {
    private static final int FIRST_PAGE = 64;
    private static final int LARGEST_PAGE = 5_000;
    private static final long PAGE_BYTES = 4_000_000;

    private final Connection connection;
    private final Dialect dialect;
    private final Scan scan;
    private final Deque<RowImage> page = new ArrayDeque<>();
    private final @Nullable RowKey end;
    private int pageRows = FIRST_PAGE;
    private @Nullable RowKey last;
    private boolean exhausted;

    PagedRows(Connection connection, Dialect dialect, Scan scan) throws SQLException {
        this.connection = connection;
        this.dialect = dialect;
        this.scan = scan;
        this.end = lastKey();
        this.exhausted = end == null;
    }

    @Override
    public @Nullable RowKey end() {
        return end;
    }

    private @Nullable RowKey lastKey() throws SQLException {
        Scan keys = scan.ofKeys();
        ScanSql sql = ScanSql.lastFirst(dialect, keys);
        try (Statement statement = connection.createStatement();
                ResultSet found = statement.executeQuery(sql.text() + " LIMIT 1")) {
            return found.next() ? image(keys, found).key() : null;
        } finally {
            connection.rollback();
        }
    }

    @Override
    public @Nullable RowImage next() throws SQLException {
        if (page.isEmpty() && !exhausted) {
            read();
        }
        return page.poll();
    }

    private void read() throws SQLException {
        ScanSql sql = ScanSql.of(dialect, scan, last, end);
        long bytes = 0;
        int rows = 0;
        try (PreparedStatement statement = connection.prepareStatement(sql.text() + " LIMIT ?")) {
            statement.setInt(sql.bind(statement), pageRows);
            try (ResultSet found = statement.executeQuery()) {
                while (found.next()) {
                    RowImage row = image(scan, found);
                    bytes += Weight.of(row);
                    rows++;
                    page.add(row);
                }
            }
        } finally {
            connection.rollback();
        }
        exhausted = rows < pageRows;
        if (rows > 0) {
            last = page.getLast().key();
            long fitting = PAGE_BYTES / Math.max(1, bytes / rows);
            pageRows = (int) Math.max(1, Math.min(Math.min(fitting, pageRows * 4L), LARGEST_PAGE));
        }
    }

    /** Reads the current row. */
    static RowImage image(Scan scan, ResultSet rows) throws SQLException {
        @Nullable Object[] values = new @Nullable Object[scan.columns().size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = Values.read(rows, i + 1, scan.columns().get(i));
        }
        return new RowImage(scan.table(), scan.columns(), values);
    }

    @Override
    public void close() {
        page.clear();
        exhausted = true;
    }
}
