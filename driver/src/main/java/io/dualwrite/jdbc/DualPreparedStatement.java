package io.dualwrite.jdbc;

import io.dualwrite.ladder.Phase;
import io.dualwrite.ladder.Rung;
import io.dualwrite.mirror.KeyRequest;
import io.dualwrite.mirror.Leg;
import io.dualwrite.sql.Classification;
import io.dualwrite.sql.Classification.Trait;
import io.dualwrite.sql.SqlFlavour;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
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
    private @Nullable Classification classification;
    private @Nullable SqlFlavour flavour;
    private boolean runsAsItIs;
    private @Nullable Leg bound;

    DualPreparedStatement(DualConnection connection, String sql, KeyRequest keys, VendorStatements.Maker maker) {
        super(connection, connection.transaction, maker, questionMarks(sql));
        this.sql = sql;
        this.keys = keys;
    }

    /** A first guess at the number of parameters, to size their record once. */
    private static int questionMarks(String sql) {
        int marks = 0;
        for (int at = sql.indexOf('?'); at >= 0; at = sql.indexOf('?', at + 1)) {
            marks++;
        }
        return marks;
    }

    @Override
    PreparedStatement delegate() throws SQLException {
        return (PreparedStatement) super.delegate();
    }

    /** Prepares where it answers, so that what is wrong with the text is told when the bare driver tells it. */
    final void prepareWhereItAnswers() throws SQLException {
        delegate();
    }

    private Classification classification() throws SQLException {
        return classification(
                transaction.legs.open(transaction.rung().answers()).dialect.flavour());
    }

    /** What the text does; the flavour it is read by may change with the side that answers. */
    private Classification classification(SqlFlavour read) throws SQLException {
        Classification known = classification;
        if (known == null || flavour != read) {
            known = connection.classify(sql);
            classification = known;
            flavour = read;
            runsAsItIs = runsAsItIs(known);
        }
        return known;
    }

    /** Whether on a rung with one leg nothing has to be noted of it. */
    private static boolean runsAsItIs(Classification statement) {
        if (statement.is(Trait.OUTLIVES_TRANSACTION)) {
            return false;
        }
        switch (statement.verb()) {
            case SELECT:
            case INSERT:
            case UPDATE:
            case DELETE:
            case MERGE:
                return true;
            default:
                return false;
        }
    }

    // ------------------------------------------------------------------ parameters

    @Override
    protected final @Nullable PreparedStatement direct() throws SQLException {
        requireOpen();
        Leg leg = transaction.legs.open(transaction.rung().answers());
        return bound == leg ? (PreparedStatement) vendors.on(leg) : bind(leg);
    }

    @Override
    protected final boolean mayLeaveRung() {
        return !transaction.isPinned() || transaction.rung().dual();
    }

    /** The vendor's statement on the leg, with all parameters set. */
    private PreparedStatement bind(Leg leg) throws SQLException {
        PreparedStatement vendor = (PreparedStatement) vendors.on(leg);
        if (bound != leg) {
            parameters.applyTo(vendor);
            bindMore(vendor);
            bound = leg;
        } else {
            parameters.applySpools(vendor);
        }
        return vendor;
    }

    private PreparedStatement bind(Statement vendor, Parameters values) throws SQLException {
        PreparedStatement prepared = (PreparedStatement) vendor;
        if (values != parameters || bound == null || vendors.on(bound) != vendor) {
            prepared.clearParameters();
            values.applyTo(prepared);
            bindMore(prepared);
            bound = null;
        }
        return prepared;
    }

    /** What a callable statement binds beyond the parameters by index. */
    void bindMore(PreparedStatement vendor) throws SQLException {}

    // ------------------------------------------------------------------ executing

    /** The leg on which it runs alone and as it is, or null where the way of a statement has to be gone. */
    private @Nullable Leg alone() throws SQLException {
        requireOpen();
        Rung rung = transaction.begin();
        if (rung.dual() || rung == Rung.OLD_ONLY && connection.settings().phase == Phase.TWO) {
            return null;
        }
        Leg leg = transaction.on(rung.reads());
        classification(leg.dialect.flavour());
        if (!runsAsItIs) {
            return null;
        }
        forgetAnswer();
        vendors.answers(leg);
        return leg;
    }

    @Override
    public ResultSet executeQuery() throws SQLException {
        Leg leg = alone();
        if (leg == null && refusesAsQuery(classification())) {
            leg = transaction.on(transaction.rung().authority());
        }
        if (leg == null) {
            return wrap(run(
                    sql,
                    classification(),
                    keys,
                    parameters::applyTo,
                    vendor -> bind(vendor, parameters).executeQuery(),
                    this::rowsOf));
        }
        try {
            ResultSet rows = bind(leg).executeQuery();
            rowsOpened(leg);
            return wrap(rows);
        } finally {
            transaction.statementEnded();
        }
    }

    @Override
    public int executeUpdate() throws SQLException {
        Leg leg = alone();
        if (leg == null) {
            return (int) update(parameters);
        }
        try {
            return bind(leg).executeUpdate();
        } finally {
            transaction.statementEnded();
        }
    }

    @Override
    public long executeLargeUpdate() throws SQLException {
        Leg leg = alone();
        if (leg == null) {
            return run(
                    sql,
                    classification(),
                    keys,
                    parameters::applyTo,
                    vendor -> bind(vendor, parameters).executeLargeUpdate(),
                    answer -> answer.count);
        }
        try {
            return bind(leg).executeLargeUpdate();
        } finally {
            transaction.statementEnded();
        }
    }

    @Override
    public boolean execute() throws SQLException {
        Leg leg = alone();
        if (leg == null) {
            Classification statement = classification();
            return run(
                    sql,
                    statement,
                    keys,
                    parameters::applyTo,
                    vendor -> bind(vendor, parameters).execute(),
                    DualStatement::answersRows);
        }
        try {
            boolean rows = bind(leg).execute();
            if (rows) {
                rowsOpened(leg);
            }
            return rows;
        } finally {
            transaction.statementEnded();
        }
    }

    private long update(Parameters values) throws SQLException {
        return run(
                sql,
                classification(),
                keys,
                values::applyTo,
                vendor -> (long) bind(vendor, values).executeUpdate(),
                answer -> answer.count);
    }

    // ------------------------------------------------------------------ batches

    @Override
    public void addBatch() throws SQLException {
        if (openBatch()) {
            bind(transaction.on(transaction.rung().reads())).addBatch();
        } else {
            complainAsVendor(PreparedStatement::addBatch);
            List<Parameters> added = entries;
            if (added == null) {
                added = new ArrayList<>();
                entries = added;
            }
            added.add(parameters.copy());
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
    final long executeEntry(int index) throws SQLException {
        return update(Objects.requireNonNull(entries).get(index));
    }
}
