package io.dualwrite.copier.diff;

import io.dualwrite.copier.convert.KeyOrder;
import io.dualwrite.copier.convert.RowComparison;
import io.dualwrite.copier.plan.CopyPlan;
import io.dualwrite.copier.plan.Direction;
import io.dualwrite.copier.plan.TablePlan;
import io.dualwrite.copier.read.Source;
import io.dualwrite.copier.write.Target;
import io.dualwrite.dialect.RowImage;
import io.dualwrite.dialect.RowKey;
import io.dualwrite.dialect.SqlState;
import java.sql.SQLException;
import java.sql.SQLTransientException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Makes rows of the target agree with the source, row by row under locks.
 *
 * <p>One way of doing it carries out five rules. The rows are locked on old, then on new, with short waits and always as the
 * victim (R15, R20); the source's rows are what they are while these locks are held; the target's are upserted or, where the
 * source has none after the target's row was locked, deleted (R17, R19); the target commits, then all locks are let go (R18).
 * How many rows go into one such window follows from how long the last windows took.
 *
 * <p>Where nobody but the copier writes on the target, the source's rows are read without locks. Not thread-safe.
 */
public final class Mender implements AutoCloseable {
    private static final Duration STATEMENT_LIMIT = Duration.ofSeconds(30);
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int FIRST_WINDOW = 20;
    private static final int LARGEST_WINDOW = 500;
    private static final int UNLOCKED_WINDOW = 500;
    /** Rows that are locked for one look: few, for the application waits for them while nothing is mended. */
    private static final int LOCKED_LOOK = 5;

    private final Direction direction;
    private final Source source;
    private final Target target;
    private final Duration copyLock;
    private final boolean sparesGenerators;
    private final Obstacles obstacles;
    private final Mended mended = new Mended();
    private final ScheduledExecutorService clock;
    private int windowRows = FIRST_WINDOW;
    /** A row was left over because it was busy, and none was mended since: what holds one up may hold up all. */
    private boolean impatient;

    /**
     * A mender of the plan's tables.
     *
     * @param copyLock the longest that it holds locks on the application's rows
     * @param sparesGenerators whether rows that would raise a generator of the target are left out (R24)
     */
    public Mender(
            CopyPlan plan,
            Direction direction,
            Source source,
            Target target,
            Duration copyLock,
            boolean sparesGenerators)
            throws SQLException {
        this.direction = direction;
        this.source = source;
        this.target = target;
        this.copyLock = copyLock;
        this.sparesGenerators = sparesGenerators;
        this.obstacles = new Obstacles(plan, source, target);
        source.boundWaits(copyLock, STATEMENT_LIMIT);
        target.boundWaits(copyLock, STATEMENT_LIMIT);
        this.clock = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "dualwrite-copy-locks");
            thread.setDaemon(true);
            return thread;
        });
    }

    /** What was done so far. */
    public Mended mended() {
        return mended;
    }

    /** The order of the table's keys on both sides. */
    public KeyOrder order(TablePlan table) {
        return KeyOrder.of(table, source.dialect().vendor(), target.dialect().vendor());
    }

    /** Writes rows as they were read, without locks, many at a time; row by row where one of them stands in the way. */
    public void write(TablePlan table, List<RowImage> rows) throws SQLException, InterruptedException {
        try {
            List<RowImage> harmless = new ArrayList<>(rows.size());
            List<RowKey> spared = new ArrayList<>();
            for (RowImage row : rows) {
                if (raises(table, row)) {
                    spared.add(row.key());
                } else {
                    harmless.add(row);
                }
            }
            target.upsert(table, harmless);
            target.commit();
            mended.upserted(harmless.size());
            spared.forEach(key -> leaveSpared(table, key));
        } catch (SQLException failure) {
            target.release();
            if (Faults.isConnectionLost(failure)) {
                throw failure;
            }
            mend(table, rows.stream().map(RowImage::key).toList(), false);
        }
    }

    /**
     * Makes the rows with these keys agree, whatever either side has; what cannot be done now is left over.
     *
     * @param lockSource whether the application may write these rows on both sides at the same time
     */
    public void mend(TablePlan table, List<RowKey> keys, boolean lockSource) throws SQLException, InterruptedException {
        int from = 0;
        long deadline = deadline();
        int size = lockSource ? windowRows : UNLOCKED_WINDOW;
        while (from < keys.size()) {
            List<RowKey> part = keys.subList(from, Math.min(keys.size(), from + size));
            SQLException failure = attempt(table, part, lockSource);
            boolean busy = failure != null && isRetryable(failure);
            if (failure != null && Faults.isConnectionLost(failure)) {
                throw failure;
            }
            if (busy && (part.size() > 1 || System.nanoTime() < deadline)) {
                windowRows = Math.max(1, part.size() / 2);
                size = windowRows;
                giveWay();
                continue;
            }
            if (failure != null) {
                mendAfter(failure, busy, table, part, lockSource);
            }
            from += part.size();
            size = lockSource ? windowRows : UNLOCKED_WINDOW;
            deadline = deadline();
        }
    }

    /** Until when a busy row is tried again. */
    private long deadline() {
        return System.nanoTime() + (impatient ? 0 : PATIENCE.toNanos());
    }

    /** Goes on after a failure: where one of several rows stands in the way, the others are mended all the same. */
    private void mendAfter(SQLException failure, boolean busy, TablePlan table, List<RowKey> part, boolean lockSource)
            throws SQLException, InterruptedException {
        if (part.size() == 1) {
            overcome(table, part.get(0), lockSource, failure, busy);
        } else if (!Faults.isForeignKey(failure) || !fitsAfterItsParents(table, part, lockSource)) {
            for (RowKey key : part) {
                mend(table, List.of(key), lockSource);
            }
        }
    }

    /** Lets others have the locks, for a random time, so that two that contend do not meet again. */
    private static void giveWay() throws InterruptedException {
        Thread.sleep(ThreadLocalRandom.current().nextInt(5, 50));
    }

    /**
     * Looks at rows of both sides together, without writing; those that differ are given to the sink.
     *
     * @param lockSource whether the rows must be locked for a look that cannot lie
     */
    public void look(TablePlan table, List<RowKey> keys, boolean lockSource, RowDiff.Sink sink)
            throws SQLException, InterruptedException {
        KeyOrder order = order(table);
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        int size = lockSource ? LOCKED_LOOK : UNLOCKED_WINDOW;
        for (int from = 0; from < keys.size(); ) {
            List<RowKey> part = keys.subList(from, Math.min(keys.size(), from + size));
            try (LockWindow window = new LockWindow(clock, lockSource ? copyLock : STATEMENT_LIMIT, source, target)) {
                Rows rows = lockSource ? lockOldFirst(table, order, part) : unlocked(table, order, part);
                if (!window.holds()) {
                    throw tooLong(window);
                }
                source.release();
                target.release();
                report(table, part, rows, sink);
                from += part.size();
                size = lockSource ? LOCKED_LOOK : UNLOCKED_WINDOW;
                deadline = System.nanoTime() + PATIENCE.toNanos();
            } catch (SQLException failure) {
                source.release();
                target.release();
                if (!isRetryable(failure) || System.nanoTime() > deadline) {
                    throw failure;
                }
                size = lockSource ? 1 : UNLOCKED_WINDOW;
                giveWay();
            }
        }
    }

    private Rows lockOldFirst(TablePlan table, KeyOrder order, List<RowKey> keys) throws SQLException {
        if (direction == Direction.UP) {
            SortedMap<RowKey, RowImage> onSource = source.rows(table, order, keys, true);
            SortedMap<RowKey, RowImage> onTarget = target.rows(table, order, keys, true);
            onSource.putAll(source.rows(table, order, absent(onTarget, onSource), false));
            return new Rows(onSource, onTarget);
        }
        return lockTargetFirst(table, order, keys, true);
    }

    private Rows unlocked(TablePlan table, KeyOrder order, List<RowKey> keys) throws SQLException {
        return new Rows(source.rows(table, order, keys, false), target.rows(table, order, keys, false));
    }

    private static void report(TablePlan table, List<RowKey> keys, Rows rows, RowDiff.Sink sink)
            throws SQLException, InterruptedException {
        for (RowKey key : keys) {
            RowImage one = rows.source.get(key);
            RowImage other = rows.target.get(key);
            if (one != null && other == null) {
                sink.missing(one);
            } else if (one == null && other != null) {
                sink.extra(other);
            } else if (one != null && other != null && !RowComparison.same(table, one, other)) {
                sink.differs(one, other);
            } else if (one != null && other != null) {
                sink.same(one, other);
            }
        }
    }

    private boolean isRetryable(SQLException failure) {
        return Faults.isRetryable(source.dialect(), failure) || Faults.isRetryable(target.dialect(), failure);
    }

    private static List<RowKey> absent(SortedMap<RowKey, RowImage> here, SortedMap<RowKey, RowImage> there) {
        return here.keySet().stream().filter(key -> !there.containsKey(key)).toList();
    }

    /** Tries once more what was left over, now that other rows have been written and deleted. */
    public void mendLeftOvers(boolean lockSource) throws SQLException, InterruptedException {
        for (Mended.LeftOver leftOver : mended.takeLeftOvers()) {
            mend(leftOver.table(), List.of(leftOver.key()), lockSource);
        }
    }

    /** Rows that came after their parents' table was copied, as in a run that takes long: all their parents go first. */
    private boolean fitsAfterItsParents(TablePlan table, List<RowKey> keys, boolean lockSource)
            throws SQLException, InterruptedException {
        Map<TablePlan, List<RowKey>> byTable = new LinkedHashMap<>();
        List<Obstacles.Parent> entered = new ArrayList<>();
        for (Obstacles.Parent parent : obstacles.parents(table, keys)) {
            if (!mended.isLeft(parent.table(), parent.key()) && obstacles.enter(parent)) {
                entered.add(parent);
                byTable.computeIfAbsent(parent.table(), one -> new ArrayList<>())
                        .add(parent.key());
            }
        }
        try {
            for (Map.Entry<TablePlan, List<RowKey>> parents : byTable.entrySet()) {
                mend(parents.getKey(), parents.getValue(), lockSource);
            }
        } finally {
            entered.forEach(obstacles::leave);
        }
        return attempt(table, keys, lockSource) == null;
    }

    private void overcome(TablePlan table, RowKey key, boolean lockSource, SQLException failure, boolean busy)
            throws SQLException, InterruptedException {
        if (busy) {
            mended.leave(table, key, whyBusy(failure));
            impatient = true;
            return;
        }
        SQLException last = failure;
        if (Faults.isForeignKey(failure)) {
            for (Obstacles.Parent parent : obstacles.parents(table, key)) {
                if (!mended.isLeft(parent.table(), parent.key()) && obstacles.enter(parent)) {
                    mend(parent.table(), List.of(parent.key()), lockSource);
                    obstacles.leave(parent);
                }
            }
            last = patiently(() -> attempt(table, List.of(key), lockSource));
        } else if (target.dialect().isDuplicate(failure)) {
            List<RowKey> group = obstacles.rivals(table, order(table), key);
            last = patiently(() -> attemptGroup(table, group, lockSource));
        }
        if (last != null) {
            mended.leave(table, key, "refused with SQLSTATE " + last.getSQLState());
        }
    }

    /** A try that gives back what it failed on, or null. */
    private interface Attempt {
        @Nullable
        SQLException run() throws SQLException;
    }

    private @Nullable SQLException patiently(Attempt attempt) throws SQLException, InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        SQLException failure = attempt.run();
        while (failure != null && isRetryable(failure) && System.nanoTime() < deadline) {
            giveWay();
            failure = attempt.run();
        }
        return failure;
    }

    /** Rows that contend for the values of a unique key are copied in one transaction (R30). */
    private @Nullable SQLException attemptGroup(TablePlan table, List<RowKey> group, boolean lockSource)
            throws SQLException {
        SQLException failure = attempt(table, group, lockSource);
        if (failure != null && target.dialect().isDuplicate(failure) && obstacles.mayReinsert(table)) {
            return window(table, group, lockSource, true);
        }
        return failure;
    }

    private @Nullable SQLException attempt(TablePlan table, List<RowKey> keys, boolean lockSource) throws SQLException {
        return window(table, keys, lockSource, false);
    }

    private @Nullable SQLException window(TablePlan table, List<RowKey> keys, boolean lockSource, boolean reinsert)
            throws SQLException {
        KeyOrder order = order(table);
        Duration limit = lockSource ? copyLock : STATEMENT_LIMIT;
        try (LockWindow window = new LockWindow(clock, limit, source, target)) {
            Rows rows = lockSource && direction == Direction.UP
                    ? lockSourceFirst(table, order, keys)
                    : lockTargetFirst(table, order, keys, lockSource);
            if (!window.holds()) {
                return tooLong(window);
            }
            Written written = write(table, keys, rows, reinsert);
            if (!window.mayCommit()) {
                return tooLong(window);
            }
            target.commit();
            impatient = false;
            mended.upserted(written.upserts);
            mended.deleted(written.deletes);
            written.spared.forEach(key -> leaveSpared(table, key));
            if (lockSource) {
                adapt(window.open());
            }
            return null;
        } catch (SQLException failure) {
            return failure;
        } finally {
            source.release();
            target.release();
        }
    }

    private record Rows(SortedMap<RowKey, RowImage> source, SortedMap<RowKey, RowImage> target) {}

    private record Written(int upserts, int deletes, List<RowKey> spared) {}

    /** Upward: old is the source. A row that it lacked is read again once the target's row is locked (R19). */
    private Rows lockSourceFirst(TablePlan table, KeyOrder order, List<RowKey> keys) throws SQLException {
        SortedMap<RowKey, RowImage> onSource = source.rows(table, order, keys, true);
        SortedMap<RowKey, RowImage> onTarget = target.rows(table, order, keys, true);
        List<RowKey> absent = absent(onTarget, onSource);
        if (!absent.isEmpty() && !source.rows(table, order, absent, false).isEmpty()) {
            throw new SQLTransientException(
                    "A row came into being while its target was locked", SqlState.TRY_AGAIN.code());
        }
        return new Rows(onSource, onTarget);
    }

    /** Downward: old is the target. Also where the source is not locked: the source is read after the target is locked. */
    private Rows lockTargetFirst(TablePlan table, KeyOrder order, List<RowKey> keys, boolean lockSource)
            throws SQLException {
        SortedMap<RowKey, RowImage> onTarget = target.rows(table, order, keys, true);
        return new Rows(source.rows(table, order, keys, lockSource), onTarget);
    }

    private Written write(TablePlan table, List<RowKey> keys, Rows rows, boolean reinsert) throws SQLException {
        List<RowImage> upserts = new ArrayList<>();
        List<RowKey> spared = new ArrayList<>();
        int deletes = 0;
        for (RowKey key : keys) {
            RowImage wanted = rows.source.get(key);
            RowImage found = rows.target.get(key);
            if (found != null && (wanted == null || reinsert)) {
                int gone = target.delete(table, found.key());
                deletes += wanted == null ? gone : 0;
            }
            if (wanted != null && found == null && raises(table, wanted)) {
                spared.add(key);
            } else if (wanted != null && (found == null || reinsert || !RowComparison.same(table, wanted, found))) {
                upserts.add(wanted);
            }
        }
        target.upsert(table, upserts);
        return new Written(upserts.size(), deletes, spared);
    }

    /** R24: while an instance generates keys on new alone, no row may raise old's generator into new's values. */
    private boolean raises(TablePlan table, RowImage row) throws SQLException {
        return sparesGenerators && target.wouldRaiseGenerator(table, row);
    }

    private void leaveSpared(TablePlan table, RowKey key) {
        mended.leave(
                table,
                key,
                "its key would raise the generator on " + direction.target().word()
                        + " into the values of the other side; dualwrite sequences --down, or a sync once the fleet is at 5");
    }

    private static SQLException tooLong(LockWindow window) {
        return new TooLong("Row locks were let go after " + window.open().toMillis() + " ms");
    }

    /** The copier itself had the locks, and was not done within its time. */
    private static final class TooLong extends SQLTransientException {
        private static final long serialVersionUID = 1;

        TooLong(String message) {
            super(message, SqlState.TRY_AGAIN.code());
        }
    }

    private String whyBusy(SQLException failure) {
        return failure instanceof TooLong
                ? "one row took longer than copy.lock, " + copyLock.toMillis()
                        + " ms: raise that, or run the copier nearer to the databases or when they have less to do"
                : "other transactions held the row for " + PATIENCE.toSeconds() + " s";
    }

    private void adapt(Duration taken) {
        if (taken.compareTo(copyLock.dividedBy(3)) < 0) {
            windowRows = Math.min(LARGEST_WINDOW, windowRows * 2);
        } else if (taken.compareTo(copyLock.multipliedBy(2).dividedBy(3)) > 0) {
            windowRows = Math.max(1, windowRows / 2);
        }
    }

    @Override
    public void close() {
        clock.shutdownNow();
    }
}
