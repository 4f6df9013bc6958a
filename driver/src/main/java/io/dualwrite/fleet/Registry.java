package io.dualwrite.fleet;

import io.dualwrite.dialect.Dialects;
import io.dualwrite.ladder.Pass;
import io.dualwrite.ladder.Phase;
import io.dualwrite.ladder.Rung;
import io.dualwrite.ladder.Side;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads and writes {@code dualwrite_instance} and {@code dualwrite_phase} of one side, in SQL that all vendors share. The
 * caller owns the connection and its transaction. Stateless and thread-safe.
 */
public final class Registry {
    /** Undefined table: PostgreSQL, MariaDB and H2, the latter with three shades. */
    private static final Set<String> NO_TABLE = new HashSet<>(Arrays.asList("42P01", "42S02", "42S03", "42S04"));

    /** After this long without a sign of life a run of the copier counts as dead. */
    private static final long RUN_SILENT_MILLIS = 10_000;

    private static final int WAIT_SECONDS = 5;
    private static final int WAITS_FOR_LENGTH = 400;
    private static final int EVIDENCE_LENGTH = 2000;
    private static final int CLIENT_LENGTH = 100;

    private final Side side;
    private final ServerClock clock;

    /**
     * Holds for rows of instances that keep them up to date on the other side: whether their process lives is known there,
     * where a namesake has had to prove itself before it comes to this side.
     */
    private final String recordedElsewhere;

    Registry(Side side, ServerClock clock) {
        this.side = side;
        this.clock = clock;
        String rungs = Arrays.stream(Rung.values())
                .filter(rung -> rung.authority() != side)
                .map(rung -> "'" + rung.name() + "'")
                .collect(Collectors.joining(", ", "(", ")"));
        recordedElsewhere = "(rung IN " + rungs + " AND (moving_from IS NULL OR moving_from IN " + rungs + "))";
    }

    /** The registry of a side, by its server's clock. */
    public static Registry of(Side side) {
        return new Registry(side, ServerClock.SERVERS_OWN);
    }

    /** Whether the failure says that {@code dualwrite init} has not been run on the side. */
    public static boolean tablesMissing(SQLException failure) {
        return failure instanceof NotInitialisedException || NO_TABLE.contains(failure.getSQLState());
    }

    /** The side whose registry this is. */
    public Side side() {
        return side;
    }

    /** Milliseconds since 1970 by the server's clock. */
    public long nowMillis(Connection connection) throws SQLException {
        return clock.millis(connection);
    }

    /**
     * Takes R23's lock: nobody steps or writes a pass on this side until the transaction ends. Waits a bounded time.
     *
     * @throws SQLException if the lock was not had, or {@link #tablesMissing}
     */
    public void lock(Connection connection) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT id FROM dualwrite_phase WHERE id = 1 FOR UPDATE")) {
            statement.setQueryTimeout(WAIT_SECONDS);
            try (ResultSet rows = statement.executeQuery()) {
                if (!rows.next()) {
                    throw new NotInitialisedException(side);
                }
            }
        }
    }

    /**
     * The fleet as this side shows it.
     *
     * @throws SQLException if the side fails, or {@link #tablesMissing}
     */
    public FleetView read(Connection connection) throws SQLException {
        PhaseRow phase = readPhase(connection);
        List<InstanceRow> rows = new ArrayList<>();
        try (PreparedStatement statement =
                        connection.prepareStatement("SELECT name, incarnation, rung, moving_from, asked,"
                                + " arrived_at, heartbeat_at, gone, waits_for, fingerprint, fleet_size, paused, client FROM dualwrite_instance"
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
        return new FleetView(side, clock.millis(connection), phase, rows);
    }

    /**
     * What the fleet shares on this side.
     *
     * @throws SQLException if the side fails, or {@link #tablesMissing}
     */
    public PhaseRow readPhase(Connection connection) throws SQLException {
        try (PreparedStatement statement =
                        connection.prepareStatement("SELECT migration, epoch, pass_from, pass_to, pass_at,"
                                + " pass_evidence, other_stale_since FROM dualwrite_phase WHERE id = 1");
                ResultSet found = statement.executeQuery()) {
            if (!found.next()) {
                throw new NotInitialisedException(side);
            }
            int from = found.getInt(3);
            boolean none = found.wasNull();
            Pass pass = none ? null : Pass.between(Phase.of(from), Phase.of(found.getInt(4)));
            String evidence = found.getString(6);
            long staleSince = found.getLong(7);
            Long otherStaleSince = found.wasNull() ? null : staleSince;
            return new PhaseRow(
                    found.getString(1),
                    found.getLong(2),
                    pass,
                    none ? 0 : found.getLong(5),
                    evidence,
                    otherStaleSince);
        }
    }

    /**
     * Writes an instance's row with a new heartbeat; its arrival is now where its rung or what it drains has changed.
     *
     * @param dead after this long a former process of the same name counts as dead
     * @throws NameTakenException if another process of the name lives and keeps its row up to date on this side
     */
    void write(Connection connection, InstanceRow row, Duration dead) throws SQLException {
        long now = clock.millis(connection);
        String client = cut(Dialects.of(connection).client(connection), CLIENT_LENGTH);
        if (update(connection, row, client, now, now - dead.toMillis()) == 0) {
            if (exists(connection, row.name)) {
                throw new NameTakenException(row.name);
            }
            insert(connection, row, client, now);
        }
    }

    private int update(Connection connection, InstanceRow row, @Nullable String client, long now, long deadBefore) throws SQLException {
        // MariaDB assigns from left to right, so that arrived_at must come before what it looks at.
        try (PreparedStatement statement = connection.prepareStatement("UPDATE dualwrite_instance SET arrived_at = CASE"
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

    private static void insert(Connection connection, InstanceRow row, @Nullable String client, long now) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("INSERT INTO dualwrite_instance (name, incarnation,"
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
                connection.prepareStatement("SELECT name FROM dualwrite_instance WHERE name = ?")) {
            statement.setString(1, name);
            try (ResultSet rows = statement.executeQuery()) {
                return rows.next();
            }
        }
    }

    /**
     * Whether the instance's process counts as dead, or another one has taken its name.
     *
     * @throws SQLException if the side fails, or {@link #tablesMissing}
     */
    boolean isBuried(Connection connection, String name, String incarnation) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT incarnation, gone FROM dualwrite_instance WHERE name = ?")) {
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

    /** Records that the row's process is dead; a process that goes on nevertheless finds it out by its next heartbeat. */
    public void bury(Connection connection, InstanceRow row) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
                "UPDATE dualwrite_instance SET gone = 1 WHERE name = ? AND incarnation = ? AND heartbeat_at = ?")) {
            statement.setString(1, row.name);
            statement.setString(2, row.incarnation);
            statement.setLong(3, row.heartbeatAt);
            statement.executeUpdate();
        }
    }

    /**
     * Records that no instance stands anywhere but on old alone: those of before are gone. One that lives on finds it out by its
     * next heartbeat.
     */
    public void buryAll(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
                "UPDATE dualwrite_instance SET gone = 1, rung = ?, moving_from = NULL")) {
            statement.setString(1, Rung.OLD_ONLY.name());
            statement.executeUpdate();
        }
    }

    /**
     * A run of the copier that is open and must have ended before the step (R23, R26), or null: an unlocked one before both
     * sides are written, one from the side that will not be the authority any more.
     *
     * @return the run's kind, for the message
     */
    @Nullable
    String openRunAgainst(Connection connection, Rung from, Rung to) throws SQLException {
        boolean leavesSide = from.authority() != to.authority() || !to.dual();
        String hindrance = !from.dual() ? "locked = 0" : leavesSide ? "direction = '" + against(to) + "'" : null;
        if (hindrance == null) {
            return null;
        }
        try (PreparedStatement statement = connection.prepareStatement("SELECT kind FROM dualwrite_copy"
                + " WHERE table_name = '*' AND state = 'running' AND kind NOT IN ('verify', 'sequences')"
                + " AND touched_at > ? AND " + hindrance)) {
            statement.setLong(1, clock.millis(connection) - RUN_SILENT_MILLIS);
            try (ResultSet rows = statement.executeQuery()) {
                return rows.next() ? rows.getString(1) : null;
            }
        }
    }

    /** The direction of runs that would go against the authority after the step. */
    private static String against(Rung to) {
        return to.authority() == Side.NEW ? "up" : "down";
    }

    /** Writes the current pass in place of the former one; the caller holds {@link #lock}. */
    public void writePass(Connection connection, @Nullable Pass pass, @Nullable String evidence) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("UPDATE dualwrite_phase SET pass_from = ?,"
                + " pass_to = ?, pass_at = ?, pass_evidence = ? WHERE id = 1")) {
            if (pass == null) {
                statement.setNull(1, Types.INTEGER);
                statement.setNull(2, Types.INTEGER);
                statement.setNull(3, Types.BIGINT);
            } else {
                statement.setInt(1, pass.from().number());
                statement.setInt(2, pass.to().number());
                statement.setLong(3, clock.millis(connection));
            }
            statement.setString(4, pass == null ? null : cut(evidence, EVIDENCE_LENGTH));
            statement.executeUpdate();
        }
    }

    /** Makes the row of {@code dualwrite_phase}, in the first epoch and without a pass. */
    public void writeFirstPhase(Connection connection, String migration) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("INSERT INTO dualwrite_phase (id, migration, epoch) VALUES (1, ?, 1)")) {
            statement.setString(1, migration);
            statement.executeUpdate();
        }
    }

    /** Begins an epoch: the former one's pass is void. Its instances are not fenced yet (R29). */
    public void writeEpoch(Connection connection, String migration, long epoch) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("UPDATE dualwrite_phase SET migration = ?, epoch = ?,"
                        + " pass_from = NULL, pass_to = NULL, pass_at = NULL, pass_evidence = NULL WHERE id = 1")) {
            statement.setString(1, migration);
            statement.setLong(2, epoch);
            statement.executeUpdate();
        }
    }

    /** Stamps since when the other side is stale, or takes the stamp off. */
    public void writeOtherStaleSince(Connection connection, @Nullable Long sinceMillis) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("UPDATE dualwrite_phase SET other_stale_since = ? WHERE id = 1")) {
            if (sinceMillis == null) {
                statement.setNull(1, Types.BIGINT);
            } else {
                statement.setLong(1, sinceMillis);
            }
            statement.executeUpdate();
        }
    }

    private static @Nullable String cut(@Nullable String text, int length) {
        return text == null || text.length() <= length ? text : text.substring(0, length);
    }
}
