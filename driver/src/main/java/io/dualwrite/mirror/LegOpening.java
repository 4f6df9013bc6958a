package io.dualwrite.mirror;

import io.dualwrite.ladder.Side;
import java.sql.SQLException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Opens a mirror leg on another thread and waits for it no longer than is allowed (R5). */
final class LegOpening {
    private LegOpening() {}

    /**
     * The opened leg. One that comes later than that is closed again. An interrupt does not end the wait, but is kept.
     *
     * @param nanos the longest wait
     * @throws SQLException the vendor's own, or SQLSTATE 57014 where it took too long
     */
    static Leg within(Legs legs, Side side, Executor executor, long nanos) throws SQLException {
        FutureTask<Leg> opening = new FutureTask<>(() -> legs.openNew(side));
        executor.execute(opening);
        long end = System.nanoTime() + nanos;
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return opening.get(end - System.nanoTime(), TimeUnit.NANOSECONDS);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } catch (TimeoutException e) {
            executor.execute(() -> closeWhenOpened(opening));
            throw Faults.tooLate("Connecting to " + side.word(), nanos / 1_000_000);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            throw cause instanceof SQLException ? (SQLException) cause : new SQLException("Connecting failed", cause);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static void closeWhenOpened(FutureTask<Leg> opening) {
        try {
            Legs.closeQuietly(opening.get());
        } catch (ExecutionException e) {
            Faults.LOG.debug(
                    "A connection that nobody waited for was not opened: {}",
                    String.valueOf(e.getCause() == null ? null : e.getCause().getClass()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
