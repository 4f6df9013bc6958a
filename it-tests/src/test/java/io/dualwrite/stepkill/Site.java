package io.dualwrite.stepkill;

import io.dualwrite.ladder.Rung;
import io.dualwrite.ladder.Side;

/**
 * One request that the driver makes: a call site.
 *
 * @param number of the request among those of its side, from 1
 * @param verbs what it says
 * @param place what it says in full, but for values, and what the request before it says: the same in every work that makes it
 *     at the same place
 */
record Site(String vendor, Rung rung, Work work, Side side, int number, String verbs, String place) {
    /** What a request says, but for the values in it. */
    static String withoutValues(String text) {
        return text.replaceAll("'[^']*'", "?").replaceAll("[0-9]+", "?");
    }

    @Override
    public String toString() {
        return vendor + " " + rung + " " + work + " " + side.word() + " #" + number + " " + verbs;
    }
}
