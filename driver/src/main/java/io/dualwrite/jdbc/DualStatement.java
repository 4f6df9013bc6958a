package io.dualwrite.jdbc;

import io.dualwrite.dialect.SqlState;
import io.dualwrite.ladder.Phase;
import io.dualwrite.ladder.Rung;
import io.dualwrite.mirror.DualTransaction;
import io.dualwrite.mirror.Faults;
import io.dualwrite.mirror.KeyRequest;
import io.dualwrite.mirror.Leg;
import io.dualwrite.mirror.WriteOutcome;
import io.dualwrite.mirror.WriteRequest;
import io.dualwrite.route.Route;
import io.dualwrite.route.Router;
import io.dualwrite.sql.Classification;
import io.dualwrite.sql.Classification.Trait;
import io.dualwrite.sql.Verb;
import java.sql.BatchUpdateException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLNonTransientException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
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
    private @Nullable WriteOutcome outcome;
    private @Nullable ResultSet current;
    private List<String> batch = new ArrayList<>(0);
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
        Leg answering = vendors.answering();
        return vendors.on(
                answering != null
                        ? answering
                        : transaction.legs.open(transaction.rung().reads()));
    }

    final void requireOpen() throws SQLException {
        if (closed) {
            throw new SQLNonTransientException("The statement is closed", SqlState.WRONG_STATE.code());
        }
    }

    // ------------------------------------------------------------------ the way of a statement

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
        Rung rung = transaction.begin();
        try {
            Route route = Router.route(statement, rung, connection.settings());
            switch (route.way()) {
                case ONE_SIDE:
                    return alone(sql, statement, transaction.on(route.side()), call);
                case MARKED:
                    return transaction.marked(route.side(), route.marked(), reason(route), leg -> on(leg, call));
                case LOCK_BOTH:
                    return lockBoth(route, call);
                case SESSION:
                    return setsAutoCommit(statement)
                            ? answer.of(autoCommitByText(sql))
                            : onBothSessions(sql, statement, route, call);
                case MIRROR:
                    return answer.of(mirror(new WriteRequest(sql, statement, binder, keys, vendors.queryTimeout())));
                case TRANSACTION:
                    return control(statement, rung, call, answer);
                default:
                    throw Faults.refused(reason(route));
            }
        } finally {
            transaction.statementEnded();
        }
    }

    private <T> T alone(String sql, Classification statement, Leg leg, VendorCall<T> call) throws SQLException {
        T answer = on(leg, call);
        if (setsAutoCommit(statement)) {
            transaction.autoCommitWasSet(leg, turnsOn(sql));
        } else {
            rememberSession(sql, statement, leg);
        }
        return answer;
    }

    private static boolean setsAutoCommit(Classification statement) {
        return statement.verb() == Verb.SESSION && "autocommit".equals(statement.name());
    }

    /** {@code SET autocommit = …} by text: 1, ON and TRUE turn it on. */
    private static boolean turnsOn(String sql) {
        String value = sql.replaceAll("(?s).*=", "").replaceAll("[\\s;]", "").toLowerCase(Locale.ROOT);
        return value.equals("1") || value.equals("on") || value.equals("true");
    }

    private WriteOutcome autoCommitByText(String sql) throws SQLException {
        transaction.autoCommit(turnsOn(sql));
        outcome = WriteOutcome.NOTHING;
        return WriteOutcome.NOTHING;
    }

    private static String reason(Route route) {
        String reason = route.reason();
        return reason == null ? route.toString() : reason;
    }

    /** Runs on one leg as the application wrote it. */
    final <T> T on(Leg leg, VendorCall<T> call) throws SQLException {
        Statement vendor = vendors.on(leg);
        vendors.answers(leg);
        try {
            return call.on(vendor);
        } catch (SQLException e) {
            transaction.failed(leg, e);
            throw e;
        }
    }

    private <T> T lockBoth(Route route, VendorCall<T> call) throws SQLException {
        if (transaction.manual()) {
            transaction.onOldFirst(leg -> on(leg, call));
        }
        return on(transaction.on(route.side()), call);
    }

    private <T> T onBothSessions(String sql, Classification statement, Route route, VendorCall<T> call)
            throws SQLException {
        Leg leg = transaction.on(route.side());
        T answer = on(leg, call);
        rememberSession(sql, statement, leg);
        transaction.onOtherToo(route.side(), other -> on(other, call));
        vendors.answers(leg);
        return answer;
    }

    private void rememberSession(String sql, Classification statement, Leg leg) {
        if (statement.verb() == Verb.SESSION) {
            transaction.legs.session().remember(sql, leg.dialect.vendor());
        }
        if (statement.is(Trait.OUTLIVES_TRANSACTION) && !releases(statement)) {
            transaction.outlives(outliving(statement));
        }
    }

    private static boolean releases(Classification statement) {
        String name = String.valueOf(statement.name()).toLowerCase(Locale.ROOT);
        return name.contains("unlock") || name.contains("release");
    }

    private static String outliving(Classification statement) {
        switch (statement.verb()) {
            case TEMPORARY:
                return "a temporary table";
            case LOCK:
                return "a session lock";
            case SELECT:
                return "a cursor that is held";
            default:
                return "a statement prepared by text";
        }
    }

    private WriteOutcome mirror(WriteRequest request) throws SQLException {
        WriteOutcome answered = transaction.write(request);
        outcome = answered;
        return answered;
    }

    private <T> T control(Classification statement, Rung rung, VendorCall<T> call, MirrorAnswer<T> answer)
            throws SQLException {
        if (rung.dual()) {
            connection.control(statement);
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

    // ------------------------------------------------------------------ executing texts

    @Override
    public ResultSet executeQuery(String sql) throws SQLException {
        return wrap(run(
                sql,
                connection.classify(sql),
                KeyRequest.NONE,
                WriteRequest.Binder.NONE,
                vendor -> vendor.executeQuery(sql),
                DualStatement::rowsOf));
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

    private boolean either(String sql, KeyRequest keys, VendorCall<Boolean> call) throws SQLException {
        Classification statement = connection.classify(sql);
        return run(sql, statement, keys, WriteRequest.Binder.NONE, call, answer -> statement.is(Trait.RETURNS_ROWS));
    }

    private int count(String sql, KeyRequest keys, VendorCall<Integer> call) throws SQLException {
        return run(sql, connection.classify(sql), keys, WriteRequest.Binder.NONE, call, answer -> (int) answer.count);
    }

    private long largeCount(String sql, KeyRequest keys, VendorCall<Long> call) throws SQLException {
        return run(sql, connection.classify(sql), keys, WriteRequest.Binder.NONE, call, answer -> answer.count);
    }

    static ResultSet rowsOf(WriteOutcome answer) throws SQLException {
        ResultSet rows = answer.rows;
        if (rows == null) {
            throw new SQLNonTransientException("The statement gave no rows", "02000");
        }
        return rows;
    }

    final ResultSet wrap(ResultSet vendors) {
        ResultSet wrapped = Proxies.resultSet(vendors, this, connection.rowChanges());
        current = wrapped;
        return wrapped;
    }

    // ------------------------------------------------------------------ what it answered

    /** Lets go of what the last execution answered, as JDBC closes the former result set. */
    final void forgetAnswer() throws SQLException {
        WriteOutcome former = outcome;
        outcome = null;
        current = null;
        if (former != null && former.owner != null) {
            former.owner.close();
        }
    }

    private boolean answersRows(WriteOutcome answered) {
        return answered.rows != null && answered.isResult;
    }

    @Override
    @SuppressWarnings("NullAway") // JDBC allows null where the result is a count
    public ResultSet getResultSet() throws SQLException {
        requireOpen();
        if (current != null) {
            return current;
        }
        WriteOutcome answered = outcome;
        ResultSet rows = answered == null ? delegate().getResultSet() : answersRows(answered) ? answered.rows : null;
        return rows == null ? null : wrap(rows);
    }

    @Override
    public int getUpdateCount() throws SQLException {
        WriteOutcome answered = outcome;
        return answered == null ? delegate().getUpdateCount() : (int) countOf(answered);
    }

    @Override
    public long getLargeUpdateCount() throws SQLException {
        WriteOutcome answered = outcome;
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
        if (outcome == null) {
            return delegate().getMoreResults(current);
        }
        forgetAnswer();
        outcome = WriteOutcome.NO_MORE;
        return false;
    }

    @Override
    public ResultSet getGeneratedKeys() throws SQLException {
        requireOpen();
        WriteOutcome answered = outcome;
        ResultSet keys = answered == null || answered.rows == null || answered.isResult
                ? delegate().getGeneratedKeys()
                : answered.rows;
        return Proxies.resultSet(keys, this, RowChanges.PASS);
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
        if (openBatch()) {
            vendors.on(transaction.on(transaction.rung().reads())).addBatch(sql);
        } else {
            batch.add(sql);
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
        batch.clear();
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
            return on(transaction.on(transaction.rung().reads()), call);
        } finally {
            endBatch();
            transaction.statementEnded();
        }
    }

    /** Runs the entries one after another, in one short transaction where autocommit is on. */
    private long[] executeEntries() throws SQLException {
        requireOpen();
        int size = entries();
        long[] counts = new long[size];
        int done = 0;
        try {
            for (; done < size; done++) {
                counts[done] = executeEntry(done);
            }
            transaction.commitBatch();
            return counts;
        } catch (SQLException e) {
            transaction.rollbackBatch(e);
            long[] soFar = Arrays.copyOf(counts, done);
            throw new BatchUpdateException(e.getMessage(), e.getSQLState(), e.getErrorCode(), soFar, e);
        } finally {
            clearEntries();
            endBatch();
            transaction.statementEnded();
        }
    }

    int entries() {
        return batch.size();
    }

    long executeEntry(int index) throws SQLException {
        String sql = batch.get(index);
        return largeCount(sql, KeyRequest.NONE, vendor -> (long) vendor.executeUpdate(sql));
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
    public Connection getConnection() throws SQLException {
        requireOpen();
        return connection;
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
