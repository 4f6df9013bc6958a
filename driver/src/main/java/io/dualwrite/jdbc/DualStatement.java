package io.dualwrite.jdbc;

import io.dualwrite.dialect.Dialect;
import io.dualwrite.dialect.SqlState;
import io.dualwrite.ladder.Phase;
import io.dualwrite.ladder.Rung;
import io.dualwrite.mirror.DualTransaction;
import io.dualwrite.mirror.KeyRequest;
import io.dualwrite.mirror.Leg;
import io.dualwrite.mirror.WriteOutcome;
import io.dualwrite.mirror.WriteRequest;
import io.dualwrite.sql.Classification;
import io.dualwrite.sql.Classification.Trait;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLNonTransientException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The application's statement: reads what the SQL does, asks the router where it runs, and has it run there. Everything that
 * has no behaviour of ours is forwarded by the generated subclass.
 *
 * <p>Not thread-safe, as every JDBC statement; {@link #cancel} and {@link #close} may come from another thread.
 */
abstract class DualStatement implements Statement {

    /** What is called on the vendor's statement where it runs as the application wrote it. */
    interface VendorCall<T> {
        T on(Statement vendor) throws SQLException;
    }

    /** What a mirrored write answers in place of the vendor's statement. */
    interface MirrorAnswer<T> {
        T of(WriteOutcome outcome) throws SQLException;
    }

    final DualConnection connection;
    final DualTransaction transaction;
    final VendorStatements vendors;
    /** Made when a statement first goes it: on a rung with one leg a prepared one does not. */
    private volatile @Nullable StatementWay way;

    private @Nullable ResultSet current;
    private @Nullable List<String> batch;
    /** The vendor's statement that says what it says where the last execution generated no keys. */
    private @Nullable Statement keyless;

    /** Whether the last execution asked for generated keys. */
    private boolean keysWanted;

    /** Whether the last execution has rows that need their leg. */
    private boolean rowsOpen;

    private boolean batchOpen;
    private boolean batchDirect;
    private boolean closed;

    DualStatement(DualConnection connection, DualTransaction transaction, VendorStatements.Maker maker) {
        this.connection = connection;
        this.transaction = transaction;
        this.vendors = new VendorStatements(maker);
    }

    /** The vendor's statement that answered last, or the one on which the next read would run. */
    Statement delegate() throws SQLException {
        if (gone()) {
            return closedDelegate();
        }
        Leg answering = vendors.answering();
        return vendors.on(
                answering != null
                        ? answering
                        : transaction.legs.open(transaction.rung().answers()));
    }

    /** Whether the statement or its connection is closed, so that the vendor's closed statement answers. */
    boolean gone() {
        return closed || connection.gone();
    }

    /** The vendor's closed statement; where there was none yet, one of its connection that is closed at once. */
    private Statement closedDelegate() throws SQLException {
        List<Statement> made = vendors.open();
        if (!made.isEmpty()) {
            return made.get(made.size() - 1);
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
        return rows == null ? null : Proxies.resultSet(rows, this, RowChanges.PASS, 0);
    }

    final void requireOpen() throws SQLException {
        if (closed) {
            throw new SQLNonTransientException("The statement is closed", SqlState.WRONG_STATE.code());
        }
    }

    // ------------------------------------------------------------------ the way of a statement

    private StatementWay way() {
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

    /** Classifies, routes and runs a text; in phases 1 and 6 that is the vendor's call and a look at the rung. */
    final <T> T run(
            String sql,
            Classification statement,
            KeyRequest keys,
            WriteRequest.Binder binder,
            VendorCall<T> call,
            MirrorAnswer<T> answer)
            throws SQLException {
        requireOpen();
        forgetAnswer();
        keysWanted = keys.wanted();
        return way().run(new WriteRequest(sql, statement, binder, keys, vendors.queryTimeout()), call, answer);
    }

    // ------------------------------------------------------------------ executing texts

    @Override
    public ResultSet executeQuery(String sql) throws SQLException {
        requireTakesText(sql);
        Classification statement = connection.classify(sql);
        if (refusesAsQuery(statement)) {
            return wrap(way().on(transaction.on(transaction.rung().authority()), vendor -> vendor.executeQuery(sql)));
        }
        return wrap(run(
                sql,
                statement,
                KeyRequest.NONE,
                WriteRequest.Binder.NONE,
                vendor -> vendor.executeQuery(sql),
                this::rowsOf));
    }

    /** Whether the vendor will refuse this as a query, without running it. */
    final boolean refusesAsQuery(Classification statement) throws SQLException {
        if (statement.is(Trait.RETURNS_ROWS) || !transaction.rung().dual()) {
            return false;
        }
        switch (statement.verb()) {
            case INSERT:
            case UPDATE:
            case DELETE:
            case MERGE:
                return answeringDialect().tellsQueriesFromWrites();
            default:
                return false;
        }
    }

    @Override
    public boolean execute(String sql) throws SQLException {
        return either(sql, KeyRequest.NONE, vendor -> vendor.execute(sql));
    }

    @Override
    public boolean execute(String sql, int autoGeneratedKeys) throws SQLException {
        return either(sql, keys(autoGeneratedKeys), vendor -> vendor.execute(sql, autoGeneratedKeys));
    }

    @Override
    public boolean execute(String sql, int[] columnIndexes) throws SQLException {
        return either(sql, KeyRequest.indexes(columnIndexes), vendor -> vendor.execute(sql, columnIndexes));
    }

    @Override
    public boolean execute(String sql, String[] columnNames) throws SQLException {
        return either(sql, KeyRequest.names(columnNames), vendor -> vendor.execute(sql, columnNames));
    }

    @Override
    public int executeUpdate(String sql) throws SQLException {
        return count(sql, KeyRequest.NONE, vendor -> vendor.executeUpdate(sql));
    }

    @Override
    public int executeUpdate(String sql, int autoGeneratedKeys) throws SQLException {
        return count(sql, keys(autoGeneratedKeys), vendor -> vendor.executeUpdate(sql, autoGeneratedKeys));
    }

    @Override
    public int executeUpdate(String sql, int[] columnIndexes) throws SQLException {
        return count(sql, KeyRequest.indexes(columnIndexes), vendor -> vendor.executeUpdate(sql, columnIndexes));
    }

    @Override
    public int executeUpdate(String sql, String[] columnNames) throws SQLException {
        return count(sql, KeyRequest.names(columnNames), vendor -> vendor.executeUpdate(sql, columnNames));
    }

    @Override
    public long executeLargeUpdate(String sql) throws SQLException {
        return largeCount(sql, KeyRequest.NONE, vendor -> vendor.executeLargeUpdate(sql));
    }

    @Override
    public long executeLargeUpdate(String sql, int autoGeneratedKeys) throws SQLException {
        return largeCount(sql, keys(autoGeneratedKeys), vendor -> vendor.executeLargeUpdate(sql, autoGeneratedKeys));
    }

    @Override
    public long executeLargeUpdate(String sql, int[] columnIndexes) throws SQLException {
        return largeCount(
                sql, KeyRequest.indexes(columnIndexes), vendor -> vendor.executeLargeUpdate(sql, columnIndexes));
    }

    @Override
    public long executeLargeUpdate(String sql, String[] columnNames) throws SQLException {
        return largeCount(sql, KeyRequest.names(columnNames), vendor -> vendor.executeLargeUpdate(sql, columnNames));
    }

    static KeyRequest keys(int autoGeneratedKeys) {
        return autoGeneratedKeys == RETURN_GENERATED_KEYS ? KeyRequest.GENERATED : KeyRequest.NONE;
    }

    /** Where the vendor refuses such a request for keys by itself, it is asked, and nothing is written. */
    private <T> void complainAsVendor(KeyRequest keys, VendorCall<T> call) throws SQLException {
        if (keys.wanted() && transaction.rung().dual()) {
            Leg leg = transaction.legs.open(transaction.rung().authority());
            if (keys.isRefusedBy(leg.dialect.vendor())) {
                way().on(leg, call);
            }
        }
    }

    /** Whether the statement executes texts; a prepared one does not. */
    void requireTakesText(String sql) throws SQLException {}

    private boolean either(String sql, KeyRequest keys, VendorCall<Boolean> call) throws SQLException {
        requireTakesText(sql);
        complainAsVendor(keys, call);
        Classification statement = connection.classify(sql);
        return run(sql, statement, keys, WriteRequest.Binder.NONE, call, DualStatement::answersRows);
    }

    private int count(String sql, KeyRequest keys, VendorCall<Integer> call) throws SQLException {
        requireTakesText(sql);
        complainAsVendor(keys, call);
        return run(sql, connection.classify(sql), keys, WriteRequest.Binder.NONE, call, answer -> (int) answer.count);
    }

    private long largeCount(String sql, KeyRequest keys, VendorCall<Long> call) throws SQLException {
        requireTakesText(sql);
        complainAsVendor(keys, call);
        return run(sql, connection.classify(sql), keys, WriteRequest.Binder.NONE, call, answer -> answer.count);
    }

    /** A write's rows; where it gives none, what the vendor's driver answers to a text that gives none. */
    final ResultSet rowsOf(WriteOutcome answer) throws SQLException {
        ResultSet rows = answer.rows;
        if (rows != null) {
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

    final ResultSet wrap(ResultSet vendors) {
        WriteOutcome answered = outcome();
        ResultSet wrapped =
                Proxies.resultSet(vendors, this, connection.rowChanges(), answered == null ? 0 : answered.columns);
        current = wrapped;
        return wrapped;
    }

    // ------------------------------------------------------------------ what it answered

    /** Lets go of what the last execution answered, as JDBC closes the former result set. */
    final void forgetAnswer() throws SQLException {
        current = null;
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

    /** A query has run on the leg: where its rows need the leg, they keep the rung until they are closed (R22). */
    final void rowsOpened(@Nullable Leg leg) {
        if (!rowsOpen && leg != null && leg.dialect.rowsNeedConnection(vendors.fetchSize())) {
            rowsOpen = true;
            transaction.rowsOpened();
        }
    }

    private void rowsClosed() {
        if (rowsOpen) {
            rowsOpen = false;
            transaction.rowsClosed();
        }
    }

    /** One of the statement's result sets was closed. */
    final void closed(ResultSet rows) {
        if (rows == current) {
            rowsClosed();
        }
    }

    static boolean answersRows(WriteOutcome answered) {
        return answered.rows != null && answered.isResult;
    }

    @Override
    @SuppressWarnings("NullAway") // JDBC allows null where the result is a count
    public ResultSet getResultSet() throws SQLException {
        requireOpen();
        if (current != null) {
            return current;
        }
        WriteOutcome answered = outcome();
        ResultSet rows = answered == null ? delegate().getResultSet() : answersRows(answered) ? answered.rows : null;
        return rows == null ? null : wrap(rows);
    }

    @Override
    public int getUpdateCount() throws SQLException {
        WriteOutcome answered = outcome();
        return answered == null ? delegate().getUpdateCount() : (int) countOf(answered);
    }

    @Override
    public long getLargeUpdateCount() throws SQLException {
        WriteOutcome answered = outcome();
        return answered == null ? delegate().getLargeUpdateCount() : countOf(answered);
    }

    private long countOf(WriteOutcome answered) throws SQLException {
        requireOpen();
        return answersRows(answered) ? -1 : answered.count;
    }

    @Override
    public boolean getMoreResults() throws SQLException {
        return getMoreResults(CLOSE_CURRENT_RESULT);
    }

    @Override
    public boolean getMoreResults(int current) throws SQLException {
        this.current = null;
        if (outcome() == null) {
            if (current == CLOSE_CURRENT_RESULT) {
                rowsClosed();
            }
            return delegate().getMoreResults(current);
        }
        way().noMoreResults();
        return false;
    }

    @Override
    public ResultSet getGeneratedKeys() throws SQLException {
        requireOpen();
        WriteOutcome answered = outcome();
        if (answered != null && answered.rows == null && transaction.rung().dual()) {
            return Proxies.resultSet(noKeys(), this, RowChanges.PASS, 0);
        }
        if (answered == null || answered.rows == null || answered.isResult) {
            return Proxies.resultSet(delegate().getGeneratedKeys(), this, RowChanges.PASS, 0);
        }
        DualResultSet keys = Proxies.resultSet(answered.rows, this, RowChanges.PASS, answered.columns);
        if (answeringDialect().givesFirstKeyOnly()) {
            keys.giveFirstOnly();
        }
        for (WriteOutcome further : answered.further) {
            if (further.rows != null) {
                keys.append(further.rows);
            }
        }
        return keys;
    }

    private Dialect answeringDialect() throws SQLException {
        return transaction.legs.open(transaction.rung().authority()).dialect;
    }

    /** What the vendor's driver gives, or refuses, where no keys were asked for. */
    private ResultSet noKeys() throws SQLException {
        if (isPrepared() && !answeringDialect().tellsQueriesFromWrites()) {
            return delegate().getGeneratedKeys();
        }
        Statement asked = keyless;
        if (asked == null) {
            Leg leg = transaction.on(transaction.rung().authority());
            asked = leg.connection.createStatement();
            asked.execute(leg.dialect.nothing(), keysWanted ? RETURN_GENERATED_KEYS : NO_GENERATED_KEYS);
            keyless = asked;
        }
        return asked.getGeneratedKeys();
    }

    // ------------------------------------------------------------------ batches

    /** Opens a batch where none is: it pins the rung, and on a rung with one leg it is the vendor's own. */
    final boolean openBatch() throws SQLException {
        requireOpen();
        if (!batchOpen) {
            Rung rung = transaction.beginBatch();
            batchOpen = true;
            batchDirect = !rung.dual() && connection.settings().phase != Phase.TWO;
        }
        return batchDirect;
    }

    final boolean isBatchDirect() {
        return batchOpen && batchDirect;
    }

    @Override
    public void addBatch(String sql) throws SQLException {
        requireTakesText(sql);
        if (openBatch()) {
            vendors.on(transaction.on(transaction.rung().reads())).addBatch(sql);
        } else {
            batch = Batch.with(batch, sql);
        }
    }

    @Override
    public void clearBatch() throws SQLException {
        requireOpen();
        if (isBatchDirect()) {
            delegate().clearBatch();
        }
        clearEntries();
        endBatch();
    }

    void clearEntries() {
        batch = null;
    }

    private void endBatch() {
        if (batchOpen) {
            batchOpen = false;
            transaction.endBatch();
        }
    }

    @Override
    public int[] executeBatch() throws SQLException {
        if (isBatchDirect() || !batchOpen) {
            return direct(Statement::executeBatch);
        }
        long[] counts = executeEntries();
        int[] narrow = new int[counts.length];
        for (int i = 0; i < counts.length; i++) {
            narrow[i] = (int) counts[i];
        }
        return narrow;
    }

    @Override
    public long[] executeLargeBatch() throws SQLException {
        return isBatchDirect() || !batchOpen ? direct(Statement::executeLargeBatch) : executeEntries();
    }

    private <T> T direct(VendorCall<T> call) throws SQLException {
        requireOpen();
        forgetAnswer();
        transaction.begin();
        try {
            return way().on(transaction.on(transaction.rung().reads()), call);
        } finally {
            endBatch();
            transaction.statementEnded();
        }
    }

    /** Runs the entries one after another, in one short transaction where autocommit is on. */
    private long[] executeEntries() throws SQLException {
        requireOpen();
        Batch run = new Batch(answeringDialect(), entries(), isPrepared());
        List<WriteOutcome> keys = new ArrayList<>(0);
        try {
            transaction.runBatch();
            while (run.hasNext()) {
                try {
                    run.succeeded(executeEntry(run.entry()));
                    WriteOutcome generated = way().takeKeys();
                    if (generated != null) {
                        keys.add(generated);
                    }
                } catch (SQLException e) {
                    run.failed(e);
                }
            }
            transaction.commitBatch();
            way().answerKeys(keys);
        } catch (SQLException e) {
            transaction.rollbackBatch(e);
            throw run.failure(e);
        } catch (RuntimeException | Error e) {
            transaction.rollbackBatch(e);
            throw e;
        } finally {
            clearEntries();
            endBatch();
            transaction.statementEnded();
        }
        return run.counts();
    }

    /** Whether the batch's entries are a prepared statement's. */
    boolean isPrepared() {
        return false;
    }

    int entries() {
        List<String> added = batch;
        return added == null ? 0 : added.size();
    }

    long executeEntry(int index) throws SQLException {
        String sql = Objects.requireNonNull(batch).get(index);
        return run(
                sql,
                connection.classify(sql),
                KeyRequest.NONE,
                WriteRequest.Binder.NONE,
                vendor -> batchEntry(vendor, sql),
                answer -> answer.count);
    }

    /** A query in a batch is refused by some drivers, and by others run for nothing. */
    private long batchEntry(Statement vendor, String sql) throws SQLException {
        if (answeringDialect().tellsQueriesFromWrites()) {
            return vendor.executeUpdate(sql);
        }
        return vendor.execute(sql) ? SUCCESS_NO_INFO : vendor.getUpdateCount();
    }

    // ------------------------------------------------------------------ settings that both vendors' statements share

    @Override
    public void setMaxRows(int max) throws SQLException {
        set("maxRows", vendor -> vendor.setMaxRows(max));
    }

    @Override
    public void setLargeMaxRows(long max) throws SQLException {
        set("maxRows", vendor -> vendor.setLargeMaxRows(max));
    }

    @Override
    public void setMaxFieldSize(int max) throws SQLException {
        set("maxFieldSize", vendor -> vendor.setMaxFieldSize(max));
    }

    @Override
    public void setQueryTimeout(int seconds) throws SQLException {
        set("queryTimeout", vendor -> vendor.setQueryTimeout(seconds));
        vendors.queryTimeout(seconds);
    }

    @Override
    public void setFetchSize(int rows) throws SQLException {
        set("fetchSize", vendor -> vendor.setFetchSize(rows));
        vendors.fetchSize(rows);
    }

    @Override
    public void setFetchDirection(int direction) throws SQLException {
        set("fetchDirection", vendor -> vendor.setFetchDirection(direction));
    }

    @Override
    public void setEscapeProcessing(boolean enable) throws SQLException {
        set("escapeProcessing", vendor -> vendor.setEscapeProcessing(enable));
    }

    @Override
    public void setCursorName(String name) throws SQLException {
        set("cursorName", vendor -> vendor.setCursorName(name));
    }

    @Override
    public void setPoolable(boolean poolable) throws SQLException {
        set("poolable", vendor -> vendor.setPoolable(poolable));
    }

    @Override
    public void closeOnCompletion() throws SQLException {
        set("closeOnCompletion", Statement::closeOnCompletion);
    }

    private void set(String name, VendorStatements.Setting setting) throws SQLException {
        requireOpen();
        delegate();
        vendors.set(name, setting);
    }

    // ------------------------------------------------------------------ the rest

    @Override
    public void cancel() throws SQLException {
        StatementWay known = way;
        if (known != null) {
            known.cancel();
        }
        for (Statement vendor : vendors.open()) {
            vendor.cancel();
        }
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
        }
    }

    @Override
    public boolean isClosed() throws SQLException {
        Leg answering = vendors.answering();
        return closed || answering != null && vendors.on(answering).isClosed();
    }

    @Override
    @SuppressWarnings("NullAway") // H2's closed statement has none
    public Connection getConnection() throws SQLException {
        return gone() && delegate().getConnection() == null ? null : connection;
    }

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
        return Unwrapping.unwrap(this, delegate(), type);
    }

    @Override
    public boolean isWrapperFor(Class<?> type) throws SQLException {
        return Unwrapping.wraps(this, delegate(), type);
    }
}
