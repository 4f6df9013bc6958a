package io.dualwrite.dialect;

import io.dualwrite.sql.TableName;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** H2's catalogue. */
final class H2Catalogue {
    private static final String GLOBAL_TEMPORARY = "GLOBAL TEMPORARY";

    /** A session's own temporary tables are left out: what is learned here, other sessions use as well. */
    private static final String TABLES =
            "SELECT TABLE_SCHEMA, TABLE_NAME, TABLE_TYPE FROM INFORMATION_SCHEMA.TABLES WHERE TABLE_TYPE LIKE '%TABLE'"
                    + " OR TABLE_TYPE = '" + GLOBAL_TEMPORARY + "'";

    private static final String COLUMNS = "SELECT COLUMN_NAME, DATA_TYPE, IS_NULLABLE, IS_GENERATED, IS_IDENTITY,"
            + " IDENTITY_GENERATION, COALESCE(COLUMN_DEFAULT, ''), DATETIME_PRECISION,"
            + " COALESCE(NUMERIC_SCALE, " + Column.ANY_DIGITS + ")"
            + " FROM INFORMATION_SCHEMA.COLUMNS WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ? ORDER BY ORDINAL_POSITION";

    private static final String TRIGGERS =
            "SELECT TRIGGER_NAME, TRIGGER_NAME, ACTION_ORIENTATION, EVENT_MANIPULATION FROM INFORMATION_SCHEMA.TRIGGERS"
                    + " WHERE EVENT_OBJECT_SCHEMA = ? AND EVENT_OBJECT_TABLE = ? ORDER BY TRIGGER_NAME";

    private static final Pattern LITERAL = Pattern.compile("'[^']*'");

    /** What stands in a default of which H2 did not make a constant when it was declared: a call, a sequence, a clock, a user. */
    private static final Pattern COMPUTED = Pattern.compile(
            "\\b(?!(?:CAST|ROW|CHAR|BINARY|VARYING|VARCHAR_IGNORECASE)\\()\\w+\"?\\(|\\b(?:NEXT VALUE FOR|CURRENT_\\w+|LOCALTIME\\w*|\\w*USER)\\b",
            Pattern.CASE_INSENSITIVE);

    private static final Pattern CALL = Pattern.compile("(\\w+)\"?\\(");

    private static final String FUNCTIONS =
            "SELECT DISTINCT LOWER(ROUTINE_NAME), ROUTINE_SCHEMA FROM INFORMATION_SCHEMA.ROUTINES"
                    + " WHERE ROUTINE_TYPE <> 'AGGREGATE' AND ROUTINE_SCHEMA <> 'INFORMATION_SCHEMA'";

    private H2Catalogue() {}

    static Map<String, List<String>> usersFunctions(Connection connection) throws SQLException {
        return Catalogue.functions(connection, FUNCTIONS);
    }

    static List<TableName> tables(Connection connection) throws SQLException {
        return Catalogue.query(
                connection,
                "SELECT * FROM (" + TABLES + ") WHERE TABLE_SCHEMA = SCHEMA() AND TABLE_TYPE <> '" + GLOBAL_TEMPORARY
                        + "'"
                        + " AND UPPER(TABLE_NAME) NOT LIKE 'DUALWRITE\\_%' ORDER BY TABLE_NAME",
                H2Catalogue::name);
    }

    static TableShape shape(Connection connection, TableName wanted) throws SQLException {
        String schema = wanted.schema();
        Set<TableName> temporary = new HashSet<>(0);
        Catalogue.RowReader<TableName> reader = rows -> {
            TableName name = name(rows);
            if (Catalogue.text(rows, 3).equals(GLOBAL_TEMPORARY)) {
                temporary.add(name);
            }
            return name;
        };
        String found = "SELECT * FROM (" + TABLES + ") WHERE UPPER(TABLE_NAME) = UPPER(?)";
        List<TableName> names = schema == null
                ? Catalogue.query(connection, found + " AND TABLE_SCHEMA = SCHEMA()", reader, wanted.table())
                : Catalogue.query(
                        connection, found + " AND UPPER(TABLE_SCHEMA) = UPPER(?)", reader, wanted.table(), schema);
        TableName name = Catalogue.only(names, wanted);
        Set<String> functions = usersFunctions(connection).keySet();
        List<Column> columns =
                Catalogue.query(connection, COLUMNS, rows -> column(rows, functions), name.schema(), name.table());
        List<TableShape.Trigger> triggers =
                Catalogue.query(connection, TRIGGERS, H2Catalogue::trigger, name.schema(), name.table());
        Dependants dependants = new Dependants(Dependants.of(connection.getMetaData()));
        TableShape shape =
                Catalogue.shape(connection.getMetaData(), null, name.schema(), name, columns, dependants, triggers);
        return temporary.contains(name) ? shape.asTemporary() : shape;
    }

    /** A session's own temporary table hides one of everybody's. */
    static boolean isTemporary(Connection connection, TableName table) throws SQLException {
        return !Catalogue.query(
                        connection,
                        "SELECT 1 FROM INFORMATION_SCHEMA.TABLES WHERE TABLE_TYPE = 'LOCAL TEMPORARY'"
                                + " AND UPPER(TABLE_NAME) = UPPER(?)",
                        rows -> 1,
                        table.table())
                .isEmpty();
    }

    private static TableShape.Trigger trigger(ResultSet rows) throws SQLException {
        TableShape.Trigger trigger = Catalogue.trigger(rows);
        return Catalogue.text(rows, 3).equals("STATEMENT")
                ? trigger.ofStatement(Catalogue.writes(Catalogue.text(rows, 4)))
                : trigger;
    }

    private static TableName name(ResultSet rows) throws SQLException {
        return TableName.of(rows.getString(1), Catalogue.text(rows, 2));
    }

    private static Column column(ResultSet rows, Set<String> functions) throws SQLException {
        String type = Catalogue.text(rows, 2);
        boolean identity = Catalogue.text(rows, 5).equals("YES");
        Kind kind = kind(type);
        boolean time = kind == Kind.TIME || kind == Kind.TIMESTAMP || kind == Kind.TIMESTAMP_TZ;
        String byDefault = Catalogue.text(rows, 7);
        String computed = LITERAL.matcher(byDefault).replaceAll("''");
        return Column.named(Catalogue.text(rows, 1), kind, type)
                .nullable(Catalogue.text(rows, 3).equals("YES"))
                .computed(Catalogue.text(rows, 4).equals("ALWAYS"))
                .generatedKey(identity || byDefault.toUpperCase(Locale.ROOT).startsWith("NEXT VALUE FOR"))
                .alwaysIdentity(identity && Catalogue.text(rows, 6).equals("ALWAYS"))
                .fractionDigits(time ? rows.getInt(8) : 0)
                .decimals(kind == Kind.DECIMAL ? rows.getInt(9) : Column.ANY_DIGITS)
                .computesDefault(COMPUTED.matcher(computed).find())
                .calledByDefault(called(computed, functions))
                .build();
    }

    /** Those of the functions that a default calls. */
    private static List<String> called(String byDefault, Set<String> functions) {
        List<String> called = new ArrayList<>(0);
        for (Matcher call = CALL.matcher(byDefault); call.find(); ) {
            String name = call.group(1).toLowerCase(Locale.ROOT);
            if (functions.contains(name)) {
                called.add(name);
            }
        }
        return called;
    }

    private static Kind kind(String type) {
        switch (type) {
            case "BOOLEAN":
                return Kind.BOOLEAN;
            case "TINYINT":
            case "SMALLINT":
            case "INTEGER":
            case "BIGINT":
                return Kind.INTEGER;
            case "NUMERIC":
            case "DECIMAL":
            case "DECFLOAT":
                return Kind.DECIMAL;
            case "REAL":
                return Kind.REAL;
            case "DOUBLE PRECISION":
            case "FLOAT":
                return Kind.DOUBLE;
            case "CHARACTER":
            case "CHARACTER VARYING":
            case "CHARACTER LARGE OBJECT":
            case "VARCHAR_IGNORECASE":
            case "ENUM":
                return Kind.TEXT;
            case "BINARY":
            case "BINARY VARYING":
            case "BINARY LARGE OBJECT":
            case "JAVA_OBJECT":
                return Kind.BINARY;
            case "DATE":
                return Kind.DATE;
            case "TIME":
                return Kind.TIME;
            case "TIMESTAMP":
                return Kind.TIMESTAMP;
            case "TIMESTAMP WITH TIME ZONE":
                return Kind.TIMESTAMP_TZ;
            case "UUID":
                return Kind.UUID;
            case "JSON":
                return Kind.JSON;
            default:
                return Kind.OTHER;
        }
    }
}
