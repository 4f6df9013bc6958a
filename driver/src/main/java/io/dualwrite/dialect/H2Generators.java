package io.dualwrite.dialect;

import io.dualwrite.sql.TableName;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLSyntaxErrorException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** H2's identity columns and sequences. */
final class H2Generators {
    private static final Pattern NEXT_VALUE =
            Pattern.compile("NEXT VALUE FOR \"([^\"]+)\"\\.\"([^\"]+)\"", Pattern.CASE_INSENSITIVE);

    private static final Set<String> FOLLOWING_MODES = new HashSet<>(Arrays.asList("LEGACY", "MYSQL", "MARIADB"));

    private static final String COLUMNS = "SELECT COLUMN_NAME, IS_IDENTITY, COALESCE(COLUMN_DEFAULT, '')"
            + " FROM INFORMATION_SCHEMA.COLUMNS WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ? ORDER BY ORDINAL_POSITION";

    private H2Generators() {}

    static List<Generator> of(Connection connection, TableShape table) throws SQLException {
        boolean follows = followsExplicitValues(connection);
        List<Generator> generators = new ArrayList<>();
        Catalogue.query(
                connection,
                COLUMNS,
                rows -> {
                    Matcher sequence = NEXT_VALUE.matcher(Catalogue.text(rows, 3));
                    if (Catalogue.text(rows, 2).equals("YES")) {
                        return generators.add(Generator.ofColumn(table.name, rows.getString(1), follows));
                    }
                    return sequence.find()
                            && generators.add(Generator.ofSequence(
                                    TableName.of(sequence.group(1), sequence.group(2)), table.name, rows.getString(1)));
                },
                table.name.schema(),
                table.name.table());
        return generators;
    }

    /** In the modes that imitate other databases an identity column follows explicit values as theirs do. */
    private static boolean followsExplicitValues(Connection connection) throws SQLException {
        List<String> mode = Catalogue.query(
                connection,
                "SELECT SETTING_VALUE FROM INFORMATION_SCHEMA.SETTINGS WHERE SETTING_NAME = 'MODE'",
                rows -> Catalogue.text(rows, 1));
        return !mode.isEmpty() && FOLLOWING_MODES.contains(mode.get(0).toUpperCase(Locale.ROOT));
    }

    static List<Generator> free(Connection connection) throws SQLException {
        return Catalogue.query(
                connection,
                "SELECT SEQUENCE_SCHEMA, SEQUENCE_NAME FROM INFORMATION_SCHEMA.SEQUENCES"
                        + " WHERE SEQUENCE_SCHEMA = SCHEMA() ORDER BY SEQUENCE_NAME",
                rows -> Generator.free(TableName.of(rows.getString(1), Catalogue.text(rows, 2))));
    }

    static long reached(Connection connection, Generator generator) throws SQLException {
        return one(connection, generator, "BASE_VALUE - INCREMENT", "IDENTITY_BASE - IDENTITY_INCREMENT");
    }

    static long highest(Connection connection, Generator generator) throws SQLException {
        return one(connection, generator, "MAXIMUM_VALUE", "IDENTITY_MAXIMUM");
    }

    private static long one(Connection connection, Generator generator, String ofSequence, String ofColumn)
            throws SQLException {
        TableName sequence = generator.sequence;
        if (sequence != null) {
            return one(
                    connection,
                    generator,
                    "SELECT " + ofSequence + " FROM INFORMATION_SCHEMA.SEQUENCES"
                            + " WHERE SEQUENCE_SCHEMA = ? AND SEQUENCE_NAME = ?",
                    new @Nullable String[] {sequence.schema(), sequence.table()});
        }
        TableName table = table(generator);
        return one(
                connection,
                generator,
                "SELECT " + ofColumn + " FROM INFORMATION_SCHEMA.COLUMNS"
                        + " WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ? AND COLUMN_NAME = ?",
                new @Nullable String[] {table.schema(), table.table(), generator.column});
    }

    private static long one(Connection connection, Generator generator, String sql, @Nullable String[] parameters)
            throws SQLException {
        List<Long> found = Catalogue.query(connection, sql, rows -> rows.getLong(1), parameters);
        if (found.isEmpty()) {
            throw new SQLSyntaxErrorException(generator + " does not exist", SqlState.NO_GENERATOR.code());
        }
        return found.get(0);
    }

    static void raise(Connection connection, StandardSql sql, Generator generator, long floor) throws SQLException {
        if (reached(connection, generator) >= floor) {
            return;
        }
        String restart = " RESTART WITH " + Math.addExact(floor, 1);
        try (Statement statement = connection.createStatement()) {
            if (generator.sequence != null) {
                statement.execute("ALTER SEQUENCE " + sql.quote(generator.sequence) + restart);
            } else {
                String column = generator.column == null ? "" : generator.column;
                statement.execute(
                        "ALTER TABLE " + sql.quote(table(generator)) + " ALTER COLUMN " + sql.quote(column) + restart);
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
