package io.dualwrite.model;

import io.dualwrite.ladder.Side;
import java.util.List;

/** A process: a writer, a reader, repair, the copier. Immutable; what it remembers is in the state. */
interface Actor {
    String name();

    /** Adds all that the actor can do next. */
    void moves(State now, Moves moves);

    /** The locks for which it waits. */
    List<Wait> waits(State now);

    /** Whether it has nothing to do, now and as long as nobody else does something. */
    boolean rests(State now);

    /** The rows that its mark names, a bit each. */
    default int markedRows(State now) {
        return 0;
    }

    /** Whether a commit on the side brings its mark with it. */
    default boolean marksWith(Side side) {
        return false;
    }
}
