package io.dualwrite.jdbc;

import io.dualwrite.dialect.Vendor;
import io.dualwrite.jdbc.StatementWay.MirrorAnswer;
import io.dualwrite.jdbc.StatementWay.VendorCall;
import io.dualwrite.ladder.Rung;
import io.dualwrite.mirror.DualTransaction;
import io.dualwrite.mirror.KeyRequest;
import io.dualwrite.mirror.Leg;
import io.dualwrite.mirror.WriteRequest;
import io.dualwrite.sql.Classification;
import io.dualwrite.sql.Classification.Trait;
import io.dualwrite.sql.Verb;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The application's statement: reads what the SQL does and has {@link StatementWay} run it where it belongs. What needs no
 * behaviour of this driver's is forwarded by the generated subclass.
 *
 * <p>Not thread-safe, as every JDBC statement; {@link #cancel} and {@link #close} may come from another thread.
 */
abstract class DualStatement extends BatchingStatement {
    private @Nullable List<String> batch;

    DualStatement(DualConnection connection, DualTransaction transaction, VendorStatements.Maker maker) {
        super(connection, transaction, maker);
    }

    // ------------------------------------------------------------------ the way of a statement

    /** Routes and runs what was classified; in phases 1 and 6 that is the vendor's call and a look at the rung. */
    final <T> T run(WriteRequest request, VendorCall<T> call, MirrorAnswer<T> answer) throws SQLException {
        requireOpen();
        forgetAnswer(request.wantsKeys());
        return way().run(request, call, answer);
    }

    /** What the application asks for, on the terms that it has set by now. */
    final WriteRequest request(String sql, Classification statement, KeyRequest keys, WriteRequest.Binder binder) {
        return new WriteRequest(sql, statement, binder, keys, vendors.terms());
    }

    private WriteRequest request(String sql, Classification statement, KeyRequest keys) {
        return request(sql, statement, keys, WriteRequest.Binder.NONE);
    }

    /**
     * Begins where a text runs alone and leaves nothing behind, and gives the vendor's statement; null where its way has to be gone,
     * and nothing has begun.
     */
    private @Nullable Statement beginAlone(String sql) throws SQLException {
        Leg leg = transaction.alone();
        if (leg == null || !connection.leavesNothing(sql, leg) || transaction.beginAlone() == null) {
            return null;
        }
        try {
            forgetAnswer();
            vendors.answers(leg);
            return vendors.on(leg);
        } catch (SQLException | RuntimeException | Error e) {
            transaction.statementEnded();
            throw e;
        }
    }

    // ------------------------------------------------------------------ executing texts

    @Override
    public ResultSet executeQuery(String sql) throws SQLException {
        requireTakesText(sql);
        Statement alone = beginAlone(sql);
        if (alone == null) {
            return queryTheLongWay(sql);
        }
        try {
            ResultSet rows = alone.executeQuery(sql);
            rowsOpened(vendors.answering());
            return wrap(rows);
        } finally {
            transaction.statementEnded();
        }
    }

    private ResultSet queryTheLongWay(String sql) throws SQLException {
        Classification statement = connection.classify(sql);
        if (refusesAsQuery(statement)) {
            return wrap(refuse(vendor -> vendor.executeQuery(sql)));
        }
        return wrap(run(request(sql, statement, KeyRequest.NONE), vendor -> vendor.executeQuery(sql), this::rowsOf));
    }

    /** Whether the vendor will refuse this as a query, without running it. */
    final boolean refusesAsQuery(Classification statement) throws SQLException {
        if (statement.is(Trait.RETURNS_ROWS)
                || statement.is(Trait.SEVERAL)
                || !transaction.rung().dual()) {
            return false;
        }
        switch (statement.verb()) {
            case SELECT:
            case LOCK:
            case UNKNOWN:
                return false;
            default:
                return answeringDialect().tellsQueriesFromWrites();
        }
    }

    /** Has the vendor refuse what it will not run as an update, before anything of it runs. */
    final void refuseAsUpdate(Classification statement, VendorCall<?> call) throws SQLException {
        boolean isQuery = statement.verb() == Verb.SELECT && !statement.is(Trait.COMMITS_BEFORE);
        if ((isQuery || statement.is(Trait.RETURNS_ROWS))
                && !statement.is(Trait.SEVERAL)
                && transaction.rung().dual()
                && answeringDialect().tellsQueriesFromWrites()) {
            refuse(call);
        }
    }

    /** Asks the vendor alone, who refuses it. */
    final <T> T refuse(VendorCall<T> call) throws SQLException {
        return transaction.turn.take(() -> {
            requireOpen();
            forgetAnswer();
            way().closeFormerResults();
            try {
                return way().on(transaction.on(transaction.rung().authority()), call);
            } finally {
                transaction.statementEnded();
            }
        });
    }

    @Override
    public boolean execute(String sql) throws SQLException {
        requireTakesText(sql);
        Statement alone = beginAlone(sql);
        if (alone == null) {
            return either(sql, KeyRequest.NONE, vendor -> vendor.execute(sql));
        }
        try {
            boolean rows = alone.execute(sql);
            if (rows) {
                rowsOpened(vendors.answering());
            }
            return rows;
        } finally {
            transaction.statementEnded();
        }
    }

    @Override
    public boolean execute(String sql, int autoGeneratedKeys) throws SQLException {
        return either(sql, knownKeys(autoGeneratedKeys), vendor -> vendor.execute(sql, autoGeneratedKeys));
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
        requireTakesText(sql);
        Statement alone = beginAlone(sql);
        if (alone == null) {
            return count(sql, KeyRequest.NONE, vendor -> vendor.executeUpdate(sql));
        }
        try {
            return alone.executeUpdate(sql);
        } finally {
            transaction.statementEnded();
        }
    }

    @Override
    public int executeUpdate(String sql, int autoGeneratedKeys) throws SQLException {
        return count(sql, knownKeys(autoGeneratedKeys), vendor -> vendor.executeUpdate(sql, autoGeneratedKeys));
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
        return largeCount(
                sql, knownKeys(autoGeneratedKeys), vendor -> vendor.executeLargeUpdate(sql, autoGeneratedKeys));
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

    /** A driver that knows two flags alone refuses any other, and nothing is written. */
    private KeyRequest knownKeys(int autoGeneratedKeys) throws SQLException {
        if (autoGeneratedKeys != RETURN_GENERATED_KEYS
                && autoGeneratedKeys != NO_GENERATED_KEYS
                && transaction.rung().dual()) {
            Leg leg = transaction.legs.open(transaction.rung().authority());
            if (leg.dialect.vendor() == Vendor.POSTGRESQL) {
                transaction.turn.take(() -> vendors.on(leg).executeUpdate(leg.dialect.nothing(), autoGeneratedKeys));
            }
        }
        return keys(autoGeneratedKeys);
    }

    static KeyRequest keys(int autoGeneratedKeys) {
        return autoGeneratedKeys == RETURN_GENERATED_KEYS ? KeyRequest.GENERATED : KeyRequest.NONE;
    }

    /** Where the vendor refuses such a request for keys by itself, it is asked, and nothing is written. */
    private <T> void complainAsVendor(KeyRequest keys, VendorCall<T> call) throws SQLException {
        if (keys.wanted() && transaction.rung().dual()) {
            Leg leg = transaction.legs.open(transaction.rung().authority());
            if (keys.isRefusedBy(leg.dialect.vendor())) {
                transaction.turn.take(() -> {
                    vendors.answers(leg);
                    return call.on(vendors.on(leg));
                });
            }
        }
    }

    /** Whether the statement executes texts; a prepared one does not. */
    void requireTakesText(String sql) throws SQLException {}

    /** A driver that refuses a text on a prepared statement may take one where generated keys or large counts are wanted. */
    private void requireTakesText(String sql, boolean keysOrLarge) throws SQLException {
        if (!keysOrLarge || !answeringDialect().preparedTakesTextForKeys()) {
            requireTakesText(sql);
        }
    }

    private boolean either(String sql, KeyRequest keys, VendorCall<Boolean> call) throws SQLException {
        requireTakesText(sql, keys.wanted());
        complainAsVendor(keys, call);
        Classification statement = connection.classify(sql);
        return run(request(sql, statement, keys), call, AnsweringStatement::answersRows);
    }

    private int count(String sql, KeyRequest keys, VendorCall<Integer> call) throws SQLException {
        requireTakesText(sql, keys.wanted());
        complainAsVendor(keys, call);
        Classification statement = connection.classify(sql);
        refuseAsUpdate(statement, call);
        return run(request(sql, statement, keys), call, answer -> (int) countInUpdate(answer));
    }

    private long largeCount(String sql, KeyRequest keys, VendorCall<Long> call) throws SQLException {
        requireTakesText(sql, true);
        complainAsVendor(keys, call);
        Classification statement = connection.classify(sql);
        refuseAsUpdate(statement, call);
        return run(request(sql, statement, keys), call, this::countInUpdate);
    }

    // ------------------------------------------------------------------ texts in a batch

    @Override
    public void addBatch(String sql) throws SQLException {
        requireTakesText(sql);
        adding(() -> {
            if (openBatch()) {
                Leg leg = transaction.on(transaction.rung().reads());
                Statement vendor = vendors.on(leg);
                boolean noted =
                        !connection.leavesNothing(sql, leg) && way().takesNoteOfEntry(connection.classify(sql, leg));
                vendor.addBatch(sql);
                if (noted) {
                    vendor.clearBatch();
                    runOneByOne();
                }
            } else if (sql == null || connection.classify(sql).is(Trait.UNREAD)) {
                // Its driver may refuse to take it.
                Statement vendor = delegate();
                vendor.addBatch(sql);
                vendor.clearBatch();
            }
            batch = Batch.with(batch, sql);
        });
    }

    @Override
    void clearEntries() {
        batch = null;
    }

    @Override
    boolean isPrepared() {
        return false;
    }

    @Override
    int entries() {
        List<String> added = batch;
        return added == null ? 0 : added.size();
    }

    @Override
    long executeEntry(int index) throws SQLException {
        String sql = Objects.requireNonNull(batch).get(index);
        KeyRequest keys = answeringDialect().givesKeysOfTexts() ? KeyRequest.GENERATED : KeyRequest.NONE;
        return run(
                request(sql, connection.classify(sql), keys),
                vendor -> batchEntry(vendor, sql),
                answer -> answer.count);
    }

    /** In phase 2 nothing of it may be Data B; it has the vendor's counts and keys then. */
    @Override
    boolean runsAsVendorsBatch() throws SQLException {
        List<String> added = batch;
        if (added == null) {
            return false;
        }
        for (String sql : added) {
            if (!way().runsAlone(connection.classify(sql))) {
                return false;
            }
        }
        return true;
    }

    @Override
    long[] executeVendorsBatch() throws SQLException {
        List<String> added = Objects.requireNonNull(batch);
        String first = added.get(0);
        return run(
                request(first, connection.classify(first), KeyRequest.NONE),
                vendor -> {
                    vendor.clearBatch();
                    for (String sql : added) {
                        vendor.addBatch(sql);
                    }
                    return Batch.wide(vendor.executeBatch());
                },
                answer -> new long[0]);
    }

    /** A query in a batch is refused by some drivers, and by others run for nothing. */
    private long batchEntry(Statement vendor, String sql) throws SQLException {
        if (answeringDialect().tellsQueriesFromWrites()) {
            return vendor.executeUpdate(sql);
        }
        return vendor.execute(sql) ? answeringDialect().countOfBatchedQuery() : vendor.getUpdateCount();
    }

    // ------------------------------------------------------------------ settings that both vendors' statements share

    @Override
    public void setMaxRows(int max) throws SQLException {
        set("maxRows", vendor -> vendor.setMaxRows(max));
        vendors.terms(vendors.terms().maxRows(max));
    }

    @Override
    public void setLargeMaxRows(long max) throws SQLException {
        set("maxRows", vendor -> vendor.setLargeMaxRows(max));
        vendors.terms(vendors.terms().maxRows(max));
    }

    @Override
    public void setMaxFieldSize(int max) throws SQLException {
        set("maxFieldSize", vendor -> vendor.setMaxFieldSize(max));
    }

    @Override
    public void setQueryTimeout(int seconds) throws SQLException {
        set("queryTimeout", vendor -> vendor.setQueryTimeout(seconds));
        vendors.terms(vendors.terms().timeout(seconds));
    }

    /** Of a side that is not read what the application has set: on H2 a limit is its session's, and the mirror's has one of its own (R5). */
    @Override
    public int getQueryTimeout() throws SQLException {
        Leg answered = vendors.answering();
        Rung rung = transaction.rung();
        if (gone() || answered == null || !rung.dual() || answered.side == rung.reads()) {
            return delegate().getQueryTimeout();
        }
        return vendors.terms().timeoutSeconds;
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
        vendors.terms(vendors.terms().escapes(enable));
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
        Statement answering = delegate();
        if (gone()) {
            setting.apply(answering);
        }
        vendors.set(name, setting);
    }
}
