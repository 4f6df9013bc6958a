package io.dualwrite.mirror;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Objects;

/** The variables ({@code @x}) of a session on MariaDB or H2. Stateless. */
final class Variables {
    private Variables() {}

    /** Their values in the session, in the order of the names. */
    static Object[] read(Leg leg, List<String> names) throws SQLException {
        try (Statement statement = leg.connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT " + String.join(", ", names))) {
            row.next();
            Object[] values = new Object[names.size()];
            for (int i = 0; i < values.length; i++) {
                values[i] = row.getObject(i + 1);
            }
            return values;
        }
    }

    /** Sets those that have another value: what the session has set itself keeps its type and collation. */
    static Object[] set(Leg leg, List<String> names, Object[] values) throws SQLException {
        Object[] present = read(leg, names);
        for (int i = 0; i < values.length; i++) {
            if (!Objects.deepEquals(values[i], present[i])) {
                set(leg, names.get(i), values[i]);
            }
        }
        return present;
    }

    private static void set(Leg leg, String name, Object value) throws SQLException {
        // As a text a DOUBLE would become a DECIMAL.
        String parameter = value instanceof Double ? "CAST(? AS DOUBLE)" : "?";
        try (PreparedStatement statement = leg.connection.prepareStatement("SET " + name + " = " + parameter)) {
            statement.setObject(1, value);
            statement.execute();
        }
    }
}
