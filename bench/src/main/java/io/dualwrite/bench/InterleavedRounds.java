package io.dualwrite.bench;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Runs a benchmark in rounds. In each round every contender gets one JVM of its own, in an order that turns from round to round, and
 * is held against the bare driver of the same round: what the machine does to one round it does to all in it.
 */
public final class InterleavedRounds {

    private InterleavedRounds() {}

    /** Arguments: the number of rounds (10 where there is none), and the benchmark's pattern (the prepared select). */
    public static void main(String[] arguments) throws RunnerException {
        int rounds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 10;
        String pattern = arguments.length > 1 ? arguments[1] : PreparedSelect.class.getSimpleName();
        Map<Contender, List<Double>> nanos = new EnumMap<>(Contender.class);
        List<Contender> order = new ArrayList<>(List.of(Contender.values()));
        for (int round = 0; round < rounds; round++) {
            for (Contender contender : order) {
                nanos.computeIfAbsent(contender, key -> new ArrayList<>()).add(measure(pattern, contender));
            }
            Collections.rotate(order, 1);
            System.out.printf(Locale.ROOT, "round %d of %d%n", round + 1, rounds);
        }
        report(nanos);
    }

    private static double measure(String pattern, Contender contender) throws RunnerException {
        Options options = new OptionsBuilder()
                .include(pattern)
                .param("contender", contender.name())
                .forks(1)
                .warmupIterations(3)
                .warmupTime(TimeValue.seconds(1))
                .measurementIterations(5)
                .measurementTime(TimeValue.seconds(1))
                .verbosity(VerboseMode.SILENT)
                .build();
        Collection<RunResult> results = new Runner(options).run();
        return results.iterator().next().getPrimaryResult().getScore();
    }

    private static void report(Map<Contender, List<Double>> nanos) {
        List<Double> bare = nanos.getOrDefault(Contender.BARE, List.of());
        System.out.printf("%-18s %10s %8s   %s%n", "contender", "ns, median", "x bare", "least .. most");
        nanos.forEach((contender, measured) -> {
            List<Double> ratios = IntStream.range(0, measured.size())
                    .mapToObj(round -> measured.get(round) / bare.get(round))
                    .sorted()
                    .toList();
            System.out.printf(
                    Locale.ROOT,
                    "%-18s %10.1f %8.3f   %.3f .. %.3f%n",
                    contender.name().toLowerCase(Locale.ROOT).replace('_', '-'),
                    median(measured),
                    median(ratios),
                    ratios.get(0),
                    ratios.get(ratios.size() - 1));
        });
    }

    private static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }
}
