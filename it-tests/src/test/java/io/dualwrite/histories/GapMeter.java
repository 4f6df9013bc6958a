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
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Measures the visible gap of a crossing: for every write of a list, how much later it is seen on new than on old, by two
 * readers past Dualwrite, one on each side, each of which looks again as soon as it has its answer. What a reader saw is as
 * old as its look, so that the time of one look is the error of a gap; a write that is seen on new first has none.
 */
final class GapMeter {
    private static final Logger LOG = LoggerFactory.getLogger(GapMeter.class);
    private static final String LOOK = "SELECT id, version FROM register ORDER BY id DESC LIMIT 24";

    private final Fleet fleet;
    private final Histogram gaps;
    private final Histogram looks;
    private final ExecutorService threads = Executors.newFixedThreadPool(Side.values().length);
    private final List<Future<?>> readers = new ArrayList<>();
    private final Map<Side, Map<Version, Long>> seen = new EnumMap<>(Side.class);
    private volatile boolean ended;

    /** The n-th write of a list. */
    private record Version(int key, int number) {}

    /**
     * Begins to look.
     *
     * @param gaps takes the gaps in µs when this ends
     * @param looks takes how long each look took, in µs
     */
    GapMeter(Fleet fleet, Histogram gaps, Histogram looks) {
        this.fleet = fleet;
        this.gaps = gaps;
        this.looks = looks;
        for (Side side : Side.values()) {
            Map<Version, Long> times = new HashMap<>();
            seen.put(side, times);
            readers.add(threads.submit(() -> read(side, times)));
        }
    }

    private void read(Side side, Map<Version, Long> times) {
        Map<Integer, Integer> newest = new HashMap<>();
        while (!ended) {
            try (Connection connection = fleet.bare(side);
                    PreparedStatement look = connection.prepareStatement(LOOK)) {
                look(look, newest, null);
                while (!ended) {
                    look(look, newest, times);
                }
            } catch (SQLException e) {
                LOG.debug("The reader of {} has lost its session and takes another", side, e);
            }
        }
    }

    private void look(PreparedStatement look, Map<Integer, Integer> newest, @Nullable Map<Version, Long> times)
            throws SQLException {
        long begun = System.nanoTime();
        try (ResultSet rows = look.executeQuery()) {
            long now = System.nanoTime();
            synchronized (looks) {
                looks.recordValue((now - begun) / 1_000);
            }
            while (rows.next()) {
                int key = rows.getInt(1);
                int number = rows.getInt(2);
                for (int missed = newest.getOrDefault(key, 0) + 1; missed <= number && times != null; missed++) {
                    times.put(new Version(key, missed), now);
                }
                newest.merge(key, number, Math::max);
            }
        }
    }

    /** Ends the readers, and takes the gaps of all that both saw. */
    void end() throws ExecutionException, InterruptedException, TimeoutException {
        ended = true;
        threads.shutdown();
        for (Future<?> reader : readers) {
            reader.get(30, TimeUnit.SECONDS);
        }
        Map<Version, Long> onNew = seen.getOrDefault(Side.NEW, Map.of());
        seen.getOrDefault(Side.OLD, Map.of()).forEach((version, time) -> {
            Long later = onNew.get(version);
            if (later != null) {
                gaps.recordValue(Math.max(0, later - time) / 1_000);
            }
        });
    }

    static String described(Histogram micros) {
        return micros.getTotalCount() + " values, p50 " + micros.getValueAtPercentile(50) + " µs, p99 "
                + micros.getValueAtPercentile(99) + " µs, highest " + micros.getMaxValue() + " µs";
    }
}
