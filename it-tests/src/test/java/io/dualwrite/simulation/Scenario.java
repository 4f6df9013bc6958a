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
 * @param writers threads of the application that write, over both instances
 * @param readers threads that read and compare with what was acknowledged
 * @param copier what the copier does meanwhile
 * @param stale whether new has yet to be brought up to date by a sync
 * @param up whether both stand on the upper of the two rungs in the end, else on the lower
 */
record Scenario(Rung one, Rung another, int writers, int readers, CopierWork copier, boolean stale, boolean up) {

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
            List.of(Rung.DUAL_READ_NEW, Rung.DUAL_READ_NEW),
            List.of(Rung.DUAL_READ_NEW, Rung.NEW_ONLY));

    static Scenario of(Random random) {
        List<Rung> pair = PAIRS.get(random.nextInt(PAIRS.size()));
        CopierWork[] works = CopierWork.values();
        CopierWork copier = works[random.nextInt(works.length)];
        boolean before = pair.get(1) == Rung.DUAL_READ_OLD;
        return new Scenario(
                pair.get(0),
                pair.get(1),
                2 + random.nextInt(2),
                random.nextInt(2),
                copier,
                before && copier == CopierWork.SYNC && random.nextInt(4) > 0,
                random.nextBoolean());
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
            case STRICT_READ_OLD, STRICT_READ_NEW, DUAL_READ_NEW -> Phase.FIVE;
            case NEW_ONLY -> Phase.SIX;
        };
    }

    @Override
    public String toString() {
        return one + " with " + another + ", " + writers + " writers, " + readers + " readers, copier " + copier
                + ", then all on " + rest();
    }
}
