package io.dualwrite.copier.plan;

import io.dualwrite.config.Settings;
import io.dualwrite.dialect.Dialect;
import io.dualwrite.dialect.Dialects;
import io.dualwrite.dialect.SqlState;
import io.dualwrite.dialect.Vendor;
import io.dualwrite.ladder.Side;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;

/**
 * One side as the copier connects to it. Immutable and thread-safe.
 *
 * @param side which of the two databases
 * @param dialect its vendor's dialect
 * @param url its JDBC URL, which may hold a password and is shown nowhere
 * @param properties user, password and what else the file gives the driver
 */
public record Endpoint(Side side, Dialect dialect, String url, Properties properties) {
    private static final String APPLICATION = "dualwrite copier";

    /**
     * The side as the file describes it.
     *
     * @throws SQLException SQLSTATE 0A000 if the vendor is not known
     */
    public static Endpoint of(Settings settings, Side side) throws SQLException {
        String url = settings.url(side);
        Dialect dialect = Dialects.of(url);
        Properties properties = new Properties();
        properties.putAll(settings.connectionProperties(side));
        switch (dialect.vendor()) {
            case POSTGRESQL -> {
                properties.putIfAbsent("ApplicationName", APPLICATION);
                properties.putIfAbsent("reWriteBatchedInserts", "true");
            }
            case MARIADB -> {
                properties.putIfAbsent("connectionAttributes", "program_name:" + APPLICATION);
                // The server waits for whoever reads a sorted table piece by piece, and writes each piece first.
                properties.putIfAbsent("sessionVariables", "net_write_timeout=3600");
            }
            case H2 -> {
                // H2 has no name for a client and refuses what it does not know
            }
        }
        return new Endpoint(side, dialect, url, properties);
    }

    /**
     * Opens a connection that reads what is committed, commits only when told to, and sees every row of a table or none.
     *
     * @throws SQLException SQLSTATE of the driver if the side cannot be reached, said with the side's name
     */
    public Connection open() throws SQLException {
        Connection connection;
        try {
            connection = DriverManager.getConnection(url, properties);
        } catch (SQLException failure) {
            throw new SQLException(unreachable(failure), failure.getSQLState(), failure.getErrorCode(), failure);
        }
        try {
            if (dialect.vendor() == Vendor.POSTGRESQL) {
                refuseHiddenRows(connection);
            }
            connection.setAutoCommit(false);
            connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
            return connection;
        } catch (SQLException failure) {
            connection.close();
            throw failure;
        }
    }

    /** Rows that a policy hides from the user would be neither copied nor compared, nor missed: the server refuses instead (42501). */
    private static void refuseHiddenRows(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET row_security = off");
        }
    }

    /** Whether no connection can be opened now. */
    public boolean isUnreachable() {
        try (Connection connection = open()) {
            return connection.isClosed();
        } catch (SQLException failure) {
            return true;
        }
    }

    private String unreachable(SQLException failure) {
        if (SqlState.CANNOT_CONNECT.is(failure)
                && String.valueOf(failure.getMessage()).contains("No suitable driver")) {
            return "No JDBC driver on the class path takes " + side.word() + ".url (" + where()
                    + "): put the vendor's driver there.";
        }
        return "Database " + side.word() + " at " + where() + " cannot be reached (SQLSTATE " + failure.getSQLState()
                + "): " + failure.getMessage();
    }

    /** The URL without what may be secret: up to the first parameter, without a user part. */
    private String where() {
        return url.replaceAll("[?;].*$", "").replaceAll("//[^/@]*@", "//");
    }

    @Override
    public String toString() {
        return side.word() + " at " + where();
    }
}
