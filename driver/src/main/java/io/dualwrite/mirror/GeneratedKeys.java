package io.dualwrite.mirror;

import io.dualwrite.dialect.TableShape;
import io.dualwrite.ladder.Side;
import io.dualwrite.sql.Classification;
import io.dualwrite.sql.Classification.Trait;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * Notes which side's session has generated the keys of a write, for whoever asks afterwards (R24). Keeps nothing between statements; used
 * by the transaction's thread alone.
 */
final class GeneratedKeys {
    private final DualTransaction transaction;

    GeneratedKeys(DualTransaction transaction) {
        this.transaction = transaction;
    }

    /**
     * A side is about to run a write of which only it will know whether that generates a key: where the other side has generated the last
     * one, the side is told that before. MariaDB keeps what it was told where no key is generated: so it answers in either case.
     */
    void before(Classification statement, WriteTarget target, Side runs) throws SQLException {
        LastKeys known = transaction.lastKeys();
        Side last = known.last;
        if (last == runs
                || known == LastKeys.NONE
                || Generates.of(statement, target.table, target.leg.dialect.vendor()) != Generates.PERHAPS
                || !transaction.legs.areOneVendors()) {
            return;
        }
        Leg leg = transaction.writing(runs);
        Leg other = transaction.writing(last);
        String value = leg.side == other.side ? null : transaction.ask(other, GeneratedKeys::lastKey);
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
        Generates generates = wroteRows ? Generates.of(statement, table, ran.dialect.vendor()) : Generates.NOTHING;
        if (generates == Generates.SURELY) {
            transaction.generated(ran, table.name.table());
        } else if (generates == Generates.PERHAPS || statement.is(Trait.SETS_LAST_KEY)) {
            transaction.lastKeyIsKnownOn(ran);
        }
    }
}
