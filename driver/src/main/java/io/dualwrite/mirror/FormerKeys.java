package io.dualwrite.mirror;

import io.dualwrite.dialect.TableShape;
import io.dualwrite.dialect.Vendor;
import io.dualwrite.ladder.Side;
import io.dualwrite.sql.Classification;
import io.dualwrite.sql.Classification.Trait;
import io.dualwrite.sql.KeyCall;
import io.dualwrite.sql.StatementClassifier;
import io.dualwrite.sql.Verb;
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
        return found == null || found == otherwise || !transaction.legs.areOneVendors() ? otherwise : found;
    }

    /**
     * For a query that runs on a leg to be told keys.
     *
     * @throws SQLException SQLSTATE 0A000 where the side that has generated them was given up in this transaction
     */
    public void requireKnownOn(Leg leg, Side side) throws SQLException {
        if (leg.side != side) {
            throw Faults.refused("the query asks for a key that was generated on " + side.word()
                    + ", which was given up in this transaction (" + transaction.rung()
                    + "); take the keys from the INSERT, by getGeneratedKeys");
        }
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
        if (request.classification.keyCalls().isEmpty() || !transaction.legs.areOneVendors()) {
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
                && Generates.of(statement, table, leg.dialect.vendor()) == Generates.SURELY;
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
        return writes ? transaction.writing(side) : transaction.on(side);
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
}
