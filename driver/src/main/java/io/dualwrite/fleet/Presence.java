package io.dualwrite.fleet;

import io.dualwrite.config.Settings;
import io.dualwrite.config.SettingsFile;
import io.dualwrite.dialect.SqlState;
import io.dualwrite.ladder.Rung;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether this process counts as living (R29). One that was silent for longer than {@code fleet.dead} may have been passed by: it
 * opens no connection until it has joined again, and joins only where the fleet still stands near.
 *
 * <p>{@link #signOfLife} and {@link #lookForStrays} are called by one thread, the rest by any.
 */
final class Presence {
    private static final Logger LOG = LoggerFactory.getLogger(Presence.class);

    private final SettingsFile file;
    private final String incarnation;
    private final Strays strays = new Strays();
    private volatile boolean leftBehind;
    private boolean astray;

    Presence(SettingsFile file, String incarnation) {
        this.file = file;
        this.incarnation = incarnation;
    }

    /** Whether it counts as dead and the fleet went on to where it may not join from its rung. */
    boolean leftBehind() {
        return leftBehind;
    }

    /**
     * Keeps the row up to date. Whoever counts as dead joins anew, under R23's lock.
     *
     * @param row what it has to say
     * @param epoch the one that it knows
     * @return the fleet afterwards; without this instance where it is {@link #leftBehind}
     */
    FleetView signOfLife(Registry registry, Connection connection, InstanceRow row, long epoch) throws SQLException {
        FleetView view = registry.read(connection);
        if (sleptThroughEpoch(view, row.rung, epoch)) {
            return view;
        }
        if (countsAsDead(view)) {
            registry.lock(connection);
            view = registry.read(connection);
            if (mayNotJoin(view, row.rung)) {
                return view;
            }
            LOG.warn("Instance {} was silent, counted as dead and joins the fleet again", settings().instance);
        }
        leftBehind = false;
        registry.write(connection, row, settings().fleetDead);
        return registry.read(connection);
    }

    /**
     * An epoch begins while nobody stands on two sides: an instance that does has slept, and its row may have gone with the former
     * epoch.
     */
    private boolean sleptThroughEpoch(FleetView view, Rung stands, long epoch) {
        if (!stands.dual() || view.phase.epoch <= epoch) {
            return false;
        }
        if (!leftBehind) {
            LOG.error(
                    "Instance {} stands on {} and knows epoch {} of the migration; epoch {} began without it, and it opens no"
                            + " connection until it is restarted",
                    settings().instance,
                    stands,
                    epoch,
                    view.phase.epoch);
        }
        leftBehind = true;
        return true;
    }

    private boolean countsAsDead(FleetView view) {
        InstanceRow own = view.row(settings().instance);
        return own != null && own.incarnation.equals(incarnation) && !own.fresh(view.nowMillis, settings().fleetDead);
    }

    private boolean mayNotJoin(FleetView view, Rung stands) {
        List<InstanceRow> others = view.others(settings().fleetDead, settings().instance);
        List<InstanceRow> far = Strays.far(others, stands);
        if (!far.isEmpty() && !leftBehind) {
            LOG.error(
                    "Instance {} was silent for longer than {} ms and counts as dead; {} stands on {} by now, and this instance on"
                            + " {} opens no connection until it is restarted",
                    settings().instance,
                    settings().fleetDead.toMillis(),
                    far.get(0).name,
                    far.get(0).rung,
                    stands);
        }
        leftBehind = !far.isEmpty();
        return leftBehind;
    }

    /** Says once that the fleet went too far, where a row that counts as living shows it. */
    void lookForStrays(FleetView view, List<InstanceRow> others, Rung stands) {
        InstanceRow stray = strays.found(view, others, stands, settings().fleetDead);
        if (stray != null && !astray) {
            LOG.error(
                    "Instance {} stands on {} and {} on {}: the fleet went on without one of them; restart the one that was silent",
                    settings().instance,
                    stands,
                    stray.name,
                    stray.rung);
        }
        astray = stray != null;
    }

    /**
     * Refuses a connection of the application's while this process counts as dead. Where that cannot be asked, nothing is refused.
     *
     * @param registry of the side to which the connection leads
     * @throws SQLException SQLSTATE 08004
     */
    void admit(Registry registry, Connection connection) throws SQLException {
        if (leftBehind || buried(registry, connection)) {
            throw new SQLTransientConnectionException(
                    "Instance " + settings().instance + " was silent for longer than fleet.dead = "
                            + settings().fleetDead.toMillis() + " ms and counts as dead: it opens no connection to "
                            + registry.side().word() + " until "
                            + (leftBehind
                                    ? "it is restarted, for the fleet went on without it"
                                    : "its next heartbeat has taken it back into the fleet"),
                    SqlState.NOT_ADMITTED.code());
        }
    }

    private boolean buried(Registry registry, Connection connection) {
        try {
            return registry.isBuried(connection, settings().instance, incarnation);
        } catch (SQLException e) {
            LOG.debug(
                    "{} cannot be asked whether this instance counts as dead",
                    registry.side().word(),
                    e);
            return false;
        }
    }

    private Settings settings() {
        return file.settings();
    }
}
