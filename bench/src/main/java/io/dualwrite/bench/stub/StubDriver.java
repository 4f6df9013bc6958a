package io.dualwrite.bench.stub;

import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.DriverPropertyInfo;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.Properties;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The driver of {@code jdbc:stub:}. Its connections have one statement and one result set of one row each, which they give out
 * again and again, so that nothing is allocated and next to nothing is done.
 */
public final class StubDriver implements Driver {

    /** Makes the driver known to {@link DriverManager}. */
    public static void register() throws SQLException {
        DriverManager.registerDriver(new StubDriver());
    }

    @Override
    public @Nullable Connection connect(String url, @Nullable Properties info) {
        return acceptsURL(url) ? Rest.of(StubConnection.class) : null;
    }

    @Override
    public boolean acceptsURL(String url) {
        return url.startsWith("jdbc:stub:");
    }

    @Override
    public DriverPropertyInfo[] getPropertyInfo(String url, @Nullable Properties info) {
        return new DriverPropertyInfo[0];
    }

    @Override
    public int getMajorVersion() {
        return 1;
    }

    @Override
    public int getMinorVersion() {
        return 0;
    }

    @Override
    public boolean jdbcCompliant() {
        return false;
    }

    @Override
    public Logger getParentLogger() throws SQLFeatureNotSupportedException {
        throw new SQLFeatureNotSupportedException("the stub logs nothing");
    }
}
