package io.dualwrite.demo;

import io.dualwrite.demo.verdict.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** Looks at fleet and registry once a second and shows what it sees. */
final class Watcher implements AutoCloseable {
    private static final Duration EVERY = Duration.ofSeconds(1);

    private final Fleet fleet;
    private final Registry registry;
    private final Console console;
    private final Thread thread;
    private volatile boolean ended;
    private long requestsBefore;
    private long lookedAt = System.nanoTime();

    Watcher(Fleet fleet, Registry registry, Console console) {
        this.fleet = fleet;
        this.registry = registry;
        this.console = console;
        this.thread = new Thread(this::watch, "demo-watcher");
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    private void watch() {
        while (!ended) {
            console.show(view());
            LockSupport.parkNanos(EVERY.toNanos());
        }
    }

    private Console.View view() {
        Registry.Look look = registry.look();
        List<Console.Place> places = new ArrayList<>();
        for (Instance instance : fleet.instances()) {
            Registry.Standing standing = look.of(instance.name);
            places.add(new Console.Place(
                    instance.name,
                    standing.rung() == null ? "OLD_ONLY" : standing.rung().name(),
                    standing.movingFrom() == null ? "" : standing.movingFrom().name(),
                    standing.asked(),
                    standing.waitsFor() == null ? "" : standing.waitsFor()));
        }
        Verdict.Load load = fleet.load(Duration.ZERO);
        long now = System.nanoTime();
        double seconds = Math.max(1, now - lookedAt) / 1e9;
        double rate = (load.requests() - requestsBefore) / seconds;
        requestsBefore = load.requests();
        lookedAt = now;
        return new Console.View(
                places, load.requests(), rate, load.failed(), load.slowest(), fleet.recentSlowest(), look.marks());
    }

    @Override
    public void close() {
        ended = true;
        LockSupport.unpark(thread);
        try {
            thread.join(5000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
