package io.dualwrite.mirror;

import io.dualwrite.dialect.SqlState;
import io.dualwrite.dialect.TableShape;
import io.dualwrite.sql.TableName;
import java.sql.SQLException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The shapes of the tables on both sides, read when first needed and kept until the schema changes. Thread-safe. */
public final class Catalogue {
    private static final int MOST_SHAPES = 10_000;

    private final Map<String, TableShape> shapes = new ConcurrentHashMap<>();

    /**
     * The table's shape on the leg's side. The other side's own schema is left out where this side does not have it.
     *
     * @throws SQLException SQLSTATE 42P01 if there is no such table
     */
    TableShape shape(Leg leg, TableName table) throws SQLException {
        String abroad = table.schema() == null ? leg.abroad() : null;
        String key = leg.side.word() + ' ' + (abroad == null ? "" : abroad + ": ") + table;
        TableShape known = shapes.get(key);
        if (known != null) {
            return known;
        }
        TableShape read;
        try {
            read = leg.dialect.shape(leg.connection, table);
        } catch (SQLException e) {
            String schema = table.schema();
            if (schema == null || !SqlState.NO_TABLE.code().equals(e.getSQLState()) || !leg.isHomeOfOther(schema)) {
                throw e;
            }
            read = leg.dialect.shape(leg.connection, TableName.of(table.table()));
        }
        if (shapes.size() >= MOST_SHAPES) {
            shapes.clear();
        }
        shapes.put(key, read);
        return read;
    }

    /**
     * The shape of the table that a statement wrote on the other leg.
     *
     * @param abroad where the other leg looked for an unqualified name, or null for its home
     * @throws SQLException SQLSTATE 3F000 if this leg looks elsewhere, so that the same name means another table here
     */
    TableShape counterpart(Leg leg, TableName table, @Nullable String abroad) throws SQLException {
        if (table.schema() == null) {
            String here = leg.abroad();
            if (here == null ? abroad != null : !here.equalsIgnoreCase(abroad)) {
                throw new SQLException(
                        "Unqualified names mean " + said(abroad) + " on "
                                + leg.side.other().word() + " and " + said(here) + " on " + leg.side.word()
                                + "; a write of " + table + " is not mirrored to another table",
                        "3F000");
            }
        }
        return shape(leg, table);
    }

    private static String said(@Nullable String abroad) {
        return abroad == null ? "the schema of its URL" : "schema " + abroad;
    }

    /** Forgets everything: the schema may have changed. */
    public void clear() {
        if (!shapes.isEmpty()) {
            shapes.clear();
        }
    }
}
