package io.dualwrite.copier;

import io.dualwrite.config.Settings;
import io.dualwrite.config.SettingsException;
import io.dualwrite.copier.plan.Direction;
import io.dualwrite.dialect.Dialects;
import io.dualwrite.ladder.Phase;
import io.dualwrite.ladder.Rung;
import io.dualwrite.ladder.Side;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/** An old and a new H2 database in memory, with this product's own tables, for one test. */
public final class TwoDatabases implements AutoCloseable {
    private static final AtomicInteger NUMBER = new AtomicInteger();

    private final Map<Side, Connection> connections = new EnumMap<>(Side.class);
    private final Map<String, String> settings = new LinkedHashMap<>();

    public TwoDatabases() throws SQLException {
        int number = NUMBER.incrementAndGet();
        settings.put("phase", "1");
        settings.put("dataA", "*");
        settings.put("copy.skew", "0 ms");
        settings.put("instance", "copier");
        for (Side side : Side.values()) {
            String url = "jdbc:h2:mem:copier_" + side.word() + number + ";DB_CLOSE_DELAY=-1";
            settings.put(side.word() + ".url", url);
            Connection connection = DriverManager.getConnection(url);
            connections.put(side, connection);
            for (String ddl : Dialects.of(connection).ownTables()) {
                run(side, ddl);
            }
            run(side, "INSERT INTO dualwrite_phase (id, migration, epoch) VALUES (1, 'of this test', 1)");
        }
    }

    public TwoDatabases set(String key, String value) {
        settings.put(key, value);
        return this;
    }

    public Settings settings() throws SettingsException {
        return Settings.of(settings);
    }

    public Map<String, String> entries() {
        return settings;
    }

    /** Writes the properties file. */
    public Path file(Path directory) throws IOException {
        Path file = directory.resolve("dualwrite.properties");
        return Files.writeString(
                file,
                settings.entrySet().stream()
                        .map(entry -> entry.getKey() + " = " + entry.getValue())
                        .collect(Collectors.joining("\n")));
    }

    Copier copier(Direction direction) throws Exception {
        return Copier.open(settings(), direction, Copier.newRun(), Progress.SILENT);
    }

    public void run(Side side, String... statements) throws SQLException {
        try (Statement statement = connections.get(side).createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    public void onBoth(String... statements) throws SQLException {
        run(Side.OLD, statements);
        run(Side.NEW, statements);
    }

    Connection connect(Side side) throws SQLException {
        return DriverManager.getConnection(settings.get(side.word() + ".url"));
    }

    /** All rows of a query, each as its values joined by commas. */
    public List<String> rows(Side side, String sql) throws SQLException {
        List<String> found = new ArrayList<>();
        try (Statement statement = connections.get(side).createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            int columns = rows.getMetaData().getColumnCount();
            while (rows.next()) {
                StringBuilder row = new StringBuilder();
                for (int i = 1; i <= columns; i++) {
                    row.append(i == 1 ? "" : ",").append(rows.getString(i));
                }
                found.add(row.toString());
            }
        }
        return found;
    }

    /** Puts an instance into the registries of the sides that its rung uses. */
    public void instance(String name, Rung rung, Phase asked) throws SQLException {
        long now = System.currentTimeMillis();
        for (Side side : Side.values()) {
            if (rung.uses(side)) {
                run(
                        side,
                        "DELETE FROM dualwrite_instance WHERE name = '" + name + "'",
                        "INSERT INTO dualwrite_instance (name, incarnation, rung, asked, arrived_at, heartbeat_at, gone,"
                                + " waits_for, fingerprint, fleet_size) VALUES ('" + name + "', 'x', '" + rung + "', "
                                + asked.number() + ", " + now + ", " + now + ", 0, '', '', 1)");
            }
        }
    }

    @Override
    public void close() throws SQLException {
        for (Connection connection : connections.values()) {
            connection.createStatement().execute("SHUTDOWN");
        }
    }
}
