package io.dualwrite.bench;

import io.dualwrite.bench.stub.StubDriver;
import io.dualwrite.ladder.Side;
import java.sql.SQLException;

/** What stands behind the contenders. */
public enum Database {
    /** H2 in the memory of the same JVM. */
    H2,
    /** A driver that costs nothing. */
    STUB;

    /** The URL of a side; the bare driver and the peers use old's. */
    String url(Side side) throws SQLException {
        if (this == STUB) {
            StubDriver.register();
            return "jdbc:stub:" + side.word();
        }
        return "jdbc:h2:mem:" + side.word() + ";DB_CLOSE_DELAY=-1";
    }
}
