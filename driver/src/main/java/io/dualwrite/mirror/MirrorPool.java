package io.dualwrite.mirror;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.dualwrite.config.Settings;
import io.dualwrite.dialect.Dialects;
import io.dualwrite.dialect.SqlState;
import io.dualwrite.ladder.Side;
import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.ThreadFactory;
import java.util.function.Supplier;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The driver's own few connections to each side, beside the application's legs: for the registry and for clearing marks. They
 * are kept alive, waits for them are bounded, and none is held while nothing is to be done. Thread-safe.
 */
public final class MirrorPool implements AutoCloseable {
    private static final int MOST_CONNECTIONS = 3;

    private final LegOpener opener;
    private final Supplier<Settings> settings;
    private final String instance;
    private final ThreadFactory threads;
    private final Map<Side, HikariDataSource> pools = new EnumMap<>(Side.class);
    private boolean closed;

    /** A pool that opens its connections by the opener, with the file's own users. */
    public MirrorPool(LegOpener opener, Supplier<Settings> settings, String instance, ThreadFactory threads) {
        this.threads = threads;
        this.opener = opener;
        this.settings = settings;
        this.instance = instance;
    }

    /**
     * A connection in autocommit, to be closed soon; lock and statement waits on it are bounded (R5).
     *
     * @throws SQLException the vendor's own, or after {@code mirror.open} has passed
     */
    public Connection connect(Side side) throws SQLException {
        return pool(side).getConnection();
    }

    private synchronized HikariDataSource pool(Side side) throws SQLException {
        if (closed) {
            throw new SQLException("The pool of " + side.word() + " is closed", SqlState.CONNECTION_CLOSED.code());
        }
        HikariDataSource pool = pools.get(side);
        if (pool == null) {
            HikariConfig config = new HikariConfig();
            config.setPoolName("dualwrite-" + instance + '-' + side.word());
            config.setDataSource(new Opening(opener, settings, side));
            config.setMaximumPoolSize(MOST_CONNECTIONS);
            config.setMinimumIdle(0);
            config.setInitializationFailTimeout(-1);
            config.setConnectionTimeout(Math.max(250, settings.get().mirrorOpen.toMillis()));
            config.setValidationTimeout(
                    Math.max(250, Math.min(1_000, settings.get().mirrorOpen.toMillis())));
            config.setIdleTimeout(60_000);
            config.setThreadFactory(threads);
            pool = new HikariDataSource(config);
            pools.put(side, pool);
        }
        return pool;
    }

    @Override
    public synchronized void close() {
        closed = true;
        for (HikariDataSource pool : pools.values()) {
            pool.close();
        }
        pools.clear();
    }

    /** Gives the pool its connections. */
    private static final class Opening implements DataSource {
        private final LegOpener opener;
        private final Supplier<Settings> settings;
        private final Side side;

        Opening(LegOpener opener, Supplier<Settings> settings, Side side) {
            this.opener = opener;
            this.settings = settings;
            this.side = side;
        }

        @Override
        public Connection getConnection() throws SQLException {
            Connection connection = opener.open(side);
            try {
                // Clearing marks must not lock the gaps between them, where the application writes the next ones.
                connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
                Settings now = settings.get();
                Dialects.of(connection).boundWaits(connection, now.mirrorLock, now.mirrorStatement);
                return connection;
            } catch (SQLException | RuntimeException e) {
                connection.close();
                throw e;
            }
        }

        @Override
        public Connection getConnection(String user, String password) throws SQLException {
            return getConnection();
        }

        @Override
        public @Nullable PrintWriter getLogWriter() {
            return null;
        }

        @Override
        public void setLogWriter(PrintWriter out) {
            // HikariCP logs by SLF4J
        }

        @Override
        public void setLoginTimeout(int seconds) {
            // bounded by the pool
        }

        @Override
        public int getLoginTimeout() {
            return 0;
        }

        @Override
        public Logger getParentLogger() throws SQLFeatureNotSupportedException {
            throw new SQLFeatureNotSupportedException("logs by SLF4J");
        }

        @Override
        public <T> T unwrap(Class<T> type) throws SQLException {
            throw new SQLException("wraps nothing");
        }

        @Override
        public boolean isWrapperFor(Class<?> type) {
            return false;
        }
    }
}
