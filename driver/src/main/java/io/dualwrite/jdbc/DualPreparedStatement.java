package io.dualwrite.jdbc;

import io.dualwrite.dialect.Dialect.BatchEntries;
import io.dualwrite.dialect.Dialect.BatchManner;
import io.dualwrite.jdbc.StatementWay.MirrorAnswer;
import io.dualwrite.jdbc.StatementWay.VendorCall;
import io.dualwrite.ladder.Phase;
import io.dualwrite.ladder.Rung;
import io.dualwrite.mirror.KeyRequest;
import io.dualwrite.mirror.Leg;
import io.dualwrite.mirror.Turn;
import io.dualwrite.mirror.WriteRequest;
import io.dualwrite.sql.Classification;
import io.dualwrite.sql.SqlFlavour;
import io.dualwrite.sql.Verb;
import java.sql.CallableStatement;
import java.sql.ParameterMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The application's prepared statement. It records its parameters, so that it can be prepared and run on either side after
 * any flip, however long the application keeps it; on a rung with one leg they go to the vendor's statement at once as well.
 */
abstract class DualPreparedStatement extends RecordingPreparedStatement {
    final String sql;
    private final KeyRequest keys;
    private @Nullable List<Parameters> entries;
    /** What entries bind beyond their parameters by index, where it is a callable statement. */
    private @Nullable List<CallParameters> entriesMore;

    private @Nullable Classification classification;
    private @Nullable SqlFlavour flavour;
    private @Nullable Leg bound;
    /** The leg on which it runs alone, as long as nothing of the statement has changed since that was found out. */
    private @Nullable Leg shortWay;

    private @Nullable PreparedStatement onShortWay;
    /** Whether a stream that the vendor's statement has keeps the rung until it has run. */
    private volatile boolean streamHolds;

    DualPreparedStatement(DualConnection connection, String sql, KeyRequest keys, VendorStatements.Maker maker) {
        super(connection, connection.transaction, maker);
        this.sql = sql;
        this.keys = keys;
    }

    @Override
    PreparedStatement delegate() throws SQLException {
        return (PreparedStatement) super.delegate();
    }

    /** Prepares where it answers, so that what is wrong with the text is told when the bare driver tells it. */
    final void prepareWhereItAnswers() throws SQLException {
        Leg leg = transaction.legs.open(transaction.rung().answers());
        PreparedStatement vendor = (PreparedStatement) vendors.on(leg);
        Classification statement = classification(leg);
        parameters.expect(statement.parameters());
        bound = leg;
        if (transaction.isAlone(leg) && statement.leavesNothing()) {
            onShortWay = vendor;
            shortWay = leg;
        }
    }

    private Classification classification() throws SQLException {
        return classification(transaction.legs.open(transaction.rung().answers()));
    }

    /** What the text does; the flavour it is read by may change with the side that answers. */
    private Classification classification(Leg leg) throws SQLException {
        SqlFlavour read = leg.dialect.flavour();
        Classification known = classification;
        if (known == null || flavour != read) {
            known = connection.classify(sql, leg);
            classification = known;
            flavour = read;
        }
        return known;
    }

    // ------------------------------------------------------------------ parameters

    @Override
    protected final @Nullable PreparedStatement direct() throws SQLException {
        Leg known = shortWay;
        if (known != null && transaction.isAlone(known)) {
            return onShortWay;
        }
        requireOpen();
        Leg leg = transaction.legs.open(transaction.rung().answers());
        return bound == leg ? (PreparedStatement) vendors.on(leg) : bind(leg);
    }

    @Override
    protected final boolean staysOnRung() throws SQLException {
        if (connection.gone()) {
            return true;
        }
        requireOpen();
        return !mayBeTwo(transaction.rung()) && (streamHolds || transaction.turn.take(this::holdForStream));
    }

    private boolean holdForStream() throws SQLException {
        connection.requireOpen();
        boolean stays = !mayBeTwo(transaction.hold());
        if (stays) {
            streamHolds = true;
        } else {
            transaction.letGo();
        }
        return stays;
    }

    private boolean mayBeTwo(Rung rung) {
        return rung.dual() || connection.settings().phase == Phase.TWO;
    }

    /** A stream needs the rung no longer: the statement runs in a transaction that keeps it, or will not run with that. */
    private void letStreamGo() {
        if (streamHolds) {
            transaction.turn.step(() -> {
                if (streamHolds) {
                    streamHolds = false;
                    transaction.letGo();
                }
            });
        }
    }

    @Override
    public void clearParameters() throws SQLException {
        super.clearParameters();
        letStreamGo();
    }

    @Override
    protected final void beginForLargeValue() throws SQLException {
        if (transaction.rung().dual()) {
            transaction.turn.step(() -> {
                Rung rung = transaction.manual() ? transaction.begin() : transaction.rung();
                transaction.on(rung.answers());
            });
        }
    }

    /** The vendor's statement on the leg, with all parameters set. */
    private PreparedStatement bind(Leg leg) throws SQLException {
        PreparedStatement vendor = (PreparedStatement) vendors.on(leg);
        if (bound != leg) {
            vendor.clearParameters();
            parameters.applyTo(vendor);
            bindMore(vendor, calls());
            bound = leg;
        }
        return vendor;
    }

    private PreparedStatement bind(Statement vendor, Parameters values) throws SQLException {
        return bind(vendor, values, calls());
    }

    private PreparedStatement bind(Statement vendor, Parameters values, @Nullable CallParameters more)
            throws SQLException {
        PreparedStatement prepared = (PreparedStatement) vendor;
        if (values != parameters || bound == null || !vendors.has(bound) || vendors.on(bound) != vendor) {
            prepared.clearParameters();
            values.applyTo(prepared);
            bindMore(prepared, more);
            bound = null;
            shortWay = null;
        } else {
            values.applyLargeObjects(prepared);
        }
        return prepared;
    }

    /** What a callable statement binds beyond the parameters by index; null for any other. */
    @Nullable
    CallParameters calls() {
        return null;
    }

    private static void bindMore(PreparedStatement vendor, @Nullable CallParameters more) throws SQLException {
        if (more != null) {
            more.applyTo((CallableStatement) vendor);
        }
    }

    // ------------------------------------------------------------------ what the vendor says of it

    @Override
    @SuppressWarnings("NullAway") // JDBC allows null where there are no rows
    public ResultSetMetaData getMetaData() throws SQLException {
        return described().getMetaData();
    }

    @Override
    public ParameterMetaData getParameterMetaData() throws SQLException {
        return described().getParameterMetaData();
    }

    /** The vendor's statement that the next execution answers from; where the last one ran there may be no server any more. */
    private PreparedStatement described() throws SQLException {
        return gone()
                ? delegate()
                : (PreparedStatement)
                        vendors.on(transaction.legs.open(transaction.rung().answers()));
    }

    // ------------------------------------------------------------------ executing

    /**
     * Begins where it runs alone and as it is, and gives the vendor's statement with all parameters set; null where the way of
     * a statement has to be gone. On a rung with one leg, what was found once is right until something changes.
     */
    private @Nullable PreparedStatement beginAlone() throws SQLException {
        Leg leg = transaction.beginAlone();
        if (leg != null && leg == shortWay && spools() == null) {
            letStreamGo();
            forgetAnswer();
            vendors.answers(leg);
            return onShortWay;
        }
        try {
            return findShortWay(leg);
        } catch (SQLException | RuntimeException | Error e) {
            transaction.turn.step(transaction::statementEnded);
            throw e;
        }
    }

    /** The leg is null where the transaction has to be begun. */
    private @Nullable PreparedStatement findShortWay(@Nullable Leg begun) throws SQLException {
        shortWay = null;
        requireOpen();
        boolean onOneLeg = begun != null || transaction.turn.take(this::beginsOnOneLeg);
        letStreamGo();
        if (!onOneLeg) {
            return null;
        }
        Leg leg = begun == null ? transaction.on(transaction.rung().reads()) : begun;
        if (spools() != null || !classification(leg).leavesNothing()) {
            return null;
        }
        forgetAnswer();
        vendors.answers(leg);
        PreparedStatement vendor = bind(leg);
        onShortWay = vendor;
        shortWay = leg;
        if (begun == null) {
            transaction.runsAlone(leg);
        }
        return vendor;
    }

    /** Begins; whether the rung uses one leg, and no writes of Data B are marked. */
    private boolean beginsOnOneLeg() throws SQLException {
        connection.requireOpen();
        Rung rung = transaction.begin();
        return !rung.dual() && (rung != Rung.OLD_ONLY || connection.settings().phase != Phase.TWO);
    }

    @Override
    public ResultSet executeQuery() throws SQLException {
        PreparedStatement alone = beginAlone();
        if (alone == null) {
            return queryTheLongWay();
        }
        try {
            ResultSet rows = alone.executeQuery();
            rowsOpened(shortWay);
            return wrap(rows);
        } finally {
            transaction.statementEnded();
        }
    }

    private WriteRequest request(WriteRequest.Binder values) throws SQLException {
        return request(sql, classification(), keys, values);
    }

    private ResultSet queryTheLongWay() throws SQLException {
        if (refusesAsQuery(classification())) {
            return wrap(refuse(vendor -> bind(vendor, parameters).executeQuery()));
        }
        return wrap(run(vendor -> bind(vendor, parameters).executeQuery(), this::rowsOf));
    }

    @Override
    public int executeUpdate() throws SQLException {
        PreparedStatement alone = beginAlone();
        if (alone == null) {
            return (int) update();
        }
        try {
            return alone.executeUpdate();
        } finally {
            transaction.statementEnded();
        }
    }

    @Override
    public long executeLargeUpdate() throws SQLException {
        PreparedStatement alone = beginAlone();
        if (alone == null) {
            refuseAsUpdate(classification(), vendor -> bind(vendor, parameters).executeLargeUpdate());
            return run(vendor -> bind(vendor, parameters).executeLargeUpdate(), this::countInUpdate);
        }
        try {
            return alone.executeLargeUpdate();
        } finally {
            transaction.statementEnded();
        }
    }

    @Override
    public boolean execute() throws SQLException {
        PreparedStatement alone = beginAlone();
        if (alone == null) {
            return run(vendor -> bind(vendor, parameters).execute(), AnsweringStatement::answersRows);
        }
        try {
            boolean rows = alone.execute();
            if (rows) {
                rowsOpened(shortWay);
            }
            return rows;
        } finally {
            transaction.statementEnded();
        }
    }

    private long update() throws SQLException {
        refuseAsUpdate(classification(), vendor -> bind(vendor, parameters).executeUpdate());
        return run(vendor -> (long) bind(vendor, parameters).executeUpdate(), this::countInUpdate);
    }

    private <T> T run(VendorCall<T> call, MirrorAnswer<T> answer) throws SQLException {
        return reading(() -> run(request(parameters), call, answer));
    }

    @Override
    final void endsWithConnection(SpoolUse use) {
        connection.endsWithIt(use);
    }

    /** What is spooled stays until the execution is over, also where another thread closes the statement. */
    private <T> T reading(Turn.Work<T> execution) throws SQLException {
        SpoolUse read = spools();
        if (read == null) {
            return execution.run();
        }
        read.begins();
        try {
            return execution.run();
        } finally {
            read.ended();
        }
    }

    /** A query in a batch is refused by some drivers, and by others run for nothing. */
    private long batchEntry(PreparedStatement vendor) throws SQLException {
        if (answeringDialect().tellsQueriesFromWrites()) {
            return vendor.executeUpdate();
        }
        return vendor.execute() ? answeringDialect().countOfBatchedQuery() : vendor.getUpdateCount();
    }

    @Override
    public void close() throws SQLException {
        shortWay = null;
        letStreamGo();
        super.close();
    }

    // ------------------------------------------------------------------ batches

    @Override
    public int[] executeBatch() throws SQLException {
        letStreamGo();
        return reading(super::executeBatch);
    }

    @Override
    public long[] executeLargeBatch() throws SQLException {
        letStreamGo();
        return reading(super::executeLargeBatch);
    }

    @Override
    public void addBatch() throws SQLException {
        adding(this::addEntry);
    }

    private void addEntry() throws SQLException {
        if (openBatch() && way().takesNoteOfEntry(classification())) {
            runOneByOne();
        }
        if (isBatchDirect()) {
            bind(transaction.on(transaction.rung().reads())).addBatch();
            if (spools() != null) {
                // The vendor's batch reads it when it runs
                entries = Batch.with(entries, parameters.copy());
            }
        } else {
            complainAsVendor(PreparedStatement::addBatch);
            CallParameters more = calls();
            CallParameters kept = more == null ? null : more.copy();
            entries = Batch.with(entries, parameters.copy());
            if (kept != null) {
                entriesMore = Batch.with(entriesMore, kept);
            }
        }
    }

    private interface Addition {
        void add(PreparedStatement vendor) throws SQLException;
    }

    /** The vendor's statement is asked for what it complains of, parameters that are not set or a text, and forgets it. */
    private void complainAsVendor(Addition addition) throws SQLException {
        PreparedStatement vendor = bind(transaction.legs.open(transaction.rung().answers()));
        addition.add(vendor);
        vendor.clearBatch();
    }

    /** A prepared statement takes no text; where it runs alone the vendor says so itself. */
    @Override
    final void requireTakesText(String text) throws SQLException {
        if (transaction.rung().dual()) {
            complainAsVendor(vendor -> vendor.addBatch(text));
        }
    }

    @Override
    final void clearEntries() {
        super.clearEntries();
        List<Parameters> added = entries;
        entriesMore = null;
        if (added != null) {
            entries = null;
            for (Parameters entry : added) {
                entry.clear();
            }
        }
    }

    @Override
    final boolean isPrepared() {
        return true;
    }

    @Override
    final int entries() {
        List<Parameters> added = entries;
        return added == null ? 0 : added.size();
    }

    @Override
    final BatchEntries kindOfEntries() throws SQLException {
        Classification statement = classification();
        boolean ofRows = entries() > 1
                && statement.verb() == Verb.INSERT
                && statement.upsertSets().isEmpty()
                && statement.upsertCopies().isEmpty()
                && !keys.wanted();
        return ofRows ? BatchEntries.ROWS : BatchEntries.VALUES;
    }

    @Override
    final String text() {
        return sql;
    }

    @Override
    final long executeEntry(int index) throws SQLException {
        Parameters values = Objects.requireNonNull(entries).get(index);
        return run(
                request(values), vendor -> batchEntry(bind(vendor, values, entryMore(index))), answer -> answer.count);
    }

    /** What is not mirrored row by row, such as a temporary table's rows, has counts and keys of the vendor's own. */
    @Override
    final boolean runsAsVendorsBatch() throws SQLException {
        Classification statement = classification();
        if (entries() == 0 || StatementWay.takesNoteOf(statement)) {
            return false;
        }
        // Where the vendor sends rows as one, it tells of a batch of its own as of one, whatever its entries are.
        Leg leg = transaction.legs.open(transaction.rung().authority());
        boolean isOne = leg.dialect.batchManner(BatchEntries.ROWS, leg.connection) == BatchManner.ALL_OR_NONE;
        return way().runsAlone(statement) || isOne && way().runsAsItIs(statement);
    }

    @Override
    final long[] executeVendorsBatch() throws SQLException {
        return run(request(WriteRequest.Binder.NONE), this::executeOn, answer -> new long[0]);
    }

    private @Nullable CallParameters entryMore(int index) {
        return entriesMore == null ? null : entriesMore.get(index);
    }

    private long[] executeOn(Statement vendor) throws SQLException {
        PreparedStatement prepared = (PreparedStatement) vendor;
        bound = null;
        shortWay = null;
        prepared.clearBatch();
        int index = 0;
        for (Parameters entry : Objects.requireNonNull(entries)) {
            prepared.clearParameters();
            entry.applyTo(prepared);
            bindMore(prepared, entryMore(index++));
            prepared.addBatch();
        }
        return Batch.wide(prepared.executeBatch());
    }
}
