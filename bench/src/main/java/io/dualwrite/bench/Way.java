package io.dualwrite.bench;

import io.dualwrite.ladder.Rung;
import org.jspecify.annotations.Nullable;

/** How a write reaches its databases, with what it may cost. */
enum Way {
    /** The vendor's driver on one database. */
    SINGLE("single", null, 1, 1, 4, 1, 1, 1),
    /** Two connections of the vendor's driver, one after the other. */
    BY_HAND("by hand", null, 1, 1, 8, 2, Double.NaN, Double.NaN),
    THREE("3", Rung.DUAL_READ_OLD, 3, 3, 5, 3, 1.45, 3.5),
    CROSSING_READ_OLD("crossing, old", Rung.STRICT_READ_OLD, 3, 5, 6, 4, 1.7, 4.5),
    CROSSING_READ_NEW("crossing, new", Rung.STRICT_READ_NEW, 5, 3, 6, 4, 1.7, 4.5),
    FIVE("5", Rung.DUAL_READ_NEW, 5, 5, 7, 3, 2.0, 3.5);

    /** The name in reports. */
    final String word;
    /** Where the instance stands, or null where Dualwrite is not there. */
    final @Nullable Rung rung;
    /** What its file asks for, and its neighbour's. */
    final int phase;

    final int neighboursPhase;

    private final int transactionTrips;
    private final int statementTrips;
    private final double transactionRatio;
    private final double statementRatio;

    Way(
            String word,
            @Nullable Rung rung,
            int phase,
            int neighboursPhase,
            int transactionTrips,
            int statementTrips,
            double transactionRatio,
            double statementRatio) {
        this.word = word;
        this.rung = rung;
        this.phase = phase;
        this.neighboursPhase = neighboursPhase;
        this.transactionTrips = transactionTrips;
        this.statementTrips = statementTrips;
        this.transactionRatio = transactionRatio;
        this.statementRatio = statementRatio;
    }

    /** How many round trips the work takes, exactly. */
    int trips(Work work) {
        return work == Work.TRANSACTION ? transactionTrips : statementTrips;
    }

    /** At most this many times what one database takes, NaN for no bound. */
    double ratio(Work work) {
        return work == Work.TRANSACTION ? transactionRatio : statementRatio;
    }
}
