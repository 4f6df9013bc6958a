package io.dualwrite;

import io.dualwrite.config.Settings;
import io.dualwrite.config.SettingsException;
import io.dualwrite.config.SettingsFile;
import io.dualwrite.dialect.SqlState;
import io.dualwrite.fleet.DaemonThreads;
import io.dualwrite.fleet.RunningInstance;
import io.dualwrite.jdbc.Classifiers;
import io.dualwrite.jdbc.Copies;
import io.dualwrite.jdbc.DualConnection;
import io.dualwrite.ladder.Phase;
import io.dualwrite.ladder.Side;
import io.dualwrite.mirror.Catalogue;
import io.dualwrite.mirror.LegOpener;
import io.dualwrite.mirror.MarkSweeper;
import io.dualwrite.mirror.Marks;
import io.dualwrite.mirror.MirrorPool;
import io.dualwrite.mirror.Mirroring;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import javax.sql.PooledConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What all connections of one properties file share: the instance in its fleet, the vendors' drivers, the mirror. Thread-safe. */
final class SharedInstance {
    private static final Logger LOG = LoggerFactory.getLogger(SharedInstance.class);

    /** Properties of the vendors' drivers that are good for one server alone. */
    private static final Pattern OF_ONE_SERVER = Pattern.compile(
            "user|password|passfile|service|ssl.*|.*(store|cert|key|plugin|auth).*|channelBinding|socketFactory.*"
                    + "|(gss|jaas|kerberos|sspi).*|localSocketAddress|currentSchema|options",
            Pattern.CASE_INSENSITIVE);

    private static final String USER = "user";
    private static final String PASSWORD = "password";

    private static final int SWEEP_MILLIS = 100;

    private final Drivers drivers;
    private final RunningInstance running;
    private final Mirroring mirroring;
    private final MirrorPool own;
    private final ExecutorService mirrorTasks = Executors.newCachedThreadPool(new DaemonThreads("dualwrite-mirror"));
    private final ScheduledExecutorService sweeps =
            Executors.newSingleThreadScheduledExecutor(new DaemonThreads("dualwrite-marks"));
    private final Future<?> sweeping;
    private final Login login;
    private final Beans beans;
    private final Classifiers classifiers = new Classifiers();
    private final AtomicLong connections = new AtomicLong();

    private SharedInstance(Drivers drivers, RunningInstance running, LegOpener ownConnections, Login login) {
        this.drivers = drivers;
        this.running = running;
        this.login = login;
        String instance = running.settings().instance;
        Marks marks = new Marks(instance, running::epoch);
        mirroring = new Mirroring(
                running::settings,
                running.standing(),
                mirrorTasks,
                new Catalogue(table -> running.settings().key(table)),
                marks);
        running.mirroringPauses(side -> mirroring.breaker(side).isOpen());
        own = new MirrorPool(ownConnections, running::settings, instance, new DaemonThreads("dualwrite-own"));
        sweeping = sweeps.scheduleWithFixedDelay(
                new MarkSweeper(marks, own), SWEEP_MILLIS, SWEEP_MILLIS, TimeUnit.MILLISECONDS);
        beans = new Beans(instance);
        beans.register("Instance", running);
        beans.register("Mirroring", mirroring);
    }

    /**
     * Reads the file and joins the fleet.
     *
     * @param info the first connection's properties, whose user and password serve old where the file names none
     * @throws SQLException SQLSTATE F0000 for a wrong file, 08001 for a missing driver, 08004 if the fleet cannot take it in
     */
    static SharedInstance start(Path path, Properties info) throws SQLException {
        SettingsFile file;
        try {
            file = SettingsFile.open(path);
        } catch (SettingsException e) {
            throw new SQLNonTransientConnectionException(
                    String.valueOf(e.getMessage()), SqlState.CONFIGURATION.code(), e);
        }
        Drivers drivers = new Drivers(file.settings());
        Login login = new Login(info);
        LegOpener own = side -> drivers.of(side).connectBounded(properties(file.settings(), side, login.info));
        Set<String> withheld = withheldFromNew(file.settings(), info);
        if (!withheld.isEmpty()) {
            LOG.warn(
                    "The application gives its driver {}, which new is not given: where new needs it or its like, set"
                            + " new.property.NAME in {} before phase 6",
                    String.join(", ", withheld),
                    path);
        }
        return new SharedInstance(drivers, RunningInstance.start(file, own::open), own, login);
    }

    /** @param loginTimeout seconds until a side's server that does not answer is given up; 0 for the vendors' own defaults */
    Connection connect(Properties info, int loginTimeout) throws SQLException {
        return DualConnection.open(mirroring, legs(info, loginTimeout), classifiers, name());
    }

    /** As {@link #connect}. */
    PooledConnection connectPooled(Properties info, int loginTimeout) throws SQLException {
        return DualConnection.openPooled(mirroring, legs(info, loginTimeout), classifiers, name());
    }

    private LegOpener legs(Properties info, int loginTimeout) {
        return side -> {
            Connection connection = drivers.of(side).connect(properties(running.settings(), side, info), loginTimeout);
            try {
                running.admit(side, connection);
                if (side == Side.OLD) {
                    login.worked(info);
                }
                return connection;
            } catch (SQLException refused) {
                connection.close();
                throw refused;
            }
        };
    }

    private String name() {
        return "connection " + connections.incrementAndGet();
    }

    /**
     * Old is given what the application gives its driver, and new too where it is of the same vendor, but for who it is, by which
     * certificates and in which schema; the file wins.
     */
    static Properties properties(Settings settings, Side side, Properties info) {
        Properties properties = Copies.properties(info);
        if (side == Side.NEW) {
            properties.keySet().removeIf(name -> !suitsNew(settings, name.toString()));
        }
        properties.putAll(settings.connectionProperties(side));
        return properties;
    }

    /** The names, in order, of what the application gives and new gets neither so nor by the file; not the user, whom a server misses. */
    static Set<String> withheldFromNew(Settings settings, Properties info) {
        Set<String> names = new TreeSet<>(info.stringPropertyNames());
        names.removeIf(name -> name.equals(USER) || name.equals(PASSWORD) || suitsNew(settings, name));
        names.removeAll(settings.connectionProperties(Side.NEW).stringPropertyNames());
        return names;
    }

    private static boolean suitsNew(Settings settings, String name) {
        return VendorDriver.sameVendor(settings.url(Side.OLD), settings.url(Side.NEW))
                && !OF_ONE_SERVER.matcher(name).matches();
    }

    void close() {
        sweeping.cancel(false);
        sweeps.shutdown();
        own.close();
        beans.close();
        running.close();
        mirrorTasks.shutdown();
    }

    /** What our own connections log in with: what the first of the application's was given, but for passwords, which change. */
    private static final class Login {
        volatile Properties info;

        Login(Properties first) {
            info = Copies.properties(first);
        }

        /** Old has taken this. */
        void worked(Properties later) {
            Properties known = info;
            Object password = later.getOrDefault(PASSWORD, later.getProperty(PASSWORD));
            boolean same = Objects.equals(known.getProperty(USER), later.getProperty(USER));
            if (same && password != null && !Objects.deepEquals(password, known.get(PASSWORD))) {
                Properties changed = new Properties();
                changed.putAll(known);
                changed.put(PASSWORD, password);
                info = Copies.properties(changed);
            }
        }
    }

    /** The vendors' drivers. In 6 old may be gone from the class path; everywhere else both have to be there at once. */
    private static final class Drivers {
        private final Settings settings;
        private final Map<Side, VendorDriver> bySide = new EnumMap<>(Side.class);

        Drivers(Settings settings) throws SQLException {
            this.settings = settings;
            for (Side side : Side.values()) {
                if (side == Side.NEW || settings.phase != Phase.SIX) {
                    of(side);
                }
            }
        }

        synchronized VendorDriver of(Side side) throws SQLException {
            VendorDriver known = bySide.get(side);
            if (known == null) {
                known = VendorDriver.of(side, settings.url(side));
                bySide.put(side, known);
            }
            return known;
        }
    }
}
