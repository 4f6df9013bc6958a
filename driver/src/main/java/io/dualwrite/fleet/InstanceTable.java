package io.dualwrite.fleet;

import io.dualwrite.dialect.Dialects;
import io.dualwrite.dialect.OwnTables;
import io.dualwrite.ladder.Phase;
import io.dualwrite.ladder.Rung;
import io.dualwrite.ladder.Side;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Reads and writes {@code dualwrite_instance} of one side. Stateless and thread-safe. */
final class InstanceTable {
    private static final int WAIT_SECONDS = 5;
    private static final int WAITS_FOR_LENGTH = 400;
    private static final int CLIENT_LENGTH = 100;

    /**
     * Holds for rows of instances that keep them up to date on the other side: whether their process lives is known there,
     * where a namesake has had to prove itself before it comes to this side.
     */
    private final String recordedElsewhere;

    InstanceTable(Side side) {
        String rungs = Arrays.stream(Rung.values())
                .filter(rung -> rung.authority() != side)
                .map(rung -> "'" + rung.name() + "'")
                .collect(Collectors.joining(", ", "(", ")"));
        recordedElsewhere = "(rung IN " + rungs + " AND (moving_from IS NULL OR moving_from IN " + rungs + "))";
    }

    List<InstanceRow> read(Connection connection) throws SQLException {
        List<InstanceRow> rows = new ArrayList<>();
        try (PreparedStatement statement =
                        connection.prepareStatement("SELECT name, incarnation, rung, moving_from, asked,"
                                + " arrived_at, heartbeat_at, gone, waits_for, fingerprint, fleet_size, paused, client FROM "
                                + OwnTables.INSTANCE
                                + " ORDER BY name");
                ResultSet found = statement.executeQuery()) {
            while (found.next()) {
                String movingFrom = found.getString(4);
                String waitsFor = found.getString(9);
                rows.add(new InstanceRow(
                        found.getString(1),
                        found.getString(2),
                        Rung.valueOf(found.getString(3)),
                        movingFrom == null ? null : Rung.valueOf(movingFrom),
                        Phase.of(found.getInt(5)),
                        found.getLong(6),
                        found.getLong(7),
                        found.getInt(8) != 0,
                        waitsFor.isEmpty() ? null : waitsFor,
                        found.getString(10),
                        found.getInt(11),
                        paused(found.getInt(12)),
                        found.getString(13)));
            }
        }
        return rows;
    }

    void write(Connection connection, InstanceRow row, long now, Duration dead) throws SQLException {
        String client = cut(Dialects.of(connection).client(connection), CLIENT_LENGTH);
        if (update(connection, row, client, now, now - dead.toMillis()) == 0) {
            if (exists(connection, row.name)) {
                throw new NameTakenException(row.name);
            }
            insert(connection, row, client, now);
        }
    }

    private int update(Connection connection, InstanceRow row, String client, long now, long deadBefore)
            throws SQLException {
        // MariaDB assigns from left to right, so that arrived_at must come before what it looks at.
        try (PreparedStatement statement =
                connection.prepareStatement("UPDATE " + OwnTables.INSTANCE + " SET arrived_at = CASE"
                        + " WHEN incarnation = ? AND rung = ? AND COALESCE(moving_from, '') = ? THEN arrived_at ELSE ? END,"
                        + " incarnation = ?, rung = ?, moving_from = ?, asked = ?, heartbeat_at = ?, gone = ?, waits_for = ?,"
                        + " fingerprint = ?, fleet_size = ?, paused = ?, client = ?"
                        + " WHERE name = ? AND (incarnation = ? OR gone = 1 OR heartbeat_at < ? OR " + recordedElsewhere
                        + ")")) {
            statement.setQueryTimeout(WAIT_SECONDS);
            statement.setString(1, row.incarnation);
            statement.setString(2, row.rung.name());
            statement.setString(3, row.movingFrom == null ? "" : row.movingFrom.name());
            statement.setLong(4, now);
            statement.setString(5, row.incarnation);
            describe(statement, 6, row, now);
            statement.setString(15, client);
            statement.setString(16, row.name);
            statement.setString(17, row.incarnation);
            statement.setLong(18, deadBefore);
            return statement.executeUpdate();
        }
    }

    private static void insert(Connection connection, InstanceRow row, String client, long now) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("INSERT INTO " + OwnTables.INSTANCE + " (name, incarnation,"
                        + " arrived_at, rung, moving_from, asked, heartbeat_at, gone, waits_for, fingerprint, fleet_size,"
                        + " paused, client) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")) {
            statement.setString(1, row.name);
            statement.setString(2, row.incarnation);
            statement.setLong(3, now);
            describe(statement, 4, row, now);
            statement.setString(13, client);
            statement.executeUpdate();
        }
    }

    /** Sets rung, moving_from, asked, heartbeat_at, gone, waits_for, fingerprint, fleet_size and paused. */
    private static void describe(PreparedStatement statement, int first, InstanceRow row, long now)
            throws SQLException {
        statement.setString(first, row.rung.name());
        statement.setString(first + 1, row.movingFrom == null ? null : row.movingFrom.name());
        statement.setInt(first + 2, row.asked.number());
        statement.setLong(first + 3, now);
        statement.setInt(first + 4, row.gone ? 1 : 0);
        statement.setString(first + 5, row.waitsFor == null ? "" : cut(row.waitsFor, WAITS_FOR_LENGTH));
        statement.setString(first + 6, row.fingerprint);
        statement.setInt(first + 7, row.fleetSize);
        statement.setInt(first + 8, paused(row.pausedSides));
    }

    private static int paused(Set<Side> sides) {
        int number = 0;
        for (Side side : sides) {
            number |= 1 << side.ordinal();
        }
        return number;
    }

    private static Set<Side> paused(int number) {
        Set<Side> sides = EnumSet.noneOf(Side.class);
        for (Side side : Side.values()) {
            if ((number & 1 << side.ordinal()) != 0) {
                sides.add(side);
            }
        }
        return Collections.unmodifiableSet(sides);
    }

    private static boolean exists(Connection connection, String name) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT name FROM " + OwnTables.INSTANCE + " WHERE name = ?")) {
            statement.setString(1, name);
            try (ResultSet rows = statement.executeQuery()) {
                return rows.next();
            }
        }
    }

    static boolean isBuried(Connection connection, String name, String incarnation) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
                "SELECT incarnation, gone FROM " + OwnTables.INSTANCE + " WHERE name = ?")) {
            statement.setString(1, name);
            try (ResultSet rows = statement.executeQuery()) {
                return rows.next() && (!rows.getString(1).equals(incarnation) || rows.getInt(2) != 0);
            }
        } finally {
            if (!connection.getAutoCommit()) {
                connection.rollback();
            }
        }
    }

    static void bury(Connection connection, InstanceRow row) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("UPDATE " + OwnTables.INSTANCE
                + " SET gone = 1 WHERE name = ? AND incarnation = ? AND heartbeat_at = ?")) {
            statement.setString(1, row.name);
            statement.setString(2, row.incarnation);
            statement.setLong(3, row.heartbeatAt);
            statement.executeUpdate();
        }
    }

    static void buryAll(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
                "UPDATE " + OwnTables.INSTANCE + " SET gone = 1, rung = ?, moving_from = NULL")) {
            statement.setString(1, Rung.OLD_ONLY.name());
            statement.executeUpdate();
        }
    }

    private static String cut(String text, int length) {
        return text.length() <= length ? text : text.substring(0, length);
    }
}
