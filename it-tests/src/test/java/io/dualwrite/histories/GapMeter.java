package io.dualwrite.histories;

import io.dualwrite.ladder.Side;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Measures the visible gap of a crossing: for every write of a list, how much later it is seen on new than on old, by two
 * readers past Dualwrite, one on each side, each of which looks again as soon as it has its answer. A reader sees a write at
 * some time between the beginning of the look before, which did not show it, and the answer of the look that does. So a gap is
 * known within bounds: from the answer on old to the answer on new, as a client may see it, and from the beginning of the last
 * look that missed it on old to the answer on new, which no gap exceeds.
 */
final class GapMeter {
    private static final Logger LOG = LoggerFactory.getLogger(GapMeter.class);
    private static final String LOOK = "SELECT id, version FROM register ORDER BY id DESC LIMIT 24";

    /** Readers that never rest would take the time of the servers and clients whose gap they measure. */
    private static final long PAUSE_NANOS = 200_000;

    private final Fleet fleet;
    private final Gaps gaps;
    private final ExecutorService threads = Executors.newFixedThreadPool(Side.values().length);
    private final List<Future<?>> readers = new ArrayList<>();
    private final Map<Side, Map<Version, Sight>> seen = new EnumMap<>(Side.class);
    private volatile boolean ended;

    /** The n-th write of a list. */
    private record Version(int key, int number) {}

    /** When a write was seen, and the beginning of the last look that did not show it. */
    private record Sight(long missed, long seen) {}

    /** Gaps in µs, as they were seen and at most, and how long the looks took. */
    static final class Gaps {
        private final Histogram seen = new Histogram(3);
        private final Histogram atMost = new Histogram(3);
        private final Histogram looks = new Histogram(3);

        /** How many writes both readers saw. */
        long writes() {
            return seen.getTotalCount();
        }

        private static String described(Histogram micros) {
            return "p50 " + micros.getValueAtPercentile(50) + " µs, p99 " + micros.getValueAtPercentile(99)
                    + " µs, highest " + micros.getMaxValue() + " µs";
        }

        @Override
        public String toString() {
            return seen.getTotalCount() + " writes; as seen " + described(seen) + "; at most " + described(atMost)
                    + "; a look takes " + described(looks);
        }
    }

    /**
     * Begins to look.
     *
     * @param gaps takes the gaps when this ends
     */
    GapMeter(Fleet fleet, Gaps gaps) {
        this.fleet = fleet;
        this.gaps = gaps;
        for (Side side : Side.values()) {
            Map<Version, Sight> sights = new HashMap<>();
            seen.put(side, sights);
            readers.add(threads.submit(() -> read(side, sights)));
        }
    }

    private void read(Side side, Map<Version, Sight> sights) {
        Map<Integer, Integer> newest = new HashMap<>();
        while (!ended) {
            try (Connection connection = fleet.bare(side);
                    PreparedStatement look = connection.prepareStatement(LOOK)) {
                long before = look(look, newest, 0, null);
                while (!ended) {
                    LockSupport.parkNanos(PAUSE_NANOS);
                    before = look(look, newest, before, sights);
                }
            } catch (SQLException e) {
                LOG.debug("The reader of {} has lost its session and takes another", side, e);
            }
        }
    }

    /** Returns when it began. */
    private long look(
            PreparedStatement look, Map<Integer, Integer> newest, long before, @Nullable Map<Version, Sight> sights)
            throws SQLException {
        long begun = System.nanoTime();
        try (ResultSet rows = look.executeQuery()) {
            long now = System.nanoTime();
            synchronized (gaps) {
                gaps.looks.recordValue((now - begun) / 1_000);
            }
            while (rows.next()) {
                int key = rows.getInt(1);
                int number = rows.getInt(2);
                for (int missed = newest.getOrDefault(key, 0) + 1; missed <= number && sights != null; missed++) {
                    sights.put(new Version(key, missed), new Sight(before, now));
                }
                newest.merge(key, number, Math::max);
            }
        }
        return begun;
    }

    /** Ends the readers, and takes the gaps of all that both saw. */
    void end() throws ExecutionException, InterruptedException, TimeoutException {
        ended = true;
        threads.shutdown();
        for (Future<?> reader : readers) {
            reader.get(30, TimeUnit.SECONDS);
        }
        Map<Version, Sight> onNew = seen.getOrDefault(Side.NEW, Map.of());
        seen.getOrDefault(Side.OLD, Map.of()).forEach((version, old) -> {
            Sight later = onNew.get(version);
            if (later != null) {
                gaps.seen.recordValue(Math.max(0, later.seen - old.seen) / 1_000);
                gaps.atMost.recordValue(Math.max(0, later.seen - old.missed) / 1_000);
            }
        });
    }
}
