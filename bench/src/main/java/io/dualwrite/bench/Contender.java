package io.dualwrite.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import net.ttddyy.dsproxy.support.ProxyDataSourceBuilder;
import org.h2.jdbcx.JdbcDataSource;

/** Who is measured. All reach the same kind of in-memory H2, each in its own JVM. */
public enum Contender {
    /** H2's own driver and nothing between. */
    BARE {
        @Override
        Connection connect() throws SQLException {
            return DriverManager.getConnection(URL);
        }
    },
    /** Dualwrite in phase 1. */
    DUALWRITE {
        @Override
        Connection connect() throws SQLException, IOException {
            Path file = Files.createTempFile("dualwrite-bench-", ".properties");
            file.toFile().deleteOnExit();
            Files.writeString(file, """
                    phase   = 1
                    old.url = %s
                    new.url = jdbc:h2:mem:new
                    dataA   = item
                    """.formatted(URL));
            return DriverManager.getConnection("jdbc:dualwrite:" + file);
        }
    },
    /** p6spy with logging off. */
    P6SPY {
        @Override
        Connection connect() throws SQLException {
            System.setProperty("p6spy.config.modulelist", "com.p6spy.engine.spy.P6SpyFactory");
            return DriverManager.getConnection(URL.replace("jdbc:", "jdbc:p6spy:"));
        }
    },
    /** datasource-proxy without listeners. */
    DATASOURCE_PROXY {
        @Override
        Connection connect() throws SQLException {
            JdbcDataSource bare = new JdbcDataSource();
            bare.setURL(URL);
            return ProxyDataSourceBuilder.create(bare).build().getConnection();
        }
    };

    private static final String URL = "jdbc:h2:mem:old;DB_CLOSE_DELAY=-1";

    abstract Connection connect() throws SQLException, IOException;
}
