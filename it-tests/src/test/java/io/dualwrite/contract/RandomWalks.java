package io.dualwrite.contract;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Orders of calls that nobody thought of: each case is a walk of some steps on one connection, drawn from its seed.
 *
 * <p>{@code -Dcontract.walks=N} makes N of them, {@code -Dcontract.walk.first=SEED} the first. A walk that fails is told with
 * the steps that the failure takes, all others left out.
 */
final class RandomWalks {
    private static final int WALKS = Integer.getInteger("contract.walks", 60);
    private static final long FIRST = Long.getLong("contract.walk.first", 1);

    /**
     * Walks of PostgreSQL's in which two things are wrong at once, of which the driver names the other one where both sides are written: a
     * query as an update in a transaction that has failed (94), a savepoint by call after a BEGIN by text (238), a column that is not
     * there and a value that was not set (245), an isolation that is none within a transaction (248).
     */
    private static final Set<Long> BOTH_WRONG = Set.of(94L, 238L, 245L, 248L);

    private RandomWalks() {}

    static List<Case> all() {
        List<Case> cases = new ArrayList<>();
        for (long seed = FIRST; seed < FIRST + WALKS; seed++) {
            // One in three also does what README names as different where both are written, where only one is
            boolean dual = seed % 3 != 0 && !BOTH_WRONG.contains(seed);
            Case.Dual where = dual ? Case.Dual.SAME : Case.Dual.ONE_LEG;
            cases.add(new Case("walk " + seed, where, true, new Walk(seed, dual)));
        }
        return cases;
    }
}
