package io.dualwrite.mirror;

import io.dualwrite.ladder.Rung;
import io.dualwrite.ladder.Side;
import io.dualwrite.sql.Verb;
import java.sql.SQLException;
import java.util.Collections;
import org.jspecify.annotations.Nullable;

/** A write where old's rows are the truth: old runs it, and its images go to new (R25). Used by the transaction's thread alone. */
final class OldWins {
    private final Mirroring shared;
    private final DualTransaction transaction;
    private final Follower follower;
    private final Touched touched;
    private final AnsweringWrite answering;

    OldWins(
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

    /** The side that computes what is written, or null where new is asked too. */
    static @Nullable Side computedOn(WriteRequest request, Rung now) {
        return now == Rung.STRICT_READ_NEW && isAskedOfNew(request.classification.verb()) ? null : Side.OLD;
    }

    private static boolean isAskedOfNew(Verb verb) {
        return verb == Verb.UPDATE || verb == Verb.DELETE;
    }

    WriteOutcome run(WriteTarget target, WriteRequest request, Rung now) throws SQLException {
        follower.identifyAhead();
        Captured captured = answering.capture(target, request);
        transaction.generatedKeys().after(request.classification, target.table, target.leg, !captured.images.isEmpty());
        shared.markScope.touch(touched, target.marked, target.table, request, captured.keys());
        answering.requireComplete(target, request, captured);
        answering.requireFollowed(target, request, captured);
        Verb verb = request.classification.verb();
        if (!captured.images.isEmpty() || !captured.formerKeys.isEmpty()) {
            follower.submit(new MirrorImages.Write(captured, verb, request.table(), target.abroad));
        } else if (now == Rung.STRICT_READ_NEW && isAskedOfNew(verb)) {
            requireNothingOnNew(target, request, now);
        }
        return captured.outcome;
    }

    /**
     * A row that a neighbour on STRICT_NEW_FIRST has committed on new and not yet on old is read here, but old does not find it (R7).
     * Waited for: the statement's values are the application's, who may change them as soon as its call returns.
     *
     * @throws SQLException SQLSTATE 40001 if new has such a row; both are rolled back
     */
    private void requireNothingOnNew(WriteTarget target, WriteRequest request, Rung now) throws SQLException {
        follower.writes();
        Attempt<Boolean> hits = follower.attempt(leg -> {
            Captured onNew =
                    Capture.run(leg, shared.catalogue.counterpart(leg, request.table(), target.abroad), request);
            Capture.discard(onNew.outcome);
            return onNew.gap != null || !onNew.keys().isEmpty();
        });
        answering.failWithMirror(now, hits);
        if (Boolean.TRUE.equals(hits.answer)) {
            transaction
                    .unmirrored()
                    .unseenRows(
                            Collections.singletonList(target.marked),
                            request.classification.verb()
                                    + " hit nothing on old, and on new a row that is not on old yet");
        }
    }
}
