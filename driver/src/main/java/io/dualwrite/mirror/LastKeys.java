package io.dualwrite.mirror;

import io.dualwrite.ladder.Side;
import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which side's session has generated the keys that an application may ask for on its connection (R24): old on most rungs, and on those
 * where new's rows are the truth the one or the other. Immutable.
 */
final class LastKeys {
    private static final LastKeys ALL_OLD = new LastKeys(Side.OLD, Side.OLD, Collections.<String>emptySet());
    private static final LastKeys ALL_NEW = new LastKeys(Side.NEW, Side.NEW, Collections.<String>emptySet());

    /** The side of the key that was generated last. */
    final Side last;
    /** The side of the keys of tables that are no exceptions. */
    private final Side most;
    /** Tables whose keys the side that is not {@link #most} has generated last. */
    private final Set<String> exceptions;

    private LastKeys(Side last, Side most, Set<String> exceptions) {
        this.last = last;
        this.most = most;
        this.exceptions = exceptions;
    }

    /** One side alone has generated keys. */
    static LastKeys allOf(Side side) {
        return side == Side.OLD ? ALL_OLD : ALL_NEW;
    }

    /** After the side has generated keys of the table. */
    LastKeys after(Side side, String table) {
        boolean isException = side != most;
        if (side == last && exceptions.contains(table) == isException) {
            return this;
        }
        Set<String> changed = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        changed.addAll(exceptions);
        if (isException) {
            changed.add(table);
        } else {
            changed.remove(table);
        }
        return new LastKeys(side, most, changed);
    }

    /** The side has been told what was generated last. */
    LastKeys lastOf(Side side) {
        return side == last ? this : new LastKeys(side, most, exceptions);
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
