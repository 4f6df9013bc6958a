package io.dualwrite.bench;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** One session of an application: whatever it does, it does on each of its connections in turn. */
final class Client implements AutoCloseable {
    private final List<Connection> connections;
    private final List<PreparedStatement> updates = new ArrayList<>();
    private int value;

    @SuppressWarnings("MustBeClosed")
    Client(List<Connection> connections) throws SQLException {
        this.connections = connections;
        for (Connection connection : connections) {
            updates.add(connection.prepareStatement("UPDATE item SET amount = ? WHERE id = ?"));
        }
    }

    void autoCommit(boolean wanted) throws SQLException {
        for (Connection connection : connections) {
            connection.setAutoCommit(wanted);
        }
    }

    void write(int row) throws SQLException {
        value++;
        for (PreparedStatement update : updates) {
            update.setInt(1, value);
            update.setInt(2, row);
            if (update.executeUpdate() != 1) {
                throw new SQLException("row " + row + " was not updated");
            }
        }
    }

    void commit() throws SQLException {
        for (Connection connection : connections) {
            connection.commit();
        }
    }

    @Override
    public void close() throws SQLException {
        for (Connection connection : connections) {
            connection.close();
        }
    }
}
