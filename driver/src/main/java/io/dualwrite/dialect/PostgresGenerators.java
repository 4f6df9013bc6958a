package io.dualwrite.dialect;

import io.dualwrite.sql.TableName;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** PostgreSQL's sequences, which are behind serial and identity columns too. */
final class PostgresGenerators {
    /** Owned sequences depend on the column ('a' serial, 'i' identity); others are what the column's default depends on. */
    private static final String OF_TABLE = "SELECT DISTINCT sn.nspname, s.relname, a.attname"
            + " FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
            + " JOIN pg_attribute a ON a.attrelid = c.oid"
            + " LEFT JOIN pg_attrdef f ON f.adrelid = c.oid AND f.adnum = a.attnum"
            + " JOIN pg_depend d ON (d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass"
            + "   AND d.refobjid = c.oid AND d.refobjsubid = a.attnum AND d.deptype IN ('a', 'i'))"
            + " OR (d.classid = 'pg_attrdef'::regclass AND d.objid = f.oid AND d.refclassid = 'pg_class'::regclass)"
            + " JOIN pg_class s ON s.relkind = 'S'"
            + "   AND s.oid = CASE WHEN d.classid = 'pg_class'::regclass THEN d.objid ELSE d.refobjid END"
            + " JOIN pg_namespace sn ON sn.oid = s.relnamespace"
            + " WHERE n.nspname = ? AND c.relname = ? ORDER BY a.attname, s.relname";

    private static final String FREE = "SELECT n.nspname, s.relname FROM pg_class s"
            + " JOIN pg_namespace n ON n.oid = s.relnamespace WHERE s.relkind = 'S' AND n.nspname = current_schema()"
            + " AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = s.oid"
            + " AND d.refclassid = 'pg_class'::regclass AND d.deptype IN ('a', 'i')) ORDER BY s.relname";

    private static final String TABLE_OF = "SELECT c.relname FROM pg_depend d"
            + " LEFT JOIN pg_attrdef f ON d.classid = 'pg_attrdef'::regclass AND f.oid = d.objid"
            + " JOIN pg_class c ON c.oid = CASE WHEN f.oid IS NULL THEN d.refobjid ELSE f.adrelid END"
            + " WHERE d.refclassid = 'pg_class'::regclass AND (f.oid IS NOT NULL AND d.refobjid = to_regclass(?)"
            + " OR d.classid = 'pg_class'::regclass AND d.deptype IN ('a', 'i') AND d.objid = to_regclass(?))";

    private PostgresGenerators() {}

    static List<Generator> of(Connection connection, TableShape table) throws SQLException {
        return Catalogue.query(
                connection,
                OF_TABLE,
                rows -> Generator.ofSequence(
                        TableName.of(rows.getString(1), Catalogue.text(rows, 2)), table.name, rows.getString(3)),
                table.name.schema(),
                table.name.table());
    }

    /** The table that has its keys from the sequence which the expression names, or null. */
    static @Nullable String tableOf(Connection connection, String sequence) throws SQLException {
        List<String> tables = Catalogue.query(
                connection, TABLE_OF.replace("?", "(" + sequence + ")::text"), rows -> Catalogue.text(rows, 1));
        return tables.isEmpty() ? null : tables.get(0);
    }

    static List<Generator> free(Connection connection) throws SQLException {
        return Catalogue.query(
                connection, FREE, rows -> Generator.free(TableName.of(rows.getString(1), Catalogue.text(rows, 2))));
    }

    /** The sequence's row counts what sessions keep in their caches as handed out. */
    static long reached(Connection connection, StandardSql sql, Generator generator) throws SQLException {
        TableName sequence = sequence(generator);
        return Catalogue.query(
                        connection,
                        "SELECT CASE WHEN q.is_called THEN q.last_value ELSE q.last_value - s.seqincrement END FROM "
                                + sql.quote(sequence) + " q, pg_sequence s WHERE s.seqrelid = ?::regclass",
                        rows -> rows.getLong(1),
                        sql.quote(sequence))
                .get(0);
    }

    /** A sequence of a smaller type, such as a serial's, ends with it. */
    static long highest(Connection connection, StandardSql sql, Generator generator) throws SQLException {
        return Catalogue.query(
                        connection,
                        "SELECT seqmax FROM pg_sequence WHERE seqrelid = ?::regclass",
                        rows -> rows.getLong(1),
                        sql.quote(sequence(generator)))
                .get(0);
    }

    /**
     * ALTER SEQUENCE, which here changes nothing, keeps others from nextval until the transaction ends, so that nothing comes between
     * look and raise. It waits for transactions that called nextval while newcomers wait for it: hence a second at most.
     */
    static void raise(Connection connection, StandardSql sql, Generator generator, long floor) throws SQLException {
        if (reached(connection, sql, generator) >= floor) {
            return;
        }
        if (!connection.getAutoCommit()) {
            raiseInTransaction(connection, sql, generator, floor);
            return;
        }
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET LOCAL lock_timeout = '1s'");
            raiseInTransaction(connection, sql, generator, floor);
            connection.commit();
        } catch (SQLException e) {
            connection.rollback();
            throw e;
        } finally {
            connection.setAutoCommit(true);
        }
    }

    private static void raiseInTransaction(Connection connection, StandardSql sql, Generator generator, long floor)
            throws SQLException {
        String sequence = sql.quote(sequence(generator));
        long increment = Catalogue.query(
                        connection,
                        "SELECT seqincrement FROM pg_sequence WHERE seqrelid = ?::regclass",
                        rows -> rows.getLong(1),
                        sequence)
                .get(0);
        try (Statement statement = connection.createStatement()) {
            statement.execute("ALTER SEQUENCE " + sequence + " INCREMENT BY " + increment);
            if (reached(connection, sql, generator) < floor) {
                statement.execute("SELECT setval('" + sequence.replace("'", "''") + "', " + floor + ")");
            }
        }
    }

    private static TableName sequence(Generator generator) {
        TableName sequence = generator.sequence;
        if (sequence == null) {
            throw new IllegalArgumentException(generator + " is no sequence");
        }
        return sequence;
    }
}
