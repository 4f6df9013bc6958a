package io.dualwrite.clients;

import static java.util.Locale.ROOT;
import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;

import io.dualwrite.demo.bookstore.Canonical;
import io.dualwrite.ladder.Rung;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** All rows of all tables of one database, as they are without Dualwrite in between. */
record Tables(Map<String, List<String>> rows) {
    private static final String OWN = "dualwrite_";

    /** Reads the application's tables. */
    static Tables read(Connection connection) throws SQLException {
        Map<String, List<String>> tables = new TreeMap<>();
        for (String name : names(connection)) {
            if (!name.toLowerCase(ROOT).startsWith(OWN)) {
                tables.put(name.toLowerCase(ROOT), rows(connection, name));
            }
        }
        return new Tables(tables);
    }

    /** The marks that are there. */
    static List<String> marks(Connection connection) throws SQLException {
        return rows(connection, "dualwrite_mark");
    }

    /** Compares with the other side, table by table. */
    void assertSame(Tables other, Rung rung) {
        assertThat(rows.keySet()).as("tables on %s", rung).isEqualTo(other.rows.keySet());
        rows.forEach(
                (table, here) -> assertThat(here).as("%s on %s", table, rung).isEqualTo(other.rows.get(table)));
    }

    private static TreeSet<String> names(Connection connection) throws SQLException {
        DatabaseMetaData about = connection.getMetaData();
        TreeSet<String> names = new TreeSet<>();
        try (ResultSet tables = about.getTables(connection.getCatalog(), connection.getSchema(), "%", null)) {
            while (tables.next()) {
                if (tables.getString("TABLE_TYPE").endsWith("TABLE")) {
                    names.add(tables.getString("TABLE_NAME"));
                }
            }
        }
        return names;
    }

    private static List<String> rows(Connection connection, String table) throws SQLException {
        String quote = table.startsWith(OWN) ? "" : connection.getMetaData().getIdentifierQuoteString();
        List<String> found = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT * FROM " + quote + table + quote)) {
            ResultSetMetaData columns = rows.getMetaData();
            while (rows.next()) {
                Map<String, String> row = new TreeMap<>();
                for (int i = 1; i <= columns.getColumnCount(); i++) {
                    row.put(columns.getColumnName(i).toLowerCase(ROOT), Canonical.text(rows.getObject(i)));
                }
                found.add(row.toString());
            }
        }
        return found.stream().sorted().collect(toCollection(ArrayList::new));
    }
}
