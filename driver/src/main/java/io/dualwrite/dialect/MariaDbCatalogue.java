package io.dualwrite.dialect;

import io.dualwrite.sql.TableName;
import io.dualwrite.sql.Verb;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** MariaDB's and MySQL's catalogue. */
final class MariaDbCatalogue {
    private static final String TABLES = "SELECT table_schema, table_name FROM information_schema.tables"
            + " WHERE table_type IN ('BASE TABLE', 'SYSTEM VERSIONED')";

    private static final String COLUMNS = "SELECT column_name, data_type, column_type, is_nullable, extra,"
            + " COALESCE(column_default, ''), datetime_precision, numeric_scale"
            + " FROM information_schema.columns"
            + " WHERE table_schema = ? AND table_name = ? ORDER BY ordinal_position";

    private static final String TRIGGERS =
            "SELECT trigger_name, action_timing, event_manipulation FROM information_schema.triggers"
                    + " WHERE event_object_schema = ? AND event_object_table = ? ORDER BY trigger_name";

    /** Of the same database: its driver asks for each table of the server by itself. */
    private static final String LINKS = "SELECT k.table_schema, k.table_name, k.referenced_column_name, r.delete_rule,"
            + " r.update_rule FROM information_schema.key_column_usage k JOIN information_schema.referential_constraints r"
            + " ON r.constraint_schema = k.constraint_schema AND r.constraint_name = k.constraint_name"
            + " AND r.table_name = k.table_name WHERE k.constraint_schema = ? AND k.table_schema = k.referenced_table_schema"
            + " AND k.referenced_table_schema = ? AND k.referenced_table_name = ?";

    private static final String CHECKS = "SELECT LOWER(check_clause) FROM information_schema.check_constraints"
            + " WHERE constraint_schema = ? AND table_name = ?";

    private static final String TRANSACTIONS =
            "SELECT e.transactions FROM information_schema.tables t JOIN information_schema.engines e"
                    + " ON e.engine = t.engine WHERE t.table_schema = ? AND t.table_name = ?";

    private static final String FUNCTIONS =
            "SELECT LOWER(routine_name), routine_schema FROM information_schema.routines WHERE routine_type = 'FUNCTION'"
                    + " AND routine_schema NOT IN ('mysql', 'sys', 'information_schema', 'performance_schema')"
                    + MariaDbDialect.EVERY_ROW;

    private MariaDbCatalogue() {}

    static Map<String, List<String>> usersFunctions(Connection connection) throws SQLException {
        return Catalogue.functions(connection, FUNCTIONS);
    }

    static List<TableName> tables(Connection connection) throws SQLException {
        return Catalogue.query(
                connection,
                TABLES + " AND table_schema = DATABASE() AND table_name NOT LIKE 'dualwrite\\_%' ORDER BY table_name",
                MariaDbCatalogue::name);
    }

    static TableShape shape(Connection connection, TableName wanted, boolean mariaDb) throws SQLException {
        String schema = wanted.schema();
        List<TableName> found = schema == null
                ? Catalogue.query(
                        connection,
                        TABLES + " AND table_schema = DATABASE() AND LOWER(table_name) = LOWER(?)",
                        MariaDbCatalogue::name,
                        wanted.table())
                : Catalogue.query(
                        connection,
                        TABLES + " AND LOWER(table_name) = LOWER(?) AND LOWER(table_schema) = LOWER(?)",
                        MariaDbCatalogue::name,
                        wanted.table(),
                        schema);
        TableName name = Catalogue.only(found, wanted);
        Set<String> checks = new HashSet<>();
        if (mariaDb) {
            checks.addAll(
                    Catalogue.query(connection, CHECKS, rows -> Catalogue.text(rows, 1), name.schema(), name.table()));
        }
        List<Column> columns =
                Catalogue.query(connection, COLUMNS, rows -> column(rows, checks), name.schema(), name.table());
        List<TableShape.Trigger> triggers =
                Catalogue.query(connection, TRIGGERS, MariaDbCatalogue::trigger, name.schema(), name.table());
        Dependants dependants = new Dependants(table -> links(connection, table));
        TableShape shape =
                Catalogue.shape(connection.getMetaData(), name.schema(), null, name, columns, dependants, triggers);
        boolean keepsRows = Catalogue.query(
                        connection, TRANSACTIONS, rows -> Catalogue.text(rows, 1), name.schema(), name.table())
                .contains("NO");
        return keepsRows ? shape.withoutTransactions() : shape;
    }

    /** Each runs for each row. */
    private static TableShape.Trigger trigger(ResultSet rows) throws SQLException {
        String name = Catalogue.text(rows, 1);
        Set<Verb> writes = Catalogue.writes(Catalogue.text(rows, 3));
        TableShape.Trigger trigger = new TableShape.Trigger(name, name);
        return Catalogue.text(rows, 2).equals("BEFORE")
                ? trigger.before(writes, Collections.<Verb>emptySet())
                : trigger.after(writes);
    }

    private static List<Dependants.Link> links(Connection connection, TableName table) throws SQLException {
        return Catalogue.query(
                connection,
                LINKS,
                rows -> new Dependants.Link(
                        name(rows),
                        Catalogue.text(rows, 3),
                        changesRows(rows.getString(4)),
                        changesRows(rows.getString(5))),
                table.schema(),
                table.schema(),
                table.table());
    }

    private static boolean changesRows(String rule) {
        return rule.startsWith("CASCADE") || rule.startsWith("SET");
    }

    private static TableName name(ResultSet rows) throws SQLException {
        return TableName.of(rows.getString(1), Catalogue.text(rows, 2));
    }

    private static Column column(ResultSet rows, Set<String> checks) throws SQLException {
        String name = Catalogue.text(rows, 1);
        String full = Catalogue.text(rows, 3).toLowerCase(Locale.ROOT);
        String extra = Catalogue.text(rows, 5).toLowerCase(Locale.ROOT);
        // MariaDB's JSON is a LONGTEXT that checks itself
        boolean json = checks.contains("json_valid(`" + name.toLowerCase(Locale.ROOT) + "`)");
        Kind kind = json ? Kind.JSON : kind(Catalogue.text(rows, 2).toLowerCase(Locale.ROOT), full);
        return Column.named(name, kind, full)
                .nullable(Catalogue.text(rows, 4).equals("YES"))
                // MySQL says DEFAULT_GENERATED of an expression as default, which is another thing
                .computed(extra.contains("virtual") || extra.contains("stored") || extra.contains("persistent"))
                .generatedKey(extra.contains("auto_increment")
                        || Catalogue.text(rows, 6).toLowerCase(Locale.ROOT).startsWith("nextval("))
                .fractionDigits(rows.getInt(7))
                .decimals(decimals(rows))
                .build();
    }

    /** FLOAT(7, 2) and DOUBLE(7, 2) have such digits too. */
    private static int decimals(ResultSet rows) throws SQLException {
        int scale = rows.getInt(8);
        return rows.wasNull() ? Column.ANY_DIGITS : scale;
    }

    private static Kind kind(String type, String full) {
        switch (type) {
            case "tinyint":
                return full.startsWith("tinyint(1)") && !full.contains("unsigned") ? Kind.BOOLEAN : Kind.INTEGER;
            case "bit":
                return full.equals("bit(1)") ? Kind.BOOLEAN : Kind.INTEGER;
            case "smallint":
            case "mediumint":
            case "int":
            case "year":
                return Kind.INTEGER;
            case "bigint":
                return full.contains("unsigned") ? Kind.DECIMAL : Kind.INTEGER;
            case "decimal":
                return Kind.DECIMAL;
            case "float":
                return Kind.REAL;
            case "double":
                return Kind.DOUBLE;
            case "char":
            case "varchar":
            case "tinytext":
            case "text":
            case "mediumtext":
            case "longtext":
            case "enum":
            case "set":
                return Kind.TEXT;
            case "binary":
            case "varbinary":
            case "tinyblob":
            case "blob":
            case "mediumblob":
            case "longblob":
            // Their own form is bytes: an SRID and the WKB
            case "geometry":
            case "point":
            case "linestring":
            case "polygon":
            case "multipoint":
            case "multilinestring":
            case "multipolygon":
            case "geometrycollection":
                return Kind.BINARY;
            case "date":
                return Kind.DATE;
            case "time":
                return Kind.TIME;
            case "datetime":
            case "timestamp":
                return Kind.TIMESTAMP;
            case "uuid":
                return Kind.UUID;
            case "json":
                return Kind.JSON;
            default:
                return Kind.OTHER;
        }
    }
}
