package io.dualwrite.fleet;

import io.dualwrite.dialect.OwnTables;
import io.dualwrite.dialect.SqlState;
import io.dualwrite.ladder.Side;
import java.sql.SQLNonTransientException;

/** The tables are there but {@code dualwrite init} has not filled them; SQLSTATE 42P01. */
final class NotInitialisedException extends SQLNonTransientException {
    private static final long serialVersionUID = 1L;

    NotInitialisedException(Side side) {
        super(OwnTables.PHASE + " has no row on " + side.word() + "; run dualwrite init", SqlState.NO_TABLE.code());
    }
}
