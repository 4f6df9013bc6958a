package io.dualwrite.fleet;

import io.dualwrite.dialect.Dialects;
import java.sql.Connection;
import java.sql.SQLException;

/** Tells a server's time: instances on different machines agree on no other. */
@FunctionalInterface
interface ServerClock {
    /** The clock of the server behind the connection. */
    ServerClock SERVERS_OWN =
            connection -> Dialects.of(connection).now(connection).toEpochMilli();

    /** Milliseconds since 1970 by that server's clock. */
    long millis(Connection connection) throws SQLException;
}
