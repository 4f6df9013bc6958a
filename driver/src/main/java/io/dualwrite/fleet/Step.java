package io.dualwrite.fleet;

import io.dualwrite.config.Settings;
import io.dualwrite.ladder.FleetState;
import io.dualwrite.ladder.Pass;
import io.dualwrite.ladder.Rung;
import io.dualwrite.ladder.Side;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One step from rung to rung by check-and-set (R23): under the lock of the authority, of both sides where the authority
 * changes, old first, the fleet is read again, decided again, and the step is written as the row of an instance that
 * stands on both rungs. Only when every commit is known may the rung be used.
 */
final class Step {

    /** What became of it. */
    enum Outcome {
        TAKEN,
        REFUSED,
        /** A commit failed: the row may be written or not, and must be read again before anything else. */
        UNKNOWN
    }

    private final Map<Side, RegistryLink> links;
    private final Settings settings;
    private final InstanceRow before;
    private final InstanceRow after;
    private @Nullable String reason;
    private @Nullable SQLException failure;

    /** @param after the row as it shall be: on the next rung, moving from the present one */
    Step(Map<Side, RegistryLink> links, Settings settings, InstanceRow before, InstanceRow after) {
        this.links = links;
        this.settings = settings;
        this.before = before;
        this.after = after;
    }

    /** The sides whose lock a step takes, old first. */
    static List<Side> sides(Rung from, Rung to) {
        List<Side> sides = new ArrayList<>();
        for (Side side : Side.values()) {
            if (from.authority() == side || to.authority() == side) {
                sides.add(side);
            }
        }
        return sides;
    }

    /** Why it was refused, in words that follow "asked for …, stands on …"; null where no reason is needed. */
    @Nullable
    String reason() {
        return reason;
    }

    /** What failed, where the outcome is unknown. */
    @Nullable
    SQLException failure() {
        return failure;
    }

    /**
     * Takes the step.
     *
     * @throws SQLException if a side failed before the first commit, so that nothing was written
     */
    Outcome take() throws SQLException {
        List<RegistryLink> locked = new ArrayList<>();
        for (Side side : sides(before.rung, after.rung)) {
            locked.add(link(side));
        }
        boolean committing = false;
        try {
            Map<RegistryLink, Connection> transactions = new java.util.LinkedHashMap<>();
            for (RegistryLink link : locked) {
                Connection connection = link.begin();
                transactions.put(link, connection);
                link.registry.lock(connection);
            }
            if (!allowed(transactions)) {
                for (Connection connection : transactions.values()) {
                    connection.rollback();
                }
                return Outcome.REFUSED;
            }
            committing = true;
            for (Connection connection : transactions.values()) {
                connection.commit();
            }
            return Outcome.TAKEN;
        } catch (SQLException | RuntimeException e) {
            for (RegistryLink link : locked) {
                link.abandon(e);
            }
            if (!committing || !(e instanceof SQLException)) {
                throw e;
            }
            failure = (SQLException) e;
            return Outcome.UNKNOWN;
        }
    }

    /** Decides again with what is read under the locks, and writes the row if the answer is still the same. */
    private boolean allowed(Map<RegistryLink, Connection> transactions) throws SQLException {
        Map<Side, FleetView> views = new EnumMap<>(Side.class);
        for (Map.Entry<RegistryLink, Connection> entry : transactions.entrySet()) {
            views.put(entry.getKey().side(), entry.getKey().registry.read(entry.getValue()));
        }
        FleetView authority = view(views, before.rung.authority());
        FleetState.Decision decision = new FleetState(
                        before.member(),
                        FleetView.members(others(views, settings, before.name)),
                        authority.phase.passes(settings.gate))
                .decide();
        if (decision.step != after.rung) {
            reason = null;
            return false;
        }
        RegistryLink home = link(before.rung.authority());
        Connection homeConnection = transactions.get(home);
        String run =
                homeConnection == null ? null : home.registry.openRunAgainst(homeConnection, before.rung, after.rung);
        if (run != null) {
            reason = "a " + run + " run of the copier is open; wait until it has ended";
            return false;
        }
        write(transactions, decision.voids);
        return true;
    }

    private void write(Map<RegistryLink, Connection> transactions, @Nullable Pass voided) throws SQLException {
        for (Map.Entry<RegistryLink, Connection> entry : transactions.entrySet()) {
            Registry registry = entry.getKey().registry;
            registry.write(entry.getValue(), after, settings.fleetDead);
            if (voided != null) {
                registry.writePass(entry.getValue(), null, null);
            }
        }
    }

    /**
     * Every other instance that lives, by the views at hand. One that is silent here and keeps its row up to date on a side
     * that is not at hand counts as living.
     */
    static List<InstanceRow> others(Map<Side, FleetView> views, Settings settings, String self) {
        List<InstanceRow> others = FleetView.present(views.values(), settings.fleetDead);
        others.removeIf(row -> row.name.equals(self));
        return others;
    }

    private RegistryLink link(Side side) {
        RegistryLink link = links.get(side);
        if (link == null) {
            throw new IllegalStateException("no link to " + side.word());
        }
        return link;
    }

    private static FleetView view(Map<Side, FleetView> views, Side side) {
        FleetView view = views.get(side);
        if (view == null) {
            throw new IllegalStateException("no view of " + side.word());
        }
        return view;
    }

    /** For the single view of one side. */
    static Map<Side, FleetView> only(FleetView view) {
        return Collections.singletonMap(view.side, view);
    }
}
