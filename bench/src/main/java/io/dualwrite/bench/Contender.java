package io.dualwrite.bench;

import io.dualwrite.ladder.Phase;
import io.dualwrite.ladder.Side;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Locale;
import net.ttddyy.dsproxy.support.ProxyDataSourceBuilder;
import org.h2.jdbcx.JdbcDataSource;

/** Who is measured. All reach the same kind of database, each in its own JVM. */
public enum Contender {
    /** The vendor's own driver and nothing between. */
    BARE {
        @Override
        Connection connect(Database database) throws SQLException {
            return DriverManager.getConnection(database.url(Side.OLD));
        }
    },
    /** Dualwrite in phase 1. */
    DUALWRITE_1 {
        @Override
        Connection connect(Database database) throws SQLException, IOException {
            return Dualwrite.connect(database, Phase.ONE);
        }
    },
    /** Dualwrite in phase 6. */
    DUALWRITE_6 {
        @Override
        Connection connect(Database database) throws SQLException, IOException {
            return Dualwrite.connect(database, Phase.SIX);
        }
    },
    /** p6spy with logging off. */
    P6SPY {
        @Override
        Connection connect(Database database) throws SQLException {
            System.setProperty("p6spy.config.modulelist", "com.p6spy.engine.spy.P6SpyFactory");
            return DriverManager.getConnection(database.url(Side.OLD).replace("jdbc:", "jdbc:p6spy:"));
        }
    },
    /** datasource-proxy without listeners; over H2 only. */
    DATASOURCE_PROXY {
        @Override
        Connection connect(Database database) throws SQLException {
            JdbcDataSource bare = new JdbcDataSource();
            bare.setURL(database.url(Side.OLD));
            return ProxyDataSourceBuilder.create(bare).build().getConnection();
        }
    };

    abstract Connection connect(Database database) throws SQLException, IOException;

    boolean isDualwrite() {
        return this == DUALWRITE_1 || this == DUALWRITE_6;
    }

    /** The name in reports. */
    String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
