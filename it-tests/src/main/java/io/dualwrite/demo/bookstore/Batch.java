package io.dualwrite.demo.bookstore;

import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * The bookstore's batch: derives daily sales and royalties, over and over, until its standard input ends.
 *
 * <p>It takes no part in the fleet. Its job is stopped while Data B is copied, and started again with the URL of the
 * database that the service then runs on, as the configuration of a scheduled job is changed while it does not run; so it
 * uses the vendor's URL, and no rung of the ladder ever sees one of its writes.
 */
public final class Batch {
    private static final long PAUSE_MILLIS = 3000;

    private Batch() {}

    /**
     * Runs until its standard input ends.
     *
     * @param arguments JDBC URL, user, password
     */
    public static void main(String[] arguments) throws SQLException, IOException, InterruptedException {
        try (Connection connection = DriverManager.getConnection(arguments[0], arguments[1], arguments[2])) {
            connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
            connection.setAutoCommit(false);
            do {
                deriveSales(connection);
                deriveRoyalties(connection);
                Bookstore.say("derived");
            } while (!toldToStop());
        }
        Bookstore.say("stopped");
    }

    private static boolean toldToStop() throws IOException, InterruptedException {
        for (long waited = 0; waited < PAUSE_MILLIS; waited += 100) {
            if (System.in.available() > 0) {
                return true;
            }
            Thread.sleep(100);
        }
        return false;
    }

    private static void deriveSales(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                PreparedStatement insert =
                        connection.prepareStatement("INSERT INTO sales_daily (sold_on, title_id, quantity, amount)"
                                + " SELECT CAST(o.placed_at AS DATE), l.title_id, SUM(l.quantity), SUM(l.quantity * l.price)"
                                + " FROM orders o JOIN order_line l ON l.order_id = o.id WHERE o.state = ?"
                                + " GROUP BY CAST(o.placed_at AS DATE), l.title_id")) {
            statement.executeUpdate("DELETE FROM sales_daily");
            insert.setString(1, "PAID");
            insert.executeUpdate();
            connection.commit();
        }
    }

    private static void deriveRoyalties(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.executeUpdate("DELETE FROM royalty_author");
            statement.executeUpdate("INSERT INTO royalty_author (author_id, titles, amount)"
                    + " SELECT w.author_id, COUNT(DISTINCT s.title_id), SUM(s.amount) * 0.1"
                    + " FROM title_author w JOIN sales_daily s ON s.title_id = w.title_id GROUP BY w.author_id");
            connection.commit();
        }
    }
}
