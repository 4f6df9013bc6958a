package io.dualwrite.clients;

import static java.sql.Connection.TRANSACTION_READ_COMMITTED;
import static java.sql.Connection.TRANSACTION_REPEATABLE_READ;
import static org.assertj.core.api.Assertions.assertThat;

import io.dualwrite.ladder.Rung;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.sql.DataSource;

/** An application with a pool and bare JDBC: it leaves each connection in another state than it was lent. */
final class PooledShop implements Client {
    private static final int THREADS = 4;
    private static final int EACH = 5;

    private final DataSource pool;
    private final boolean autoCommits;
    private final int isolation;
    private int customers;

    PooledShop(DataSource pool) throws SQLException {
        this.pool = pool;
        try (Connection connection = pool.getConnection()) {
            autoCommits = connection.getAutoCommit();
            isolation = connection.getTransactionIsolation();
        }
    }

    static void create(Migration migration) throws SQLException {
        migration.onBoth(
                "CREATE TABLE customer (id {id}, name VARCHAR(60) NOT NULL UNIQUE, balance DECIMAL(12,2) NOT NULL,"
                        + " version INT DEFAULT 0 NOT NULL)",
                "CREATE TABLE purchase (customer_id BIGINT NOT NULL, no INT NOT NULL, note {text}, image {bytes},"
                        + " PRIMARY KEY (customer_id, no), FOREIGN KEY (customer_id) REFERENCES customer (id))");
    }

    @Override
    public void work(Rung rung) throws Exception {
        asLent();
        long first = register("first on " + rung, rung);
        buyInOneTransaction(first);
        undo(first);
        asLent();
        batch(first);
        readOnly(first);
        inParallel(rung);
        asLent();
        try (Connection connection = pool.getConnection()) {
            assertThat(count(connection, "SELECT COUNT(*) FROM customer")).isEqualTo(customers);
            endRead(connection);
        }
    }

    /** What the connection before has set is gone. */
    private void asLent() throws SQLException {
        try (Connection connection = pool.getConnection()) {
            assertThat(connection.isValid(2)).isTrue();
            assertThat(connection.getAutoCommit()).isEqualTo(autoCommits);
            assertThat(connection.getTransactionIsolation()).isEqualTo(isolation);
            assertThat(connection.isReadOnly()).isFalse();
            assertThat((Throwable) connection.getWarnings()).isNull();
        }
    }

    private long register(String name, Rung rung) throws SQLException {
        try (Connection connection = pool.getConnection()) {
            connection.setAutoCommit(true);
            long id = insert(connection, name + " " + customers);
            customers++;
            try (PreparedStatement query = connection.prepareStatement("SELECT name FROM customer WHERE id = ?")) {
                query.setLong(1, id);
                try (ResultSet row = query.executeQuery()) {
                    assertThat(row.next()).as("read back on %s", rung).isTrue();
                }
            }
            return id;
        }
    }

    private static long insert(Connection connection, String name) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(
                "INSERT INTO customer (name, balance) VALUES (?, ?)", Statement.RETURN_GENERATED_KEYS)) {
            insert.setString(1, name);
            insert.setBigDecimal(2, new BigDecimal("100.00"));
            assertThat(insert.executeUpdate()).isOne();
            try (ResultSet keys = insert.getGeneratedKeys()) {
                assertThat(keys.next()).isTrue();
                return keys.getLong(1);
            }
        }
    }

    private void buyInOneTransaction(long customer) throws SQLException {
        try (Connection connection = pool.getConnection()) {
            connection.setAutoCommit(false);
            connection.setTransactionIsolation(
                    isolation == TRANSACTION_READ_COMMITTED ? TRANSACTION_REPEATABLE_READ : TRANSACTION_READ_COMMITTED);
            assertThat(pay(connection, customer, "10.00")).isOne();
            buy(connection, customer, 1);
            Savepoint before = connection.setSavepoint("before");
            buy(connection, customer, 2);
            connection.rollback(before);
            buy(connection, customer, 3);
            connection.commit();
            assertThat(purchases(connection, customer)).isEqualTo(2);
            connection.commit();
        }
    }

    /** The pool rolls back what the application has left open. */
    private void undo(long customer) throws SQLException {
        try (Connection connection = pool.getConnection()) {
            connection.setAutoCommit(false);
            pay(connection, customer, "90.00");
            connection.rollback();
            buy(connection, customer, 4);
            connection.rollback();
        }
    }

    private void batch(long customer) throws SQLException {
        try (Connection connection = pool.getConnection()) {
            connection.setAutoCommit(false);
            try (PreparedStatement insert = connection.prepareStatement(
                    "INSERT INTO purchase (customer_id, no, note, image) VALUES (?, ?, ?, ?)")) {
                for (int no = 10; no < 13; no++) {
                    insert.setLong(1, customer);
                    insert.setInt(2, no);
                    insert.setString(3, "løng ".repeat(200));
                    insert.setBytes(4, new byte[] {1, 2, (byte) no});
                    insert.addBatch();
                }
                assertThat(insert.executeBatch()).hasSize(3);
            }
            try (PreparedStatement delete = connection.prepareStatement("DELETE FROM purchase WHERE no = ?")) {
                delete.setInt(1, 11);
                assertThat(delete.executeUpdate()).isPositive();
            }
            connection.commit();
        }
    }

    private void readOnly(long customer) throws SQLException {
        try (Connection connection = pool.getConnection()) {
            connection.setReadOnly(true);
            assertThat(purchases(connection, customer)).isEqualTo(4);
            endRead(connection);
        }
    }

    private void inParallel(Rung rung) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            List<Callable<Void>> tasks = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                String name = "parallel " + rung + " " + customers + " " + i;
                tasks.add(() -> many(name));
            }
            for (Future<Void> done : threads.invokeAll(tasks)) {
                done.get();
            }
        } finally {
            threads.shutdown();
        }
        customers += THREADS * EACH;
    }

    private Void many(String name) throws SQLException {
        for (int i = 0; i < EACH; i++) {
            try (Connection connection = pool.getConnection()) {
                connection.setAutoCommit(false);
                long id = insert(connection, name + " " + i);
                assertThat(pay(connection, id, "1.00")).isOne();
                connection.commit();
            }
        }
        return null;
    }

    private static int pay(Connection connection, long customer, String amount) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(
                "UPDATE customer SET balance = balance - ?, version = version + 1 WHERE id = ?")) {
            update.setBigDecimal(1, new BigDecimal(amount));
            update.setLong(2, customer);
            return update.executeUpdate();
        }
    }

    private static void buy(Connection connection, long customer, int no) throws SQLException {
        try (PreparedStatement insert =
                connection.prepareStatement("INSERT INTO purchase (customer_id, no, note) VALUES (?, ?, ?)")) {
            insert.setLong(1, customer);
            insert.setInt(2, no);
            insert.setString(3, "bought");
            insert.executeUpdate();
        }
    }

    private static int purchases(Connection connection, long customer) throws SQLException {
        return count(connection, "SELECT COUNT(*) FROM purchase WHERE customer_id = " + customer);
    }

    private static int count(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getInt(1);
        }
    }

    private static void endRead(Connection connection) throws SQLException {
        if (!connection.getAutoCommit()) {
            connection.commit();
        }
    }
}
