package io.dualwrite.mirror;

import io.dualwrite.dialect.Dialect;
import io.dualwrite.dialect.TableShape;
import io.dualwrite.ladder.Rung;
import io.dualwrite.ladder.Side;
import io.dualwrite.sql.PartialLock;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * Runs on old, then on new, what both sides must have and is no write of Data A: locking reads, locks of sessions, temporary
 * tables (R1, R9). Used by the transaction's thread alone.
 */
public final class OldThenNew {
    private final Mirroring shared;
    private final DualTransaction transaction;
    private final Legs legs;
    private final MirrorLeg mirror;
    private final Follower follower;
    private final FailedSides failedSides;

    OldThenNew(Mirroring shared, DualTransaction transaction, Follower follower, FailedSides failedSides) {
        this.legs = transaction.legs;
        this.shared = shared;
        this.transaction = transaction;
        this.mirror = follower.mirror;
        this.follower = follower;
        this.failedSides = failedSides;
    }

    /** Runs what a locking statement does on old, before it runs on new (R1, R9). */
    public void onOldFirst(OnLeg<?> statement) throws SQLException {
        Rung now = transaction.rung();
        transaction.follow(now);
        if (now.authority() == Side.OLD) {
            statement.run(legs.prepared(now, Side.OLD, false));
        } else {
            tryOnMirror(now, statement);
        }
    }

    /**
     * Locks on old what a query finds there, then exactly those rows on new, which answers (R9).
     *
     * @return null where old cannot say which rows, so that new alone is asked
     * @throws SQLException the failure on old, where another session holds the rows and the query does not wait
     */
    public @Nullable WriteOutcome lockExactly(WriteRequest request, PartialLock lock) throws SQLException {
        Rung now = transaction.rung();
        transaction.follow(now);
        Attempt<ExactLock.Locked> attempt = follower.attempt(leg -> {
            TableShape table = shared.catalogue.shape(leg, lock.table());
            return ExactLock.some(leg, table, lock, request);
        });
        ExactLock.Locked locked = attempt.answer;
        if (locked == null || locked.table.key.isEmpty() || locked.keys.size() > ExactLock.MOST) {
            SQLException failure = attempt.failure;
            Dialect dialect = mirror.dialect();
            boolean isHeld = attempt.begun
                    && lock.nowait()
                    && failure != null
                    && dialect != null
                    && dialect.isRetryable(failure);
            SQLException held = isHeld ? failure : null;
            if (held != null && now.strict()) {
                failedSides.failedStrictly(held);
                throw held;
            }
            failedSides.abandonAfter(now, attempt);
            if (held != null) {
                throw held;
            }
            return null;
        }
        Leg authority = legs.prepared(now, now.authority(), !transaction.manual());
        return transaction.answering(
                authority, on -> ExactLock.those(on, shared.catalogue.shape(on, lock.table()), locked, lock, request));
    }

    /**
     * Whether reads are shown to old before new answers them (R27): where instances read old and new side by side, old alone sees
     * them all, and can keep SERIALIZABLE transactions from writing past each other.
     */
    public boolean readsBoth() throws SQLException {
        return transaction.rung() == Rung.STRICT_READ_NEW
                && transaction.manual()
                && legs.prepared(transaction.rung(), Side.OLD, false).limits.isSerializable();
    }

    /** Whether a named lock on old is one on new as well, for both databases lie on one server. */
    public boolean sharesLocks() throws SQLException {
        Leg one = transaction.on(Side.OLD);
        Leg other = transaction.on(Side.NEW);
        return one.side != other.side && shared.namespaces.shareLocks(one, other);
    }

    /**
     * Runs on old, then on new, which answers; a short transaction of its own where autocommit is on, so that none stays open
     * on old. A leg of another vendor than new's is left out where that is not asked for.
     */
    public <T> T onBoth(OnLeg<?> onOld, boolean anyVendor, OnLeg<T> onNew) throws SQLException {
        return transaction.inTransaction(() -> {
            onOldToo(onOld, anyVendor);
            return onNew.run(transaction.on(Side.NEW));
        });
    }

    /** Runs on old, within a transaction, what new runs next; where old's vendor is another only where every vendor understands it. */
    public void onOldToo(OnLeg<?> onOld, boolean anyVendor) throws SQLException {
        Rung now = transaction.rung();
        transaction.follow(now);
        Leg old = now.authority() == Side.OLD ? legs.open(Side.OLD) : follower.leg();
        if (anyVendor
                || old != null
                        && old.dialect.vendor() == legs.open(Side.NEW).dialect.vendor()) {
            onOldFirst(onOld);
        }
    }

    /** Where the mirror must succeed and does not, the transaction has failed; elsewhere the mirror is abandoned. */
    private void tryOnMirror(Rung now, OnLeg<?> statement) throws SQLException {
        Attempt<?> attempt = follower.attempt(statement);
        SQLException refused = attempt.begun && now.strict() ? attempt.failure : null;
        if (refused != null) {
            // Nothing has run on new: what old says is what the application's statement has come to.
            failedSides.failedStrictly(refused);
            throw refused;
        }
        failedSides.abandonAfter(now, attempt);
    }
}
