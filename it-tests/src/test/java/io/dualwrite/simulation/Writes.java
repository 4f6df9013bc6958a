package io.dualwrite.simulation;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Random;

/** The statements of the application: increments of accounts, the journal, and whatever is done to the stock. */
final class Writes {
    private static final int[] CHURN = {0, 0, 5, 5};
    private static final String[] NAMES = {"ant", "bee", "cat", "dog", "elk", "fox", "gnu"};

    private final Expectation expectation;
    private final Scenario.Taste taste;
    private final Random random;
    /** How many of twelve writes are of the stock, and of how many rows. */
    private final int ofStock;

    private final int rows;

    Writes(Expectation expectation, Scenario.Taste taste, Random random) {
        this.expectation = expectation;
        this.taste = taste;
        this.random = random;
        this.ofStock = 3 + random.nextInt(9);
        this.rows = taste == Scenario.Taste.CHURN ? 2 : 2 + random.nextInt(5);
    }

    /**
     * Runs one, chosen by the seed.
     *
     * @param stamps gets what it writes, before it does
     * @param inTransaction whether several statements may belong together
     */
    void one(Connection connection, List<Stamp> stamps, boolean inTransaction) throws SQLException {
        int kind = random.nextInt(6);
        if (taste == Scenario.Taste.COUNT) {
            increment(connection, stamps);
        } else if (taste == Scenario.Taste.CHURN || random.nextInt(12) < ofStock) {
            stock(connection, stamps);
        } else if (kind == 0 && inTransaction) {
            readAndWrite(connection, stamps);
        } else if (kind == 1 && inTransaction) {
            batch(connection, stamps);
        } else if (kind == 2) {
            journal(connection, stamps);
        } else {
            increment(connection, stamps);
        }
    }

    private Stamp account(List<Stamp> stamps) {
        int accounts = taste == Scenario.Taste.COUNT ? 2 : Expectation.ACCOUNTS;
        Stamp stamp = expectation.increment(1 + random.nextInt(accounts));
        stamps.add(stamp);
        return stamp;
    }

    private void increment(Connection connection, List<Stamp> stamps) throws SQLException {
        Stamp stamp = account(stamps);
        count(
                stamp,
                update(connection, "UPDATE account SET amount = amount + ? WHERE id = ?", stamp.amount, stamp.account));
    }

    private void readAndWrite(Connection connection, List<Stamp> stamps) throws SQLException {
        Stamp stamp = account(stamps);
        long amount = 0;
        try (PreparedStatement select =
                connection.prepareStatement("SELECT amount FROM account WHERE id = ? FOR UPDATE")) {
            select.setInt(1, stamp.account);
            try (ResultSet row = select.executeQuery()) {
                if (row.next()) {
                    amount = row.getLong(1);
                }
            }
        }
        count(
                stamp,
                update(connection, "UPDATE account SET amount = ? WHERE id = ?", amount + stamp.amount, stamp.account));
    }

    private void batch(Connection connection, List<Stamp> stamps) throws SQLException {
        try (PreparedStatement update =
                connection.prepareStatement("UPDATE account SET amount = amount + ? WHERE id = ?")) {
            for (int i = 0; i < 2; i++) {
                Stamp stamp = account(stamps);
                update.setLong(1, stamp.amount);
                update.setInt(2, stamp.account);
                update.addBatch();
            }
            update.executeBatch();
        }
    }

    private void count(Stamp stamp, int rows) {
        if (stamp.account > 0 && rows != 1) {
            expectation.violated(stamp + " found " + rows + " rows of account " + stamp.account);
        }
    }

    private void journal(Connection connection, List<Stamp> stamps) throws SQLException {
        Stamp stamp = expectation.write();
        stamps.add(stamp);
        expectation.journals(stamp);
        update(connection, "INSERT INTO journal (id, entry) VALUES (?, ?)", stamp.number, "written");
    }

    private void stock(Connection connection, List<Stamp> stamps) throws SQLException {
        Stamp stamp = expectation.write();
        stamps.add(stamp);
        int writer = stamp.number;
        int id = 1 + random.nextInt(rows);
        int shelf = random.nextInt(3);
        String name = NAMES[random.nextInt(NAMES.length)];
        switch (taste == Scenario.Taste.CHURN ? CHURN[random.nextInt(CHURN.length)] : random.nextInt(9)) {
            case 0, 1 ->
                update(
                        connection,
                        "INSERT INTO stock (id, name, shelf, writer) VALUES (?, ?, ?, ?)",
                        id,
                        name,
                        shelf,
                        writer);
            case 2 -> update(connection, "UPDATE stock SET shelf = ?, writer = ? WHERE id = ?", shelf, writer, id);
            case 3 -> update(connection, "UPDATE stock SET name = ?, writer = ? WHERE id = ?", name, writer, id);
            case 4 ->
                update(
                        connection,
                        "UPDATE stock SET shelf = ?, writer = ? WHERE shelf = ?",
                        shelf,
                        writer,
                        random.nextInt(3));
            case 5 -> update(connection, "DELETE FROM stock WHERE id = ?", id);
            case 6 -> update(connection, "DELETE FROM stock WHERE shelf = ?", shelf);
            case 7 ->
                update(connection, "UPDATE stock SET name = DATABASE() || id, writer = ? WHERE id = ?", writer, id);
            default ->
                update(
                        connection,
                        "INSERT INTO stock (id, name, shelf, writer) SELECT id + 10, name || ?, shelf, ? FROM stock WHERE id = ?",
                        String.valueOf(writer),
                        writer,
                        id);
        }
    }

    private static int update(Connection connection, String sql, Object... values) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                statement.setObject(i + 1, values[i]);
            }
            return statement.executeUpdate();
        }
    }
}
