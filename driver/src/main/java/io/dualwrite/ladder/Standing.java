package io.dualwrite.ladder;

import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Where this instance stands, and which of its connections still work on the rung before (R22).
 *
 * <p>A connection pins the rung when a transaction begins and lets go when it ends. A step changes the rung for
 * transactions that begin later; the step is drained once no pin holds another rung. Thread-safe: a pin is written before
 * the rung is read again, and a step writes the rung, and waits a moment, before it reads the pins, so that one of the two
 * always sees the other.
 */
public final class Standing {

    /** What one connection holds: the rung of its open transaction, or nothing between transactions. */
    public static final class Pin {
        private final String connection;
        private final KnownPin known;
        /** The pinned rung's place from 1 up, or 0; a number, for writing it needs none of the collector's barriers. */
        private volatile int pinned;

        private volatile @Nullable String outlives;
        /** Of the connection's thread; what another one writes when a transaction has settled is handed over by a lock. */
        private boolean inTransaction;
        /** For {@link #stragglers} alone, which may see it late. */
        private boolean reading;

        private static final AtomicIntegerFieldUpdater<Pin> PINNED =
                AtomicIntegerFieldUpdater.newUpdater(Pin.class, "pinned");

        /** Seen by others a little later, which holds a step up and never lets one through. */
        private void letGo() {
            PINNED.lazySet(this, 0);
        }

        private Pin(String connection, ReferenceQueue<Pin> dropped) {
            this.connection = connection;
            this.known = new KnownPin(this, dropped);
        }

        /** The pinned rung, or null between transactions. */
        public @Nullable Rung rung() {
            int place = pinned;
            return place == 0 ? null : RUNGS[place - 1];
        }

        /**
         * Says that something on the connection outlives its transaction (a temporary table, a session lock, a holdable
         * cursor), so that the rung stays pinned until the connection is closed; null takes it back. Called by the thread
         * that uses the connection.
         */
        public void outlives(@Nullable String what) {
            outlives = what;
            if (what == null && !inTransaction) {
                pinned = 0;
            }
        }

        /** Says whether rows that are still read keep the rung pinned between transactions. */
        public void reads(boolean rows) {
            reading = rows;
        }

        /** What outlives the transaction on this connection, or null. */
        public @Nullable String outlives() {
            return outlives;
        }
    }

    /** By which a step finds the pin as long as its connection is there. */
    private static final class KnownPin extends WeakReference<Pin> {
        KnownPin(Pin pin, ReferenceQueue<Pin> dropped) {
            super(pin, dropped);
        }
    }

    private static final Rung[] RUNGS = Rung.values();

    /** Weakly, for an application may drop a connection without closing it: nothing can be done with that any more, and its driver ends it. */
    private final Set<KnownPin> pins = ConcurrentHashMap.newKeySet();

    private final Set<Pin> kept = ConcurrentHashMap.newKeySet();
    private final ReferenceQueue<Pin> dropped = new ReferenceQueue<>();
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
        Pin pin = new Pin(connection, dropped);
        pins.add(pin.known);
        for (Reference<?> one = dropped.poll(); one != null; one = dropped.poll()) {
            pins.remove(one);
        }
        return pin;
    }

    /** The pin counts until it {@link #leave leaves}, also where nobody else has it. */
    public void keep(Pin pin) {
        kept.add(pin);
    }

    /** Takes no part any more: the connection is closed and nothing of it is open on a server. */
    public void leave(Pin pin) {
        pins.remove(pin.known);
        kept.remove(pin);
    }

    /**
     * Pins the rung for a transaction that begins now: the current one, or the one that the connection is kept on by what
     * outlived an earlier transaction.
     */
    public Rung pin(Pin pin) {
        pin.inTransaction = true;
        Rung kept = pin.outlives == null ? null : pin.rung();
        if (kept != null) {
            return kept;
        }
        Rung seen = rung;
        while (true) {
            pin.pinned = place(seen);
            Rung again = rung;
            if (again == seen) {
                return seen;
            }
            seen = again;
        }
    }

    /**
     * Pins a rung for a transaction that begins now, if {@link #pin} would pin the same one.
     *
     * <p>The processor may keep the pin back for as long as its store buffer does, while the rung is read after it already; so
     * {@link #move} gives all of them time to be seen before anybody looks for pins.
     *
     * @return whether it is pinned; else nothing has changed
     */
    public boolean pinOn(Pin pin, @Nullable Rung expected) {
        if (rung != expected || expected == null || pin.outlives != null) {
            return false;
        }
        Pin.PINNED.lazySet(pin, place(expected));
        if (rung != expected) {
            pin.letGo();
            return false;
        }
        pin.inTransaction = true;
        return true;
    }

    private static int place(Rung rung) {
        return rung.ordinal() + 1;
    }

    /** Ends the transaction: nothing of it is open on either server. */
    public void unpin(Pin pin) {
        pin.inTransaction = false;
        if (pin.outlives == null) {
            pin.letGo();
        }
    }

    /**
     * Changes the rung for everything that begins from now on. Takes a millisecond, a thousand times what a processor keeps a
     * pin to itself: afterwards every pin of another rung is seen by {@link #drained}.
     */
    public void move(Rung next) {
        rung = next;
        long end = System.nanoTime() + 1_000_000;
        do {
            LockSupport.parkNanos(end - System.nanoTime());
        } while (System.nanoTime() - end < 0);
    }

    /** Whether nothing that began on another rung is still open. */
    public boolean drained() {
        Rung now = rung;
        for (KnownPin known : pins) {
            Pin pin = known.get();
            Rung pinned = pin == null ? null : pin.rung();
            if (pinned != null && pinned != now) {
                return false;
            }
        }
        return true;
    }

    private static String holds(Pin pin) {
        String what = pin.outlives;
        return what != null ? what : pin.reading ? "rows that are still read" : "an open transaction";
    }

    /** The connections that keep the instance from being drained, each with what holds it. */
    public Map<String, String> stragglers() {
        Map<String, String> found = new TreeMap<>();
        Rung now = rung;
        for (KnownPin known : pins) {
            Pin pin = known.get();
            Rung pinned = pin == null ? null : pin.rung();
            if (pin != null && pinned != null && pinned != now) {
                found.put(pin.connection, holds(pin) + " on " + pinned);
            }
        }
        return found;
    }
}
