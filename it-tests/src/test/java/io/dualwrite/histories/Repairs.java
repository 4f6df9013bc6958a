package io.dualwrite.histories;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Repairs again and again beside everything else; a run may be refused, or lose its session. Thread-safe. */
final class Repairs implements AutoCloseable {
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();
    private final Map<Integer, Integer> exits = new ConcurrentSkipListMap<>();

    Repairs(Operator operator) {
        thread.scheduleWithFixedDelay(
                () -> exits.merge(operator.run("repair").exit(), 1, Integer::sum),
                PAUSE.toMillis(),
                PAUSE.toMillis(),
                TimeUnit.MILLISECONDS);
    }

    /** How often a run ended well. */
    int fine() {
        return exits.getOrDefault(0, 0);
    }

    @Override
    public void close() throws InterruptedException {
        thread.shutdown();
        thread.awaitTermination(60, TimeUnit.SECONDS);
    }

    @Override
    public String toString() {
        return "repairs by exit code " + exits;
    }
}
