package io.dualwrite.stepkill;

import io.dualwrite.config.Settings;
import io.dualwrite.config.SettingsException;
import io.dualwrite.dialect.Dialects;
import io.dualwrite.dialect.MarkedKeys;
import io.dualwrite.ladder.Phase;
import io.dualwrite.ladder.Rung;
import io.dualwrite.ladder.Side;
import io.dualwrite.servers.DatabaseServer;
import io.dualwrite.servers.SharedServers;
import io.dualwrite.wire.WireProxy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** An old and a new database of one vendor with the rows of many cases, and a registry that says where the fleet stands. */
final class Ground implements AutoCloseable {
    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static final int ROWS_A_STATEMENT = 500;

    final String vendor;
    final Rung rung;
    private final DatabaseServer server;
    private final int number = NUMBER.incrementAndGet();
    private final Map<Side, Connection> connections = new EnumMap<>(Side.class);

    /**
     * Makes the databases.
     *
     * @param cases how many cases have rows, from 1
     */
    Ground(String vendor, Rung rung, int cases) throws SQLException {
        this.vendor = vendor;
        this.rung = rung;
        server = SharedServers.of(vendor);
        for (Side side : Side.values()) {
            server.createDatabase(database(side));
            Connection connection = server.connect(database(side));
            connections.put(side, connection);
            for (String ddl : Dialects.of(connection).ownTables()) {
                run(side, ddl);
            }
            run(side, "CREATE TABLE item (id INT PRIMARY KEY, grp INT, name VARCHAR(50), amount INT)");
            run(side, "CREATE INDEX item_grp ON item (grp)");
            run(side, "INSERT INTO dualwrite_phase (id, migration, epoch) VALUES (1, 'of this test', 1)");
            register(side);
            fill(side, cases);
        }
    }

    private void register(Side side) throws SQLException {
        long now = System.currentTimeMillis();
        run(
                side,
                "INSERT INTO dualwrite_instance (name, incarnation, rung, asked, arrived_at, heartbeat_at, gone, waits_for,"
                        + " fingerprint, fleet_size) VALUES ('app-1', 'x', '" + rung + "', " + phase().number() + ", "
                        + now
                        + ", " + now + ", 0, '', '', 1)");
    }

    private Phase phase() {
        return rung.reads() == Side.OLD ? Phase.THREE : Phase.FIVE;
    }

    private void fill(Side side, int cases) throws SQLException {
        List<String> values = new ArrayList<>();
        for (int i = 0; i <= cases + 1; i++) {
            Work.Rows rows = new Work.Rows(i);
            values.add("(" + rows.id(0) + ", " + (rows.group() - 5) + ", 'between', 0)");
            for (String row : Work.BEFORE) {
                String[] parts = row.split("\\|");
                values.add("(" + rows.id(Integer.parseInt(parts[0])) + ", " + rows.group() + ", '" + parts[1] + "', "
                        + parts[2] + ")");
            }
            values.add("(" + rows.id(50) + ", " + (rows.group() + 5) + ", 'between', 0)");
        }
        for (int from = 0; from < values.size(); from += ROWS_A_STATEMENT) {
            List<String> some = values.subList(from, Math.min(values.size(), from + ROWS_A_STATEMENT));
            run(side, "INSERT INTO item (id, grp, name, amount) VALUES " + String.join(", ", some));
        }
        run(side, vendor.equals("mariadb") ? "ANALYZE TABLE item" : "ANALYZE item");
    }

    /** Brings both sides back to where they began, all marks and runs of copiers forgotten. */
    void reset(int cases) throws SQLException {
        for (Side side : Side.values()) {
            for (String table : List.of("item", "dualwrite_mark", "dualwrite_copy")) {
                run(side, "DELETE FROM " + table);
            }
            fill(side, cases);
        }
    }

    private String database(Side side) {
        return "stepkill" + number + side.word();
    }

    void run(Side side, String sql) throws SQLException {
        Connection connection = connection(side);
        synchronized (connection) {
            try (Statement statement = connection.createStatement()) {
                statement.execute(sql);
            }
        }
    }

    /** The test's own connection to the side, in autocommit; to be synchronized on. */
    Connection connection(Side side) {
        Connection connection = connections.get(side);
        if (connection == null) {
            throw new IllegalStateException("no connection to " + side);
        }
        return connection;
    }

    WireProxy proxy() throws IOException {
        return WireProxy.start(WireProxy.Protocol.of(vendor), server.port());
    }

    String url(Side side) {
        return server.jdbcUrl(database(side));
    }

    String user() {
        return server.user();
    }

    String password() {
        return server.password();
    }

    /** The settings of a copier that reaches both sides past all proxies. */
    Settings settings() throws SettingsException {
        return Settings.of(entries(urls()));
    }

    /** The file of a copier that reaches both sides by these URLs; no fleet is there whose gate a sync would have to open. */
    Path file(Path folder, Map<Side, String> urls) throws IOException {
        List<String> lines = new ArrayList<>();
        entries(urls).forEach((key, value) -> lines.add(key + " = " + value));
        lines.add("gate = off");
        return Files.write(Files.createTempFile(folder, "copier-", ".properties"), lines);
    }

    private Map<String, String> entries(Map<Side, String> urls) {
        Map<String, String> entries = new HashMap<>(Map.of(
                "phase",
                Integer.toString(phase().number()),
                "instance",
                "copier",
                "dataA",
                "item",
                "copy.lock",
                "200 ms"));
        for (Side side : Side.values()) {
            entries.put(side.word() + ".url", String.valueOf(urls.get(side)));
            entries.put(side.word() + ".user", user());
            entries.put(side.word() + ".password", password());
        }
        return entries;
    }

    /** Past all proxies. */
    Map<Side, String> urls() {
        return Map.of(Side.OLD, url(Side.OLD), Side.NEW, url(Side.NEW));
    }

    /** The rows of a query as texts, in the query's order. */
    List<String> rows(Side side, String query) throws SQLException {
        List<String> texts = new ArrayList<>();
        Connection connection = connection(side);
        synchronized (connection) {
            try (Statement statement = connection.createStatement();
                    ResultSet rows = statement.executeQuery(query)) {
                int columns = rows.getMetaData().getColumnCount();
                while (rows.next()) {
                    StringBuilder row = new StringBuilder();
                    for (int i = 1; i <= columns; i++) {
                        row.append(i == 1 ? "" : "|").append(rows.getString(i));
                    }
                    texts.add(row.toString());
                }
            }
        }
        return texts;
    }

    /** The rows of one case, by their numbers in it. */
    List<String> rows(Side side, Work.Rows of) throws SQLException {
        return rows(
                side,
                "SELECT id - " + of.id(0) + ", name, amount FROM item WHERE id > " + of.id(0) + " AND id < " + of.id(50)
                        + " ORDER BY id");
    }

    /** The marked rows and tables of both sides, each as table and key. */
    List<String> marks() throws SQLException {
        List<String> marks = new ArrayList<>();
        for (Side side : Side.values()) {
            for (String mark : rows(side, "SELECT table_name, row_key FROM dualwrite_mark WHERE seq >= 0")) {
                int key = mark.indexOf('|') + 1;
                MarkedKeys.split(mark.substring(key)).forEach(one -> marks.add(mark.substring(0, key) + one));
            }
        }
        return marks;
    }

    /** A row of the case that differs and that no mark covers, in a sentence; null where there is none. */
    @Nullable
    String unmarkedDifference(Work.Rows of) throws SQLException {
        List<String> old = rows(Side.OLD, of);
        List<String> other = rows(Side.NEW, of);
        List<String> marks = marks();
        if (old.equals(other) || marks.contains("item|null") || marks.contains("*|null")) {
            return null;
        }
        Set<String> differing = new TreeSet<>(old);
        differing.addAll(other);
        differing.removeIf(row -> old.contains(row) && other.contains(row));
        for (String row : differing) {
            int id = of.id(Integer.parseInt(row.substring(0, row.indexOf('|'))));
            if (!marks.contains("item|" + id)) {
                return "differs and is not marked: old has " + old + ", new has " + other + ", row " + row;
            }
        }
        return null;
    }

    @Override
    public void close() throws SQLException {
        for (Connection connection : connections.values()) {
            connection.close();
        }
    }
}
