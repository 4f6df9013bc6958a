package io.dualwrite.copier;

import io.dualwrite.copier.plan.TablePlan;
import io.dualwrite.copier.read.Source;
import io.dualwrite.copier.write.Target;
import io.dualwrite.dialect.Column;
import io.dualwrite.dialect.Dialect;
import io.dualwrite.dialect.Generator;
import io.dualwrite.ladder.Side;
import io.dualwrite.sql.TableName;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Raises the target's key generators above all that the source has handed out and all that the tables hold (R24).
 *
 * <p>On the way down, while instances still generate keys on new alone, a generator of new's that follows explicit values would
 * follow those that old hands out. There new's goes ahead first and old's gets the values in between.
 */
final class SequencesRun {
    private static final int MOST_TRIES = 20;
    private static final long PAUSE_MILLIS = 100;

    private final Job job;
    private final Source source;
    private final Target target;
    private final boolean bothGenerate;
    private final List<Report.Table> reports = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private long raised;

    /** @param bothGenerate whether the source goes on to hand out keys beside the target */
    SequencesRun(Job job, Source source, Target target, boolean bothGenerate) {
        this.job = job;
        this.source = source;
        this.target = target;
        this.bothGenerate = bothGenerate;
    }

    /** @param least how far above the source's a generator is raised at least, in keys */
    Report raise(long least) throws SQLException, InterruptedException {
        long started = System.nanoTime();
        Margins margins = Margins.observe(source, allOnSource(), least);
        for (TablePlan table : job.plan().parentsFirst()) {
            List<Generator> onSource = source.generators(table);
            for (Generator generator : target.generators(table)) {
                raise(table, generator, onSource, margins);
            }
            for (Generator generator : onSource) {
                noteMissing(table, generator);
            }
        }
        List<Generator> free = source.freeGenerators();
        for (Generator generator : target.freeGenerators()) {
            Generator twin = named(free, generator.sequence);
            if (twin != null) {
                long needed = source.reached(twin);
                raise(
                        generator.toString(),
                        generator,
                        needed,
                        margins.of(generator, needed, target.highest(generator)));
            }
        }
        for (Generator generator : free) {
            if (named(target.freeGenerators(), generator.sequence) == null) {
                notes.add("There is no " + generator + " on "
                        + job.direction().target().word() + ": create it, if the application draws values from it.");
            }
        }
        job.run().end(true, raised, 0, raised + " generators raised");
        return job.report(reports, List.of(), 0, notes, started);
    }

    private List<Generator> allOnSource() throws SQLException {
        List<Generator> all = new ArrayList<>(source.freeGenerators());
        for (TablePlan table : job.plan().parentsFirst()) {
            all.addAll(source.generators(table));
        }
        return all;
    }

    private void raise(TablePlan table, Generator generator, List<Generator> onSource, Margins margins)
            throws SQLException, InterruptedException {
        long needed = 0;
        Generator follower = null;
        for (Generator twin : onSource) {
            if (twin.column != null && twin.column.equalsIgnoreCase(generator.column)) {
                needed = Math.max(needed, source.reached(twin));
                follower = bothGenerate && twin.followsExplicitValues ? twin : follower;
            }
        }
        String name = generator.column;
        Column sourceColumn = name == null ? null : table.source().column(name);
        Column targetColumn = name == null ? null : table.target().column(name);
        needed = Math.max(needed, sourceColumn == null ? 0 : orZero(source.largest(table, sourceColumn)));
        needed = Math.max(needed, targetColumn == null ? 0 : orZero(target.largest(table, targetColumn)));
        long margin = margins.of(generator, needed, target.highest(generator));
        if (follower != null) {
            long highest = Math.max(needed + margin, target.reached(generator));
            makeRoom(table.name() + "." + name, follower, highest + margin);
        }
        raise(table.name() + "." + name, generator, needed, margin);
    }

    /** Sends the source's generator ahead, so that the target's has the values below for its own. */
    private void makeRoom(String label, Generator generator, long floor) throws SQLException, InterruptedException {
        long reached = source.reached(generator);
        patiently(source.dialect(), () -> source.raise(generator, floor), source::release);
        Side side = job.direction().source();
        row(label, "sent ahead on " + side.word() + " from " + reached + " to above " + floor);
    }

    private void raise(String label, Generator generator, long needed, long margin)
            throws SQLException, InterruptedException {
        long reached = target.reached(generator);
        job.run().done(generator.commonName(), Long.toString(margin), 0, 0, "raised by this margin");
        if (reached >= needed + margin) {
            row(label, "already at " + reached);
            return;
        }
        patiently(target.dialect(), () -> target.raise(generator, needed + margin), target::release);
        row(label, "raised from " + reached + " to above " + (needed + margin));
        raised++;
    }

    private void row(String label, String note) {
        reports.add(Report.Table.noted(label, note));
    }

    private interface Step {
        void take() throws SQLException;
    }

    private static void patiently(Dialect dialect, Step step, Step undo) throws SQLException, InterruptedException {
        for (int tries = 1; ; tries++) {
            try {
                step.take();
                return;
            } catch (SQLException failure) {
                undo.take();
                if (tries >= MOST_TRIES || !dialect.isRetryable(failure)) {
                    throw failure;
                }
            }
            Thread.sleep(PAUSE_MILLIS);
        }
    }

    private void noteMissing(TablePlan table, Generator generator) throws SQLException {
        boolean there = target.generators(table).stream()
                .anyMatch(other -> other.column != null && other.column.equalsIgnoreCase(generator.column));
        if (!there) {
            notes.add("Column " + generator + " generates its values on "
                    + job.direction().source().word() + " and not on "
                    + job.direction().target().word() + ".");
        }
    }

    private static @Nullable Generator named(List<Generator> generators, @Nullable TableName name) {
        for (Generator generator : generators) {
            if (name != null
                    && generator.sequence != null
                    && generator.sequence.table().equalsIgnoreCase(name.table())) {
                return generator;
            }
        }
        return null;
    }

    private static long orZero(@Nullable Long value) {
        return value == null ? 0 : value;
    }
}
