package io.dualwrite.copier.rows;

import io.dualwrite.copier.convert.KeyOrder;
import io.dualwrite.dialect.Column;
import io.dualwrite.dialect.Dialect;
import io.dualwrite.dialect.RowImage;
import io.dualwrite.dialect.RowKey;
import io.dualwrite.dialect.TableShape;
import io.dualwrite.dialect.Values;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads single rows by their keys over one connection, with or without locking them. Not thread-safe but for {@link #cancel}. */
public final class KeyedReader {
    private static final int ROWS_PER_STATEMENT = 50;

    private final Connection connection;
    private final Dialect dialect;
    private final Object cancelling = new Object();
    private @Nullable PreparedStatement running;

    public KeyedReader(Connection connection, Dialect dialect) {
        this.connection = connection;
        this.dialect = dialect;
    }

    /**
     * The rows that are there, by their keys.
     *
     * @param key the key's columns on this side, in the order of the keys' values
     * @param lock whether to hold them until the transaction ends
     */
    public SortedMap<RowKey, RowImage> rows(
            TableShape table, List<Column> key, List<Column> columns, KeyOrder order, List<RowKey> keys, boolean lock)
            throws SQLException {
        SortedMap<RowKey, RowImage> found = new TreeMap<>(order);
        for (int from = 0; from < keys.size(); from += ROWS_PER_STATEMENT) {
            List<RowKey> part = keys.subList(from, Math.min(keys.size(), from + ROWS_PER_STATEMENT));
            String sql = dialect.selectByKeys(table, columns, part.size(), lock);
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                Values.bindKeys(statement, 1, part, key, dialect);
                runs(statement);
                try (ResultSet rows = statement.executeQuery()) {
                    while (rows.next()) {
                        RowImage row = image(table, columns, rows);
                        found.put(row.key(), row);
                    }
                } finally {
                    runs(null);
                }
            }
        }
        return found;
    }

    /** Cancels the statement that waits now, if any; may be called by another thread. It is not closed meanwhile. */
    public void cancel() throws SQLException {
        synchronized (cancelling) {
            PreparedStatement waiting = running;
            if (waiting != null) {
                waiting.cancel();
            }
        }
    }

    private void runs(@Nullable PreparedStatement statement) {
        synchronized (cancelling) {
            running = statement;
        }
    }

    private static RowImage image(TableShape table, List<Column> columns, ResultSet rows) throws SQLException {
        @Nullable Object[] values = new @Nullable Object[columns.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = Values.read(rows, i + 1, columns.get(i));
        }
        return new RowImage(table, columns, values);
    }
}
