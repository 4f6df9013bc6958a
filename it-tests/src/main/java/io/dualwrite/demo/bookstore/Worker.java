package io.dualwrite.demo.bookstore;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;

/** One of an instance's threads: its customers' requests, one after the other, by a fixed schedule. */
final class Worker implements Runnable {
    private static final long FARTHEST_BEHIND = TimeUnit.SECONDS.toNanos(1);

    /** A kind of request: its share of all requests in percent, and whether it is a transaction or autocommits. */
    private record Kind(String name, int share, boolean transaction, Request request) {}

    private final DataSource pool;
    private final Throttle throttle;
    private final Journal journal;
    private final Tally tally;
    private final Random random;
    private final long intervalNanos;
    private final Kind[] kinds;

    Worker(
            DataSource pool,
            Throttle throttle,
            Journal journal,
            Tally tally,
            Session session,
            Wallets wallets,
            String name,
            long intervalNanos) {
        this.pool = pool;
        this.throttle = throttle;
        this.journal = journal;
        this.tally = tally;
        this.random = session.random;
        this.intervalNanos = intervalNanos;
        Ordering ordering = new Ordering(session);
        Carts carts = new Carts(session);
        Catalogue catalogue = new Catalogue(session, name);
        Reviews reviews = new Reviews(session);
        this.kinds = new Kind[] {
            new Kind("place order", 22, true, ordering::place),
            new Kind("pay", 12, true, ordering::pay),
            new Kind("cancel", 5, true, ordering::cancel),
            new Kind("look up", 8, false, ordering::lookUp),
            new Kind("add to cart", 14, false, carts::add),
            new Kind("empty cart", 4, true, carts::empty),
            new Kind("give credit", 7, true, wallets::give),
            new Kind("browse", 10, false, catalogue::browse),
            new Kind("count visit", 7, false, catalogue::countVisit),
            new Kind("publish", 1, true, catalogue::publish),
            new Kind("redraw", 2, true, catalogue::redraw),
            new Kind("reprice", 1, true, catalogue::reprice),
            new Kind("write review", 3, false, reviews::write),
            new Kind("edit review", 3, true, reviews::edit),
            new Kind("purge review", 1, true, reviews::purge),
        };
    }

    @Override
    public void run() {
        long due = System.nanoTime() + (long) (random.nextDouble() * intervalNanos);
        try {
            while (true) {
                due = Math.max(due, System.nanoTime() - FARTHEST_BEHIND);
                long ahead = due - System.nanoTime();
                if (ahead > 0) {
                    LockSupport.parkNanos(ahead);
                }
                due += intervalNanos;
                if (!throttle.enter()) {
                    return;
                }
                try {
                    request(draw());
                } finally {
                    throttle.leave();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Kind draw() {
        int ticket = random.nextInt(100);
        for (Kind kind : kinds) {
            ticket -= kind.share();
            if (ticket < 0) {
                return kind;
            }
        }
        throw new IllegalStateException("the shares of the requests are less than 100");
    }

    private void request(Kind kind) {
        long begun = System.nanoTime();
        Changes changes = new Changes();
        boolean failed = false;
        try {
            attempt(kind, changes);
        } catch (SQLException first) {
            failed = !retryable(first) || !succeedsAgain(kind, changes);
            if (failed) {
                Bookstore.say("failed " + kind.name() + ": " + first.getSQLState() + " " + oneLine(first));
                first.printStackTrace();
            }
        }
        tally.request(kind.name().replace(' ', '-'), (System.nanoTime() - begun) / 1000, failed);
    }

    private boolean succeedsAgain(Kind kind, Changes changes) {
        tally.retried();
        changes.clear();
        try {
            attempt(kind, changes);
            return true;
        } catch (SQLException second) {
            Bookstore.say("failed again " + kind.name() + ": " + second.getSQLState() + " " + oneLine(second));
            second.printStackTrace();
            return false;
        }
    }

    private void attempt(Kind kind, Changes changes) throws SQLException {
        try (Connection connection = pool.getConnection()) {
            if (!kind.transaction()) {
                autocommit(connection, kind, changes);
                return;
            }
            connection.setAutoCommit(false);
            try {
                kind.request().run(connection, changes);
            } catch (SQLException | RuntimeException e) {
                rollback(connection, e);
                throw e;
            }
            commit(connection, changes);
        }
    }

    private void autocommit(Connection connection, Kind kind, Changes changes) throws SQLException {
        try {
            kind.request().run(connection, changes);
        } catch (SQLException e) {
            if (mayHaveCommitted(e)) {
                journal.unknown(changes.lines());
            }
            throw e;
        }
        journal.acked(changes.lines());
        changes.remember();
    }

    private void commit(Connection connection, Changes changes) throws SQLException {
        try {
            connection.commit();
        } catch (SQLException e) {
            if (!retryable(e)) {
                journal.unknown(changes.lines());
            }
            rollback(connection, e);
            throw e;
        }
        journal.acked(changes.lines());
        changes.remember();
    }

    private static void rollback(Connection connection, Exception cause) {
        try {
            connection.rollback();
        } catch (SQLException e) {
            cause.addSuppressed(e);
        }
    }

    private static boolean retryable(SQLException e) {
        return "40001".equals(e.getSQLState()) || "40P01".equals(e.getSQLState());
    }

    /** A connection that broke (class 08) leaves an autocommitted write in doubt. */
    private static boolean mayHaveCommitted(SQLException e) {
        return e.getSQLState() != null && e.getSQLState().startsWith("08");
    }

    private static String oneLine(SQLException e) {
        return String.valueOf(e.getMessage()).replaceAll("\\s+", " ");
    }
}
