package io.dualwrite.mirroring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.management.UnixOperatingSystemMXBean;
import io.dualwrite.config.Settings;
import io.dualwrite.dialect.Dialects;
import io.dualwrite.jdbc.Classifiers;
import io.dualwrite.jdbc.DualConnection;
import io.dualwrite.ladder.Rung;
import io.dualwrite.ladder.Side;
import io.dualwrite.ladder.Standing;
import io.dualwrite.mirror.Catalogue;
import io.dualwrite.mirror.Marks;
import io.dualwrite.mirror.Mirroring;
import io.dualwrite.servers.SharedServers;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Field;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Connections and statements that were opened, closed and aborted in every way leave no leg, pin, thread or descriptor. */
class LeakIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String MIRROR = "leak-mirror";
    private static final long SEED = 20_261_126;

    /** How a connection ends. */
    private enum End {
        ALL_CLOSED,
        CONNECTION_CLOSED,
        IN_A_TRANSACTION,
        ABORTED,
        ABORTED_IN_A_TRANSACTION
    }

    /** A hundred thousand under {@code -Pproof}, a tenth of them in an ordinary build. */
    @Test
    void connections_leaveNothing() throws Exception {
        use("jdbc:h2:mem:leakold", "jdbc:h2:mem:leaknew", "sa", "", Integer.getInteger("leak.connections", 10_000));
    }

    @ParameterizedTest
    @CsvSource({"postgres", "mariadb"})
    void connectionsToServers_leaveNoSession(String vendor) throws Exception {
        var server = SharedServers.of(vendor);
        server.createDatabase("leakold");
        server.createDatabase("leaknew");
        use(server.jdbcUrl("leakold"), server.jdbcUrl("leaknew"), server.user(), server.password(), 600);
    }

    private static void use(String oldUrl, String newUrl, String user, String password, int connections)
            throws Exception {
        ExecutorService executor = Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task, MIRROR);
            thread.setDaemon(true);
            return thread;
        });
        try (Connection keepsOld = DriverManager.getConnection(oldUrl, user, password);
                Connection keepsNew = DriverManager.getConnection(newUrl, user, password)) {
            for (Connection side : List.of(keepsOld, keepsNew)) {
                try (Statement statement = side.createStatement()) {
                    statement.execute("CREATE TABLE item (id INT PRIMARY KEY, amount INT NOT NULL)");
                    statement.execute("INSERT INTO item VALUES (1, 1)");
                    for (String sql : Dialects.of(side).ownTables()) {
                        statement.execute(sql);
                    }
                }
            }
            Map<String, String> entries = new HashMap<>(
                    Map.of("phase", "1", "old.url", oldUrl, "new.url", newUrl, "dataA", "item", "instance", "leak"));
            Settings settings = Settings.of(entries);
            Standing standing = new Standing(Rung.OLD_ONLY);
            Mirroring mirroring = new Mirroring(
                    () -> settings, standing, executor, new Catalogue(settings::key), new Marks("leak", () -> 1));
            Classifiers classifiers = new Classifiers();
            Random random = new Random(SEED);
            int sessionsOld = sessions(keepsOld);
            int sessionsNew = sessions(keepsNew);
            long descriptors = descriptors();
            for (int i = 0; i < connections; i++) {
                standing.move(Rung.values()[random.nextInt(Rung.values().length)]);
                Connection connection = DualConnection.open(
                        mirroring,
                        side -> DriverManager.getConnection(side == Side.OLD ? oldUrl : newUrl, user, password),
                        classifiers,
                        "connection " + i);
                end(connection, End.values()[random.nextInt(End.values().length)], executor);
            }
            await().atMost(PATIENCE).untilAsserted(() -> {
                assertThat(sessions(keepsOld)).as("sessions on old").isEqualTo(sessionsOld);
                assertThat(sessions(keepsNew)).as("sessions on new").isEqualTo(sessionsNew);
            });
            assertThat(pins(standing)).as("pins").isEmpty();
            executor.shutdown();
            await().atMost(PATIENCE).untilAsserted(() -> {
                assertThat(threads()).as("threads").isEmpty();
                assertThat(descriptors()).as("descriptors").isLessThanOrEqualTo(descriptors + 5);
            });
        } finally {
            executor.shutdownNow();
        }
    }

    /** Reads and writes, and ends in the way; what the application forgets to close is left to the connection. */
    private static void end(Connection connection, End end, ExecutorService executor) throws SQLException {
        boolean manual = end == End.IN_A_TRANSACTION || end == End.ABORTED_IN_A_TRANSACTION;
        connection.setAutoCommit(!manual);
        PreparedStatement select = connection.prepareStatement("SELECT amount FROM item WHERE id = ?");
        select.setInt(1, 1);
        ResultSet rows = select.executeQuery();
        rows.next();
        Statement update = connection.createStatement();
        update.executeUpdate("UPDATE item SET amount = amount + 1 WHERE id = 1");
        switch (end) {
            case ALL_CLOSED:
                rows.close();
                select.close();
                update.close();
                connection.close();
                break;
            case CONNECTION_CLOSED:
            case IN_A_TRANSACTION:
                connection.close();
                break;
            default:
                connection.abort(executor);
                connection.close();
                break;
        }
    }

    private static int sessions(Connection connection) throws SQLException {
        String count;
        switch (Dialects.of(connection).vendor()) {
            case H2:
                count = "SELECT COUNT(*) FROM INFORMATION_SCHEMA.SESSIONS";
                break;
            case POSTGRESQL:
                count = "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database()";
                break;
            default:
                count = "SELECT COUNT(*) FROM information_schema.processlist WHERE db = DATABASE()";
                break;
        }
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(count)) {
            rows.next();
            return rows.getInt(1);
        }
    }

    private static List<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith(MIRROR))
                .toList();
    }

    private static long descriptors() {
        return ((UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getOpenFileDescriptorCount();
    }

    private static Collection<?> pins(Standing standing) throws ReflectiveOperationException {
        Field pins = Standing.class.getDeclaredField("pins");
        pins.setAccessible(true);
        return (Collection<?>) pins.get(standing);
    }
}
