package io.dualwrite.copier;

import io.dualwrite.config.Manifest;
import io.dualwrite.config.Settings;
import io.dualwrite.copier.diff.Mender;
import io.dualwrite.copier.diff.Reconciler;
import io.dualwrite.copier.ledger.Ledger;
import io.dualwrite.copier.ledger.Run;
import io.dualwrite.copier.ledger.RunKind;
import io.dualwrite.copier.plan.AllowedSessions;
import io.dualwrite.copier.plan.CopyPlan;
import io.dualwrite.copier.plan.Direction;
import io.dualwrite.copier.plan.Endpoint;
import io.dualwrite.copier.plan.TablePlan;
import io.dualwrite.copier.plan.WrongInput;
import io.dualwrite.copier.read.Source;
import io.dualwrite.copier.write.Target;
import io.dualwrite.dialect.TableShape;
import io.dualwrite.ladder.Side;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One opened pair of source and target, and the runs over it: plan, read, convert, write, verify, report. Not thread-safe.
 */
public final class Copier implements AutoCloseable {
    private final Settings settings;
    private final Direction direction;
    private final Progress progress;
    private final Source source;
    private final Target target;
    private final Ledger ledger;
    private final CopyPlan plan;
    private final String id;

    private Copier(
            Settings settings,
            Direction direction,
            String id,
            Progress progress,
            Source source,
            Target target,
            Ledger ledger)
            throws SQLException {
        this.id = id;
        this.settings = settings;
        this.direction = direction;
        this.progress = progress;
        this.source = source;
        this.target = target;
        this.ledger = ledger;
        this.plan = plan(settings, direction, source, target);
        for (String cycle : plan.cycles()) {
            progress.note("Foreign keys form a ring, so that no order of the tables satisfies them all: " + cycle);
        }
        noteTimeZones();
    }

    /**
     * Connects to both sides and plans their tables.
     *
     * @param id names the run in {@code dualwrite_copy}; the rounds of one process share it
     * @throws WrongInput if the file or the tables do not allow a run
     * @throws SQLException if a side cannot be reached
     */
    @SuppressWarnings("MustBeClosed")
    public static Copier open(Settings settings, Direction direction, String id, Progress progress)
            throws SQLException {
        Endpoint from = Endpoint.of(settings, direction.source());
        Endpoint to = Endpoint.of(settings, direction.target());
        Source source = Source.open(from);
        Target target = null;
        Ledger ledger = null;
        try {
            target = Target.open(to);
            ledger = Ledger.open(direction, List.of(from, to));
            return new Copier(settings, direction, id, progress, source, target, ledger);
        } catch (SQLException | RuntimeException failure) {
            closeQuietly(failure, ledger, target, source);
            throw failure;
        }
    }

    /**
     * The direction in which a repair must go: from the authority of the instances that are there, old where none is.
     *
     * @throws SQLException if a side cannot be reached
     */
    public static Direction fromAuthority(Settings settings) throws SQLException {
        List<Endpoint> endpoints = List.of(Endpoint.of(settings, Side.OLD), Endpoint.of(settings, Side.NEW));
        try (Ledger ledger = Ledger.open(Direction.UP, endpoints)) {
            return ledger.fleet().authority(settings.phase) == Side.OLD ? Direction.UP : Direction.DOWN;
        }
    }

    /** A new name for a run. */
    public static String newRun() {
        return UUID.randomUUID().toString();
    }

    private static void closeQuietly(Exception failure, @Nullable AutoCloseable... opened) {
        for (AutoCloseable one : opened) {
            if (one != null) {
                try {
                    one.close();
                } catch (Exception second) {
                    failure.addSuppressed(second);
                }
            }
        }
    }

    private static CopyPlan plan(Settings settings, Direction direction, Source source, Target target)
            throws SQLException {
        Manifest manifest = settings.manifest;
        List<TableShape> shapes = source.shapes().stream()
                .filter(shape -> manifest.classOf(shape.name) != Manifest.DataClass.REFUSED)
                .map(shape -> shape.keyedBy(settings.key(shape.name)))
                .toList();
        Map<String, TableShape> onTarget = new HashMap<>();
        for (TableShape shape : shapes) {
            TableShape other = target.shape(shape.name);
            if (other != null) {
                onTarget.put(shape.name.toString(), other.keyedBy(settings.key(other.name)));
            }
        }
        for (TableShape shape : shapes) {
            source.requireDistinct(shape);
        }
        return CopyPlan.of(
                direction,
                shapes,
                manifest::classOf,
                shape -> onTarget.get(shape.name.toString()),
                settings::lastModified);
    }

    /** The tables of the migration. */
    public CopyPlan plan() {
        return plan;
    }

    /**
     * Copies what was changed since the last run, all of it the first time.
     *
     * @param deletes whether rows are deleted that the source no longer has, which reads all keys
     */
    public Report copy(Selection selection, boolean deletes) throws SQLException, InterruptedException {
        return run(RunKind.COPY, job -> new CopyRun(job, source, ledger, settings.copySkew).copy(selection, deletes));
    }

    /** Makes the tables of Data B agree row by row, deletes included, and proves it. */
    public Report freeze(Selection selection) throws SQLException, InterruptedException {
        return run(RunKind.FREEZE, job -> new WholeRun(job, ledger)
                .runAndProve(selection, new VerifyRun(job, source, target, ledger)));
    }

    /**
     * Makes the tables of Data A agree row by row, deletes included. Where all instances write both sides, it is the final one, and
     * waits for what the source's server still has open from before (R22).
     *
     * @throws WrongInput if a transaction from before outlasts half a minute
     */
    public Report sync(Selection selection) throws SQLException, InterruptedException {
        List<String> notDual = ledger.fleet().notDual();
        if (!notDual.isEmpty()) {
            progress.note("This sync is not the final one: " + String.join(", ", notDual)
                    + " not yet on both sides. Run it again once the whole fleet is at 3.");
        } else {
            Instant arrival = ledger.lastArrival(direction.source());
            new Stragglers(source, direction.source(), AllowedSessions.of(settings), progress).await(arrival);
        }
        return run(RunKind.SYNC, job -> new WholeRun(job, ledger).run(selection));
    }

    /** Compares the tables. */
    public Report verify(Selection selection) throws SQLException, InterruptedException {
        return run(RunKind.VERIFY, job -> new VerifyRun(job, source, target, ledger).verify(selection));
    }

    /** Mends what is marked, and what the last verification found. */
    public Report repair() throws SQLException, InterruptedException {
        return repair(List.of());
    }

    /**
     * Mends what is marked, and what the last verification found.
     *
     * @param forgotten tables that are none of the migration's, as marks spell them, whose marks are cleared unlooked at
     * @throws WrongInput if one of them is a table of the migration
     */
    public Report repair(List<String> forgotten) throws SQLException, InterruptedException {
        return repairOnce(forgotten).report();
    }

    RepairRun.Outcome repairOnce(List<String> forgotten) throws SQLException, InterruptedException {
        return run(RunKind.REPAIR, job -> new RepairRun(job, ledger, forgotten).repair());
    }

    /** Whether there is something to repair: marks that no transaction is about to clear, differences that were found. */
    boolean isRepairDue() throws SQLException, InterruptedException {
        return RepairRun.isDue(ledger) || !ledger.differing().isEmpty();
    }

    /** Clears what killed instances have left of marks that are cleared already. */
    void clearLeftBehind() throws SQLException {
        ledger.clearLeftBehind();
    }

    /** Whether the source is still the authority, so that a repair goes this way. */
    boolean isFromAuthority() throws SQLException {
        return ledger.fleet().authority(settings.phase) == direction.source();
    }

    /** Raises the target's key generators above what the source has handed out. */
    public Report sequences(long margin) throws SQLException, InterruptedException {
        return run(RunKind.SEQUENCES, job -> new SequencesRun(job, source, target, sparesGenerators()).raise(margin));
    }

    /**
     * Raises new's key generators without old, where old cannot be reached and new is the authority.
     *
     * @param why what kept old from being asked
     * @throws SQLException that one again, where old is needed, or what new failed on
     */
    public static Report sequencesAlone(Settings settings, String id, long margin, SQLException why)
            throws SQLException, InterruptedException {
        if (!Endpoint.of(settings, Side.OLD).isUnreachable() || !SequencesAlone.mayGo(settings)) {
            throw why;
        }
        return SequencesAlone.raise(settings, id, margin, why);
    }

    /** Rows are carried over and compared with the time that is shown, so that other instants may count as the same. */
    private void noteTimeZones() throws SQLException {
        String shown = source.instantsOfSeasons();
        String other = target.instantsOfSeasons();
        if (shown.isEmpty() || other.isEmpty() || shown.equals(other)) {
            return;
        }
        for (TablePlan table : plan.parentsFirst()) {
            if (table.source().keepsInstants() && table.target().keepsInstants()) {
                progress.note(
                        "Table " + table + " holds instants (TIMESTAMP), which a session shows by another time zone on "
                                + direction.source().word() + " than on "
                                + direction.target().word()
                                + ": dualwrite check says what to do.");
                return;
            }
        }
    }

    private interface Body<T> {
        T run(Job job) throws SQLException, InterruptedException;
    }

    private <T> T run(RunKind kind, Body<T> body) throws SQLException, InterruptedException {
        Duration lock = settings.copyLock;
        try (Run run = Run.begin(ledger, id, kind, direction, settings.phase);
                Mender mender = new Mender(plan, direction, source, target, lock, sparesGenerators())) {
            Reconciler reconciler = new Reconciler(source, target, mender, settings.copyChunk);
            return body.run(new Job(id, kind, direction, plan, run, mender, reconciler, progress));
        }
    }

    /** R24: on the way down, until no instance generates keys on new alone any more. */
    private boolean sparesGenerators() throws SQLException {
        return direction == Direction.DOWN && ledger.fleet().generatesOnNew();
    }

    @Override
    public void close() throws SQLException {
        try (Source one = source;
                Target other = target;
                Ledger third = ledger) {
            progress.advance(0);
        }
    }
}
