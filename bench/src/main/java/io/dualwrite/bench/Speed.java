package io.dualwrite.bench;

import io.dualwrite.sql.SqlFlavour;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.openjdk.jmh.runner.RunnerException;

/** Measures what Dualwrite costs in the phases that are to be like the bare driver, and holds it against the targets. */
public final class Speed {
    /** At most this many times the bare driver, over H2. */
    private static final Map<String, Double> RATIOS =
            Map.of("select", 1.03, "update", 1.03, "prepare", 1.05, "texts", 1.10);

    /** At most this many nanoseconds more, over the stub; a benchmark that prepares also executes. */
    private static final Map<String, Double> NANOS = Map.of("select", 5.0, "update", 5.0, "prepare", 25.0);

    private static final List<String> BENCHMARKS = List.of("select", "update", "prepare", "texts");
    private static final double CLASSIFIED_A_SECOND = 500_000;
    private static final double BYTES_A_CONNECTION = 2048;
    private static final double BYTES_A_STATEMENT = 500;

    private final Plan plan;
    private final PrintStream progress;
    private final Forks forks;
    private final List<Figures> report = new ArrayList<>();

    private Speed(Plan plan) {
        this.plan = plan;
        this.progress = plan.json() ? System.err : System.out;
        this.forks = new Forks(plan, progress::println);
    }

    /** Arguments: see {@link Plan#USAGE}. */
    public static void main(String[] arguments) throws RunnerException, IOException, InterruptedException {
        Plan plan;
        try {
            plan = Plan.of(arguments);
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.err.println(Plan.USAGE);
            System.exit(2);
            return;
        }
        new Speed(plan).run();
    }

    private void run() throws RunnerException, IOException, InterruptedException {
        for (String benchmark : BENCHMARKS) {
            if (plan.runs("stub", benchmark) && NANOS.containsKey(benchmark)) {
                overStub(benchmark);
            }
        }
        for (String benchmark : BENCHMARKS) {
            if (plan.runs("h2", benchmark)) {
                overH2(benchmark);
            }
        }
        if (plan.runs("memory", "")) {
            memory(1);
            memory(6);
        }
        if (plan.runs("classifier", "")) {
            classifier();
        }
        print();
    }

    private void overH2(String benchmark) throws RunnerException {
        compare("h2", benchmark, forks.interleaved(benchmark, Database.H2, List.of(Contender.values())));
    }

    private void overStub(String benchmark) throws RunnerException {
        List<Contender> ours = List.of(Contender.BARE, Contender.DUALWRITE_1, Contender.DUALWRITE_6);
        compare("stub", benchmark, forks.interleaved(benchmark, Database.STUB, ours));
    }

    private void compare(String part, String benchmark, Map<Contender, List<Forks.Fork>> measured) {
        boolean stub = part.equals("stub");
        List<Double> bare = scores(measured.getOrDefault(Contender.BARE, List.of()));
        List<Double> bareBytes = bytes(measured.getOrDefault(Contender.BARE, List.of()));
        measured.forEach((contender, itsForks) -> {
            List<Double> nanos = scores(itsForks);
            List<Double> bytes = Figures.against(bytes(itsForks), bareBytes, false);
            Figures figures = Figures.of(
                            part,
                            benchmark,
                            contender.word(),
                            Figures.against(nanos, bare, !stub),
                            stub ? "ns beyond bare" : "x bare")
                    .timed(Figures.median(nanos), Figures.median(bytes));
            Map<String, Double> targets = stub ? NANOS : RATIOS;
            report.add(contender.isDualwrite() ? figures.atMost(targets.getOrDefault(benchmark, Double.NaN)) : figures);
        });
    }

    private static List<Double> scores(List<Forks.Fork> forks) {
        return forks.stream().map(Forks.Fork::score).toList();
    }

    private static List<Double> bytes(List<Forks.Fork> forks) {
        return forks.stream().map(Forks.Fork::bytes).toList();
    }

    /** In a JVM of its own, in which every object may be looked into. */
    private void memory(int phase) throws IOException, InterruptedException {
        progress.println("memory in phase " + phase);
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        for (String opened : List.of("lang", "lang.invoke", "util", "util.concurrent", "util.concurrent.atomic")) {
            command.addAll(List.of("--add-opens", "java.base/java." + opened + "=ALL-UNNAMED"));
        }
        command.addAll(List.of("-Djol.magicFieldOffset=true", "-cp", System.getProperty("java.class.path")));
        command.addAll(List.of(Memory.class.getName(), Integer.toString(phase)));
        Process child = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        List<Double> bytes;
        try (BufferedReader out = child.inputReader(StandardCharsets.UTF_8)) {
            bytes = out.lines()
                    .filter(line -> !line.startsWith("#"))
                    .flatMap(line -> Arrays.stream(line.split(" ")))
                    .map(Double::valueOf)
                    .toList();
        }
        child.waitFor();
        String who = "dualwrite-" + phase;
        report.add(Figures.of("memory", "connection", who, List.of(bytes.get(0)), "B beyond vendor's")
                .atMost(BYTES_A_CONNECTION));
        report.add(Figures.of("memory", "statement", who, List.of(bytes.get(1)), "B beyond vendor's")
                .atMost(BYTES_A_STATEMENT));
    }

    private void classifier() throws RunnerException {
        for (SqlFlavour flavour : SqlFlavour.values()) {
            List<Double> rates = new ArrayList<>();
            for (int fork = 1; fork <= plan.forks(); fork++) {
                double rate = forks.run(Classify.class.getName(), plan.warmups(), Map.of("flavour", flavour.name()))
                        .score();
                rates.add(rate);
                progress.printf(
                        Locale.ROOT, "classifier %s, %d of %d: %,.0f a second%n", flavour, fork, plan.forks(), rate);
            }
            report.add(Figures.of("classifier", "uncached", flavour.name().toLowerCase(Locale.ROOT), rates, "a second")
                    .atLeast(CLASSIFIED_A_SECOND));
        }
    }

    private void print() {
        if (plan.json()) {
            System.out.println(report.stream().map(Figures::json).collect(Collectors.joining(",\n  ", "[\n  ", "\n]")));
            return;
        }
        System.out.println();
        System.out.println(Figures.HEAD);
        report.forEach(line -> System.out.println(line.row()));
    }
}
