package io.dualwrite.jdbc;

import io.dualwrite.dialect.Dialect;
import io.dualwrite.dialect.SqlState;
import io.dualwrite.dialect.Vendor;
import io.dualwrite.mirror.DualTransaction;
import io.dualwrite.mirror.Faults;
import io.dualwrite.mirror.Leg;
import io.dualwrite.mirror.Turn;
import io.dualwrite.mirror.WriteOutcome;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLNonTransientException;
import java.sql.SQLWarning;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import org.jspecify.annotations.Nullable;

/**
 * The lower part of {@link DualStatement}: the vendors' statements that stand behind the application's, and what its last
 * execution answered, be it one of theirs or a mirrored write: rows, counts and generated keys.
 *
 * <p>Not thread-safe, as every JDBC statement; {@link #cancel} and {@link #close} may come from another thread.
 */
abstract class AnsweringStatement implements Statement {
    private static final AtomicIntegerFieldUpdater<AnsweringStatement> ROWS_OPEN =
            AtomicIntegerFieldUpdater.newUpdater(AnsweringStatement.class, "rowsOpen");

    final DualConnection connection;
    final DualTransaction transaction;
    final VendorStatements vendors;
    /** Made when the statement first goes that way, which a prepared one on a rung with one leg seldom does. */
    private volatile @Nullable StatementWay way;

    private @Nullable GivenRows current;
    /** The generated keys that were given last, where the statement ends with them. */
    private @Nullable ResultSet keys;
    /** The vendor's statement that answers for keys where the last execution generated none. */
    private @Nullable Statement keyless;

    /** Whether the last execution asked for generated keys. */
    private boolean keysWanted;

    /** Whether the keys were closed with the last result, as PostgreSQL's driver does it. */
    private boolean keysClosed;

    /** 1 where the last execution has rows that need their leg, else 0; a thread that closes the statement may come in between. */
    private volatile int rowsOpen;

    private volatile boolean closed;

    AnsweringStatement(DualConnection connection, DualTransaction transaction, VendorStatements.Maker maker) {
        this.connection = connection;
        this.transaction = transaction;
        this.vendors = new VendorStatements(maker);
    }

    /** The vendor's statement that answered last, or the one on which the next read would run where that has gone with its leg. */
    Statement delegate() throws SQLException {
        if (gone()) {
            return closedDelegate();
        }
        Leg answering = vendors.answering();
        return vendors.on(
                answering != null && !answering.isLost()
                        ? answering
                        : transaction.legs.open(transaction.rung().answers()));
    }

    /** The vendor's statement that has what the last execution answered, also where its leg has gone since. */
    private Statement answeredBy() throws SQLException {
        Leg answering = vendors.answering();
        return !gone() && answering != null && vendors.has(answering) ? vendors.on(answering) : delegate();
    }

    /** Whether the statement or its connection is closed, so that the vendor's closed statement answers. */
    boolean gone() {
        return closed || connection.gone();
    }

    /** The vendor's closed statement; where there was none yet, one of its connection that is closed at once. */
    private Statement closedDelegate() throws SQLException {
        Statement made = vendors.madeFor(transaction.rung().answers());
        if (made != null) {
            return made;
        }
        Statement ofClosed = connection.ofClosed(vendors.maker(), Statement.class);
        if (ofClosed == null) {
            ofClosed = vendors.on(transaction.legs.open(transaction.rung().answers()));
            ofClosed.close();
        }
        return ofClosed;
    }

    /** Rows that a closed statement still has. */
    @SuppressWarnings("NullAway") // JDBC allows null where there are none
    final ResultSet adopt(ResultSet rows) {
        return rows == null ? null : Proxies.resultSet(rows, this, null);
    }

    /** Takes the vendor's statement on the leg for the one that answered last. */
    final void standsFor(Leg leg) throws SQLException {
        vendors.on(leg);
        vendors.answers(leg);
    }

    /**
     * Refuses a closed statement: the vendor's closed one is asked, so that it complains in its own words.
     *
     * @throws SQLException the vendor's own, or SQLSTATE HY010 where its closed statement answers
     */
    final void requireOpen() throws SQLException {
        if (closed) {
            vendors.close();
            closedDelegate().getMaxRows();
            throw new SQLNonTransientException("The statement is closed", SqlState.WRONG_STATE.code());
        }
    }

    /** Whether the text was given once and for all, so that its batches have parameters for entries. */
    abstract boolean isPrepared();

    /** Lets go of a batch that is open, and of the rung that it pins. */
    abstract void endBatch();

    /** Where the statement's executions run. */
    final StatementWay way() {
        StatementWay known = way;
        if (known == null) {
            known = new StatementWay(connection, transaction, vendors, this::rowsOpened);
            way = known;
        }
        return known;
    }

    private @Nullable WriteOutcome outcome() {
        StatementWay known = way;
        return known == null ? null : known.outcome();
    }

    // ------------------------------------------------------------------ what it answered

    /** A write's rows; where it gives none, what the vendor's driver answers to a text that gives none. */
    final ResultSet rowsOf(WriteOutcome answer) throws SQLException {
        ResultSet rows = answer.rows;
        if (rows != null && answer.isResult) {
            return rows;
        }
        Leg leg = transaction.on(transaction.rung().authority());
        Statement asked = leg.connection.createStatement();
        try {
            asked.closeOnCompletion();
            return asked.executeQuery(leg.dialect.nothing());
        } catch (SQLException e) {
            asked.close();
            throw e;
        }
    }

    /** A write's count; where it gives rows, what the vendor's driver says of rows in the place of a count. */
    final long countInUpdate(WriteOutcome answer) throws SQLException {
        if (!answersRows(answer)) {
            return answer.count;
        }
        Leg leg = transaction.on(transaction.rung().authority());
        try (Statement asked = leg.connection.createStatement()) {
            return asked.executeUpdate("SELECT 1");
        }
    }

    final ResultSet wrap(ResultSet vendors) throws SQLException {
        WriteOutcome answered = outcome();
        ResultSet wrapped = Proxies.resultSet(
                vendors,
                this,
                answered == null
                        ? null
                        : new AnsweredRows(
                                answered.columns, answered.most, answeredBy().getResultSetType(), true));
        GivenRows former = current;
        GivenRows keeping = GivenRows.keep(wrapped, former);
        if (keeping != former) {
            current = keeping;
        }
        return wrapped;
    }

    private @Nullable ResultSet current() {
        GivenRows kept = current;
        return kept == null ? null : kept.rows();
    }

    private void forgetCurrent() {
        GivenRows kept = current;
        if (kept != null) {
            kept.forget();
        }
    }

    /** Lets go of what the last execution answered, as JDBC closes the former result set. */
    final void forgetAnswer() throws SQLException {
        forgetCurrent();
        keys = null;
        keysClosed = false;
        rowsClosed();
        StatementWay known = way;
        if (known != null) {
            known.forget();
        }
        Statement asked = keyless;
        if (asked != null) {
            keyless = null;
            asked.close();
        }
    }

    /** An execution begins, whose answer takes the place of the last one's. */
    final void forgetAnswer(boolean wantsKeys) throws SQLException {
        forgetAnswer();
        keysWanted = wantsKeys;
    }

    /**
     * Changes a row through a result set of this statement's.
     *
     * @throws SQLException the vendor's own; SQLSTATE 0A000 on a dual rung, where nothing was written
     */
    final void changeRow(String operation, Turn.Step<SQLException> change) throws SQLException {
        connection.requireOneLeg(operation);
        transaction.turn.step(() -> way().changeRow(operation, change));
    }

    /** A query has run on the leg: where its rows need the leg, they keep the rung until they are closed (R22). */
    final void rowsOpened(@Nullable Leg leg) throws SQLException {
        if (rowsOpen == 0 && leg != null && needLeg(leg)) {
            transaction.rowsOpened();
            rowsOpen = 1;
            if (closed) {
                // By another thread, while the query ran.
                rowsClosed();
            }
        }
    }

    /** Where the application says nothing, its URL may set the fetch size. */
    private boolean needLeg(Leg leg) throws SQLException {
        int asked = vendors.fetchSize();
        if (leg.dialect.rowsNeedConnection(asked)) {
            return true;
        }
        Statement made = asked == 0 && leg.dialect.rowsNeedConnection(1) ? vendors.madeFor(leg.side) : null;
        return made != null && made.getFetchSize() != 0;
    }

    private void rowsClosed() {
        if (rowsOpen == 1) {
            if (transaction.rung().dual()) {
                transaction.turn.step(this::letRowsGo);
            } else {
                letRowsGo();
            }
        }
    }

    private void letRowsGo() {
        if (ROWS_OPEN.compareAndSet(this, 1, 0)) {
            transaction.letGo();
        }
    }

    /**
     * One of the statement's result sets was closed. The vendor's statement does not end with one that a mirrored write gave; where it
     * ends, those on other legs have to end with it.
     */
    final void closed(ResultSet rows) throws SQLException {
        boolean isResult = rows == current();
        if (isResult) {
            rowsClosed();
        }
        if (vendors.isSet("closeOnCompletion")
                && (outcome() == null
                        ? isClosed()
                        : isResult || rows == keys && answeringDialect().completesWithKeys())) {
            close();
        }
    }

    static boolean answersRows(WriteOutcome answered) {
        return answered.rows != null && answered.isResult;
    }

    @Override
    @SuppressWarnings("NullAway") // JDBC allows null where the result is a count
    public ResultSet getResultSet() throws SQLException {
        requireOpen();
        // A driver may give rows to a text that has none, and have no result set afterwards
        WriteOutcome answered = outcome();
        ResultSet rows = answered == null ? answeredBy().getResultSet() : answersRows(answered) ? answered.rows : null;
        ResultSet given = current();
        return rows == null ? null : given == null ? wrap(rows) : given;
    }

    @Override
    public int getUpdateCount() throws SQLException {
        WriteOutcome answered = outcome();
        return answered == null ? answeredBy().getUpdateCount() : (int) countOf(answered);
    }

    @Override
    public long getLargeUpdateCount() throws SQLException {
        WriteOutcome answered = outcome();
        return answered == null ? answeredBy().getLargeUpdateCount() : countOf(answered);
    }

    private long countOf(WriteOutcome answered) throws SQLException {
        requireOpen();
        return answersRows(answered) ? -1 : answered.count;
    }

    @Override
    public boolean getMoreResults() throws SQLException {
        WriteOutcome answered = outcome();
        if (answered == null) {
            forgetCurrent();
            rowsClosed();
            return answeredBy().getMoreResults();
        }
        boolean hadKeys = answered.rows != null && !answered.isResult;
        keysClosed |= hadKeys && answeringDialect().vendor() == Vendor.POSTGRESQL;
        return getMoreResults(CLOSE_CURRENT_RESULT);
    }

    @Override
    public boolean getMoreResults(int current) throws SQLException {
        forgetCurrent();
        if (outcome() == null) {
            if (current == CLOSE_CURRENT_RESULT) {
                rowsClosed();
            }
            return answeredBy().getMoreResults(current);
        }
        boolean isMode = current >= CLOSE_CURRENT_RESULT && current <= CLOSE_ALL_RESULTS;
        if (!isMode && answeringDialect().vendor() == Vendor.H2) {
            // H2's driver alone refuses what is none of JDBC's modes
            answeredBy().getMoreResults(current);
        }
        way().noMoreResults();
        return false;
    }

    @Override
    public ResultSet getGeneratedKeys() throws SQLException {
        ResultSet given = generatedKeys();
        if (vendors.isSet("closeOnCompletion")) {
            keys = given;
        }
        return given;
    }

    private ResultSet generatedKeys() throws SQLException {
        requireOpen();
        WriteOutcome answered = outcome();
        if (answered != null && answered.rows == null && transaction.rung().dual()) {
            ResultSet none = noKeys();
            if (keysClosed) {
                none.close();
            }
            return Proxies.resultSet(none, this, null);
        }
        if (answered == null || answered.rows == null || answered.isResult) {
            return Proxies.resultSet(answeredBy().getGeneratedKeys(), this, null);
        }
        Leg leg = transaction.legs.open(transaction.rung().authority());
        long most = leg.dialect.givesFirstKeyOnly(leg.connection) ? 1 : answered.most;
        AnsweredRows generated =
                new AnsweredRows(answered.columns, most, ResultSet.TYPE_FORWARD_ONLY, leg.dialect.completesWithKeys());
        for (WriteOutcome further : answered.further) {
            if (further.rows != null) {
                generated.append(answered.rows, further.rows);
            }
        }
        return Proxies.resultSet(answered.rows, this, generated);
    }

    /** The dialect of the side whose answers count. */
    final Dialect answeringDialect() throws SQLException {
        return transaction.legs.open(transaction.rung().authority()).dialect;
    }

    /** What the vendor's driver gives, or refuses, where no keys were asked for. */
    private ResultSet noKeys() throws SQLException {
        if (isPrepared() && !answeringDialect().tellsQueriesFromWrites()) {
            return answeredBy().getGeneratedKeys();
        }
        Statement asked = keyless;
        return (asked == null ? transaction.turn.take(this::askWithoutKeys) : asked).getGeneratedKeys();
    }

    private Statement askWithoutKeys() throws SQLException {
        Leg leg = transaction.on(transaction.rung().authority());
        Statement asked = leg.connection.createStatement();
        asked.execute(leg.dialect.nothing(), keysWanted ? RETURN_GENERATED_KEYS : NO_GENERATED_KEYS);
        keyless = asked;
        return asked;
    }

    @Override
    @SuppressWarnings("NullAway") // JDBC allows null where there are none
    public SQLWarning getWarnings() throws SQLException {
        WriteOutcome answered = outcome();
        if (answered == null) {
            return answeredBy().getWarnings();
        }
        requireOpen();
        return answered.warnings;
    }

    @Override
    public void clearWarnings() throws SQLException {
        delegate().clearWarnings();
        if (outcome() != null) {
            way().forgetWarnings();
        }
    }

    // ------------------------------------------------------------------ the end

    @Override
    public void cancel() throws SQLException {
        StatementWay known = way;
        if (known != null) {
            known.cancel();
        }
        if (gone()) {
            delegate().cancel();
            return;
        }
        Faults.onEach(vendors.all(), Statement::cancel);
    }

    @Override
    public void close() throws SQLException {
        if (closed) {
            return;
        }
        closed = true;
        try {
            forgetAnswer();
            endBatch();
        } finally {
            vendors.close();
            if (connection.gone() && !transaction.isAborted()) {
                closedDelegate().close();
            }
        }
    }

    @Override
    public boolean isClosed() throws SQLException {
        Leg answering = vendors.answering();
        if (closed || answering == null) {
            return closed;
        }
        return (connection.gone() || !answering.isLost()) && delegate().isClosed();
    }

    @Override
    @SuppressWarnings("NullAway") // H2's closed statement has none
    public Connection getConnection() throws SQLException {
        return gone() && delegate().getConnection() == null ? null : connection;
    }

    /** What the vendor's statement says: applications print statements to see what they are about to run. */
    @Override
    public String toString() {
        Statement vendor = vendors.madeFor(transaction.rung().answers());
        return vendor == null ? super.toString() : vendor.toString();
    }

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
        return Unwrapping.unwrap(transaction, this, delegate(), type);
    }

    @Override
    public boolean isWrapperFor(Class<?> type) throws SQLException {
        return Unwrapping.wraps(this, delegate(), type);
    }
}
