package io.dualwrite.clients;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.dualwrite.DualWriteDataSource;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import javax.sql.DataSource;
import org.apache.commons.dbcp2.BasicDataSource;
import org.apache.tomcat.jdbc.pool.PoolProperties;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The pools, with all that they do to connections on their own: validation, eviction, resets, caches of statements. */
class PoolsIT {
    private static final int CONNECTIONS = 5;

    @TempDir
    Path folder;

    /** How a pool is told where its database is. */
    enum Pool {
        HIKARI {
            @Override
            DataSource open(Migration migration) {
                HikariConfig config = new HikariConfig();
                config.setJdbcUrl(migration.url());
                config.setMaximumPoolSize(CONNECTIONS);
                config.setTransactionIsolation("TRANSACTION_READ_COMMITTED");
                return new HikariDataSource(config);
            }
        },
        HIKARI_BY_CLASS {
            @Override
            DataSource open(Migration migration) {
                HikariConfig config = new HikariConfig();
                config.setDataSourceClassName(DualWriteDataSource.class.getName());
                config.addDataSourceProperty("file", migration.file().toString());
                config.setMaximumPoolSize(CONNECTIONS);
                config.setConnectionTestQuery("SELECT 1");
                config.setAutoCommit(false);
                return new HikariDataSource(config);
            }
        },
        TOMCAT {
            @Override
            DataSource open(Migration migration) {
                PoolProperties config = new PoolProperties();
                config.setUrl(migration.url());
                config.setDriverClassName("io.dualwrite.DualWriteDriver");
                config.setMaxActive(CONNECTIONS);
                config.setMaxIdle(CONNECTIONS);
                config.setMinIdle(1);
                config.setInitialSize(1);
                config.setTestOnBorrow(true);
                config.setValidationInterval(0);
                config.setValidationQuery("SELECT 1");
                config.setTestWhileIdle(true);
                config.setTimeBetweenEvictionRunsMillis(1_000);
                config.setDefaultAutoCommit(true);
                config.setDefaultReadOnly(false);
                config.setDefaultTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
                config.setJdbcInterceptors(
                        "ConnectionState;StatementCache(prepared=true,max=20);StatementFinalizer;ResetAbandonedTimer");
                return new org.apache.tomcat.jdbc.pool.DataSource(config);
            }
        },
        DBCP2 {
            @Override
            DataSource open(Migration migration) {
                BasicDataSource pool = new BasicDataSource();
                pool.setUrl(migration.url());
                pool.setMaxTotal(CONNECTIONS);
                pool.setPoolPreparedStatements(true);
                pool.setMaxOpenPreparedStatements(20);
                pool.setTestOnBorrow(true);
                pool.setTestOnReturn(true);
                pool.setTestWhileIdle(true);
                pool.setDurationBetweenEvictionRuns(Duration.ofMillis(100));
                pool.setDefaultReadOnly(false);
                pool.setDefaultTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
                return pool;
            }
        };

        abstract DataSource open(Migration migration);
    }

    @ParameterizedTest
    @CsvSource({"HIKARI, h2, h2", "HIKARI_BY_CLASS, postgres, postgres", "TOMCAT, h2, h2", "DBCP2, postgres, mariadb"})
    void pool_walksTheLadderUpAndDown(Pool pool, String oldVendor, String newVendor) throws Exception {
        try (Migration migration = new Migration(folder, oldVendor, newVendor)) {
            PooledShop.create(migration);
            DataSource source = pool.open(migration);
            try {
                migration.walk(new PooledShop(source));
            } finally {
                ((AutoCloseable) closeable(source)).close();
            }
        }
    }

    private static Object closeable(DataSource source) {
        return source instanceof org.apache.tomcat.jdbc.pool.DataSource tomcat
                ? (AutoCloseable) () -> tomcat.close(true)
                : source;
    }
}
