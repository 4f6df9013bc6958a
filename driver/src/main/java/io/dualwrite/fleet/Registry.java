package io.dualwrite.fleet;

import io.dualwrite.dialect.OwnTables;
import io.dualwrite.ladder.Pass;
import io.dualwrite.ladder.Phase;
import io.dualwrite.ladder.Rung;
import io.dualwrite.ladder.Side;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads and writes {@code dualwrite_instance} and {@code dualwrite_phase} of one side, in SQL that all vendors share. The
 * caller owns the connection and its transaction. Stateless and thread-safe.
 */
public final class Registry {
    /** After this long without a sign of life a run of the copier counts as dead. */
    public static final Duration RUN_SILENCE = Duration.ofSeconds(10);

    /** Undefined table: PostgreSQL, MariaDB and H2, the latter with three shades. */
    private static final Set<String> NO_TABLE = new HashSet<>(Arrays.asList("42P01", "42S02", "42S03", "42S04"));

    private static final int WAIT_SECONDS = 5;
    private static final int EVIDENCE_LENGTH = 2000;

    private final Side side;
    private final ServerClock clock;
    private final InstanceTable instances;

    Registry(Side side, ServerClock clock) {
        this.side = side;
        this.clock = clock;
        instances = new InstanceTable(side);
    }

    /** The registry of a side, by its server's clock. */
    public static Registry of(Side side) {
        return new Registry(side, ServerClock.SERVERS_OWN);
    }

    /** Whether the failure says that {@code dualwrite init} has not been run on the side. */
    public static boolean tablesMissing(SQLException failure) {
        return failure instanceof NotInitialisedException || NO_TABLE.contains(failure.getSQLState());
    }

    /** Whether the catalogue has the registry's tables, as far as the user sees it. */
    boolean isThere(Connection connection) throws SQLException {
        DatabaseMetaData catalogue = connection.getMetaData();
        for (String name : new String[] {OwnTables.PHASE, OwnTables.PHASE.toUpperCase(Locale.ROOT)}) {
            try (ResultSet found = catalogue.getTables(connection.getCatalog(), null, name, null)) {
                if (found.next()) {
                    return true;
                }
            }
        }
        return false;
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
                connection.prepareStatement("SELECT id FROM " + OwnTables.PHASE + " WHERE id = 1 FOR UPDATE")) {
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
        List<InstanceRow> rows = instances.read(connection);
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
                                + " pass_evidence, other_stale_since FROM " + OwnTables.PHASE + " WHERE id = 1");
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
                    found.getString(1), found.getLong(2), pass, none ? 0 : found.getLong(5), evidence, otherStaleSince);
        }
    }

    /**
     * Writes an instance's row with a new heartbeat; its arrival is now where its rung or what it drains has changed.
     *
     * @param dead after this long a former process of the same name counts as dead
     * @throws NameTakenException if another process of the name lives and keeps its row up to date on this side
     */
    void write(Connection connection, InstanceRow row, Duration dead) throws SQLException {
        instances.write(connection, row, clock.millis(connection), dead);
    }

    /**
     * Whether the instance's process counts as dead, or another one has taken its name.
     *
     * @throws SQLException if the side fails, or {@link #tablesMissing}
     */
    boolean isBuried(Connection connection, String name, String incarnation) throws SQLException {
        return InstanceTable.isBuried(connection, name, incarnation);
    }

    /** Records that the row's process is dead; a process that goes on nevertheless finds it out by its next heartbeat. */
    public void bury(Connection connection, InstanceRow row) throws SQLException {
        InstanceTable.bury(connection, row);
    }

    /**
     * Records that no instance stands anywhere but on old alone: those of before are gone. One that lives on finds it out by its
     * next heartbeat.
     */
    public void buryAll(Connection connection) throws SQLException {
        InstanceTable.buryAll(connection);
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
        try (PreparedStatement statement = connection.prepareStatement("SELECT kind FROM " + OwnTables.COPY
                + " WHERE table_name = '*' AND state = 'running' AND kind NOT IN ('verify', 'sequences')"
                + " AND touched_at > ? AND " + hindrance)) {
            statement.setLong(1, clock.millis(connection) - RUN_SILENCE.toMillis());
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
        try (PreparedStatement statement = connection.prepareStatement("UPDATE " + OwnTables.PHASE
                + " SET pass_from = ?," + " pass_to = ?, pass_at = ?, pass_evidence = ? WHERE id = 1")) {
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
        try (PreparedStatement statement = connection.prepareStatement(
                "INSERT INTO " + OwnTables.PHASE + " (id, migration, epoch) VALUES (1, ?, 1)")) {
            statement.setString(1, migration);
            statement.executeUpdate();
        }
    }

    /** Begins an epoch: the former one's pass is void. A mark of the former one is refused (R29). */
    public void writeEpoch(Connection connection, String migration, long epoch) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("UPDATE " + OwnTables.PHASE + " SET migration = ?, epoch = ?,"
                        + " pass_from = NULL, pass_to = NULL, pass_at = NULL, pass_evidence = NULL WHERE id = 1")) {
            statement.setString(1, migration);
            statement.setLong(2, epoch);
            statement.executeUpdate();
        }
    }

    /** Stamps since when the other side is stale, or takes the stamp off. */
    public void writeOtherStaleSince(Connection connection, @Nullable Long sinceMillis) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("UPDATE " + OwnTables.PHASE + " SET other_stale_since = ? WHERE id = 1")) {
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
