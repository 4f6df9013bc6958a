package io.dualwrite.stepkill;

import io.dualwrite.ladder.Side;
import org.jspecify.annotations.Nullable;

/**
 * One fault at one request of the copier's.
 *
 * @param number of the request among those of its side, from 1
 * @param place what it says, but for values, and what the request before it says
 * @param fault what happens to it, null for a site that is only listed
 */
record CopierCase(
        CopierWork work,
        Side side,
        int number,
        String verbs,
        String place,
        @Nullable Fault fault) {
    CopierCase with(Fault other) {
        return new CopierCase(work, side, number, verbs, place, other);
    }

    @Override
    public String toString() {
        return work + " " + side.word() + " #" + number + " " + verbs + " " + fault;
    }
}
