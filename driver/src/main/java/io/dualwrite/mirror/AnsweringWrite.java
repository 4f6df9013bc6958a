package io.dualwrite.mirror;

import io.dualwrite.dialect.Aftermath;
import io.dualwrite.dialect.TableShape;
import io.dualwrite.ladder.Rung;
import io.dualwrite.ladder.Side;
import io.dualwrite.sql.TableName;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A write on the leg that answers, and what it comes to where its rows cannot be mirrored. Used by the transaction's thread alone. */
final class AnsweringWrite {
    private static final String BEFORE_STATEMENT = "dualwrite_statement";

    private final Mirroring shared;
    private final DualTransaction transaction;
    private final Follower follower;
    private final FailedSides failedSides;

    AnsweringWrite(Mirroring shared, DualTransaction transaction, Follower follower, FailedSides failedSides) {
        this.shared = shared;
        this.transaction = transaction;
        this.follower = follower;
        this.failedSides = failedSides;
    }

    /** Which row of several got which key is not told, so that what refers to them could not follow on the mirror. */
    void requireFollowed(WriteTarget target, WriteRequest request, Captured captured) throws SQLException {
        if (captured.formerKeys.size() > 1) {
            List<TableName> dependants = shared.markScope.dependants(target.table, request, target.marked);
            if (!dependants.isEmpty()) {
                dependants.add(0, target.marked);
                transaction
                        .unmirrored()
                        .cannotFollow(
                                dependants,
                                "UPDATE of " + target.table + " changed the keys of several rows that " + dependants
                                        + " refer to by a foreign key that cascades");
            }
        }
    }

    /** Runs the write where it counts, and learns its rows. */
    Captured capture(WriteTarget target, WriteRequest request) throws SQLException {
        Leg leg = target.leg;
        try {
            return asOneStatement(
                    leg, leg.dialect.keepsRowsOfFailedCapture(), () -> Capture.run(leg, target.table, request));
        } catch (SQLException e) {
            if (transaction.goesOn() && leg.dialect.isReadingTooMuch(e) && !leg.isAborted()) {
                // The server has written the rows, and its driver could not take them in.
                unread(target, request, e);
            }
            throw e;
        }
    }

    private void unread(WriteTarget target, WriteRequest request, SQLException failure) throws SQLException {
        try {
            transaction
                    .unmirrored()
                    .unseenRows(
                            shared.markScope.whole(target, request),
                            request.classification.verb() + Captured.Gap.UNREAD.words);
        } catch (SQLException rolledBack) {
            rolledBack.addSuppressed(failure);
            throw rolledBack;
        }
    }

    /** What writes. */
    interface Writing {
        Captured run() throws SQLException;
    }

    /** Writes where it counts. What was written before a failure is undone, as a statement's failure undoes it. */
    Captured asOneStatement(Leg leg, boolean keepsRows, Writing writing) throws SQLException {
        return transaction.answering(leg, on -> undoneWhereItFails(on, keepsRows && transaction.goesOn(), writing));
    }

    /** Runs what writes; where it fails and the vendor keeps rows of it, they are undone. */
    static Captured undoneWhereItFails(Leg leg, boolean keepsRows, Writing writing) throws SQLException {
        Savepoint before = keepsRows ? leg.connection.setSavepoint(BEFORE_STATEMENT) : null;
        try {
            return writing.run();
        } catch (SQLException e) {
            if (before != null && leg.aftermath(e) == Aftermath.STATEMENT_UNDONE) {
                leg.connection.rollback(before);
            }
            throw e;
        }
    }

    /**
     * Rows that nobody here has seen are marked with their table and what may change behind it, or the transaction is rolled back where
     * both must agree.
     */
    void requireComplete(WriteTarget target, WriteRequest request, Captured captured) throws SQLException {
        Captured.Gap gap = gapOf(captured);
        if (gap == null) {
            return;
        }
        String reason = request.classification.verb() + gap.words;
        List<TableName> written = shared.markScope.whole(target, request);
        if (gap == Captured.Gap.UNSEEN || gap == Captured.Gap.UNREAD) {
            transaction.unmirrored().unseenRows(written, reason);
        } else {
            transaction.unmirrored().cannotFollow(written, reason);
        }
    }

    /** As {@link #requireComplete}, of a write on the mirror, which has failed with rows that nobody here has seen. */
    Captured complete(Captured captured) throws SQLException {
        Captured.Gap gap = gapOf(captured);
        if (gap != null) {
            throw new SQLException("The statement" + gap.words);
        }
        return captured;
    }

    /** Rows that were left out with nothing in their place are missing on no side. */
    private Captured.@Nullable Gap gapOf(Captured captured) {
        return captured.gap == Captured.Gap.LEFT_OUT && shared.beyond.leavesOutAlone(captured.table)
                ? null
                : captured.gap;
    }

    /** Where the look at the catalogue fails, so may the transaction have (R14): earlier writes of it are gone with a deadlock's victim. */
    @Nullable
    TableShape shape(Leg leg, WriteRequest request) throws SQLException {
        try {
            leg.abroad();
            return shared.catalogue.find(leg, request.table(), request.classification.assigned());
        } catch (SQLException e) {
            transaction.failed(leg, e);
            throw e;
        }
    }

    /**
     * No table: the vendor says so in its own words. If it is something else that can be written, such as a view, nobody knows of which
     * tables the rows are: all are marked.
     *
     * @throws SQLException SQLSTATE 0A000 where both sides must agree; nothing was written
     */
    WriteOutcome unknownTable(Leg leg, WriteRequest request) throws SQLException {
        Rung now = transaction.rung();
        if (now.strict() && transaction.answering(leg, asked -> Relations.any(asked.connection, request.table()))) {
            throw Faults.refused(request.table()
                    + " is no table whose rows are known, but a view, say; a write of it is refused while the"
                    + " fleet crosses (" + now + ")");
        }
        WriteOutcome outcome = unwatched(leg, request);
        transaction
                .unmirrored()
                .cannotFollow(
                        Collections.<TableName>emptyList(), request.table() + " is no table whose rows are known");
        return outcome;
    }

    /**
     * A temporary table that all sessions share, which is no Data A: where new is read, new answers from it, and old has the rows
     * too, for writes that run there may read them.
     */
    WriteOutcome temporary(Leg leg, WriteRequest request, Rung now) throws SQLException {
        WriteOutcome outcome = unwatched(leg, request);
        if (now.reads() == Side.NEW) {
            follower.writes();
            // Waited for: the statement's values are the application's, who may change them as soon as its call
            // returns.
            failWithMirror(now, follower.attempt(mirror -> {
                Capture.discard(Executing.unwatched(mirror, request));
                return true;
            }));
        }
        return outcome;
    }

    /** The rows cannot be told: the table is marked whole, and the write refused while crossing. */
    WriteOutcome unmirrored(WriteTarget target, WriteRequest request, String obstacle) throws SQLException {
        if (transaction.rung().strict()) {
            throw Faults.refused(obstacle + "; refused while the fleet crosses (" + transaction.rung() + ")");
        }
        List<TableName> whole = shared.markScope.whole(target, request);
        if (!target.table.transactional) {
            transaction.unmirrored().outlivesRollback(target.leg, whole, obstacle);
        }
        WriteOutcome outcome = unwatched(target.leg, request);
        transaction
                .generatedKeys()
                .after(request.classification, target.table, target.leg, outcome.count > 0 || outcome.rows != null);
        transaction.unmirrored().mark(whole, obstacle);
        return outcome;
    }

    private WriteOutcome unwatched(Leg leg, WriteRequest request) throws SQLException {
        return transaction.answering(leg, on -> Executing.unwatched(on, request));
    }

    /**
     * What a failure on the mirror alone comes to.
     *
     * @throws SQLException where both must succeed: SQLSTATE 25000 in a transaction of the application's, 40001 or 40000 where the
     *     statement is its own and is rolled back
     */
    void failWithMirror(Rung now, Attempt<?> attempt) throws SQLException {
        if (attempt.failure != null && now.strict() && !transaction.manual()) {
            Leg mirror = follower.leg();
            throw Faults.rolledBack(
                    now,
                    Faults.capital(now.mirror()) + " refused the statement",
                    attempt.failure,
                    mirror == null ? null : mirror.dialect);
        }
        failedSides.abandonAfter(now, attempt);
    }
}
