package io.dualwrite.copier;

import io.dualwrite.copier.plan.TablePlan;
import io.dualwrite.copier.read.Source;
import io.dualwrite.copier.write.Target;
import io.dualwrite.dialect.Column;
import io.dualwrite.dialect.Generator;
import io.dualwrite.sql.TableName;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Raises the target's key generators above all that the source has handed out and all that the tables hold (R24). */
final class SequencesRun {
    private static final int MOST_TRIES = 20;
    private static final long PAUSE_MILLIS = 100;

    private final Job job;
    private final Source source;
    private final Target target;
    private final List<Report.Table> reports = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private long raised;

    SequencesRun(Job job, Source source, Target target) {
        this.job = job;
        this.source = source;
        this.target = target;
    }

    Report raise(long margin) throws SQLException, InterruptedException {
        long started = System.nanoTime();
        for (TablePlan table : job.plan().parentsFirst()) {
            List<Generator> onSource = source.generators(table);
            for (Generator generator : target.generators(table)) {
                raise(table, generator, onSource, margin);
            }
            for (Generator generator : onSource) {
                noteMissing(table, generator);
            }
        }
        List<Generator> free = source.freeGenerators();
        for (Generator generator : target.freeGenerators()) {
            Generator twin = named(free, generator.sequence);
            if (twin != null) {
                raise(generator.toString(), generator, source.reached(twin), margin);
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

    private void raise(TablePlan table, Generator generator, List<Generator> onSource, long margin)
            throws SQLException, InterruptedException {
        long needed = 0;
        for (Generator twin : onSource) {
            if (twin.column != null && twin.column.equalsIgnoreCase(generator.column)) {
                needed = Math.max(needed, source.reached(twin));
            }
        }
        String name = generator.column;
        Column sourceColumn = name == null ? null : table.source().column(name);
        Column targetColumn = name == null ? null : table.target().column(name);
        needed = Math.max(needed, sourceColumn == null ? 0 : orZero(source.largest(table, sourceColumn)));
        needed = Math.max(needed, targetColumn == null ? 0 : orZero(target.largest(table, targetColumn)));
        raise(table.name() + "." + name, generator, needed, margin);
    }

    private void raise(String label, Generator generator, long needed, long margin)
            throws SQLException, InterruptedException {
        long reached = target.reached(generator);
        String note = "already at " + reached;
        if (reached < needed + margin / 2) {
            raiseWithPatience(generator, needed + margin);
            note = "raised from " + reached + " to above " + (needed + margin);
            raised++;
        }
        reports.add(new Report.Table(label, null, null, null, null, null, null, note));
    }

    private void raiseWithPatience(Generator generator, long floor) throws SQLException, InterruptedException {
        for (int tries = 1; ; tries++) {
            try {
                target.raise(generator, floor);
                return;
            } catch (SQLException failure) {
                target.release();
                if (tries >= MOST_TRIES || !target.dialect().isRetryable(failure)) {
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
