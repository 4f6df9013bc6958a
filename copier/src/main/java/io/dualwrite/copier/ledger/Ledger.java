package io.dualwrite.copier.ledger;

import io.dualwrite.copier.plan.Direction;
import io.dualwrite.copier.plan.Endpoint;
import io.dualwrite.copier.plan.WrongInput;
import io.dualwrite.dialect.Dialect;
import io.dualwrite.dialect.OwnTables;
import io.dualwrite.dialect.SqlState;
import io.dualwrite.fleet.Registry;
import io.dualwrite.ladder.Phase;
import io.dualwrite.ladder.Side;
import io.dualwrite.sql.TableName;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * This product's own tables on both sides, as the copier uses them. All methods are synchronized, for a run's heartbeat
 * comes from a thread of its own.
 */
public final class Ledger implements AutoCloseable {
    private final Direction direction;
    private final Map<Side, Connection> connections = new EnumMap<>(Side.class);
    private final Map<Side, Long> clockOffsets = new EnumMap<>(Side.class);
    private final Map<Side, Dialect> dialects = new EnumMap<>(Side.class);

    private Ledger(Direction direction) {
        this.direction = direction;
    }

    /**
     * Opens a connection to each side.
     *
     * @throws WrongInput if a side lacks the tables that {@code dualwrite init} makes
     */
    public static Ledger open(Direction direction, Collection<Endpoint> endpoints) throws SQLException {
        Ledger ledger = new Ledger(direction);
        try {
            for (Endpoint endpoint : endpoints) {
                ledger.join(endpoint);
            }
        } catch (SQLException | RuntimeException failure) {
            ledger.close();
            throw failure;
        }
        return ledger;
    }

    private void join(Endpoint endpoint) throws SQLException {
        Connection connection = endpoint.open();
        connections.put(endpoint.side(), connection);
        dialects.put(endpoint.side(), endpoint.dialect());
        try (Statement statement = connection.createStatement()) {
            for (String table : List.of(OwnTables.MARK, OwnTables.COPY)) {
                statement.executeQuery("SELECT COUNT(*) FROM " + table).close();
            }
            Registry.of(endpoint.side()).read(connection);
        } catch (SQLException missing) {
            throw new WrongInput(
                    "Database " + endpoint.side().word()
                            + " lacks Dualwrite's own tables or their first row (or the user may not read them):"
                            + " run dualwrite init with the same file first.",
                    missing);
        } finally {
            connection.rollback();
        }
        long before = System.currentTimeMillis();
        clockOffsets.put(endpoint.side(), endpoint.dialect().now(connection).toEpochMilli() - before);
        connection.rollback();
    }

    /** The registries of both sides, now. */
    public synchronized Fleet fleet() throws SQLException {
        try {
            return Fleet.read(connections);
        } finally {
            rollback();
        }
    }

    /** When the last of the instances that are there came to where it stands, by the side's clock; 1970 where none is there. */
    public synchronized Instant lastArrival(Side side) throws SQLException {
        try {
            Connection connection = Objects.requireNonNull(connections.get(side));
            return Registry.of(side).read(connection).rows.stream()
                    .filter(instance -> !instance.gone)
                    .map(instance -> Instant.ofEpochMilli(instance.arrivedAt))
                    .max(Comparator.naturalOrder())
                    .orElse(Instant.EPOCH);
        } finally {
            rollback();
        }
    }

    /**
     * Begins a run under the lock of {@code dualwrite_phase} in the authority, so that no instance takes a step between the
     * look at the registry and the record of the run (R23, R26).
     *
     * @return whether the run must lock the rows that it copies
     * @throws WrongInput if the run would go against the authority, or another such run is at work
     */
    synchronized boolean begin(Run run, Phase asked) throws SQLException {
        Connection authority = connection(direction.source());
        try {
            lockPhase(authority);
            Fleet fleet = Fleet.read(connections);
            if (run.kind().writesRows()) {
                requireOneEpoch();
                fleet.require(direction, asked);
            }
            boolean locked = !run.kind().writesRows() || fleet.wantsLocks(direction);
            for (Connection connection : connections.values()) {
                RunRows.bury(connection, run);
                RunRows.remove(connection, run, TableState.WHOLE);
            }
            put(run, new TableState(TableState.WHOLE, TableState.RUNNING, null, null, 0, 0, null), locked, false);
            return locked;
        } finally {
            rollback();
        }
    }

    /** After a force the side that was given up still has the checkpoints, marks and instances of the former epoch. */
    private void requireOneEpoch() throws SQLException {
        long old = Registry.of(Side.OLD).readPhase(connection(Side.OLD)).epoch;
        long fresh = Registry.of(Side.NEW).readPhase(connection(Side.NEW)).epoch;
        if (old != fresh) {
            throw new WrongInput("old is in epoch " + old + ", new in " + fresh
                    + ": one of them was away, and what it knows of the former epoch is void. Run dualwrite init --rejoin with the"
                    + " same file first.");
        }
    }

    /** Says that the run locks rows from now on, so that instances may step (R23). */
    synchronized void lockFromNowOn(Run run) throws SQLException {
        try {
            for (Connection connection : connections.values()) {
                RunRows.lock(connection, run);
                connection.commit();
            }
        } finally {
            rollback();
        }
    }

    /** The id of another run of the kind and direction that gave a sign of life a moment ago, or null. */
    synchronized @Nullable String alive(Run run) throws SQLException {
        Connection source = connection(direction.source());
        try {
            return RunRows.alive(source, run, now(direction.source()) - Registry.RUN_SILENCE.toMillis());
        } finally {
            source.rollback();
        }
    }

    /** Gives a sign of life. */
    synchronized void touch(Run run) throws SQLException {
        try {
            for (Map.Entry<Side, Connection> side : connections.entrySet()) {
                Connection connection = side.getValue();
                RunRows.touch(connection, run, now(side.getKey()));
                connection.commit();
            }
        } finally {
            rollback();
        }
    }

    /** Records how far the run is with a table, or that it ended. */
    synchronized void put(Run run, TableState state, boolean locked, boolean finished) throws SQLException {
        try {
            for (Map.Entry<Side, Connection> side : connections.entrySet()) {
                Connection connection = side.getValue();
                RunRows.put(connection, run, state, locked, now(side.getKey()), finished);
                connection.commit();
            }
        } finally {
            rollback();
        }
    }

    /** What the last run of the kind knew about the table, as the target keeps it; null if none looked at it. */
    public synchronized @Nullable TableState last(RunKind kind, String table) throws SQLException {
        Connection target = connection(direction.target());
        try {
            return RunRows.last(target, kind, direction, table);
        } finally {
            target.rollback();
        }
    }

    /** The rows that copies could not write. */
    public UnwrittenRows unwritten() {
        return new UnwrittenRows(this, connection(direction.target()), direction);
    }

    /** The tables in which the last verification found differences that no later run mended. */
    public synchronized List<String> differing() throws SQLException {
        Connection target = connection(direction.target());
        try {
            return RunRows.differing(target, direction);
        } finally {
            target.rollback();
        }
    }

    /** The oldest marks of both sides, at most a few thousand at a time. */
    public List<Mark> marks() throws SQLException {
        return marks(0);
    }

    /**
     * The oldest marks of both sides, at most a few thousand at a time.
     *
     * @param beyond how many more of each side's, for so many are known to stay
     */
    public synchronized List<Mark> marks(int beyond) throws SQLException {
        return Marks.read(connections, beyond);
    }

    /**
     * Whether new has what the run's source lacks: instances read it though old wins by now, in a crossing downward. Marks that lie
     * there wait for a run from new.
     */
    public synchronized boolean isNewAhead() throws SQLException {
        return direction == Direction.UP && fleet().readsNew();
    }

    /** When the newest mark of all was made, in milliseconds since 1970 by its instance's clock; 0 where there is none. */
    public synchronized long newestMark() throws SQLException {
        return Marks.newest(connections);
    }

    /** All marks of whole tables, behind however many marks of rows they lie. */
    public synchronized List<Mark> tableMarks() throws SQLException {
        return Marks.ofTables(connections);
    }

    /**
     * Those of the marks whose transactions have ended on both servers (R16). A mark is seen where its transaction has committed,
     * so that the other side alone has to be asked.
     */
    public synchronized List<Mark> ended(Collection<Mark> marks) throws SQLException {
        List<Mark> ended = new ArrayList<>();
        for (Side side : Side.values()) {
            Set<String> ids = new LinkedHashSet<>();
            marks.stream().filter(mark -> mark.side() == side).forEach(mark -> ids.add(mark.id()));
            if (!ids.isEmpty()) {
                Set<String> there = ends(side.other()).of(ids);
                marks.stream()
                        .filter(mark -> mark.side() == side && there.contains(mark.id()))
                        .forEach(ended::add);
            }
        }
        return ended;
    }

    private Ends ends(Side side) {
        return new Ends(connection(side), Objects.requireNonNull(dialects.get(side)));
    }

    /** Clears these marks, as they were read, and no others. */
    public synchronized void clear(Collection<Mark> marks) throws SQLException {
        Marks.clear(connections, marks);
    }

    /** Clears what killed instances have left of marks that are cleared already. */
    public synchronized void clearLeftBehind() throws SQLException {
        for (Side side : Side.values()) {
            ends(side).clearLeftBehind(connection(side.other()));
        }
    }

    /**
     * Whether the side has a table of that name. Ends the open transaction of that side's connection.
     *
     * @throws SQLException the vendor's own
     */
    public synchronized boolean hasTable(Side side, TableName name) throws SQLException {
        try {
            Objects.requireNonNull(dialects.get(side)).shape(connection(side), name);
            return true;
        } catch (SQLException e) {
            if (SqlState.NO_TABLE.is(e)) {
                return false;
            }
            throw e;
        } finally {
            connection(side).rollback();
        }
    }

    private static void lockPhase(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement
                    .executeQuery("SELECT id FROM " + OwnTables.PHASE + " WHERE id = 1 FOR UPDATE")
                    .close();
        }
    }

    private Connection connection(Side side) {
        Connection connection = connections.get(side);
        if (connection == null) {
            throw new IllegalStateException("no connection to " + side.word());
        }
        return connection;
    }

    long now(Side side) {
        return System.currentTimeMillis() + clockOffsets.getOrDefault(side, 0L);
    }

    private void rollback() throws SQLException {
        for (Connection connection : connections.values()) {
            connection.rollback();
        }
    }

    @Override
    public synchronized void close() throws SQLException {
        SQLException failure = null;
        for (Connection connection : connections.values()) {
            try {
                connection.close();
            } catch (SQLException broken) {
                failure = broken;
            }
        }
        connections.clear();
        if (failure != null) {
            throw failure;
        }
    }
}
