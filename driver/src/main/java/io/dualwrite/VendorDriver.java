package io.dualwrite;

import io.dualwrite.dialect.SqlState;
import io.dualwrite.ladder.Side;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The vendor's own driver of one side, found as {@link DriverManager} finds it or as a service. Thread-safe. */
final class VendorDriver {
    private static final Logger LOG = LoggerFactory.getLogger(VendorDriver.class);

    /** The longest that a connection for Dualwrite's own use may take to open, in seconds. */
    private static final int OWN_TIMEOUT_SECONDS = 5;

    private final Side side;
    private final String url;
    private final Driver driver;

    private VendorDriver(Side side, String url, Driver driver) {
        this.side = side;
        this.url = url;
        this.driver = driver;
    }

    /**
     * Finds the driver of a side's URL.
     *
     * @throws SQLException SQLSTATE 08001 if none is on the class path
     */
    static VendorDriver of(Side side, String url) throws SQLException {
        Driver driver = accepting(Collections.list(DriverManager.getDrivers()), url);
        for (ClassLoader loader :
                Arrays.asList(Thread.currentThread().getContextClassLoader(), VendorDriver.class.getClassLoader())) {
            if (driver == null) {
                driver = service(loader, url);
            }
        }
        if (driver == null) {
            throw missing(side, url);
        }
        return new VendorDriver(side, url, driver);
    }

    /**
     * A connection with the vendor's own defaults; a failure is the vendor's own.
     *
     * @param loginTimeout after how many seconds a server that does not answer is given up, unless URL or properties say it; 0 where the
     *     vendor's own default holds
     */
    Connection connect(Properties properties, int loginTimeout) throws SQLException {
        Connection connection = driver.connect(url, loginTimeout == 0 ? properties : bounded(properties, loginTimeout));
        if (connection == null) {
            throw missing(side, url);
        }
        return connection;
    }

    /** A connection for Dualwrite's own use: a server that does not answer is given up, unless the file says for how long. */
    Connection connectBounded(Properties properties) throws SQLException {
        return connect(properties, OWN_TIMEOUT_SECONDS);
    }

    private Properties bounded(Properties properties, int seconds) {
        Properties bounded = new Properties();
        bounded.putAll(properties);
        if (url.startsWith("jdbc:postgresql:")) {
            bound(bounded, "loginTimeout", seconds);
        } else if (url.startsWith("jdbc:mariadb:") || url.startsWith("jdbc:mysql:")) {
            bound(bounded, "connectTimeout", (int) Math.min(Integer.MAX_VALUE, seconds * 1000L));
        }
        return bounded;
    }

    /** Whether both sides' URLs are of one vendor. */
    static boolean sameVendor(String one, String other) {
        return scheme(one).equalsIgnoreCase(scheme(other));
    }

    private static String scheme(String url) {
        return url.replaceFirst("^(jdbc:[^:]*).*", "$1");
    }

    private void bound(Properties properties, String name, int value) {
        if (!url.contains(name + "=") && properties.getProperty(name) == null) {
            properties.setProperty(name, Integer.toString(value));
        }
    }

    private static @Nullable Driver service(@Nullable ClassLoader loader, String url) {
        try {
            return accepting(ServiceLoader.load(Driver.class, loader), url);
        } catch (ServiceConfigurationError broken) {
            LOG.debug("A JDBC driver on the class path cannot be loaded", broken);
            return null;
        }
    }

    private static @Nullable Driver accepting(Iterable<Driver> drivers, String url) {
        for (Driver driver : drivers) {
            try {
                if (!(driver instanceof DualWriteDriver) && driver.acceptsURL(url)) {
                    return driver;
                }
            } catch (SQLException refused) {
                LOG.debug("{} does not read the URL", driver.getClass().getName(), refused);
            }
        }
        return null;
    }

    private static SQLException missing(Side side, String url) {
        String shown = withoutCredentials(url);
        String artifact = artifact(url);
        return new SQLNonTransientConnectionException(
                "No JDBC driver on the class path accepts " + side.word() + ".url " + shown + "; "
                        + (artifact == null
                                ? "add the vendor's driver, or mend the URL"
                                : "add " + artifact + " to the application"),
                SqlState.CANNOT_CONNECT.code());
    }

    private static @Nullable String artifact(String url) {
        List<String> known = Arrays.asList(
                "jdbc:postgresql:", "org.postgresql:postgresql",
                "jdbc:mariadb:", "org.mariadb.jdbc:mariadb-java-client",
                "jdbc:mysql:", "com.mysql:mysql-connector-j",
                "jdbc:h2:", "com.h2database:h2");
        for (int i = 0; i < known.size(); i += 2) {
            if (url.toLowerCase(Locale.ROOT).startsWith(known.get(i))) {
                return known.get(i + 1);
            }
        }
        return null;
    }

    /** The URL without its parameters and without {@code user:password@}. */
    static String withoutCredentials(String url) {
        return url.replaceFirst("[?;].*", "").replaceFirst("//[^/]*@", "//").replaceFirst(":thin:[^@]*@", ":thin:@");
    }
}
