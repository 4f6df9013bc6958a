package io.dualwrite.mirror;

import io.dualwrite.dialect.TableShape;
import io.dualwrite.ladder.Side;
import io.dualwrite.simulation.Virtual;
import java.sql.SQLException;

/** Commits an autocommit write on old at once, before its mirror runs. */
final class WithoutR2 {
    private WithoutR2() {}

    static Captured run(Leg leg, TableShape table, WriteRequest request) throws SQLException {
        Captured captured = Capture.run(leg, table, request);
        if (leg.side == Side.OLD && Virtual.inAutoCommit()) {
            leg.connection.commit();
        }
        return captured;
    }
}
