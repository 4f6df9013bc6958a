package io.dualwrite.bench;

import io.dualwrite.copier.cli.DualwriteCli;
import io.dualwrite.ladder.Rung;
import io.dualwrite.ladder.Side;
import io.dualwrite.servers.DatabaseServer;
import io.dualwrite.wire.Rounds;
import io.dualwrite.wire.WireProxy;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import javax.management.JMException;
import javax.management.ObjectName;
import org.jspecify.annotations.Nullable;

/** An old and a new database for one way, as far away as is asked for, and a fleet of two that stands where the way has it. */
final class WayPair implements AutoCloseable {
    static final int ROWS = 1_000;

    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static final Duration ARRIVAL = Duration.ofSeconds(60);
    private static final Duration SWEEPING = Duration.ofSeconds(10);
    private static final String WORKING = "50 ms";
    private static final String AT_REST = "60 s";

    private final Way way;
    private final Map<Side, DatabaseServer> servers;
    private final Map<Side, WireProxy> proxies = new EnumMap<>(Side.class);
    private final Rounds rounds = new Rounds();
    private final int number = NUMBER.incrementAndGet();
    private final Path folder = Files.createTempDirectory("dualwrite-trips-");
    private @Nullable Connection neighbour;

    /**
     * Makes the databases and takes the fleet to its rung.
     *
     * @param roundTrip how far away the servers are; zero for no proxy
     */
    WayPair(Way way, Map<Side, DatabaseServer> servers, Duration roundTrip)
            throws IOException, SQLException, JMException {
        this.way = way;
        this.servers = servers;
        for (Side side : Side.values()) {
            DatabaseServer server = server(side);
            if (!roundTrip.isZero()) {
                WireProxy.Protocol protocol = WireProxy.Protocol.of(server.vendor());
                proxies.put(side, WireProxy.start(protocol, server.port(), rounds, roundTrip));
            }
            server.createDatabase(database(side));
            makeTable(side);
        }
        if (way.rung != null) {
            takeToRung();
        }
    }

    private DatabaseServer server(Side side) {
        DatabaseServer server = servers.get(side);
        if (server == null) {
            throw new IllegalStateException("no server for " + side);
        }
        return server;
    }

    private void makeTable(Side side) throws SQLException {
        try (Connection connection = server(side).connect(database(side));
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE item (id INT PRIMARY KEY, name VARCHAR(50), amount INT)");
            statement.execute("INSERT INTO item SELECT i, 'item ' || i, 0 FROM generate_series(1, " + ROWS + ") i");
        }
    }

    private void takeToRung() throws IOException, SQLException, JMException {
        write("app", 1, WORKING);
        write("neighbour", 1, WORKING);
        initialise();
        neighbour = DriverManager.getConnection("jdbc:dualwrite:" + file("neighbour"));
        DriverManager.getConnection("jdbc:dualwrite:" + file("app")).close();
        write("app", way.phase, WORKING);
        write("neighbour", way.neighboursPhase, WORKING);
        long deadline = System.nanoTime() + ARRIVAL.toNanos();
        while (!arrived()) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("no arrival on " + way.rung + ": " + attribute("app", "WaitsFor"));
            }
            LockSupport.parkNanos(20_000_000);
        }
        write("app", way.phase, AT_REST);
        write("neighbour", way.neighboursPhase, AT_REST);
    }

    private void initialise() {
        StringWriter said = new StringWriter();
        PrintWriter console = new PrintWriter(said);
        if (DualwriteCli.run(console, console, "init", "-c", file("app").toString()) != 0) {
            throw new IllegalStateException("dualwrite init: " + said);
        }
    }

    private boolean arrived() throws JMException {
        return stands("app", way.rung) && stands("neighbour", neighboursRung());
    }

    private boolean stands(String instance, @Nullable Rung rung) throws JMException {
        return rung != null
                && rung.name().equals(attribute(instance, "Rung"))
                && attribute(instance, "MovingFrom") == null;
    }

    /** While crossing, the neighbour is what keeps the instance where it stands. */
    private @Nullable Rung neighboursRung() {
        return way.rung == Rung.STRICT_READ_OLD
                ? Rung.STRICT_READ_NEW
                : way.rung == Rung.STRICT_READ_NEW ? Rung.STRICT_READ_OLD : way.rung;
    }

    private @Nullable Object attribute(String instance, String name) throws JMException {
        ObjectName bean = new ObjectName("io.dualwrite:type=Instance,name=" + ObjectName.quote(instance + number));
        return ManagementFactory.getPlatformMBeanServer().getAttribute(bean, name);
    }

    /** A new session of the application. */
    Client client() throws SQLException {
        return switch (way) {
            case SINGLE -> new Client(List.of(vendors(Side.OLD)));
            case BY_HAND -> new Client(List.of(vendors(Side.OLD), vendors(Side.NEW)));
            default -> new Client(List.of(DriverManager.getConnection("jdbc:dualwrite:" + file("app"))));
        };
    }

    private Connection vendors(Side side) throws SQLException {
        return DriverManager.getConnection(
                url(side), server(side).user(), server(side).password());
    }

    /** How many round trips, one after the other, have ended. */
    long rounds() {
        return rounds.ended();
    }

    /** How many requests the side's server was sent. */
    long requests(Side side) {
        WireProxy proxy = proxies.get(side);
        return proxy == null ? 0 : proxy.requests();
    }

    private String url(Side side) {
        String direct = server(side).jdbcUrl(database(side));
        WireProxy proxy = proxies.get(side);
        return proxy == null ? direct : proxy.through(direct);
    }

    private String database(Side side) {
        return "trips" + number + side.word();
    }

    private Path file(String instance) {
        return folder.resolve(instance + ".properties");
    }

    private void write(String instance, int phase, String heartbeat) throws IOException {
        StringBuilder text = new StringBuilder("phase = " + phase + "\n");
        for (Side side : Side.values()) {
            text.append(side.word()).append(".url = ").append(url(side)).append('\n');
            text.append(side.word())
                    .append(".user = ")
                    .append(server(side).user())
                    .append('\n');
            text.append(side.word())
                    .append(".password = ")
                    .append(server(side).password())
                    .append('\n');
        }
        text.append("dataA = item\nfleet.size = 2\nfleet.dead = 10 min\ngate = off\ninstance = ")
                .append(instance)
                .append(number)
                .append("\nheartbeat = ")
                .append(heartbeat)
                .append('\n');
        Path fresh = Files.writeString(folder.resolve(instance + ".new"), text);
        Files.move(fresh, file(instance), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Whether every mark was cleared; until then the instance works beside the application. */
    private boolean isSwept() throws SQLException {
        long marks = 0;
        for (Side side : Side.values()) {
            try (Connection connection = server(side).connect(database(side));
                    Statement statement = connection.createStatement();
                    ResultSet count = statement.executeQuery("SELECT COUNT(*) FROM dualwrite_mark")) {
                count.next();
                marks += count.getLong(1);
            }
        }
        return marks == 0;
    }

    @Override
    public void close() throws SQLException {
        if (neighbour != null) {
            long deadline = System.nanoTime() + SWEEPING.toNanos();
            while (!isSwept() && System.nanoTime() < deadline) {
                LockSupport.parkNanos(20_000_000);
            }
            neighbour.close();
        }
        proxies.values().forEach(WireProxy::close);
    }
}
