package io.dualwrite.simulation;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.helpers.NOPLogger;

/**
 * What rewritten classes call in place of the JDK: the clock, waits, monitors, chance, threads and connections of the simulation
 * in which the calling thread runs. Outside of one, as while classes are initialised, the JDK answers.
 */
public final class Virtual {
    /** What the wall clock shows when a simulation begins: 2030-01-01. */
    private static final long WALL_MILLIS = 1_893_456_000_000L;

    private Virtual() {}

    private static @Nullable Scheduler scheduler() {
        SimulatedThread thread = SimulatedThread.current();
        return thread == null ? null : thread.scheduler;
    }

    private static Scheduler required() {
        Scheduler scheduler = scheduler();
        if (scheduler == null) {
            throw new IllegalStateException(Thread.currentThread() + " is no thread of a simulation");
        }
        return scheduler;
    }

    /** Whether the application's connection, on which the thread works, is in autocommit. */
    public static boolean inAutoCommit() {
        SimulatedThread thread = SimulatedThread.current();
        return thread != null && thread.inAutoCommit;
    }

    /** Keeps a value with an object for {@link #attached}. */
    public static void attach(Object object, Object value) {
        required().attachments().put(object, value);
    }

    /** The value that was attached to the object, or null. */
    public static @Nullable Object attached(Object object) {
        return required().attachments().get(object);
    }

    /** {@link System#nanoTime}. */
    public static long nanoTime() {
        Scheduler scheduler = scheduler();
        return scheduler == null ? System.nanoTime() : scheduler.now();
    }

    /** {@link System#currentTimeMillis}. */
    public static long currentTimeMillis() {
        return WALL_MILLIS + nanoTime() / 1_000_000;
    }

    /** The clock of a server. */
    public static Instant now(Connection connection) {
        return Instant.ofEpochMilli(currentTimeMillis());
    }

    /** {@link Thread#sleep(long)}. */
    public static void sleep(long millis) {
        required().sleep(millis * 1_000_000);
    }

    /** A monitor is entered. */
    public static void enter(Object object) {
        Scheduler scheduler = scheduler();
        if (scheduler != null) {
            scheduler.monitors().enter(object);
        }
    }

    /** A monitor is left. */
    public static void exit(Object object) {
        Scheduler scheduler = scheduler();
        if (scheduler != null) {
            scheduler.monitors().exit(object);
        }
    }

    /** {@link Object#wait(long, int)}. */
    public static void wait(Object object, long millis, int nanos) {
        required().monitors().await(object, millis * 1_000_000 + nanos);
    }

    /** {@link Object#notifyAll}. */
    public static void notifyAll(Object object) {
        Scheduler scheduler = scheduler();
        if (scheduler != null) {
            scheduler.monitors().notifyAll(object);
        }
    }

    /** {@link FutureTask#get()}. */
    public static Object get(FutureTask<Object> future) throws ExecutionException, InterruptedException {
        required().await(future::isDone, SimulatedThread.NEVER);
        return future.get();
    }

    /** {@link FutureTask#get(long, TimeUnit)}. */
    public static Object get(FutureTask<Object> future, long time, TimeUnit unit)
            throws ExecutionException, InterruptedException, TimeoutException {
        if (!required().await(future::isDone, unit.toNanos(time))) {
            throw new TimeoutException();
        }
        return future.get();
    }

    /** {@link Executors#newSingleThreadScheduledExecutor(ThreadFactory)}. */
    public static ScheduledExecutorService newSingleThreadScheduledExecutor(ThreadFactory threads) {
        return new SimulatedTimer(required());
    }

    /** {@link UUID#randomUUID}. */
    public static UUID randomUUID() {
        Scheduler scheduler = scheduler();
        return scheduler == null
                ? UUID.randomUUID()
                : new UUID(scheduler.random().nextLong(), scheduler.random().nextLong());
    }

    /** {@link ThreadLocalRandom#nextInt(int, int)}. */
    public static int nextInt(ThreadLocalRandom random, int from, int to) {
        Scheduler scheduler = scheduler();
        return scheduler == null
                ? random.nextInt(from, to)
                : from + scheduler.random().nextInt(to - from);
    }

    /** {@link DriverManager#getConnection(String, Properties)}. */
    public static Connection getConnection(String url, Properties properties) throws SQLException {
        return required().servers().connect(url);
    }

    /** A logger of a rewritten class: thousands of runs would say the same again and again. */
    public static Logger getLogger(Class<?> type) {
        return NOPLogger.NOP_LOGGER;
    }

    /** The same by name. */
    public static Logger getLogger(String name) {
        return NOPLogger.NOP_LOGGER;
    }
}
