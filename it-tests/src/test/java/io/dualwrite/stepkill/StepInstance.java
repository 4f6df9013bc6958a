package io.dualwrite.stepkill;

import io.dualwrite.config.Settings;
import io.dualwrite.config.SettingsException;
import io.dualwrite.jdbc.Classifiers;
import io.dualwrite.jdbc.DualConnection;
import io.dualwrite.ladder.Rung;
import io.dualwrite.ladder.Side;
import io.dualwrite.ladder.Standing;
import io.dualwrite.mirror.Catalogue;
import io.dualwrite.mirror.Marks;
import io.dualwrite.mirror.Mirroring;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** An instance that stands on a rung, with everything but the fleet. It knows nothing yet, so that it asks for all it needs. */
final class StepInstance implements AutoCloseable {
    private static final Duration REST = Duration.ofSeconds(20);

    private final Rung rung;
    private final Map<Side, String> urls;
    private final String user;
    private final String password;
    private final Duration thinking;
    private final Standing standing;
    private final Marks marks = new Marks("app-1", () -> 1);
    private final Mirroring mirroring;
    private final Classifiers classifiers = new Classifiers();
    private final AtomicInteger underWay = new AtomicInteger();
    private final ExecutorService executor = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "mirror");
        thread.setDaemon(true);
        return thread;
    });

    /**
     * An instance on the rung.
     *
     * @param budget how long it bears with a mirror
     * @param thinking how long its application thinks at most
     */
    StepInstance(Rung rung, Map<Side, String> urls, String user, String password, Duration budget, Duration thinking)
            throws SettingsException {
        this.rung = rung;
        this.urls = urls;
        this.user = user;
        this.password = password;
        this.thinking = thinking;
        standing = new Standing(rung);
        String millis = budget.toMillis() + " ms";
        Map<String, String> entries = new HashMap<>(Map.of(
                "phase", "3",
                "dataA", "item",
                "instance", "app-1",
                "mirror.budget", millis,
                "mirror.lock", millis,
                "mirror.statement", millis,
                "mirror.open", millis));
        urls.forEach((side, url) -> entries.put(side.word() + ".url", url));
        Settings settings = Settings.of(entries);
        mirroring =
                new Mirroring(() -> settings, standing, this::execute, executor, new Catalogue(settings::key), marks);
    }

    private void execute(Runnable task) {
        underWay.incrementAndGet();
        executor.execute(() -> {
            try {
                task.run();
            } finally {
                underWay.decrementAndGet();
            }
        });
    }

    Connection connect() throws SQLException {
        return DualConnection.open(
                mirroring,
                side -> DriverManager.getConnection(String.valueOf(urls.get(side)), user, password),
                classifiers,
                "connection");
    }

    /** Takes as long as the mirror needs to catch up, but not for ever. */
    void think() {
        long deadline = System.nanoTime() + thinking.toNanos();
        while (underWay.get() > 0 && System.nanoTime() < deadline) {
            LockSupport.parkNanos(1_000_000);
        }
    }

    /** Waits until nothing is under way on either server, as a step of the fleet does; false if that never comes. */
    boolean comesToRest() {
        standing.move(rung.authority() == Side.OLD ? Rung.OLD_ONLY : Rung.NEW_ONLY);
        long deadline = System.nanoTime() + REST.toNanos();
        while (!standing.drained()) {
            if (System.nanoTime() > deadline) {
                return false;
            }
            LockSupport.parkNanos(1_000_000);
        }
        return true;
    }

    /** Clears what the driver holds for done, as its sweeper does. */
    void sweep(Ground ground) throws SQLException {
        for (Side side : Side.values()) {
            Connection connection = ground.connection(side);
            synchronized (connection) {
                marks.clear(side, connection);
            }
        }
    }

    @Override
    public void close() {
        executor.shutdown();
    }
}
