package io.dualwrite.jdbc;

import static io.dualwrite.jdbc.SessionTexts.setsAutoCommit;

import io.dualwrite.dialect.Aftermath;
import io.dualwrite.dialect.Vendor;
import io.dualwrite.ladder.Rung;
import io.dualwrite.ladder.Side;
import io.dualwrite.mirror.DualTransaction;
import io.dualwrite.mirror.Faults;
import io.dualwrite.mirror.FormerKeys;
import io.dualwrite.mirror.Leg;
import io.dualwrite.mirror.Turn;
import io.dualwrite.mirror.Unmirrored.Effect;
import io.dualwrite.mirror.WriteOutcome;
import io.dualwrite.mirror.WriteRequest;
import io.dualwrite.route.Route;
import io.dualwrite.route.Router;
import io.dualwrite.sql.Classification;
import io.dualwrite.sql.Classification.Trait;
import io.dualwrite.sql.StatementClassifier;
import io.dualwrite.sql.TableName;
import io.dualwrite.sql.Verb;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The way of one statement's executions: asks the {@link Router} where each runs, and has it run there, on one leg, on both ({@link
 * LockWay}, {@link SessionWay}), as a mirrored write ({@link DualTransaction#write}) or as one that is marked ({@link
 * DualTransaction#unmirrored}). Keeps what a mirrored write answered. Used by the statement's thread alone.
 */
final class StatementWay {
    /** What is called on the vendor's statement where it runs as the application wrote it. */
    interface VendorCall<T> {
        T on(Statement vendor) throws SQLException;
    }

    /** What a mirrored write answers in place of the vendor's statement. */
    interface MirrorAnswer<T> {
        T of(WriteOutcome outcome) throws SQLException;
    }

    /** Is told of each query that has run on a leg. */
    interface RowsOpened {
        void on(Leg leg) throws SQLException;
    }

    /** What some vendors commit before, of temporary tables or within a transaction. */
    private static final Set<Verb> COMMIT_WITH_SOME = EnumSet.of(Verb.BEGIN, Verb.TEMPORARY, Verb.DDL, Verb.TRUNCATE);

    /** What a transaction takes that has failed. */
    private static final Set<Verb> GOES_BACK = EnumSet.of(Verb.COMMIT, Verb.ROLLBACK, Verb.ROLLBACK_TO_SAVEPOINT);

    private final DualConnection connection;
    private final DualTransaction transaction;
    private final VendorStatements vendors;
    private final RowsOpened rowsOpened;
    /** The mirrored write under way, for {@link #cancel}. */
    private volatile @Nullable WriteRequest writing;

    private @Nullable WriteOutcome outcome;
    /** The tables that the last execution has read; empty where they are not known. */
    private List<TableName> read = Collections.emptyList();

    StatementWay(
            DualConnection connection, DualTransaction transaction, VendorStatements vendors, RowsOpened rowsOpened) {
        this.connection = connection;
        this.transaction = transaction;
        this.vendors = vendors;
        this.rowsOpened = rowsOpened;
    }

    /** What the last execution answered in place of a vendor's statement, or null where that has the answer. */
    @Nullable
    WriteOutcome outcome() {
        return outcome;
    }

    /** The execution is answered with this in place of a vendor's statement. */
    void answersWith(WriteOutcome answered) {
        outcome = answered;
    }

    /** The last result of the last execution has been read. */
    void noMoreResults() throws SQLException {
        forget();
        outcome = WriteOutcome.NO_MORE;
    }

    /** Lets go of what the last execution answered. */
    void forget() throws SQLException {
        WriteOutcome former = outcome;
        outcome = null;
        read = Collections.emptyList();
        if (former != null) {
            former.close();
        }
    }

    /** What the last execution warned of has been seen. */
    void forgetWarnings() {
        WriteOutcome answered = outcome;
        outcome = answered == null ? null : answered.warnedOf(null);
    }

    /** Takes the keys of a batch's entry out of the way of the next one; null where it has none. */
    @Nullable
    WriteOutcome takeKeys() {
        WriteOutcome former = outcome;
        if (former == null || former.rows == null || former.isResult) {
            return null;
        }
        outcome = null;
        return former;
    }

    /** A batch has run: the keys of all its entries are what it answers, and -1 for a count, or its last one. */
    void answerKeys(List<WriteOutcome> keys, long count) throws SQLException {
        forget();
        outcome = keys.isEmpty() ? WriteOutcome.count(count) : WriteOutcome.ofBatch(keys, count);
    }

    /** Whether a rung with one leg takes note of what the statement leaves in the session, or says of the transaction. */
    static boolean takesNoteOf(Classification statement) {
        return !statement.leavesNothing()
                && (statement.verb() != Verb.UNKNOWN
                        || statement.is(Trait.NAMESPACE)
                        || !statement.variables().isEmpty());
    }

    /** As {@link #takesNoteOf}, of an entry of a batch: a definition leaves nothing in a session that has no temporary table. */
    boolean takesNoteOfEntry(Classification statement) {
        if (statement.verb() != Verb.DDL && statement.verb() != Verb.TRUNCATE) {
            return takesNoteOf(statement);
        }
        return statement.is(Trait.NAMESPACE)
                || statement.is(Trait.OUTLIVES_TRANSACTION)
                || transaction.outliving.hasTemporaries();
    }

    /** Whether the statement would now run as the application wrote it, on one leg or on both. */
    boolean runsAsItIs(Classification statement) throws SQLException {
        Rung rung = transaction.begin();
        switch (route(withUsers(statement), rung).way()) {
            case ONE_SIDE:
            case MARKED:
            case TEMPORARY:
                return true;
            default:
                return false;
        }
    }

    /** Whether the statement would now run on one leg of a rung that has no other, and nothing is marked or noted. */
    boolean runsAlone(Classification statement) throws SQLException {
        Rung rung = transaction.begin();
        return !rung.dual() && !takesNoteOf(statement) && route(statement, rung).way() == Route.Way.ONE_SIDE;
    }

    /** What the statement does where the user has functions by the names of built-in ones; it is read again only where it calls one. */
    private Classification withUsers(Classification statement) throws SQLException {
        Set<String> users = transaction.usersAmong(statement.builtIns());
        return users.isEmpty() ? statement : StatementClassifier.again(statement, users);
    }

    private Route route(Classification statement, Rung rung) throws SQLException {
        Route route = known(statement, rung);
        return route.way() == Route.Way.REFUSE && transaction.outliving.dropsNothing(statement)
                ? Route.on(rung.reads())
                : route;
    }

    /** The route by what is known of its tables and of the functions that it calls. */
    private Route known(Classification statement, Rung rung) throws SQLException {
        boolean temporary = transaction.outliving.writesTemporariesOnly(statement);
        Route route = Router.route(statement, rung, connection.settings(), temporary);
        if (statement.functions().isEmpty() || !rung.dual() || !isMarkedOrRefused(route)) {
            return route;
        }
        Set<String> reading = transaction.readingOnly(statement.functions());
        route = Router.route(statement, rung, connection.settings(), temporary, reading);
        boolean writesNothing =
                isMarkedOrRefused(route) && statement.verb() == Verb.SELECT && transaction.sessions.refusesWrites();
        return writesNothing ? Route.on(rung.reads()) : route;
    }

    private static boolean isMarkedOrRefused(Route route) {
        return route.way() == Route.Way.MARKED || route.way() == Route.Way.REFUSE;
    }

    /** Routes and runs a text that was classified; in phases 1 and 6 that is the vendor's call and a look at the rung. */
    <T> T run(WriteRequest request, VendorCall<T> call, MirrorAnswer<T> answer) throws SQLException {
        return transaction.turn.take(() -> runInTurn(request, call, answer));
    }

    private <T> T runInTurn(WriteRequest asked, VendorCall<T> call, MirrorAnswer<T> answer) throws SQLException {
        connection.requireOpen();
        if (!asked.classification.leavesNothing() && transaction.rung().dual()) {
            commitBefore(asked);
        }
        Rung rung = GOES_BACK.contains(asked.classification.verb()) ? transaction.beginToEnd() : transaction.begin();
        try {
            Classification statement = withUsers(asked.classification);
            WriteRequest request = statement == asked.classification ? asked : asked.readAs(statement);
            if (!statement.leavesNothing() && SessionTexts.namesTimeZone(request.sql)) {
                transaction.sessions.timeZoneMayChange();
            }
            Route route = route(statement, rung);
            switch (route.way()) {
                case ONE_SIDE:
                    return rung.dual() || !statement.is(Trait.SEVERAL)
                            ? alone(request, legOf(statement, route, rung), call)
                            : new TransactionWay(this, transaction).several(request, call);
                case MARKED:
                    return marked(request, route, rung, call);
                case LOCK_BOTH:
                    return lockBoth(request, route, call, answer);
                case TEMPORARY:
                    return onBoth(request, false, call);
                case NOTIFY:
                    return session().notifies(route, call);
                case SESSION:
                    return setsAutoCommit(statement)
                            ? answer.of(autoCommitByText(request.sql))
                            : session().onBoth(request, route, call);
                case MIRROR:
                    return answer.of(mirror(request));
                case DEFINITION:
                    return define(statement, call);
                case TRANSACTION:
                    return new TransactionWay(this, transaction).control(request, rung, call, answer);
                default:
                    letVendorRefuse(request, rung);
                    throw Faults.refused(reason(route));
            }
        } finally {
            transaction.statementEnded();
        }
    }

    /**
     * What could not be read may be no SQL at all, of which its server says so when it prepares it, as it would when it runs it.
     *
     * @throws SQLException the vendor's own
     */
    private void letVendorRefuse(WriteRequest request, Rung rung) throws SQLException {
        Classification statement = request.classification;
        if (statement.verb() != Verb.UNKNOWN || statement.is(Trait.SEVERAL) || request.sql.indexOf(';') >= 0) {
            return;
        }
        Leg leg = transaction.on(rung.authority());
        try (PreparedStatement prepared = leg.connection.prepareStatement(request.sql)) {
            prepared.getMetaData();
        } catch (SQLException e) {
            if (leg.dialect.isSyntaxError(e) || leg.aftermath(e) != Aftermath.STATEMENT_UNDONE) {
                transaction.failed(leg, e);
                throw leg.dialect.asOfRunning(e);
            }
        }
    }

    /** Commits on both sides where the server commits what is open before it runs the statement, and that is not refused. */
    private void commitBefore(WriteRequest request) throws SQLException {
        Classification statement = request.classification;
        if (!statement.is(Trait.COMMITS_BEFORE) && !COMMIT_WITH_SOME.contains(statement.verb())) {
            return;
        }
        Vendor vendor =
                transaction.legs.open(transaction.rung().reads()).dialect.vendor();
        if (commitsBefore(request, vendor)
                && route(statement, transaction.rung()).way() != Route.Way.REFUSE) {
            transaction.commitBefore(vendor == Vendor.H2);
        }
    }

    private boolean commitsBefore(WriteRequest request, Vendor vendor) throws SQLException {
        Classification statement = request.classification;
        if (statement.is(Trait.COMMITS_BEFORE)) {
            return true;
        }
        switch (statement.verb()) {
            case BEGIN:
                return vendor == Vendor.MARIADB;
            case TEMPORARY:
                return vendor == Vendor.H2 && !SessionTexts.isTransactional(request.sql);
            default:
                return vendor != Vendor.POSTGRESQL
                        && (statement.verb() == Verb.TRUNCATE
                                || transaction.outliving.writesTemporariesOnly(statement)
                                || transaction.outliving.dropsNothing(statement));
        }
    }

    /**
     * Changes a row of what the last execution has read, on a rung with one leg: a write, which is marked where one by text would be. Where
     * its table is not known, any may have been written.
     */
    void changeRow(String operation, Turn.Step<SQLException> change) throws SQLException {
        Rung rung = transaction.begin();
        try {
            // Once more: the rung may have changed while this thread waited for its turn.
            connection.requireOneLeg(operation);
            Route route = Router.routeOfRow(read, rung, connection.settings());
            requireRowsOf(transaction.on(route.side()), operation);
            if (route.way() == Route.Way.MARKED) {
                transaction.unmirrored().run(route.side(), route.marked(), reason(route), Effect.ROWS, leg -> {
                    change.run();
                    return leg;
                });
            } else {
                change.run();
            }
        } finally {
            transaction.statementEnded();
        }
    }

    /** Rows that are kept over steps may be those of a leg that the rung does not use any more. */
    private void requireRowsOf(Leg leg, String operation) throws SQLException {
        Leg answered = vendors.answering();
        if (answered != null && answered != leg) {
            throw Faults.refused(operation + " through a result set that was read before the instance stepped from "
                    + answered.side.word() + " to " + leg.side.word() + " is refused; read the rows again");
        }
    }

    private SessionWay session() {
        return new SessionWay(this, connection, transaction, vendors);
    }

    /** Keys are asked of the side that has generated them. */
    private Leg legOf(Classification statement, Route route, Rung rung) throws SQLException {
        if (!rung.dual() || statement.keyCalls().isEmpty()) {
            return transaction.on(route.side());
        }
        FormerKeys keys = transaction.formerKeys(false);
        Side side = keys.sideFor(statement, route.side());
        Leg leg = transaction.on(side);
        keys.requireKnownOn(leg, side);
        return leg;
    }

    <T> T alone(WriteRequest request, Leg leg, VendorCall<T> call) throws SQLException {
        Classification statement = request.classification;
        session().noteNamespace(statement, leg);
        if (statement.verb() == Verb.SELECT && transaction.oldThenNew.readsBoth()) {
            onOldFirst(call);
        }
        T answer = on(leg, call);
        read = statement.reads();
        if (setsLastKey(statement, leg)) {
            transaction.lastKeyIsKnownOn(leg);
        }
        if (statement.verb() == Verb.SELECT || statement.is(Trait.RETURNS_ROWS) || statement.is(Trait.CALL)) {
            rowsOpened.on(leg);
        }
        if (statement.leavesNothing()) {
            transaction.runsAlone(leg);
            return answer;
        }
        session().ran(request, leg);
        return answer;
    }

    /** By LAST_INSERT_ID(x), or on PostgreSQL by nextval. */
    private static boolean setsLastKey(Classification statement, Leg leg) {
        return statement.is(Trait.SETS_LAST_KEY)
                || statement.is(Trait.GENERATOR)
                        && statement.keyCalls().isEmpty()
                        && leg.dialect.vendor() == Vendor.POSTGRESQL;
    }

    private <T> T marked(WriteRequest request, Route route, Rung rung, VendorCall<T> call) throws SQLException {
        Classification statement = request.classification;
        if (rung.dual() && statement.is(Trait.OWN_TRANSACTION) && transaction.manual()) {
            throw Faults.refused(
                    "a text that begins a transaction would commit the one that is open, on one side alone");
        }
        if (rung.dual()) {
            transaction.formerKeys(false).requireNotOthers(statement, route.side());
        }
        // Where one of several statements changes what names mean, the others may name any table.
        List<TableName> tables = statement.is(Trait.NAMESPACE) ? Collections.emptyList() : route.marked();
        boolean onBoth = rung.dual() && rung.reads() == Side.NEW && isOfTemporaries(statement);
        T answer = transaction.unmirrored().run(route.side(), tables, reason(route), effectOf(statement), leg -> {
            session().noteNamespace(statement, leg);
            if (onBoth) {
                transaction.oldThenNew.onOldToo(old -> beside(old, call), false);
            }
            T answered = readToTheEnd(leg, call);
            transaction.outliving.ran(request);
            return answered;
        });
        if (!statement.variables().isEmpty()) {
            transaction.begin();
            transaction.sessions.variablesWereSet(statement, route.side());
        }
        return answer;
    }

    private static Effect effectOf(Classification statement) {
        if (statement.is(Trait.UNREAD)) {
            return Effect.UNREAD;
        }
        boolean mayCommit = statement.verb() == Verb.UNKNOWN
                || statement.verb() == Verb.TRUNCATE
                || !statement.functions().isEmpty();
        return mayCommit ? Effect.MAY_COMMIT : Effect.ROWS;
    }

    private boolean isOfTemporaries(Classification statement) throws SQLException {
        return statement.verb() == Verb.TEMPORARY && statement.is(Trait.OUTLIVES_TRANSACTION)
                || transaction.outliving.writesTemporariesOnly(statement);
    }

    /**
     * Where each statement is its own transaction, the mark and the commit follow at once on the same connection: so rows are read
     * to their end first, for a cursor would go with the transaction, and a stream would stand in the way.
     */
    private <T> T readToTheEnd(Leg leg, VendorCall<T> call) throws SQLException {
        if (transaction.manual()) {
            return on(leg, call);
        }
        return on(leg, vendor -> VendorStatements.inOnePiece(vendor, call));
    }

    private <T> T lockBoth(WriteRequest request, Route route, VendorCall<T> call, MirrorAnswer<T> answer)
            throws SQLException {
        LockWay locks = new LockWay(this, transaction, vendors);
        return locks.isShared(request.classification)
                ? alone(request, transaction.on(Side.OLD), call)
                : locks.run(request, route.side(), call, answer);
    }

    private <T> T define(Classification statement, VendorCall<T> call) throws SQLException {
        T answer = transaction.define(statement, leg -> on(leg, call));
        vendors.answers(transaction.legs.open(transaction.rung().authority()));
        return answer;
    }

    /**
     * Closes what the vendor's statement answered before: it does not run now, so that its former results would stay open. They are
     * left where the statement would end with them.
     */
    void closeFormerResults() throws SQLException {
        Leg last = vendors.answering();
        Leg leg = last == null ? transaction.legs.open(transaction.rung().answers()) : last;
        if (vendors.has(leg)
                && transaction.legs.existing(leg.side) == leg
                && leg.dialect.closesFormerResults()
                && !vendors.isSet("closeOnCompletion")) {
            vendors.on(leg).getMoreResults(Statement.CLOSE_ALL_RESULTS);
        }
    }

    private WriteOutcome autoCommitByText(String sql) throws SQLException {
        closeFormerResults();
        transaction.autoCommit(SessionTexts.turnsOn(sql));
        outcome = WriteOutcome.NOTHING;
        return WriteOutcome.NOTHING;
    }

    private static String reason(Route route) {
        String reason = route.reason();
        return reason == null ? route.toString() : reason;
    }

    /** Runs on one leg as the application wrote it; that leg answers. */
    <T> T on(Leg leg, VendorCall<T> call) throws SQLException {
        Statement vendor = vendors.on(leg);
        vendors.answers(leg);
        return call(leg, vendor, call);
    }

    /**
     * As {@link #on}, on a leg that does not answer: perhaps on its lane's thread, and where its server hangs, the application has gone on
     * by the time that it ends.
     */
    <T> T beside(Leg leg, VendorCall<T> call) throws SQLException {
        Statement vendor = vendors.on(leg);
        return leg.side == transaction.rung().authority() ? call(leg, vendor, call) : call.on(vendor);
    }

    private <T> T call(Leg leg, Statement vendor, VendorCall<T> call) throws SQLException {
        try {
            return call.on(vendor);
        } catch (SQLException e) {
            transaction.failed(leg, e);
            throw e;
        }
    }

    /** Runs on old what new runs next. Where old refuses it, old has answered. */
    void onOldFirst(VendorCall<?> call) throws SQLException {
        try {
            transaction.oldThenNew.onOldFirst(old -> beside(old, call));
        } catch (SQLException e) {
            Leg old = transaction.legs.existing(Side.OLD);
            if (old != null) {
                vendors.answers(old);
            }
            throw e;
        }
    }

    /** As {@link #on}, of a query, whose rows are open from then on. */
    <T> T query(Leg leg, VendorCall<T> call) throws SQLException {
        T answer = on(leg, call);
        rowsOpened.on(leg);
        return answer;
    }

    /**
     * A session's lock, or a temporary table: what new answers from, old has too, for writes run there as well and may read it.
     * What it leaves behind is noted before the rung is let go.
     *
     * @param anyVendor whether old runs it also where its vendor is another than new's
     */
    <T> T onBoth(WriteRequest request, boolean anyVendor, VendorCall<T> call) throws SQLException {
        return transaction.oldThenNew.onBoth(leg -> beside(leg, call), anyVendor, leg -> {
            T answer = on(leg, call);
            transaction.outliving.ran(request);
            return answer;
        });
    }

    private WriteOutcome mirror(WriteRequest request) throws SQLException {
        closeFormerResults();
        writing = request;
        try {
            Leg answering = transaction.legs.open(transaction.rung().authority());
            WriteOutcome answered = transaction.write(request);
            long most = vendors.terms().maxRows;
            if (most > 0) {
                answered = answered.atMost(most, answering.dialect.cutsKeys());
            }
            outcome = answered;
            return answered;
        } catch (SQLException e) {
            outcome = WriteOutcome.NO_MORE;
            throw e;
        } finally {
            writing = null;
        }
    }

    /** Cancels this statement's mirrored write, if one is under way; from any thread. */
    void cancel() throws SQLException {
        WriteRequest request = writing;
        if (request != null) {
            request.cancel();
            transaction.cancelWrite();
        }
    }
}
