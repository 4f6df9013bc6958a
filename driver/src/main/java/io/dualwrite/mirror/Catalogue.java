package io.dualwrite.mirror;

import io.dualwrite.dialect.SqlState;
import io.dualwrite.dialect.TableShape;
import io.dualwrite.sql.TableName;
import java.sql.SQLException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The shapes of the tables on both sides, read when first needed and kept until the schema changes. Thread-safe. */
public final class Catalogue {
    private final Map<String, TableShape> shapes = new ConcurrentHashMap<>();

    /**
     * The table's shape on the leg's side. A schema that the side does not have is left out.
     *
     * @throws SQLException SQLSTATE 42P01 if there is no such table
     */
    TableShape shape(Leg leg, TableName table) throws SQLException {
        String key = leg.side.word() + ' ' + table;
        TableShape known = shapes.get(key);
        if (known != null) {
            return known;
        }
        TableShape read;
        try {
            read = leg.dialect.shape(leg.connection, table);
        } catch (SQLException e) {
            if (table.schema() == null || !SqlState.NO_TABLE.code().equals(e.getSQLState())) {
                throw e;
            }
            read = leg.dialect.shape(leg.connection, TableName.of(table.table()));
        }
        shapes.put(key, read);
        return read;
    }

    /** Forgets everything: the schema may have changed. */
    public void clear() {
        if (!shapes.isEmpty()) {
            shapes.clear();
        }
    }
}
