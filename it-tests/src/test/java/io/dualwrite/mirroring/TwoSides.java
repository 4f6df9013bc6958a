package io.dualwrite.mirroring;

import io.dualwrite.config.Settings;
import io.dualwrite.config.SettingsException;
import io.dualwrite.dialect.Dialects;
import io.dualwrite.jdbc.Classifiers;
import io.dualwrite.jdbc.DualConnection;
import io.dualwrite.ladder.Phase;
import io.dualwrite.ladder.Rung;
import io.dualwrite.ladder.Side;
import io.dualwrite.ladder.Standing;
import io.dualwrite.mirror.Catalogue;
import io.dualwrite.mirror.LegOpener;
import io.dualwrite.mirror.Marks;
import io.dualwrite.mirror.Mirroring;
import io.dualwrite.mirror.Resting;
import io.dualwrite.servers.DatabaseServer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import javax.sql.PooledConnection;

/** Two real databases and one instance between them that stands where the test says: everything but the fleet. */
public final class TwoSides implements AutoCloseable {
    /** With these a mirror on a machine that is short of time is not given up. */
    static final Map<String, String> PATIENT =
            Map.of("mirror.budget", "30 s", "mirror.lock", "30 s", "mirror.statement", "30 s");

    private final String oldUrl;
    private final String newUrl;
    public final Standing standing = new Standing(Rung.OLD_ONLY);
    public final Marks marks = new Marks("app-1", () -> 1);
    final Mirroring mirroring;
    private final Mirroring another;
    private final List<Mirroring> all = new CopyOnWriteArrayList<>();
    private final DatabaseServer oldServer;
    private final DatabaseServer newServer;
    private final Map<String, String> entries = new HashMap<>();
    private final AtomicInteger mirrorTasks = new AtomicInteger();
    private final Classifiers classifiers = new Classifiers();
    private final ExecutorService executor = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "mirror");
        thread.setDaemon(true);
        return thread;
    });
    /** The prefix that a test puts before a side's URL to stand in its driver's way; empty for none. */
    private String newPrefix = "";

    TwoSides(DatabaseServer oldServer, DatabaseServer newServer, String manifest) throws Exception {
        this(oldServer, newServer, manifest, Map.of());
    }

    /** With further entries of the properties file. */
    public TwoSides(DatabaseServer oldServer, DatabaseServer newServer, String manifest, Map<String, String> further)
            throws Exception {
        this.oldServer = oldServer;
        this.newServer = newServer;
        oldServer.createDatabase("sideold");
        newServer.createDatabase("sidenew");
        oldUrl = oldServer.jdbcUrl("sideold");
        newUrl = newServer.jdbcUrl("sidenew");
        entries.putAll(further);
        entries.putAll(Map.of(
                "phase", "1",
                "old.url", oldUrl,
                "new.url", newUrl,
                "dataA", manifest,
                "dataB", "derived_*",
                "instance", "app-1",
                "fleet.size", "1"));
        Settings settings = Settings.of(entries);
        mirroring = mirroring(() -> settings, standing, marks);
        another = mirroring(() -> settings, standing, new Marks("app-2", () -> 1));
    }

    private Mirroring mirroring(Supplier<Settings> settings, Standing stands, Marks marks) {
        Mirroring one = mirroring(settings, stands, executor, marks);
        all.add(one);
        return one;
    }

    private Mirroring mirroring(Supplier<Settings> settings, Standing stands, Executor looks, Marks marks) {
        return new Mirroring(
                settings,
                stands,
                this::runOnMirror,
                looks,
                new Catalogue(table -> settings.get().key(table)),
                marks);
    }

    public String oldUrl() {
        return oldUrl;
    }

    public String newUrl() {
        return newUrl;
    }

    void newPrefix(String prefix) {
        newPrefix = prefix;
    }

    public Connection connect() throws SQLException {
        return DualConnection.open(mirroring, this::open, classifiers, "connection");
    }

    /** As {@link #connectWith}, to old without Dualwrite. */
    Connection bareWith(String more) throws SQLException {
        return DriverManager.getConnection(oldUrl + more, oldServer.user(), oldServer.password());
    }

    /** A connection of an application whose URLs say something more. */
    Connection connectWith(String more) throws SQLException {
        return DualConnection.open(
                mirroring,
                side -> side == Side.OLD
                        ? DriverManager.getConnection(oldUrl + more, oldServer.user(), oldServer.password())
                        : DriverManager.getConnection(newUrl + more, newServer.user(), newServer.password()),
                classifiers,
                "connection with " + more);
    }

    /** A connection whose sides are opened as the test says. */
    Connection connectThrough(LegOpener opener) throws SQLException {
        return DualConnection.open(mirroring, opener, classifiers, "connection by an opener");
    }

    /** A connection of an application for which nobody listens where a side's server should be. */
    Connection connectWithout(Side away) throws SQLException {
        return DualConnection.open(
                mirroring,
                side -> side == away
                        ? DriverManager.getConnection(
                                (side == Side.OLD ? oldUrl : newUrl).replaceFirst(":\\d+/", ":1/"), "nobody", "none")
                        : open(side),
                classifiers,
                "connection without " + away.word());
    }

    /**
     * A connection that comes to old's server by another way, and whose COMMIT on the mirror waits for as long as it takes for somebody to
     * come, where it waits at all.
     */
    Connection connectPatiently(UnaryOperator<String> way) throws SQLException {
        Mirroring patient = mirroring(mirroring.settings, standing, look -> {}, marks);
        return DualConnection.open(
                patient,
                side -> side == Side.OLD
                        ? DriverManager.getConnection(way.apply(oldUrl), oldServer.user(), oldServer.password())
                        : open(side),
                classifiers,
                "patient connection");
    }

    /** A connection that is lent through one handle after another. */
    public PooledConnection connectPooled() throws SQLException {
        return DualConnection.openPooled(mirroring, this::open, classifiers, "pooled connection");
    }

    /** One whose sides are opened as the test says. */
    public PooledConnection connectPooledThrough(LegOpener opener) throws SQLException {
        return DualConnection.openPooled(mirroring, opener, classifiers, "pooled connection by an opener");
    }

    /** A connection of another instance that stands on the same rung. */
    Connection connectElsewhere() throws SQLException {
        return DualConnection.open(another, this::open, classifiers, "another connection");
    }

    /** A connection of one more instance, which stands on a rung of its own. */
    Connection connectOn(Rung rung) throws SQLException {
        Mirroring one = mirroring(mirroring.settings, new Standing(rung), new Marks("app on " + rung, () -> 1));
        return DualConnection.open(one, this::open, classifiers, "connection on " + rung);
    }

    /** A connection of one more instance on the same rung, whose settings are what the test says at the moment. */
    Connection connectBy(Supplier<Settings> settings) throws SQLException {
        Mirroring one = mirroring(settings, standing, new Marks("app by other settings", () -> 1));
        return DualConnection.open(one, this::open, classifiers, "connection by other settings");
    }

    /** The settings of this phase, all else as it is. */
    Settings settings(Phase phase) throws SettingsException {
        Map<String, String> changed = new HashMap<>(entries);
        changed.put("phase", Integer.toString(phase.number()));
        return Settings.of(changed);
    }

    private Connection open(Side side) throws SQLException {
        return side == Side.OLD
                ? DriverManager.getConnection(oldUrl, oldServer.user(), oldServer.password())
                : DriverManager.getConnection(newPrefix + newUrl, newServer.user(), newServer.password());
    }

    public Connection bare(Side side) throws SQLException {
        return side == Side.OLD ? oldServer.connect("sideold") : newServer.connect("sidenew");
    }

    public void on(Side side, List<String> statements) throws SQLException {
        try (Connection connection = bare(side);
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    /** Makes the application's tables and Dualwrite's own on both sides. */
    void prepare(String... statements) throws SQLException {
        for (Side side : Side.values()) {
            List<String> all = new ArrayList<>(List.of(statements));
            try (Connection connection = bare(side)) {
                all.addAll(Dialects.of(connection).ownTables());
            }
            on(side, all);
        }
    }

    /** The rows of a query as texts, in the query's order. */
    public List<String> rows(Side side, String query) throws SQLException {
        try (Connection connection = bare(side);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            return texts(rows);
        }
    }

    /** The rungs on which both sides are written. */
    static Stream<Rung> dual() {
        return Stream.of(Rung.values()).filter(Rung::dual);
    }

    static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    static List<String> texts(ResultSet rows) throws SQLException {
        List<String> texts = new ArrayList<>();
        ResultSetMetaData columns = rows.getMetaData();
        while (rows.next()) {
            List<String> row = new ArrayList<>();
            for (int i = 1; i <= columns.getColumnCount(); i++) {
                row.add(String.valueOf(rows.getString(i)));
            }
            texts.add(String.join("|", row));
        }
        return texts;
    }

    /** Waits until nothing is under way on a mirror, and no transaction is open on another rung than this one. */
    public void settle() {
        long end = System.nanoTime() + 10_000_000_000L;
        while ((!rests() || mirrorTasks.get() > 0 || !standing.stragglers().isEmpty()) && System.nanoTime() < end) {
            Thread.onSpinWait();
        }
    }

    /** Clears, as an instance's sweeper does now and then, the marks of what ended well on both sides. */
    void sweep() throws SQLException {
        settle();
        for (Side side : Side.values()) {
            try (Connection connection = bare(side)) {
                marks.clear(side, connection);
            }
        }
    }

    private boolean rests() {
        for (Mirroring one : all) {
            if (!Resting.rests(one)) {
                return false;
            }
        }
        return true;
    }

    private void runOnMirror(Runnable task) {
        mirrorTasks.incrementAndGet();
        executor.execute(() -> {
            try {
                task.run();
            } finally {
                mirrorTasks.decrementAndGet();
            }
        });
    }

    @Override
    public void close() {
        executor.shutdown();
    }
}
