package io.dualwrite.mirror;

import io.dualwrite.dialect.Column;
import io.dualwrite.dialect.TableShape;
import io.dualwrite.dialect.Vendor;
import io.dualwrite.ladder.Rung;
import io.dualwrite.ladder.Side;
import io.dualwrite.sql.Classification;
import io.dualwrite.sql.Classification.Trait;
import io.dualwrite.sql.KeyCall;
import io.dualwrite.sql.StatementClassifier;
import io.dualwrite.sql.Verb;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;

/**
 * Has a statement that asks for a key which was generated before, by {@code LAST_INSERT_ID()}, {@code lastval()} or {@code currval}, be told
 * the one that was (R24): a query runs on the side whose session has generated it, and a write that runs elsewhere gets the value in its
 * text. Keeps nothing between statements; used by the transaction's thread alone.
 */
public final class FormerKeys {
    private enum Generates {
        NOTHING,
        /** Only the server knows: the key's value may be given, and an upsert's row may be there. */
        PERHAPS,
        SURELY
    }

    private final DualTransaction transaction;
    /** Whether the statement is a write of both sides, which begins the transaction on both. */
    private final boolean writes;

    FormerKeys(DualTransaction transaction, boolean writes) {
        this.transaction = transaction;
        this.writes = writes;
    }

    /**
     * The side on which a query runs that asks for keys.
     *
     * @param otherwise the side for whatever is not known, whose SQL the text is in
     * @throws SQLException SQLSTATE 0A000 where one side has generated some of them, and the other side the others
     */
    public Side sideFor(Classification statement, Side otherwise) throws SQLException {
        Side found = null;
        for (KeyCall call : statement.keyCalls()) {
            Side made = sideOf(call);
            if (found != null && found != made) {
                throw Faults.refused("the query asks for keys of which one was generated on old and another on new ("
                        + transaction.rung() + "); ask for each by a query of its own");
            }
            found = made;
        }
        return found == null || found == otherwise || !isOneVendors() ? otherwise : found;
    }

    /**
     * For a statement that runs on one side as it is.
     *
     * @throws SQLException SQLSTATE 0A000 where it asks for a key that the other side has generated
     */
    public void requireNotOthers(Classification statement, Side runsOn) throws SQLException {
        if (sideFor(statement, runsOn) != runsOn) {
            throw refused(statement, "where it does not run");
        }
    }

    /** A text is of one vendor's SQL. */
    private boolean isOneVendors() {
        Leg old = transaction.legs.existing(Side.OLD);
        Leg other = transaction.legs.existing(Side.NEW);
        return old == null || other == null || old.dialect.vendor() == other.dialect.vendor();
    }

    private Side sideOf(KeyCall call) throws SQLException {
        LastKeys known = transaction.lastKeys();
        String sequence = call.sequence;
        if (sequence == null) {
            return known.last;
        }
        return known.of(known.isOneSides() || call.expression == null ? "" : tableOf(sequence));
    }

    /** The table that has its keys from a sequence; none where that is not to be found. */
    private String tableOf(String sequence) throws SQLException {
        Leg leg = leg(transaction.rung().authority());
        return transaction.answering(leg, on -> {
            String table = on.dialect.tableOfSequence(on.connection, sequence);
            return table == null ? "" : table;
        });
    }

    /**
     * The write with the values of the keys that it asks for in its text, where the side on which it runs cannot tell them.
     *
     * @param runsOn the side that computes what is written, or null where both do
     * @throws SQLException SQLSTATE 0A000 where a value cannot be put there
     */
    WriteRequest withValues(WriteRequest request, TableShape table, @Nullable Side runsOn) throws SQLException {
        if (request.classification.keyCalls().isEmpty() || !isOneVendors()) {
            return request;
        }
        StringBuilder sql = new StringBuilder();
        int copied = 0;
        for (KeyCall call : request.classification.keyCalls()) {
            Side made = sideOf(call);
            if (made != runsOn && !isOfItself(call, request.classification, table)) {
                sql.append(request.sql, copied, call.start).append(value(call, made));
                copied = call.end;
            }
        }
        if (copied == 0) {
            return request;
        }
        sql.append(request.sql, copied, request.sql.length());
        Leg leg = leg(transaction.rung().authority());
        return request.withText(
                sql.toString(), StatementClassifier.classifyOnce(sql.toString(), leg.dialect.flavour()));
    }

    /**
     * Whether the write asks for a key that it generates itself, as PostgreSQL and H2 give it.
     *
     * @throws SQLException SQLSTATE 0A000 where a query gives the rows, for then it may be this key or the one before
     */
    private boolean isOfItself(KeyCall call, Classification statement, TableShape table) throws SQLException {
        Leg leg = leg(transaction.rung().authority());
        boolean generates = statement.verb() != Verb.UPDATE
                && statement.verb() != Verb.DELETE
                && generates(statement, table, leg.dialect.vendor()) == Generates.SURELY;
        if (leg.dialect.vendor() == Vendor.MARIADB
                || !generates
                || call.sequence != null && !tableOf(call.sequence).equalsIgnoreCase(table.name.table())) {
            return false;
        }
        if (!statement.is(Trait.VALUES)) {
            throw refused(statement, "and it generates keys itself");
        }
        return true;
    }

    private SQLException refused(Classification statement, String because) {
        return Faults.refused("the " + statement.verb() + " asks for a key that was generated on the other side, "
                + because + " (" + transaction.rung() + "); ask for the key first, and give its value");
    }

    private String value(KeyCall call, Side made) throws SQLException {
        if (call.expression == null) {
            throw Faults.refused("a write asks for a key by a parameter, and it was generated on " + made.word()
                    + "; ask for the key first, and give its value");
        }
        Leg leg = leg(made);
        String question = "SELECT " + call.expression;
        String value = leg.side != made || transaction.lastKeys().isGoneWith(leg)
                ? null
                : transaction.ask(leg, on -> {
                    try (Statement statement = on.connection.createStatement();
                            ResultSet row = statement.executeQuery(question)) {
                        return row.next() ? String.valueOf(row.getString(1)) : "NULL";
                    }
                });
        if (value == null) {
            throw Faults.refused("a write asks for a key that was generated on " + made.word()
                    + ", which does not answer, or not by the session that has generated it; give the key's value");
        }
        return leg.dialect.vendor() == Vendor.MARIADB ? value : "CAST(" + value + " AS BIGINT)";
    }

    /** A side's leg within the transaction; the authority's where the mirror is away. */
    private Leg leg(Side side) throws SQLException {
        Rung now = transaction.rung();
        return writes && side == now.authority() ? transaction.legs.prepared(now, side, false) : transaction.on(side);
    }

    /**
     * Only old knows the key that an INSERT asks for, which has run there and given no rows.
     *
     * @throws SQLException its failure there, or SQLSTATE 0A000
     */
    void requireNotOlds(WriteRequest request, TableShape table, @Nullable SQLException failure) throws SQLException {
        for (KeyCall call : request.classification.keyCalls()) {
            if (sideOf(call) == Side.OLD && !isOfItself(call, request.classification, table)) {
                SQLException refused = refused(request.classification, "where the write has failed");
                if (failure != null) {
                    refused.initCause(failure);
                }
                throw refused;
            }
        }
    }

    // ------------------------------------------------------------------ what a write generates

    /**
     * A side is about to run a write of which only it will know whether that generates a key: where the other side has generated the last
     * one, the side is told that before. MariaDB keeps what it was told where no key is generated: so it answers in either case.
     */
    void before(Classification statement, WriteTarget target, Side runs) throws SQLException {
        LastKeys known = transaction.lastKeys();
        Side last = known.last;
        if (last == runs
                || known == LastKeys.NONE
                || generates(statement, target.table, target.leg.dialect.vendor()) != Generates.PERHAPS
                || !isOneVendors()) {
            return;
        }
        Leg leg = leg(runs);
        Leg other = leg(last);
        String value = leg.side == other.side ? null : transaction.ask(other, FormerKeys::lastKey);
        if (value != null && transaction.ask(leg, on -> tell(on, value)) != null) {
            transaction.lastKeyIsKnownOn(leg);
        }
    }

    private static String lastKey(Leg leg) throws SQLException {
        try (ResultSet row = leg.prepare("SELECT LAST_INSERT_ID()").executeQuery()) {
            row.next();
            return row.getString(1);
        }
    }

    private static boolean tell(Leg leg, String value) throws SQLException {
        PreparedStatement statement = leg.prepare("SELECT LAST_INSERT_ID(?)");
        statement.setString(1, value);
        statement.executeQuery().close();
        return true;
    }

    /** A side has run a write whose keys are its own. */
    void after(Classification statement, TableShape table, Leg ran, boolean wroteRows) {
        Generates generates = wroteRows ? generates(statement, table, ran.dialect.vendor()) : Generates.NOTHING;
        if (generates == Generates.SURELY) {
            transaction.generated(ran, table.name.table());
        } else if (generates == Generates.PERHAPS || statement.is(Trait.SETS_LAST_KEY)) {
            transaction.lastKeyIsKnownOn(ran);
        }
    }

    private static Generates generates(Classification statement, TableShape table, Vendor vendor) {
        if (statement.verb() != Verb.INSERT && statement.verb() != Verb.MERGE) {
            return Generates.NOTHING;
        }
        for (Column column : table.columns) {
            if (column.generatedKey) {
                return generates(statement, column, vendor);
            }
        }
        return Generates.NOTHING;
    }

    private static Generates generates(Classification statement, Column key, Vendor vendor) {
        boolean isGiven = statement.assigned().isEmpty();
        for (String column : statement.assigned()) {
            isGiven |= column.equalsIgnoreCase(key.name);
        }
        if (vendor == Vendor.MARIADB) {
            // A NULL is no value, and a row that is there gets no key
            return isGiven || statement.is(Trait.ON_CONFLICT) ? Generates.PERHAPS : Generates.SURELY;
        }
        // Elsewhere what is given may be DEFAULT or nextval, and an upsert takes a key before it looks for the row
        return !isGiven || statement.is(Trait.DEFAULTED) || statement.is(Trait.GENERATOR)
                ? Generates.SURELY
                : Generates.NOTHING;
    }
}
