package io.dualwrite.wire;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Counts round trips that follow one another, over all proxies that share it: a request that was sent after an answer had
 * reached the client is one round later than that answer; requests that are under way together share a round. Thread-safe.
 *
 * <p>Nobody can see from outside which answer a client waited for, so that the count is as exact as round trips are long
 * beside what the client does between them.
 */
public final class Rounds {
    private final AtomicLong answered = new AtomicLong();

    /** The round to which a request belongs that is sent now. */
    long sent() {
        return answered.get() + 1;
    }

    /** The answer to a request of the round has reached the client. */
    void answered(long round) {
        answered.accumulateAndGet(round, Math::max);
    }

    /** How many round trips, one after the other, have ended. */
    public long ended() {
        return answered.get();
    }
}
