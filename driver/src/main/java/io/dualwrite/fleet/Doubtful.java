package io.dualwrite.fleet;

import io.dualwrite.config.Settings;
import java.sql.SQLException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Instances that are silent on the side at hand and keep their row up to date on the other. For one thread. */
final class Doubtful {
    private static final Logger LOG = LoggerFactory.getLogger(Doubtful.class);

    /** Looks between two questions to the other side. */
    private static final int NOW_AND_THEN = 10;

    private final RegistryLinks links;
    private int looks;

    Doubtful(RegistryLinks links) {
        this.links = links;
    }

    /**
     * Asks the other side now and then whether they live, and buries the dead on this one.
     *
     * @return whether one was buried, so that the fleet is to be read again
     */
    boolean buried(FleetView view, Settings settings) throws SQLException {
        List<InstanceRow> doubtful = view.doubtful(settings.fleetDead);
        doubtful.removeIf(row -> row.name.equals(settings.instance));
        if (doubtful.isEmpty() || looks++ % NOW_AND_THEN != 0) {
            return false;
        }
        FleetView other;
        RegistryLink there = links.to(view.side.other());
        try {
            other = there.transact(there.registry::read);
        } catch (SQLException e) {
            LOG.debug("{} cannot be asked after {}", there.side().word(), doubtful, e);
            return false;
        }
        doubtful.removeIf(row -> {
            InstanceRow same = other.row(row.name);
            return same != null && same.fresh(other.nowMillis, settings.fleetDead);
        });
        RegistryLink home = links.to(view.side);
        home.run(connection -> {
            for (InstanceRow dead : doubtful) {
                home.registry.bury(connection, dead);
            }
        });
        return !doubtful.isEmpty();
    }
}
