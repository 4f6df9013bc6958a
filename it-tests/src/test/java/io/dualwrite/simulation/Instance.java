package io.dualwrite.simulation;

import io.dualwrite.config.Settings;
import io.dualwrite.jdbc.Classifiers;
import io.dualwrite.jdbc.DualConnection;
import io.dualwrite.ladder.Rung;
import io.dualwrite.ladder.Side;
import io.dualwrite.ladder.Standing;
import io.dualwrite.mirror.Catalogue;
import io.dualwrite.mirror.Marks;
import io.dualwrite.mirror.Mirroring;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;

/** An instance of the application: the driver's own parts but for the fleet, for the test says where it stands. */
final class Instance {
    private static final long SWEEP_NANOS = 100_000_000;

    final SimulatedProcess process;
    final Standing standing;
    private final Scheduler scheduler;
    private final Map<Side, SimulatedDatabase> databases;
    private final Marks marks;
    private final Mirroring mirroring;
    private final Classifiers classifiers = new Classifiers();
    private int connections;
    private boolean stopped;

    Instance(String name, Rung rung, Settings settings, Scheduler scheduler, Map<Side, SimulatedDatabase> databases) {
        this.process = new SimulatedProcess(name);
        this.scheduler = scheduler;
        this.databases = databases;
        standing = new Standing(rung);
        marks = new Marks(name, () -> 1);
        mirroring = new Mirroring(
                () -> settings,
                standing,
                task -> scheduler.start(name + "/mirror", process, task),
                new Catalogue(settings::key),
                marks);
    }

    Connection connect() throws SQLException {
        return DualConnection.open(mirroring, this::open, classifiers, "connection " + ++connections);
    }

    private Connection open(Side side) throws SQLException {
        return World.of(databases, side).connect();
    }

    /** Clears marks again and again until it is stopped, as the driver's own thread does. */
    void sweep() {
        while (!scheduler.await(() -> stopped, SWEEP_NANOS)) {
            for (Side side : Side.values()) {
                if (marks.hasDone(side)) {
                    sweep(side);
                }
            }
        }
    }

    private void sweep(Side side) {
        try (Connection connection = open(side)) {
            marks.clear(side, connection);
        } catch (SQLException e) {
            // It is tried again the next time.
            scheduler.sleep(1);
        }
    }

    void stop() {
        stopped = true;
    }
}
