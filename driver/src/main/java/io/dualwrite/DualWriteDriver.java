package io.dualwrite;

import io.dualwrite.dialect.SqlState;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.DriverPropertyInfo;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.SQLNonTransientConnectionException;
import java.util.Properties;
import java.util.logging.Logger;
import javax.sql.PooledConnection;
import org.jspecify.annotations.Nullable;

/**
 * The JDBC driver of {@code jdbc:dualwrite:<path of the properties file>}. It registers itself when its class is loaded, as
 * JDBC 4 wants it; all its instances share what runs behind a file. Thread-safe.
 */
public final class DualWriteDriver implements Driver {
    /** What every URL of this driver begins with. */
    static final String PREFIX = "jdbc:dualwrite:";

    private static final int MAJOR = 0;
    private static final int MINOR = 1;

    /** What runs in this JVM, until the registered driver is taken back. */
    private static final SharedInstances INSTANCES = new SharedInstances();

    static {
        try {
            DriverManager.registerDriver(new DualWriteDriver(), INSTANCES::close);
        } catch (SQLException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** A driver that shares what runs with every other one of this class. */
    public DualWriteDriver() {}

    /**
     * Whether the URL is one of this driver's.
     *
     * @throws SQLException SQLSTATE F0000 if it is null
     */
    @Override
    public boolean acceptsURL(@Nullable String url) throws SQLException {
        if (url == null) {
            throw new SQLNonTransientConnectionException(
                    "The URL is null; write " + PREFIX + " and the path of the properties file",
                    SqlState.CONFIGURATION.code());
        }
        return isOurs(url);
    }

    static boolean isOurs(String url) {
        return url.startsWith(PREFIX);
    }

    /**
     * Opens a connection.
     *
     * @param url {@code jdbc:dualwrite:} and the path of the properties file
     * @param info what the application would give its old driver; user and password serve old where the file names none
     * @return null for other drivers' URLs
     * @throws SQLException SQLSTATE F0000 if the file is missing or wrong or the URL is null, 08001 if a side's driver or server
     *     is missing or wrong, 08004 if the fleet cannot take this instance in
     */
    @Override
    public @Nullable Connection connect(String url, @Nullable Properties info) throws SQLException {
        if (!acceptsURL(url)) {
            return null;
        }
        return connect(url, info == null ? new Properties() : info, 0);
    }

    /**
     * As {@link #connect(String, Properties)}, for {@link DualWriteDataSource}; the URL is one of this driver's.
     *
     * @param loginTimeout seconds; 0 leaves it to the vendors' drivers
     */
    Connection connect(String url, Properties info, int loginTimeout) throws SQLException {
        return INSTANCES.connect(file(url), info, loginTimeout);
    }

    /** As {@link #connect(String, Properties, int)}, for {@link DualWriteDataSource#getPooledConnection}. */
    PooledConnection connectPooled(String url, Properties info, int loginTimeout) throws SQLException {
        return INSTANCES.connectPooled(file(url), info, loginTimeout);
    }

    private static Path file(String url) throws SQLException {
        String path = url.substring(PREFIX.length());
        String wrong = "names no file";
        if (!path.trim().isEmpty()) {
            try {
                return Paths.get(path);
            } catch (InvalidPathException e) {
                wrong = "is no path: " + e.getReason();
            }
        }
        throw new SQLNonTransientConnectionException(
                url + " " + wrong + "; write " + PREFIX + " and the path of the properties file, as in " + PREFIX
                        + "/etc/bookstore/dualwrite.properties",
                SqlState.CONFIGURATION.code());
    }

    /** User and password: optional, for old, where the file names none. */
    @Override
    public DriverPropertyInfo[] getPropertyInfo(String url, @Nullable Properties info) {
        DriverPropertyInfo user = new DriverPropertyInfo("user", info == null ? null : info.getProperty("user"));
        user.description = "User on the old database, where the properties file names none";
        DriverPropertyInfo password = new DriverPropertyInfo("password", null);
        password.description = "Password of that user";
        return new DriverPropertyInfo[] {user, password};
    }

    @Override
    public int getMajorVersion() {
        return MAJOR;
    }

    @Override
    public int getMinorVersion() {
        return MINOR;
    }

    /** What the vendors' drivers are not, this one cannot be. */
    @Override
    public boolean jdbcCompliant() {
        return false;
    }

    /** Logs go through SLF4J. */
    @Override
    public Logger getParentLogger() throws SQLFeatureNotSupportedException {
        throw new SQLFeatureNotSupportedException("Dualwrite logs through SLF4J", SqlState.REFUSED.code());
    }
}
