package io.dualwrite.bench;

import java.util.ArrayList;
import java.util.List;
import org.openjdk.jmh.runner.options.TimeValue;

/**
 * What is to be run.
 *
 * @param forks JVMs of each contender and benchmark
 * @param quick whether each JVM measures for 1.5 seconds instead of 5
 * @param json whether standard output gets JSON in place of the table
 * @param only the parts to run, all where it is empty
 */
record Plan(int forks, boolean quick, boolean json, List<String> only) {
    static final String USAGE = """
            Usage: Speed [--forks N] [--quick] [--json] [--only PART[,PART…]]
              --forks N   JVMs of each contender and benchmark, interleaved (10)
              --quick     1.5 seconds of measuring a JVM instead of 5
              --json      JSON on standard output in place of the table
              --only      parts: h2, stub, memory, classifier; or benchmarks: select, update, prepare, texts""";

    static Plan of(String[] arguments) {
        int forks = 10;
        boolean quick = false;
        boolean json = false;
        List<String> only = new ArrayList<>();
        for (int i = 0; i < arguments.length; i++) {
            switch (arguments[i]) {
                case "--forks" -> forks = Integer.parseInt(after(arguments, i++));
                case "--quick" -> quick = true;
                case "--json" -> json = true;
                case "--only" -> only.addAll(List.of(after(arguments, i++).split(",")));
                default -> throw new IllegalArgumentException(arguments[i] + " is not known");
            }
        }
        if (forks < 1) {
            throw new IllegalArgumentException("--forks wants a number from 1 up");
        }
        return new Plan(forks, quick, json, List.copyOf(only));
    }

    private static String after(String[] arguments, int option) {
        if (option + 1 == arguments.length) {
            throw new IllegalArgumentException(arguments[option] + " wants a value");
        }
        return arguments[option + 1];
    }

    /** Whether the part is to be run, or the benchmark in it. */
    boolean runs(String part, String benchmark) {
        boolean anyPart = only.stream().noneMatch(List.of("h2", "stub", "memory", "classifier")::contains);
        boolean anyBenchmark = only.stream().allMatch(List.of("h2", "stub", "memory", "classifier")::contains);
        return (anyPart || only.contains(part))
                && (anyBenchmark || only.contains(benchmark) || !anyPart && benchmark.isEmpty());
    }

    /** Iterations before a JVM measures. */
    int warmups() {
        return 4;
    }

    /** Iterations before a JVM measures on a database: the compiler needs some five seconds for H2. */
    int warmups(Database database) {
        return database == Database.H2 ? 12 : warmups();
    }

    int measurements() {
        return quick ? 3 : 10;
    }

    TimeValue iteration() {
        return TimeValue.milliseconds(500);
    }
}
