package io.dualwrite.demo.bookstore;

import io.dualwrite.demo.bookstore.Session.Placed;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** Orders: placed, paid, cancelled, looked up. Locks are taken in the order of the keys, so that orders do not deadlock. */
final class Ordering {
    private record Line(int lineNo, long title, int quantity, BigDecimal price) {}

    private final Session session;

    Ordering(Session session) {
        this.session = session;
    }

    /** Locks the titles, writes order, lines and invoice, and takes the books out of the stock. */
    void place(Connection connection, Changes changes) throws SQLException {
        long customer = session.customer();
        SortedMap<Long, Integer> wanted = new TreeMap<>();
        for (int i = session.random.nextInt(3); i >= 0; i--) {
            wanted.merge(session.title(), 1 + session.random.nextInt(3), Integer::sum);
        }
        List<Line> lines = new ArrayList<>();
        BigDecimal total = BigDecimal.ZERO;
        for (var want : wanted.entrySet()) {
            BigDecimal price = lockTitle(connection, want.getKey());
            lines.add(new Line(lines.size() + 1, want.getKey(), want.getValue(), price));
            total = total.add(price.multiply(BigDecimal.valueOf(want.getValue())));
        }
        if (session.random.nextInt(10) == 0) {
            wrapAsGiftInVain(connection, lines.get(0).title());
        }
        long order = insertOrder(connection, customer, total);
        insertLines(connection, order, lines);
        for (Line line : lines) {
            takeFromStock(connection, line.title(), line.quantity());
            changes.added("title", line.title(), "stock", -line.quantity(), "sold", line.quantity(), "version", 1);
            changes.row(
                    "order_line",
                    order + "," + line.lineNo(),
                    "title_id",
                    line.title(),
                    "quantity",
                    line.quantity(),
                    "price",
                    line.price());
        }
        long invoice = insertInvoice(connection, order, total);
        changes.row("orders", order, "customer_id", customer, "state", "OPEN", "paid", false, "total", total);
        changes.row("invoice", invoice, "order_id", order, "amount", total);
        BigDecimal sum = total;
        changes.then(() -> session.placed(new Placed(order, customer, lines.size(), invoice, sum, false)));
    }

    private static BigDecimal lockTitle(Connection connection, long title) throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement("SELECT price, stock FROM title WHERE id = ? FOR UPDATE")) {
            select.setLong(1, title);
            try (ResultSet row = select.executeQuery()) {
                StaleRead.unless(row.next(), "title " + title + " was there and cannot be seen any more");
                return row.getBigDecimal(1);
            }
        }
    }

    /** Tries something and changes its mind, as code with savepoints does. */
    private static void wrapAsGiftInVain(Connection connection, long title) throws SQLException {
        Savepoint before = connection.setSavepoint();
        takeFromStock(connection, title, 1000);
        connection.rollback(before);
    }

    private static long insertOrder(Connection connection, long customer, BigDecimal total) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(
                "INSERT INTO orders (customer_id, total) VALUES (?, ?)", Statement.RETURN_GENERATED_KEYS)) {
            insert.setLong(1, customer);
            insert.setBigDecimal(2, total);
            insert.executeUpdate();
            return Keys.generated(insert);
        }
    }

    private static void insertLines(Connection connection, long order, List<Line> lines) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(
                "INSERT INTO order_line (order_id, line_no, title_id, quantity, price) VALUES (?, ?, ?, ?, ?)")) {
            for (Line line : lines) {
                insert.setLong(1, order);
                insert.setInt(2, line.lineNo());
                insert.setLong(3, line.title());
                insert.setInt(4, line.quantity());
                insert.setBigDecimal(5, line.price());
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    private static void takeFromStock(Connection connection, long title, int quantity) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(
                "UPDATE title SET stock = stock - ?, sold = sold + ?, version = version + 1,"
                        + " updated_at = CURRENT_TIMESTAMP WHERE id = ?")) {
            update.setInt(1, quantity);
            update.setInt(2, quantity);
            update.setLong(3, title);
            StaleRead.unless(update.executeUpdate() == 1, "title " + title + " is locked and was not updated");
        }
    }

    private static long insertInvoice(Connection connection, long order, BigDecimal total) throws SQLException {
        try (PreparedStatement insert =
                connection.prepareStatement("INSERT INTO invoice (order_id, amount) VALUES (?, ?)")) {
            insert.setLong(1, order);
            insert.setBigDecimal(2, total);
            insert.executeUpdate();
        }
        try (PreparedStatement select =
                connection.prepareStatement("SELECT invoice_no FROM invoice WHERE order_id = ?")) {
            select.setLong(1, order);
            try (ResultSet row = select.executeQuery()) {
                StaleRead.unless(
                        row.next(), "the invoice of order " + order + " cannot be seen by its own transaction");
                return row.getLong(1);
            }
        }
    }

    /** Takes the money from the customer's balance and closes the order. */
    void pay(Connection connection, Changes changes) throws SQLException {
        Placed order = session.orders.peekLast();
        if (order == null || order.paid()) {
            lookUp(connection, changes);
            return;
        }
        Wallets.lock(connection, order.customer());
        Wallets.raise(connection, changes, order.customer(), order.total().negate());
        try (PreparedStatement update = connection.prepareStatement(
                "UPDATE orders SET state = 'PAID', paid = ?, updated_at = CURRENT_TIMESTAMP WHERE id = ? AND state = 'OPEN'")) {
            update.setBoolean(1, true);
            update.setLong(2, order.id());
            StaleRead.unless(update.executeUpdate() == 1, "order " + order.id() + " was open and cannot be paid");
        }
        changes.row(
                "orders",
                order.id(),
                "customer_id",
                order.customer(),
                "state",
                "PAID",
                "paid",
                true,
                "total",
                order.total());
        changes.then(() -> {
            session.orders.removeLast();
            session.orders.addFirst(
                    new Placed(order.id(), order.customer(), order.lines(), order.invoice(), order.total(), true));
        });
    }

    /** Deletes an order with its lines and its invoice, children first. */
    void cancel(Connection connection, Changes changes) throws SQLException {
        Placed order = session.orders.peekLast();
        if (order == null) {
            lookUp(connection, changes);
            return;
        }
        int invoices = Keys.delete(connection, "DELETE FROM invoice WHERE order_id = ?", order.id());
        int lines = Keys.delete(connection, "DELETE FROM order_line WHERE order_id = ?", order.id());
        int orders = Keys.delete(connection, "DELETE FROM orders WHERE id = ?", order.id());
        StaleRead.unless(
                invoices == 1 && lines == order.lines() && orders == 1,
                "order " + order.id() + " had " + order.lines() + " lines and an invoice; deleted were " + orders
                        + " orders, " + lines + " lines, " + invoices + " invoices");
        changes.deleted("invoice", order.invoice());
        for (int line = 1; line <= order.lines(); line++) {
            changes.deleted("order_line", order.id() + "," + line);
        }
        changes.deleted("orders", order.id());
        changes.then(session.orders::removeLast);
    }

    /** Reads an order back; it must be as it was acknowledged. */
    void lookUp(Connection connection, Changes changes) throws SQLException {
        Placed order = session.orders.peekFirst();
        if (order == null) {
            return;
        }
        try (PreparedStatement select = connection.prepareStatement(
                "SELECT o.state, o.total, COUNT(*) FROM orders o JOIN order_line l ON l.order_id = o.id"
                        + " WHERE o.id = ? GROUP BY o.state, o.total")) {
            select.setLong(1, order.id());
            try (ResultSet row = select.executeQuery()) {
                StaleRead.unless(
                        row.next()
                                && row.getString(1).equals(order.paid() ? "PAID" : "OPEN")
                                && row.getBigDecimal(2).compareTo(order.total()) == 0
                                && row.getInt(3) == order.lines(),
                        "order " + order.id() + " is not as it was acknowledged");
            }
        }
    }
}
