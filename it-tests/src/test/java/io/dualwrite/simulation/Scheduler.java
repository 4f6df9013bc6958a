package io.dualwrite.simulation;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Lets exactly one thread run at a time, in virtual time. A thread gives up its turn only by waiting: for a time, or for a
 * condition. Then the thread goes on that can do so earliest; of several the seed chooses one. Work between two waits takes no
 * time. Used by the thread that has the turn; the semaphores hand over what it wrote.
 */
final class Scheduler {
    private static final long BEGINNING = 1_000_000_000L;
    private static final long LONGEST = BEGINNING + 1_200_000_000_000L;
    private static final int MOST_TURNS = 200_000;

    private final Random random;
    private final List<SimulatedThread> threads = new ArrayList<>();
    private final List<String> failures = new ArrayList<>();
    private final Monitors monitors = new Monitors(this);
    private final Map<Object, Object> attachments = new IdentityHashMap<>();
    private final CountDownLatch over = new CountDownLatch(1);
    private Servers servers = url -> {
        throw new SQLException("no server listens at " + url, "08001");
    };
    private long now = BEGINNING;
    private int turns;
    private boolean givenUp;

    Scheduler(Random random) {
        this.random = random;
    }

    /** Nanoseconds of virtual time. */
    long now() {
        return now;
    }

    Random random() {
        return random;
    }

    Monitors monitors() {
        return monitors;
    }

    /** Where connections go that name a URL. */
    Servers servers() {
        return servers;
    }

    void servers(Servers there) {
        servers = there;
    }

    /** What is kept with objects whose classes have no place for it. */
    Map<Object, Object> attachments() {
        return attachments;
    }

    /** What went wrong in threads, and whether the run had to be given up. */
    List<String> failures() {
        return failures;
    }

    boolean isOver() {
        return givenUp;
    }

    /** A thread that begins as soon as it gets the turn. */
    SimulatedThread start(String name, @Nullable SimulatedProcess process, Runnable work) {
        SimulatedThread thread = new SimulatedThread(name, this, process, work, now);
        threads.add(thread);
        thread.start();
        return thread;
    }

    /** A thread of the process of the one that runs now. */
    SimulatedThread start(String name, Runnable work) {
        SimulatedThread current = SimulatedThread.current();
        SimulatedProcess process = current == null ? null : current.process;
        return start(process == null ? name : process.name + '/' + name, process, work);
    }

    /** Whether the thread, or any that it started and so on, has more to do. */
    boolean isAlive(SimulatedThread thread) {
        return threads.contains(thread);
    }

    /** How many threads have not ended. */
    int alive() {
        return threads.size();
    }

    /** Runs all threads to their end; called from outside. */
    void runAll() throws InterruptedException {
        next().turn.release();
        over.await();
    }

    /** The current thread waits for so long. */
    void sleep(long nanos) {
        await(null, nanos);
    }

    /**
     * The current thread waits until the condition holds, but no longer than so many nanoseconds.
     *
     * @return whether it holds
     */
    boolean await(@Nullable BooleanSupplier ready, long nanos) {
        SimulatedThread me = SimulatedThread.current();
        if (me == null) {
            throw new IllegalStateException("only a simulated thread may wait");
        }
        me.parks(ready, nanos == SimulatedThread.NEVER ? nanos : now + Math.max(0, nanos));
        SimulatedThread next = next();
        if (next != me) {
            next.turn.release();
            me.turn.acquireUninterruptibly();
        }
        if (givenUp || me.isKilled()) {
            throw new SimulatedThread.Ended(givenUp ? "given up" : "killed");
        }
        return ready != null && ready.getAsBoolean();
    }

    private SimulatedThread next() {
        long earliest = SimulatedThread.NEVER;
        List<SimulatedThread> first = new ArrayList<>();
        for (SimulatedThread thread : threads) {
            long at = thread.nextAt(now);
            if (at < earliest) {
                earliest = at;
                first.clear();
            }
            if (at == earliest) {
                first.add(thread);
            }
        }
        turns++;
        if (!givenUp && (earliest > LONGEST || turns > MOST_TURNS)) {
            givenUp = true;
            failures.add("gave up after " + turns + " turns and " + now / 1_000_000 + " ms: " + threads);
        }
        if (givenUp) {
            return threads.get(0);
        }
        now = earliest;
        return first.get(first.size() == 1 ? 0 : random.nextInt(first.size()));
    }

    void failed(Thread thread, Throwable failure) {
        StackTraceElement[] trace = failure.getStackTrace();
        failures.add(thread.getName() + " failed: " + failure + (trace.length == 0 ? "" : " at " + trace[0]));
    }

    void ended(SimulatedThread thread) {
        threads.remove(thread);
        if (threads.isEmpty()) {
            over.countDown();
        } else {
            next().turn.release();
        }
    }
}
