package io.dualwrite.fleet;

import io.dualwrite.ladder.Side;
import java.sql.Connection;
import java.sql.SQLException;

/** Opens connections of the registry's own, outside the application's pools. Thread-safe. */
@FunctionalInterface
public interface SideConnector {
    /**
     * Opens a connection to a side, within a bounded time.
     *
     * @throws SQLException if the side cannot be reached
     */
    Connection connect(Side side) throws SQLException;
}
