package io.dualwrite.fleet;

import io.dualwrite.config.Settings;
import io.dualwrite.dialect.Dialects;
import io.dualwrite.ladder.FleetState;
import io.dualwrite.ladder.Pass;
import io.dualwrite.ladder.Rung;
import io.dualwrite.ladder.Side;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One step from rung to rung by check-and-set (R23): under the lock of the authority, of both sides where the authority
 * changes, old first, the fleet is read again, decided again, and the step is written as the row of an instance that
 * stands on both rungs. Only when every commit is known may the rung be used.
 *
 * <p>A step by a record that goes before the authority ({@link Pass#goBeforeAuthority}) is decided under the lock of the
 * mirror alone. So that none can be written while an instance turns the other way, a step away from where one would hold
 * looks at the mirror too, where the mirror answers; old's lock is taken first then as well.
 */
final class Step {
    private static final Logger LOG = LoggerFactory.getLogger(Step.class);

    /** What became of it. */
    enum Outcome {
        TAKEN,
        REFUSED,
        /** A commit failed: the row may be written or not, and must be read again before anything else. */
        UNKNOWN
    }

    private final RegistryLinks links;
    private final Settings settings;
    private final InstanceRow before;
    private final InstanceRow after;
    /** The record by which the step is taken without the authority, or null. */
    private final @Nullable Pass record;

    private @Nullable String reason;
    private @Nullable SQLException failure;

    /**
     * A step to be taken.
     *
     * @param after the row as it shall be: on the next rung, moving from the present one
     * @param record the record by which it is taken without the authority, or null
     */
    Step(RegistryLinks links, Settings settings, InstanceRow before, InstanceRow after, @Nullable Pass record) {
        this.links = links;
        this.settings = settings;
        this.before = before;
        this.after = after;
        this.record = record;
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
        Map<RegistryLink, Connection> transactions = new LinkedHashMap<>();
        boolean committing = false;
        try {
            lock(transactions);
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
            for (RegistryLink link : transactions.keySet()) {
                link.abandon(e);
            }
            if (!committing || !(e instanceof SQLException)) {
                throw e;
            }
            failure = (SQLException) e;
            return Outcome.UNKNOWN;
        }
    }

    private void lock(Map<RegistryLink, Connection> transactions) throws SQLException {
        if (record != null) {
            lock(links.to(before.rung.mirror()), transactions);
            return;
        }
        List<Side> needed = sides(before.rung, after.rung);
        for (Side side : Side.values()) {
            if (needed.contains(side)) {
                lock(links.to(side), transactions);
            } else if (!Pass.goBeforeAuthority(before.rung).isEmpty()) {
                lockIfThere(links.to(side), transactions);
            }
        }
    }

    /**
     * Locks the mirror's registry too, and goes on without it where it is away.
     *
     * @throws SQLException if it is there and somebody else holds the lock, who may be writing a record
     */
    private void lockIfThere(RegistryLink mirror, Map<RegistryLink, Connection> transactions) throws SQLException {
        try {
            lock(mirror, transactions);
        } catch (SQLException e) {
            Connection there = transactions.get(mirror);
            if (there != null && Dialects.of(there).isRetryable(e)) {
                throw e;
            }
            // It is away, and a retreat that ends the crossing asks nothing of it.
            LOG.debug(
                    "The step to {} is taken without {}",
                    after.rung,
                    mirror.side().word(),
                    e);
            transactions.remove(mirror);
            mirror.abandon(e);
        }
    }

    private static void lock(RegistryLink link, Map<RegistryLink, Connection> transactions) throws SQLException {
        Connection connection = link.begin();
        transactions.put(link, connection);
        link.registry.lock(connection);
    }

    /** Decides again with what is read under the locks, and writes the row if the answer is still the same. */
    private boolean allowed(Map<RegistryLink, Connection> transactions) throws SQLException {
        Map<Side, FleetView> views = new EnumMap<>(Side.class);
        for (Map.Entry<RegistryLink, Connection> entry : transactions.entrySet()) {
            views.put(entry.getKey().side(), entry.getKey().registry.read(entry.getValue()));
        }
        List<InstanceRow> others = FleetView.others(views.values(), settings.fleetDead, before.name);
        FleetState.Decision decision = view(views, decidingSide()).decide(before, others, settings.gate);
        if (decision.step != after.rung || goesAgainstRecord(views)) {
            reason = null;
            return false;
        }
        RegistryLink home = links.to(decidingSide());
        Connection homeConnection = transactions.get(home);
        String run =
                homeConnection == null ? null : home.registry.openRunAgainst(homeConnection, before.rung, after.rung);
        if (run != null) {
            reason = "a " + run + " run of the copier is open; wait until it has ended";
            return false;
        }
        write(transactions, views, others, decision.voids);
        return true;
    }

    private Side decidingSide() {
        return record == null ? before.rung.authority() : before.rung.mirror();
    }

    /** Whether a record that goes before the authority is there, and this is not the step by it; or it is not there any more. */
    private boolean goesAgainstRecord(Map<Side, FleetView> views) {
        FleetView mirror = views.get(before.rung.mirror());
        Pass current = mirror == null ? null : mirror.phase.pass;
        FleetView home = views.get(before.rung.authority());
        boolean goesBefore = current != null
                && Pass.goBeforeAuthority(before.rung).contains(current)
                && !(home != null && Pass.yields(current, home.phase.pass));
        return (goesBefore ? current : null) != record;
    }

    /** A pass is taken back where it is the current one; where no gate is asked, another record may stand in its place. */
    private void write(
            Map<RegistryLink, Connection> transactions,
            Map<Side, FleetView> views,
            List<InstanceRow> living,
            @Nullable Pass voided)
            throws SQLException {
        for (Map.Entry<RegistryLink, Connection> entry : transactions.entrySet()) {
            Registry registry = entry.getKey().registry;
            registry.write(entry.getValue(), after, settings.fleetDead);
            buryTheSilent(entry.getKey(), entry.getValue(), living);
            if (voided != null && view(views, registry.side()).phase.pass == voided) {
                registry.writePass(entry.getValue(), null, null);
            }
        }
    }

    /**
     * Buries the silent instances that the step goes past: when they wake up, they may not go on where they were (R29). One that
     * the other side has heard of lives, and was taken into account.
     */
    private void buryTheSilent(RegistryLink link, Connection connection, List<InstanceRow> living) throws SQLException {
        FleetView view = link.registry.read(connection);
        for (InstanceRow row : view.rows) {
            if (!row.gone
                    && row.recordedOn(view.side)
                    && !row.fresh(view.nowMillis, settings.fleetDead)
                    && !lives(row, living)) {
                link.registry.bury(connection, row);
            }
        }
    }

    private static boolean lives(InstanceRow row, List<InstanceRow> living) {
        return living.stream().anyMatch(other -> other.incarnation.equals(row.incarnation));
    }

    private static FleetView view(Map<Side, FleetView> views, Side side) {
        FleetView view = views.get(side);
        if (view == null) {
            throw new IllegalStateException("no view of " + side.word());
        }
        return view;
    }
}
