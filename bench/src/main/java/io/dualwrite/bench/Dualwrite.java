package io.dualwrite.bench;

import io.dualwrite.config.Settings;
import io.dualwrite.config.SettingsException;
import io.dualwrite.dialect.Dialects;
import io.dualwrite.fleet.Registry;
import io.dualwrite.jdbc.Classifiers;
import io.dualwrite.jdbc.DualConnection;
import io.dualwrite.ladder.Phase;
import io.dualwrite.ladder.Side;
import io.dualwrite.ladder.Standing;
import io.dualwrite.mirror.Catalogue;
import io.dualwrite.mirror.Marks;
import io.dualwrite.mirror.Mirroring;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;

/** Brings Dualwrite to the phase in which it is to be measured. */
final class Dualwrite {

    private Dualwrite() {}

    /** A connection of an instance that stands where the phase has it. */
    static Connection connect(Database database, Phase phase) throws SQLException, IOException {
        if (phase == Phase.SIX && database == Database.STUB) {
            return withoutFleet(database, phase).connect();
        }
        if (phase == Phase.SIX) {
            standOnNew(database);
        }
        Path file = Files.createTempFile("dualwrite-bench-", ".properties");
        file.toFile().deleteOnExit();
        Files.writeString(file, """
                phase      = %d
                old.url    = %s
                new.url    = %s
                dataA      = item
                instance   = bench
                fleet.size = 1
                """.formatted(phase.number(), database.url(Side.OLD), database.url(Side.NEW)));
        return DriverManager.getConnection("jdbc:dualwrite:" + file);
    }

    /** Leaves new as an instance of this name left it that has walked up to 6 and ended: the next one starts there. */
    private static void standOnNew(Database database) throws SQLException {
        try (Connection connection = DriverManager.getConnection(database.url(Side.NEW));
                Statement statement = connection.createStatement()) {
            for (String ddl : Dialects.of(connection).ownTables()) {
                statement.execute(ddl);
            }
            Registry.of(Side.NEW).writeFirstPhase(connection, "bench");
            statement.execute("""
                    INSERT INTO dualwrite_instance (name, incarnation, rung, asked, arrived_at, heartbeat_at, gone,
                        waits_for, fingerprint, fleet_size)
                    VALUES ('bench', 'former', 'NEW_ONLY', 6, 0, 0, 1, '', '', 1)
                    """);
        }
    }

    /** Opens connections of one instance. */
    interface Opener {
        Connection connect() throws SQLException;
    }

    /** Everything but the fleet's threads and tables: the stub has none, and they are no part of a connection. */
    static Opener withoutFleet(Database database, Phase phase) throws SQLException {
        Settings settings;
        try {
            settings = Settings.of(Map.of(
                    "phase",
                    Integer.toString(phase.number()),
                    "old.url",
                    database.url(Side.OLD),
                    "new.url",
                    database.url(Side.NEW),
                    "dataA",
                    "item",
                    "instance",
                    "bench",
                    "fleet.size",
                    "1"));
        } catch (SettingsException e) {
            throw new IllegalStateException(e);
        }
        Mirroring mirroring = new Mirroring(
                () -> settings,
                new Standing(phase.rung()),
                Runnable::run,
                new Catalogue(settings::key),
                new Marks("bench", () -> 1));
        Classifiers classifiers = new Classifiers();
        return () -> DualConnection.open(
                mirroring, side -> DriverManager.getConnection(settings.url(side)), classifiers, "connection 1");
    }
}
