package io.dualwrite.dialect;

import io.dualwrite.sql.SqlFlavour;
import io.dualwrite.sql.TableName;
import io.dualwrite.sql.Verb;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** H2 from version 2 on. */
final class H2Dialect implements Dialect {
    private static final String QUERY_TIMEOUT = "(SELECT CAST(SETTING_VALUE AS BIGINT)"
            + " FROM INFORMATION_SCHEMA.SETTINGS WHERE SETTING_NAME = 'QUERY_TIMEOUT')";
    private static final int DEADLOCK = 40001;
    private static final int SUBQUERY_OF_TWO_ROWS = 90053;
    private static final int LOCK_TIMEOUT = 50200;
    private static final int CONCURRENT_UPDATE = 90131;
    private static final int CANCELLED = 57014;

    private final StandardSql sql = new StandardSql('"', this);

    @Override
    public Vendor vendor() {
        return Vendor.H2;
    }

    @Override
    public SqlFlavour flavour() {
        return SqlFlavour.H2;
    }

    @Override
    public String quote(String identifier) {
        return sql.quote(identifier);
    }

    @Override
    public String quote(TableName table) {
        return sql.quote(table);
    }

    @Override
    public List<TableName> tables(Connection connection) throws SQLException {
        return H2Catalogue.tables(connection);
    }

    @Override
    public TableShape shape(Connection connection, TableName table) throws SQLException {
        return H2Catalogue.shape(connection, table);
    }

    @Override
    public boolean isTemporary(Connection connection, TableName table) throws SQLException {
        return H2Catalogue.isTemporary(connection, table);
    }

    @Override
    public Map<String, List<String>> usersFunctions(Connection connection) throws SQLException {
        return H2Catalogue.usersFunctions(connection);
    }

    @Override
    public String namespace(Connection connection) throws SQLException {
        return StandardSql.text(connection, "SELECT SCHEMA()");
    }

    @Override
    public @Nullable String capturing(
            String body, Verb verb, TableShape table, @Nullable String target, List<String> first) {
        switch (verb) {
            case INSERT:
            case UPDATE:
            case MERGE:
                return "SELECT " + sql.capturedNames("", table, first) + " FROM FINAL TABLE (" + body + ")";
            case DELETE:
                return "SELECT " + sql.capturedNames("", table, first) + " FROM OLD TABLE (" + body + ")";
            default:
                return null;
        }
    }

    @Override
    public String selectByKeys(TableShape table, List<Column> columns, int rows, boolean forUpdate) {
        return sql.selectByKeys(table, columns, rows, forUpdate);
    }

    @Override
    public String byKeys(List<Column> key, int rows) {
        return sql.byKeys(key, rows);
    }

    @Override
    public String insert(TableShape table, List<Column> columns) {
        return sql.insert(table, columns, StandardSql.hasAlwaysIdentity(columns) ? "OVERRIDING SYSTEM VALUE " : "");
    }

    @Override
    public @Nullable String insertIfAbsent(TableShape table, List<Column> columns) {
        return null;
    }

    /** MERGE … KEY can neither override a GENERATED ALWAYS column nor do without a column to assign. */
    @Override
    public @Nullable String upsert(TableShape table, List<Column> columns) {
        if (!table.findsConflicts()
                || StandardSql.hasAlwaysIdentity(columns)
                || table.assignable(columns).isEmpty()) {
            return null;
        }
        String insert = sql.insert(table, columns, "");
        int values = insert.indexOf(") VALUES (") + 1;
        return "MERGE" + insert.substring("INSERT".length(), values) + " KEY (" + sql.names("", table.key) + ")"
                + insert.substring(values);
    }

    @Override
    public @Nullable String update(TableShape table, List<Column> columns) {
        return sql.update(table, columns);
    }

    @Override
    public String rekey(TableShape table) {
        return sql.rekey(table);
    }

    @Override
    public String delete(TableShape table) {
        return sql.delete(table);
    }

    @Override
    public String placeholder(Column column) {
        return "?";
    }

    @Override
    public Aftermath aftermath(SQLException failure) {
        if (Failures.any(failure, H2Dialect::isLost)) {
            return Aftermath.CONNECTION_LOST;
        }
        return Failures.any(failure, one -> one.getErrorCode() == DEADLOCK)
                ? Aftermath.TRANSACTION_GONE
                : Aftermath.STATEMENT_UNDONE;
    }

    private static boolean isLost(SQLException failure) {
        switch (failure.getErrorCode()) {
            case 90067: // connection broken
            case 90098: // database closed
            case 90121: // database closed at shutdown
                return true;
            default:
                return Failures.isConnectionLost(failure);
        }
    }

    @Override
    public boolean isSyntaxError(SQLException failure) {
        return Failures.any(failure, one -> one.getErrorCode() == 42000 || one.getErrorCode() == 42001);
    }

    @Override
    public boolean isDuplicate(SQLException failure) {
        return Failures.any(failure, one -> one.getErrorCode() == 23505);
    }

    /** A statement is undone where it fails, a query is not: FINAL TABLE keeps what it wrote until then. */
    @Override
    public boolean keepsRowsOfFailedCapture() {
        return true;
    }

    @Override
    public boolean commitsBeforeIsolation() {
        return true;
    }

    @Override
    public long countBehindBatch(BatchEntries entries, long[] counts) {
        return Math.max(-1, counts[counts.length - 1]);
    }

    @Override
    public boolean tellsQueriesFromWrites() {
        return true;
    }

    @Override
    public BatchManner batchManner(BatchEntries entries, Connection connection) {
        return BatchManner.GOES_ON;
    }

    @Override
    public boolean batchFailureIsCause() {
        return false;
    }

    @Override
    public boolean readsAllWithoutLength() {
        return true;
    }

    @Override
    public boolean ignoresAbort() {
        return true;
    }

    @Override
    public boolean rowsNeedConnection(int fetchSize) {
        return true;
    }

    @Override
    public String nothing() {
        return "SET @DUALWRITE_NOTHING = NULL";
    }

    @Override
    public boolean isRetryable(SQLException failure) {
        return Failures.any(failure, one -> {
            int code = one.getErrorCode();
            return code == LOCK_TIMEOUT || code == DEADLOCK || code == CONCURRENT_UPDATE || code == CANCELLED;
        });
    }

    /** Variables of the session keep what it had before, for it may have come with the URL. */
    @Override
    public void boundWaits(Connection connection, Duration lock, Duration statement) throws SQLException {
        boundLocks(connection, lock);
        try (Statement execute = connection.createStatement()) {
            execute.execute("SET @DUALWRITE_QUERY = COALESCE(@DUALWRITE_QUERY, " + QUERY_TIMEOUT + ")");
            execute.execute("SET QUERY_TIMEOUT " + millis(statement));
        }
    }

    @Override
    public void boundLocks(Connection connection, Duration lock) throws SQLException {
        try (Statement execute = connection.createStatement()) {
            execute.execute("SET @DUALWRITE_LOCK = COALESCE(@DUALWRITE_LOCK, LOCK_TIMEOUT())");
            execute.execute("SET LOCK_TIMEOUT " + millis(lock));
        }
    }

    /** A statement's limit is the session's, where the application or the leg's role has set another. */
    @Override
    public void boundStatement(Statement statement, int seconds) throws SQLException {
        try (Statement execute = statement.getConnection().createStatement()) {
            execute.execute("SET @DUALWRITE_FORMER = " + QUERY_TIMEOUT);
            execute.execute("SET QUERY_TIMEOUT " + millis(Duration.ofSeconds(seconds)));
        }
    }

    @Override
    public void unboundStatement(Statement statement) throws SQLException {
        try (Statement execute = statement.getConnection().createStatement()) {
            execute.execute("SET QUERY_TIMEOUT @DUALWRITE_FORMER");
        }
    }

    private static long millis(Duration duration) {
        return Math.min(Integer.MAX_VALUE, Math.max(1, duration.toMillis()));
    }

    @Override
    public void unboundWaits(Connection connection) throws SQLException {
        try (Statement execute = connection.createStatement()) {
            execute.execute("SET LOCK_TIMEOUT COALESCE(@DUALWRITE_LOCK, LOCK_TIMEOUT())");
            execute.execute("SET QUERY_TIMEOUT COALESCE(@DUALWRITE_QUERY, " + QUERY_TIMEOUT + ")");
            execute.execute("SET @DUALWRITE_LOCK = NULL");
            execute.execute("SET @DUALWRITE_QUERY = NULL");
        }
    }

    @Override
    public Instant now(Connection connection) throws SQLException {
        return H2Activity.now(connection);
    }

    @Override
    public Instant oldestTransaction(Connection connection) throws SQLException {
        return H2Activity.oldestTransaction(connection);
    }

    @Override
    public List<ServerSession> sessions(Connection connection) throws SQLException {
        return H2Activity.sessions(connection);
    }

    @Override
    public String client(Connection connection) throws SQLException {
        return H2Activity.client(connection);
    }

    @Override
    public void endSession(Connection connection, ServerSession session) throws SQLException {
        H2Activity.end(connection, session);
    }

    @Override
    public List<Generator> generators(Connection connection, TableShape table) throws SQLException {
        return H2Generators.of(connection, table);
    }

    @Override
    public List<Generator> freeGenerators(Connection connection) throws SQLException {
        return H2Generators.free(connection);
    }

    @Override
    public long reached(Connection connection, Generator generator) throws SQLException {
        return H2Generators.reached(connection, generator);
    }

    @Override
    public long highest(Connection connection, Generator generator) throws SQLException {
        return H2Generators.highest(connection, generator);
    }

    @Override
    public void raise(Connection connection, Generator generator, long floor) throws SQLException {
        H2Generators.raise(connection, sql, generator, floor);
    }

    @Override
    public List<String> ownTables() {
        return StandardSql.ownTables("");
    }

    @Override
    public boolean isTwoRows(SQLException failure) {
        return failure.getErrorCode() == SUBQUERY_OF_TWO_ROWS;
    }
}
