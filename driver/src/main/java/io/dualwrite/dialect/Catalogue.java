package io.dualwrite.dialect;

import io.dualwrite.sql.TableName;
import io.dualwrite.sql.Verb;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLSyntaxErrorException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What JDBC's own metadata tells alike on all vendors: keys and references; and the look for a table by its name. */
final class Catalogue {

    /** Makes a value of one row. */
    interface RowReader<T> {
        T read(ResultSet rows) throws SQLException;
    }

    private Catalogue() {}

    /** Runs a query with text parameters and reads every row. */
    static <T> List<T> query(Connection connection, String sql, RowReader<T> reader, @Nullable String... parameters)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setString(i + 1, parameters[i]);
            }
            try (ResultSet rows = statement.executeQuery()) {
                List<T> all = new ArrayList<>();
                while (rows.next()) {
                    all.add(reader.read(rows));
                }
                return all;
            }
        }
    }

    /** A trigger by its name and that of its function. */
    static TableShape.Trigger trigger(ResultSet rows) throws SQLException {
        return new TableShape.Trigger(text(rows, 1), text(rows, 2));
    }

    /** Of rows of a function's name and its schema: the names, and for each the schemas in which one is. */
    static Map<String, List<String>> functions(Connection connection, String sql) throws SQLException {
        Map<String, List<String>> schemas = new HashMap<>();
        query(connection, sql, rows -> schemas.computeIfAbsent(text(rows, 1), name -> new ArrayList<>(1))
                .add(text(rows, 2)));
        return schemas;
    }

    /** The writes whose names stand in a text. */
    static Set<Verb> writes(String events) {
        Set<Verb> writes = EnumSet.noneOf(Verb.class);
        for (Verb verb : new Verb[] {Verb.INSERT, Verb.UPDATE, Verb.DELETE}) {
            if (events.contains(verb.name())) {
                writes.add(verb);
            }
        }
        return writes;
    }

    /** A text that must not be NULL. */
    static String text(ResultSet rows, int index) throws SQLException {
        String text = rows.getString(index);
        return text == null ? "" : text;
    }

    /** The first of the tables that a search found, which must be of one schema and one spelling. */
    static TableName only(List<TableName> found, TableName wanted) throws SQLException {
        if (found.isEmpty()) {
            throw new SQLSyntaxErrorException("table " + wanted + " does not exist", SqlState.NO_TABLE.code());
        }
        TableName first = found.get(0);
        for (TableName other : found) {
            if (other.table().equals(wanted.table()) && other.equals(first)) {
                return other;
            }
        }
        for (TableName other : found.subList(1, found.size())) {
            if (other.equals(first)) {
                throw new SQLSyntaxErrorException(
                        "table " + wanted + " could be " + first + " or " + other + ", which differ in case only",
                        SqlState.NO_TABLE.code());
            }
        }
        return first;
    }

    /** Describes a table whose columns are known. */
    static TableShape shape(
            DatabaseMetaData metaData,
            @Nullable String catalog,
            @Nullable String schema,
            TableName name,
            List<Column> columns,
            Dependants dependants,
            List<TableShape.Trigger> triggers)
            throws SQLException {
        Map<String, Column> byName = new LinkedHashMap<>();
        for (Column column : columns) {
            byName.put(column.name, column);
        }
        List<String> primary = keyNames(metaData, catalog, schema, name.table());
        List<String> keyNames = primary.isEmpty()
                ? firstWithoutNull(uniqueKeys(metaData, catalog, schema, name.table(), false), byName)
                : primary;
        List<Column> key = new ArrayList<>();
        for (String keyName : keyNames) {
            Column column = byName.get(keyName);
            if (column == null) {
                throw new SQLSyntaxErrorException(
                        "key column " + keyName + " of " + name + " is not visible", SqlState.NO_COLUMN.code());
            }
            key.add(column);
        }
        List<List<String>> unique = uniqueKeys(metaData, catalog, schema, name.table(), true);
        unique.removeIf(keyNames::equals);
        return new TableShape(
                name,
                columns,
                key,
                unique,
                references(metaData, catalog, schema, name.table()),
                dependants.of(name),
                triggers);
    }

    private static List<String> keyNames(
            DatabaseMetaData metaData, @Nullable String catalog, @Nullable String schema, String table)
            throws SQLException {
        TreeMap<Integer, String> names = new TreeMap<>();
        try (ResultSet rows = metaData.getPrimaryKeys(catalog, schema, table)) {
            while (rows.next()) {
                names.put(rows.getInt("KEY_SEQ"), rows.getString("COLUMN_NAME"));
            }
        }
        return new ArrayList<>(names.values());
    }

    /** A unique key that is as good as a primary one: the same on all vendors, of the fewest columns; empty for none. */
    private static List<String> firstWithoutNull(List<List<String>> unique, Map<String, Column> columns) {
        List<String> best = Collections.emptyList();
        for (List<String> names : unique) {
            boolean whole = true;
            for (String name : names) {
                Column column = columns.get(name);
                whole &= column != null && !column.nullable;
            }
            boolean better = best.isEmpty()
                    || names.size() < best.size()
                    || names.size() == best.size() && names.toString().compareToIgnoreCase(best.toString()) < 0;
            if (whole && better) {
                best = names;
            }
        }
        return best;
    }

    /** The unique keys; {@code partial} says whether those count that hold for some rows only. */
    private static List<List<String>> uniqueKeys(
            DatabaseMetaData metaData, @Nullable String catalog, @Nullable String schema, String table, boolean partial)
            throws SQLException {
        Map<String, TreeMap<Integer, String>> keys = new TreeMap<>();
        try (ResultSet rows = metaData.getIndexInfo(catalog, schema, table, true, true)) {
            while (rows.next()) {
                String index = rows.getString("INDEX_NAME");
                boolean counts = partial || rows.getString("FILTER_CONDITION") == null;
                if (index != null && counts && !rows.getBoolean("NON_UNIQUE")) {
                    keys.computeIfAbsent(index, name -> new TreeMap<>())
                            .put(rows.getInt("ORDINAL_POSITION"), rows.getString("COLUMN_NAME"));
                }
            }
        }
        List<List<String>> lists = new ArrayList<>();
        for (TreeMap<Integer, String> names : keys.values()) {
            lists.add(new ArrayList<>(names.values()));
        }
        return lists;
    }

    private static List<TableShape.Reference> references(
            DatabaseMetaData metaData, @Nullable String catalog, @Nullable String schema, String table)
            throws SQLException {
        Map<String, ForeignKey> keys = new LinkedHashMap<>();
        try (ResultSet rows = metaData.getImportedKeys(catalog, schema, table)) {
            while (rows.next()) {
                String parentSchema = rows.getString("PKTABLE_SCHEM");
                TableName parent = TableName.of(
                        parentSchema == null ? rows.getString("PKTABLE_CAT") : parentSchema,
                        rows.getString("PKTABLE_NAME"));
                String name = rows.getString("FK_NAME");
                ForeignKey key = keys.computeIfAbsent(
                        name == null ? parent.toString() : name, fkName -> new ForeignKey(fkName, parent));
                key.columns.put(rows.getInt("KEY_SEQ"), rows.getString("FKCOLUMN_NAME"));
                key.parentColumns.put(rows.getInt("KEY_SEQ"), rows.getString("PKCOLUMN_NAME"));
                key.cascades |= changesRows(rows.getInt("DELETE_RULE")) || changesRows(rows.getInt("UPDATE_RULE"));
            }
        }
        return ForeignKey.references(keys.values());
    }

    static boolean changesRows(int rule) {
        return rule == DatabaseMetaData.importedKeyCascade
                || rule == DatabaseMetaData.importedKeySetNull
                || rule == DatabaseMetaData.importedKeySetDefault;
    }

    /** A foreign key while its columns are being read. */
    private static final class ForeignKey {
        final String name;
        final TableName parent;
        final TreeMap<Integer, String> columns = new TreeMap<>();
        final TreeMap<Integer, String> parentColumns = new TreeMap<>();
        boolean cascades;

        ForeignKey(String name, TableName parent) {
            this.name = name;
            this.parent = parent;
        }

        static List<TableShape.Reference> references(Collection<ForeignKey> keys) {
            List<TableShape.Reference> references = new ArrayList<>();
            for (ForeignKey key : keys) {
                references.add(new TableShape.Reference(
                        key.name,
                        key.parent,
                        new ArrayList<>(key.columns.values()),
                        new ArrayList<>(key.parentColumns.values()),
                        key.cascades));
            }
            return references;
        }
    }
}
