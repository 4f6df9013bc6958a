package io.dualwrite.jdbc;

import java.sql.SQLException;

/** Says whether rows may be changed through a result set: on dual rungs nothing would carry the change to the mirror. */
interface RowChanges {
    /** Changes pass: for result sets of which no rung makes a mirrored write. */
    RowChanges PASS = operation -> {};

    /**
     * Asked before each {@code insertRow}, {@code updateRow} and {@code deleteRow}.
     *
     * @param operation the name of the method, for the message
     * @throws SQLException with SQLSTATE 0A000 if the connection stands on a dual rung; nothing was written
     */
    void requireAllowed(String operation) throws SQLException;
}
