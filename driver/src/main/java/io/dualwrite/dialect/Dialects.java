package io.dualwrite.dialect;

import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.Locale;

/** Finds the dialect of a database. */
public final class Dialects {
    private Dialects() {}

    /**
     * The dialect of the database behind a connection, by its product name and version.
     *
     * @throws SQLException SQLSTATE 0A000 if the vendor is not known
     */
    public static Dialect of(Connection connection) throws SQLException {
        DatabaseMetaData metaData = connection.getMetaData();
        String product = metaData.getDatabaseProductName();
        switch (product.toLowerCase(Locale.ROOT)) {
            case "postgresql":
                return new PostgresDialect();
            case "h2":
                return new H2Dialect();
            case "mariadb":
                return new MariaDbDialect(returns(metaData));
            case "mysql":
                String version = metaData.getDatabaseProductVersion().toLowerCase(Locale.ROOT);
                return new MariaDbDialect(version.contains("mariadb") && returns(metaData));
            default:
                throw unknown(product);
        }
    }

    /**
     * The dialect of a vendor's JDBC URL. MySQL's URL may lead to a MariaDB as well; what MariaDB alone can is left out then.
     *
     * @throws SQLException SQLSTATE 0A000 if the vendor is not known
     */
    public static Dialect of(String url) throws SQLException {
        String[] parts = url.split(":", 3);
        switch (parts.length < 3 ? "" : parts[1].toLowerCase(Locale.ROOT)) {
            case "postgresql":
                return new PostgresDialect();
            case "h2":
                return new H2Dialect();
            case "mariadb":
                return new MariaDbDialect(true);
            case "mysql":
                return new MariaDbDialect(false);
            default:
                throw unknown(parts.length < 2 ? "a URL without a vendor" : parts[1]);
        }
    }

    /** INSERT … RETURNING came with MariaDB 10.5. */
    private static boolean returns(DatabaseMetaData metaData) throws SQLException {
        int major = metaData.getDatabaseMajorVersion();
        return major > 10 || (major == 10 && metaData.getDatabaseMinorVersion() >= 5);
    }

    private static SQLException unknown(String product) {
        return new SQLFeatureNotSupportedException(
                "no dialect for " + product + "; PostgreSQL, MariaDB, MySQL and H2 are known", SqlState.REFUSED.code());
    }
}
