package io.dualwrite.copier.write;

import io.dualwrite.copier.plan.TablePlan;
import io.dualwrite.dialect.Column;
import io.dualwrite.dialect.Dialect;
import io.dualwrite.dialect.RowImage;
import io.dualwrite.dialect.RowWriter;
import io.dualwrite.dialect.Values;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Upserts many rows of one table as JDBC batches, in the caller's transaction (R30): by the vendor's own upsert where it
 * never touches a row of another key, else row by row as UPDATE, then INSERT. Not thread-safe.
 */
final class BatchWriter implements AutoCloseable {
    private final Dialect dialect;
    private final TablePlan table;
    private final RowWriter single;
    private final @Nullable PreparedStatement upsert;

    BatchWriter(Connection connection, Dialect dialect, TablePlan table) throws SQLException {
        this.dialect = dialect;
        this.table = table;
        this.single = new RowWriter(connection, dialect, table.source(), table.target());
        String sql = dialect.upsert(table.target(), table.targetColumns());
        this.upsert = sql == null ? null : connection.prepareStatement(sql);
    }

    /** One row at a time, for what a batch cannot do. */
    RowWriter single() {
        return single;
    }

    /** Upserts the rows; after a failure the caller rolls back. */
    void upsert(List<RowImage> rows) throws SQLException {
        PreparedStatement statement = upsert;
        if (statement == null || rows.size() == 1) {
            for (RowImage row : rows) {
                single.upsert(row);
            }
            return;
        }
        try {
            for (RowImage row : rows) {
                for (int i = 0; i < table.targetColumns().size(); i++) {
                    Column column = table.targetColumns().get(i);
                    Values.store(statement, i + 1, row.values[i], column, dialect);
                }
                statement.addBatch();
            }
            statement.executeBatch();
        } finally {
            statement.clearBatch();
        }
    }

    @Override
    public void close() throws SQLException {
        try (PreparedStatement statement = upsert;
                RowWriter writer = single) {
            if (statement != null) {
                statement.clearParameters();
            }
        }
    }
}
