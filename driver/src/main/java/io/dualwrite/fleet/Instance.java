package io.dualwrite.fleet;

import io.dualwrite.config.Settings;
import io.dualwrite.config.SettingsFile;
import io.dualwrite.dialect.SqlState;
import io.dualwrite.ladder.FleetState;
import io.dualwrite.ladder.Pass;
import io.dualwrite.ladder.Rung;
import io.dualwrite.ladder.Side;
import io.dualwrite.ladder.Standing;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This running instance: it reads its file, keeps its row in the registry and goes from rung to rung as the fleet allows
 * (R22, R23, R28).
 *
 * <p>{@link #beat} does all the work and is called by one thread; everything else may be called by any thread. Whatever it
 * cannot know makes it stay where it stands.
 */
final class Instance {
    private static final Logger LOG = LoggerFactory.getLogger(Instance.class);

    /** Beats between two looks for tables that were missing. */
    private static final int NOW_AND_THEN = 10;

    /** Beats in which the side just left is told so. */
    private static final int FAREWELLS = 10;

    private final SettingsFile file;
    private final String incarnation = UUID.randomUUID().toString();
    private final RegistryLinks links;
    private final Map<Side, MirrorRow> mirrors = new EnumMap<>(Side.class);
    private final Hindrances hindrances;
    private final LingeringMarks lingering;
    private final Presence presence;
    private final SharedSilence silence = new SharedSilence();
    private final Doubtful doubtful;
    private final Standing standing;
    private final Whereabouts whereabouts;

    private volatile @Nullable Rung movingFrom;
    private volatile @Nullable Rung pending;
    private volatile boolean gone;
    private volatile long epoch;
    private volatile int farewells;
    private volatile boolean registered;
    private int beatsWithoutTables;

    /**
     * Starts where the fleet stands.
     *
     * @param mirrorWrites runs the writes to the side that is not the authority
     * @throws SQLException SQLSTATE 08004 if that cannot be known, or the fleet cannot take this instance in
     */
    Instance(SettingsFile file, SideConnector connector, ServerClock clock, Executor mirrorWrites, Waiting waiting)
            throws SQLException {
        this.file = file;
        links = new RegistryLinks(connector, clock);
        hindrances = new Hindrances(links, file);
        lingering = new LingeringMarks(links, System::nanoTime);
        doubtful = new Doubtful(links);
        presence = new Presence(file, incarnation);
        for (Side side : Side.values()) {
            mirrors.put(side, new MirrorRow(new RegistryLink(side, connector, clock), mirrorWrites));
        }
        Registration registration = new Registration(links, file.settings(), waiting);
        try {
            standing = new Standing(registration.rung());
            whereabouts = new Whereabouts(file, standing);
            refuseHindered(standing.rung());
            registered = registration.register(standing.rung(), this::row);
            epoch = registration.epoch();
        } catch (SQLException | RuntimeException e) {
            closeLinks();
            throw e;
        }
        LOG.info(
                "Instance {} starts on {} (phase {}){}",
                settings().instance,
                standing.rung(),
                settings().phase.number(),
                registered
                        ? ""
                        : "; the dualwrite_* tables are missing on "
                                + authority().word());
        if (!settings().gate) {
            LOG.warn(
                    "Instance {} has gate = off: it goes from rung to rung whether or not both databases agree; that is for"
                            + " tests only",
                    settings().instance);
        }
    }

    private void refuseHindered(Rung rung) throws SQLException {
        String hindrance = rung.dual() ? hindrances.againstStart() : null;
        if (hindrance != null) {
            throw new SQLNonTransientConnectionException(
                    "Instance " + settings().instance + " cannot start on " + rung + ": " + hindrance,
                    SqlState.NOT_ADMITTED.code());
        }
    }

    Standing standing() {
        return standing;
    }

    Settings settings() {
        return file.settings();
    }

    SettingsFile file() {
        return file;
    }

    String incarnation() {
        return incarnation;
    }

    @Nullable
    Rung movingFrom() {
        return movingFrom;
    }

    @Nullable
    String waitsFor() {
        return whereabouts.waitsFor();
    }

    /** The migration's epoch as the registry last said; 0 before it was ever read. */
    long epoch() {
        return epoch;
    }

    /** Asks from now on whether mirroring to a side pauses after too many failures in a row. */
    void mirroringPauses(Predicate<Side> pauses) {
        hindrances.mirroringPauses(pauses);
    }

    /** Whether a step is under way, so that the next beat should come soon. */
    boolean inMotion() {
        return movingFrom != null || pending != null;
    }

    /** Reads the file, writes the row, reads the fleet, and takes the steps that may be taken. */
    void beat() {
        file.poll(this::veto);
        try {
            noteDrained();
            if (registered || beatsWithoutTables++ % NOW_AND_THEN == 0 && hasTables()) {
                int steps = 0;
                while (look() && ++steps < Rung.values().length) {
                    noteDrained();
                }
                whereabouts.reaches();
            } else {
                whereabouts.lacksTables();
            }
        } catch (SQLException e) {
            if (Registry.tablesMissing(e) && standing.rung() == Rung.OLD_ONLY) {
                registered = false;
                whereabouts.lacksTables();
            } else {
                whereabouts.failsToReach(e);
            }
        }
        writeMirrors();
    }

    /** Asked before {@code init}, for a server writes each query of a table that it does not have into its log as an error. */
    private boolean hasTables() throws SQLException {
        RegistryLink home = links.to(authority());
        return home.transact(home.registry::isThere);
    }

    /** Says goodbye to the sides that its rung uses, as well as they allow. */
    void leave() {
        gone = true;
        if (registered) {
            for (Side side : Side.values()) {
                if (standing.rung().uses(side)) {
                    leave(side);
                }
            }
        }
        closeLinks();
    }

    private void leave(Side side) {
        try {
            RegistryLink link = links.to(side);
            link.run(connection -> link.registry.write(connection, row(), settings().fleetDead));
        } catch (SQLException e) {
            LOG.debug("{} was not told that the instance leaves", side.word(), e);
        }
    }

    // ---------------------------------------------------------------- one look at the fleet

    /** Returns whether a step was taken and is drained, so that the next may follow at once. */
    private boolean look() throws SQLException {
        Pass record = mirror(standing.rung().mirror()).saw(Pass.goBeforeAuthority(standing.rung()));
        if (record != null && !yields(record)) {
            return goWithoutAuthority(record);
        }
        silence.looks(authority(), mirror(authority()).fails());
        settlePending();
        RegistryLink home = links.to(authority());
        FleetView view = home.transact(connection -> presence.signOfLife(home.registry, connection, row(), epoch));
        registered = true;
        Settings now = settings();
        String hindrance = silence.after(view, now);
        if (presence.leftBehind()) {
            whereabouts.waitsFor("it was silent, counts as dead, and the fleet went on without it; restart it");
            return false;
        }
        if (!standing.rung().dual()) {
            epoch = view.phase.epoch;
        }
        InstanceRow self = row();
        List<InstanceRow> others = view.others(now.fleetDead, self.name);
        if (hindrance == null && doubtful.buried(view, now)) {
            return true;
        }
        presence.lookForStrays(view, others, standing.rung());
        FleetState.Decision decision = view.decide(self, others, now.gate);
        Rung next = decision.step;
        if (next == null) {
            whereabouts.say(decision.waitsFor);
            return false;
        }
        if (hindrance == null) {
            hindrance = hindrances.against(standing.rung(), next, view, others);
        }
        if (hindrance == null) {
            hindrance = lingering.against(standing.rung(), next, view.phase.pass, others);
        }
        if (hindrance != null) {
            whereabouts.waitsFor(hindrance);
            return false;
        }
        return take(next, self);
    }

    /**
     * Refuses a connection of the application's while this process counts as dead by the registry that it keeps up to date (R29).
     *
     * @throws SQLException SQLSTATE 08004
     */
    void admit(Side side, Connection connection) throws SQLException {
        if (registered && !gone && settings().phase.number() >= 2 && side == authority()) {
            presence.admit(links.to(side).registry, connection);
        }
    }

    /** Whether the authority answers, and what it says holds before the record. */
    private boolean yields(Pass record) {
        if (!Pass.yields(record, Pass.RETREAT_TO_FIVE)) {
            return false;
        }
        try {
            RegistryLink home = links.to(authority());
            return Pass.yields(record, home.transact(home.registry::readPhase).pass);
        } catch (SQLException e) {
            LOG.debug("{} is not asked before the {}", authority().word(), record, e);
            return false;
        }
    }

    /**
     * Goes on by the record on the mirror, and asks nothing of the authority. A step whose commit there is unknown is given up: it
     * was never used, and whoever counts it as taken is held back by it.
     */
    private boolean goWithoutAuthority(Pass record) throws SQLException {
        pending = null;
        RegistryLink mirror = links.to(standing.rung().mirror());
        synchronized (mirror(mirror.side()).lock()) {
            FleetView view = mirror.transact(connection -> {
                mirror.registry.write(connection, row(), settings().fleetDead);
                return mirror.registry.read(connection);
            });
            if (view.phase.pass != record) {
                return false;
            }
            InstanceRow self = row();
            List<InstanceRow> others = view.others(settings().fleetDead, self.name);
            FleetState.Decision decision = view.decide(self, others, settings().gate);
            Rung next = decision.step;
            whereabouts.say(decision.waitsFor);
            if (next == null) {
                return false;
            }
            Step step = new Step(links, settings(), self, row(next, standing.rung()), record);
            if (taken(step, next) == Step.Outcome.UNKNOWN) {
                throw Objects.requireNonNull(step.failure());
            }
            return standing.rung() == next && standing.drained();
        }
    }

    private boolean take(Rung next, InstanceRow self) throws SQLException {
        Step step = new Step(links, settings(), self, row(next, standing.rung()), null);
        boolean writesBoth = standing.rung().authority() != next.authority()
                || !Pass.goBeforeAuthority(standing.rung()).isEmpty();
        Step.Outcome outcome = writesBoth ? takeOnBoth(step, next) : taken(step, next);
        if (outcome == Step.Outcome.UNKNOWN) {
            pending = next;
            throw Objects.requireNonNull(step.failure());
        }
        String reason = step.reason();
        if (outcome == Step.Outcome.REFUSED && reason != null) {
            whereabouts.waitsFor(reason);
        }
        return outcome == Step.Outcome.TAKEN && standing.drained();
    }

    /** Keeps the other side's row from being overwritten by an older one that is under way. */
    private Step.Outcome takeOnBoth(Step step, Rung next) throws SQLException {
        synchronized (mirror(Side.OLD).lock()) {
            synchronized (mirror(Side.NEW).lock()) {
                return taken(step, next);
            }
        }
    }

    private Step.Outcome taken(Step step, Rung next) throws SQLException {
        Step.Outcome outcome = step.take();
        if (outcome == Step.Outcome.TAKEN) {
            moved(next);
        }
        return outcome;
    }

    private void moved(Rung next) {
        Rung left = standing.rung();
        movingFrom = left;
        pending = null;
        standing.move(next);
        farewells = FAREWELLS;
        LOG.info(
                "Instance {} went from {} to {} (asked for {})",
                settings().instance,
                left,
                next,
                settings().phase.number());
    }

    private void noteDrained() {
        Rung left = movingFrom;
        if (left != null && standing.drained()) {
            movingFrom = null;
            LOG.info("Instance {} has drained from {} and stands on {}", settings().instance, left, standing.rung());
        }
    }

    /** After a step whose commit is unknown: it is taken if every side recorded it, and not taken otherwise. */
    private void settlePending() throws SQLException {
        Rung next = pending;
        if (next == null) {
            return;
        }
        boolean everywhere = true;
        boolean first = true;
        for (Side side : Step.sides(standing.rung(), next)) {
            try {
                everywhere &= recorded(side, next);
            } catch (SQLException e) {
                if (first) {
                    throw e;
                }
                // The first side decides: without its record nobody counts this instance as standing on the next rung.
                LOG.debug("The step to {} is given up, for {} cannot be asked", next, side.word(), e);
                everywhere = false;
            }
            first = false;
        }
        if (everywhere) {
            moved(next);
        } else {
            pending = null;
        }
    }

    private boolean recorded(Side side, Rung next) throws SQLException {
        RegistryLink link = links.to(side);
        return link.transact(connection -> {
            link.registry.lock(connection);
            InstanceRow row = link.registry.read(connection).row(settings().instance);
            return row != null
                    && row.incarnation.equals(incarnation)
                    && row.rung == next
                    && row.movingFrom == standing.rung();
        });
    }

    // ---------------------------------------------------------------- what stands in the way

    /** What must be the same in the fleet changes only where one side is written (R28). */
    private @Nullable String veto(Settings current, Settings next) {
        String differs = next.differsIn(current.fingerprint());
        boolean single = !standing.rung().dual() && movingFrom == null;
        return differs == null || single
                ? null
                : differs + " changed while the instance stands on " + standing.rung()
                        + "; it may change in 1 and 6 only, in the whole fleet";
    }

    // ---------------------------------------------------------------- what it says of itself

    private InstanceRow row() {
        Rung next = pending;
        return next != null ? row(next, standing.rung()) : row(standing.rung(), movingFrom);
    }

    private InstanceRow row(Rung rung, @Nullable Rung from) {
        Settings now = settings();
        return new InstanceRow(
                now.instance,
                incarnation,
                rung,
                from,
                now.phase,
                0,
                0,
                gone,
                whereabouts.heldUpBy(),
                now.fingerprint(),
                now.fleetSize,
                hindrances.pausedSides(),
                "");
    }

    private void writeMirrors() {
        Rung rung = standing.rung();
        Rung from = movingFrom;
        Side side = rung.mirror();
        boolean used = rung.dual() || (from != null && from.dual());
        if (registered && !presence.leftBehind() && (used || farewells > 0)) {
            mirror(side).write(this::row, settings().fleetDead, () -> farewells = movingFrom == null ? 0 : farewells);
            farewells = Math.max(0, farewells - 1);
        }
    }

    private Side authority() {
        return standing.rung().authority();
    }

    private MirrorRow mirror(Side side) {
        return Objects.requireNonNull(mirrors.get(side));
    }

    private void closeLinks() {
        links.close();
        mirrors.values().forEach(MirrorRow::close);
    }
}
