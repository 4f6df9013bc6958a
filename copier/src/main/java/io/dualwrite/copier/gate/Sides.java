package io.dualwrite.copier.gate;

import io.dualwrite.config.Settings;
import io.dualwrite.copier.plan.Endpoint;
import io.dualwrite.copier.plan.WrongInput;
import io.dualwrite.fleet.FleetView;
import io.dualwrite.fleet.Registry;
import io.dualwrite.ladder.Side;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/** One open transaction on each of some sides, old before new wherever the order counts. Not thread-safe. */
final class Sides implements AutoCloseable {
    private final Map<Side, Connection> connections = new EnumMap<>(Side.class);
    private final Map<Side, Registry> registries = new EnumMap<>(Side.class);
    private final String file;

    private Sides(String file) {
        this.file = file;
    }

    /**
     * Connects to the sides.
     *
     * @param file the properties file, for messages
     * @throws SQLException if one of them cannot be reached
     */
    static Sides open(Settings settings, String file, Collection<Side> wanted) throws SQLException {
        Sides sides = new Sides(file);
        try {
            for (Side side : Side.values()) {
                if (wanted.contains(side)) {
                    sides.connections.put(side, Endpoint.of(settings, side).open());
                    sides.registries.put(side, Registry.of(side));
                }
            }
            return sides;
        } catch (SQLException | RuntimeException e) {
            sides.close();
            throw e;
        }
    }

    Connection connection(Side side) {
        return Objects.requireNonNull(connections.get(side));
    }

    Registry registry(Side side) {
        return Objects.requireNonNull(registries.get(side));
    }

    /** The sides, old first. */
    Collection<Side> all() {
        return connections.keySet();
    }

    /**
     * Takes R23's lock on every side, old first.
     *
     * @throws WrongInput if {@code dualwrite init} has not been run
     */
    void lock() throws SQLException {
        for (Side side : all()) {
            try {
                registry(side).lock(connection(side));
            } catch (SQLException e) {
                throw explained(side, e);
            }
        }
    }

    /**
     * The registries.
     *
     * @throws WrongInput if {@code dualwrite init} has not been run
     */
    Map<Side, FleetView> read() throws SQLException {
        Map<Side, FleetView> views = new EnumMap<>(Side.class);
        for (Side side : all()) {
            try {
                views.put(side, registry(side).read(connection(side)));
            } catch (SQLException e) {
                throw explained(side, e);
            }
        }
        return views;
    }

    void commit() throws SQLException {
        for (Connection connection : connections.values()) {
            connection.commit();
        }
    }

    void rollback() throws SQLException {
        for (Connection connection : connections.values()) {
            connection.rollback();
        }
    }

    private SQLException explained(Side side, SQLException failure) {
        if (Registry.tablesMissing(failure)) {
            throw new WrongInput(
                    "The dualwrite_* tables are missing on " + side.word() + "; run dualwrite init -c " + file,
                    failure);
        }
        return failure;
    }

    @Override
    public void close() throws SQLException {
        SQLException failed = null;
        for (Connection connection : connections.values()) {
            try {
                connection.rollback();
                connection.close();
            } catch (SQLException e) {
                failed = e;
            }
        }
        if (failed != null) {
            throw failed;
        }
    }
}
