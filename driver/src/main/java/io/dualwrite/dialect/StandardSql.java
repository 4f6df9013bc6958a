package io.dualwrite.dialect;

import io.dualwrite.sql.TableName;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The statements that all vendors share but for their quotes and placeholders. Immutable. */
final class StandardSql {
    private final char quote;
    private final Dialect dialect;

    StandardSql(char quote, Dialect dialect) {
        this.quote = quote;
        this.dialect = dialect;
    }

    String quote(String identifier) {
        String one = String.valueOf(quote);
        return one + identifier.replace(one, one + one) + one;
    }

    String quote(TableName table) {
        String schema = table.schema();
        return schema == null ? quote(table.table()) : quote(schema) + '.' + quote(table.table());
    }

    /** The text that a query of one row and column gives; empty for NULL. */
    static String text(Connection connection, String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            return row.next() ? Catalogue.text(row, 1) : "";
        }
    }

    /** The columns' names in quotes, each after the prefix. */
    String names(String prefix, List<Column> columns) {
        StringBuilder names = new StringBuilder();
        for (Column column : columns) {
            names.append(names.length() == 0 ? "" : ", ").append(prefix).append(quote(column.name));
        }
        return names.toString();
    }

    /** The names in quotes as the catalogue spells them, and then all columns of the table. */
    String capturedNames(String prefix, TableShape table, List<String> first) {
        StringBuilder names = new StringBuilder();
        for (String name : first) {
            Column column = table.column(name);
            names.append(prefix)
                    .append(quote(column == null ? name : column.name))
                    .append(", ");
        }
        return names.append(dialect.readings(prefix, table.columns)).toString();
    }

    /** INSERT up to the closing bracket; {@code overriding} stands before VALUES. */
    String insert(TableShape table, List<Column> columns, String overriding) {
        StringBuilder values = new StringBuilder();
        for (Column column : columns) {
            values.append(values.length() == 0 ? "" : ", ").append(dialect.placeholder(column));
        }
        return "INSERT INTO " + quote(table.name) + " (" + names("", columns) + ") " + overriding + "VALUES (" + values
                + ")";
    }

    @Nullable
    String update(TableShape table, List<Column> columns) {
        List<Column> assignable = table.assignable(columns);
        if (assignable.isEmpty() || table.key.isEmpty()) {
            return null;
        }
        return assigning(table, assignable);
    }

    String rekey(TableShape table) {
        return assigning(table, table.key);
    }

    private String assigning(TableShape table, List<Column> assigned) {
        StringBuilder assignments = new StringBuilder();
        for (Column column : assigned) {
            assignments
                    .append(assignments.length() == 0 ? "" : ", ")
                    .append(quote(column.name))
                    .append(" = ")
                    .append(dialect.placeholder(column));
        }
        return "UPDATE " + dialect.rowsOf(table) + " SET " + assignments + " WHERE " + byKey(table);
    }

    String delete(TableShape table) {
        return "DELETE FROM " + dialect.rowsOf(table) + " WHERE " + byKey(table);
    }

    String selectByKeys(TableShape table, List<Column> columns, int rows, boolean forUpdate) {
        return "SELECT " + dialect.readings("", columns) + " FROM " + dialect.rowsOf(table) + " WHERE "
                + byKeys(table.key, rows) + dialect.everyRow() + (forUpdate ? " FOR UPDATE" : "");
    }

    String byKeys(List<Column> key, int rows) {
        if (rows == 0) {
            return "1 = 0";
        }
        StringBuilder condition = new StringBuilder();
        if (key.size() == 1) {
            Column column = key.get(0);
            condition.append(quote(column.name)).append(" IN (");
            for (int row = 0; row < rows; row++) {
                condition.append(row == 0 ? "" : ", ").append(dialect.placeholder(column));
            }
            return condition.append(')').toString();
        }
        String one = allOf(key);
        for (int row = 0; row < rows; row++) {
            condition.append(row == 0 ? "(" : " OR (").append(one).append(')');
        }
        return condition.toString();
    }

    private String byKey(TableShape table) {
        if (table.key.isEmpty()) {
            throw new IllegalStateException("table " + table.name + " has no primary key");
        }
        return allOf(table.key);
    }

    private String allOf(List<Column> key) {
        if (key.isEmpty()) {
            throw new IllegalStateException("rows are found by a key, and there is none");
        }
        StringBuilder condition = new StringBuilder();
        for (Column column : key) {
            condition
                    .append(condition.length() == 0 ? "" : " AND ")
                    .append(quote(column.name))
                    .append(" = ")
                    .append(dialect.placeholder(column));
        }
        return condition.toString();
    }

    static boolean hasAlwaysIdentity(List<Column> columns) {
        for (Column column : columns) {
            if (column.alwaysIdentity) {
                return true;
            }
        }
        return false;
    }

    /** The name by which a statement knows its target: the alias, or else the table's own name, as written. */
    static String qualifier(String target) {
        String last = "";
        int i = 0;
        while (i < target.length()) {
            char c = target.charAt(i);
            int start = i++;
            if (c == '"') {
                while (i < target.length()
                        && (target.charAt(i) != '"' || (i + 1 < target.length() && target.charAt(i + 1) == '"'))) {
                    i += target.charAt(i) == '"' ? 2 : 1;
                }
                i++;
                last = target.substring(start, Math.min(i, target.length()));
            } else if (Character.isJavaIdentifierStart(c)) {
                while (i < target.length() && Character.isJavaIdentifierPart(target.charAt(i))) {
                    i++;
                }
                last = target.substring(start, i);
            } else if (c == '(') {
                break;
            }
        }
        return last;
    }

    /** The columns of the DDL's text, for tables that every vendor makes alike. */
    static List<String> ownTables(String ending) {
        List<String> ddl = new ArrayList<>();
        ddl.add("CREATE TABLE IF NOT EXISTS " + OwnTables.MARK + " (id VARCHAR(40) NOT NULL, seq INT NOT NULL,"
                + " table_name VARCHAR(200) NOT NULL, row_key VARCHAR(600), row_count INT DEFAULT 1 NOT NULL,"
                + " reason VARCHAR(400) NOT NULL, instance VARCHAR(100) NOT NULL, epoch BIGINT NOT NULL, marked_at BIGINT NOT NULL,"
                + " PRIMARY KEY (id, seq))" + ending);
        ddl.add("CREATE TABLE IF NOT EXISTS " + OwnTables.INSTANCE + " (name VARCHAR(100) NOT NULL,"
                + " incarnation VARCHAR(40) NOT NULL, rung VARCHAR(20) NOT NULL, moving_from VARCHAR(20),"
                + " asked INT NOT NULL, arrived_at BIGINT NOT NULL, heartbeat_at BIGINT NOT NULL, gone INT NOT NULL,"
                + " waits_for VARCHAR(400) NOT NULL, fingerprint VARCHAR(64) NOT NULL, fleet_size INT NOT NULL,"
                + " paused INT DEFAULT 0 NOT NULL, client VARCHAR(100) DEFAULT '' NOT NULL, PRIMARY KEY (name))"
                + ending);
        ddl.add("CREATE TABLE IF NOT EXISTS " + OwnTables.PHASE + " (id INT NOT NULL, migration VARCHAR(40) NOT NULL,"
                + " epoch BIGINT NOT NULL, pass_from INT, pass_to INT, pass_at BIGINT, pass_evidence VARCHAR(2000),"
                + " other_stale_since BIGINT, PRIMARY KEY (id))" + ending);
        ddl.add("CREATE TABLE IF NOT EXISTS " + OwnTables.COPY + " (run VARCHAR(40) NOT NULL,"
                + " kind VARCHAR(20) NOT NULL, direction VARCHAR(10) NOT NULL, table_name VARCHAR(200) NOT NULL,"
                + " state VARCHAR(20) NOT NULL, watermark VARCHAR(100), last_key VARCHAR(600),"
                + " rows_done BIGINT NOT NULL, differences BIGINT NOT NULL, locked INT NOT NULL,"
                + " started_at BIGINT NOT NULL, touched_at BIGINT NOT NULL, finished_at BIGINT, detail VARCHAR(1000),"
                + " PRIMARY KEY (run, kind, table_name))" + ending);
        return ddl;
    }
}
