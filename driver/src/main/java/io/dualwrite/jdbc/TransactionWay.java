package io.dualwrite.jdbc;

import io.dualwrite.jdbc.StatementWay.MirrorAnswer;
import io.dualwrite.jdbc.StatementWay.VendorCall;
import io.dualwrite.ladder.Rung;
import io.dualwrite.mirror.DualTransaction;
import io.dualwrite.mirror.Leg;
import io.dualwrite.mirror.Turn;
import io.dualwrite.mirror.WriteOutcome;
import io.dualwrite.mirror.WriteRequest;
import io.dualwrite.sql.Classification;
import io.dualwrite.sql.Classification.Trait;
import io.dualwrite.sql.Verb;
import java.sql.SQLException;
import java.util.EnumSet;
import java.util.Set;

/** The way of a text that begins or ends transactions, or sets savepoints (R2, R22). Used by the statement's thread alone. */
final class TransactionWay {
    private static final Set<Verb> OF_SAVEPOINTS =
            EnumSet.of(Verb.SAVEPOINT, Verb.ROLLBACK_TO_SAVEPOINT, Verb.RELEASE_SAVEPOINT);

    private final StatementWay way;
    private final DualTransaction transaction;

    TransactionWay(StatementWay way, DualTransaction transaction) {
        this.way = way;
        this.transaction = transaction;
    }

    /** Several statements of one text, on a rung with one leg, which may begin and end transactions. */
    <T> T several(WriteRequest request, VendorCall<T> call) throws SQLException {
        Classification statement = request.classification;
        Leg leg = transaction.on(transaction.rung().reads());
        boolean leavesOpen = statement.is(Trait.LEAVES_OPEN);
        if (leavesOpen || statement.is(Trait.LEAVES_ENDED)) {
            transaction.marksGoIn(leg);
        }
        T answer = beginning(statement, () -> way.alone(request, leg, call));
        if (leavesOpen) {
            transaction.beginExplicitly();
        } else if (statement.is(Trait.LEAVES_ENDED)) {
            transaction.endsWithAutoCommit();
        }
        return answer;
    }

    /** Of a text that begins with BEGIN that has run, whichever of the statements behind it has failed. */
    private <T> T beginning(Classification statement, Turn.Work<T> text) throws SQLException {
        try {
            return text.run();
        } catch (SQLException e) {
            if (statement.is(Trait.OWN_TRANSACTION)) {
                transaction.beginExplicitly();
            }
            throw e;
        }
    }

    /** What a text says of the transaction. */
    <T> T control(WriteRequest request, Rung rung, VendorCall<T> call, MirrorAnswer<T> answer) throws SQLException {
        Classification statement = request.classification;
        if (rung.dual()) {
            if (OF_SAVEPOINTS.contains(statement.verb())) {
                return transaction.savepoints.byText(statement, leg -> way.on(leg, call));
            }
            way.closeFormerResults();
            controlBoth(request);
            way.answersWith(WriteOutcome.NOTHING);
            return answer.of(WriteOutcome.NOTHING);
        }
        switch (statement.verb()) {
            case COMMIT:
            case ROLLBACK:
                return transaction.endByText(statement.verb() == Verb.COMMIT, leg -> way.on(leg, call));
            case BEGIN:
                T begun = way.on(transaction.on(rung.reads()), call);
                transaction.beginExplicitly();
                return begun;
            default:
                return way.on(transaction.on(rung.reads()), call);
        }
    }

    private void controlBoth(WriteRequest request) throws SQLException {
        switch (request.classification.verb()) {
            case BEGIN:
                transaction.beginExplicitly();
                SessionTexts.takeModes(transaction, request.sql);
                break;
            case COMMIT:
                transaction.commit();
                break;
            default:
                transaction.rollback();
                break;
        }
    }
}
