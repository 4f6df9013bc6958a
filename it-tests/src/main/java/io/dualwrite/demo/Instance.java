package io.dualwrite.demo;

import io.dualwrite.demo.bookstore.Bookstore;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;

/** One instance of the bookstore in a JVM of its own, and what it counts. Thread-safe. */
final class Instance {
    private static final Duration START = Duration.ofSeconds(60);
    private static final Duration PAUSE = Duration.ofSeconds(30);
    private static final int FAILURES_KEPT = 20;

    /** What an instance last said of its requests; durations in µs. */
    record Count(long requests, long failed, long retried, long slowest, String slowestName, long recentSlowest) {}

    final String name;
    final Path journal;
    private final ChildJvm jvm;
    private final List<String> failures = new ArrayList<>();
    private Count count = new Count(0, 0, 0, 0, "-", 0);

    /**
     * Starts an instance; {@link #awaitReady} waits until it works.
     *
     * @param number 1 for the first
     */
    Instance(int number, String url, DemoOptions options) throws IOException {
        name = "bookstore-" + number;
        journal = options.directory().resolve(name + ".journal");
        List<String> arguments = List.of(
                url,
                journal.toString(),
                Integer.toString(number),
                Integer.toString(DemoOptions.FLEET),
                Integer.toString(options.rate()),
                Long.toString(options.seed()));
        jvm = ChildJvm.start(
                name, Bookstore.class, arguments, options.directory().resolve(name + ".log"), this::heard);
    }

    private synchronized void heard(String line) {
        if (line.startsWith("tally ")) {
            String[] words = line.split(" ", -1);
            count = new Count(
                    Long.parseLong(words[1]),
                    Long.parseLong(words[2]),
                    Long.parseLong(words[3]),
                    Long.parseLong(words[4]),
                    words[5],
                    Long.parseLong(words[6]));
        } else if (line.startsWith("failed ") && failures.size() < FAILURES_KEPT) {
            failures.add(name + " " + line);
        }
    }

    synchronized Count count() {
        return count;
    }

    synchronized List<String> failures() {
        return List.copyOf(failures);
    }

    boolean runs() {
        return jvm.runs();
    }

    void awaitReady() throws IOException, InterruptedException, TimeoutException {
        jvm.ask(null, "ready", START);
    }

    /** Holds its users back; returns once their open requests have ended. No request fails or waits for this. */
    void pause() throws IOException, InterruptedException, TimeoutException {
        jvm.ask("pause", "paused", PAUSE);
    }

    void resume() throws IOException {
        jvm.tell("resume");
    }

    /** Ends it in an orderly way. */
    void stop() throws IOException, InterruptedException, TimeoutException {
        jvm.ask("stop", "stopped", PAUSE);
        jvm.await(Duration.ofSeconds(10));
    }

    void kill() {
        jvm.kill();
    }
}
