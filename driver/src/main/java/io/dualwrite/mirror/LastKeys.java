package io.dualwrite.mirror;

import io.dualwrite.ladder.Side;
import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Which side's session has generated the keys that an application may ask for on its connection (R24): old on most rungs, and on those
 * where new's rows are the truth the one or the other. Immutable.
 */
final class LastKeys {
    /** No key was generated yet; the question is old's. */
    static final LastKeys NONE = new LastKeys(Side.OLD, null, Side.OLD, Collections.<String>emptySet());

    private static final LastKeys ALL_OLD = new LastKeys(Side.OLD, null, Side.OLD, Collections.<String>emptySet());
    private static final LastKeys ALL_NEW = new LastKeys(Side.NEW, null, Side.NEW, Collections.<String>emptySet());

    /** The side of the key that was generated last. */
    final Side last;
    /** The leg whose session knows it; null where that is not known. */
    private final @Nullable Leg knownBy;
    /** The side of the keys of tables that are no exceptions. */
    private final Side most;
    /** Tables whose keys the side that is not {@link #most} has generated last. */
    private final Set<String> exceptions;

    private LastKeys(Side last, @Nullable Leg knownBy, Side most, Set<String> exceptions) {
        this.last = last;
        this.knownBy = knownBy;
        this.most = most;
        this.exceptions = exceptions;
    }

    /** One side alone has generated keys. */
    static LastKeys allOf(Side side) {
        return side == Side.OLD ? ALL_OLD : ALL_NEW;
    }

    /** After the leg has generated keys of the table. */
    LastKeys after(Leg leg, String table) {
        boolean isException = leg.side != most;
        if (leg == knownBy && exceptions.contains(table) == isException) {
            return this;
        }
        if (!isException && exceptions.isEmpty()) {
            return new LastKeys(leg.side, leg, most, exceptions);
        }
        Set<String> changed = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        changed.addAll(exceptions);
        if (isException) {
            changed.add(table);
        } else {
            changed.remove(table);
        }
        return new LastKeys(leg.side, leg, most, changed);
    }

    /** The leg has been told what was generated last. */
    LastKeys lastOf(Leg leg) {
        return leg == knownBy ? this : new LastKeys(leg.side, leg, most, exceptions);
    }

    /** Whether another leg of its side knew the last key, so that this one, which has taken its place, tells none. */
    boolean isGoneWith(Leg leg) {
        Leg knowing = knownBy;
        return knowing != null && knowing.side == leg.side && knowing != leg;
    }

    /** Whether the keys of all tables are one side's, so that the table need not be known. */
    boolean isOneSides() {
        return exceptions.isEmpty();
    }

    /** The side that has generated the table's last key. */
    Side of(String table) {
        return exceptions.contains(table) ? most.other() : most;
    }
}
