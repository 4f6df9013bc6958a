package io.dualwrite.histories;

import io.dualwrite.ladder.Rung;
import io.dualwrite.ladder.Side;
import java.util.List;

/** One request of one client, from the moment in which it was made to that in which it was answered. */
record Operation(int process, Moment invoked, Moment completed, Request request, Outcome outcome) {

    /** A time by the one clock of all clients, and where the client's instance stood then. */
    record Moment(long nanos, Rung rung) {}

    boolean acknowledged() {
        return outcome instanceof Outcome.Done;
    }

    boolean failed() {
        return outcome instanceof Outcome.Failed;
    }

    boolean unknown() {
        return outcome instanceof Outcome.Unknown;
    }

    /** Whether the answer was there before the other request was made: only then is their order known. */
    boolean endedBefore(Operation other) {
        return completed.nanos < other.invoked.nanos;
    }

    /** Whether it may have run on the rung: the instance may have stepped, and more than once, between the two moments. */
    boolean mayHaveRunOn(Rung rung) {
        Rung lower = invoked.rung.compareTo(completed.rung) < 0 ? invoked.rung : completed.rung;
        Rung upper = lower == invoked.rung ? completed.rung : invoked.rung;
        return lower.compareTo(rung) <= 0 && rung.compareTo(upper) <= 0;
    }

    /** Whether it may have run where both databases must succeed. */
    boolean mayHaveBeenStrict() {
        return invoked.rung.strict() || completed.rung.strict();
    }

    /** Whether it may have read the side. */
    boolean mayHaveRead(Side side) {
        return invoked.rung.reads() == side || completed.rung.reads() == side;
    }

    /** What a reader of a list saw; empty for all others. */
    List<Integer> values() {
        return outcome instanceof Outcome.Values seen ? seen.values() : List.of();
    }
}
