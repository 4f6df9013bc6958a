package io.dualwrite.demo.verdict;

import io.dualwrite.demo.bookstore.Canonical;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** All rows of all tables of one database as they are now, in canonical text. Immutable. */
public final class Rows {
    /** Table, key, column, value. */
    private final Map<String, Map<String, Map<String, String>>> tables;

    private Rows(Map<String, Map<String, Map<String, String>>> tables) {
        this.tables = tables;
    }

    /** Reads every row. */
    public static Rows read(Connection connection) throws SQLException {
        Map<String, Map<String, Map<String, String>>> tables = new LinkedHashMap<>();
        for (Table table : Table.ALL) {
            tables.put(table.name(), scan(connection, table));
        }
        return new Rows(tables);
    }

    private static Map<String, Map<String, String>> scan(Connection connection, Table table) throws SQLException {
        Map<String, Map<String, String>> found = new TreeMap<>();
        String order = String.join(", ", table.key());
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT * FROM " + table.name() + " ORDER BY " + order)) {
            ResultSetMetaData columns = rows.getMetaData();
            while (rows.next()) {
                Map<String, String> row = new TreeMap<>();
                for (int i = 1; i <= columns.getColumnCount(); i++) {
                    row.put(
                            columns.getColumnName(i).toLowerCase(Locale.ROOT).intern(),
                            Canonical.text(rows.getObject(i)));
                }
                StringBuilder key = new StringBuilder();
                for (String column : table.key()) {
                    key.append(key.length() == 0 ? "" : ",").append(row.get(column));
                }
                found.put(key.toString(), row);
            }
        }
        return found;
    }

    /** The rows of a table by their keys' values, joined by commas. */
    Map<String, Map<String, String>> of(String table) {
        return tables.getOrDefault(table, Map.of());
    }

    /** How many rows the table has. */
    public int count(String table) {
        return of(table).size();
    }

    /** How many rows all tables have. */
    public int count() {
        return tables.values().stream().mapToInt(Map::size).sum();
    }
}
