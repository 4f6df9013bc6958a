package io.dualwrite.fleet;

import io.dualwrite.ladder.Member;
import io.dualwrite.ladder.Phase;
import io.dualwrite.ladder.Rung;
import io.dualwrite.ladder.Side;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A row of {@code dualwrite_instance}: one instance as it last described itself on one side. Immutable. */
public final class InstanceRow {
    public final String name;
    /** A random id of the process: a name outlives it. */
    public final String incarnation;

    public final Rung rung;
    /** The rung that it still drains, or null. */
    public final @Nullable Rung movingFrom;

    public final Phase asked;
    /** When it came to this rung, or drained, by the server's clock in milliseconds. */
    public final long arrivedAt;
    /** Its last sign of life by the server's clock in milliseconds. */
    public final long heartbeatAt;
    /** Whether it has said goodbye, or was found dead. */
    public final boolean gone;

    public final @Nullable String waitsFor;
    /** What must be the same in the whole fleet, as {@code Settings.fingerprint} (R28). */
    public final String fingerprint;

    public final int fleetSize;
    /** The sides to which it mirrors nothing for the moment, after too many failures in a row. */
    public final Set<Side> pausedSides;
    /** The address from which the side's server saw it write this row: without a port, {@code local} for no network. */
    public final String client;

    InstanceRow(
            String name,
            String incarnation,
            Rung rung,
            @Nullable Rung movingFrom,
            Phase asked,
            long arrivedAt,
            long heartbeatAt,
            boolean gone,
            @Nullable String waitsFor,
            String fingerprint,
            int fleetSize,
            Set<Side> pausedSides,
            String client) {
        this.name = name;
        this.incarnation = incarnation;
        this.rung = rung;
        this.movingFrom = movingFrom;
        this.asked = asked;
        this.arrivedAt = arrivedAt;
        this.heartbeatAt = heartbeatAt;
        this.gone = gone;
        this.waitsFor = waitsFor;
        this.fingerprint = fingerprint;
        this.fleetSize = fleetSize;
        this.pausedSides = pausedSides;
        this.client = client;
    }

    /** Whether it gave a sign of life within the given time and has not said goodbye. */
    public boolean fresh(long nowMillis, Duration dead) {
        return !gone && nowMillis - heartbeatAt <= dead.toMillis();
    }

    /** Whether the registry of the side is one in which it must keep its row up to date: else that row may lag. */
    boolean recordedOn(Side side) {
        return rung.authority() == side || (movingFrom != null && movingFrom.authority() == side);
    }

    /** The instance as the ladder sees it. */
    public Member member() {
        return new Member(name, rung, movingFrom, asked);
    }

    @Override
    public String toString() {
        return member() + (gone ? ", gone" : "");
    }
}
