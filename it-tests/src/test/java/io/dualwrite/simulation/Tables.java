package io.dualwrite.simulation;

import io.dualwrite.config.Settings;
import io.dualwrite.config.SettingsException;
import io.dualwrite.dialect.Dialects;
import io.dualwrite.ladder.Rung;
import io.dualwrite.ladder.Side;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The application's tables and Dualwrite's own, made and read past the simulation. */
final class Tables {
    static final List<String> NAMES = List.of("account", "journal", "stock");
    private static final List<String> DDL = List.of(
            "CREATE TABLE account (id INT PRIMARY KEY, amount BIGINT NOT NULL)",
            "CREATE TABLE journal (id INT PRIMARY KEY, entry VARCHAR(20))",
            "CREATE TABLE stock (id INT PRIMARY KEY, name VARCHAR(40) UNIQUE, shelf INT, writer INT)",
            "INSERT INTO account VALUES (1, 0), (2, 0), (3, 0)",
            "INSERT INTO stock VALUES (1, 'ant', 0, 0), (2, 'bee', 1, 0), (3, 'cat', 1, 0)",
            "INSERT INTO dualwrite_phase (id, migration, epoch) VALUES (1, 'of this seed', 1)");

    /** What the mirror has missed. */
    private static final List<String> STALE = List.of(
            "DELETE FROM account WHERE id < 3",
            "DELETE FROM stock WHERE id = 2",
            "UPDATE stock SET shelf = 7 WHERE id = 3",
            "INSERT INTO stock VALUES (4, 'cow', 7, 0)");

    static final String MARKS = "INSERT INTO dualwrite_mark"
            + " (id, seq, table_name, row_key, reason, instance, epoch, marked_at) VALUES"
            + " ('before', 1, 'account', '1', '', 'app-1', 1, 0), ('before', 2, 'account', '2', '', 'app-1', 1, 0),"
            + " ('before', 3, 'stock', '2', '', 'app-1', 1, 0), ('before', 4, 'stock', '3', '', 'app-1', 1, 0),"
            + " ('before', 5, 'stock', '4', '', 'app-1', 1, 0)";

    private Tables() {}

    static Settings settings(Scenario scenario, Map<Side, SimulatedDatabase> databases) throws SettingsException {
        return Settings.of(Map.of(
                "phase", String.valueOf(Scenario.phase(scenario.one()).number()),
                "old.url", World.of(databases, Side.OLD).url(),
                "new.url", World.of(databases, Side.NEW).url(),
                "dataA", String.join(", ", NAMES),
                "instance", "app-1",
                "fleet.size", "2"));
    }

    static void make(World world) throws SQLException {
        for (Side side : Side.values()) {
            Connection connection = world.bare(side);
            List<String> statements = new ArrayList<>(Dialects.of(connection).ownTables());
            statements.addAll(DDL);
            if (world.scenario().stale()) {
                boolean mirror = side == world.scenario().another().mirror();
                statements.addAll(mirror ? STALE : world.scenario().marks());
            }
            statements.add(registered("app-1", world.scenario().one()));
            statements.add(registered("app-2", world.scenario().another()));
            try (Statement statement = connection.createStatement()) {
                for (String sql : statements) {
                    statement.execute(sql);
                }
            }
        }
    }

    private static String registered(String name, Rung rung) {
        return "INSERT INTO dualwrite_instance (name, incarnation, rung, asked, arrived_at, heartbeat_at, gone, waits_for,"
                + " fingerprint, fleet_size) VALUES ('" + name + "', 'x', '" + rung + "', "
                + Scenario.phase(rung).number() + ", " + Virtual.currentTimeMillis() + ", "
                + Virtual.currentTimeMillis() + ", 0, '', '', 2)";
    }

    /** All instances stand on the rung. */
    static void stand(World world, Rung rung) throws SQLException {
        for (Side side : Side.values()) {
            try (Statement statement = world.bare(side).createStatement()) {
                statement.executeUpdate("UPDATE dualwrite_instance SET rung = '" + rung + "'");
            }
        }
    }

    /** What the account holds, or null where there is none. */
    static @Nullable Long amount(Connection connection, int account) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT amount FROM account WHERE id = " + account)) {
            return row.next() ? row.getLong(1) : null;
        }
    }

    /** The table's rows as texts, by their keys. */
    static Map<Integer, String> rows(Connection connection, String table) throws SQLException {
        Map<Integer, String> found = new TreeMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT * FROM " + table)) {
            int columns = rows.getMetaData().getColumnCount();
            while (rows.next()) {
                List<String> texts = new ArrayList<>();
                for (int i = 1; i <= columns; i++) {
                    texts.add(String.valueOf(rows.getString(i)));
                }
                found.put(rows.getInt(1), String.join("|", texts));
            }
        }
        return found;
    }
}
