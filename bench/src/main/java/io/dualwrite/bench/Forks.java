package io.dualwrite.bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Runs benchmarks in rounds. In each round every contender gets one JVM of its own, in an order that turns from round to round, and
 * is held against the bare driver of the same round: what the machine does to one round it does to all in it.
 */
final class Forks {

    /** What one JVM measured: time or throughput, and bytes allocated an operation. */
    record Fork(double score, double bytes) {}

    private final Plan plan;
    private final Consumer<String> progress;

    Forks(Plan plan, Consumer<String> progress) {
        this.plan = plan;
        this.progress = progress;
    }

    Map<Contender, List<Fork>> interleaved(String benchmark, Database database, List<Contender> contenders)
            throws RunnerException {
        Map<Contender, List<Fork>> forks = new EnumMap<>(Contender.class);
        List<Contender> order = new ArrayList<>(contenders);
        for (int round = 1; round <= plan.forks(); round++) {
            for (Contender contender : order) {
                Fork fork = run(
                        Statements.class.getName() + "." + benchmark + "$",
                        plan.warmups(database),
                        Map.of("contender", contender.name(), "database", database.name()));
                forks.computeIfAbsent(contender, key -> new ArrayList<>()).add(fork);
                progress.accept(String.format(
                        "%s %s, round %d of %d: %s %.1f ns, %.1f B",
                        database, benchmark, round, plan.forks(), contender.word(), fork.score, fork.bytes));
            }
            Collections.rotate(order, 1);
        }
        return forks;
    }

    Fork run(String benchmark, int warmups, Map<String, String> parameters) throws RunnerException {
        ChainedOptionsBuilder options = new OptionsBuilder()
                .include(benchmark)
                .forks(1)
                .warmupIterations(warmups)
                .warmupTime(plan.iteration())
                .measurementIterations(plan.measurements())
                .measurementTime(plan.iteration())
                .addProfiler(GCProfiler.class)
                .shouldFailOnError(true)
                .verbosity(VerboseMode.SILENT);
        parameters.forEach(options::param);
        RunResult result = new Runner(options.build()).run().iterator().next();
        return new Fork(result.getPrimaryResult().getScore(), bytes(result));
    }

    private static double bytes(RunResult result) {
        for (String name : result.getSecondaryResults().keySet()) {
            if (name.endsWith("gc.alloc.rate.norm")) {
                return result.getSecondaryResults().get(name).getScore();
            }
        }
        return Double.NaN;
    }
}
