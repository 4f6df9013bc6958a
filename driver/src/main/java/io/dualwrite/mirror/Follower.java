package io.dualwrite.mirror;

import io.dualwrite.config.Settings;
import io.dualwrite.dialect.Aftermath;
import io.dualwrite.ladder.Rung;
import io.dualwrite.ladder.Side;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The mirror's part in a connection's transactions: joins one at its first write, works on its own lane (R3), is waited for
 * within the budget (R5, promise 2), is abandoned where it fails and may fail (R13), and commits second (R6, R11).
 *
 * <p>Used by the transaction's thread alone; what {@link MirrorTransaction} does runs on the lane.
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

    /** A statement that may go to the server in one message with the COMMIT before it. */
    interface First<T> {
        /** @param ahead the COMMIT to run first, in one way or the other; null for none */
        T run(Leg leg, @Nullable SecondCommit ahead) throws SQLException;
    }

    private final Mirroring shared;
    final MirrorLeg mirror;
    final MirrorSavepoints savepoints;
    private final MirrorTransaction transaction;
    private final Settling settling;
    private State state = State.APART;
    /** Has the leg join the transaction. */
    private Lane.@Nullable Task joining;
    /** The former transaction's COMMIT, as long as it may wait to be sent still; null where there is none. */
    private @Nullable SecondCommit ahead;
    /** The id of the transaction's mark, from the first time that it is asked for. */
    private @Nullable String mark;
    /** Whether the mirror was not even tried in the transaction. */
    private boolean away;
    /**
     * Whether the transaction may wait for the mirror for less than its budget, so that it takes no COMMIT along which would be
     * given up with it.
     */
    private boolean hurried;
    /** Whether the mirror has written in the transaction. */
    private boolean wrote;

    Follower(Mirroring shared, Legs legs, MirrorLeg mirror, Settling settling) {
        this.shared = shared;
        this.mirror = mirror;
        this.transaction = new MirrorTransaction(shared, legs);
        this.savepoints = new MirrorSavepoints(this, transaction, legs);
        this.settling = settling;
    }

    /** Whether the mirror has no part in the transaction and nothing of it is under way. */
    boolean isIdle() {
        return state == State.APART && !wrote && settling.isIdle();
    }

    // ------------------------------------------------------------------ joining

    /** Whether the mirror is not tried in the transaction, for it has failed too often (promise 2). */
    boolean isAway() {
        return away;
    }

    boolean isFollowing() {
        return state == State.FOLLOWING;
    }

    /** What had the leg join the transaction, or null before it first did. */
    Lane.@Nullable Task joining() {
        return joining;
    }

    /** The leg in use, or null; to be worked on by the caller's thread after {@link #join}. */
    @Nullable
    Leg leg() {
        return state == State.FOLLOWING ? mirror.leg() : null;
    }

    /** The failure of the mirror so far, or null; does not wait. */
    @Nullable
    SQLException failure() {
        Leg current = leg();
        return current == null ? null : current.lane.failure();
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
        long patience = rung.strict() ? budget : shared.breaker(side).patience(budget);
        mirror.budget(patience);
        hurried = patience < budget;
        if (patience == 0) {
            state = State.ABANDONED;
            away = true;
            return;
        }
        Settings settings = shared.settings.get();
        try {
            Leg joined = mirror.reach(side);
            joined.touch();
            LegRole role = LegRole.of(rung, side);
            Lane.Task joins = () -> transaction.begin(joined, role, settings);
            joining = joins;
            if (joined.limits.plays(role)) {
                joined.lane.queueAlways(joins);
            } else {
                joined.lane.submitAlways(joins);
            }
            state = State.FOLLOWING;
        } catch (SQLException e) {
            if (rung.strict()) {
                throw Faults.unreachable(rung, e);
            }
            troubled(side, e);
            shared.diverged(
                    side,
                    "not reached, " + Mirroring.stateOf(e),
                    Faults.capital(side) + " was not reached; the transaction's rows stay marked: "
                            + Faults.described(e));
            state = State.ABANDONED;
        }
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
                    transaction.identify(current, id);
                } catch (SQLException e) {
                    if (current.aftermath(e) == Aftermath.TRANSACTION_GONE) {
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
        queue(leg -> transaction.identify(leg, id));
    }

    /** Has the mirror check what it would check at its commit, when the first commit could not be taken back (R27). */
    void checkDeferred() {
        queue(transaction::checkDeferred);
    }

    /** For work that is waited for next. */
    private void queue(Work work) {
        wrote = true;
        Leg current = leg();
        if (current != null) {
            current.lane.queueAwaited(() -> work.run(current));
        }
    }

    /** Writes on the mirror while the application goes on (R3). */
    void submit(Work work) {
        wrote = true;
        Leg current = leg();
        if (current != null) {
            current.lane.submit(() -> work.run(current));
        }
    }

    /** Writes rows on the mirror while the application goes on, with those of the writes behind it if they wait (R3). */
    void submit(MirrorImages.Write write) {
        wrote = true;
        Leg current = leg();
        if (current != null) {
            MirrorImages images = new MirrorImages(current, shared.catalogue, write);
            if (current.commitsAtOnce()) {
                current.lane.queue(images);
            } else {
                current.lane.submit(images);
            }
        }
    }

    /** Has the mirror's rows looked at, or made the same, before it is asked or waited for again. */
    void submitHealing(Work work) {
        wrote = true;
        Leg current = leg();
        if (current != null) {
            current.lane.queue(() -> work.run(current));
        }
    }

    /** As {@link #attempt}, with the COMMIT of the transaction before where that waits for it and nothing came in between. */
    <T> Attempt<T> attemptFirst(Rung rung, First<T> work) {
        SecondCommit second = ahead;
        ahead = null;
        Leg current = leg();
        if (second == null
                || current == null
                || hurried
                || !current.lane.withdraw(
                        second, joining, () -> current.limits.stays(LegRole.of(rung, current.side)))) {
            return attempt(leg -> work.run(leg, null));
        }
        Attempt<T> attempt = attempt(leg -> work.run(leg, second));
        if (!second.isOver()) {
            second.lost();
            abandon(current, Faults.tooLate("Work on " + current.side.word(), mirror.millisLeft()), false);
        }
        return attempt;
    }

    /** Does the work and waits for it within the budget. Whether a failure matters is for the caller to say. */
    <T> Attempt<T> attempt(OnLeg<T> work) {
        Leg current = leg();
        if (current == null) {
            return new Attempt<>(null, null, true, false);
        }
        AtomicReference<@Nullable T> answer = new AtomicReference<>();
        AtomicBoolean begun = new AtomicBoolean();
        current.lane.queueAwaited(() -> {
            begun.set(true);
            answer.set(work.run(current));
        });
        long millis = mirror.millisLeft();
        if (!mirror.await(current)) {
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
        long millis = mirror.millisLeft();
        boolean rested = mirror.await(current);
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
            mirror.giveUp(current);
        }
        state = State.ABANDONED;
    }

    /** Tells the breaker of trouble that says that the side is away, not that it refused some row. */
    private void troubled(Side side, SQLException trouble) {
        Leg current = mirror.leg();
        boolean lost = current != null
                && current.side == side
                && current.dialect.aftermath(trouble) == Aftermath.CONNECTION_LOST;
        boolean late = Faults.isTooLate(trouble);
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

    // ------------------------------------------------------------------ the end

    /** The transaction is over. What the mirror wrote in one that was not committed is rolled back, whatever way it ended. */
    void ended() {
        if (wrote) {
            rollback();
        } else {
            commitReads();
        }
    }

    /** Ends what the mirror only read or locked. */
    void commitReads() {
        Leg current = leg();
        if (current != null) {
            settling.settles();
            current.lane.submitAlways(() -> {
                try {
                    transaction.commitReads(current);
                } finally {
                    settling.settled();
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
        settling.settles();
        SecondCommit second = new SecondCommit(transaction, settling, current, id, keepMark);
        if (!rung.newWins() || !current.commitsAtOnce()) {
            current.lane.submitAlways(second);
            return;
        }
        // The next transaction begins on this side (R1), and would wait for what is under way there.
        current.lane.queueAlways(second);
        ahead = second;
        if (!shared.soonAtLatest.begin(current.lane, second)) {
            mirror.settle();
        }
    }

    private void commitStrictly(Leg current, Rung rung, String id) throws SQLException {
        Settings settings = shared.settings.get();
        current.lane.queueAlways(() -> transaction.commit(current, id));
        boolean rested = mirror.await(
                current, settings.mirrorBudget.plus(settings.mirrorStatement).toNanos());
        SQLException trouble = rested ? current.lane.failure() : null;
        if (!rested || trouble != null) {
            mirror.giveUp(current);
            throw Faults.unknown(rung, id, trouble);
        }
        shared.breaker(current.side).succeeded();
        shared.folding.mirrorIsBack();
        shared.marks.clearLater(id);
    }

    /** Rolls the mirror's part back, and takes part again from the next write on. */
    void rollback() {
        Leg current = leg();
        try {
            if (current != null) {
                rollbackOnLane(current);
            }
        } finally {
            apart();
        }
    }

    private void rollbackOnLane(Leg current) {
        current.lane.dropWaiting();
        settling.settles();
        current.lane.submitAlways(() -> {
            try {
                transaction.rollback(current);
            } finally {
                settling.settled();
            }
        });
    }
}
