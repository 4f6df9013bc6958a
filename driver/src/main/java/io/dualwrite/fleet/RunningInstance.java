package io.dualwrite.fleet;

import io.dualwrite.config.Settings;
import io.dualwrite.config.SettingsFile;
import io.dualwrite.ladder.Rung;
import io.dualwrite.ladder.Side;
import io.dualwrite.ladder.Standing;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One instance of the application in its fleet, with the daemon thread that reads its file, keeps its heartbeat and takes its
 * steps. It leaves the fleet when it is closed or the JVM ends. Thread-safe.
 */
public final class RunningInstance implements InstanceMXBean, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RunningInstance.class);

    /** The longest pause between two beats while connections drain. */
    private static final Duration IN_MOTION = Duration.ofMillis(50);

    private static final Duration LAST_BEAT = Duration.ofSeconds(5);

    private final Instance instance;
    private final ScheduledThreadPoolExecutor beats;
    private final ExecutorService mirrorWrites;
    private final AtomicBoolean closed = new AtomicBoolean();
    private final Thread goodbye = DaemonThreads.ofNobody(new Thread(this::close, "dualwrite-goodbye"));

    private RunningInstance(SettingsFile file, SideConnector connector) throws SQLException {
        beats = new ScheduledThreadPoolExecutor(1, new DaemonThreads("dualwrite-fleet"));
        beats.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        mirrorWrites = Executors.newCachedThreadPool(new DaemonThreads("dualwrite-fleet-mirror"));
        try {
            instance = new Instance(
                    file, connector, ServerClock.SERVERS_OWN, mirrorWrites, pause -> Thread.sleep(pause.toMillis()));
        } catch (SQLException | RuntimeException e) {
            beats.shutdown();
            mirrorWrites.shutdown();
            throw e;
        }
    }

    /**
     * Joins the fleet, or starts where it last stood.
     *
     * @throws SQLException SQLSTATE 08004 if the fleet cannot take the instance in: another live one has its name, or where the
     *     fleet stands cannot be known
     */
    public static RunningInstance start(SettingsFile file, SideConnector connector) throws SQLException {
        RunningInstance running = new RunningInstance(file, connector);
        Runtime.getRuntime().addShutdownHook(running.goodbye);
        running.beats.execute(running::beatAndGoOn);
        return running;
    }

    /** Publishes from now on whether mirroring to a side pauses after too many failures in a row; no crossing begins then. */
    public void mirroringPauses(Predicate<Side> pauses) {
        instance.mirroringPauses(pauses);
    }

    /**
     * Lets the application have a connection that was just opened to the side, unless this process counts as dead (R29).
     *
     * @throws SQLException SQLSTATE 08004 if it does; the connection is to be closed
     */
    public void admit(Side side, Connection connection) throws SQLException {
        instance.admit(side, connection);
    }

    /** Where it stands, and which of its connections still work on the rung before. */
    public Standing standing() {
        return instance.standing();
    }

    /** The settings in force; cheap. */
    public Settings settings() {
        return instance.settings();
    }

    /** Why the file's wish is not yet met, in one sentence; null where it is. */
    public @Nullable String waitsFor() {
        return instance.waitsFor();
    }

    /** The migration's epoch as the registry last said; 0 before it was ever read. */
    public long epoch() {
        return instance.epoch();
    }

    /** The random id of this process in the registry. */
    public String incarnation() {
        return instance.incarnation();
    }

    @Override
    public String getName() {
        return settings().instance;
    }

    @Override
    public int getPhase() {
        return settings().phase.number();
    }

    @Override
    public String getRung() {
        return standing().rung().name();
    }

    @Override
    public @Nullable String getMovingFrom() {
        Rung from = instance.movingFrom();
        return from == null ? null : from.name();
    }

    @Override
    public @Nullable String getWaitsFor() {
        return waitsFor();
    }

    @Override
    public @Nullable String getFileTrouble() {
        return instance.file().trouble();
    }

    @Override
    public Map<String, String> getStragglers() {
        return standing().stragglers();
    }

    private void beatAndGoOn() {
        try {
            instance.beat();
        } catch (RuntimeException e) {
            LOG.error("Instance {} stays on {}: its heartbeat failed", getName(), getRung(), e);
        } finally {
            if (!closed.get()) {
                Duration heartbeat = settings().heartbeat;
                boolean soon = instance.inMotion() && heartbeat.compareTo(IN_MOTION) > 0;
                schedule(soon ? IN_MOTION : heartbeat);
            }
        }
    }

    private void schedule(Duration pause) {
        try {
            Future<?> unused = beats.schedule(this::beatAndGoOn, pause.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            LOG.debug("Instance {} closes", getName(), e);
        }
    }

    private void forgetGoodbye() {
        try {
            Runtime.getRuntime().removeShutdownHook(goodbye);
        } catch (IllegalStateException e) {
            LOG.debug("The JVM ends", e);
        }
    }

    /** Leaves the fleet: says goodbye as well as the databases allow, and ends the threads. Harmless to call again. */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        beats.shutdown();
        mirrorWrites.shutdown();
        try {
            if (!beats.awaitTermination(LAST_BEAT.toMillis(), TimeUnit.MILLISECONDS)) {
                beats.shutdownNow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        instance.leave();
        forgetGoodbye();
    }
}
