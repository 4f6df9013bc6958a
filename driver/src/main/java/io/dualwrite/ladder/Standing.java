package io.dualwrite.ladder;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;

/**
 * Where this instance stands, and which of its connections still work on the rung before (R22).
 *
 * <p>A connection pins the rung when a transaction begins and lets go when it ends. A step changes the rung for
 * transactions that begin later; the step is drained once no pin holds another rung. Thread-safe: a pin is written before
 * the rung is read again, and a step writes the rung before it reads the pins, so that one of the two always sees the
 * other.
 */
public final class Standing {

    /** What one connection holds: the rung of its open transaction, or nothing between transactions. */
    public static final class Pin {
        private final String connection;
        private volatile @Nullable Rung rung;
        private volatile @Nullable String outlives;
        /** Of the connection's thread; what another one writes when a transaction has settled is handed over by a lock. */
        private boolean inTransaction;
        /** For {@link #stragglers} alone, which may see it late. */
        private @Nullable String reading;

        private static final AtomicReferenceFieldUpdater<Pin, @Nullable Rung> RUNG =
                AtomicReferenceFieldUpdater.newUpdater(Pin.class, Rung.class, "rung");

        /** Seen by others a little later, which holds a step up and never lets one through. */
        private void letGo() {
            RUNG.lazySet(this, null);
        }

        private Pin(String connection) {
            this.connection = connection;
        }

        /** The pinned rung, or null between transactions. */
        public @Nullable Rung rung() {
            return rung;
        }

        /**
         * Says that something on the connection outlives its transaction (a temporary table, a session lock, a holdable
         * cursor), so that the rung stays pinned until the connection is closed; null takes it back. Called by the thread
         * that uses the connection.
         */
        public void outlives(@Nullable String what) {
            outlives = what;
            if (what == null && !inTransaction) {
                rung = null;
            }
        }

        /** Names what keeps the rung pinned between transactions beside what {@link #outlives}; null for nothing. */
        public void reads(@Nullable String what) {
            reading = what;
        }

        /** What outlives the transaction on this connection, or null. */
        public @Nullable String outlives() {
            return outlives;
        }
    }

    private final Set<Pin> pins = ConcurrentHashMap.newKeySet();
    private volatile Rung rung;

    /** Stands on the given rung, with no connection open. */
    public Standing(Rung rung) {
        this.rung = rung;
    }

    /** The rung on which a transaction that begins now will run. */
    public Rung rung() {
        return rung;
    }

    /** Takes part in draining from now on; the name is what {@link #stragglers} shows. */
    public Pin join(String connection) {
        Pin pin = new Pin(connection);
        pins.add(pin);
        return pin;
    }

    /** Takes no part any more: the connection is closed and nothing of it is open on a server. */
    public void leave(Pin pin) {
        pins.remove(pin);
    }

    /**
     * Pins the rung for a transaction that begins now: the current one, or the one that the connection is kept on by what
     * outlived an earlier transaction.
     */
    public Rung pin(Pin pin) {
        pin.inTransaction = true;
        Rung kept = pin.outlives == null ? null : pin.rung;
        if (kept != null) {
            return kept;
        }
        Rung seen = rung;
        while (true) {
            pin.rung = seen;
            Rung again = rung;
            if (again == seen) {
                return seen;
            }
            seen = again;
        }
    }

    /** Ends the transaction: nothing of it is open on either server. */
    public void unpin(Pin pin) {
        pin.inTransaction = false;
        if (pin.outlives == null) {
            pin.letGo();
        }
    }

    /** Changes the rung for everything that begins from now on. */
    public void move(Rung next) {
        rung = next;
    }

    /** Whether nothing that began on another rung is still open. */
    public boolean drained() {
        Rung now = rung;
        for (Pin pin : pins) {
            Rung pinned = pin.rung;
            if (pinned != null && pinned != now) {
                return false;
            }
        }
        return true;
    }

    private static String holds(Pin pin) {
        String what = pin.outlives;
        String reading = pin.reading;
        return what != null ? what : reading != null ? reading : "an open transaction";
    }

    /** The connections that keep the instance from being drained, each with what holds it. */
    public Map<String, String> stragglers() {
        Map<String, String> found = new TreeMap<>();
        Rung now = rung;
        for (Pin pin : pins) {
            Rung pinned = pin.rung;
            if (pinned != null && pinned != now) {
                found.put(pin.connection, holds(pin) + " on " + pinned);
            }
        }
        return found;
    }
}
