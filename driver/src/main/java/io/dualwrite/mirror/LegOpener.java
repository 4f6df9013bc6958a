package io.dualwrite.mirror;

import io.dualwrite.ladder.Side;
import java.sql.Connection;
import java.sql.SQLException;

/** Opens an application connection's physical connection on a side, with the vendor's own driver. Thread-safe. */
public interface LegOpener {

    /**
     * A new connection to the side.
     *
     * @throws SQLException the vendor's own, or SQLSTATE 08001 where its driver is missing
     */
    Connection open(Side side) throws SQLException;
}
