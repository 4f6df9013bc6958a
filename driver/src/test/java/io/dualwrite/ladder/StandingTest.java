package io.dualwrite.ladder;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;

class StandingTest {

    @Test
    void transactionBegunBeforeAStep_keepsItsRungUntilItEnds() {
        Standing standing = new Standing(Rung.OLD_ONLY);
        Standing.Pin pin = standing.join("connection 1");
        assertThat(standing.pin(pin)).isEqualTo(Rung.OLD_ONLY);
        standing.move(Rung.DUAL_READ_OLD);
        assertThat(pin.rung()).isEqualTo(Rung.OLD_ONLY);
        assertThat(standing.drained()).isFalse();
        assertThat(standing.stragglers()).containsEntry("connection 1", "an open transaction on OLD_ONLY");
        standing.unpin(pin);
        assertThat(standing.drained()).isTrue();
        assertThat(standing.pin(pin)).isEqualTo(Rung.DUAL_READ_OLD);
    }

    /** Its driver ends the server's session when it finds that nobody has the connection any more. */
    @Test
    void connectionThatWasDroppedWithinATransaction_keepsNoRung() throws InterruptedException {
        Standing standing = new Standing(Rung.OLD_ONLY);
        Standing.Pin kept = standing.join("connection 1");
        standing.pin(kept);
        standing.pin(standing.join("connection 2"));
        standing.move(Rung.DUAL_READ_OLD);
        for (int i = 0; i < 200 && standing.stragglers().size() > 1; i++) {
            System.gc();
            Thread.sleep(10);
        }
        assertThat(standing.stragglers()).containsOnlyKeys("connection 1");
        standing.leave(kept);
        assertThat(standing.drained()).isTrue();
    }

    @Test
    void whatOutlivesItsTransaction_keepsTheConnectionOnItsRungUntilItLeaves() {
        Standing standing = new Standing(Rung.DUAL_READ_OLD);
        Standing.Pin pin = standing.join("connection 1");
        standing.pin(pin);
        pin.outlives("a temporary table");
        standing.unpin(pin);
        standing.move(Rung.STRICT_READ_OLD);
        assertThat(standing.pin(pin)).isEqualTo(Rung.DUAL_READ_OLD);
        standing.unpin(pin);
        assertThat(standing.drained()).isFalse();
        assertThat(standing.stragglers()).containsEntry("connection 1", "a temporary table on DUAL_READ_OLD");
        standing.leave(pin);
        assertThat(standing.drained()).isTrue();
    }

    @Test
    void whatOutlivedItsTransaction_goneBetweenTransactions_letsGo() {
        Standing standing = new Standing(Rung.DUAL_READ_OLD);
        Standing.Pin pin = standing.join("connection 1");
        standing.pin(pin);
        pin.outlives("a session lock");
        standing.unpin(pin);
        standing.move(Rung.STRICT_READ_OLD);
        pin.outlives(null);
        assertThat(standing.drained()).isTrue();
    }

    @Test
    void connectionsRacingWithSteps_nothingRunsOnARungThatWasSeenDrained() throws Exception {
        Standing standing = new Standing(Rung.OLD_ONLY);
        AtomicIntegerArray working = new AtomicIntegerArray(Rung.values().length);
        AtomicBoolean stop = new AtomicBoolean();
        int connections = 3;
        CyclicBarrier ready = new CyclicBarrier(connections + 1);
        ExecutorService threads = Executors.newFixedThreadPool(connections);
        List<Future<?>> workers = new ArrayList<>();
        for (int i = 0; i < connections; i++) {
            String name = "connection " + i;
            workers.add(threads.submit(() -> {
                ready.await();
                while (!stop.get()) {
                    Standing.Pin pin = standing.join(name);
                    for (int transaction = 0; transaction < 20; transaction++) {
                        Rung rung = standing.pin(pin);
                        working.incrementAndGet(rung.ordinal());
                        working.decrementAndGet(rung.ordinal());
                        standing.unpin(pin);
                    }
                    standing.leave(pin);
                }
                return null;
            }));
        }
        ready.await();
        long seed = System.nanoTime();
        Random random = new Random(seed);
        Rung rung = Rung.OLD_ONLY;
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(2);
        int steps = 0;
        while (System.nanoTime() < deadline) {
            Rung left = rung;
            rung = random.nextBoolean() ? rung.up() : rung.down();
            if (rung == left) {
                continue;
            }
            standing.move(rung);
            while (!standing.drained()) {
                Thread.yield();
            }
            assertThat(working.get(left.ordinal()))
                    .as("transactions on %s, seed %d", left, seed)
                    .isZero();
            steps++;
        }
        stop.set(true);
        for (Future<?> worker : workers) {
            worker.get(10, TimeUnit.SECONDS);
        }
        threads.shutdown();
        assertThat(steps).isPositive();
    }
}
