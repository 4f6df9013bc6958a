package io.dualwrite.config;

import io.dualwrite.ladder.Phase;
import io.dualwrite.ladder.Side;
import java.time.Duration;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/** One valid reading of the properties file. Immutable and thread-safe. Each field is the {@link Setting} of its name. */
public final class Settings {
    public final Phase phase;
    public final Manifest manifest;
    public final String instance;
    public final int fleetSize;
    /** How often the registry is written and read; 1 s by default. */
    public final Duration heartbeat;
    /** The longest that trouble on the mirror may delay a request; 1 s by default (promise 2). */
    public final Duration mirrorBudget;
    /** The longest wait for a lock on the mirror (R5); 500 ms by default. */
    public final Duration mirrorLock;
    /** The longest run of a statement on the mirror (R5); 1 s by default. */
    public final Duration mirrorStatement;
    /** Failures in a row after which the breaker opens; 5 by default. */
    public final int breakerFailures;
    /** How long the breaker stays open before one transaction tries again; 2 s by default. */
    public final Duration breakerPause;

    Settings(
            Phase phase,
            Manifest manifest,
            String instance,
            int fleetSize,
            Duration heartbeat,
            Duration mirrorBudget,
            Duration mirrorLock,
            Duration mirrorStatement,
            int breakerFailures,
            Duration breakerPause) {
        this.phase = phase;
        this.manifest = manifest;
        this.instance = instance;
        this.fleetSize = fleetSize;
        this.heartbeat = heartbeat;
        this.mirrorBudget = mirrorBudget;
        this.mirrorLock = mirrorLock;
        this.mirrorStatement = mirrorStatement;
        this.breakerFailures = breakerFailures;
        this.breakerPause = breakerPause;
    }

    /** The vendor's JDBC URL of a side. */
    public String url(Side side) {
        throw new UnsupportedOperationException();
    }

    /** The user of a side, or null where the file names none. */
    public @Nullable String user(Side side) {
        throw new UnsupportedOperationException();
    }

    /** Connection properties of a side: user, password and every {@code old.property.NAME} or {@code new.property.NAME}. */
    public Properties connectionProperties(Side side) {
        throw new UnsupportedOperationException();
    }

    /** What {@code routine.NAME} declares of a function or procedure: {@code reads}, {@code writes t1, t2}, or null. */
    public @Nullable String routine(String name) {
        throw new UnsupportedOperationException();
    }
}
