package io.dualwrite.demo.bookstore;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** The customers' carts, in a table without a last-modified column. */
final class Carts {
    private final Session session;

    Carts(Session session) {
        this.session = session;
    }

    /** Puts one more of a title into the cart; autocommit, one write. */
    void add(Connection connection, Changes changes) throws SQLException {
        long customer = session.customer();
        long title = session.title();
        int before = quantity(connection, customer, title);
        String sql = before == 0
                ? "INSERT INTO cart_item (quantity, customer_id, title_id) VALUES (?, ?, ?)"
                : "UPDATE cart_item SET quantity = ? WHERE customer_id = ? AND title_id = ?";
        try (PreparedStatement write = connection.prepareStatement(sql)) {
            write.setInt(1, before + 1);
            write.setLong(2, customer);
            write.setLong(3, title);
            StaleRead.unless(
                    write.executeUpdate() == 1, "cart item " + customer + "," + title + " was seen and not updated");
        }
        changes.row("cart_item", customer + "," + title, "quantity", before + 1);
    }

    private static int quantity(Connection connection, long customer, long title) throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement("SELECT quantity FROM cart_item WHERE customer_id = ? AND title_id = ?")) {
            select.setLong(1, customer);
            select.setLong(2, title);
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? row.getInt(1) : 0;
            }
        }
    }

    /** Empties the cart: a delete of several rows. */
    void empty(Connection connection, Changes changes) throws SQLException {
        long customer = session.customer();
        List<Long> titles = new ArrayList<>();
        try (PreparedStatement select =
                connection.prepareStatement("SELECT title_id FROM cart_item WHERE customer_id = ? ORDER BY title_id")) {
            select.setLong(1, customer);
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    titles.add(rows.getLong(1));
                }
            }
        }
        int deleted = Keys.delete(connection, "DELETE FROM cart_item WHERE customer_id = ?", customer);
        StaleRead.unless(
                deleted == titles.size(),
                "the cart of customer " + customer + " showed " + titles.size() + " items, and " + deleted
                        + " were deleted");
        for (long title : titles) {
            changes.deleted("cart_item", customer + "," + title);
        }
    }
}
