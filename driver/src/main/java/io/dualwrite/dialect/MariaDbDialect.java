package io.dualwrite.dialect;

import io.dualwrite.sql.SqlFlavour;
import io.dualwrite.sql.TableName;
import io.dualwrite.sql.Verb;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLSyntaxErrorException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** MariaDB, and MySQL where it is equal. */
final class MariaDbDialect implements Dialect {
    private static final int NO_SUCH_TABLE = 1146;
    private static final int LOCK_WAIT_TIMEOUT = 1205;
    private static final int DEADLOCK = 1213;
    private static final int FIRST_WITH_SKIP_LOCKED = 1006;

    private static final String NO_LIMIT = "18446744073709551615";

    /** {@code sql_select_limit} holds for queries that have no limit of their own. */
    static final String EVERY_ROW = " LIMIT " + NO_LIMIT;

    /** One row where it is so; the servers call it by one name or the other. */
    private static final String READ_ONLY = "SHOW SESSION VARIABLES WHERE Variable_name IN ('tx_read_only',"
            + " 'transaction_read_only') AND Value = 'ON'";

    /** The modes that let a row in as the other side held it, or not at all, whatever the application's session lets pass or refuses. */
    private static final String AS_IT_IS = "SET STATEMENT sql_mode = CONCAT(REPLACE(REPLACE(REPLACE(@@SESSION.sql_mode,"
            + " 'TRADITIONAL', ','), 'NO_ZERO_IN_DATE', ','), 'NO_ZERO_DATE', ','),"
            + " ',STRICT_ALL_TABLES,ALLOW_INVALID_DATES,NO_AUTO_VALUE_ON_ZERO') FOR ";

    private static final Pattern CHANGED_ROWS =
            Pattern.compile("\\buseAffectedRows=(true|yes)\\b", Pattern.CASE_INSENSITIVE);

    private static final Pattern ALL_KEYS =
            Pattern.compile("\\breturnMultiValuesGeneratedIds=(true|yes)\\b", Pattern.CASE_INSENSITIVE);

    private static final Pattern ROWS_ONE_BY_ONE =
            Pattern.compile("\\buseBulkStmtsForInserts=(false|no)\\b", Pattern.CASE_INSENSITIVE);

    private static final Pattern SERVER_PREPARES =
            Pattern.compile("\\buseServerPrepStmts=(true|yes)\\b", Pattern.CASE_INSENSITIVE);

    private final StandardSql sql = new StandardSql('`', this);
    private final boolean mariaDb;

    /** @param mariaDb whether the server is a MariaDB that knows INSERT … RETURNING */
    MariaDbDialect(boolean mariaDb) {
        this.mariaDb = mariaDb;
    }

    @Override
    public Vendor vendor() {
        return Vendor.MARIADB;
    }

    @Override
    public SqlFlavour flavour() {
        return SqlFlavour.MARIADB;
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
        return MariaDbCatalogue.tables(connection);
    }

    /** Half of it is read by the vendor's driver, whose queries have no limit of their own. */
    @Override
    public TableShape shape(Connection connection, TableName table) throws SQLException {
        return unlimited(connection, () -> MariaDbCatalogue.shape(connection, table, mariaDb));
    }

    /** The vendor's driver reads it by a query, which fails where the session's limit is 0. */
    @Override
    public int isolation(Connection connection) throws SQLException {
        try {
            return connection.getTransactionIsolation();
        } catch (SQLException limited) {
            return unlimited(connection, connection::getTransactionIsolation);
        }
    }

    /** Asks a server. */
    private interface Question<T> {
        T ask() throws SQLException;
    }

    /** Asks without the limit that the application may have set for its session's queries. */
    private static <T> T unlimited(Connection connection, Question<T> question) throws SQLException {
        String limit = StandardSql.text(connection, "SELECT @@SESSION.sql_select_limit" + EVERY_ROW);
        if (limit.equals(NO_LIMIT)) {
            return question.ask();
        }
        execute(connection, "SET SESSION sql_select_limit = " + NO_LIMIT);
        try {
            return question.ask();
        } finally {
            execute(connection, "SET SESSION sql_select_limit = " + limit);
        }
    }

    /** The catalogue lists temporary tables in the newest versions only. */
    @Override
    public boolean isTemporary(Connection connection, TableName table) throws SQLException {
        try (Statement show = connection.createStatement();
                ResultSet rows = show.executeQuery("SHOW CREATE TABLE " + quote(table))) {
            return rows.next() && Catalogue.text(rows, 2).startsWith("CREATE TEMPORARY");
        } catch (SQLException e) {
            if (e.getErrorCode() == NO_SUCH_TABLE) {
                return false;
            }
            throw e;
        }
    }

    @Override
    public Map<String, List<String>> usersFunctions(Connection connection) throws SQLException {
        return MariaDbCatalogue.usersFunctions(connection);
    }

    @Override
    public String namespace(Connection connection) throws SQLException {
        return StandardSql.text(connection, "SELECT DATABASE()" + EVERY_ROW);
    }

    /** The server shows six digits of a FLOAT, and all of a DOUBLE. */
    @Override
    public String reading(Column column) {
        return quote(column.name) + (column.kind == Kind.REAL ? " + 0e0" : "");
    }

    /** REPLACE removes rows of other unique keys and does not give them back. */
    @Override
    public @Nullable String capturing(
            String body, Verb verb, TableShape table, @Nullable String target, List<String> first) {
        boolean gives =
                verb == Verb.INSERT || verb == Verb.DELETE || (verb == Verb.MERGE && table.secondaryKeys.isEmpty());
        if (!mariaDb || !gives) {
            return null;
        }
        StringBuilder keys = new StringBuilder();
        for (String name : first) {
            keys.append("CAST(").append(quote(name)).append(" AS UNSIGNED) AS insert_id, ");
        }
        return body + " RETURNING " + keys + sql.capturedNames("", table, Collections.<String>emptyList());
    }

    @Override
    public String selectByKeys(TableShape table, List<Column> columns, int rows, boolean forUpdate) {
        return sql.selectByKeys(table, columns, rows, forUpdate);
    }

    @Override
    public String timeZone(Connection connection) throws SQLException {
        return StandardSql.text(connection, "SELECT @@SESSION.time_zone" + EVERY_ROW);
    }

    /** In March and October some zones have gone over to summer or winter time and others have not. */
    @Override
    public String instantsOfSeasons(Connection connection) throws SQLException {
        return StandardSql.text(
                connection,
                "SELECT CONCAT_WS(' ', UNIX_TIMESTAMP('2026-01-15 12:00:00'), UNIX_TIMESTAMP('2026-03-18 12:00:00'),"
                        + " UNIX_TIMESTAMP('2026-07-15 12:00:00'), UNIX_TIMESTAMP('2026-10-28 12:00:00'))");
    }

    @Override
    public String everyRow() {
        return EVERY_ROW;
    }

    @Override
    public String byKeys(List<Column> key, int rows) {
        return sql.byKeys(key, rows);
    }

    /** An AUTO_INCREMENT column would take a 0 for "the next one", and a session without a strict mode would cut values to fit. */
    @Override
    public String insert(TableShape table, List<Column> columns) {
        return asItIs(sql.insert(table, columns, ""));
    }

    private String asItIs(String write) {
        return mariaDb ? AS_IT_IS + write : write;
    }

    /** INSERT IGNORE would swallow broken references and cut values short. */
    @Override
    public @Nullable String insertIfAbsent(TableShape table, List<Column> columns) {
        return null;
    }

    /** Where no text has begun the transaction, it is as the session says. */
    @Override
    public boolean refusesWrites(Connection connection) throws SQLException {
        return !Catalogue.query(connection, READ_ONLY, rows -> 1).isEmpty();
    }

    /**
     * ON DUPLICATE KEY UPDATE would overwrite a row that another unique key finds (R30); what a trigger does before an INSERT it would do
     * before one that becomes an UPDATE too.
     */
    @Override
    public @Nullable String upsert(TableShape table, List<Column> columns) {
        if (!table.findsConflicts() || !table.secondaryKeys.isEmpty() || table.firesBeforeInsert()) {
            return null;
        }
        StringBuilder assignments = new StringBuilder();
        for (Column column : table.assignable(columns)) {
            String name = quote(column.name);
            assignments.append(assignments.length() == 0 ? "" : ", ").append(name);
            assignments.append(" = VALUES(").append(name).append(')');
        }
        if (assignments.length() == 0) {
            String name = quote(table.key.get(0).name);
            assignments.append(name).append(" = ").append(name);
        }
        return insert(table, columns) + " ON DUPLICATE KEY UPDATE " + assignments;
    }

    @Override
    public @Nullable String update(TableShape table, List<Column> columns) {
        String update = sql.update(table, columns);
        return update == null ? null : asItIs(update);
    }

    @Override
    public String rekey(TableShape table) {
        return asItIs(sql.rekey(table));
    }

    @Override
    public String delete(TableShape table) {
        return sql.delete(table);
    }

    @Override
    public String placeholder(Column column) {
        return "?";
    }

    /** The vendor's connection tells its URL, and MariaDB's with all properties that it was given. */
    @Override
    public boolean countsChangedRows(Connection connection) throws SQLException {
        return isSet(CHANGED_ROWS, connection);
    }

    private static boolean isSet(Pattern option, Connection connection) throws SQLException {
        return option.matcher(String.valueOf(connection.getMetaData().getURL())).find();
    }

    @Override
    public Aftermath aftermath(SQLException failure) {
        if (Failures.any(failure, MariaDbDialect::isLost)) {
            return Aftermath.CONNECTION_LOST;
        }
        return Failures.any(failure, MariaDbDialect::endsTransaction)
                ? Aftermath.TRANSACTION_GONE
                : Aftermath.STATEMENT_UNDONE;
    }

    /** With innodb_rollback_on_timeout a lock that was waited for too long costs all that the transaction had written. */
    @Override
    public Aftermath aftermath(SQLException failure, Connection session) {
        Aftermath told = aftermath(failure);
        if (told != Aftermath.STATEMENT_UNDONE || failure.getErrorCode() != LOCK_WAIT_TIMEOUT) {
            return told;
        }
        try (Statement statement = session.createStatement();
                ResultSet row = statement.executeQuery("SELECT @@autocommit OR @@in_transaction")) {
            return row.next() && row.getBoolean(1) ? told : Aftermath.TRANSACTION_GONE;
        } catch (SQLException e) {
            return Aftermath.TRANSACTION_GONE;
        }
    }

    private static boolean isLost(SQLException failure) {
        switch (failure.getErrorCode()) {
            case 1053: // the server shuts down
            case 1927: // the connection was killed
            case 2006:
            case 2013:
                return true;
            default:
                return Failures.isConnectionLost(failure);
        }
    }

    /**
     * Deadlock, lock table full, a snapshot (innodb_snapshot_isolation) in which the row was another; and 25S03, with which a driver of several
     * servers says that it has gone to another one.
     */
    private static boolean endsTransaction(SQLException failure) {
        switch (failure.getErrorCode()) {
            case DEADLOCK:
            case 1206:
            case 1020:
            case 1614:
                return true;
            default:
                return Failures.hasState(failure, "40001") || Failures.hasState(failure, "25S03");
        }
    }

    /** It has a class of its own for what its server refuses to prepare. */
    @Override
    public SQLException asOfRunning(SQLException preparing) {
        return isSyntaxError(preparing)
                ? new SQLSyntaxErrorException(
                        preparing.getMessage(), preparing.getSQLState(), preparing.getErrorCode(), preparing.getCause())
                : preparing;
    }

    @Override
    public boolean isSyntaxError(SQLException failure) {
        return Failures.any(failure, one -> one.getErrorCode() == 1064);
    }

    @Override
    public boolean isDuplicate(SQLException failure) {
        return Failures.any(failure, one -> {
            int code = one.getErrorCode();
            return code == 1062 || code == 1586 || code == 1022;
        });
    }

    @Override
    public boolean closesFormerResults() {
        return false;
    }

    /** Rows go to the server in one statement, unless a property forbids it, all else one after another before the first answer is read. */
    @Override
    public BatchManner batchManner(BatchEntries entries, Connection connection) throws SQLException {
        if (entries == BatchEntries.ROWS && !isSet(ROWS_ONE_BY_ONE, connection)) {
            return BatchManner.ALL_OR_NONE;
        }
        return entries != BatchEntries.TEXTS && isSet(SERVER_PREPARES, connection)
                ? BatchManner.GOES_ON_UNTOLD
                : BatchManner.GOES_ON;
    }

    /** Rows are one statement's; of several statements the first is told. */
    @Override
    public long countBehindBatch(BatchEntries entries, long[] counts) {
        return Math.max(-1, entries == BatchEntries.ROWS ? LongStream.of(counts).sum() : counts[0]);
    }

    @Override
    public boolean undoesFailedBatch(Connection connection) {
        return true;
    }

    @Override
    public boolean batchFailureIsNext() {
        return false;
    }

    @Override
    public boolean givesKeysOfTexts() {
        return true;
    }

    @Override
    public boolean givesFirstKeyOnly(Connection connection) throws SQLException {
        return !isSet(ALL_KEYS, connection);
    }

    @Override
    public boolean completesWithKeys() {
        return false;
    }

    @Override
    public BatchPreparing batchPreparing(Connection connection) throws SQLException {
        return isSet(SERVER_PREPARES, connection) ? BatchPreparing.BY_TEXT : BatchPreparing.BY_STATEMENT;
    }

    @Override
    public String lockScope(Connection connection) throws SQLException {
        return StandardSql.text(connection, "SELECT CONCAT(@@hostname, ':', @@port, ':', @@datadir)" + EVERY_ROW);
    }

    @Override
    public boolean holdsLock(Connection connection, String name) throws SQLException {
        try (PreparedStatement ask =
                connection.prepareStatement("SELECT IS_USED_LOCK(?) = CONNECTION_ID()" + EVERY_ROW)) {
            ask.setString(1, name);
            try (ResultSet held = ask.executeQuery()) {
                return held.next() && held.getBoolean(1);
            }
        }
    }

    @Override
    public boolean rowsNeedConnection(int fetchSize) {
        return fetchSize != 0;
    }

    @Override
    public String nothing() {
        return "DO 0";
    }

    /** Besides deadlocks and lock waits: max_statement_time, and MySQL's max_execution_time. */
    @Override
    public boolean isRetryable(SQLException failure) {
        return Failures.any(failure, one -> {
            switch (one.getErrorCode()) {
                case LOCK_WAIT_TIMEOUT:
                case DEADLOCK:
                case 1020:
                case 1969:
                case 3024:
                    return true;
                default:
                    return Failures.hasState(one, "40001");
            }
        });
    }

    /** Variables of the session keep what it had before, for it may have come with the URL. */
    @Override
    public void boundWaits(Connection connection, Duration lock, Duration statement) throws SQLException {
        long statementMillis = Math.max(1, statement.toMillis());
        execute(
                connection,
                boundingLocks(lock) + ", @dualwrite_time = COALESCE(@dualwrite_time, @@SESSION." + statementTime()
                        + "), SESSION " + statementTime() + " = "
                        + (mariaDb
                                ? String.format(Locale.ROOT, "%.3f", statementMillis / 1000.0)
                                : String.valueOf(statementMillis)));
    }

    @Override
    public void boundLocks(Connection connection, Duration lock) throws SQLException {
        execute(connection, boundingLocks(lock));
    }

    private static String boundingLocks(Duration lock) {
        long seconds = Math.max(1, (lock.toMillis() + 999) / 1000);
        return "SET @dualwrite_row = COALESCE(@dualwrite_row, @@SESSION.innodb_lock_wait_timeout),"
                + " @dualwrite_table = COALESCE(@dualwrite_table, @@SESSION.lock_wait_timeout),"
                + " SESSION innodb_lock_wait_timeout = " + seconds + ", SESSION lock_wait_timeout = " + seconds;
    }

    private String statementTime() {
        return mariaDb ? "max_statement_time" : "max_execution_time";
    }

    @Override
    public void unboundWaits(Connection connection) throws SQLException {
        execute(
                connection,
                "SET SESSION innodb_lock_wait_timeout = "
                        + saved("@dualwrite_row", "innodb_lock_wait_timeout", "UNSIGNED")
                        + ", SESSION lock_wait_timeout = " + saved("@dualwrite_table", "lock_wait_timeout", "UNSIGNED")
                        + ", SESSION " + statementTime() + " = "
                        + saved("@dualwrite_time", statementTime(), mariaDb ? "DECIMAL(20, 6)" : "UNSIGNED")
                        + ", @dualwrite_row = NULL, @dualwrite_table = NULL, @dualwrite_time = NULL");
    }

    /** The variable that keeps a limit, of the type that the limit wants; the limit itself where nothing is kept. */
    private static String saved(String variable, String limit, String type) {
        return "CAST(COALESCE(" + variable + ", @@SESSION." + limit + ") AS " + type + ")";
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Override
    public Instant now(Connection connection) throws SQLException {
        return MariaDbActivity.now(connection);
    }

    @Override
    public Instant oldestTransaction(Connection connection) throws SQLException {
        return MariaDbActivity.oldestTransaction(connection);
    }

    @Override
    public String wallClock() {
        return "SELECT CAST(CAST(? AS DATETIME) AS CHAR(30))";
    }

    @Override
    public String timeColumns() {
        return "SELECT table_name, column_name, data_type FROM information_schema.columns"
                + " WHERE table_schema = DATABASE() AND data_type IN ('datetime', 'timestamp')";
    }

    @Override
    public List<ServerSession> sessions(Connection connection) throws SQLException {
        return MariaDbActivity.sessions(connection);
    }

    @Override
    public String client(Connection connection) throws SQLException {
        return MariaDbActivity.client(connection);
    }

    @Override
    public void endSession(Connection connection, ServerSession session) throws SQLException {
        MariaDbActivity.end(connection, session);
    }

    @Override
    public List<Generator> generators(Connection connection, TableShape table) throws SQLException {
        return MariaDbGenerators.of(connection, table);
    }

    @Override
    public List<Generator> freeGenerators(Connection connection) throws SQLException {
        return mariaDb ? MariaDbGenerators.free(connection) : Collections.emptyList();
    }

    @Override
    public long reached(Connection connection, Generator generator) throws SQLException {
        return MariaDbGenerators.reached(connection, sql, generator);
    }

    @Override
    public long highest(Connection connection, Generator generator) throws SQLException {
        return MariaDbGenerators.highest(connection, sql, generator);
    }

    @Override
    public void raise(Connection connection, Generator generator, long floor) throws SQLException {
        MariaDbGenerators.raise(connection, sql, generator, floor);
    }

    @Override
    public List<String> ownTables() {
        return StandardSql.ownTables(" ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin");
    }

    /** A query inside an INSERT locks what it reads, and would wait for a step that holds the row; so it passes over it then. */
    @Override
    public @Nullable String unlessPassedBy(Connection connection, String phases) throws SQLException {
        DatabaseMetaData server = connection.getMetaData();
        int version = server.getDatabaseMajorVersion() * 100 + server.getDatabaseMinorVersion();
        if (!server.getDatabaseProductName().contains("MariaDB") || version < FIRST_WITH_SKIP_LOCKED) {
            return null;
        }
        return "(SELECT CAST(? AS CHAR(40)) UNION ALL SELECT '' FROM " + phases
                + " WHERE epoch > ? LOCK IN SHARE MODE SKIP LOCKED)";
    }
}
