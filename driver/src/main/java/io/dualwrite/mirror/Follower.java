package io.dualwrite.mirror;

import io.dualwrite.config.Settings;
import io.dualwrite.dialect.Aftermath;
import io.dualwrite.dialect.Dialect;
import io.dualwrite.dialect.Vendor;
import io.dualwrite.ladder.Rung;
import io.dualwrite.ladder.Side;
import io.dualwrite.ladder.Standing;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The mirror's part in a connection's transactions: joins one at its first write, works on its own lane, is waited for within
 * the budget (R5, promise 2), and is abandoned where it fails and may fail (R13).
 *
 * <p>The mirror's COMMIT or ROLLBACK may still be under way when the application's call has returned; until it has ended the
 * pin is held, so that a step is not taken for drained before (R22).
 */
final class Follower {
    private enum State {
        /** The mirror has no part in the transaction yet. */
        APART,
        FOLLOWING,
        /** It failed, and the rows of the whole transaction are marked. */
        ABANDONED
    }

    /** Work on the mirror leg. */
    interface Work {
        void run(Leg leg) throws SQLException;
    }

    private final Mirroring shared;
    private final Legs legs;
    private final Standing.Pin pin;
    private State state = State.APART;
    private @Nullable Leg leg;
    /** Makes the leg's session a mirror's, in a transaction; nothing where it is one. */
    private Lane.@Nullable Task joining;

    private long budgetLeft;
    /** The savepoint before the statement under way; touched on the lane alone. */
    private @Nullable Savepoint beforeStatement;
    /** The number of the statement for which that savepoint was set; touched on the lane alone. */
    private long savepointOf;
    /** The number of the application's statement under way; touched by the application's thread alone. */
    private long statement;
    /** The id of the transaction's mark, from the first time that it is asked for. */
    private @Nullable String mark;
    /** Whether the mirror's transaction holds the mark's id; touched on the lane alone. */
    private boolean identified;
    /** Whether it did before the statement under way; touched on the lane alone. */
    private boolean identifiedBefore;
    /** Whether the mirror was not even tried in the transaction. */
    private boolean away;
    /** Whether the mirror has written in the transaction. */
    private boolean wrote;
    /** Whether something may be settling; touched by the application's thread alone. */
    private boolean everSettling;
    /** Commits and rollbacks of the mirror's that are under way; guarded by this. */
    private volatile int settling;
    /** Whether the application's transaction is open; guarded by this. */
    private boolean active;

    Follower(Mirroring shared, Legs legs, Standing.Pin pin) {
        this.shared = shared;
        this.legs = legs;
        this.pin = pin;
    }

    // ------------------------------------------------------------------ the pin

    /** Pins the rung for a transaction that begins now. */
    Rung pin() {
        if (!everSettling) {
            active = true;
            return shared.standing.pin(pin);
        }
        synchronized (this) {
            Rung held = pin.rung();
            if (settling == 0 || held != null && held == shared.standing.rung()) {
                active = true;
                everSettling = settling > 0;
                return settling > 0 && held != null ? held : shared.standing.pin(pin);
            }
        }
        settle();
        synchronized (this) {
            active = true;
            return shared.standing.pin(pin);
        }
    }

    /**
     * The transaction is over. What the mirror wrote in one that was not committed is rolled back, whatever way it came to an
     * end.
     *
     * @param unpins whether the rung is let go, now or when the mirror's COMMIT or ROLLBACK has ended
     */
    void ended(boolean unpins) {
        if (wrote) {
            rollback();
        } else {
            commitReads();
        }
        if (!unpins) {
            return;
        }
        if (everSettling) {
            synchronized (this) {
                active = false;
                if (settling > 0) {
                    return;
                }
            }
        }
        active = false;
        shared.standing.unpin(pin);
    }

    private synchronized void settled() {
        settling = settling - 1;
        if (settling == 0 && !active) {
            shared.standing.unpin(pin);
        }
    }

    private synchronized void settles() {
        everSettling = true;
        settling = settling + 1;
    }

    /** Waits until nothing is under way on the mirror's leg; gives the leg up if that takes too long. */
    void settle() {
        Leg current = leg;
        if (current == null) {
            return;
        }
        Settings settings = shared.settings.get();
        if (!current.lane.await(
                settings.mirrorBudget.plus(settings.mirrorStatement).toNanos())) {
            giveUp(current);
        }
    }

    private void giveUp(Leg lost) {
        legs.discard(lost);
        lost.abort(shared.executor);
        if (leg == lost) {
            leg = null;
        }
    }

    /** Changes the session of a mirror's leg; one that refuses is made anew, with the session as it then is. */
    void changeSession(Leg mirror, Session.Change change) {
        mirror.lane.submitAside(() -> {
            try {
                change.apply(mirror);
            } catch (SQLException e) {
                mirror.outdated();
                throw e;
            }
        });
    }

    /** Whether the mirror has no part in the transaction and nothing of it is under way. */
    boolean isIdle() {
        return state == State.APART && !wrote && !everSettling;
    }

    // ------------------------------------------------------------------ joining

    /** Whether the mirror is not tried in the transaction, for it has failed too often (promise 2). */
    boolean isAway() {
        return away;
    }

    boolean isFollowing() {
        return state == State.FOLLOWING;
    }

    /** The leg in use, or null; to be worked on by the caller's thread after {@link #join}. */
    @Nullable
    Leg leg() {
        return state == State.FOLLOWING ? leg : null;
    }

    @Nullable
    Dialect dialect() {
        Leg current = leg;
        return current == null ? null : current.dialect;
    }

    /** The failure of the mirror so far, or null; does not wait. */
    @Nullable
    SQLException failure() {
        Leg current = leg;
        return state == State.FOLLOWING && current != null ? current.lane.failure() : null;
    }

    /**
     * Takes part in the transaction from now on, before it holds locks on old (R5).
     *
     * @param budget the longest that this transaction may wait for the mirror, in nanoseconds
     * @throws SQLException where the mirror must succeed and cannot be reached; nothing was written
     */
    void follow(Rung rung, long budget) throws SQLException {
        if (state != State.APART) {
            return;
        }
        Side side = rung.mirror();
        budgetLeft = rung.strict() ? budget : shared.breaker(side).patience(budget);
        if (budgetLeft == 0) {
            state = State.ABANDONED;
            away = true;
            return;
        }
        Settings settings = shared.settings.get();
        try {
            Leg joined = reach(side);
            leg = joined;
            joined.touch();
            Lane.Task joins = () -> {
                beforeStatement = null;
                identified = false;
                joined.play(Legs.role(rung, side), settings);
                joined.autoCommit(false);
            };
            joining = joins;
            joined.lane.submitAlways(joins);
            state = State.FOLLOWING;
        } catch (SQLException e) {
            if (rung.strict()) {
                throw Faults.unreachable(rung, e);
            }
            troubled(side, e);
            state = State.ABANDONED;
        }
    }

    private Leg reach(Side side) throws SQLException {
        Leg existing = legs.existing(side);
        if (existing != null && (existing.isOutdated() || existing.isDoubtful() && !isAlive(existing))) {
            giveUp(existing);
            existing = null;
        }
        return existing != null ? existing : openInTime(side);
    }

    private boolean isAlive(Leg idle) throws SQLException {
        boolean[] valid = new boolean[1];
        idle.lane.submitAlways(() -> valid[0] = idle.connection.isValid(1));
        return awaitWithin(idle) && valid[0];
    }

    private Leg openInTime(Side side) throws SQLException {
        long begun = System.nanoTime();
        try {
            long longest = Math.min(budgetLeft, shared.settings.get().mirrorOpen.toNanos());
            Leg opened = LegOpening.within(legs, side, shared.executor, longest);
            legs.put(opened);
            return opened;
        } finally {
            budgetLeft -= System.nanoTime() - begun;
        }
    }

    private boolean awaitWithin(Leg current) {
        long begun = System.nanoTime();
        boolean rested = current.lane.await(budgetLeft);
        budgetLeft -= System.nanoTime() - begun;
        return rested;
    }

    // ------------------------------------------------------------------ working

    /** The mirror writes from now on: it is committed with the transaction, or not at all. */
    void writes() {
        wrote = true;
    }

    boolean wrote() {
        return wrote;
    }

    /** The id of the transaction's mark. */
    String mark() {
        String known = mark;
        if (known == null) {
            known = shared.marks.newId();
            mark = known;
        }
        return known;
    }

    /**
     * Writes the mark's id in the mirror's transaction as soon as the mirror has nothing else to do, so that nobody waits for it
     * (R12). Where that is refused, as in a read-only transaction, {@link #identify} will say so if something was written; where all that
     * was written is gone with it, the mirror has failed. Where the server can be sent the id and the COMMIT at once, they go together,
     * and cost nothing.
     */
    void identifyAhead() {
        Leg current = leg();
        if (current != null && !current.commitsAtOnce()) {
            String id = mark();
            current.lane.submit(() -> {
                try {
                    identify(current, id);
                } catch (SQLException e) {
                    if (current.dialect.aftermath(e) == Aftermath.TRANSACTION_GONE) {
                        throw e;
                    }
                    Faults.LOG.debug("The mark's id is not written yet: {}", Faults.described(e));
                }
            });
        }
    }

    /** Writes the mark's id in the mirror's transaction if it is not there yet: before the first commit in any case. */
    void identify() {
        String id = mark();
        submit(mirror -> identify(mirror, id));
    }

    private void identify(Leg mirror, String id) throws SQLException {
        if (!identified && !mirror.commitsAtOnce()) {
            shared.marks.writeId(mirror, id);
            identified = true;
        }
    }

    /** Has the mirror check what it would check at its commit, when the first commit could not be taken back (R27). */
    void checkDeferred() {
        submit(mirror -> {
            if (shared.catalogue.defersConstraints(mirror)) {
                try (Statement statement = mirror.connection.createStatement()) {
                    statement.execute(mirror.dialect.checkDeferred());
                }
            }
        });
    }

    /** Writes on the mirror while the application goes on (R3). */
    void submit(Work work) {
        wrote = true;
        Leg current = leg();
        if (current != null) {
            current.lane.submit(() -> work.run(current));
        }
    }

    /** How a piece of work on the mirror ended: with an answer, with a failure, or with neither where there is no mirror. */
    static final class Attempt<T> {
        final @Nullable T answer;
        final @Nullable SQLException failure;
        private final boolean rested;
        /** Whether all went well before it, so that the failure is its own. */
        private final boolean begun;

        Attempt(@Nullable T answer, @Nullable SQLException failure, boolean rested, boolean begun) {
            this.answer = answer;
            this.failure = failure;
            this.rested = rested;
            this.begun = begun;
        }

        /** Whether nothing of it is left on the leg, and the leg's transaction goes on. */
        private boolean isUndone(Leg on) {
            SQLException failed = failure;
            if (failed == null || !rested || !begun || on.dialect.keepsRowsOfFailedCapture()) {
                return false;
            }
            Aftermath aftermath = on.dialect.aftermath(failed);
            return aftermath == Aftermath.STATEMENT_UNDONE
                    || aftermath == Aftermath.TRANSACTION_ABORTED && !on.isAborted();
        }
    }

    /** Does the work and waits for it within the budget. Whether a failure matters is for the caller to say. */
    <T> Attempt<T> attempt(OnLeg<T> work) {
        Leg current = leg();
        if (current == null) {
            return new Attempt<>(null, null, true, false);
        }
        AtomicReference<@Nullable T> answer = new AtomicReference<>();
        AtomicBoolean begun = new AtomicBoolean();
        current.lane.submit(() -> {
            begun.set(true);
            answer.set(work.run(current));
        });
        long millis = budgetLeft / 1_000_000;
        if (!awaitWithin(current)) {
            return new Attempt<>(null, Faults.tooLate("Work on " + current.side.word(), millis), false, begun.get());
        }
        return new Attempt<>(answer.get(), current.lane.failure(), true, begun.get());
    }

    /** The failure matters: the mirror has no more part in the transaction, whose rows stay marked. */
    void abandonAfter(Attempt<?> attempt) {
        Leg current = leg();
        SQLException failure = attempt.failure;
        if (current != null && failure != null) {
            abandon(current, failure, attempt.rested);
        }
    }

    /**
     * Waits until the mirror's work is done. What went wrong is given back, and where the mirror may fail it is abandoned.
     */
    @Nullable
    SQLException join(boolean strict) {
        Leg current = leg();
        if (current == null) {
            return null;
        }
        long millis = budgetLeft / 1_000_000;
        boolean rested = awaitWithin(current);
        SQLException trouble =
                rested ? current.lane.failure() : Faults.tooLate("Work on " + current.side.word(), millis);
        if (trouble == null) {
            return null;
        }
        if (!strict) {
            abandon(current, trouble, rested);
        }
        return trouble;
    }

    private void abandon(Leg current, SQLException trouble, boolean rested) {
        troubled(current.side, trouble);
        shared.diverged(
                current.side,
                Mirroring.kindOf(current.dialect, trouble),
                "Mirror on " + current.side.word() + " failed; the transaction's rows stay marked: "
                        + Faults.described(trouble));
        if (rested && current.dialect.aftermath(trouble) != Aftermath.CONNECTION_LOST) {
            rollbackOnLane(current);
        } else {
            giveUp(current);
        }
        state = State.ABANDONED;
    }

    /** Tells the breaker of trouble that says that the side is away, not that it refused some row. */
    private void troubled(Side side, SQLException trouble) {
        Leg current = leg;
        boolean lost = current != null
                && current.side == side
                && current.dialect.aftermath(trouble) == Aftermath.CONNECTION_LOST;
        boolean late = Faults.TOO_LATE.equals(trouble.getSQLState());
        if (late || current != null && current.dialect.isRetryable(trouble)) {
            shared.breaker(side).stalled();
        }
        boolean away = lost || state == State.APART || late;
        Settings settings = shared.settings.get();
        if (away && shared.breaker(side).failed(settings.breakerFailures, settings.breakerPause)) {
            Faults.LOG.warn(
                    "{} failed {} times in a row; mirroring pauses for {} ms and rows are marked: {}",
                    side.word(),
                    settings.breakerFailures,
                    settings.breakerPause.toMillis(),
                    Faults.described(trouble));
        }
    }

    // ------------------------------------------------------------------ savepoints

    /** Sent ahead where new's vendor goes on after a failed statement, so that old can be brought back to where it was. */
    void savepointBeforeStatement() {
        if (!newGoesOnAfterFailures()) {
            return;
        }
        long current = ++statement;
        submit(mirror -> {
            Savepoint former = beforeStatement;
            if (former != null) {
                mirror.connection.releaseSavepoint(former);
            }
            beforeStatement = mirror.connection.setSavepoint();
            identifiedBefore = identified;
            savepointOf = current;
        });
    }

    private boolean newGoesOnAfterFailures() {
        Leg authority = legs.existing(Side.NEW);
        return authority != null && authority.dialect.vendor() != Vendor.POSTGRESQL;
    }

    /**
     * The statement failed where it counts: what it did on the mirror, or failed to do, is undone. What had failed there before
     * it is not forgiven. Without a savepoint the mirror has failed with it, in case the transaction goes on after all, unless nothing
     * is left of it.
     *
     * @param attempt the statement on the mirror
     */
    void backToBeforeStatement(Attempt<?> attempt) {
        Leg current = leg();
        if (current == null) {
            return;
        }
        if (!newGoesOnAfterFailures()) {
            if (attempt.isUndone(current)) {
                current.lane.submitAlways(() -> {});
                awaitWithin(current);
            } else {
                submit(mirror -> {
                    throw new SQLException("The statement failed on the other side alone");
                });
            }
            return;
        }
        long failed = statement;
        current.lane.submitAlways(() -> {
            Savepoint former = beforeStatement;
            if (former == null || savepointOf != failed) {
                throw new SQLException("The mirror had failed before the statement that failed on the other side");
            }
            current.connection.rollback(former);
            identified = identifiedBefore;
        });
        awaitWithin(current);
    }

    void savepoint(DualSavepoint savepoint) {
        if (state == State.FOLLOWING) {
            savepoint.mirrorJoined = true;
            submit(mirror -> {
                savepoint.mirrored = mirror.connection.setSavepoint();
                savepoint.identified = identified;
                // Releasing an earlier savepoint would take this one with it.
                beforeStatement = null;
            });
        }
    }

    void release(DualSavepoint savepoint) {
        if (savepoint.mirrorJoined) {
            submit(mirror -> {
                Savepoint own = savepoint.mirrored;
                if (own != null) {
                    mirror.connection.releaseSavepoint(own);
                    beforeStatement = null;
                }
            });
        }
    }

    void rollback(DualSavepoint savepoint) {
        Leg current = leg();
        if (current == null) {
            return;
        }
        Lane.Task joins = joining;
        current.lane.submitAlways(() -> {
            beforeStatement = null;
            Savepoint own = savepoint.mirrored;
            if (own != null) {
                current.connection.rollback(own);
                identified = savepoint.identified;
            } else if (savepoint.mirrorJoined) {
                throw new SQLException("The mirror had failed before the savepoint");
            } else {
                if (!current.autoCommit()) {
                    current.connection.rollback();
                }
                identified = false;
                if (joins != null) {
                    // What is forgiven may be that it did not join: it must not write in autocommit (R4).
                    joins.run();
                }
            }
        });
    }

    // ------------------------------------------------------------------ the end

    /** Ends what the mirror only read or locked. */
    void commitReads() {
        Leg current = leg();
        if (current != null) {
            settles();
            current.lane.submitAlways(() -> {
                try {
                    if (identified) {
                        current.connection.rollback();
                    } else {
                        current.connection.commit();
                    }
                } finally {
                    settled();
                }
            });
        }
        apart();
    }

    private void apart() {
        state = State.APART;
        wrote = false;
        away = false;
        mark = null;
    }

    /**
     * The second commit. Where both must succeed it is waited for; elsewhere it goes on by itself.
     *
     * @throws SQLException SQLSTATE 08007 where it must succeed and did not, or is unknown (R11)
     */
    void commit(Rung rung, boolean keepMark) throws SQLException {
        Leg current = leg();
        String id = mark();
        apart();
        if (current == null) {
            return;
        }
        if (rung.strict()) {
            commitStrictly(current, rung, id);
            return;
        }
        settles();
        current.lane.submitAlways(() -> {
            try {
                commit(current, id);
                shared.breaker(current.side).succeeded();
                shared.folding.mirrorIsBack();
                if (!keepMark) {
                    shared.marks.clearLater(id);
                }
            } catch (SQLException e) {
                shared.diverged(
                        current.side,
                        "commit " + Mirroring.kindOf(current.dialect, e),
                        "Commit on " + current.side.word() + " failed; its rows stay marked as " + id + ": "
                                + Faults.described(e));
                quietRollback(current);
            } finally {
                settled();
            }
        });
    }

    private void commit(Leg current, String id) throws SQLException {
        if (current.commitsAtOnce()) {
            shared.marks.writeIdAndCommit(current, id);
        } else {
            current.connection.commit();
        }
    }

    private void commitStrictly(Leg current, Rung rung, String id) throws SQLException {
        Settings settings = shared.settings.get();
        current.lane.submitAlways(() -> commit(current, id));
        boolean rested = current.lane.await(
                settings.mirrorBudget.plus(settings.mirrorStatement).toNanos());
        SQLException trouble = rested ? current.lane.failure() : null;
        if (!rested || trouble != null) {
            giveUp(current);
            throw Faults.unknown(rung, id, trouble);
        }
        shared.breaker(current.side).succeeded();
        shared.folding.mirrorIsBack();
        shared.marks.clearLater(id);
    }

    /** Rolls the mirror's part back, and takes part again from the next write on. */
    void rollback() {
        Leg current = leg();
        if (current != null) {
            rollbackOnLane(current);
        }
        apart();
    }

    private void rollbackOnLane(Leg current) {
        current.lane.dropWaiting();
        settles();
        current.lane.submitAlways(() -> {
            try {
                quietRollback(current);
            } finally {
                settled();
            }
        });
    }

    private void quietRollback(Leg current) {
        Connection connection = current.connection;
        try {
            connection.rollback();
        } catch (SQLException e) {
            Faults.LOG.debug("Rolling back on {} failed: {}", current.side.word(), Faults.described(e));
            legs.discard(current);
            current.abort(shared.executor);
        }
    }
}
