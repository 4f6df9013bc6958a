package io.dualwrite.copying;

import static org.awaitility.Awaitility.await;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/** Threads that write the same few rows of {@code stock} through the driver, each as an instance of its own. */
final class LiveWriters implements AutoCloseable {
    private static final int IDS = 60;
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<Future<?>> running = new ArrayList<>();
    private final AtomicBoolean ended = new AtomicBoolean();
    private final AtomicLong written = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();
    private volatile String lastRefusal = "";

    LiveWriters(LivePair pair, int writers, long seed) {
        for (int i = 0; i < writers; i++) {
            String instance = LivePair.INSTANCES.get(i % LivePair.INSTANCES.size());
            Random random = new Random(seed + i);
            running.add(threads.submit(() -> {
                work(pair, instance, random);
                return null;
            }));
        }
    }

    private void work(LivePair pair, String instance, Random random) throws SQLException {
        try (Connection connection = pair.connect(instance)) {
            connection.setAutoCommit(false);
            while (!ended.get()) {
                try {
                    for (int i = random.nextInt(3); i >= 0; i--) {
                        write(connection, random);
                    }
                    connection.commit();
                    written.incrementAndGet();
                } catch (SQLException failure) {
                    lastRefusal = String.valueOf(failure.getMessage());
                    refused.incrementAndGet();
                    connection.rollback();
                }
            }
        }
    }

    private static void write(Connection connection, Random random) throws SQLException {
        int id = random.nextInt(IDS);
        int pieces = random.nextInt(1_000);
        String note = "of " + random.nextInt(100_000);
        if (random.nextInt(4) == 0) {
            run(connection, "DELETE FROM stock WHERE id = ?", id);
        } else if (run(connection, "UPDATE stock SET pieces = ?, note = ? WHERE id = ?", pieces, note, id) == 0) {
            run(connection, "INSERT INTO stock (id, pieces, note) VALUES (?, ?, ?)", id, pieces, note);
        }
    }

    private static int run(Connection connection, String sql, Object... values) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                statement.setObject(i + 1, values[i]);
            }
            return statement.executeUpdate();
        }
    }

    /** Waits until so many more transactions were committed. */
    void awaitMore(int transactions) {
        long until = written.get() + transactions;
        await("the writers go on").atMost(PATIENCE).until(() -> written.get() >= until);
    }

    /** Ends the writers; a failure that was no refused transaction is thrown. */
    @Override
    public void close() throws Exception {
        ended.set(true);
        for (Future<?> one : running) {
            one.get(60, TimeUnit.SECONDS);
        }
        threads.shutdown();
    }

    @Override
    public String toString() {
        return written + " transactions, " + refused + " refused, the last: " + lastRefusal;
    }
}
