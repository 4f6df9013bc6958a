package io.dualwrite.model;

import io.dualwrite.model.State.Register;
import io.dualwrite.model.State.Status;

/** Whose changes have been acknowledged: what comes after must know of them. */
final class Answered {
    private static final int ANY_ROW = (1 << 2 * State.ROWS) - 1;

    private Answered() {}

    /**
     * The actors whose changes were acknowledged, a bit each. Not those that only read, or were told that there was nothing to
     * change: between two commits a client may see a row on one side and then miss it on the other, which is the gap that is
     * published.
     */
    static int before(State now) {
        return changed(now, ANY_ROW);
    }

    /** The same, of changes of one row; for one who reads no other. */
    static int before(State now, int row) {
        return changed(now, 1 << row | 1 << State.ROWS + row);
    }

    private static int changed(State now, int rows) {
        int answered = 0;
        for (int actor = 0; actor < State.ACTORS; actor++) {
            boolean acknowledged = now.status(actor) == Status.ACKNOWLEDGED;
            if (acknowledged && (now.get(actor, Register.TOUCHED) & rows) != 0) {
                answered |= 1 << actor;
            }
        }
        return answered;
    }
}
