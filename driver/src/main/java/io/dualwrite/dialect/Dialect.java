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

/** What differs from vendor to vendor, for one vendor. Stateless and thread-safe. */
public interface Dialect {

    /** The vendor that this dialect speaks. */
    Vendor vendor();

    /** The flavour by which the classifier reads this vendor's SQL. */
    SqlFlavour flavour();

    /** The identifier in the vendor's quotes. */
    String quote(String identifier);

    /** The column in a select list or after RETURNING, so that the server gives its whole value. */
    default String reading(Column column) {
        return quote(column.name);
    }

    /** The columns as {@link #reading} has them, each after the prefix, separated by commas. */
    default String readings(String prefix, List<Column> columns) {
        StringBuilder readings = new StringBuilder();
        for (Column column : columns) {
            readings.append(readings.length() == 0 ? "" : ", ").append(prefix).append(reading(column));
        }
        return readings.toString();
    }

    /** The table's name in the vendor's quotes, with schema where there is one. */
    String quote(TableName table);

    /** The table in quotes, to read, change or delete rows that are its own, and no other's that inherits from it. */
    default String rowsOf(TableShape table) {
        return (table.hasHeirs ? "ONLY " : "") + quote(table.name);
    }

    // ------------------------------------------------------------------ the catalogue

    /** The tables of the connection's current schema, views and this product's own tables left out, by name. */
    List<TableName> tables(Connection connection) throws SQLException;

    /**
     * A query for the columns of the current schema, views included, that hold a date with a time: table, column, and the type, which ends
     * with {@code with time zone}, in any case of letters, where the column has one.
     */
    default String timeColumns() {
        return "SELECT TABLE_NAME, COLUMN_NAME, DATA_TYPE FROM INFORMATION_SCHEMA.COLUMNS"
                + " WHERE TABLE_SCHEMA = CURRENT_SCHEMA AND UPPER(DATA_TYPE) LIKE 'TIMESTAMP%'";
    }

    /**
     * Describes a table. An unquoted name of another vendor's case is found where exactly one table has it in another
     * case; a name without schema is looked for where the connection's statements would find it.
     *
     * @throws SQLException SQLSTATE 42P01 if there is no such table
     */
    TableShape shape(Connection connection, TableName table) throws SQLException;

    /**
     * Whether the name means a temporary table of this session's own.
     *
     * @throws SQLException the vendor's own
     */
    boolean isTemporary(Connection connection, TableName table) throws SQLException;

    /**
     * The schemas in which the session looks for unqualified names, in their order, separated by commas; empty where there are
     * none.
     */
    String namespace(Connection connection) throws SQLException;

    // ------------------------------------------------------------------ images (R25)

    /**
     * The write rewritten as a query that runs it and gives back the rows that it touched, or null where this vendor has
     * no such query for the verb. The result's first columns are {@code first}, as the application asked for generated
     * keys; then come all columns of the table in its order: after the write for INSERT, MERGE and UPDATE, before it
     * for DELETE.
     *
     * @param body the statement without closing semicolon or comment and without a RETURNING clause of its own
     * @param target the target as written, with its alias, or null
     */
    @Nullable
    String capturing(String body, Verb verb, TableShape table, @Nullable String target, List<String> first);

    /** Whether a write inside a query, as {@link #capturing} makes it, leaves the rows that it wrote before it failed. */
    default boolean keepsRowsOfFailedCapture() {
        return false;
    }

    /** SELECT of the columns of the table's rows with these keys: {@code … WHERE (k1 = ? AND k2 = ?) OR …}. */
    String selectByKeys(TableShape table, List<Column> columns, int rows, boolean forUpdate);

    /** A condition that finds so many rows by these columns, whose values it takes row by row; none at all for 0. */
    String byKeys(List<Column> key, int rows);

    /**
     * The session's time zone, where the server shows and takes instants by it, so that another one makes others of them; else null.
     *
     * @throws SQLException the vendor's own
     */
    default @Nullable String timeZone(Connection connection) throws SQLException {
        return null;
    }

    /**
     * The instants that times of the four seasons are in a session that was just opened, where the server shows and takes instants by its
     * time zone; else empty. Two servers that give the same show an instant as the same time.
     *
     * @throws SQLException the vendor's own
     */
    default String instantsOfSeasons(Connection connection) throws SQLException {
        return "";
    }

    /**
     * What a query of the driver's own ends with, before its locks, so that no setting of the application's session cuts its rows
     * short; begins with a space, or is empty.
     */
    default String everyRow() {
        return "";
    }

    // ------------------------------------------------------------------ writing rows (R30)

    /** INSERT of the columns with explicit generated keys. */
    String insert(TableShape table, List<Column> columns);

    /**
     * INSERT that does nothing where the key is there, waiting for a concurrent insert of it; or null where the vendor
     * has none, so that the caller inserts and takes {@link #isDuplicate} for "there".
     */
    @Nullable
    String insertIfAbsent(TableShape table, List<Column> columns);

    /**
     * One statement that inserts or updates by the primary key and never touches a row of another key; or null where the
     * vendor has none for this table, so that the caller runs UPDATE, then INSERT.
     */
    @Nullable
    String upsert(TableShape table, List<Column> columns);

    /**
     * UPDATE by key; parameters are {@link TableShape#assignable} of the columns in their order, then the key. Null if that
     * leaves nothing to assign.
     */
    @Nullable
    String update(TableShape table, List<Column> columns);

    /** UPDATE by key that assigns the key's columns and nothing else: the new values, then the former. */
    String rekey(TableShape table);

    /** DELETE by key. */
    String delete(TableShape table);

    /** Whether the count of an UPDATE on this connection leaves out rows that it hits and leaves as they were. */
    default boolean countsChangedRows(Connection connection) throws SQLException {
        return false;
    }

    /** The placeholder for a value of the column: {@code ?}, or with the cast that the vendor needs. */
    String placeholder(Column column);

    // ------------------------------------------------------------------ failures

    /** What the failure did to its transaction (R14), as far as the error tells. */
    Aftermath aftermath(SQLException failure);

    /** As {@link #aftermath(SQLException)}; the session is asked where the server's settings decide. */
    default Aftermath aftermath(SQLException failure, Connection session) {
        return aftermath(failure);
    }

    /**
     * Whether the failure may say that the heap had no room for the rows of a query which the server has run. The server says the same of its
     * own memory, and aborts the transaction.
     */
    default boolean isReadingTooMuch(SQLException failure) {
        return false;
    }

    /** Whether the failure says that the server could not read the text, and so has done nothing of a text that is one statement. */
    boolean isSyntaxError(SQLException failure);

    /** A failure to prepare a text, as the driver tells of one to run it. */
    default SQLException asOfRunning(SQLException preparing) {
        return preparing;
    }

    /** Whether the failure says that a unique key is there already. */
    boolean isDuplicate(SQLException failure);

    /** Whether the failure is a bounded wait that ran out, a deadlock or a serialization failure, so that trying again helps. */
    boolean isRetryable(SQLException failure);

    /** Whether the server has raised the failure, else the driver, which may have sent nothing. */
    default boolean isRaisedByServer(SQLException failure) {
        return true;
    }

    /** Whether the failure says that what must be one row was two. */
    default boolean isTwoRows(SQLException failure) {
        return "21000".equals(failure.getSQLState());
    }

    // ------------------------------------------------------------------ waits (R5)

    /**
     * Bounds lock and statement waits on the connection's session (R5); each at least 1 ms, rounded up to the vendor's unit
     * (MariaDB's locks: a second). To be called outside a transaction: PostgreSQL takes it back with a rollback.
     */
    void boundWaits(Connection connection, Duration lock, Duration statement) throws SQLException;

    /** Bounds lock waits alone, and leaves statements the time that the application gives them. */
    void boundLocks(Connection connection, Duration lock) throws SQLException;

    /** Bounds what the statement may take, in whole seconds above 0, until {@link #unboundStatement}. */
    default void boundStatement(Statement statement, int seconds) throws SQLException {
        statement.setQueryTimeout(seconds);
    }

    /** The statement has ended, and with it what {@link #boundStatement} has set. */
    default void unboundStatement(Statement statement) throws SQLException {
        statement.setQueryTimeout(0);
    }

    /** Gives the session the limits back that it had before it was first bounded. */
    void unboundWaits(Connection connection) throws SQLException;

    // ------------------------------------------------------------------ transactions and sessions

    /** The session's isolation, whatever the application has set in it; else as {@link Connection#getTransactionIsolation}. */
    default int isolation(Connection connection) throws SQLException {
        return connection.getTransactionIsolation();
    }

    /** Whether the driver commits what is open before it sets the isolation by call. */
    default boolean commitsBeforeIsolation() {
        return false;
    }

    /** Whether a statement may commit the transaction in which it runs: a routine that says COMMIT or changes the schema. */
    default boolean commitsWithinStatements() {
        return true;
    }

    /**
     * Whether some table of the database has a constraint whose check may be put off until the commit.
     *
     * @throws SQLException the vendor's own
     */
    default boolean hasDeferrableConstraints(Connection connection) throws SQLException {
        return false;
    }

    /** What checks, now, all constraints whose check the transaction has put off; for where there are such. */
    default String checkDeferred() {
        return nothing();
    }

    /**
     * Whether the session sends several statements in one text to its server at once, and does not run what comes after one that
     * failed, so that a COMMIT can follow a statement without a round trip of its own.
     */
    default boolean sendsTextsAtOnce(Connection connection) {
        return false;
    }

    /**
     * An expression that is its first parameter, and fails with {@link #isTwoRows} where the table of phases knows a later epoch than its
     * second (R29). It waits for nobody who holds that table's row; null where the server has no such query.
     *
     * @throws SQLException the vendor's own
     */
    default @Nullable String unlessPassedBy(Connection connection, String phases) throws SQLException {
        return "(SELECT CAST(? AS VARCHAR(40)) UNION ALL SELECT '' FROM " + phases + " WHERE epoch > ?)";
    }

    /**
     * Whether the driver, where autocommit is off, begins a transaction for what it asks the server by itself, as for its metadata, and
     * leaves it open. Such a driver sets autocommit without asking the server.
     */
    default boolean beginsWhenAsked() {
        return false;
    }

    /**
     * Whether a session that was set read only writes all the same where each statement is its own transaction. Asked of such a session,
     * with autocommit on.
     *
     * @throws SQLException the vendor's own
     */
    default boolean writesThoughReadOnly(Connection connection) throws SQLException {
        return false;
    }

    /**
     * Whether the server refuses all writes of the transaction that is open, or would be opened by a statement now, on a connection that
     * was set read only.
     *
     * @throws SQLException the vendor's own
     */
    default boolean refusesWrites(Connection connection) throws SQLException {
        return false;
    }

    /**
     * Whether the server's catalogue says of every function of that name that it reads only.
     *
     * @param function lower case, with its schema where the statement gives one
     * @throws SQLException the vendor's own
     */
    default boolean readsOnly(Connection connection, String function) throws SQLException {
        return false;
    }

    /**
     * The functions of the user's own that can be called in an expression and may write, in any schema: their names in lower case, and for
     * each the schemas in which one is. What an extension of the server's runs in its own code is not among them.
     *
     * @throws SQLException the vendor's own
     */
    Map<String, List<String>> usersFunctions(Connection connection) throws SQLException;

    /**
     * Whether the session holds advisory locks, between transactions; null where the server does not tell.
     *
     * @throws SQLException the vendor's own
     */
    default @Nullable Boolean holdsSessionLocks(Connection connection) throws SQLException {
        return null;
    }

    /**
     * Whether the session holds the lock of this name, where {@link #holdsSessionLocks} does not tell of all.
     *
     * @throws SQLException the vendor's own
     */
    default boolean holdsLock(Connection connection, String name) throws SQLException {
        return false;
    }

    /**
     * What a session's named locks are good for beyond its database: the server, in a text that no other server has, or empty
     * where each database has locks of its own.
     *
     * @throws SQLException the vendor's own
     */
    default String lockScope(Connection connection) throws SQLException {
        return "";
    }

    // ------------------------------------------------------------------ what the vendor's driver does, and answers

    /** A text that does nothing and gives no rows, to have the vendor's driver answer as it answers to a write in a query's place. */
    String nothing();

    /** Whether the driver refuses a write in {@code executeQuery}, and a query in a batch, without running it. */
    default boolean tellsQueriesFromWrites() {
        return false;
    }

    /** Whether a prepared statement of the driver's, which refuses texts, takes one where generated keys or a large count are asked for. */
    default boolean preparedTakesTextForKeys() {
        return false;
    }

    /** Whether the rows of RETURNING are the generated keys where the application asks for such. */
    default boolean givesReturnedRowsForKeys() {
        return false;
    }

    /**
     * Whether the driver gives back the first generated key of a statement alone.
     *
     * @throws SQLException the vendor's own
     */
    default boolean givesFirstKeyOnly(Connection connection) throws SQLException {
        return false;
    }

    /** Whether the driver gives no more generated keys of a statement than {@code setMaxRows} allows. */
    default boolean cutsKeys() {
        return false;
    }

    /** Whether generated keys lead back to their statement, so that one which is closed on completion ends with them. */
    default boolean completesWithKeys() {
        return true;
    }

    /** Whether an execution of the driver's closes the result set and the keys of the one before. */
    default boolean closesFormerResults() {
        return true;
    }

    /** Whether an open result set needs its connection after its transaction has ended (R22); 0 for no fetch size. */
    boolean rowsNeedConnection(int fetchSize);

    /** Whether the driver reads a stream to its end where the application gives 0 or less for its length. */
    default boolean readsAllWithoutLength() {
        return false;
    }

    /** Whether the driver's {@code Connection.abort} does nothing. */
    default boolean ignoresAbort() {
        return false;
    }

    // ------------------------------------------------------------------ what the vendor's driver does with a batch

    /** How the vendor's driver goes on with a batch when an entry has failed. */
    enum BatchManner {
        /** All entries are one: they fail together. */
        ALL_OR_NONE,
        /** The entries after it run all the same. */
        GOES_ON,
        /** The entries after it run all the same, and all are told to have failed. */
        GOES_ON_UNTOLD
    }

    /** What the entries of a batch are. */
    enum BatchEntries {
        /** Statements of their own. */
        TEXTS,
        /** Values of one prepared statement's parameters. */
        VALUES,
        /** Those of several rows for one prepared INSERT, which neither updates any nor is asked for keys. */
        ROWS
    }

    /**
     * How a batch goes on after a failure.
     *
     * @throws SQLException the vendor's own
     */
    BatchManner batchManner(BatchEntries entries, Connection connection) throws SQLException;

    /**
     * Whether the vendor undoes what a batch that is {@link BatchManner#ALL_OR_NONE} had done when it failed, so that the transaction goes
     * on without it.
     *
     * @throws SQLException the vendor's own
     */
    default boolean undoesFailedBatch(Connection connection) throws SQLException {
        return false;
    }

    /** Whether the exception of a batch has the entry's as its cause. */
    default boolean batchFailureIsCause() {
        return true;
    }

    /** Whether the exception of a batch has the entry's as its next exception. */
    default boolean batchFailureIsNext() {
        return true;
    }

    /** When a server is told of a prepared statement for the first time by a batch of its values, which its driver tells otherwise. */
    enum BatchPreparing {
        NEVER,
        /** By each statement's first batch. */
        BY_STATEMENT,
        /** By the first batch of the text on the connection. */
        BY_TEXT
    }

    /**
     * How the driver has a batch prepared: the failure of one is wrapped in another one with counts of its own.
     *
     * @throws SQLException the vendor's own
     */
    default BatchPreparing batchPreparing(Connection connection) throws SQLException {
        return BatchPreparing.NEVER;
    }

    /** Whether the driver gives generated keys of a batch of texts, for which nobody can ask. */
    default boolean givesKeysOfTexts() {
        return false;
    }

    /** What a query in a batch counts where the driver does not refuse it. */
    default int countOfBatchedQuery() {
        return Statement.SUCCESS_NO_INFO;
    }

    /** What the driver tells for a count behind a batch of entries with these counts, at least one: -1 for none. */
    default long countBehindBatch(BatchEntries entries, long[] counts) {
        return -1;
    }

    // ------------------------------------------------------------------ the server

    /** The server's clock. */
    Instant now(Connection connection) throws SQLException;

    /**
     * A query of one row and one text: what stands in a column without zone where the vendor's driver writes the one parameter, a
     * {@link java.sql.Timestamp}. It begins with date, hour and minute: {@code 2026-01-15 12:00}.
     */
    default String wallClock() {
        return "SELECT CAST(CAST(? AS TIMESTAMP) AS VARCHAR(30))";
    }

    /**
     * When the oldest transaction that is open on the database began, by the server's clock, or {@link #now} if none is (R21).
     * This connection's own is left out. H2 does not tell when a transaction began: there it is its session's start.
     *
     * @throws SQLException SQLSTATE 42501 if the user may not see when others' transactions began
     */
    Instant oldestTransaction(Connection connection) throws SQLException;

    /** The key generators that the table's columns use: identity, AUTO_INCREMENT, sequences in defaults (R24). */
    List<Generator> generators(Connection connection, TableShape table) throws SQLException;

    /** Sequences of the current schema that no column owns. */
    List<Generator> freeGenerators(Connection connection) throws SQLException;

    /** The value that the generator has reached: every value up to it may have been handed out. */
    long reached(Connection connection, Generator generator) throws SQLException;

    /** The largest value that the generator can ever hand out. */
    long highest(Connection connection, Generator generator) throws SQLException;

    /**
     * Raises the generator so that its next value is above {@code floor}; never lowers it. May end the connection's
     * transaction, for MariaDB and H2 do it by DDL; on MariaDB it gives up with a retryable failure where the table stays in use.
     */
    void raise(Connection connection, Generator generator, long floor) throws SQLException;

    /** The sessions on the server's current database other than this connection's, as far as the user may see them. */
    List<ServerSession> sessions(Connection connection) throws SQLException;

    /** This connection's address as the server sees it, without a port; {@code local} where it came by no network. */
    String client(Connection connection) throws SQLException;

    /**
     * Ends another session; what it had open is rolled back. Does nothing where it is not there any more.
     *
     * @throws SQLException the vendor's own, where the user may not do that
     */
    void endSession(Connection connection, ServerSession session) throws SQLException;

    /** DDL that makes this product's own tables ({@link OwnTables}), one statement each, harmless where they are there. */
    List<String> ownTables();

    /**
     * The table whose keys come from a sequence, by its name alone; null where none is found, or where keys of sequences are not asked
     * for by name.
     *
     * @param sequence the expression that names it
     */
    default @Nullable String tableOfSequence(Connection connection, String sequence) throws SQLException {
        return null;
    }
}
