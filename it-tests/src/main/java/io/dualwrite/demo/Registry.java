package io.dualwrite.demo;

import io.dualwrite.dialect.OwnTables;
import io.dualwrite.ladder.Rung;
import io.dualwrite.ladder.Side;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads where the instances stand, and the marks, from the tables that {@code init} makes. Its connections are opened for
 * each look and closed again, so that no gate finds a session on a server that is none of the fleet's.
 */
final class Registry {

    /**
     * Where an instance stands.
     *
     * @param rung the rung, or null where the tables do not know the instance yet
     * @param movingFrom the rung that it drains, or null
     * @param asked the phase that its file asks for, or 0
     * @param waitsFor what it waits for, or null
     */
    record Standing(
            @Nullable Rung rung,
            @Nullable Rung movingFrom,
            int asked,
            @Nullable String waitsFor,
            long heartbeat) {

        /** Whether it stands on the rung, drained, with that file. */
        boolean at(Rung wanted, int phase) {
            return rung == wanted && movingFrom == null && asked == phase;
        }
    }

    /**
     * Where all stand, and the marks.
     *
     * @param marks how many rows are marked, or -1 where there are no tables; each write has its mark for a moment
     */
    record Look(Map<String, Standing> standings, long marks) {

        /** An instance's standing; nobody knows it before the tables are there, and then it stands on old. */
        Standing of(String instance) {
            return standings.getOrDefault(instance, new Standing(null, null, 0, null, 0));
        }
    }

    private final Databases databases;

    Registry(Databases databases) {
        this.databases = databases;
    }

    /** Looks at both sides; the younger row of an instance counts. A side that does not answer has nothing to say. */
    Look look() {
        Map<String, Standing> standings = new TreeMap<>();
        long marks = 0;
        int silent = 0;
        for (Side side : Side.values()) {
            try (Connection connection = databases.connect(side);
                    Statement statement = connection.createStatement()) {
                readStandings(statement, standings);
                marks += marks(statement);
            } catch (SQLException e) {
                // The tables are not there yet, or the server is down: both belong to a migration's ordinary life.
                silent++;
            }
        }
        return new Look(standings, silent == Side.values().length ? -1 : marks);
    }

    private static void readStandings(Statement statement, Map<String, Standing> standings) throws SQLException {
        try (ResultSet row =
                statement.executeQuery("SELECT name, rung, moving_from, asked, waits_for, heartbeat_at FROM "
                        + OwnTables.INSTANCE + " WHERE gone = 0")) {
            while (row.next()) {
                Standing found = new Standing(
                        rung(row.getString(2)),
                        rung(row.getString(3)),
                        row.getInt(4),
                        row.getString(5),
                        row.getLong(6));
                standings.merge(row.getString(1), found, (a, b) -> a.heartbeat() > b.heartbeat() ? a : b);
            }
        }
    }

    private static long marks(Statement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery("SELECT COUNT(*) FROM " + OwnTables.MARK + " WHERE seq >= 0")) {
            row.next();
            return row.getLong(1);
        }
    }

    private static @Nullable Rung rung(@Nullable String name) {
        return name == null ? null : Rung.valueOf(name);
    }
}
