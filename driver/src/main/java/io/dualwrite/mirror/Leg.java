package io.dualwrite.mirror;

import io.dualwrite.config.Settings;
import io.dualwrite.dialect.Aftermath;
import io.dualwrite.dialect.Dialect;
import io.dualwrite.dialect.OwnTables;
import io.dualwrite.dialect.RowWriter;
import io.dualwrite.dialect.TableShape;
import io.dualwrite.ladder.Side;
import io.dualwrite.sql.LockCall;
import io.dualwrite.sql.TableName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * One application connection's physical connection on one side, with what belongs to it: its session's limits, its prepared
 * statements, its lane. Used by one thread at a time: the application's, or the lane's while tasks are under way.
 */
public final class Leg {

    /** Whose waits and isolation the session has. */
    enum Role {
        /** The application's own: no bounds, its isolation. */
        APPLICATION,
        /** Runs what the other side has run first, and is read: lock waits are bounded, reads are not. */
        READ_SECOND,
        /** Runs statements first, must succeed and is not read: no bounds, READ COMMITTED (R1, R27). */
        FIRST_UNREAD,
        /** Mirrors only: all waits are bounded, READ COMMITTED (R5, R27). */
        MIRROR;

        /** Whether nobody reads there what the application's isolation would keep apart. */
        private boolean isUnread() {
            return this == MIRROR || this == FIRST_UNREAD;
        }
    }

    private static final int CACHED_STATEMENTS = 64;

    public final Side side;
    public final Connection connection;
    public final Dialect dialect;
    final Lane lane;
    final CaptureTexts captureTexts = new CaptureTexts();
    /** What {@link #commitsAtOnce} has found out, or null before it was first asked. */
    private @Nullable Boolean commitsAtOnce;

    /** What {@link Dialect#writesThoughReadOnly} has found out, or null before it was first asked. */
    private @Nullable Boolean writesThoughReadOnly;

    private @Nullable String unlessPassedBy;
    private boolean knowsUnlessPassedBy;

    private final Namespaces namespaces;
    private final Map<String, PreparedStatement> prepared = new LinkedHashMap<>(16, 0.75f, true);
    /** Made when a row is first written: its empty table would be a seventh of what a connection takes. */
    private @Nullable IdentityHashMap<TableShape, RowWriter> writers;

    private Role role = Role.APPLICATION;
    private int applicationIsolation = -1;
    /** The session's isolation where it is known, or -1. */
    private int isolation = -1;
    /** Whether a text may have set it since the leg took up its role. */
    private boolean isolationInDoubt;

    private int applicationNetworkTimeout;
    private boolean autoCommit;
    private long lastUsed = System.nanoTime();
    /** Whether the application has changed what unqualified names mean, and what they mean now where that is known. */
    private volatile boolean mayBeAbroad;

    private volatile @Nullable String namespace;
    private volatile @Nullable Statement running;
    private volatile boolean lost;
    private volatile boolean outdated;

    /** A leg whose connection was just opened, in autocommit unless its URL says otherwise. */
    Leg(Side side, Connection connection, Dialect dialect, Executor executor, Namespaces namespaces)
            throws SQLException {
        this.side = side;
        this.connection = connection;
        this.dialect = dialect;
        this.lane = new Lane(executor);
        this.namespaces = namespaces;
        this.autoCommit = connection.getAutoCommit();
    }

    /** Sets the vendor's autocommit where it differs. */
    void autoCommit(boolean wanted) throws SQLException {
        if (autoCommit != wanted) {
            connection.setAutoCommit(wanted);
            autoCommit = wanted;
        }
    }

    void autoCommitWasSet(boolean wanted) {
        autoCommit = wanted;
    }

    /** Whether each statement is its own transaction on the leg, so that nothing is open between them. */
    boolean autoCommit() {
        return autoCommit;
    }

    boolean plays(Role wanted) {
        return role == wanted;
    }

    /** Whether {@link #play} would do nothing. */
    boolean stays(Role wanted) {
        return role == wanted && !(role.isUnread() && isolationInDoubt);
    }

    /** Gives the session the limits of its role; between transactions only. */
    void play(Role wanted, Settings settings) throws SQLException {
        if (stays(wanted)) {
            return;
        }
        if (role == wanted) {
            autoCommit(true);
            takeIsolation();
            return;
        }
        autoCommit(true);
        isolation = -1;
        if (role != Role.APPLICATION) {
            dialect.unboundWaits(connection);
        }
        if (role == Role.MIRROR) {
            connection.setNetworkTimeout(Runnable::run, applicationNetworkTimeout);
        }
        if (role.isUnread()) {
            restoreIsolation();
        }
        switch (wanted) {
            case APPLICATION:
                break;
            case READ_SECOND:
                dialect.boundLocks(connection, settings.mirrorLock);
                break;
            case FIRST_UNREAD:
                takeIsolation();
                break;
            default:
                applicationNetworkTimeout = connection.getNetworkTimeout();
                takeIsolation();
                dialect.boundWaits(connection, settings.mirrorLock, settings.mirrorStatement);
                connection.setNetworkTimeout(Runnable::run, (int)
                        settings.mirrorStatement.plus(settings.mirrorBudget).toMillis());
                break;
        }
        role = wanted;
    }

    /** Keeps what the application has set for when the role ends, and reads what is committed until then (R27). */
    private void takeIsolation() throws SQLException {
        applicationIsolation = dialect.isolation(connection);
        if (applicationIsolation != Connection.TRANSACTION_READ_COMMITTED) {
            connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
        }
        isolationInDoubt = false;
    }

    private void restoreIsolation() throws SQLException {
        if (applicationIsolation > 0 && dialect.isolation(connection) != applicationIsolation) {
            connection.setTransactionIsolation(applicationIsolation);
        }
        applicationIsolation = -1;
    }

    /** The application set its isolation while this leg mirrors: it takes it on when its role ends. */
    public void applicationIsolation(int level) throws SQLException {
        if (role.isUnread()) {
            applicationIsolation = level;
        } else {
            connection.setTransactionIsolation(level);
            isolation = -1;
        }
    }

    /**
     * The application has set its connection read only, or not; between transactions only. Where that is nothing to a statement which is
     * its own transaction, it must be nothing to the short one that such a statement has here.
     *
     * @param eachAlone whether each statement of the application's is its own transaction
     */
    void readOnly(boolean wanted, boolean eachAlone) throws SQLException {
        connection.setReadOnly(wanted);
        if (wanted && eachAlone && writesThoughReadOnly()) {
            connection.setReadOnly(false);
        }
    }

    /** As {@link #readOnly}, of a connection that has been read only before. */
    void staysReadOnly(boolean eachAlone) throws SQLException {
        if (writesThoughReadOnly()) {
            connection.setReadOnly(!eachAlone);
        }
    }

    private boolean writesThoughReadOnly() throws SQLException {
        Boolean known = writesThoughReadOnly;
        if (known == null) {
            autoCommit(true);
            known = dialect.writesThoughReadOnly(connection);
            writesThoughReadOnly = known;
        }
        return known;
    }

    /** Whether the vendor says so, or would say so had {@link #readOnly} not spared it. */
    boolean isReadOnly(boolean wanted) throws SQLException {
        return connection.isReadOnly() || wanted && Boolean.TRUE.equals(writesThoughReadOnly);
    }

    /** Whether transactions of the session run SERIALIZABLE; asked once, until something may have changed it. */
    boolean isSerializable() throws SQLException {
        if (isolation < 0) {
            isolation = dialect.isolation(connection);
        }
        return isolation == Connection.TRANSACTION_SERIALIZABLE;
    }

    /** Whether a COMMIT can go to the server with the statement before it. Asked on dual rungs alone, and found out once. */
    boolean commitsAtOnce() {
        Boolean known = commitsAtOnce;
        if (known == null) {
            known = dialect.sendsTextsAtOnce(connection);
            commitsAtOnce = known;
        }
        return known;
    }

    /** The expression of a mark's id that goes in at the current epoch only (R29), or null where the server has none. */
    @Nullable
    String unlessPassedBy() throws SQLException {
        if (!knowsUnlessPassedBy) {
            unlessPassedBy = dialect.unlessPassedBy(connection, own(OwnTables.PHASE));
            knowsUnlessPassedBy = true;
        }
        return unlessPassedBy;
    }

    /** A text has perhaps set the isolation. */
    void forgetIsolation() {
        isolation = -1;
        isolationInDoubt = true;
    }

    /** The application set its network timeout, in milliseconds; a mirror takes it on when its role ends. */
    public void applicationNetworkTimeout(Executor executor, int millis) throws SQLException {
        if (role == Role.MIRROR) {
            applicationNetworkTimeout = millis;
        } else {
            connection.setNetworkTimeout(executor, millis);
        }
    }

    /** The mirror takes part in a transaction again. */
    void touch() {
        lastUsed = System.nanoTime();
    }

    /** Whether the leg has been idle for so long that a firewall may have dropped it. */
    boolean isDoubtful() {
        return System.nanoTime() - lastUsed > 30_000_000_000L;
    }

    /** The application is about to change what unqualified names mean on this leg. */
    void namespaceChanges() throws SQLException {
        namespaces.learn(this);
        mayBeAbroad = true;
        namespace = null;
        // It names a table of ours as the session found it at home.
        knowsUnlessPassedBy = false;
    }

    /** A transaction in which that was changed has ended: perhaps the change has gone with it. */
    void forgetNamespace() {
        namespace = null;
    }

    boolean mayBeAbroad() {
        return mayBeAbroad;
    }

    /**
     * Where the session looks for unqualified names, or null where that is the side's home.
     *
     * @throws SQLException the vendor's own
     */
    @Nullable
    String abroad() throws SQLException {
        if (!mayBeAbroad) {
            namespaces.learn(this);
            return null;
        }
        String known = namespace;
        if (known == null) {
            known = dialect.namespace(connection);
            namespace = known;
        }
        return namespaces.abroad(side, known);
    }

    /**
     * The schema or database that the application named, as this leg has to be told: the home of the side that it meant is this
     * side's home, for their names may differ.
     */
    public String named(String namespace, Side meant) {
        return side == meant ? namespace : namespaces.named(namespace, meant, side);
    }

    /** One of our own tables, as this session finds it. */
    String own(String table) {
        return namespaces.own(this, table);
    }

    /** Whether the other side's sessions find this schema's tables without naming it. */
    boolean isHomeOfOther(String schema) {
        return namespaces.isHome(side.other(), schema);
    }

    /** The statement of a write that begins on the leg, or null when it has ended: what {@link #cancelWrite} reaches. */
    void running(@Nullable Statement statement) {
        running = statement;
    }

    /** Cancels the write under way, if there is one; from any thread. */
    void cancelWrite() throws SQLException {
        Statement statement = running;
        if (statement != null) {
            statement.cancel();
        }
    }

    /** What the failure of a statement did to the leg's transaction (R14). */
    Aftermath aftermath(SQLException failure) {
        return dialect.aftermath(failure, connection);
    }

    /**
     * Whether the open transaction accepts nothing but a rollback (R14). An exception alone does not tell: a driver refuses some
     * things by itself, such as a parameter that is not set, and its server knows nothing of that.
     */
    boolean isAborted() {
        try (Statement statement = connection.createStatement()) {
            statement.execute("SELECT 1");
            return false;
        } catch (SQLException e) {
            return true;
        }
    }

    /** Whether the session has a temporary table of this name. */
    boolean hasTemporary(TableName table) throws SQLException {
        return dialect.isTemporary(connection, table);
    }

    /** Whether the session holds locks; null where the server does not tell. */
    @Nullable
    Boolean hasLocks() throws SQLException {
        return dialect.holdsSessionLocks(connection);
    }

    /** Whether the session holds the lock of this name. */
    boolean holdsLock(String name) throws SQLException {
        return dialect.holdsLock(connection, name);
    }

    /** What the name is in a call that locks by name; null where this session cannot tell what the argument is. */
    @Nullable
    String lockName(LockCall call, WriteRequest request) {
        StringBuilder sql = new StringBuilder("SELECT ").append(call.argument);
        for (int i = 0; i < call.parametersBehind; i++) {
            sql.append(", ?");
        }
        sql.append(dialect.everyRow());
        try (PreparedStatement ask = connection.prepareStatement(sql.toString())) {
            request.binder.bind(ask, call.parametersBefore);
            try (ResultSet row = ask.executeQuery()) {
                return row.next() ? row.getString(1) : null;
            }
        } catch (SQLException e) {
            Faults.LOG.debug("The name of a lock is not known on {}: {}", side.word(), Faults.described(e));
            return null;
        }
    }

    /** The session is not what the application has made of it. */
    void outdated() {
        outdated = true;
    }

    boolean isOutdated() {
        return outdated;
    }

    /** The connection has left the leg, which will be closed. */
    void leave() {
        lost = true;
    }

    /** Whether nothing more can be done with the leg. */
    public boolean isLost() {
        return lost;
    }

    /** A scrollable prepared statement for the text, kept for the next time; {@link #handOver} takes it out. */
    PreparedStatement prepare(String sql) throws SQLException {
        PreparedStatement statement = prepared.get(sql);
        if (statement == null || statement.isClosed()) {
            statement = connection.prepareStatement(sql, ResultSet.TYPE_SCROLL_INSENSITIVE, ResultSet.CONCUR_READ_ONLY);
            prepared.put(sql, statement);
            if (prepared.size() > CACHED_STATEMENTS) {
                String eldest = prepared.keySet().iterator().next();
                PreparedStatement evicted = prepared.remove(eldest);
                if (evicted != null) {
                    evicted.close();
                }
            }
        } else {
            statement.clearParameters();
        }
        return statement;
    }

    /** A scrollable statement for one text, to which nothing is done but what the application wants; it ends with its rows. */
    Statement plain(Terms terms) throws SQLException {
        Statement statement = connection.createStatement(ResultSet.TYPE_SCROLL_INSENSITIVE, ResultSet.CONCUR_READ_ONLY);
        statement.setEscapeProcessing(terms.escapes);
        statement.closeOnCompletion();
        return statement;
    }

    /** Takes the text's statement out of the cache: from now on its user closes it. */
    void handOver(String sql) {
        prepared.remove(sql);
    }

    /** The writer of the source's rows into this side's table, kept for the next time. */
    RowWriter writer(TableShape source, TableShape target) throws SQLException {
        IdentityHashMap<TableShape, RowWriter> known = writers;
        if (known == null) {
            known = new IdentityHashMap<>();
            writers = known;
        }
        RowWriter writer = known.get(source);
        if (writer == null) {
            writer = new RowWriter(connection, dialect, source, target);
            known.put(source, writer);
        }
        return writer;
    }

    /**
     * Gives the leg up without waiting for its server: what it had not committed is rolled back there. Closed as well, for H2's
     * abort does nothing, and its locks would stay.
     */
    void abort(Executor executor) {
        lost = true;
        lane.dropWaiting();
        executor.execute(() -> {
            try {
                connection.abort(Runnable::run);
                connection.close();
            } catch (SQLException | RuntimeException e) {
                Faults.LOG.debug("Aborting a leg on {} failed: {}", side.word(), e.getClass());
            }
        });
    }

    void close() throws SQLException {
        lost = true;
        connection.close();
    }
}
