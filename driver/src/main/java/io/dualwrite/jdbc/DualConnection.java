package io.dualwrite.jdbc;

import io.dualwrite.config.Settings;
import io.dualwrite.dialect.SqlState;
import io.dualwrite.ladder.Side;
import io.dualwrite.mirror.DualSavepoint;
import io.dualwrite.mirror.DualTransaction;
import io.dualwrite.mirror.Faults;
import io.dualwrite.mirror.KeyRequest;
import io.dualwrite.mirror.Leg;
import io.dualwrite.mirror.LegOpener;
import io.dualwrite.mirror.Mirroring;
import io.dualwrite.mirror.Session;
import io.dualwrite.mirror.Turn;
import io.dualwrite.mirror.Validity;
import io.dualwrite.sql.Classification;
import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLClientInfoException;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.Executor;
import javax.sql.PooledConnection;
import org.jspecify.annotations.Nullable;

/**
 * The application's connection: one leg in phases 1 and 6, two between. What is set on it is set on every leg.
 *
 * <p>Threads may share it: while both sides are written they come in one after another ({@link Turn}). {@link #abort}, {@link #close},
 * {@link #isClosed} and {@link #setNetworkTimeout} wait for nobody.
 */
public abstract class DualConnection implements Connection {
    final DualTransaction transaction;
    private final Mirroring shared;
    private final Classifiers classifiers;
    private final @Nullable Runnable returns;
    private final @Nullable Set<Statement> lent;
    /** What statements have spooled, held by them alone; made when the first one spools. */
    private @Nullable Set<SpoolUse> spools;

    private volatile boolean closed;
    /** The leg that was read when the connection was closed: its closed connection answers from then on. */
    private volatile @Nullable Leg last;

    /**
     * The application's hold of a physical connection.
     *
     * @param returns what closing does where a pool keeps the legs; null where they are closed
     */
    DualConnection(Mirroring shared, DualTransaction transaction, Classifiers classifiers, @Nullable Runnable returns) {
        this.shared = shared;
        this.classifiers = classifiers;
        this.transaction = transaction;
        this.returns = returns;
        this.lent =
                returns == null ? null : Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));
    }

    /** Releases this when the connection is closed, where its statement is not. */
    final synchronized void endsWithIt(SpoolUse use) {
        Set<SpoolUse> uses = spools;
        if (uses == null) {
            uses = Collections.newSetFromMap(new WeakHashMap<>());
            spools = uses;
        }
        uses.add(use);
        if (closed) {
            // By another thread, which has released what was there by then.
            use.close();
        }
    }

    private synchronized void releaseSpools() {
        Set<SpoolUse> uses = spools;
        if (uses != null) {
            new ArrayList<>(uses).forEach(SpoolUse::close);
        }
    }

    /** A statement of a handle ends with it, for the legs go on to the next borrower. */
    private <T extends Statement> T noted(T statement) {
        Set<Statement> made = lent;
        if (made != null) {
            made.add(statement);
        }
        return statement;
    }

    /**
     * Opens a connection of the application's, with the leg that it reads from now.
     *
     * @param name what {@code status} shows where the connection keeps the instance from being drained
     * @throws SQLException the vendor's own
     */
    public static Connection open(Mirroring shared, LegOpener opener, Classifiers classifiers, String name)
            throws SQLException {
        return Proxies.connection(shared, connect(shared, opener, name), classifiers, null);
    }

    /** A connection for a pool of the application server's, which lends it through one handle after another. */
    public static PooledConnection openPooled(Mirroring shared, LegOpener opener, Classifiers classifiers, String name)
            throws SQLException {
        DualTransaction transaction = connect(shared, opener, name);
        return new LentConnection(
                transaction, returns -> Proxies.connection(shared, transaction, classifiers, returns));
    }

    private static DualTransaction connect(Mirroring shared, LegOpener opener, String name) throws SQLException {
        DualTransaction transaction = new DualTransaction(shared, opener, name);
        try {
            transaction.startsOn(transaction.legs.first());
            return transaction;
        } catch (SQLException | RuntimeException e) {
            transaction.abort();
            throw e;
        }
    }

    final Connection delegate() throws SQLException {
        Leg remains = last;
        if (closed && remains != null) {
            return remains.connection;
        }
        requireOpen();
        return transaction.asked().connection;
    }

    /** The vendor's connection as it is, in whatever transaction mode. */
    private Connection vendors() throws SQLException {
        if (gone()) {
            return delegate();
        }
        requireOpen();
        return transaction.legs.open(transaction.rung().reads()).connection;
    }

    /** Whether the connection is closed, so that the vendor's closed one answers. */
    final boolean gone() {
        return closed && last != null;
    }

    /** Makes a statement of the vendor's closed connection, which most vendors refuse; null where this connection is open. */
    final <T> @Nullable T ofClosed(VendorStatements.Maker maker, Class<T> type) throws SQLException {
        Leg remains = last;
        return closed && remains != null ? type.cast(maker.make(remains)) : null;
    }

    final Settings settings() {
        return shared.settings.get();
    }

    /**
     * Asked before a row is changed through a result set: on dual rungs nothing would carry the change to the mirror.
     *
     * @throws SQLException SQLSTATE 0A000 on a dual rung; nothing was written
     */
    final void requireOneLeg(String operation) throws SQLException {
        if (transaction.rung().dual()) {
            throw Faults.refused(operation + " through a result set is refused while both databases are written ("
                    + transaction.rung() + "); use an UPDATE, INSERT or DELETE");
        }
    }

    /** Does the step in turn, unless another thread has closed the connection while this one waited. */
    private void inTurn(Turn.Step<SQLException> step) throws SQLException {
        requireOpen();
        transaction.turn.step(() -> {
            requireOpen();
            step.run();
        });
    }

    final void requireOpen() throws SQLException {
        if (closed) {
            throw new SQLNonTransientConnectionException("The connection is closed", SqlState.CONNECTION_CLOSED.code());
        }
    }

    /** What a text does, as the vendor of the side that answers reads it. */
    final Classification classify(String sql) throws SQLException {
        requireOpen();
        return classify(sql, transaction.legs.open(transaction.rung().answers()));
    }

    /** What a text does, as the leg's vendor reads it. */
    final Classification classify(String sql, Leg leg) throws SQLException {
        requireOpen();
        return classifiers.of(leg.dialect.flavour()).classify(text(sql));
    }

    /** Whether a text leaves nothing behind, as the leg's vendor reads it. */
    final boolean leavesNothing(String sql, Leg leg) throws SQLException {
        requireOpen();
        return classifiers.of(leg.dialect.flavour()).leavesNothing(text(sql));
    }

    /** No text at all is the vendor's to refuse. */
    private static String text(@Nullable String sql) {
        return sql == null ? "" : sql;
    }

    // ------------------------------------------------------------------ statements

    @Override
    public Statement createStatement() throws SQLException {
        return statement(leg -> leg.connection.createStatement());
    }

    @Override
    public Statement createStatement(int type, int concurrency) throws SQLException {
        return statement(leg -> leg.connection.createStatement(type, concurrency));
    }

    @Override
    public Statement createStatement(int type, int concurrency, int holdability) throws SQLException {
        return statement(leg -> leg.connection.createStatement(type, concurrency, holdability));
    }

    /**
     * Rows that a vendor's object gave out: they get a statement of this driver's, so that nothing leads past this connection. It
     * stands for the vendor's statement that made them, and they end with it.
     */
    final ResultSet adopt(ResultSet rows) throws SQLException {
        Statement owner = rows.getStatement();
        if (owner == null) {
            return Proxies.resultSet(rows, null, null);
        }
        Connection made = owner.getConnection();
        DualStatement ours = Proxies.statement(
                this, transaction, leg -> leg.connection == made ? owner : leg.connection.createStatement());
        for (Leg leg : transaction.legs.all()) {
            if (leg.connection == made) {
                ours.standsFor(leg);
            }
        }
        return Proxies.resultSet(rows, noted(ours), null);
    }

    private Statement statement(VendorStatements.Maker maker) throws SQLException {
        Statement ofClosed = ofClosed(maker, Statement.class);
        if (ofClosed != null) {
            return Proxies.statement(this, transaction, leg -> ofClosed);
        }
        requireOpen();
        DualStatement statement = Proxies.statement(this, transaction, maker);
        statement.delegate();
        return noted(statement);
    }

    @Override
    public PreparedStatement prepareStatement(String sql) throws SQLException {
        return prepared(sql, KeyRequest.NONE, leg -> leg.connection.prepareStatement(sql));
    }

    @Override
    public PreparedStatement prepareStatement(String sql, int type, int concurrency) throws SQLException {
        return prepared(sql, KeyRequest.NONE, leg -> leg.connection.prepareStatement(sql, type, concurrency));
    }

    @Override
    public PreparedStatement prepareStatement(String sql, int type, int concurrency, int holdability)
            throws SQLException {
        return prepared(
                sql, KeyRequest.NONE, leg -> leg.connection.prepareStatement(sql, type, concurrency, holdability));
    }

    @Override
    public PreparedStatement prepareStatement(String sql, int autoGeneratedKeys) throws SQLException {
        return prepared(
                sql,
                DualStatement.keys(autoGeneratedKeys),
                leg -> leg.connection.prepareStatement(sql, autoGeneratedKeys));
    }

    @Override
    public PreparedStatement prepareStatement(String sql, int[] columnIndexes) throws SQLException {
        int[] kept = columnIndexes == null ? null : columnIndexes.clone();
        return prepared(sql, KeyRequest.indexes(kept), leg -> leg.connection.prepareStatement(sql, kept));
    }

    @Override
    public PreparedStatement prepareStatement(String sql, String[] columnNames) throws SQLException {
        String[] kept = columnNames == null ? null : columnNames.clone();
        return prepared(sql, KeyRequest.names(kept), leg -> leg.connection.prepareStatement(sql, kept));
    }

    private PreparedStatement prepared(String sql, KeyRequest keys, VendorStatements.Maker maker) throws SQLException {
        PreparedStatement ofClosed = ofClosed(maker, PreparedStatement.class);
        if (ofClosed != null) {
            return Proxies.preparedStatement(this, sql, keys, leg -> ofClosed);
        }
        requireOpen();
        DualPreparedStatement statement = Proxies.preparedStatement(this, sql, keys, maker);
        statement.prepareWhereItAnswers();
        return noted(statement);
    }

    @Override
    public CallableStatement prepareCall(String sql) throws SQLException {
        return call(sql, leg -> leg.connection.prepareCall(sql));
    }

    @Override
    public CallableStatement prepareCall(String sql, int type, int concurrency) throws SQLException {
        return call(sql, leg -> leg.connection.prepareCall(sql, type, concurrency));
    }

    @Override
    public CallableStatement prepareCall(String sql, int type, int concurrency, int holdability) throws SQLException {
        return call(sql, leg -> leg.connection.prepareCall(sql, type, concurrency, holdability));
    }

    private CallableStatement call(String sql, VendorStatements.Maker maker) throws SQLException {
        CallableStatement ofClosed = ofClosed(maker, CallableStatement.class);
        if (ofClosed != null) {
            return Proxies.callableStatement(this, sql, leg -> ofClosed);
        }
        requireOpen();
        DualCallableStatement statement = Proxies.callableStatement(this, sql, maker);
        statement.prepareWhereItAnswers();
        return noted(statement);
    }

    // ------------------------------------------------------------------ transactions

    @Override
    public void setAutoCommit(boolean autoCommit) throws SQLException {
        inTurn(() -> transaction.autoCommit(autoCommit));
    }

    @Override
    public boolean getAutoCommit() throws SQLException {
        requireOpen();
        return transaction.saysAutoCommit();
    }

    @Override
    public void commit() throws SQLException {
        inTurn(transaction::commit);
    }

    @Override
    public void rollback() throws SQLException {
        inTurn(transaction::rollback);
    }

    @Override
    public Savepoint setSavepoint() throws SQLException {
        return savepoint(null);
    }

    @Override
    public Savepoint setSavepoint(String name) throws SQLException {
        return savepoint(name);
    }

    private Savepoint savepoint(@Nullable String name) throws SQLException {
        requireOpen();
        return transaction.turn.take(() -> {
            requireOpen();
            return transaction.savepoints.set(name);
        });
    }

    @Override
    public void rollback(@Nullable Savepoint savepoint) throws SQLException {
        requireOpen();
        if (savepoint == null) {
            delegate().rollback(savepoint);
        }
        inTurn(() -> transaction.savepoints.rollback(ours(savepoint)));
    }

    @Override
    public void releaseSavepoint(@Nullable Savepoint savepoint) throws SQLException {
        requireOpen();
        if (savepoint == null) {
            delegate().releaseSavepoint(savepoint);
        }
        inTurn(() -> transaction.savepoints.release(ours(savepoint)));
    }

    private static DualSavepoint ours(@Nullable Savepoint savepoint) throws SQLException {
        if (savepoint instanceof DualSavepoint) {
            return (DualSavepoint) savepoint;
        }
        throw new SQLException("The savepoint is not of this connection", SqlState.NO_SAVEPOINT.code());
    }

    // ------------------------------------------------------------------ what is set on every leg

    @Override
    public void setTransactionIsolation(int level) throws SQLException {
        delegate();
        inTurn(() -> transaction.sessions.isolation(level));
    }

    @Override
    public void setNetworkTimeout(Executor executor, int milliseconds) throws SQLException {
        Connection read = delegate();
        // It may be called because a statement of another thread's hangs, and must not wait for that.
        transaction.turn.stepIfFree(transaction.sessions::settle);
        read.setNetworkTimeout(executor, milliseconds);
        transaction.sessions.networkTimeoutWasSet(read, executor, milliseconds);
    }

    @Override
    public void setReadOnly(boolean readOnly) throws SQLException {
        delegate();
        inTurn(() -> transaction.sessions.readOnly(readOnly));
    }

    @Override
    public boolean isReadOnly() throws SQLException {
        requireOpen();
        return transaction.sessions.isReadOnly();
    }

    @Override
    public void setCatalog(@Nullable String catalog) throws SQLException {
        inTurn(() -> transaction.sessions.catalog(catalog));
    }

    @Override
    public void setSchema(@Nullable String schema) throws SQLException {
        inTurn(() -> transaction.sessions.schema(schema));
    }

    @Override
    public void setHoldability(int holdability) throws SQLException {
        inTurn(() ->
                transaction.sessions.changeDrivers("holdability", leg -> leg.connection.setHoldability(holdability)));
    }

    @Override
    public void setTypeMap(Map<String, Class<?>> map) throws SQLException {
        inTurn(() -> transaction.sessions.changeDrivers("typeMap", leg -> leg.connection.setTypeMap(map)));
    }

    @Override
    public void setClientInfo(String name, @Nullable String value) throws SQLClientInfoException {
        clientInfo("clientInfo " + name, leg -> leg.connection.setClientInfo(name, value));
    }

    @Override
    public void setClientInfo(Properties properties) throws SQLClientInfoException {
        Properties kept = properties == null ? null : Copies.properties(properties);
        clientInfo("clientInfo", leg -> leg.connection.setClientInfo(kept));
    }

    /** JDBC has an exception of its own for it, also where the connection is closed. */
    private void clientInfo(String name, Session.Change change) throws SQLClientInfoException {
        try {
            inTurn(() -> transaction.sessions.changeServers(name, change));
        } catch (SQLClientInfoException e) {
            throw e;
        } catch (SQLException e) {
            throw new SQLClientInfoException(e.getMessage(), e.getSQLState(), new HashMap<>(), e);
        }
    }

    // ------------------------------------------------------------------ the rest

    @Override
    public DatabaseMetaData getMetaData() throws SQLException {
        return Proxies.metaData(() -> delegate().getMetaData(), this);
    }

    @Override
    public void close() throws SQLException {
        if (closed) {
            return;
        }
        Runnable back = returns;
        if (back != null && lent != null) {
            try {
                Faults.onEach(new ArrayList<>(lent), Statement::close);
            } finally {
                closed = true;
                back.run();
            }
            return;
        }
        last = transaction.legs.existing(transaction.rung().reads());
        closed = true;
        try {
            transaction.close();
        } finally {
            releaseSpools();
        }
    }

    @Override
    public boolean isClosed() throws SQLException {
        if (closed) {
            return true;
        }
        Leg leg = transaction.legs.existing(transaction.rung().reads());
        return leg != null && leg.connection.isClosed();
    }

    /** Whether every leg that is open and that the rung needs still works, so that a pool replaces the connection otherwise. */
    @Override
    public boolean isValid(int timeout) throws SQLException {
        if (closed) {
            // The vendor's says so as well, or complains of the timeout.
            Leg remains = last;
            return remains != null && remains.connection.isValid(timeout);
        }
        return new Validity(shared, transaction).holds(transaction.rung(), timeout);
    }

    /** H2's connections cannot be aborted and stay open; all others are given up at once, whatever their driver still has to do. */
    @Override
    public void abort(Executor executor) throws SQLException {
        if (closed) {
            return;
        }
        Leg read = transaction.legs.existing(transaction.rung().reads());
        if (read != null) {
            read.connection.abort(executor);
            if (read.dialect.ignoresAbort()) {
                return;
            }
        }
        last = read;
        closed = true;
        transaction.abort();
        releaseSpools();
    }

    /** What the vendor's says. */
    @Override
    public String toString() {
        Leg remains = last;
        Leg leg = remains == null ? transaction.legs.existing(transaction.rung().reads()) : remains;
        return leg == null ? super.toString() : leg.connection.toString();
    }

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
        complainIfGone(type);
        Side read = transaction.rung().reads();
        T unwrapped = Unwrapping.unwrap(transaction, this, vendors(), type);
        if (unwrapped != this) {
            transaction.handedOut(read);
        }
        return unwrapped;
    }

    @Override
    public boolean isWrapperFor(Class<?> type) throws SQLException {
        complainIfGone(type);
        return Unwrapping.wraps(this, vendors(), type);
    }

    /** Of a closed connection PostgreSQL's driver says nothing but that. */
    private void complainIfGone(Class<?> type) throws SQLException {
        if (gone()) {
            vendors().isWrapperFor(type);
        }
    }
}
