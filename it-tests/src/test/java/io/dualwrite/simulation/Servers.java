package io.dualwrite.simulation;

import java.sql.Connection;
import java.sql.SQLException;

/** Where a URL leads in one simulation. */
interface Servers {
    /** A new connection of the process whose thread asks. */
    Connection connect(String url) throws SQLException;
}
