package io.dualwrite.copier.write;

import io.dualwrite.copier.convert.KeyOrder;
import io.dualwrite.copier.plan.Chunk;
import io.dualwrite.copier.plan.Endpoint;
import io.dualwrite.copier.plan.TablePlan;
import io.dualwrite.copier.rows.KeyedReader;
import io.dualwrite.copier.rows.RowStream;
import io.dualwrite.copier.rows.Scan;
import io.dualwrite.copier.rows.Scans;
import io.dualwrite.dialect.Column;
import io.dualwrite.dialect.Dialect;
import io.dualwrite.dialect.FollowingGenerators;
import io.dualwrite.dialect.Generator;
import io.dualwrite.dialect.RowImage;
import io.dualwrite.dialect.RowKey;
import io.dualwrite.dialect.SqlState;
import io.dualwrite.dialect.TableShape;
import io.dualwrite.dialect.Values;
import io.dualwrite.sql.TableName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * The target of a run and the only owner of its connections: one for scans, one that locks and writes rows. Not
 * thread-safe but for {@link #release} and {@link #cancel}.
 */
public final class Target implements AutoCloseable {
    private final Endpoint endpoint;
    private final Connection scanning;
    private final Connection writing;
    private final KeyedReader reader;
    private final Map<String, BatchWriter> writers = new HashMap<>();
    private final Map<String, FollowingGenerators> following = new HashMap<>();

    private Target(Endpoint endpoint, Connection scanning, Connection writing) {
        this.endpoint = endpoint;
        this.scanning = scanning;
        this.writing = writing;
        this.reader = new KeyedReader(writing, endpoint.dialect());
    }

    /** Opens the connections. */
    public static Target open(Endpoint endpoint) throws SQLException {
        Connection scanning = endpoint.open();
        try {
            return new Target(endpoint, scanning, endpoint.open());
        } catch (SQLException failure) {
            scanning.close();
            throw failure;
        }
    }

    /** What {@link Dialect#instantsOfSeasons} says of these sessions. */
    public String instantsOfSeasons() throws SQLException {
        try {
            return dialect().instantsOfSeasons(writing);
        } finally {
            writing.rollback();
        }
    }

    /** The target's dialect. */
    public Dialect dialect() {
        return endpoint.dialect();
    }

    /** The table of that name, case ignored, or null where the target has none. */
    public @Nullable TableShape shape(TableName table) throws SQLException {
        try {
            return dialect().shape(writing, TableName.of(table.table()));
        } catch (SQLException failure) {
            if (SqlState.NO_TABLE.is(failure)) {
                return null;
            }
            throw failure;
        } finally {
            writing.rollback();
        }
    }

    /** The table's rows in the given order, with all columns of the plan or the key's alone. */
    public RowStream rows(TablePlan table, KeyOrder order, boolean keysOnly, Chunk chunk) throws SQLException {
        List<Column> columns = keysOnly ? table.targetKey() : table.targetColumns();
        Scan scan = new Scan(table.target(), table.targetKey(), columns, order, chunk, null);
        return Scans.open(scanning, dialect(), scan);
    }

    /** Rows by key as they are committed now; locked ones are held until {@link #commit} or {@link #release}. */
    public SortedMap<RowKey, RowImage> rows(TablePlan table, KeyOrder order, List<RowKey> keys, boolean lock)
            throws SQLException {
        return reader.rows(table.target(), table.targetKey(), table.targetColumns(), order, keys, lock);
    }

    /** Upserts rows of the source in the open transaction. */
    public void upsert(TablePlan table, List<RowImage> rows) throws SQLException {
        if (!rows.isEmpty()) {
            writer(table).upsert(rows);
        }
    }

    /** Deletes a row in the open transaction; the number of rows deleted, 0 or 1. */
    public int delete(TablePlan table, RowKey key) throws SQLException {
        return writer(table).single().delete(key);
    }

    private BatchWriter writer(TablePlan table) throws SQLException {
        BatchWriter writer = writers.get(table.name());
        if (writer == null) {
            writer = new BatchWriter(writing, dialect(), table);
            writers.put(table.name(), writer);
        }
        return writer;
    }

    /**
     * Keys of the rows that hold the values which the row wants in a unique key beside the primary one, its own key left
     * out or not: what stands in the way of its upsert (R30).
     */
    public List<RowKey> holdersOfUniqueValues(TablePlan table, RowImage row) throws SQLException {
        List<RowKey> holders = new ArrayList<>();
        for (List<String> unique : table.target().secondaryKeys) {
            List<Column> columns = new ArrayList<>();
            List<Object> values = new ArrayList<>();
            for (String name : unique) {
                for (int i = 0; i < table.targetColumns().size(); i++) {
                    Object value = row.values[i];
                    if (table.targetColumns().get(i).name.equalsIgnoreCase(name) && value != null) {
                        columns.add(table.targetColumns().get(i));
                        values.add(value);
                    }
                }
            }
            if (columns.size() == unique.size()) {
                holders.addAll(keysWhere(table, columns, values));
            }
        }
        return holders;
    }

    private List<RowKey> keysWhere(TablePlan table, List<Column> columns, List<Object> values) throws SQLException {
        StringBuilder sql = new StringBuilder("SELECT ");
        for (int i = 0; i < table.targetKey().size(); i++) {
            sql.append(i == 0 ? "" : ", ")
                    .append(dialect().quote(table.targetKey().get(i).name));
        }
        sql.append(" FROM ").append(dialect().rowsOf(table.target())).append(" WHERE ");
        for (int i = 0; i < columns.size(); i++) {
            sql.append(i == 0 ? "" : " AND ")
                    .append(dialect().quote(columns.get(i).name))
                    .append(" = ")
                    .append(dialect().placeholder(columns.get(i)));
        }
        List<RowKey> keys = new ArrayList<>();
        try (PreparedStatement statement = writing.prepareStatement(sql.toString())) {
            for (int i = 0; i < columns.size(); i++) {
                Values.bind(statement, i + 1, values.get(i), columns.get(i), dialect());
            }
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    Object[] key = new Object[table.targetKey().size()];
                    for (int i = 0; i < key.length; i++) {
                        Object value =
                                Values.read(rows, i + 1, table.targetKey().get(i));
                        if (value == null) {
                            throw new SQLException("NULL in the key of " + table.name(), SqlState.NULL_KEY.code());
                        }
                        key[i] = value;
                    }
                    keys.add(new RowKey(key));
                }
            }
        }
        return keys;
    }

    /** Bounds the waits for locks and for statements. */
    public void boundWaits(Duration lock, Duration statement) throws SQLException {
        dialect().boundWaits(writing, lock, statement);
        writing.commit();
    }

    /** Makes what was written since the last commit durable. */
    public void commit() throws SQLException {
        writing.commit();
    }

    /** Undoes what was written since the last commit and lets go of locked rows. */
    public void release() throws SQLException {
        writing.rollback();
    }

    /** Cancels a wait for a lock; may be called by another thread. */
    public void cancel() throws SQLException {
        reader.cancel();
    }

    /** The number of rows now. */
    public long count(TablePlan table) throws SQLException {
        try {
            return Scans.count(writing, dialect(), table.target());
        } finally {
            writing.rollback();
        }
    }

    /** The generators of the table. */
    public List<Generator> generators(TablePlan table) throws SQLException {
        return dialect().generators(writing, table.target());
    }

    /** The sequences that no column owns. */
    public List<Generator> freeGenerators() throws SQLException {
        return dialect().freeGenerators(writing);
    }

    /** Whether inserting the row would raise a generator, as MariaDB's AUTO_INCREMENT follows explicit values (R24). */
    public boolean wouldRaiseGenerator(TablePlan table, RowImage row) throws SQLException {
        FollowingGenerators generators = following.get(table.name());
        if (generators == null) {
            generators = FollowingGenerators.of(dialect(), writing, table.target());
            following.put(table.name(), generators);
        }
        return generators.raisedBy(row);
    }

    /** What the generator has reached. */
    public long reached(Generator generator) throws SQLException {
        return dialect().reached(writing, generator);
    }

    /** The largest value that the generator can ever hand out. */
    public long highest(Generator generator) throws SQLException {
        return dialect().highest(writing, generator);
    }

    /** The largest value of a column, or null in an empty table. */
    public @Nullable Long largest(TablePlan table, Column column) throws SQLException {
        return Scans.largest(writing, dialect(), table.target(), column);
    }

    /** Raises the generator so that its next value is above the floor, never down, and commits (R24). */
    public void raise(Generator generator, long floor) throws SQLException {
        dialect().raise(writing, generator, floor);
        writing.commit();
    }

    @Override
    public void close() throws SQLException {
        try (Connection first = scanning;
                Connection second = writing) {
            for (BatchWriter writer : writers.values()) {
                writer.close();
            }
            first.rollback();
            second.rollback();
        }
    }
}
