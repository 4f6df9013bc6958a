package io.dualwrite.fleet;

import io.dualwrite.config.Settings;
import io.dualwrite.dialect.SqlState;
import io.dualwrite.ladder.Member;
import io.dualwrite.ladder.Pass;
import io.dualwrite.ladder.Rung;
import io.dualwrite.ladder.Side;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes a starting instance into the fleet. */
final class Registration {
    private static final Logger LOG = LoggerFactory.getLogger(Registration.class);

    private final RegistryLinks links;
    private final Settings settings;
    private final Waiting waiting;
    private long epoch;

    Registration(RegistryLinks links, Settings settings, Waiting waiting) {
        this.links = links;
        this.settings = settings;
        this.waiting = waiting;
    }

    /**
     * The rung on which to start. An instance that steps between the looks at the two sides shows two rungs: then both are looked
     * at again.
     */
    Rung rung() throws SQLException {
        Start start = look();
        return (start.isTooFarApart() ? look() : start).rung();
    }

    private Start look() {
        Start start = new Start(settings);
        for (Side side : Side.values()) {
            RegistryLink link = links.to(side);
            try {
                start.saw(link.transact(link.registry::read));
            } catch (SQLException e) {
                start.failed(side, e);
            }
            if (start.settledBy(side)) {
                break;
            }
        }
        return start;
    }

    /**
     * Writes the instance's row under R23's lock.
     *
     * @return whether there is a registry to write to
     * @throws SQLException SQLSTATE 08004 if another process of the name lives, or the fleet has moved away meanwhile
     */
    boolean register(Rung rung, Supplier<InstanceRow> row) throws SQLException {
        Long silentSince = null;
        while (true) {
            try {
                return written(rung, row);
            } catch (NameTakenException e) {
                InstanceRow other = namesake(rung);
                if (other == null || (silentSince != null && other.heartbeatAt != silentSince)) {
                    throw e;
                }
                if (silentSince == null) {
                    LOG.info("Instance {} waits until its former process counts as dead", settings.instance);
                }
                silentSince = other.heartbeatAt;
                pause(e);
            }
        }
    }

    private boolean written(Rung rung, Supplier<InstanceRow> row) throws SQLException {
        RegistryLink link = links.to(rung.authority());
        try {
            return link.transact(connection -> {
                link.registry.lock(connection);
                FleetView view = link.registry.read(connection);
                // Forced to 1, whoever still stands in 5 leaps to where this one starts.
                boolean forced = view.phase.pass == Pass.FORCE_TO_ONE;
                for (InstanceRow other : view.live(settings.fleetDead)) {
                    Member member = other.member();
                    if (!forced && !member.near(rung) && !member.name.equals(settings.instance)) {
                        throw new SQLNonTransientConnectionException(
                                "Instance " + settings.instance + " cannot start on " + rung + ": " + member
                                        + "; try again",
                                SqlState.NOT_ADMITTED.code());
                    }
                }
                link.registry.write(connection, row.get(), settings.fleetDead);
                epoch = view.phase.epoch;
                return true;
            });
        } catch (SQLException e) {
            if (Registry.tablesMissing(e) && rung == Rung.OLD_ONLY) {
                return false;
            }
            throw e;
        }
    }

    /** The migration's epoch when the row was written; 0 where there was no registry. */
    long epoch() {
        return epoch;
    }

    private @Nullable InstanceRow namesake(Rung rung) throws SQLException {
        RegistryLink link = links.to(rung.authority());
        return link.transact(link.registry::read).row(settings.instance);
    }

    private void pause(SQLException cause) throws SQLException {
        try {
            waiting.pause(settings.heartbeat);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw cause;
        }
    }
}
