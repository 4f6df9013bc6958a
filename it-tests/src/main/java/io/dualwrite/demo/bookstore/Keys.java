package io.dualwrite.demo.bookstore;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** Small steps that several requests share. */
final class Keys {
    private Keys() {}

    /** The first column of the first generated key. */
    static long generated(Statement insert) throws SQLException {
        try (ResultSet keys = insert.getGeneratedKeys()) {
            if (!keys.next()) {
                throw new SQLException("the database gave back no generated key");
            }
            return keys.getLong(1);
        }
    }

    /** Runs a delete with one number as its parameter and gives back its count. */
    static int delete(Connection connection, String sql, long parameter) throws SQLException {
        try (PreparedStatement delete = connection.prepareStatement(sql)) {
            delete.setLong(1, parameter);
            return delete.executeUpdate();
        }
    }

    /** The first column of a query's rows. */
    static List<Long> longs(Connection connection, String sql) throws SQLException {
        List<Long> found = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                found.add(rows.getLong(1));
            }
        }
        return found;
    }
}
