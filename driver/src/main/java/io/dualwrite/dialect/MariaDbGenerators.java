package io.dualwrite.dialect;

import io.dualwrite.sql.TableName;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLSyntaxErrorException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** MariaDB's AUTO_INCREMENT columns and sequences. */
final class MariaDbGenerators {
    private static final Pattern NEXTVAL =
            Pattern.compile("nextval\\(`([^`]+)`\\.`([^`]+)`\\)", Pattern.CASE_INSENSITIVE);

    private static final String COLUMNS = "SELECT column_name, extra, COALESCE(column_default, '')"
            + " FROM information_schema.columns WHERE table_schema = ? AND table_name = ? ORDER BY ordinal_position"
            + MariaDbDialect.EVERY_ROW;

    private MariaDbGenerators() {}

    static List<Generator> of(Connection connection, TableShape table) throws SQLException {
        List<Generator> generators = new ArrayList<>();
        Catalogue.query(
                connection,
                COLUMNS,
                rows -> {
                    Matcher nextval = NEXTVAL.matcher(Catalogue.text(rows, 3));
                    if (Catalogue.text(rows, 2).contains("auto_increment")) {
                        return generators.add(Generator.ofColumn(table.name, rows.getString(1), true));
                    }
                    return nextval.find()
                            && generators.add(Generator.ofSequence(
                                    TableName.of(nextval.group(1), nextval.group(2)), table.name, rows.getString(1)));
                },
                table.name.schema(),
                table.name.table());
        return generators;
    }

    static List<Generator> free(Connection connection) throws SQLException {
        return Catalogue.query(
                connection,
                "SELECT table_schema, table_name FROM information_schema.tables WHERE table_type = 'SEQUENCE'"
                        + " AND table_schema = DATABASE() ORDER BY table_name",
                rows -> Generator.free(TableName.of(rows.getString(1), Catalogue.text(rows, 2))));
    }

    /** A sequence's row counts what the server keeps in its cache as handed out. */
    static long reached(Connection connection, StandardSql sql, Generator generator) throws SQLException {
        TableName sequence = generator.sequence;
        if (sequence != null) {
            return Catalogue.query(
                            connection,
                            "SELECT next_not_cached_value - increment FROM " + sql.quote(sequence),
                            rows -> rows.getLong(1))
                    .get(0);
        }
        TableName table = table(generator);
        List<Long> next = Catalogue.query(
                connection,
                "SELECT auto_increment FROM information_schema.tables WHERE table_schema = ? AND table_name = ?",
                rows -> rows.getLong(1),
                table.schema(),
                table.table());
        if (next.isEmpty()) {
            throw new SQLSyntaxErrorException("table " + table + " does not exist", SqlState.NO_TABLE.code());
        }
        return Math.max(0, next.get(0) - 1);
    }

    /** An AUTO_INCREMENT ends with its column's type, taken as a signed one, and does not say so before the insert that fails. */
    static long highest(Connection connection, StandardSql sql, Generator generator) throws SQLException {
        TableName sequence = generator.sequence;
        if (sequence != null) {
            return Catalogue.query(
                            connection, "SELECT maximum_value FROM " + sql.quote(sequence), rows -> rows.getLong(1))
                    .get(0);
        }
        TableName table = table(generator);
        List<Long> highest = Catalogue.query(
                connection,
                "SELECT CASE data_type WHEN 'tinyint' THEN 127 WHEN 'smallint' THEN 32767 WHEN 'mediumint' THEN 8388607"
                        + " WHEN 'int' THEN 2147483647 ELSE 9223372036854775807 END FROM information_schema.columns"
                        + " WHERE table_schema = ? AND table_name = ? AND column_name = ?",
                rows -> rows.getLong(1),
                table.schema(),
                table.table(),
                generator.column);
        if (highest.isEmpty()) {
            throw new SQLSyntaxErrorException("table " + table + " does not exist", SqlState.NO_TABLE.code());
        }
        return highest.get(0);
    }

    /**
     * SETVAL never lowers a sequence. ALTER TABLE would lower an AUTO_INCREMENT, and waits for the table's transactions while all
     * others wait for it: hence the look before, and a wait of a second at most.
     */
    static void raise(Connection connection, StandardSql sql, Generator generator, long floor) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            if (generator.sequence != null) {
                statement.execute("SELECT SETVAL(" + sql.quote(generator.sequence) + ", " + floor + ", 1)");
            } else if (reached(connection, sql, generator) < floor) {
                statement.execute("SET @dualwrite_raise = @@SESSION.lock_wait_timeout, SESSION lock_wait_timeout = 1");
                try {
                    statement.execute("ALTER TABLE " + sql.quote(table(generator)) + " AUTO_INCREMENT = "
                            + Math.addExact(floor, 1));
                } finally {
                    statement.execute("SET SESSION lock_wait_timeout = @dualwrite_raise");
                }
            }
        }
    }

    private static TableName table(Generator generator) {
        TableName table = generator.table;
        if (table == null) {
            throw new IllegalArgumentException(generator + " has no table");
        }
        return table;
    }
}
