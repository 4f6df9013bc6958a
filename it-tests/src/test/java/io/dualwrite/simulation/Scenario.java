package io.dualwrite.simulation;

import io.dualwrite.ladder.Phase;
import io.dualwrite.ladder.Rung;
import java.util.List;
import java.util.Random;

/**
 * What a seed chose.
 *
 * @param one where one instance stands
 * @param another where the other one stands: on that rung or on its neighbour
 * @param taste what the application's writes are
 * @param thoughtMillis the longest that the application thinks between transactions
 * @param writers threads of the application that write, over both instances
 * @param readers threads that read and compare with what was acknowledged
 * @param copier what the copier does meanwhile
 * @param stale whether the mirror has yet to be brought up to date, by a sync or as marks say
 * @param up whether both stand on the upper of the two rungs in the end, else on the lower
 */
record Scenario(
        Rung one,
        Rung another,
        Taste taste,
        int thoughtMillis,
        int writers,
        int readers,
        CopierWork copier,
        boolean stale,
        boolean up) {

    /** What the application writes. */
    enum Taste {
        /** Everything. */
        MIXED(3),
        /** Single rows of the stock come and go. */
        CHURN(4),
        /** One account is counted up. */
        COUNT(2);

        private final int transactions;

        Taste(int transactions) {
            this.transactions = transactions;
        }

        /** How many transactions a writer runs at least. */
        int transactions() {
            return transactions;
        }
    }

    /** What the copier does beside the application. */
    enum CopierWork {
        NOTHING,
        REPAIR,
        SYNC
    }

    private static final List<List<Rung>> PAIRS = List.of(
            List.of(Rung.OLD_ONLY, Rung.DUAL_READ_OLD),
            List.of(Rung.DUAL_READ_OLD, Rung.DUAL_READ_OLD),
            List.of(Rung.DUAL_READ_OLD, Rung.DUAL_READ_OLD),
            List.of(Rung.DUAL_READ_OLD, Rung.STRICT_READ_OLD),
            List.of(Rung.STRICT_READ_OLD, Rung.STRICT_READ_OLD),
            List.of(Rung.STRICT_READ_OLD, Rung.STRICT_READ_NEW),
            List.of(Rung.STRICT_READ_NEW, Rung.STRICT_READ_NEW),
            List.of(Rung.STRICT_READ_NEW, Rung.STRICT_NEW_FIRST),
            List.of(Rung.STRICT_NEW_FIRST, Rung.STRICT_NEW_FIRST),
            List.of(Rung.STRICT_NEW_FIRST, Rung.DUAL_READ_NEW),
            List.of(Rung.DUAL_READ_NEW, Rung.DUAL_READ_NEW),
            List.of(Rung.DUAL_READ_NEW, Rung.NEW_ONLY));

    private static final Taste[] TASTES = {Taste.MIXED, Taste.MIXED, Taste.CHURN, Taste.COUNT};
    private static final int[] THOUGHTS = {3, 3, 100};

    static Scenario of(Random random) {
        List<Rung> pair = PAIRS.get(random.nextInt(PAIRS.size()));
        CopierWork copier = one(CopierWork.values(), random);
        return new Scenario(
                pair.get(0),
                pair.get(1),
                one(TASTES, random),
                THOUGHTS[random.nextInt(THOUGHTS.length)],
                2 + random.nextInt(2),
                random.nextInt(2),
                copier,
                mayBeStale(pair, copier) && random.nextInt(4) > 0,
                random.nextBoolean());
    }

    private static <T> T one(T[] all, Random random) {
        return all[random.nextInt(all.length)];
    }

    private static boolean mayBeStale(List<Rung> pair, CopierWork copier) {
        Rung upper = pair.get(1);
        return switch (copier) {
            case NOTHING -> false;
            case SYNC -> upper == Rung.DUAL_READ_OLD;
            case REPAIR -> upper == pair.get(0) && !upper.strict();
        };
    }

    /** What the authority must be told of rows that were missed before, which a sync finds by itself. */
    List<String> marks() {
        return copier == CopierWork.REPAIR ? List.of(Tables.MARKS) : List.of();
    }

    /** Where both instances stand in the end, before their marks are mended. */
    Rung rest() {
        return mirrorsAll() && up || !one.dual() ? another : one;
    }

    /** Whether each write goes to both sides, so that only marked rows may differ. */
    boolean mirrorsAll() {
        return one.dual() && another.dual();
    }

    /** The phase in which a file asks for the rung. */
    static Phase phase(Rung rung) {
        return switch (rung) {
            case OLD_ONLY -> Phase.ONE;
            case DUAL_READ_OLD -> Phase.THREE;
            case STRICT_READ_OLD, STRICT_READ_NEW, STRICT_NEW_FIRST, DUAL_READ_NEW -> Phase.FIVE;
            case NEW_ONLY -> Phase.SIX;
        };
    }

    @Override
    public String toString() {
        return one + " with " + another + ", " + taste + ", " + writers + " writers, " + readers + " readers, copier "
                + copier + (stale ? ", the mirror stale" : "") + ", then all on " + rest();
    }
}
