package io.dualwrite.onejar;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** An application of its own JVM that knows nothing of Dualwrite but its URL. */
public final class JdbcApplication {

    private JdbcApplication() {}

    /** Writes a row and reads it back, or says why it was refused. */
    public static void main(String[] arguments) {
        try (Connection connection = DriverManager.getConnection("jdbc:dualwrite:" + System.getProperty("file"));
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE title (id INT PRIMARY KEY, name VARCHAR(40), author VARCHAR(40))");
            try (PreparedStatement insert =
                    connection.prepareStatement("INSERT INTO title (id, name, author) VALUES (?, ?, ?)")) {
                insert.setInt(1, 1);
                insert.setString(2, "Dune");
                insert.setString(3, "Herbert");
                insert.executeUpdate();
            }
            try (ResultSet row = statement.executeQuery("SELECT name, author FROM title")) {
                row.next();
                System.out.println(row.getString(1) + " by " + row.getString(2) + " on "
                        + connection.getMetaData().getDatabaseProductName());
            }
        } catch (SQLException e) {
            System.out.println("refused: " + e.getMessage());
        }
    }
}
