package io.dualwrite.copier;

import io.dualwrite.copier.read.Source;
import io.dualwrite.dialect.Generator;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * How far above the source's generators the target's are raised (R24): the keys that the source hands out in ten minutes, as two
 * looks a second apart tell, but not less than was asked for. A burst in that second must not use up the range: beyond what was
 * asked for, a margin takes a sixteenth of the values that are left at most. Immutable.
 */
final class Margins {
    private static final long LOOK_MILLIS = 1_000;
    private static final long LASTING_SECONDS = 600;
    private static final int LEAST_SHARES = 16;

    private record Look(Generator generator, long reached, long nanos) {
        private long perSecond(long reachedLater, long nanosLater) {
            double seconds = (nanosLater - nanos) / (double) TimeUnit.SECONDS.toNanos(1);
            return (long) Math.ceil((reachedLater - reached) / seconds);
        }
    }

    private final long least;
    private final Map<String, Long> wanted;

    private Margins(long least, Map<String, Long> wanted) {
        this.least = least;
        this.wanted = wanted;
    }

    /**
     * Looks at the source's generators twice.
     *
     * @param least the margin that a generator gets at least, in keys
     */
    static Margins observe(Source source, List<Generator> generators, long least)
            throws SQLException, InterruptedException {
        List<Look> before = new ArrayList<>();
        for (Generator generator : generators) {
            before.add(new Look(generator, source.reached(generator), System.nanoTime()));
        }
        source.release();
        if (!generators.isEmpty()) {
            Thread.sleep(LOOK_MILLIS);
        }
        Map<String, Long> wanted = new HashMap<>();
        for (Look look : before) {
            long keys = look.perSecond(source.reached(look.generator), System.nanoTime()) * LASTING_SECONDS;
            wanted.merge(look.generator.commonName(), keys, Math::max);
        }
        source.release();
        return new Margins(least, wanted);
    }

    /**
     * The margin of a generator.
     *
     * @param needed the value above which it is raised
     * @param highest the largest value of its range
     */
    long of(Generator generator, long needed, long highest) {
        long left = needed < 0 ? highest : highest - needed;
        return Math.max(least, Math.min(wanted.getOrDefault(generator.commonName(), 0L), left / LEAST_SHARES));
    }
}
