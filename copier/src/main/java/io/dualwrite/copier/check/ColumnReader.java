package io.dualwrite.copier.check;

import io.dualwrite.dialect.Column;
import io.dualwrite.dialect.Kind;
import io.dualwrite.dialect.TableShape;
import io.dualwrite.dialect.Vendor;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads what {@code information_schema.columns} says, which all vendors have. */
final class ColumnReader {
    private static final String COLUMNS = "SELECT column_name, column_default, character_maximum_length,"
            + " numeric_precision, numeric_scale, collation_name FROM information_schema.columns"
            + " WHERE table_schema = ? AND table_name = ?";

    /** The columns whose collation says of different texts that they are equal. */
    private static final String NOT_DETERMINISTIC = "SELECT a.attname FROM pg_attribute a"
            + " JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace"
            + " JOIN pg_collation l ON l.oid = a.attcollation"
            + " WHERE n.nspname = ? AND c.relname = ? AND NOT l.collisdeterministic";

    private final Connection connection;
    private final Vendor vendor;

    ColumnReader(Connection connection, Vendor vendor) {
        this.connection = connection;
        this.vendor = vendor;
    }

    /** The facts by the column's name in lower case. */
    Map<String, ColumnFacts> read(TableShape table) throws SQLException {
        Set<String> blind = vendor == Vendor.POSTGRESQL ? blindColumns(table) : Set.of();
        Map<String, ColumnFacts> facts = new HashMap<>();
        try (PreparedStatement statement = connection.prepareStatement(COLUMNS)) {
            statement.setString(1, table.name.schema());
            statement.setString(2, table.name.table());
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    Column column = table.column(rows.getString(1));
                    if (column != null) {
                        facts.put(column.name.toLowerCase(Locale.ROOT), facts(rows, column, blind));
                    }
                }
            }
        }
        return facts;
    }

    private ColumnFacts facts(ResultSet rows, Column column, Set<String> blind) throws SQLException {
        boolean decimal = column.kind == Kind.DECIMAL;
        String collation = rows.getString(6);
        return new ColumnFacts(
                column.computed || column.generatedKey ? null : Defaults.normal(rows.getString(2)),
                number(rows, 3),
                decimal ? integer(rows, 4) : null,
                decimal ? integer(rows, 5) : null,
                collation(column, collation == null ? "" : collation, blind.contains(column.name)));
    }

    private ColumnFacts.Collation collation(Column column, String name, boolean blind) {
        String lower = name.toLowerCase(Locale.ROOT);
        String type = column.typeName.toLowerCase(Locale.ROOT);
        return switch (vendor) {
            case POSTGRESQL -> new ColumnFacts.Collation(name, blind || type.equals("citext"), type.equals("bpchar"));
            case MARIADB ->
                new ColumnFacts.Collation(
                        name,
                        lower.endsWith("_ci"),
                        !lower.isEmpty() && !lower.contains("nopad") && !lower.contains("0900"));
            case H2 -> new ColumnFacts.Collation("", type.equals("varchar_ignorecase"), type.equals("character"));
        };
    }

    private Set<String> blindColumns(TableShape table) throws SQLException {
        Set<String> names = new HashSet<>();
        try (PreparedStatement statement = connection.prepareStatement(NOT_DETERMINISTIC)) {
            statement.setString(1, table.name.schema());
            statement.setString(2, table.name.table());
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    names.add(rows.getString(1));
                }
            }
        }
        return names;
    }

    private static @Nullable Long number(ResultSet rows, int index) throws SQLException {
        long value = rows.getLong(index);
        return rows.wasNull() ? null : value;
    }

    private static @Nullable Integer integer(ResultSet rows, int index) throws SQLException {
        int value = rows.getInt(index);
        return rows.wasNull() ? null : value;
    }
}
