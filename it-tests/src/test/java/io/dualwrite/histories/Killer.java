package io.dualwrite.histories;

import io.dualwrite.ladder.Side;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Now and then has a server end one of its sessions, rather one that is at work than one that rests. H2 is left alone: a
 * session that it has aborted goes on to answer as though the whole database were closed. Thread-safe.
 */
final class Killer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Killer.class);

    private final Fleet fleet;
    private final Random random;
    private final ReentrantLock busy = new ReentrantLock();
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();
    private final AtomicInteger killed = new AtomicInteger();

    Killer(Fleet fleet, Duration pause, long seed) {
        this.fleet = fleet;
        this.random = new Random(seed);
        thread.scheduleWithFixedDelay(this::strike, pause.toMillis(), pause.toMillis(), TimeUnit.MILLISECONDS);
    }

    int killed() {
        return killed.get();
    }

    /** Kills nothing while the work lasts. */
    <T> T heldBack(Supplier<T> work) {
        busy.lock();
        try {
            return work.get();
        } finally {
            busy.unlock();
        }
    }

    private void strike() {
        if (!busy.tryLock()) {
            return;
        }
        try {
            Side side = random.nextBoolean() ? Side.OLD : Side.NEW;
            if (fleet.vendor(side).equals("h2")) {
                return;
            }
            try (Connection connection = fleet.bare(side);
                    Statement statement = connection.createStatement()) {
                strike(statement, Vendor.of(fleet.vendor(side)));
            }
        } catch (SQLException e) {
            LOG.debug("The session had ended by itself", e);
        } finally {
            busy.unlock();
        }
    }

    private void strike(Statement statement, Vendor vendor) throws SQLException {
        List<Long> sessions = new ArrayList<>();
        try (ResultSet rows = statement.executeQuery(vendor.sessions)) {
            while (rows.next()) {
                sessions.add(rows.getLong(1));
            }
        }
        if (!sessions.isEmpty()) {
            int victim = random.nextInt(4) > 0 ? 0 : random.nextInt(sessions.size());
            statement.execute(vendor.kill + sessions.get(victim) + vendor.end);
            killed.incrementAndGet();
        }
    }

    /** Kills nothing any more. */
    @Override
    public void close() {
        busy.lock();
        try {
            thread.shutdownNow();
        } finally {
            busy.unlock();
        }
    }

    /** How a vendor lists the other sessions of this database, those at work first, and ends one. */
    private enum Vendor {
        POSTGRES(
                "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
                        + " AND backend_type = 'client backend' ORDER BY CASE WHEN state = 'idle' THEN 1 ELSE 0 END,"
                        + " random()",
                "SELECT pg_terminate_backend(",
                ")"),
        MARIADB(
                "SELECT p.id FROM information_schema.processlist p LEFT JOIN information_schema.innodb_trx t"
                        + " ON t.trx_mysql_thread_id = p.id WHERE p.db = DATABASE() AND p.id <> CONNECTION_ID()"
                        + " ORDER BY CASE WHEN t.trx_id IS NULL AND p.command = 'Sleep' THEN 1 ELSE 0 END, RAND()",
                "KILL ",
                "");

        final String sessions;
        final String kill;
        final String end;

        Vendor(String sessions, String kill, String end) {
            this.sessions = sessions;
            this.kill = kill;
            this.end = end;
        }

        static Vendor of(String word) {
            return word.equals("postgres") ? POSTGRES : MARIADB;
        }
    }
}
