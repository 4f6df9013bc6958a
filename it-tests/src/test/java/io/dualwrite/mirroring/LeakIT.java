package io.dualwrite.mirroring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
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
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Connections and statements that were opened, closed and aborted in every way leave no leg, pin, thread or descriptor. */
class LeakIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String MIRROR = "leak-mirror";
    private static final long SEED = 20_261_126;
    /** Bytes of a stream that is not kept in memory. */
    private static final int LONG = 100_000;

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

    static Stream<Arguments> everywhere() {
        return Stream.of("h2", "postgres", "mariadb")
                .flatMap(vendor -> Stream.of(Rung.values()).map(rung -> Arguments.of(vendor, rung)));
    }

    /** A stream that is too long to be kept in memory stands in a file until its statement is closed. */
    @ParameterizedTest
    @MethodSource("everywhere")
    void statementsWithLongStreams_areClosed_noSpoolIsLeft(String vendor, Rung rung) throws Exception {
        try (TwoSides sides = withBodies(vendor, rung);
                Connection connection = sides.connect()) {
            try (PreparedStatement executed = connection.prepareStatement("UPDATE item SET body = ? WHERE id = ?")) {
                executed.setBinaryStream(1, body('a'), LONG);
                executed.setInt(2, 1);
                assertThat(executed.executeUpdate()).isOne();
            }
            assertThat(spools()).as("after an execution").isZero();
            try (PreparedStatement set = connection.prepareStatement("UPDATE item SET body = ?")) {
                set.setBinaryStream(1, body('b'), LONG);
            }
            assertThat(spools()).as("after none").isZero();
            PreparedStatement batch = connection.prepareStatement("UPDATE item SET body = ? WHERE id = ?");
            add(batch, 'c', 1);
            add(batch, 'd', 2);
            batch.close();
            assertThat(spools()).as("after a batch that was not executed").isZero();
            try (PreparedStatement executed = connection.prepareStatement("UPDATE item SET body = ? WHERE id = ?")) {
                add(executed, 'e', 1);
                add(executed, 'f', 2);
                assertThat(executed.executeBatch()).containsExactly(1, 1);
                add(executed, 'g', 2);
                executed.clearBatch();
            }
            assertThat(spools()).as("after a batch").isZero();
            requireBodies(sides, rung, "ef");
        }
    }

    @ParameterizedTest
    @CsvSource({"OLD_ONLY, false", "OLD_ONLY, true", "DUAL_READ_OLD, false", "DUAL_READ_OLD, true"})
    @SuppressWarnings("MustBeClosed")
    void connectionIsClosed_withoutItsStatements_noSpoolIsLeft(Rung rung, boolean aborted) throws Exception {
        try (TwoSides sides = withBodies("postgres", rung)) {
            Connection connection = sides.connect();
            PreparedStatement executed = connection.prepareStatement("UPDATE item SET body = ?");
            executed.setBinaryStream(1, body('a'), LONG);
            executed.executeUpdate();
            PreparedStatement set = connection.prepareStatement("UPDATE item SET body = ? WHERE id = ?");
            add(set, 'b', 1);
            // On a rung with one leg the vendor reads the streams.
            assertThat(spools()).isEqualTo(rung.dual() ? 2 : 0);
            if (aborted) {
                connection.abort(Runnable::run);
            } else {
                connection.close();
            }
            assertThat(spools()).isZero();
            sides.settle();
            requireBodies(sides, rung, "aa");
        }
    }

    @Test
    void callWithALongStreamByName_isClosed_noSpoolIsLeft() throws Exception {
        try (TwoSides sides = withBodies("mariadb", Rung.OLD_ONLY);
                Connection connection = sides.connect()) {
            sides.on(
                    Side.OLD,
                    List.of("CREATE OR REPLACE PROCEDURE keep(IN given LONGBLOB) UPDATE item SET body = given"));
            try (CallableStatement call = connection.prepareCall("{call keep(?)}")) {
                call.setBinaryStream("given", body('a'), LONG);
                call.execute();
            }
            assertThat(spools()).isZero();
            requireBodies(sides, Rung.OLD_ONLY, "aa");
        }
    }

    /** What still has to be read by the other side's write stays until that is over. */
    @ParameterizedTest
    @EnumSource(names = {"DUAL_READ_OLD", "STRICT_READ_OLD"})
    void statementIsClosedWhileItsWriteWaits_bothSidesAreWritten_noSpoolIsLeft(Rung rung) throws Exception {
        ExecutorService writer = Executors.newSingleThreadExecutor();
        try (TwoSides sides = withBodies("postgres", rung);
                Connection connection = sides.connect();
                PreparedStatement update = connection.prepareStatement("UPDATE item SET body = ?");
                Connection locker = sides.bare(Side.OLD);
                Statement lock = locker.createStatement()) {
            locker.setAutoCommit(false);
            lock.execute("UPDATE item SET body = NULL WHERE id = 1");
            update.setBinaryStream(1, body('a'), LONG);
            Future<Integer> written = writer.submit(() -> update.executeUpdate());
            assertThatThrownBy(() -> written.get(1, TimeUnit.SECONDS)).isInstanceOf(TimeoutException.class);
            update.close();
            locker.rollback();
            assertThat(written.get(20, TimeUnit.SECONDS)).isEqualTo(2);
            assertThat(spools()).isZero();
            requireBodies(sides, rung, "aa");
        } finally {
            writer.shutdownNow();
        }
    }

    /** A side that is opened only then has to be closed by who opens it. */
    @ParameterizedTest
    @CsvSource({
        "NEW_ONLY, false",
        "NEW_ONLY, true",
        "DUAL_READ_OLD, false",
        "DUAL_READ_OLD, true",
        "STRICT_READ_OLD, false"
    })
    void connectionEndsWhileASideIsOpened_thatSideIsClosedToo(Rung rung, boolean aborted) throws Exception {
        ExecutorService reader = Executors.newSingleThreadExecutor();
        CountDownLatch opening = new CountDownLatch(1);
        CountDownLatch ended = new CountDownLatch(1);
        AtomicReference<Connection> opened = new AtomicReference<>();
        try (TwoSides sides = withBodies("postgres", Rung.OLD_ONLY);
                Connection connection = sides.connectThrough(side -> {
                    if (side == Side.NEW) {
                        opening.countDown();
                        awaitEnd(ended);
                        opened.set(sides.bare(side));
                        return opened.get();
                    }
                    return sides.bare(side);
                })) {
            sides.standing.move(rung);
            Future<?> write = reader.submit(() -> {
                try (Statement statement = connection.createStatement()) {
                    return statement.executeUpdate("UPDATE item SET body = NULL");
                }
            });
            assertThat(opening.await(20, TimeUnit.SECONDS)).isTrue();
            if (aborted) {
                connection.abort(Runnable::run);
            } else {
                connection.close();
            }
            ended.countDown();
            assertThatThrownBy(() -> write.get(20, TimeUnit.SECONDS)).hasCauseInstanceOf(SQLException.class);
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(opened.get().isClosed()).isTrue());
        } finally {
            reader.shutdownNow();
        }
    }

    private static void awaitEnd(CountDownLatch ended) {
        try {
            assertThat(ended.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static TwoSides withBodies(String vendor, Rung rung) throws Exception {
        TwoSides sides = new TwoSides(SharedServers.of(vendor), SharedServers.of(vendor), "item");
        String binary =
                switch (vendor) {
                    case "postgres" -> "BYTEA";
                    case "mariadb" -> "LONGBLOB";
                    default -> "BLOB";
                };
        sides.prepare(
                "CREATE TABLE item (id INT PRIMARY KEY, body " + binary + ")",
                "INSERT INTO item (id) VALUES (1)",
                "INSERT INTO item (id) VALUES (2)");
        sides.standing.move(rung);
        return sides;
    }

    private static InputStream body(char each) {
        byte[] bytes = new byte[LONG];
        Arrays.fill(bytes, (byte) each);
        return new ByteArrayInputStream(bytes);
    }

    private static void add(PreparedStatement batch, char each, int id) throws SQLException {
        batch.setBinaryStream(1, body(each), LONG);
        batch.setInt(2, id);
        batch.addBatch();
    }

    /** The rows' bodies are long and of one byte each, which is given. */
    private static void requireBodies(TwoSides sides, Rung rung, String each) throws SQLException {
        sides.settle();
        for (Side side : Side.values()) {
            if (rung.uses(side)) {
                StringBuilder found = new StringBuilder();
                try (Connection connection = sides.bare(side);
                        Statement statement = connection.createStatement();
                        ResultSet rows = statement.executeQuery("SELECT body FROM item ORDER BY id")) {
                    while (rows.next()) {
                        byte[] body = rows.getBytes(1);
                        assertThat(body).as("on %s", side).hasSize(LONG);
                        found.append((char) body[LONG - 1]);
                    }
                }
                assertThat(found).as("on %s", side).hasToString(each);
            }
        }
    }

    private static long spools() throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return open.filter(LeakIT::isSpool).count();
        }
    }

    private static boolean isSpool(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString().contains(".spool");
        } catch (IOException closedMeanwhile) {
            return false;
        }
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
                count = "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database()"
                        + " AND backend_type = 'client backend'";
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
