package io.dualwrite.mirror;

import io.dualwrite.dialect.RowKey;
import io.dualwrite.dialect.TableShape;
import io.dualwrite.ladder.Rung;
import io.dualwrite.ladder.Side;
import io.dualwrite.sql.Classification;
import io.dualwrite.sql.Classification.Trait;
import io.dualwrite.sql.Verb;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.Collections;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A write where new's rows are the truth: old runs it first, for its locks (R1), then new, and old is healed to what new has. Used by the
 * transaction's thread alone.
 */
final class NewWins {
    private final Mirroring shared;
    private final DualTransaction transaction;
    private final Follower follower;
    private final Touched touched;
    private final AnsweringWrite answering;

    NewWins(
            Mirroring shared,
            DualTransaction transaction,
            Follower follower,
            Touched touched,
            AnsweringWrite answering) {
        this.shared = shared;
        this.transaction = transaction;
        this.follower = follower;
        this.touched = touched;
        this.answering = answering;
    }

    WriteOutcome run(WriteTarget target, WriteRequest request, Rung now) throws SQLException {
        if (newInsertsAlone(request, target.table) && !now.strict()) {
            return newAlone(target, request);
        }
        boolean goesOn = transaction.goesOn();
        if (goesOn) {
            follower.savepoints.beforeStatement();
        }
        follower.writes();
        // False where an earlier task of the lane has failed, and where all was written and rows are missing.
        AtomicBoolean failedByItself = new AtomicBoolean();
        Attempt<Captured> attempt = follower.attemptFirst(now, (leg, ahead) -> {
            failedByItself.set(true);
            Captured captured = onOld(leg, ahead, target, request, goesOn);
            failedByItself.set(false);
            return answering.complete(captured);
        });
        follower.identifyAhead();
        Captured onNew = onNew(target, request, attempt, failedByItself.get() ? attempt : null);
        answering.failWithMirror(now, attempt);
        answering.requireComplete(target, request, onNew);
        Set<RowKey> keys = new HashSet<>(onNew.keys());
        Captured onOld = attempt.answer;
        if (onOld != null) {
            keys.addAll(onOld.keys());
            if (onNew.gap == Captured.Gap.UNREAD) {
                Capture.discard(onOld.outcome);
            } else {
                heal(onOld, onNew, request.classification.verb());
            }
        }
        noteKeys(target, request, onNew, onNew == onOld ? transaction.legs.open(Side.OLD) : target.leg);
        shared.markScope.touch(touched, target.marked, target.table, request, keys);
        answering.requireFollowed(target, request, onNew);
        return onNew.outcome;
    }

    private void noteKeys(WriteTarget target, WriteRequest request, Captured captured, Leg ran) {
        transaction.generatedKeys().after(request.classification, target.table, ran, !captured.images.isEmpty());
    }

    /** The write on old, on its lane. */
    private Captured onOld(
            Leg old, @Nullable SecondCommit ahead, WriteTarget target, WriteRequest request, boolean goesOn)
            throws SQLException {
        Captured captured = ahead == null ? null : behind(old, ahead, request, target.abroad);
        if (captured != null) {
            return captured;
        }
        TableShape counterpart = shared.catalogue.counterpart(old, request.table(), target.abroad);
        return AnsweringWrite.undoneWhereItFails(
                old, goesOn && old.dialect.keepsRowsOfFailedCapture(), () -> Capture.run(old, counterpart, request));
    }

    /** The write on new, which answers. Where it fails, or was cancelled on old already, so has the one on old. */
    private Captured onNew(
            WriteTarget target, WriteRequest request, Attempt<Captured> attempt, @Nullable Attempt<Captured> failed)
            throws SQLException {
        Captured onOld = attempt.answer;
        try {
            SQLException cancelled = request.isCancelled() ? attempt.failure : null;
            if (cancelled != null) {
                throw cancelled;
            }
            if (onOld == null && oldMadeTheKeys(request)) {
                transaction.formerKeys(true).requireNotOlds(request, target.table, attempt.failure);
            }
            if (onOld == null || !keysAreOlds(request, target.table)) {
                return answering.capture(target, request);
            }
            return oldMadeTheKeys(request) ? insertAsOldDid(target, onOld) : insertAsBothWould(target, request, onOld);
        } catch (SQLException | RuntimeException | Error e) {
            follower.savepoints.backToBeforeStatement(failed);
            throw e;
        }
    }

    private void heal(Captured onOld, Captured onNew, Verb verb) throws SQLException {
        follower.submitHealing(leg -> Images.heal(leg, onOld, onNew, verb));
        if (onNew != onOld && onOld.outcome != onNew.outcome) {
            Capture.discard(onOld.outcome);
        }
    }

    /** Commits what is ahead, with the write in the same message where that can be; null where the write is still to be run. */
    private @Nullable Captured behind(Leg leg, SecondCommit ahead, WriteRequest request, @Nullable String abroad)
            throws SQLException {
        TableShape known = shared.catalogue.knownCounterpart(leg, request.table(), abroad);
        WriteBehind write = known == null ? null : WriteBehind.of(leg, known, request);
        if (write == null) {
            ahead.run();
            return null;
        }
        return ahead.before(write);
    }

    /** R24: old generates keys on dual rungs; a row of values alone holds nothing that old could have stale. */
    private static boolean oldMadeTheKeys(WriteRequest request) {
        Classification statement = request.classification;
        return statement.verb() == Verb.INSERT
                && statement.is(Trait.VALUES)
                && !statement.is(Trait.SUBQUERY)
                && statement.reads().isEmpty()
                && statement.functions().isEmpty()
                && !statement.is(Trait.ON_CONFLICT);
    }

    /** What old would select may be stale and its keys would be others: new inserts, and old gets new's rows. */
    private static boolean newInsertsAlone(WriteRequest request, TableShape table) {
        return request.classification.verb() == Verb.INSERT && !oldMadeTheKeys(request) && table.generatedKey() != null;
    }

    /** R24: old generates keys on dual rungs; in 5, where it may be behind or dead, only those of rows that do not come from its own. */
    private static boolean keysAreOlds(WriteRequest request, TableShape table) {
        return oldMadeTheKeys(request) || newInsertsAlone(request, table);
    }

    /** The side that computes what is written, or null where both do. */
    static @Nullable Side computedOn(WriteRequest request, TableShape table, Rung now) {
        if (oldMadeTheKeys(request)) {
            return Side.OLD;
        }
        return newInsertsAlone(request, table) && !now.strict() ? Side.NEW : null;
    }

    private WriteOutcome newAlone(WriteTarget target, WriteRequest request) throws SQLException {
        Captured onNew = answering.capture(target, request);
        noteKeys(target, request, onNew, target.leg);
        shared.markScope.touch(touched, target.marked, target.table, request, onNew.keys());
        answering.requireComplete(target, request, onNew);
        follower.submit(leg -> {
            TableShape counterpart = shared.catalogue.counterpart(leg, request.table(), target.abroad);
            Images.insertSparing(leg, leg.writer(onNew.table, counterpart), counterpart, onNew.images);
        });
        return onNew.outcome;
    }

    /**
     * Both must have the rows, with old's keys, and old may be a moment behind: its rows count only where new would select the same.
     *
     * @throws SQLException SQLSTATE 40001 where it would not; both are rolled back
     */
    private Captured insertAsBothWould(WriteTarget target, WriteRequest request, Captured onOld) throws SQLException {
        Leg authority = target.leg;
        Savepoint before = authority.connection.setSavepoint();
        Captured would = answering.capture(target, request);
        Capture.discard(would.outcome);
        authority.connection.rollback(before);
        if (!Images.sameRows(onOld, would, request.classification.assigned())) {
            transaction
                    .unmirrored()
                    .unseenRows(
                            Collections.singletonList(target.marked),
                            "INSERT of " + request.table() + " found other rows on old than on new");
        }
        if (!request.classification.is(Trait.ON_CONFLICT)) {
            return insertAsOldDid(target, onOld);
        }
        return answering.asOneStatement(authority, onOld.images.size() > 1, () -> {
            Images.upsert(authority, target.table, onOld);
            return onOld;
        });
    }

    private Captured insertAsOldDid(WriteTarget target, Captured onOld) throws SQLException {
        return answering.asOneStatement(target.leg, onOld.images.size() > 1, () -> {
            Images.insertNew(target.leg, target.table, onOld);
            return onOld;
        });
    }
}
