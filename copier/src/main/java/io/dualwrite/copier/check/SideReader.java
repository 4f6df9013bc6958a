package io.dualwrite.copier.check;

import io.dualwrite.copier.plan.Endpoint;
import io.dualwrite.dialect.Dialect;
import io.dualwrite.dialect.Generator;
import io.dualwrite.dialect.SqlState;
import io.dualwrite.dialect.TableShape;
import io.dualwrite.dialect.Vendor;
import io.dualwrite.sql.TableName;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Reads what one side's catalogue says; changes nothing. Not thread-safe. */
final class SideReader implements AutoCloseable {
    final RightsReader rights;
    private final Endpoint endpoint;
    private final Connection connection;
    private final List<TableName> tables;

    private SideReader(Endpoint endpoint, Connection connection) throws SQLException {
        this.endpoint = endpoint;
        this.connection = connection;
        this.tables = endpoint.dialect().tables(connection);
        this.rights = new RightsReader(connection, endpoint.dialect());
    }

    static SideReader open(Endpoint endpoint) throws SQLException {
        Connection connection = endpoint.open();
        try {
            return new SideReader(endpoint, connection);
        } catch (SQLException failure) {
            connection.close();
            throw failure;
        }
    }

    String word() {
        return endpoint.side().word();
    }

    Vendor vendor() {
        return endpoint.dialect().vendor();
    }

    private Dialect dialect() {
        return endpoint.dialect();
    }

    /** What {@link Dialect#instantsOfSeasons} says of the copier's sessions, which have the application's URL. */
    String instantsOfSeasons() throws SQLException {
        return dialect().instantsOfSeasons(connection);
    }

    /** The tables of the user's schema, as they were when the connection was opened. */
    List<TableName> tables() {
        return tables;
    }

    /** The table, or null where this side has none of that name. */
    @Nullable
    TableFacts table(TableName wanted, UnaryOperator<TableShape> keyed) throws SQLException {
        TableName name = null;
        for (TableName there : tables) {
            if (there.table().equalsIgnoreCase(wanted.table())) {
                name = there;
            }
        }
        if (name == null) {
            return null;
        }
        TableShape shape = keyed.apply(dialect().shape(connection, name));
        return new TableFacts(
                shape,
                new ColumnReader(connection, vendor()).read(shape),
                firstIndexed(shape.name),
                rights.lacking(shape));
    }

    private Set<String> firstIndexed(TableName table) throws SQLException {
        String catalog = vendor() == Vendor.MARIADB ? table.schema() : null;
        String schema = vendor() == Vendor.MARIADB ? null : table.schema();
        Set<String> names = new HashSet<>();
        try (ResultSet rows = connection.getMetaData().getIndexInfo(catalog, schema, table.table(), false, true)) {
            while (rows.next()) {
                String column = rows.getString("COLUMN_NAME");
                if (column != null && rows.getInt("ORDINAL_POSITION") == 1) {
                    names.add(column.toLowerCase(Locale.ROOT).replace("\"", ""));
                }
            }
        }
        return names;
    }

    /** Names in lower case of the sequences that no column owns. */
    Set<String> sequences() throws SQLException {
        Set<String> names = new TreeSet<>();
        for (Generator generator : dialect().freeGenerators(connection)) {
            if (generator.sequence != null) {
                names.add(generator.sequence.table().toLowerCase(Locale.ROOT));
            }
        }
        return names;
    }

    /** Product and version as the server says them. */
    String server() throws SQLException {
        DatabaseMetaData metaData = connection.getMetaData();
        return metaData.getDatabaseProductName() + " " + metaData.getDatabaseProductVersion();
    }

    /** The major version, and the minor one as its hundredths: 1011 for 10.11. */
    int version() throws SQLException {
        DatabaseMetaData metaData = connection.getMetaData();
        return metaData.getDatabaseMajorVersion() * 100 + metaData.getDatabaseMinorVersion();
    }

    boolean isMySql() throws SQLException {
        return connection
                .getMetaData()
                .getDatabaseProductName()
                .toLowerCase(Locale.ROOT)
                .equals("mysql");
    }

    /** By how much the server's clock is ahead of this machine's, measured over the shortest of three ways. */
    Duration clockAhead() throws SQLException {
        Duration best = Duration.ofDays(1);
        Duration ahead = Duration.ZERO;
        for (int i = 0; i < 3; i++) {
            long began = System.nanoTime();
            Instant here = Instant.now();
            Instant there = dialect().now(connection);
            Duration way = Duration.ofNanos(System.nanoTime() - began);
            connection.rollback();
            if (way.compareTo(best) < 0) {
                best = way;
                ahead = Duration.between(here.plus(way.dividedBy(2)), there);
            }
        }
        return ahead;
    }

    /** Why the user may not see when others' transactions began, or null where it may (R21). */
    @Nullable
    String blindness() throws SQLException {
        try {
            dialect().oldestTransaction(connection);
            return null;
        } catch (SQLException failure) {
            if (!SqlState.NO_RIGHT.is(failure)) {
                throw failure;
            }
            return failure.getMessage();
        } finally {
            connection.rollback();
        }
    }

    /** Whether the user sees the transactions of all other users, whoever they may be. */
    boolean seesOtherUsers() throws SQLException {
        if (vendor() != Vendor.POSTGRESQL) {
            return true;
        }
        try (Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery("SELECT pg_has_role(current_user, 'pg_read_all_stats', 'USAGE')")) {
            return row.next() && row.getBoolean(1);
        } finally {
            connection.rollback();
        }
    }

    @Override
    public void close() throws SQLException {
        connection.rollback();
        connection.close();
    }
}
