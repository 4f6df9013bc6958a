package io.dualwrite.jdbc;

import io.dualwrite.dialect.Vendor;
import io.dualwrite.ladder.Rung;
import io.dualwrite.ladder.Side;
import io.dualwrite.mirror.DualTransaction;
import io.dualwrite.mirror.Faults;
import io.dualwrite.mirror.Leg;
import io.dualwrite.mirror.Session;
import io.dualwrite.mirror.TriedLock;
import io.dualwrite.mirror.WriteOutcome;
import io.dualwrite.mirror.WriteRequest;
import io.dualwrite.route.Route;
import io.dualwrite.route.Router;
import io.dualwrite.sql.Classification;
import io.dualwrite.sql.Classification.Trait;
import io.dualwrite.sql.PartialLock;
import io.dualwrite.sql.TableName;
import io.dualwrite.sql.Verb;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The way of one statement's executions: asks the router where each runs, and has it run there, on one leg, on both ({@link
 * DualTransaction#oldThenNew}, {@link DualTransaction#sessions}) or as a mirrored write ({@link DualTransaction#write}). Keeps what
 * a mirrored write answered. Used by the statement's thread alone.
 */
final class StatementWay {
    private static final Set<Verb> OF_SAVEPOINTS =
            EnumSet.of(Verb.SAVEPOINT, Verb.ROLLBACK_TO_SAVEPOINT, Verb.RELEASE_SAVEPOINT);

    /** What is called on the vendor's statement where it runs as the application wrote it. */
    interface VendorCall<T> {
        T on(Statement vendor) throws SQLException;
    }

    /** What a mirrored write answers in place of the vendor's statement. */
    interface MirrorAnswer<T> {
        T of(WriteOutcome outcome) throws SQLException;
    }

    private static final Pattern ISOLATION = Pattern.compile("isolation", Pattern.CASE_INSENSITIVE);

    /** The modes of a BEGIN; the first group tells those that change what is read. */
    private static final Pattern MODES = Pattern.compile(
            "\\b(?:(ISOLATION)\\s+LEVEL\\s+(?:SERIALIZABLE|REPEATABLE\\s+READ|READ\\s+(?:UN)?COMMITTED)"
                    + "|READ\\s+(?:ONLY|WRITE)|(?:NOT\\s+)?DEFERRABLE)\\b",
            Pattern.CASE_INSENSITIVE);

    private static final Pattern AUTO_COMMIT =
            Pattern.compile("\\bautocommit\\b\\W*(?:\\bto\\b\\W*)?(\\w+)", Pattern.CASE_INSENSITIVE);

    /** Is told of each query that has run on a leg. */
    interface RowsOpened {
        void on(Leg leg) throws SQLException;
    }

    private final DualConnection connection;
    private final DualTransaction transaction;
    private final VendorStatements vendors;
    private final RowsOpened rowsOpened;
    private volatile @Nullable WriteRequest writing;
    private @Nullable WriteOutcome outcome;

    /** Tells of each query that has run on a leg. */
    StatementWay(
            DualConnection connection, DualTransaction transaction, VendorStatements vendors, RowsOpened rowsOpened) {
        this.rowsOpened = rowsOpened;
        this.connection = connection;
        this.transaction = transaction;
        this.vendors = vendors;
    }

    /** What the last execution answered in place of a vendor's statement, or null where that has the answer. */
    @Nullable
    WriteOutcome outcome() {
        return outcome;
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

    /** Whether the statement would now run as the application wrote it, on one leg or on both. */
    boolean runsAsItIs(Classification statement) throws SQLException {
        Rung rung = transaction.begin();
        switch (route(statement, rung).way()) {
            case ONE_SIDE:
            case MARKED:
            case TEMPORARY:
                return true;
            default:
                return false;
        }
    }

    private Route route(Classification statement, Rung rung) throws SQLException {
        return Router.route(
                statement, rung, connection.settings(), transaction.outliving.writesTemporariesOnly(statement));
    }

    /** Routes and runs a text that was classified; in phases 1 and 6 that is the vendor's call and a look at the rung. */
    <T> T run(WriteRequest request, VendorCall<T> call, MirrorAnswer<T> answer) throws SQLException {
        return transaction.turn.take(() -> runInTurn(request, call, answer));
    }

    private <T> T runInTurn(WriteRequest request, VendorCall<T> call, MirrorAnswer<T> answer) throws SQLException {
        connection.requireOpen();
        String sql = request.sql;
        Classification statement = request.classification;
        if (statement.is(Trait.COMMITS_BEFORE) && transaction.rung().dual()) {
            transaction.commitBefore();
        }
        Rung rung = transaction.begin();
        try {
            Route route = route(statement, rung);
            switch (route.way()) {
                case ONE_SIDE:
                    return alone(request, transaction.on(route.side()), call);
                case MARKED:
                    if (rung.dual() && statement.is(Trait.OWN_TRANSACTION) && transaction.manual()) {
                        throw Faults.refused(
                                "a text that begins a transaction would commit the one that is open, on one side alone");
                    }
                    return transaction.marked(
                            route.side(),
                            marked(statement, route),
                            reason(route),
                            statement.verb() == Verb.UNKNOWN
                                    || !statement.functions().isEmpty(),
                            leg -> {
                                noteNamespace(statement, leg);
                                return marked(leg, call);
                            });
                case LOCK_BOTH:
                    return lockBoth(request, route, call, answer);
                case TEMPORARY:
                    return onBoth(request, false, call);
                case SESSION:
                    return setsAutoCommit(statement)
                            ? answer.of(autoCommitByText(sql))
                            : onBothSessions(request, route, call);
                case MIRROR:
                    return answer.of(mirror(request));
                case DEFINITION:
                    return define(statement, call);
                case TRANSACTION:
                    return control(sql, statement, rung, call, answer);
                default:
                    throw Faults.refused(reason(route));
            }
        } finally {
            transaction.statementEnded();
        }
    }

    private <T> T alone(WriteRequest request, Leg leg, VendorCall<T> call) throws SQLException {
        Classification statement = request.classification;
        noteNamespace(statement, leg);
        if (statement.verb() == Verb.SELECT && transaction.oldThenNew.readsBoth()) {
            transaction.oldThenNew.onOldFirst(old -> on(old, call));
        }
        T answer = on(leg, call);
        if (statement.verb() == Verb.SELECT || statement.is(Trait.RETURNS_ROWS)) {
            rowsOpened.on(leg);
        }
        if (statement.leavesNothing()) {
            transaction.runsAlone(leg);
            return answer;
        }
        if (setsAutoCommit(statement)) {
            transaction.autoCommitWasSet(leg, leg.connection.getAutoCommit());
        } else {
            rememberSession(request, leg);
        }
        return answer;
    }

    /** Where one statement of several says what names mean, those of the others may be any tables'. */
    private static List<TableName> marked(Classification statement, Route route) {
        return statement.is(Trait.NAMESPACE) ? Collections.emptyList() : route.marked();
    }

    /**
     * Where each statement is its own transaction, the mark and the commit follow at once on the same connection: rows are read to
     * their end before, for a cursor would go with the transaction, and a stream would stand in the way.
     */
    private <T> T marked(Leg leg, VendorCall<T> call) throws SQLException {
        if (transaction.manual()) {
            return on(leg, call);
        }
        Statement vendor = vendors.on(leg);
        // It may have come with the URL.
        int fetchSize = vendor.getFetchSize();
        if (fetchSize == 0) {
            return on(leg, call);
        }
        vendor.setFetchSize(0);
        try {
            return on(leg, call);
        } finally {
            vendor.setFetchSize(fetchSize);
        }
    }

    private <T> T define(Classification statement, VendorCall<T> call) throws SQLException {
        String what = statement.verb() + (statement.writes().isEmpty() ? "" : " of " + statement.writes());
        T answer = transaction.define(statement.writes(), what, leg -> on(leg, call));
        vendors.answers(transaction.legs.open(transaction.rung().authority()));
        return answer;
    }

    /** A text that cannot be run once more for a leg that is opened later leaves there what it has set here. */
    private void noteNamespace(Classification statement, Leg leg) throws SQLException {
        if (statement.is(Trait.NAMESPACE)) {
            transaction.sessions.namespaceChanges();
            if (statement.verb() == Verb.UNKNOWN && leg.dialect.vendor() == Vendor.POSTGRESQL) {
                transaction.legs.session().rememberSetting("search_path");
            }
        }
    }

    private static boolean setsAutoCommit(Classification statement) {
        return statement.verb() == Verb.SESSION && "autocommit".equals(statement.name());
    }

    /** {@code SET autocommit = …} by text, on H2 without the sign: 1, ON and TRUE turn it on. */
    private static boolean turnsOn(String sql) {
        Matcher set = AUTO_COMMIT.matcher(sql);
        String value = set.find() ? set.group(1).toLowerCase(Locale.ROOT) : "";
        return value.equals("1") || value.equals("on") || value.equals("true");
    }

    /**
     * What is answered here does not run on the vendor's statement, whose former results would stay open. Where they end the statement,
     * the vendor's must not be asked to close them.
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
        transaction.autoCommit(turnsOn(sql));
        outcome = WriteOutcome.NOTHING;
        return WriteOutcome.NOTHING;
    }

    private static String reason(Route route) {
        String reason = route.reason();
        return reason == null ? route.toString() : reason;
    }

    /** Runs on one leg as the application wrote it. */
    <T> T on(Leg leg, VendorCall<T> call) throws SQLException {
        Statement vendor = vendors.on(leg);
        vendors.answers(leg);
        try {
            return call.on(vendor);
        } catch (SQLException e) {
            transaction.failed(leg, e);
            throw e;
        }
    }

    /** A row's lock ends with the statement where each is its own transaction; a session's lock does not (R9). */
    private <T> T lockBoth(WriteRequest request, Route route, VendorCall<T> call, MirrorAnswer<T> answered)
            throws SQLException {
        Classification statement = request.classification;
        if (statement.is(Trait.OUTLIVES_TRANSACTION)) {
            if (!locksTables(statement) && transaction.oldThenNew.sharesLocks()) {
                return alone(request, transaction.on(Side.OLD), call);
            }
            return triesLock(statement) ? tryBoth(request, answered) : onBoth(request, true, call);
        }
        if (transaction.manual() && triesLock(statement)) {
            return tryBoth(request, answered);
        }
        PartialLock partial = statement.partialLock();
        if (transaction.manual() && partial != null && !vendors.isSet("maxRows")) {
            closeFormerResults();
            WriteOutcome rows = transaction.oldThenNew.lockExactly(request, partial);
            if (rows != null) {
                outcome = rows;
                return answered.of(rows);
            }
        } else if (transaction.manual()) {
            transaction.oldThenNew.onOldFirst(leg -> on(leg, call));
        }
        Leg answering = transaction.on(route.side());
        T answer = on(answering, call);
        rowsOpened.on(answering);
        return answer;
    }

    /** Tables are each database's own, also where named locks are not. */
    private static boolean locksTables(Classification statement) {
        return Classification.LOCK_TABLES.equals(statement.name())
                || Classification.UNLOCK_TABLES.equals(statement.name());
    }

    private static boolean triesLock(Classification statement) {
        String routine = String.valueOf(statement.name()).toLowerCase(Locale.ROOT);
        return routine.contains("_try_") || routine.equals("get_lock");
    }

    /**
     * A session's lock that old does not give is not taken on new: who has it holds it on old, whatever side he reads (R9). One that new
     * does not give, for an instance in 6 has it, or where asking for it fails, is not kept on old, where the others would wait for this
     * connection's end.
     */
    private <T> T tryBoth(WriteRequest request, MirrorAnswer<T> answered) throws SQLException {
        WriteOutcome[] onOld = new WriteOutcome[1];
        return transaction.oldThenNew.onBoth(leg -> onOld[0] = TriedLock.ask(leg, request), true, leg -> {
            WriteOutcome said = onOld[0];
            if (said != null && TriedLock.denies(said)) {
                outcome = said;
                return answered.of(said);
            }
            if (said != null) {
                said.close();
            }
            WriteOutcome onNew = tried(leg, request, said != null);
            if (said != null && TriedLock.denies(onNew)) {
                giveBack(request);
            }
            outcome = onNew;
            T answer = answered.of(onNew);
            transaction.outliving.ran(request);
            return answer;
        });
    }

    private WriteOutcome tried(Leg leg, WriteRequest request, boolean hasOlds) throws SQLException {
        try {
            return TriedLock.ask(leg, request);
        } catch (SQLException e) {
            transaction.failed(leg, e);
            if (hasOlds) {
                try {
                    giveBack(request);
                } catch (SQLException kept) {
                    e.addSuppressed(kept);
                }
            }
            throw e;
        }
    }

    private void giveBack(WriteRequest request) throws SQLException {
        transaction.oldThenNew.onOldFirst(old -> TriedLock.letGo(old, request));
    }

    /**
     * A session's lock, or a temporary table: what new answers from, old has too, for writes run there as well and may read it.
     * What it leaves behind is noted before the rung is let go.
     */
    private <T> T onBoth(WriteRequest request, boolean anyVendor, VendorCall<T> call) throws SQLException {
        return transaction.oldThenNew.onBoth(leg -> on(leg, call), anyVendor, leg -> {
            T answer = on(leg, call);
            transaction.outliving.ran(request);
            return answer;
        });
    }

    private <T> T onBothSessions(WriteRequest request, Route route, VendorCall<T> call) throws SQLException {
        Classification statement = request.classification;
        Leg leg = transaction.on(route.side());
        noteNamespace(statement, leg);
        T answer = on(leg, call);
        String used = used(statement);
        if (used == null) {
            transaction.sessions.onOtherToo(route.side(), other -> on(other, call));
        } else {
            transaction.sessions.onOtherToo(route.side(), other -> {
                String catalog = other.named(used, leg.side);
                other.connection.setCatalog(catalog);
                return catalog;
            });
        }
        rememberSession(request, leg);
        vendors.answers(leg);
        return answer;
    }

    private void rememberSession(WriteRequest request, Leg leg) throws SQLException {
        if (request.classification.verb() == Verb.SESSION) {
            if (ISOLATION.matcher(request.sql).find()) {
                transaction.sessions.isolationMayChange();
            }
            remember(request.sql, request.classification, leg);
        }
        transaction.outliving.ran(request);
    }

    /** What a BEGIN says of its transaction. */
    private void takeModes(String begin) throws SQLException {
        Matcher mode = MODES.matcher(begin);
        while (mode.find()) {
            transaction.sessions.mode(mode.group(), mode.group(1) != null);
        }
    }

    /** For legs that are opened later. */
    private void remember(String sql, Classification statement, Leg leg) {
        Session session = transaction.legs.session();
        String used = used(statement);
        String name = String.valueOf(statement.name());
        if (used != null) {
            session.remember(
                    "catalog",
                    leg.dialect.vendor(),
                    transaction.manual(),
                    other -> other.connection.setCatalog(other.named(used, leg.side)));
        } else if (name.startsWith(Classification.SET_CONFIG + ' ')) {
            session.rememberSetting(name.substring(Classification.SET_CONFIG.length() + 1));
        } else if (!name.equals(Classification.SET_CONFIG)) {
            session.remember(sql, leg.dialect.vendor(), transaction.manual());
        }
    }

    /** The database that {@code Classification.USE} names, or null for any other statement. */
    private static @Nullable String used(Classification statement) {
        String name = statement.name();
        return statement.verb() == Verb.SESSION && name != null && name.startsWith(Classification.USE)
                ? name.substring(Classification.USE.length())
                : null;
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

    private <T> T control(String sql, Classification statement, Rung rung, VendorCall<T> call, MirrorAnswer<T> answer)
            throws SQLException {
        if (rung.dual()) {
            if (OF_SAVEPOINTS.contains(statement.verb())) {
                return transaction.savepoints.byText(statement, leg -> on(leg, call));
            }
            closeFormerResults();
            connection.control(statement);
            if (statement.verb() == Verb.BEGIN) {
                takeModes(sql);
            }
            WriteOutcome nothing = WriteOutcome.NOTHING;
            outcome = nothing;
            return answer.of(nothing);
        }
        switch (statement.verb()) {
            case COMMIT:
            case ROLLBACK:
                return transaction.endByText(statement.verb() == Verb.COMMIT, leg -> on(leg, call));
            case BEGIN:
                T begun = on(transaction.on(rung.reads()), call);
                transaction.beginExplicitly();
                return begun;
            default:
                return on(transaction.on(rung.reads()), call);
        }
    }
}
