package io.dualwrite.contract;

import java.util.List;
import java.util.Random;

/**
 * The dice of a walk, and what it may do.
 *
 * @param dual whether the walk also goes where both databases are written
 */
record Draw(Random random, Fixture fixture, boolean dual) {
    /** Whether walks over both databases also do what is known to differ there and to be mended. */
    private static final boolean KNOWN = Boolean.getBoolean("contract.walk.known");

    boolean alone() {
        return !dual;
    }

    boolean known() {
        return !dual || KNOWN;
    }

    boolean oneIn(int chances) {
        return random.nextInt(chances) == 0;
    }

    int below(int bound) {
        return random.nextInt(bound);
    }

    <T> T of(List<T> all) {
        return all.get(random.nextInt(all.size()));
    }

    @SafeVarargs
    final <T> T either(T... all) {
        return all[random.nextInt(all.length)];
    }
}
