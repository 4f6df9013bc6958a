package io.dualwrite.dialect;

import java.sql.Connection;
import java.sql.SQLException;

/** Finds the dialect of a database. */
public final class Dialects {
    private Dialects() {}

    /**
     * The dialect of the database behind a connection, by its product name.
     *
     * @throws SQLException SQLSTATE 0A000 if the vendor is not known
     */
    public static Dialect of(Connection connection) throws SQLException {
        throw new UnsupportedOperationException();
    }

    /**
     * The dialect of a vendor's JDBC URL.
     *
     * @throws SQLException SQLSTATE 0A000 if the vendor is not known
     */
    public static Dialect of(String url) throws SQLException {
        throw new UnsupportedOperationException();
    }
}
