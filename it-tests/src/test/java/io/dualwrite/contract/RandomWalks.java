package io.dualwrite.contract;

import java.util.ArrayList;
import java.util.List;

/**
 * Orders of calls that nobody thought of: each case is a walk of some steps on one connection, drawn from its seed.
 *
 * <p>{@code -Dcontract.walks=N} makes N of them, {@code -Dcontract.walk.first=SEED} the first. A walk that fails is told with
 * the steps that the failure takes, all others left out.
 */
final class RandomWalks {
    private static final int WALKS = Integer.getInteger("contract.walks", 60);
    private static final long FIRST = Long.getLong("contract.walk.first", 1);

    private RandomWalks() {}

    static List<Case> all() {
        List<Case> cases = new ArrayList<>();
        for (long seed = FIRST; seed < FIRST + WALKS; seed++) {
            // One in three also does what README names as different where both are written, where only one is
            boolean dual = seed % 3 != 0;
            Case.Dual where = dual ? Case.Dual.SAME : Case.Dual.ONE_LEG;
            cases.add(new Case("walk " + seed, where, true, new Walk(seed, dual)));
        }
        return cases;
    }
}
