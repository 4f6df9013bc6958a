package io.dualwrite.jdbc;

import io.dualwrite.dialect.Vendor;
import io.dualwrite.jdbc.StatementWay.VendorCall;
import io.dualwrite.mirror.DualTransaction;
import io.dualwrite.mirror.Leg;
import io.dualwrite.mirror.OnLeg;
import io.dualwrite.mirror.SessionChanges;
import io.dualwrite.mirror.WriteRequest;
import io.dualwrite.route.Route;
import io.dualwrite.sql.Classification;
import io.dualwrite.sql.Classification.Trait;
import io.dualwrite.sql.Verb;
import java.sql.SQLException;

/**
 * The way of a statement that changes its session: on both legs where there are two, and remembered for those opened later. Used by the
 * statement's thread alone.
 */
final class SessionWay {
    private final StatementWay way;
    private final DualConnection connection;
    private final DualTransaction transaction;
    private final VendorStatements vendors;

    SessionWay(StatementWay way, DualConnection connection, DualTransaction transaction, VendorStatements vendors) {
        this.way = way;
        this.connection = connection;
        this.transaction = transaction;
        this.vendors = vendors;
    }

    /** The statement has run on the leg: what it has, or may have, left in its session is kept for others. */
    void ran(WriteRequest request, Leg leg) throws SQLException {
        if (SessionTexts.setsAutoCommit(request.classification)) {
            transaction.autoCommitWasSet(leg, leg.connection.getAutoCommit());
        } else {
            remember(request, leg);
            noteAutoCommit(request, leg);
        }
    }

    /** Where the text cannot be run again on a leg that is opened later, that leg takes over what it has set here. */
    void noteNamespace(Classification statement, Leg leg) throws SQLException {
        if (statement.is(Trait.NAMESPACE)) {
            transaction.sessions.namespaceChanges();
            if (statement.verb() == Verb.UNKNOWN && leg.dialect.vendor() == Vendor.POSTGRESQL) {
                transaction.legs.session().rememberSetting("search_path");
            }
        }
    }

    /** Of several settings in one text, or several texts, one may be autocommit; a procedure of MariaDB's may set it. */
    private void noteAutoCommit(WriteRequest request, Leg leg) throws SQLException {
        boolean mayBeSet = SessionTexts.namesAutoCommit(request.sql)
                || request.classification.is(Trait.CALL) && leg.dialect.vendor() == Vendor.MARIADB;
        if (mayBeSet && !transaction.rung().dual()) {
            transaction.autoCommitMayHaveChanged(leg);
        }
    }

    /** Wakes up those who listen, on either side. */
    <T> T notifies(Route route, VendorCall<T> call) throws SQLException {
        T answer = transaction.sessions.onBothInTransaction(
                route.side(), leg -> way.on(leg, call), leg -> way.beside(leg, call));
        vendors.answers(transaction.on(route.side()));
        return answer;
    }

    <T> T onBoth(WriteRequest request, Route route, VendorCall<T> call) throws SQLException {
        Classification statement = request.classification;
        Leg leg = transaction.on(route.side());
        noteNamespace(statement, leg);
        T answer = onSession(request, leg, own -> way.on(own, call));
        String used = SessionTexts.usedDatabase(statement);
        if (used == null) {
            transaction.sessions.onOtherToo(
                    route.side(), other -> onSession(request, other, own -> way.beside(own, call)));
        } else {
            transaction.sessions.onOtherToo(route.side(), other -> {
                String catalog = other.named(used, leg.side);
                other.connection.setCatalog(catalog);
                return catalog;
            });
        }
        vendors.answers(leg);
        remember(request, leg);
        return answer;
    }

    private <T> T onSession(WriteRequest request, Leg leg, OnLeg<T> statement) throws SQLException {
        return SessionTexts.mayLimit(request)
                ? SessionChanges.unbounded(leg, connection.settings(), statement)
                : statement.run(leg);
    }

    private void remember(WriteRequest request, Leg leg) throws SQLException {
        if (request.classification.verb() == Verb.SESSION) {
            SessionTexts.remember(transaction, request, leg);
        }
        transaction.outliving.ran(request);
        transaction.sessions.variablesWereSet(request.classification, leg.side);
    }
}
