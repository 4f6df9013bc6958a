package io.dualwrite.clients;

import static io.dualwrite.ladder.Rung.DUAL_READ_NEW;
import static io.dualwrite.ladder.Rung.DUAL_READ_OLD;
import static io.dualwrite.ladder.Rung.NEW_ONLY;
import static io.dualwrite.ladder.Rung.OLD_ONLY;
import static io.dualwrite.ladder.Rung.STRICT_NEW_FIRST;
import static io.dualwrite.ladder.Rung.STRICT_READ_NEW;
import static io.dualwrite.ladder.Rung.STRICT_READ_OLD;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.dualwrite.copier.cli.DualwriteCli;
import io.dualwrite.ladder.Rung;
import io.dualwrite.ladder.Side;
import io.dualwrite.servers.DatabaseServer;
import io.dualwrite.servers.SharedServers;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import javax.management.JMException;
import javax.management.ObjectName;
import org.awaitility.core.ConditionFactory;
import org.jspecify.annotations.Nullable;

/**
 * A whole migration around one client: two databases, the client's file, that of a second instance which makes the fleet
 * cross in two steps, and an operator who types what the guide says.
 */
final class Migration implements AutoCloseable {
    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static final Duration PATIENCE = Duration.ofSeconds(15);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(20);
    private static final String WORKING = "50 ms";
    private static final String AT_REST = "60 s";
    /** A machine that is short of time leaves no marks. */
    private static final String PATIENT =
            "mirror.budget = 20 s\nmirror.open = 10 s\nmirror.lock = 10 s\nmirror.statement = 10 s\n";

    private final Path folder;
    private final DatabaseServer oldServer;
    private final DatabaseServer newServer;
    private final int number = NUMBER.incrementAndGet();
    private final String client = "client-" + number;
    private final String neighbour = "neighbour-" + number;
    private final Map<Side, String> databases;
    private final Map<String, Integer> phases = new TreeMap<>();
    private final Map<String, String> further = new TreeMap<>();
    private @Nullable Connection neighbours;

    Migration(Path folder, String oldVendor, String newVendor) throws SQLException, IOException {
        this(folder, SharedServers.of(oldVendor), SharedServers.of(newVendor), true);
    }

    /** Between two servers of one vendor, where both databases have the same name. */
    static Migration ofEqualNames(Path folder, String vendor) throws SQLException, IOException {
        return new Migration(folder, SharedServers.of(vendor), SharedServers.secondOf(vendor), false);
    }

    private Migration(Path folder, DatabaseServer oldServer, DatabaseServer newServer, boolean sideInName)
            throws SQLException, IOException {
        this.folder = folder;
        this.oldServer = oldServer;
        this.newServer = newServer;
        databases = Map.of(
                Side.OLD, client.replace("-", "") + (sideInName ? Side.OLD.word() : ""),
                Side.NEW, client.replace("-", "") + (sideInName ? Side.NEW.word() : ""));
        oldServer.createDatabase(database(Side.OLD));
        newServer.createDatabase(database(Side.NEW));
        for (String instance : new String[] {client, neighbour, "operator"}) {
            phase(instance, 1);
        }
    }

    /** Adds a line to all properties files. */
    Migration set(String key, String value) throws IOException {
        further.put(key, value);
        for (String instance : phases.keySet()) {
            write(instance, WORKING);
        }
        return this;
    }

    /** All that an application is told. */
    String url() {
        return "jdbc:dualwrite:" + file(client);
    }

    /** The path of the client's file. */
    Path file() {
        return file(client);
    }

    /** A connection past Dualwrite. */
    Connection bare(Side side) throws SQLException {
        return server(side).connect(database(side));
    }

    /** The side's URL past Dualwrite. */
    String bareUrl(Side side) {
        return server(side).jdbcUrl(database(side));
    }

    /** The vendor's word for the side. */
    String vendor(Side side) {
        return server(side).vendor();
    }

    String user() {
        return oldServer.user();
    }

    String password() {
        return oldServer.password();
    }

    /** Runs statements on both sides, with each vendor's words for {@code {id}}, {@code {text}} and {@code {bytes}}. */
    void onBoth(String... statements) throws SQLException {
        for (Side side : Side.values()) {
            boolean mariadb = vendor(side).equals("mariadb");
            boolean postgres = vendor(side).equals("postgres");
            try (Connection connection = bare(side);
                    Statement statement = connection.createStatement()) {
                for (String sql : statements) {
                    statement.execute(sql.replace(
                                    "{id}",
                                    mariadb
                                            ? "BIGINT AUTO_INCREMENT PRIMARY KEY"
                                            : "BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY")
                            .replace("{text}", mariadb ? "LONGTEXT" : postgres ? "TEXT" : "CLOB")
                            .replace("{bytes}", mariadb ? "LONGBLOB" : postgres ? "BYTEA" : "BLOB"));
                }
            }
        }
    }

    /** The procedure of the operator's guide, up and down, with a day's work on every rung. */
    void walk(Client application) throws Exception {
        neighbours = DriverManager.getConnection("jdbc:dualwrite:" + file(neighbour));
        alone(application, OLD_ONLY);
        dualwrite("init");
        up(application);
        down(application);
        alone(application, OLD_ONLY);
    }

    private void up(Client application) throws Exception {
        dualwrite("copy");
        all(2, OLD_ONLY);
        alone(application, OLD_ONLY);
        dualwrite("freeze");
        dualwrite("sequences");
        gate(3);
        all(3, DUAL_READ_OLD);
        application.work(DUAL_READ_OLD);
        dualwrite("sync");
        verifyTwice();
        both(application, DUAL_READ_OLD);
        dualwrite("sequences");
        gate(5);
        phase(neighbour, 5);
        arrive(STRICT_READ_OLD, STRICT_READ_NEW);
        both(application, STRICT_READ_OLD);
        betweenAuthorities(application);
        all(5, DUAL_READ_NEW);
        both(application, DUAL_READ_NEW);
        dualwrite("sequences");
        gate(6);
        all(6, NEW_ONLY);
        alone(application, NEW_ONLY);
    }

    private void down(Client application) throws Exception {
        dualwrite("sequences", "--down");
        dualwrite("copy", "--down");
        gate(5);
        all(5, DUAL_READ_NEW);
        application.work(DUAL_READ_NEW);
        dualwrite("sequences", "--down");
        dualwrite("freeze", "--down");
        dualwrite("sync", "--down");
        verifyTwice("--down");
        both(application, DUAL_READ_NEW);
        gate(3);
        phase(neighbour, 3);
        arrive(STRICT_READ_NEW, STRICT_READ_OLD);
        both(application, STRICT_READ_NEW);
        all(3, DUAL_READ_OLD);
        both(application, DUAL_READ_OLD);
        gate(1);
        all(1, OLD_ONLY);
    }

    /** A fleet passes this rung; here the client stays, for its neighbour has not drained from the one below. */
    private void betweenAuthorities(Client application) throws Exception {
        Connection held = Objects.requireNonNull(neighbours);
        held.setAutoCommit(false);
        try (Statement statement = held.createStatement()) {
            statement.executeQuery("SELECT 1").close();
        }
        phase(client, 5);
        soon().untilAsserted(() -> assertStands(client, STRICT_NEW_FIRST));
        both(application, STRICT_NEW_FIRST);
        held.rollback();
        held.setAutoCommit(true);
    }

    /** Works where one side is used, and looks whether the other was left alone. */
    private void alone(Client application, Rung rung) throws Exception {
        Side other = rung.reads().other();
        Tables before = tables(other);
        application.work(rung);
        assertThat(tables(other)).as("the other side on %s", rung).isEqualTo(before);
        application.prepare(other);
    }

    /** Works where both sides are written, and looks whether they hold the same and nothing is marked. */
    private void both(Client application, Rung rung) throws Exception {
        application.work(rung);
        soon().untilAsserted(() -> {
            for (Side side : Side.values()) {
                try (Connection connection = bare(side)) {
                    assertThat(Tables.marks(connection)).as("marks on %s", side).isEmpty();
                }
            }
            tables(Side.NEW).assertSame(tables(Side.OLD), rung);
        });
    }

    private Tables tables(Side side) throws SQLException {
        try (Connection connection = bare(side)) {
            return Tables.read(connection);
        }
    }

    /** Asks until it opens: an instance that has just come is not counted before its next heartbeat. */
    private void gate(int phase) {
        soon().untilAsserted(() -> dualwrite("gate", "--to", Integer.toString(phase)));
    }

    private void verifyTwice(String... direction) {
        dualwrite("repair");
        for (int i = 0; i < 2; i++) {
            dualwrite(direction.length == 0 ? new String[] {"verify"} : new String[] {"verify", direction[0]});
        }
    }

    private static ConditionFactory soon() {
        return await().atMost(PATIENCE).pollDelay(Duration.ZERO).pollInterval(LOOK_AGAIN);
    }

    private void all(int phase, Rung rung) throws IOException {
        phase(client, phase);
        phase(neighbour, phase);
        arrive(rung, rung);
    }

    private void arrive(Rung clients, Rung neighbours) {
        soon().untilAsserted(() -> {
            assertStands(client, clients);
            assertStands(neighbour, neighbours);
        });
    }

    private static @Nullable Object attribute(String instance, String name) throws JMException {
        ObjectName bean = new ObjectName("io.dualwrite:type=Instance,name=" + ObjectName.quote(instance));
        return ManagementFactory.getPlatformMBeanServer().getAttribute(bean, name);
    }

    private static void assertStands(String instance, Rung rung) throws JMException {
        assertThat(attribute(instance, "Rung"))
                .as("%s waits for %s", instance, attribute(instance, "WaitsFor"))
                .isEqualTo(rung.name());
        assertThat(attribute(instance, "MovingFrom"))
                .as("%s drains: %s", instance, attribute(instance, "Stragglers"))
                .isNull();
    }

    /** Runs a command, which must end well. */
    void dualwrite(String... command) {
        String[] words = new String[command.length + 2];
        System.arraycopy(command, 0, words, 0, command.length);
        words[command.length] = "-c";
        words[command.length + 1] = file("operator").toString();
        StringWriter said = new StringWriter();
        PrintWriter console = new PrintWriter(said);
        int exit = DualwriteCli.run(console, console, words);
        assertThat(exit)
                .as(() -> "dualwrite " + String.join(" ", command) + ": " + said)
                .isZero();
    }

    private void phase(String instance, int phase) throws IOException {
        phases.put(instance, phase);
        write(instance, WORKING);
    }

    private void write(String instance, String heartbeat) throws IOException {
        Path fresh = folder.resolve(instance + ".new");
        StringBuilder text = new StringBuilder();
        text.append("phase = ").append(phases.get(instance)).append('\n');
        for (Side side : Side.values()) {
            text.append(side.word()).append(".url = ").append(bareUrl(side)).append('\n');
            text.append(side.word())
                    .append(".user = ")
                    .append(server(side).user())
                    .append('\n');
            text.append(side.word())
                    .append(".password = ")
                    .append(server(side).password())
                    .append('\n');
        }
        further.forEach(
                (key, value) -> text.append(key).append(" = ").append(value).append('\n'));
        text.append("instance = ").append(instance).append('\n');
        text.append(PATIENT);
        text.append("fleet.size = 2\nheartbeat = ").append(heartbeat).append('\n');
        Files.writeString(fresh, text);
        Files.move(fresh, file(instance), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private Path file(String instance) {
        return folder.resolve(instance + ".properties");
    }

    private DatabaseServer server(Side side) {
        return side == Side.OLD ? oldServer : newServer;
    }

    private String database(Side side) {
        return Objects.requireNonNull(databases.get(side));
    }

    /** The driver's instances live as long as the JVM; they look seldom from now on, as those of the tests to come are busy. */
    @Override
    public void close() throws SQLException, IOException {
        for (String instance : List.of(client, neighbour)) {
            phases.merge(instance, 2, (phase, two) -> phase == 1 ? two : phase);
            write(instance, AT_REST);
        }
        if (neighbours != null) {
            soon().until(() -> phases.get(neighbour).equals(attribute(neighbour, "Phase"))
                    && phases.get(client).equals(attribute(client, "Phase")));
            neighbours.close();
        }
    }
}
