package io.dualwrite.copying;

import io.dualwrite.ladder.Side;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.LocalDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Instances of an application: each writes rows of {@code stock} on one side, or on both as the driver does (R1, R6):
 * statements old then new, commits in the authority's order.
 */
final class DualWriters implements AutoCloseable {
    private static final List<String> SHOPS =
            List.of("apple", "Banana", "\u00c4rger", "zebra", "Zoo", "\uD83D\uDE00smile");
    private static final int TITLES = 40;

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<Future<?>> running = new ArrayList<>();
    private final AtomicBoolean ended = new AtomicBoolean();
    private final AtomicLong written = new AtomicLong();
    private final AtomicLong retried = new AtomicLong();

    DualWriters(Pair pair, List<Side> commitOrder, int writers, long seed) {
        for (int i = 0; i < writers; i++) {
            Random random = new Random(seed + i);
            running.add(threads.submit(() -> {
                work(pair, commitOrder, random);
                return null;
            }));
        }
    }

    private void work(Pair pair, List<Side> commitOrder, Random random) throws SQLException {
        Map<Side, Connection> legs = new EnumMap<>(Side.class);
        try {
            for (Side side : commitOrder) {
                Connection leg = pair.connect(side);
                leg.setAutoCommit(false);
                leg.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
                legs.put(side, leg);
            }
            while (!ended.get()) {
                String shop = SHOPS.get(random.nextInt(SHOPS.size()));
                int title = random.nextInt(TITLES);
                int pieces = random.nextInt(4) == 0 ? -1 : random.nextInt(1_000);
                try {
                    write(legs, shop, title, pieces);
                    for (Side side : commitOrder) {
                        legs.get(side).commit();
                    }
                    written.incrementAndGet();
                } catch (SQLException refused) {
                    retried.incrementAndGet();
                    for (Connection leg : legs.values()) {
                        leg.rollback();
                    }
                }
            }
        } finally {
            for (Connection leg : legs.values()) {
                leg.close();
            }
        }
    }

    /** Old first; fewer than no pieces is a delete. What old did not touch is not sent to new (R25). */
    private static void write(Map<Side, Connection> legs, String shop, int title, int pieces) throws SQLException {
        LocalDateTime now = LocalDateTime.now().truncatedTo(ChronoUnit.MICROS);
        boolean first = true;
        for (Connection leg : legs.values()) {
            if (pieces >= 0) {
                put(leg, shop, title, pieces, now);
            } else if (delete(leg, shop, title) == 0) {
                if (first) {
                    return;
                }
                throw new SQLException("old had the row and new has it not, or not yet (R7)", "40001");
            }
            first = false;
        }
    }

    private static int delete(Connection leg, String shop, int title) throws SQLException {
        try (PreparedStatement delete = leg.prepareStatement("DELETE FROM stock WHERE shop = ? AND title = ?")) {
            delete.setString(1, shop);
            delete.setInt(2, title);
            return delete.executeUpdate();
        }
    }

    private static void put(Connection leg, String shop, int title, int pieces, LocalDateTime now) throws SQLException {
        try (PreparedStatement update =
                leg.prepareStatement("UPDATE stock SET pieces = ?, updated_at = ? WHERE shop = ? AND title = ?")) {
            update.setInt(1, pieces);
            update.setObject(2, now);
            update.setString(3, shop);
            update.setInt(4, title);
            if (update.executeUpdate() > 0) {
                return;
            }
        }
        try (PreparedStatement insert =
                leg.prepareStatement("INSERT INTO stock (pieces, updated_at, shop, title) VALUES (?, ?, ?, ?)")) {
            insert.setInt(1, pieces);
            insert.setObject(2, now);
            insert.setString(3, shop);
            insert.setInt(4, title);
            insert.executeUpdate();
        }
    }

    long written() {
        return written.get();
    }

    /** Ends the writers; a failure that was no refused transaction is thrown. */
    @Override
    public void close() throws Exception {
        ended.set(true);
        for (Future<?> one : running) {
            one.get(30, TimeUnit.SECONDS);
        }
        threads.shutdown();
    }

    @Override
    public String toString() {
        return written + " transactions, " + retried + " tried again";
    }
}
