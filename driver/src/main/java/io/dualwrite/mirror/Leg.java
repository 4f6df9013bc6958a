package io.dualwrite.mirror;

import io.dualwrite.dialect.Aftermath;
import io.dualwrite.dialect.Dialect;
import io.dualwrite.dialect.OwnTables;
import io.dualwrite.dialect.RowWriter;
import io.dualwrite.dialect.TableShape;
import io.dualwrite.dialect.Vendor;
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
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One application connection's physical connection on one side, with what belongs to it: its session's limits, its prepared
 * statements, its lane. Used by one thread at a time: the application's, or the lane's while tasks are under way.
 */
public final class Leg {
    /** MariaDB's driver keeps so many texts prepared. */
    private static final int MOST_BATCHED = 250;
    /** After this long without work a firewall may have dropped the connection. */
    private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(30);

    public final Side side;
    public final Connection connection;
    public final Dialect dialect;
    final Lane lane;
    final SessionLimits limits;
    final CaptureTexts captureTexts = new CaptureTexts();
    /** What {@link #commitsAtOnce} has found out, or null before it was first asked. */
    private @Nullable Boolean commitsAtOnce;

    /** What {@link Dialect#countsChangedRows} has found out, or null before it was first asked. */
    private @Nullable Boolean countsChangedRows;

    /** What {@link Dialect#writesThoughReadOnly} has found out, or null before it was first asked. */
    private @Nullable Boolean writesThoughReadOnly;

    /** What {@link #unlessPassedBy} has found out, as long as that is known. */
    private @Nullable String unlessPassedBy;

    private boolean knowsUnlessPassedBy;

    /** The session's {@link Dialect#timeZone} before the application first set it; null where it has not. */
    private @Nullable String timeZone;

    private final Namespaces namespaces;
    /** Made when a write is first captured or a row written; so are the writers: empty they would be a seventh of what a connection takes. */
    private @Nullable StatementCache statements;

    private @Nullable IdentityHashMap<TableShape, RowWriter> writers;

    /** Texts whose batches have run here, as many as the vendor's driver keeps; null before the first. */
    private @Nullable Map<String, Boolean> batched;

    private boolean autoCommit;
    private long lastUsed = System.nanoTime();
    /** Whether the application has changed what unqualified names mean. */
    private volatile boolean mayBeAbroad;
    /** Where it has: what they mean now, or null where that is not known. */
    private volatile @Nullable String namespace;
    /** Whether the kept statements were prepared where the session looked before. */
    private volatile boolean lookedElsewhere;
    /** The statement of a write under way, for {@link #cancelWrite}. */
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
        this.limits = new SessionLimits(this);
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

    /**
     * The application has set its connection read only, or not; between transactions only. Where the vendor lets a statement that
     * is its own transaction write all the same, the short transaction that such a statement has here must let it write too.
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

    /** Whether the vendor's connection says so, or would say so if {@link #readOnly} had not taken it back. */
    boolean isReadOnly(boolean wanted) throws SQLException {
        return connection.isReadOnly() || wanted && Boolean.TRUE.equals(writesThoughReadOnly);
    }

    /** Whether the count of an UPDATE leaves out rows that it hits and leaves as they were. */
    boolean countsChangedRows() throws SQLException {
        Boolean known = countsChangedRows;
        if (known == null) {
            known = dialect.countsChangedRows(connection);
            countsChangedRows = known;
        }
        return known;
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

    /** The mirror takes part in a transaction again. */
    void touch() {
        lastUsed = System.nanoTime();
    }

    /** Whether the leg has been idle for so long that its server may be out of reach. */
    boolean isDoubtful() {
        return System.nanoTime() - lastUsed > IDLE_NANOS;
    }

    /** The application is about to change what unqualified names mean on this leg. */
    void namespaceChanges() throws SQLException {
        namespaces.learn(this);
        mayBeAbroad = true;
        namespace = null;
        lookedElsewhere = true;
        // It names a table of ours as the session found it at home.
        knowsUnlessPassedBy = false;
    }

    /** The application is about to set, perhaps, the session's time zone. */
    void keepTimeZone() throws SQLException {
        if (timeZone == null) {
            timeZone = dialect.timeZone(connection);
        }
    }

    /** Whether the application may have set it. */
    boolean keepsTimeZone() {
        return timeZone != null;
    }

    /**
     * Whether it is another one now than when the connection was opened.
     *
     * @throws SQLException the vendor's own
     */
    boolean hasOtherTimeZone() throws SQLException {
        String first = timeZone;
        return first != null && !first.equals(dialect.timeZone(connection));
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
     * Whether the session finds what is in this schema without naming it. Of H2's sessions only the first schema of several is known, so
     * that any may be meant.
     *
     * @throws SQLException the vendor's own
     */
    boolean looksInto(String schema) throws SQLException {
        String abroad = abroad();
        return dialect.vendor() == Vendor.H2
                || (abroad == null ? namespaces.isHome(side, schema) : Namespaces.holds(abroad, schema));
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
    public Aftermath aftermath(SQLException failure) {
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
        StatementCache cache = statements;
        if (cache != null && lookedElsewhere) {
            // MariaDB's server keeps the tables that a statement's names meant when it was prepared.
            cache.close();
        }
        lookedElsewhere = false;
        if (cache == null) {
            cache = new StatementCache(connection);
            statements = cache;
        }
        return cache.prepare(sql);
    }

    /** Whether the text's batch is the first here, so that the vendor's driver would have its server prepare it; from now on it is not. */
    public boolean batchesFirst(String sql) {
        Map<String, Boolean> known = batched;
        if (known == null) {
            known = new LinkedHashMap<String, Boolean>(16, 0.75f, true) {
                @Override
                protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
                    return size() > MOST_BATCHED;
                }
            };
            batched = known;
        }
        return known.put(sql, true) == null;
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
        StatementCache cache = statements;
        if (cache != null) {
            cache.remove(sql);
        }
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
        aside(executor, this::giveUp);
    }

    /** Does it behind the application's back, or at once where the instance has ended and its threads with it. */
    static void aside(Executor executor, Runnable work) {
        try {
            executor.execute(work);
        } catch (RejectedExecutionException instanceHasEnded) {
            work.run();
        }
    }

    private void giveUp() {
        try {
            connection.abort(Runnable::run);
            connection.close();
        } catch (SQLException | RuntimeException e) {
            Faults.LOG.debug("Aborting a leg on {} failed: {}", side.word(), e.getClass());
        }
    }

    void close() throws SQLException {
        lost = true;
        connection.close();
    }
}
