package io.dualwrite.copier.ledger;

import io.dualwrite.copier.plan.Direction;
import io.dualwrite.copier.plan.WrongInput;
import io.dualwrite.fleet.Registry;
import io.dualwrite.ladder.Phase;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One run as it stands in {@code dualwrite_copy}, with its heartbeat, and the answer to whether rows must be locked now.
 *
 * <p>A run that begins while all instances rest on the source need not lock. As soon as an instance asks to write on both
 * sides, the run says between two chunks that it locks from now on; until it has, the step is shut (R23). It never goes
 * back to copying without locks.
 */
public final class Run implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Run.class);
    private static final Duration SIGN_OF_LIFE = Duration.ofSeconds(2);

    private final Ledger ledger;
    private final String id;
    private final RunKind kind;
    private final Direction direction;
    private final Phase asked;
    private final ScheduledExecutorService heart;
    private boolean locked;
    private boolean ended;

    private Run(Ledger ledger, String id, RunKind kind, Direction direction, Phase asked) {
        this.ledger = ledger;
        this.id = id;
        this.kind = kind;
        this.direction = direction;
        this.asked = asked;
        this.heart = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "dualwrite-copy-heartbeat");
            thread.setDaemon(true);
            return thread;
        });
    }

    /**
     * Begins a run.
     *
     * @param id names the run; rounds of one process share it
     * @param asked the phase in the copier's own file
     * @throws WrongInput if the run goes against the authority (R26), or another of its kind is at work
     */
    public static Run begin(Ledger ledger, String id, RunKind kind, Direction direction, Phase asked)
            throws SQLException, InterruptedException {
        Run run = new Run(ledger, id, kind, direction, asked);
        try {
            run.waitForOthers();
            run.locked = ledger.begin(run, asked);
        } catch (SQLException | RuntimeException | InterruptedException failure) {
            run.heart.shutdownNow();
            throw failure;
        }
        long period = SIGN_OF_LIFE.toMillis();
        var unused = run.heart.scheduleWithFixedDelay(run::touch, period, period, TimeUnit.MILLISECONDS);
        return run;
    }

    /** A run that was killed gives no sign of life for a while; one that is at work does. */
    private void waitForOthers() throws SQLException, InterruptedException {
        if (!kind.writesRows()) {
            return;
        }
        long deadline =
                System.nanoTime() + Registry.RUN_SILENCE.plus(SIGN_OF_LIFE).toNanos();
        String other = ledger.alive(this);
        if (other != null) {
            LOG.info(
                    "A {} run {} was at work a moment ago; waiting for it to end or to prove dead", kind.word(), other);
        }
        while (other != null) {
            if (System.nanoTime() > deadline) {
                throw new WrongInput("Another dualwrite " + kind.word() + " (" + direction.word() + ", run " + other
                        + ") is at work: wait until it has ended, or end it.");
            }
            Thread.sleep(200);
            other = ledger.alive(this);
        }
    }

    private void touch() {
        try {
            ledger.touch(this);
        } catch (SQLException failure) {
            LOG.warn(
                    "The sign of life of {} run {} was not written (SQLSTATE {})",
                    kind.word(),
                    id,
                    failure.getSQLState());
        }
    }

    String id() {
        return id;
    }

    RunKind kind() {
        return kind;
    }

    Direction direction() {
        return direction;
    }

    /**
     * Whether the rows of the next chunk must be locked; asked before each chunk.
     *
     * @throws WrongInput if the fleet went where the run may no longer go on (R26)
     */
    public boolean locked() throws SQLException {
        Fleet fleet = ledger.fleet();
        fleet.require(direction, asked);
        if (!locked && fleet.wantsLocks(direction)) {
            ledger.lockFromNowOn(this);
            locked = true;
        }
        return locked;
    }

    /** Records how far the run is with a table. */
    public void checkpoint(
            String table,
            @Nullable String watermark,
            @Nullable String lastKey,
            long rows,
            long differences,
            @Nullable String detail)
            throws SQLException {
        TableState state = new TableState(table, TableState.RUNNING, watermark, lastKey, rows, differences, detail);
        ledger.put(this, state, locked, false);
    }

    /** Records that the run is done with a table. */
    public void done(String table, @Nullable String watermark, long rows, long differences, @Nullable String detail)
            throws SQLException {
        TableState state = new TableState(table, TableState.DONE, watermark, null, rows, differences, detail);
        ledger.put(this, state, locked, true);
    }

    /** Records that the run as a whole came to its end, over all tables or some. */
    public void end(boolean allTables, long rows, long differences, @Nullable String detail) throws SQLException {
        String state = allTables ? TableState.DONE : TableState.PARTIAL;
        ledger.put(this, new TableState(TableState.WHOLE, state, null, null, rows, differences, detail), locked, true);
        ended = true;
    }

    /** Ends the heartbeat; a run that did not come to its end is recorded as failed. */
    @Override
    public void close() throws SQLException {
        heart.shutdownNow();
        if (!ended) {
            ended = true;
            TableState failed = new TableState(TableState.WHOLE, TableState.FAILED, null, null, 0, 0, null);
            ledger.put(this, failed, locked, true);
        }
    }
}
