package io.dualwrite.demo.bookstore;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** The customers' balances. Money moves and is neither made nor lost. */
final class Wallets {
    private final Session session;
    private final long[] everybody;

    Wallets(Session session, long[] everybody) {
        this.session = session;
        this.everybody = everybody;
    }

    /** One customer gives another some credit; the other may be any instance's. */
    void give(Connection connection, Changes changes) throws SQLException {
        long from = session.customer();
        long to = everybody[session.random.nextInt(everybody.length)];
        if (from == to) {
            return;
        }
        BigDecimal amount = BigDecimal.valueOf(session.random.nextInt(5000), 2);
        lock(connection, Math.min(from, to));
        lock(connection, Math.max(from, to));
        raise(connection, changes, from, amount.negate());
        raise(connection, changes, to, amount);
    }

    /** Reads the balance and locks its row until the transaction ends. */
    static BigDecimal lock(Connection connection, long customer) throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement("SELECT balance FROM customer WHERE id = ? FOR UPDATE")) {
            select.setLong(1, customer);
            try (ResultSet row = select.executeQuery()) {
                StaleRead.unless(row.next(), "customer " + customer + " was there and cannot be seen any more");
                return row.getBigDecimal(1);
            }
        }
    }

    static void raise(Connection connection, Changes changes, long customer, BigDecimal amount) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement("UPDATE customer SET balance = balance + ?,"
                + " version = version + 1, updated_at = CURRENT_TIMESTAMP WHERE id = ?")) {
            update.setBigDecimal(1, amount);
            update.setLong(2, customer);
            StaleRead.unless(update.executeUpdate() == 1, "customer " + customer + " is locked and was not updated");
        }
        changes.added("customer", customer, "balance", amount, "version", 1);
    }
}
