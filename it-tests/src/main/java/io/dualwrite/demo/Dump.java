package io.dualwrite.demo;

import io.dualwrite.demo.verdict.Table;
import io.dualwrite.dialect.Dialect;
import io.dualwrite.dialect.Dialects;
import io.dualwrite.dialect.Generator;
import io.dualwrite.dialect.OwnTables;
import io.dualwrite.sql.TableName;
import java.sql.Blob;
import java.sql.Clob;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A database as it was at one moment: all rows, Dualwrite's own ones too, and what the key generators had reached. */
final class Dump {
    private static final int H2_SNAPSHOT = 6;

    private record Content(List<String> columns, List<@Nullable Object[]> rows) {}

    private final Map<String, Content> tables = new LinkedHashMap<>();
    private final Map<String, List<Long>> generators = new LinkedHashMap<>();

    private Dump() {}

    /** Dumps the database in one snapshot. */
    static Dump of(Connection connection, String vendor) throws SQLException {
        Dump dump = new Dump();
        connection.setTransactionIsolation(vendor.equals("h2") ? H2_SNAPSHOT : Connection.TRANSACTION_REPEATABLE_READ);
        connection.setAutoCommit(false);
        Dialect dialect = Dialects.of(connection);
        for (String table : names()) {
            dump.tables.put(table, read(connection, table));
        }
        for (Table table : Table.ALL) {
            List<Long> reached = new ArrayList<>();
            for (Generator generator : generators(connection, dialect, table.name())) {
                reached.add(dialect.reached(connection, generator));
            }
            dump.generators.put(table.name(), reached);
        }
        connection.commit();
        return dump;
    }

    /** Fills a database that has the bookstore's tables, all of them empty, and none of Dualwrite's. */
    void restore(Connection connection) throws SQLException {
        Dialect dialect = Dialects.of(connection);
        try (Statement statement = connection.createStatement()) {
            for (String sql : dialect.ownTables()) {
                statement.execute(sql);
            }
            for (String own : ownTables()) {
                statement.execute("DELETE FROM " + own);
            }
        }
        connection.setAutoCommit(false);
        for (var table : tables.entrySet()) {
            write(connection, table.getKey(), table.getValue());
        }
        connection.commit();
        connection.setAutoCommit(true);
        for (var table : generators.entrySet()) {
            List<Generator> found = generators(connection, dialect, table.getKey());
            for (int i = 0; i < found.size(); i++) {
                dialect.raise(connection, found.get(i), table.getValue().get(i));
            }
        }
    }

    int rows() {
        return tables.values().stream()
                .mapToInt(content -> content.rows().size())
                .sum();
    }

    private static List<String> names() {
        List<String> names = new ArrayList<>(Table.ALL.stream().map(Table::name).toList());
        names.addAll(ownTables());
        return names;
    }

    private static List<String> ownTables() {
        return List.of(OwnTables.PHASE, OwnTables.INSTANCE, OwnTables.COPY, OwnTables.MARK);
    }

    private static List<Generator> generators(Connection connection, Dialect dialect, String table)
            throws SQLException {
        return dialect.generators(connection, dialect.shape(connection, TableName.of(table)));
    }

    private static Content read(Connection connection, String table) throws SQLException {
        List<String> columns = new ArrayList<>();
        List<@Nullable Object[]> found = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT * FROM " + table)) {
            ResultSetMetaData meta = rows.getMetaData();
            for (int i = 1; i <= meta.getColumnCount(); i++) {
                columns.add(meta.getColumnName(i));
            }
            while (rows.next()) {
                @Nullable Object[] row = new @Nullable Object[columns.size()];
                for (int i = 0; i < row.length; i++) {
                    row[i] = kept(rows.getObject(i + 1));
                }
                found.add(row);
            }
        }
        return new Content(columns, found);
    }

    private static @Nullable Object kept(@Nullable Object value) throws SQLException {
        if (value instanceof Blob blob) {
            return blob.getBytes(1, (int) blob.length());
        } else if (value instanceof Clob clob) {
            return clob.getSubString(1, (int) clob.length());
        }
        return value;
    }

    private static void write(Connection connection, String table, Content content) throws SQLException {
        if (content.rows().isEmpty()) {
            return;
        }
        String sql = "INSERT INTO " + table + " (" + String.join(", ", content.columns()) + ") VALUES ("
                + String.join(", ", Collections.nCopies(content.columns().size(), "?")) + ")";
        try (PreparedStatement insert = connection.prepareStatement(sql)) {
            for (@Nullable Object[] row : content.rows()) {
                for (int i = 0; i < row.length; i++) {
                    insert.setObject(i + 1, row[i]);
                }
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }
}
