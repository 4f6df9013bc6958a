package io.dualwrite;

import io.dualwrite.dialect.SqlState;
import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.SQLNonTransientConnectionException;
import java.util.Properties;
import java.util.logging.Logger;
import javax.sql.ConnectionPoolDataSource;
import javax.sql.DataSource;
import javax.sql.PooledConnection;
import javax.sql.XADataSource;
import org.jspecify.annotations.Nullable;

/**
 * {@link DualWriteDriver} for those who configure a class: set {@code url}, or {@code file} alone. It serves an application
 * server's own pool as well; it takes no part in XA transactions, whose two phases would have to span both databases of each side.
 * Thread-safe once it is configured.
 */
public final class DualWriteDataSource implements DataSource, ConnectionPoolDataSource {
    private final DualWriteDriver driver = new DualWriteDriver();
    private volatile @Nullable String url;
    private volatile @Nullable String user;
    private volatile @Nullable String password;
    private volatile @Nullable PrintWriter logWriter;
    private volatile int loginTimeout;

    /** A data source that knows no file yet. */
    public DualWriteDataSource() {}

    /** {@code jdbc:dualwrite:} and the path of the properties file. */
    public @Nullable String getUrl() {
        return url;
    }

    /** Sets {@code jdbc:dualwrite:} and the path of the properties file. */
    public void setUrl(String url) {
        this.url = url;
    }

    /** The path of the properties file, or null if none is set. */
    public @Nullable String getFile() {
        String set = url;
        return set == null || !DualWriteDriver.isOurs(set) ? null : set.substring(DualWriteDriver.PREFIX.length());
    }

    /** Sets the path of the properties file, and with it the URL. */
    public void setFile(String file) {
        this.url = DualWriteDriver.PREFIX + file;
    }

    /** The user on old, where the file names none. */
    public @Nullable String getUser() {
        return user;
    }

    /** Sets the user on old, where the file names none. */
    public void setUser(@Nullable String user) {
        this.user = user;
    }

    /** Sets that user's password. */
    public void setPassword(@Nullable String password) {
        this.password = password;
    }

    @Override
    public Connection getConnection() throws SQLException {
        return getConnection(user, password);
    }

    @Override
    public Connection getConnection(@Nullable String user, @Nullable String password) throws SQLException {
        return driver.connect(requireUrl(), properties(user, password), loginTimeout);
    }

    @Override
    public PooledConnection getPooledConnection() throws SQLException {
        return getPooledConnection(user, password);
    }

    @Override
    public PooledConnection getPooledConnection(@Nullable String user, @Nullable String password) throws SQLException {
        return driver.connectPooled(requireUrl(), properties(user, password), loginTimeout);
    }

    private String requireUrl() throws SQLException {
        String set = url;
        if (set == null || !DualWriteDriver.isOurs(set)) {
            throw new SQLNonTransientConnectionException(
                    (set == null ? "No url is set" : set + " is no URL of Dualwrite") + "; set url to "
                            + DualWriteDriver.PREFIX + " and the path of the properties file, or file to that path",
                    SqlState.CONFIGURATION.code());
        }
        return set;
    }

    private static Properties properties(@Nullable String user, @Nullable String password) {
        Properties info = new Properties();
        if (user != null) {
            info.setProperty("user", user);
        }
        if (password != null) {
            info.setProperty("password", password);
        }
        return info;
    }

    @Override
    public @Nullable PrintWriter getLogWriter() {
        return logWriter;
    }

    /** Kept, as JDBC wants it, and not written to: logs go through SLF4J. */
    @Override
    public void setLogWriter(@Nullable PrintWriter logWriter) {
        this.logWriter = logWriter;
    }

    /** Seconds; 0, the default, leaves it to the vendors' drivers. */
    @Override
    public int getLoginTimeout() {
        return loginTimeout;
    }

    /** Seconds until a server that does not answer is given up; what a URL or the file's properties say of it counts more. H2 knows no such limit. */
    @Override
    public void setLoginTimeout(int seconds) {
        this.loginTimeout = seconds;
    }

    /** Logs go through SLF4J. */
    @Override
    public Logger getParentLogger() throws SQLFeatureNotSupportedException {
        return driver.getParentLogger();
    }

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
        if (type.isInstance(this)) {
            return type.cast(this);
        }
        if (XADataSource.class.isAssignableFrom(type)) {
            throw new SQLFeatureNotSupportedException(
                    "Dualwrite takes no part in XA transactions: each of its commits is already one on two databases;"
                            + " use it as a plain DataSource with local transactions",
                    SqlState.REFUSED.code());
        }
        throw new SQLException("DualWriteDataSource wraps no " + type.getName(), SqlState.REFUSED.code());
    }

    @Override
    public boolean isWrapperFor(Class<?> type) {
        return type.isInstance(this);
    }

    /** The URL; never a credential. */
    @Override
    public String toString() {
        return "DualWriteDataSource[" + url + "]";
    }
}
