package io.dualwrite.dialect;

import io.dualwrite.sql.SqlFlavour;
import io.dualwrite.sql.TableName;
import io.dualwrite.sql.Verb;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** PostgreSQL from version 12 on. */
final class PostgresDialect implements Dialect {
    private final StandardSql sql = new StandardSql('"', this);

    @Override
    public Vendor vendor() {
        return Vendor.POSTGRESQL;
    }

    @Override
    public SqlFlavour flavour() {
        return SqlFlavour.POSTGRESQL;
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
    public String reading(Column column) {
        return quote(column.name) + (column.isReadAsText() ? "::text" : isMoney(column) ? "::numeric" : "");
    }

    private static boolean isMoney(Column column) {
        return column.typeName.equals(PostgresCatalogue.MONEY);
    }

    @Override
    public List<TableName> tables(Connection connection) throws SQLException {
        return PostgresCatalogue.tables(connection);
    }

    @Override
    public TableShape shape(Connection connection, TableName table) throws SQLException {
        return PostgresCatalogue.shape(connection, table);
    }

    @Override
    public boolean isTemporary(Connection connection, TableName table) throws SQLException {
        return PostgresCatalogue.isTemporary(connection, table);
    }

    @Override
    public Map<String, List<String>> usersFunctions(Connection connection) throws SQLException {
        return PostgresCatalogue.usersFunctions(connection);
    }

    @Override
    public String namespace(Connection connection) throws SQLException {
        return StandardSql.text(connection, "SELECT array_to_string(current_schemas(false), ',')");
    }

    @Override
    public @Nullable String capturing(
            String body, Verb verb, TableShape table, @Nullable String target, List<String> first) {
        switch (verb) {
            case INSERT:
                return body + " RETURNING " + captured(prefix(target), table, first);
            case UPDATE:
            case DELETE:
                // without the target's alias a column could be another table's
                return target == null ? null : body + " RETURNING " + captured(prefix(target), table, first);
            default:
                return null;
        }
    }

    /** Names that were asked for are quoted as they are, as its driver does, and so their case counts. */
    private String captured(String prefix, TableShape table, List<String> first) {
        StringBuilder names = new StringBuilder();
        for (String name : first) {
            names.append(prefix).append(quote(name)).append(", ");
        }
        return names + sql.capturedNames(prefix, table, Collections.<String>emptyList());
    }

    private static String prefix(@Nullable String target) {
        return target == null ? "" : StandardSql.qualifier(target) + '.';
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
        return !table.findsConflicts()
                ? null
                : insert(table, columns) + " ON CONFLICT (" + sql.names("", table.key) + ") DO NOTHING";
    }

    /** What a trigger does before an INSERT it does before one that becomes an UPDATE too, and may leave the row out. */
    @Override
    public @Nullable String upsert(TableShape table, List<Column> columns) {
        if (!table.findsConflicts() || table.firesBeforeInsert() || table.mayLeaveOut(Verb.UPDATE)) {
            return null;
        }
        StringBuilder assignments = new StringBuilder();
        for (Column column : table.assignable(columns)) {
            assignments
                    .append(assignments.length() == 0 ? " DO UPDATE SET " : ", ")
                    .append(quote(column.name))
                    .append(" = EXCLUDED.")
                    .append(quote(column.name));
        }
        return insert(table, columns) + " ON CONFLICT (" + sql.names("", table.key) + ")"
                + (assignments.length() == 0 ? " DO NOTHING" : assignments);
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
        return isMoney(column) ? "?::numeric::money" : "?";
    }

    /** Any failure that the server saw aborts the transaction; a failure that pgjdbc found itself counts as one too. */
    @Override
    public Aftermath aftermath(SQLException failure) {
        return Failures.any(failure, PostgresDialect::isLost)
                ? Aftermath.CONNECTION_LOST
                : Aftermath.TRANSACTION_ABORTED;
    }

    @Override
    public boolean isReadingTooMuch(SQLException failure) {
        return Failures.hasState(failure, "53200");
    }

    /** 57P01 to 57P05: the server ends the session. */
    private static boolean isLost(SQLException failure) {
        String state = failure.getSQLState();
        return Failures.isConnectionLost(failure) || (state != null && state.startsWith("57P0"));
    }

    @Override
    public boolean isSyntaxError(SQLException failure) {
        return Failures.any(failure, one -> Failures.hasState(one, "42601"));
    }

    @Override
    public boolean isDuplicate(SQLException failure) {
        return Failures.any(failure, one -> Failures.hasState(one, "23505"));
    }

    @Override
    public int countOfBatchedQuery() {
        return 0;
    }

    @Override
    public boolean givesReturnedRowsForKeys() {
        return true;
    }

    @Override
    public boolean preparedTakesTextForKeys() {
        return true;
    }

    @Override
    public BatchManner batchManner(BatchEntries entries, Connection connection) {
        return BatchManner.ALL_OR_NONE;
    }

    @Override
    public Boolean holdsSessionLocks(Connection connection) throws SQLException {
        return !StandardSql.text(
                        connection,
                        "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid() LIMIT 1")
                .isEmpty();
    }

    @Override
    public boolean hasDeferrableConstraints(Connection connection) throws SQLException {
        return "t"
                .equals(StandardSql.text(
                        connection, "SELECT EXISTS (SELECT 1 FROM pg_constraint WHERE condeferrable)"));
    }

    @Override
    public String checkDeferred() {
        return "SET CONSTRAINTS ALL IMMEDIATE";
    }

    @Override
    public boolean commitsWithinStatements() {
        return false;
    }

    @Override
    public boolean beginsWhenAsked() {
        return true;
    }

    /** Not where the driver sets a savepoint of its own around each statement, which a COMMIT would take away. */
    @Override
    public boolean sendsTextsAtOnce(Connection connection) {
        return "NEVER".equalsIgnoreCase(autosave(connection));
    }

    /** By such a savepoint: to the one before a batch it goes back as a whole. */
    @Override
    public boolean undoesFailedBatch(Connection connection) {
        return "ALWAYS".equalsIgnoreCase(autosave(connection));
    }

    /** When the driver sets savepoints of its own, in its words. */
    private static String autosave(Connection connection) {
        try {
            Class<?> pgConnection = Class.forName(
                    "org.postgresql.PGConnection",
                    false,
                    connection.unwrap(Connection.class).getClass().getClassLoader());
            return String.valueOf(pgConnection.getMethod("getAutosave").invoke(connection.unwrap(pgConnection)));
        } catch (ReflectiveOperationException | SQLException | LinkageError another) {
            return "unknown";
        }
    }

    /** Its driver begins transactions of several statements READ ONLY, and sets the session so where its {@code readOnlyMode} is always. */
    @Override
    public boolean writesThoughReadOnly(Connection connection) throws SQLException {
        return "off".equals(StandardSql.text(connection, "SHOW transaction_read_only"));
    }

    @Override
    public boolean refusesWrites(Connection connection) throws SQLException {
        return "on".equals(StandardSql.text(connection, "SHOW transaction_read_only"));
    }

    @Override
    public boolean readsOnly(Connection connection, String function) throws SQLException {
        return PostgresCatalogue.readsOnly(connection, function);
    }

    @Override
    public boolean cutsKeys() {
        return true;
    }

    @Override
    public boolean isRaisedByServer(SQLException failure) {
        try {
            return failure.getClass().getMethod("getServerErrorMessage").invoke(failure) != null;
        } catch (ReflectiveOperationException another) {
            return false;
        }
    }

    /** Its driver reads all rows at once, or from a cursor that ends with the transaction. */
    @Override
    public boolean rowsNeedConnection(int fetchSize) {
        return false;
    }

    @Override
    public String nothing() {
        return "";
    }

    /** Serialization failure, deadlock, lock_timeout, statement_timeout. */
    @Override
    public boolean isRetryable(SQLException failure) {
        return Failures.any(
                failure,
                one -> Failures.hasState(one, "40001")
                        || Failures.hasState(one, "40P01")
                        || Failures.hasState(one, "55P03")
                        || Failures.hasState(one, "57014"));
    }

    @Override
    public void boundWaits(Connection connection, Duration lock, Duration statement) throws SQLException {
        execute(
                connection,
                "SELECT " + bounding("lock_timeout", lock) + ", " + bounding("statement_timeout", statement));
    }

    @Override
    public void boundLocks(Connection connection, Duration lock) throws SQLException {
        execute(connection, "SELECT " + bounding("lock_timeout", lock));
    }

    /** Keeps what the setting was, by URL, role, database or the application's SET, in a setting of our own. */
    private static String bounding(String setting, Duration bound) {
        return "set_config('dualwrite." + setting + "', COALESCE(NULLIF(current_setting('dualwrite." + setting
                + "', true), ''), current_setting('" + setting + "')), false), set_config('" + setting + "', '"
                + Math.max(1, bound.toMillis()) + "', false)";
    }

    @Override
    public void unboundWaits(Connection connection) throws SQLException {
        execute(connection, "SELECT " + unbounding("lock_timeout") + ", " + unbounding("statement_timeout"));
    }

    private static String unbounding(String setting) {
        return "set_config('" + setting + "', COALESCE(NULLIF(current_setting('dualwrite." + setting
                + "', true), ''), current_setting('" + setting + "')), false), set_config('dualwrite." + setting
                + "', '', false)";
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Override
    public Instant now(Connection connection) throws SQLException {
        return PostgresActivity.now(connection);
    }

    @Override
    public Instant oldestTransaction(Connection connection) throws SQLException {
        return PostgresActivity.oldestTransaction(connection);
    }

    @Override
    public List<ServerSession> sessions(Connection connection) throws SQLException {
        return PostgresActivity.sessions(connection);
    }

    @Override
    public String client(Connection connection) throws SQLException {
        return PostgresActivity.client(connection);
    }

    @Override
    public void endSession(Connection connection, ServerSession session) throws SQLException {
        PostgresActivity.end(connection, session);
    }

    @Override
    public List<Generator> generators(Connection connection, TableShape table) throws SQLException {
        return PostgresGenerators.of(connection, table);
    }

    @Override
    public List<Generator> freeGenerators(Connection connection) throws SQLException {
        return PostgresGenerators.free(connection);
    }

    @Override
    public long reached(Connection connection, Generator generator) throws SQLException {
        return PostgresGenerators.reached(connection, sql, generator);
    }

    @Override
    public long highest(Connection connection, Generator generator) throws SQLException {
        return PostgresGenerators.highest(connection, sql, generator);
    }

    @Override
    public void raise(Connection connection, Generator generator, long floor) throws SQLException {
        PostgresGenerators.raise(connection, sql, generator, floor);
    }

    @Override
    public List<String> ownTables() {
        return StandardSql.ownTables("");
    }

    @Override
    public @Nullable String tableOfSequence(Connection connection, String sequence) throws SQLException {
        return PostgresGenerators.tableOf(connection, sequence);
    }
}
