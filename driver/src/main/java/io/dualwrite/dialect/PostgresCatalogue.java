package io.dualwrite.dialect;

import io.dualwrite.sql.TableName;
import io.dualwrite.sql.Verb;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLSyntaxErrorException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** PostgreSQL's catalogue. */
final class PostgresCatalogue {
    private static final String TABLES = "SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n"
            + " ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'p')";

    private static final String COLUMNS = "SELECT a.attname, b.typname, b.typtype, b.typcategory,"
            + " format_type(b.oid, NULL), NOT a.attnotnull, a.attgenerated <> '', a.attidentity,"
            + " COALESCE(pg_get_expr(d.adbin, d.adrelid), ''),"
            + " CASE WHEN t.typtype = 'd' THEN t.typtypmod ELSE a.atttypmod END"
            + " FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid"
            + " JOIN pg_type b ON b.oid = CASE WHEN t.typtype = 'd' THEN t.typbasetype ELSE t.oid END"
            + " LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum"
            + " JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace"
            + " WHERE n.nspname = ? AND c.relname = ? AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum";

    /** The bits of a trigger's type. */
    private static final int EACH_ROW = 1;

    private static final int BEFORE_EACH_ROW = EACH_ROW + 2;

    private static final int ON_INSERT = 4;
    private static final int ON_DELETE = 8;
    private static final int ON_UPDATE = 16;
    private static final int ON_ANY = ON_INSERT + ON_DELETE + ON_UPDATE;

    /** A number whose text is that of the session's lc_monetary. */
    static final String MONEY = "money";

    private static final int DECIMALS_OF_MONEY = 2;

    /** What a function in PL/pgSQL says where it gives back something else than both rows. */
    private static final String RETURNS_OTHER = "p.prosrc ~* '[[:<:]]return[[:space:]]+(?!(new|old)[[:space:]]*;)"
            + "(?!coalesce[[:space:]]*[(][[:space:]]*(new|old)[[:space:]]*,[[:space:]]*(new|old)[[:space:]]*[)][[:space:]]*;)'";

    /** Triggers of the server's own and of its extensions: they leave no row out, or only what changes nothing. */
    private static final String KNOWN = "'suppress_redundant_updates_trigger', 'tsvector_update_trigger',"
            + " 'tsvector_update_trigger_column', 'moddatetime', 'autoinc', 'insert_username', 'lo_manage'";

    /**
     * There is no OLD for an INSERT: a function that returns it knows what it does where it looks at the operation. There is no NEW for a
     * DELETE; one that returns it is held to leave rows out in any case.
     */
    private static final String RETURNS_ABSENT = "CASE WHEN p.prosrc ~* 'tg_op' THEN 0 ELSE"
            + " CASE WHEN p.prosrc ~* '[[:<:]]return[[:space:]]+old[[:>:]]' THEN g.tgtype & " + ON_INSERT
            + " ELSE 0 END END + CASE WHEN p.prosrc ~* '[[:<:]]return[[:space:]]+new[[:>:]]' THEN g.tgtype & "
            + ON_DELETE + " ELSE 0 END";

    /** The events of which a trigger BEFORE each row may give none back. */
    private static final String LEAVES_OUT = "CASE WHEN g.tgtype & " + BEFORE_EACH_ROW + " <> " + BEFORE_EACH_ROW
            + " OR p.proname IN (" + KNOWN + ") THEN 0"
            + " WHEN l.lanname <> 'plpgsql' OR " + RETURNS_OTHER + " THEN g.tgtype & " + ON_ANY
            + " ELSE " + RETURNS_ABSENT + " END";

    /** Also one that is told of all rows by a transition table. */
    private static final String OF_STATEMENT = "g.tgenabled IN ('O', 'A') AND (g.tgtype & " + EACH_ROW + " = 0"
            + " OR g.tgoldtable IS NOT NULL OR g.tgnewtable IS NOT NULL)";

    /** With those that partitions have for their rows: of one that was declared on the parent each has its own, which is the same. */
    private static final String TRIGGERS =
            "SELECT DISTINCT x.name, x.routine, x.rule, x.leaves_out, x.type, x.of_statement"
                    + " FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
                    + " CROSS JOIN LATERAL (SELECT g.tgname AS name, p.proname AS routine, FALSE AS rule, "
                    + LEAVES_OUT + " AS leaves_out, g.tgtype::int AS type, " + OF_STATEMENT
                    + " AS of_statement FROM pg_trigger g"
                    + " JOIN pg_proc p ON p.oid = g.tgfoid JOIN pg_language l ON l.oid = p.prolang"
                    + " WHERE (NOT g.tgisinternal OR p.pronamespace <> 'pg_catalog'::regnamespace)"
                    + " AND (g.tgrelid = c.oid OR g.tgtype & " + EACH_ROW + " <> 0"
                    + " AND g.tgrelid IN (SELECT t.relid FROM pg_partition_tree(c.oid) t))"
                    + " UNION ALL SELECT r.rulename, r.rulename, TRUE, 0, 0, FALSE FROM pg_rewrite r WHERE r.ev_class = c.oid) x"
                    + " WHERE n.nspname = ? AND c.relname = ? ORDER BY x.name";

    /** Partitions are the rows of their table; those of any other that inherits are rows of its own. */
    private static final String HEIRS = "SELECT 1 FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhparent"
            + " JOIN pg_namespace n ON n.oid = c.relnamespace"
            + " WHERE c.relkind = 'r' AND n.nspname = ? AND c.relname = ? LIMIT 1";

    /** The columns of each unique key whose check may be put off. */
    private static final String DEFERRABLE_KEYS = "SELECT ARRAY(SELECT a.attname::text FROM pg_attribute a"
            + " WHERE a.attrelid = c.oid AND a.attnum = ANY ((i.indkey::int2[])[0:i.indnkeyatts - 1]))"
            + " FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace"
            + " WHERE i.indisunique AND NOT i.indimmediate AND n.nspname = ? AND c.relname = ?";

    /** What may write of the functions that came neither with the server nor, in its own code or in C, with an extension. */
    private static final String MAY_WRITE =
            "p.provolatile = 'v' AND n.nspname NOT IN ('pg_catalog', 'information_schema')"
                    + " AND NOT (l.lanname IN ('c', 'internal') AND EXISTS (SELECT 1 FROM pg_depend e"
                    + " WHERE e.classid = 'pg_proc'::regclass AND e.objid = p.oid AND e.deptype = 'e'))";

    private static final String FUNCTIONS = "SELECT DISTINCT lower(p.proname), n.nspname FROM pg_proc p"
            + " JOIN pg_namespace n ON n.oid = p.pronamespace JOIN pg_language l ON l.oid = p.prolang"
            + " WHERE p.prokind = 'f' AND p.prorettype NOT IN ('trigger'::regtype, 'event_trigger'::regtype) AND "
            + MAY_WRITE;

    /** By what columns, or their domains, take as their default. What the server brings along is not among what that depends on. */
    private static final String CALLED_BY_DEFAULTS = "SELECT DISTINCT p.proname, a.attname FROM pg_attribute a"
            + " JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace s ON s.oid = c.relnamespace"
            + " LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum"
            + " JOIN pg_depend x ON x.refclassid = 'pg_proc'::regclass AND CASE WHEN d.oid IS NULL"
            + " THEN x.classid = 'pg_type'::regclass AND x.objid = a.atttypid"
            + " ELSE x.classid = 'pg_attrdef'::regclass AND x.objid = d.oid END"
            + " JOIN pg_proc p ON p.oid = x.refobjid JOIN pg_namespace n ON n.oid = p.pronamespace"
            + " JOIN pg_language l ON l.oid = p.prolang"
            + " WHERE s.nspname = ? AND c.relname = ? AND a.attnum > 0 AND NOT a.attisdropped AND " + MAY_WRITE
            + " ORDER BY 2, 1";

    private static final int MICROSECONDS = 6;
    /** What the server adds to a type's modifier. */
    private static final int HEADER = 4;

    private static final String TEMPORARY = "pg_temp";

    private PostgresCatalogue() {}

    static boolean isTemporary(Connection connection, TableName table) throws SQLException {
        String schema = table.schema();
        if (schema != null && !schema.toLowerCase(Locale.ROOT).startsWith(TEMPORARY)) {
            return false;
        }
        return !Catalogue.query(
                        connection,
                        "SELECT 1 FROM pg_class WHERE relnamespace = pg_my_temp_schema() AND lower(relname) = lower(?)",
                        rows -> 1,
                        table.table())
                .isEmpty();
    }

    /**
     * Whether each function of that name is STABLE or IMMUTABLE: the server refuses writes of its own text, though not those of a VOLATILE
     * function that it calls.
     */
    static boolean readsOnly(Connection connection, String function) throws SQLException {
        int point = function.indexOf('.');
        String schema = point < 0 ? "" : function.substring(0, point);
        return Boolean.TRUE.equals(Catalogue.query(
                        connection,
                        "SELECT COALESCE(bool_and(p.provolatile <> 'v'), FALSE) FROM pg_proc p"
                                + " JOIN pg_namespace n ON n.oid = p.pronamespace"
                                + " WHERE lower(p.proname) = ? AND ? IN ('', lower(n.nspname))",
                        rows -> rows.getBoolean(1),
                        function.substring(point + 1),
                        schema)
                .get(0));
    }

    static Map<String, List<String>> usersFunctions(Connection connection) throws SQLException {
        return Catalogue.functions(connection, FUNCTIONS);
    }

    static List<TableName> tables(Connection connection) throws SQLException {
        return Catalogue.query(
                connection,
                TABLES
                        + " AND NOT c.relispartition AND n.nspname = current_schema() AND c.relname NOT LIKE 'dualwrite\\_%'"
                        + " ORDER BY c.relname",
                PostgresCatalogue::name);
    }

    static TableShape shape(Connection connection, TableName wanted) throws SQLException {
        String schema = wanted.schema();
        List<TableName> found = schema == null
                ? Catalogue.query(
                        connection,
                        TABLES + " AND lower(c.relname) = lower(?) AND n.nspname = ANY (current_schemas(true))"
                                + " ORDER BY array_position(current_schemas(true), n.nspname),"
                                + " c.relname <> lower(c.relname)",
                        PostgresCatalogue::name,
                        wanted.table())
                : Catalogue.query(
                        connection,
                        TABLES + " AND lower(c.relname) = lower(?) AND lower(n.nspname) = lower(?)"
                                + " ORDER BY n.nspname <> lower(n.nspname), c.relname <> lower(c.relname)",
                        PostgresCatalogue::name,
                        wanted.table(),
                        schema);
        TableName name = Catalogue.only(found, wanted);
        if (String.valueOf(name.schema()).startsWith(TEMPORARY)) {
            // What is learned here, other sessions use as well, and they have no such table.
            throw new SQLSyntaxErrorException(
                    "table " + wanted + " is a temporary table of one session", SqlState.NO_TABLE.code());
        }
        Map<String, List<String>> called = new HashMap<>();
        Catalogue.query(
                connection,
                CALLED_BY_DEFAULTS,
                rows -> called.computeIfAbsent(Catalogue.text(rows, 2), column -> new ArrayList<>(1))
                        .add(Catalogue.text(rows, 1)),
                name.schema(),
                name.table());
        List<Column> columns =
                Catalogue.query(connection, COLUMNS, rows -> column(rows, called), name.schema(), name.table());
        List<TableShape.Trigger> triggers =
                Catalogue.query(connection, TRIGGERS, PostgresCatalogue::trigger, name.schema(), name.table());
        Dependants dependants = new Dependants(Dependants.of(connection.getMetaData()));
        TableShape shape =
                Catalogue.shape(connection.getMetaData(), null, name.schema(), name, columns, dependants, triggers);
        boolean hasHeirs = !Catalogue.query(connection, HEIRS, rows -> 1, name.schema(), name.table())
                .isEmpty();
        TableShape known = hasDeferrableKey(connection, shape) ? shape.withDeferrableKey() : shape;
        return hasHeirs ? known.withHeirs() : known;
    }

    private static boolean hasDeferrableKey(Connection connection, TableShape shape) throws SQLException {
        Set<String> key = new HashSet<>();
        for (Column column : shape.key) {
            key.add(column.name);
        }
        return Catalogue.query(
                        connection, DEFERRABLE_KEYS, PostgresCatalogue::names, shape.name.schema(), shape.name.table())
                .contains(key);
    }

    private static Set<String> names(ResultSet rows) throws SQLException {
        return new HashSet<>(Arrays.asList((String[]) rows.getArray(1).getArray()));
    }

    private static TableShape.Trigger trigger(ResultSet rows) throws SQLException {
        String name = Catalogue.text(rows, 1);
        if (rows.getBoolean(3)) {
            return TableShape.Trigger.ofRule(name);
        }
        TableShape.Trigger trigger = new TableShape.Trigger(name, Catalogue.text(rows, 2));
        int type = rows.getInt(5);
        if (rows.getBoolean(6)) {
            return trigger.ofStatement(writes(type));
        }
        return (type & BEFORE_EACH_ROW) == BEFORE_EACH_ROW
                ? trigger.before(writes(type), writes(rows.getInt(4)))
                : trigger.after(writes(type));
    }

    private static Set<Verb> writes(int events) {
        Set<Verb> writes = EnumSet.noneOf(Verb.class);
        if ((events & ON_INSERT) != 0) {
            writes.add(Verb.INSERT);
        }
        if ((events & ON_DELETE) != 0) {
            writes.add(Verb.DELETE);
        }
        if ((events & ON_UPDATE) != 0) {
            writes.add(Verb.UPDATE);
        }
        return writes;
    }

    private static TableName name(ResultSet rows) throws SQLException {
        return TableName.of(rows.getString(1), Catalogue.text(rows, 2));
    }

    private static Column column(ResultSet rows, Map<String, List<String>> calledByDefaults) throws SQLException {
        String type = Catalogue.text(rows, 2);
        Kind kind = rows.getString(3).equals("e") ? Kind.TEXT : kind(type);
        String identity = Catalogue.text(rows, 8);
        boolean computed = rows.getBoolean(7);
        boolean sequence = !computed && rows.getString(9).startsWith("nextval(");
        int modifier = rows.getInt(10);
        boolean time = kind == Kind.TIME || kind == Kind.TIMESTAMP || kind == Kind.TIMESTAMP_TZ;
        String typeName = type.equals("bpchar") ? type : Catalogue.text(rows, 5);
        String name = Catalogue.text(rows, 1);
        return Column.named(name, kind, typeName)
                .nullable(rows.getBoolean(6))
                .computed(computed)
                .generatedKey(sequence || !identity.isEmpty())
                .alwaysIdentity(identity.equals("a"))
                .fractionDigits(!time ? 0 : modifier < 0 ? MICROSECONDS : modifier)
                .decimals(decimals(kind, type, modifier))
                .calledByDefault(calledByDefaults.getOrDefault(name, Collections.emptyList()))
                .build();
    }

    private static int decimals(Kind kind, String type, int modifier) {
        if (type.equals(MONEY)) {
            return DECIMALS_OF_MONEY;
        }
        return kind == Kind.DECIMAL && modifier >= 0 ? scale(modifier) : Column.ANY_DIGITS;
    }

    /** The last eleven bits of what the server keeps of {@code numeric(p, s)}, with a sign. */
    private static int scale(int modifier) {
        return (modifier - HEADER << 21) >> 21;
    }

    private static Kind kind(String type) {
        switch (type) {
            case "bool":
                return Kind.BOOLEAN;
            case "int2":
            case "int4":
            case "int8":
            case "oid":
                return Kind.INTEGER;
            case "numeric":
            case MONEY:
                return Kind.DECIMAL;
            case "float4":
                return Kind.REAL;
            case "float8":
                return Kind.DOUBLE;
            case "text":
            case "varchar":
            case "bpchar":
            case "char":
            case "name":
            case "citext":
                return Kind.TEXT;
            case "bytea":
                return Kind.BINARY;
            case "date":
                return Kind.DATE;
            case "time":
                return Kind.TIME;
            case "timestamp":
                return Kind.TIMESTAMP;
            case "timestamptz":
                return Kind.TIMESTAMP_TZ;
            case "uuid":
                return Kind.UUID;
            case "json":
            case "jsonb":
                return Kind.JSON;
            default:
                return Kind.OTHER;
        }
    }
}
