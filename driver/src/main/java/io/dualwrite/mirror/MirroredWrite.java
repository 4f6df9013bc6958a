package io.dualwrite.mirror;

import io.dualwrite.config.Setting;
import io.dualwrite.dialect.Aftermath;
import io.dualwrite.dialect.Column;
import io.dualwrite.dialect.RowKey;
import io.dualwrite.dialect.TableShape;
import io.dualwrite.ladder.Rung;
import io.dualwrite.ladder.Side;
import io.dualwrite.sql.Classification;
import io.dualwrite.sql.Classification.Trait;
import io.dualwrite.sql.TableName;
import io.dualwrite.sql.Verb;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * One write of Data A on both sides, inside a transaction: old runs it first, then new (R1). Where old's rows are the truth, its
 * images go to new; where new's are ({@link Rung#newWins}) new runs the statement itself and old is healed to what new has. Used
 * by the transaction's thread alone.
 */
final class MirroredWrite {
    private static final String BEFORE_STATEMENT = "dualwrite_statement";
    private static final String UNSEEN = " touched a row that came in between and was not seen";

    private final Mirroring shared;
    private final DualTransaction transaction;
    private final Follower follower;
    private final FailedSides failedSides;
    private final Touched touched;
    private final Legs legs;

    MirroredWrite(
            Mirroring shared,
            DualTransaction transaction,
            Follower follower,
            FailedSides failedSides,
            Touched touched) {
        this.legs = transaction.legs;
        this.shared = shared;
        this.transaction = transaction;
        this.follower = follower;
        this.failedSides = failedSides;
        this.touched = touched;
    }

    /** Runs the write; the rows that it touched are among those that the transaction marks. */
    WriteOutcome run(WriteRequest request) throws SQLException {
        Rung now = transaction.rung();
        transaction.follow(now);
        if (shared.settings.get().ddl == Setting.Ddl.BOTH) {
            shared.catalogue.forgetOld();
        }
        requireNotOfOther(now, request.table());
        return now.newWins() ? newWins(request, now) : oldWins(request, now);
    }

    /**
     * A text that names the other side's database by a name which is not this side's would write there, past the mirror, or find
     * nothing.
     *
     * @throws SQLException SQLSTATE 0A000 for such a name
     */
    private void requireNotOfOther(Rung now, TableName table) throws SQLException {
        String schema = table.schema();
        Leg other = schema == null ? null : legs.existing(now.mirror());
        if (schema == null || other == null) {
            return;
        }
        Leg authority = legs.prepared(now, now.authority(), false);
        authority.abroad();
        if (!shared.namespaces.isKnown(other.side)) {
            follower.attempt(leg -> leg.abroad() == null);
        }
        if (!authority.named(schema, other.side).equalsIgnoreCase(schema)) {
            throw Faults.refused(table + " names the database of " + other.side.word() + ", and the statement runs on "
                    + authority.side.word() + " first, where it is called "
                    + authority.named(schema, other.side)
                    + "; leave the name out, or give both databases the same name");
        }
    }

    private WriteOutcome oldWins(WriteRequest request, Rung now) throws SQLException {
        Leg old = legs.prepared(now, Side.OLD, false);
        TableShape table = shape(old, request);
        if (table == null) {
            return unknownTable(old, request);
        }
        if (table.temporary) {
            return temporary(old, request, now);
        }
        String abroad = old.abroad();
        TableName marked = abroad == null ? request.table() : table.name;
        String obstacle = Capture.obstacle(old, table, request);
        if (obstacle != null) {
            return unmirrored(old, table, request, marked, obstacle);
        }
        shared.beyond.report(old, table);
        follower.identifyAhead();
        Captured captured = capture(old, table, request);
        shared.beyond.touch(touched, marked, table, request, captured.keys());
        requireComplete(captured, request);
        requireFollowed(table, request, marked, captured);
        Verb verb = request.classification.verb();
        if (!captured.images.isEmpty() || !captured.formerKeys.isEmpty()) {
            follower.submit(new MirrorImages.Write(captured, verb, request.table(), abroad));
        } else if (now == Rung.STRICT_READ_NEW && (verb == Verb.UPDATE || verb == Verb.DELETE)) {
            requireNothingOnNew(request, now, abroad);
        }
        return captured.outcome;
    }

    /**
     * A row that a neighbour on STRICT_NEW_FIRST has committed on new and not yet on old is read here, but old does not find it (R7).
     * Waited for: the statement's values are the application's, who may change them as soon as its call returns.
     *
     * @throws SQLException SQLSTATE 40001 if new has such a row; both are rolled back
     */
    private void requireNothingOnNew(WriteRequest request, Rung now, @Nullable String abroad) throws SQLException {
        follower.writes();
        Attempt<Boolean> hits = follower.attempt(leg -> {
            Captured onNew = Capture.run(leg, shared.catalogue.counterpart(leg, request.table(), abroad), request);
            Capture.discard(onNew.outcome);
            return onNew.incomplete || !onNew.keys().isEmpty();
        });
        failWithMirror(now, hits);
        if (Boolean.TRUE.equals(hits.answer)) {
            transaction.unseenRows(
                    request.classification.writes(),
                    request.classification.verb() + " hit nothing on old, and on new a row that is not on old yet");
        }
    }

    /** Which row of several got which key is not told, so that what refers to them could not follow on the mirror. */
    private void requireFollowed(TableShape table, WriteRequest request, TableName marked, Captured captured)
            throws SQLException {
        if (captured.formerKeys.size() > 1) {
            List<TableName> dependants = shared.beyond.dependants(table, request, marked);
            if (!dependants.isEmpty()) {
                dependants.add(0, marked);
                transaction.cannotFollow(
                        dependants,
                        "UPDATE of " + table + " changed the keys of several rows that " + dependants
                                + " refer to by a foreign key that cascades");
            }
        }
    }

    private Captured capture(Leg leg, TableShape table, WriteRequest request) throws SQLException {
        return asOneStatement(leg, leg.dialect.keepsRowsOfFailedCapture(), () -> Capture.run(leg, table, request));
    }

    private interface Writing {
        Captured run() throws SQLException;
    }

    /** Writes where it counts. What was written before a failure is undone, as a statement's failure undoes it. */
    private Captured asOneStatement(Leg leg, boolean keepsRows, Writing writing) throws SQLException {
        return transaction.answering(leg, on -> undoneWhereItFails(on, keepsRows && transaction.goesOn(), writing));
    }

    private static Captured undoneWhereItFails(Leg leg, boolean keepsRows, Writing writing) throws SQLException {
        Savepoint before = keepsRows ? leg.connection.setSavepoint(BEFORE_STATEMENT) : null;
        try {
            return writing.run();
        } catch (SQLException e) {
            if (before != null && leg.dialect.aftermath(e) == Aftermath.STATEMENT_UNDONE) {
                leg.connection.rollback(before);
            }
            throw e;
        }
    }

    /** Rows that nobody here has seen are marked with their table, or the transaction is rolled back where both must agree. */
    private void requireComplete(Captured captured, WriteRequest request) throws SQLException {
        if (captured.incomplete) {
            transaction.unseenRows(request.classification.writes(), request.classification.verb() + UNSEEN);
        }
    }

    private static Captured complete(Captured captured) throws SQLException {
        if (captured.incomplete) {
            throw new SQLException("The statement" + UNSEEN);
        }
        return captured;
    }

    /** Where the look at the catalogue fails, so may the transaction have (R14): earlier writes of it are gone with a deadlock's victim. */
    private @Nullable TableShape shape(Leg leg, WriteRequest request) throws SQLException {
        try {
            leg.abroad();
            return shared.catalogue.find(leg, request.table(), request.classification.assigned());
        } catch (SQLException e) {
            transaction.failed(leg, e);
            throw e;
        }
    }

    /** No table: the vendor says so in its own words. If it is something else that can be written, such as a view, it is marked. */
    private WriteOutcome unknownTable(Leg leg, WriteRequest request) throws SQLException {
        WriteOutcome outcome = unwatched(leg, request);
        transaction.unseenRows(request.classification.writes(), request.table() + " is no table whose rows are known");
        return outcome;
    }

    /** No Data A, and of all sessions: where new is read, new answers from it, and writes run on old may read it too. */
    private WriteOutcome temporary(Leg leg, WriteRequest request, Rung now) throws SQLException {
        WriteOutcome outcome = unwatched(leg, request);
        if (now.reads() == Side.NEW) {
            follower.writes();
            // Waited for: the statement's values are the application's, who may change them as soon as its call
            // returns.
            failWithMirror(now, follower.attempt(mirror -> {
                Capture.discard(Capture.unwatched(mirror, request));
                return true;
            }));
        }
        return outcome;
    }

    private WriteOutcome unmirrored(Leg leg, TableShape table, WriteRequest request, TableName marked, String obstacle)
            throws SQLException {
        if (transaction.rung().strict()) {
            throw Faults.refused(obstacle + "; refused while the fleet crosses (" + transaction.rung() + ")");
        }
        WriteOutcome outcome = unwatched(leg, request);
        List<TableName> whole = shared.beyond.dependants(table, request, marked);
        whole.add(0, marked);
        transaction.mark(whole, obstacle);
        return outcome;
    }

    private WriteOutcome unwatched(Leg leg, WriteRequest request) throws SQLException {
        return transaction.answering(leg, on -> Capture.unwatched(on, request));
    }

    /** Old runs first for its locks, new's rows are the truth and old is healed to them. */
    private WriteOutcome newWins(WriteRequest request, Rung now) throws SQLException {
        Leg authority = legs.prepared(now, Side.NEW, false);
        TableShape table = shape(authority, request);
        if (table == null) {
            return unknownTable(authority, request);
        }
        if (table.temporary) {
            return temporary(authority, request, now);
        }
        String abroad = authority.abroad();
        TableName marked = abroad == null ? request.table() : table.name;
        String obstacle = Capture.obstacle(authority, table, request);
        if (obstacle != null) {
            return unmirrored(authority, table, request, marked, obstacle);
        }
        Leg mirror = legs.existing(Side.OLD);
        String schema = request.table().schema();
        if (mirror != null && schema != null && !mirror.named(schema, Side.NEW).equalsIgnoreCase(schema)) {
            return unmirrored(
                    authority,
                    table,
                    request,
                    marked,
                    "table " + request.table() + " is named by new's database, which old calls otherwise");
        }
        shared.beyond.report(authority, table);
        if (newInsertsAlone(request, table) && !now.strict()) {
            return newAlone(authority, table, request, abroad, marked);
        }
        if (transaction.goesOn()) {
            follower.savepointBeforeStatement();
        }
        follower.writes();
        boolean goesOn = transaction.goesOn();
        // Not so where an earlier task of the lane failed, nor where all is written and something is missing.
        AtomicBoolean failedByItself = new AtomicBoolean();
        Attempt<Captured> attempt = follower.attempt(leg -> {
            failedByItself.set(true);
            TableShape target = shared.catalogue.counterpart(leg, request.table(), abroad);
            Captured captured = undoneWhereItFails(
                    leg, goesOn && leg.dialect.keepsRowsOfFailedCapture(), () -> Capture.run(leg, target, request));
            failedByItself.set(false);
            return complete(captured);
        });
        follower.identifyAhead();
        Captured onOld = attempt.answer;
        Captured onNew;
        SQLException cancelled = request.isCancelled() ? attempt.failure : null;
        if (cancelled != null) {
            follower.backToBeforeStatement(failedByItself.get() ? attempt : null);
            throw cancelled;
        }
        try {
            onNew = onOld == null || !keysAreOlds(request, table)
                    ? capture(authority, table, request)
                    : oldMadeTheKeys(request)
                            ? insertAsOldDid(authority, table, onOld)
                            : insertAsBothWould(authority, table, request, onOld);
        } catch (SQLException e) {
            follower.backToBeforeStatement(failedByItself.get() ? attempt : null);
            throw e;
        }
        failWithMirror(now, attempt);
        requireComplete(onNew, request);
        Set<RowKey> keys = new HashSet<>(onNew.keys());
        if (onOld != null) {
            keys.addAll(onOld.keys());
            Verb verb = request.classification.verb();
            follower.submitHealing(leg -> Images.heal(leg, onOld, onNew, verb));
            if (onNew != onOld && onOld.outcome != onNew.outcome) {
                Capture.discard(onOld.outcome);
            }
        }
        shared.beyond.touch(touched, marked, table, request, keys);
        requireFollowed(table, request, marked, onNew);
        return onNew.outcome;
    }

    /**
     * What a failure on the mirror alone comes to.
     *
     * @throws SQLException where both must succeed: SQLSTATE 25000 in a transaction of the application's, 40001 or 40000 where the
     *     statement is its own and is rolled back
     */
    private void failWithMirror(Rung now, Attempt<?> attempt) throws SQLException {
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

    /** R24: old generates keys on dual rungs; a row of values alone holds nothing that old could have stale. */
    private static boolean oldMadeTheKeys(WriteRequest request) {
        Classification statement = request.classification;
        return statement.verb() == Verb.INSERT
                && statement.is(Trait.VALUES)
                && !statement.is(Trait.SUBQUERY)
                && !statement.is(Trait.ON_CONFLICT);
    }

    /** What old would select may be stale and its keys would be others: new inserts, and old gets new's rows. */
    private static boolean newInsertsAlone(WriteRequest request, TableShape table) {
        return request.classification.verb() == Verb.INSERT && !oldMadeTheKeys(request) && generatesKeys(table);
    }

    /** R24: old generates keys on dual rungs; in 5, where it may be behind or dead, only those of rows that do not come from its own. */
    private static boolean keysAreOlds(WriteRequest request, TableShape table) {
        return oldMadeTheKeys(request) || newInsertsAlone(request, table);
    }

    private static boolean generatesKeys(TableShape table) {
        for (Column column : table.columns) {
            if (column.generatedKey) {
                return true;
            }
        }
        return false;
    }

    private WriteOutcome newAlone(
            Leg authority, TableShape table, WriteRequest request, @Nullable String abroad, TableName marked)
            throws SQLException {
        Captured onNew = capture(authority, table, request);
        shared.beyond.touch(touched, marked, table, request, onNew.keys());
        requireComplete(onNew, request);
        follower.submit(leg -> {
            TableShape target = shared.catalogue.counterpart(leg, request.table(), abroad);
            Images.insertSparing(leg, leg.writer(onNew.table, target), target, onNew.images);
        });
        return onNew.outcome;
    }

    /**
     * Both must have the rows, with old's keys, and old may be a moment behind: its rows count only where new would select the same.
     *
     * @throws SQLException SQLSTATE 40001 where it would not; both are rolled back
     */
    private Captured insertAsBothWould(Leg authority, TableShape table, WriteRequest request, Captured onOld)
            throws SQLException {
        Savepoint before = authority.connection.setSavepoint();
        Captured would = capture(authority, table, request);
        Capture.discard(would.outcome);
        authority.connection.rollback(before);
        if (!Images.sameRows(onOld, would, request.classification.assigned())) {
            transaction.unseenRows(
                    request.classification.writes(),
                    "INSERT of " + request.table() + " found other rows on old than on new");
        }
        if (!request.classification.is(Trait.ON_CONFLICT)) {
            return insertAsOldDid(authority, table, onOld);
        }
        return asOneStatement(authority, onOld.images.size() > 1, () -> {
            Images.upsert(authority, table, onOld);
            return onOld;
        });
    }

    private Captured insertAsOldDid(Leg authority, TableShape table, Captured onOld) throws SQLException {
        return asOneStatement(authority, onOld.images.size() > 1, () -> {
            Images.insertNew(authority, table, onOld);
            return onOld;
        });
    }
}
