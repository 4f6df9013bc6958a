package io.dualwrite.histories;

import io.dualwrite.histories.Request.Transfer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;

/** Clients that move money between a few accounts and look at all of them. Thread-safe. */
final class Bank {
    static final List<Integer> OPENING = Collections.nCopies(8, 100);
    private static final int HIGHEST_AMOUNT = 60;

    private final AtomicInteger numbers = new AtomicInteger();

    Transfer transfer(Random random) {
        int from = random.nextInt(OPENING.size());
        int to = (from + 1 + random.nextInt(OPENING.size() - 1)) % OPENING.size();
        return new Transfer(numbers.incrementAndGet(), from, to, 1 + random.nextInt(HIGHEST_AMOUNT));
    }

    Outcome run(Transfer transfer, Transaction transaction) {
        return transaction.run(connection -> {
            int first = Math.min(transfer.from(), transfer.to());
            int firstHas = locked(connection, first);
            int secondHas = locked(connection, Math.max(transfer.from(), transfer.to()));
            int payerHas = first == transfer.from() ? firstHas : secondHas;
            if (payerHas < transfer.amount()) {
                return new Outcome.Failed("not enough money");
            }
            raise(connection, transfer.from(), -transfer.amount());
            raise(connection, transfer.to(), transfer.amount());
            note(connection, transfer);
            return new Outcome.Done();
        });
    }

    /** Reads all accounts. */
    Outcome look(Transaction transaction) {
        return transaction.runAlone(connection -> {
            List<Integer> balances = new ArrayList<>();
            try (PreparedStatement select = connection.prepareStatement("SELECT balance FROM account ORDER BY id");
                    ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    balances.add(rows.getInt(1));
                }
            }
            return new Outcome.Balances(balances);
        });
    }

    private static int locked(Connection connection, int account) throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement("SELECT balance FROM account WHERE id = ? FOR UPDATE")) {
            select.setInt(1, account);
            try (ResultSet row = select.executeQuery()) {
                if (!row.next()) {
                    throw new IllegalStateException("account " + account + " is gone");
                }
                return row.getInt(1);
            }
        }
    }

    private static void raise(Connection connection, int account, int amount) throws SQLException {
        try (PreparedStatement update =
                connection.prepareStatement("UPDATE account SET balance = balance + ? WHERE id = ?")) {
            update.setInt(1, amount);
            update.setInt(2, account);
            update.executeUpdate();
        }
    }

    private static void note(Connection connection, Transfer transfer) throws SQLException {
        try (PreparedStatement insert =
                connection.prepareStatement("INSERT INTO transfer (id, payer, payee, amount) VALUES (?, ?, ?, ?)")) {
            insert.setInt(1, transfer.number());
            insert.setInt(2, transfer.from());
            insert.setInt(3, transfer.to());
            insert.setInt(4, transfer.amount());
            insert.executeUpdate();
        }
    }
}
