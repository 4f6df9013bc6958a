package io.dualwrite.histories;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.dualwrite.ladder.Rung;
import io.dualwrite.ladder.Side;
import io.dualwrite.servers.DatabaseServer;
import io.dualwrite.servers.SharedServers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import javax.management.JMException;
import javax.management.ObjectName;
import org.jspecify.annotations.Nullable;

/** Three instances between two databases, each with a file and a pool of its own, in this JVM. */
final class Fleet implements AutoCloseable {
    static final int SIZE = 3;
    static final String OPERATOR = "operator";
    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static final String WORKING = "50 ms";
    private static final String AT_REST = "60 s";

    private final Path folder;
    private final String database;
    private final Map<Side, DatabaseServer> servers;
    private final List<HikariDataSource> pools = new ArrayList<>();
    private final Map<String, Integer> phases = new HashMap<>();

    /** Makes the databases, the second on another server even where both are of one vendor, and starts the instances. */
    Fleet(String oldVendor, String newVendor) throws SQLException, IOException {
        // Not the test's own, which is gone before an instance has read that it is to rest.
        folder = Files.createTempDirectory("dualwrite-histories");
        folder.toFile().deleteOnExit();
        database = "histories" + NUMBER.incrementAndGet() + "_" + oldVendor + "_" + newVendor;
        servers = Map.of(
                Side.OLD,
                SharedServers.of(oldVendor),
                Side.NEW,
                oldVendor.equals(newVendor) ? SharedServers.secondOf(newVendor) : SharedServers.of(newVendor));
        for (Side side : Side.values()) {
            server(side).createDatabase(database);
            create(side);
        }
        phase(OPERATOR, 1);
        for (int i = 0; i < SIZE; i++) {
            phase(name(i), 1);
            pools.add(pool(name(i)));
        }
    }

    private void create(Side side) throws SQLException {
        String text = server(side).vendor().equals("mariadb") ? "LONGTEXT" : "TEXT";
        List<String> statements = new ArrayList<>(
                List.of(
                        "CREATE TABLE register (id INT PRIMARY KEY, entries " + text
                                + " NOT NULL, version INT DEFAULT 0 NOT NULL)",
                        "CREATE TABLE account (id INT PRIMARY KEY, balance INT NOT NULL)",
                        "CREATE TABLE transfer (id INT PRIMARY KEY, payer INT NOT NULL, payee INT NOT NULL, amount INT NOT NULL)"));
        if (side == Side.OLD) {
            for (int i = 0; i < Bank.OPENING.size(); i++) {
                statements.add("INSERT INTO account VALUES (" + i + ", " + Bank.OPENING.get(i) + ")");
            }
        }
        if (vendor(side).equals("h2")) {
            // H2 answers a query from its last result if its tables have not changed since, and notes the change before
            // the
            // commit: a query between the two keeps a result that is out of date as soon as the commit is there.
            statements.add("SET OPTIMIZE_REUSE_RESULTS 0");
        }
        try (Connection connection = bare(side);
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    private HikariDataSource pool(String instance) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl("jdbc:dualwrite:" + file(instance));
        config.setMaximumPoolSize(4);
        config.setConnectionTimeout(10_000);
        config.setPoolName(instance);
        return new HikariDataSource(config);
    }

    String name(int instance) {
        return database.replace('_', '-') + "-" + (instance + 1);
    }

    Transaction transaction(int instance) {
        return new Transaction(pools.get(instance));
    }

    /** Where the instance's transactions begin now. */
    Rung rung(int instance) {
        return Rung.valueOf(String.valueOf(attribute(instance, "Rung")));
    }

    /** Whether it stands there with nothing open on the rung before. */
    boolean stands(int instance, Rung rung) {
        return rung(instance) == rung && attribute(instance, "MovingFrom") == null;
    }

    String describe(int instance) {
        return name(instance) + " stands on " + rung(instance) + ", moves from " + attribute(instance, "MovingFrom")
                + ", waits for " + attribute(instance, "WaitsFor") + ", held by " + attribute(instance, "Stragglers");
    }

    private @Nullable Object attribute(int instance, String name) {
        try {
            ObjectName bean = new ObjectName("io.dualwrite:type=Instance,name=" + ObjectName.quote(name(instance)));
            return ManagementFactory.getPlatformMBeanServer().getAttribute(bean, name);
        } catch (JMException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The vendor's word for the side. */
    String vendor(Side side) {
        return server(side).vendor();
    }

    private DatabaseServer server(Side side) {
        DatabaseServer server = servers.get(side);
        if (server == null) {
            throw new IllegalStateException("no server for " + side);
        }
        return server;
    }

    /** A connection past Dualwrite. */
    Connection bare(Side side) throws SQLException {
        return server(side).connect(database);
    }

    Path file(String instance) {
        return folder.resolve(instance + ".properties");
    }

    /** Tells an instance where to go. */
    void phase(String instance, int phase) {
        phases.put(instance, phase);
        write(instance, WORKING);
    }

    private void write(String instance, String heartbeat) {
        StringBuilder text = new StringBuilder("phase = " + phases.get(instance) + "\n");
        for (Side side : Side.values()) {
            String word = side.word();
            text.append(word + ".url = " + server(side).jdbcUrl(database) + "\n");
            text.append(word + ".user = " + server(side).user() + "\n");
            text.append(word + ".password = " + server(side).password() + "\n");
        }
        text.append("dataA = register, account, transfer\n");
        text.append("instance = " + instance + "\nfleet.size = " + SIZE + "\nheartbeat = " + heartbeat + "\n");
        Path fresh = folder.resolve(instance + ".new");
        try {
            Files.writeString(fresh, text);
            Files.move(fresh, file(instance), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            file(instance).toFile().deleteOnExit();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The instances live as long as the JVM; they look seldom from now on. */
    @Override
    public void close() {
        pools.forEach(HikariDataSource::close);
        for (int i = 0; i < SIZE; i++) {
            write(name(i), AT_REST);
        }
    }
}
