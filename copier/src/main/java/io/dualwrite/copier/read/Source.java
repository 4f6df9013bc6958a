package io.dualwrite.copier.read;

import io.dualwrite.copier.convert.KeyOrder;
import io.dualwrite.copier.plan.Chunk;
import io.dualwrite.copier.plan.Endpoint;
import io.dualwrite.copier.plan.TablePlan;
import io.dualwrite.copier.plan.Watermark;
import io.dualwrite.copier.plan.WrongInput;
import io.dualwrite.copier.rows.KeyedReader;
import io.dualwrite.copier.rows.RowStream;
import io.dualwrite.copier.rows.Scan;
import io.dualwrite.copier.rows.Scans;
import io.dualwrite.dialect.Column;
import io.dualwrite.dialect.Dialect;
import io.dualwrite.dialect.Generator;
import io.dualwrite.dialect.RowImage;
import io.dualwrite.dialect.RowKey;
import io.dualwrite.dialect.ServerSession;
import io.dualwrite.dialect.TableShape;
import io.dualwrite.sql.TableName;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The source of a run and the only owner of its connections: one for scans, one for rows by key. Not thread-safe but for
 * {@link #release} and {@link #cancel}.
 */
public final class Source implements AutoCloseable {
    private final Endpoint endpoint;
    private final Connection scanning;
    private final Connection keyed;
    private final KeyedReader reader;

    private Source(Endpoint endpoint, Connection scanning, Connection keyed) {
        this.endpoint = endpoint;
        this.scanning = scanning;
        this.keyed = keyed;
        this.reader = new KeyedReader(keyed, endpoint.dialect());
    }

    /** Opens the connections. */
    public static Source open(Endpoint endpoint) throws SQLException {
        Connection scanning = endpoint.open();
        try {
            return new Source(endpoint, scanning, endpoint.open());
        } catch (SQLException failure) {
            scanning.close();
            throw failure;
        }
    }

    /** What {@link Dialect#instantsOfSeasons} says of these sessions. */
    public String instantsOfSeasons() throws SQLException {
        try {
            return dialect().instantsOfSeasons(keyed);
        } finally {
            keyed.rollback();
        }
    }

    /** The source's dialect. */
    public Dialect dialect() {
        return endpoint.dialect();
    }

    /** The shapes of all tables of the current schema. */
    public List<TableShape> shapes() throws SQLException {
        List<TableShape> shapes = new ArrayList<>();
        for (TableName table : dialect().tables(keyed)) {
            shapes.add(dialect().shape(keyed, table));
        }
        keyed.rollback();
        return shapes;
    }

    /**
     * Looks whether the columns that are to tell a table's rows apart do so, where no index sees to it.
     *
     * @throws WrongInput if two rows have the same values
     */
    public void requireDistinct(TableShape table) throws SQLException {
        if (table.key.isEmpty() || table.keyIsUnique) {
            return;
        }
        String columns =
                table.key.stream().map(column -> dialect().quote(column.name)).collect(Collectors.joining(", "));
        try (Statement statement = keyed.createStatement();
                ResultSet rows = statement.executeQuery(
                        "SELECT 1 FROM " + dialect().rowsOf(table) + " GROUP BY " + columns + " HAVING COUNT(*) > 1")) {
            if (rows.next()) {
                String name = table.name.table().toLowerCase(Locale.ROOT);
                throw new WrongInput(
                        "Table " + name + " has several rows with the same (" + columns + "), by which key." + name
                                + " tells them apart: name further columns, or remove what is there twice.");
            }
        } finally {
            keyed.rollback();
        }
    }

    /** The sessions at the server, but this one. */
    public List<ServerSession> sessions() throws SQLException {
        try {
            return dialect().sessions(keyed);
        } finally {
            keyed.rollback();
        }
    }

    /** @throws SQLException SQLSTATE 42501, with the right to grant, where the user may not see when others' transactions began */
    public void requireSeesTransactions() throws SQLException {
        try {
            dialect().oldestTransaction(keyed);
        } finally {
            keyed.rollback();
        }
    }

    /** The watermark of a scan that begins after this call (R21). */
    public Watermark watermark(Duration skew) throws SQLException {
        Instant oldest = dialect().oldestTransaction(keyed);
        Instant now = dialect().now(keyed);
        LocalDateTime local = localNow();
        keyed.rollback();
        Duration offset = Duration.between(now, local.toInstant(ZoneOffset.UTC));
        long quarterHours = Math.round(offset.toSeconds() / 900.0);
        return Watermark.before(oldest, skew, Duration.ofSeconds(quarterHours * 900));
    }

    /** What a column without time zone gets from the server's clock in a session like the application's. */
    private LocalDateTime localNow() throws SQLException {
        try (Statement statement = keyed.createStatement();
                ResultSet row = statement.executeQuery("SELECT LOCALTIMESTAMP")) {
            row.next();
            return row.getObject(1, LocalDateTime.class);
        }
    }

    /** The table's rows in the given order, with all columns of the plan or the key's alone. */
    public RowStream rows(TablePlan table, KeyOrder order, boolean keysOnly, Chunk chunk, Scan.@Nullable Since since)
            throws SQLException {
        List<Column> columns = keysOnly ? table.sourceKey() : table.sourceColumns();
        Scan scan = new Scan(table.source(), table.sourceKey(), columns, order, chunk, since);
        return Scans.open(scanning, dialect(), scan);
    }

    /** Rows by key as they are committed now; locked ones are held until {@link #release}. */
    public SortedMap<RowKey, RowImage> rows(TablePlan table, KeyOrder order, List<RowKey> keys, boolean lock)
            throws SQLException {
        return reader.rows(table.source(), table.sourceKey(), table.sourceColumns(), order, keys, lock);
    }

    /** Bounds the waits for locks on rows. */
    public void boundWaits(Duration lock, Duration statement) throws SQLException {
        dialect().boundWaits(keyed, lock, statement);
        keyed.commit();
    }

    /** Lets go of locked rows; may be called by another thread while no statement runs. */
    public void release() throws SQLException {
        keyed.rollback();
    }

    /** Cancels a wait for a lock; may be called by another thread. */
    public void cancel() throws SQLException {
        reader.cancel();
    }

    /** The number of rows now. */
    public long count(TablePlan table) throws SQLException {
        try {
            return Scans.count(keyed, dialect(), table.source());
        } finally {
            keyed.rollback();
        }
    }

    /** The generators of the table. */
    public List<Generator> generators(TablePlan table) throws SQLException {
        return dialect().generators(keyed, table.source());
    }

    /** The sequences that no column owns. */
    public List<Generator> freeGenerators() throws SQLException {
        return dialect().freeGenerators(keyed);
    }

    /** What the generator has reached. */
    public long reached(Generator generator) throws SQLException {
        return dialect().reached(keyed, generator);
    }

    /** Raises the generator so that its next value is above the floor, never down, and commits (R24). */
    public void raise(Generator generator, long floor) throws SQLException {
        dialect().raise(keyed, generator, floor);
        keyed.commit();
    }

    /** The largest value of a column, or null in an empty table. */
    public @Nullable Long largest(TablePlan table, Column column) throws SQLException {
        return Scans.largest(keyed, dialect(), table.source(), column);
    }

    @Override
    public void close() throws SQLException {
        try (Connection first = scanning;
                Connection second = keyed) {
            first.rollback();
            second.rollback();
        }
    }
}
