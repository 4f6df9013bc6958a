package io.dualwrite.model;

import io.dualwrite.ladder.Side;

/**
 * What the two servers do with a statement on one row: whom it waits for, what it finds, what it changes. Immutable.
 *
 * @param gapLocks whether new's session locks the gap in which it found no row (MariaDB above READ COMMITTED)
 */
record Servers(Visibility old, Visibility neu, boolean gapLocks) {
    static final int DUPLICATE = 2;

    Visibility visibility(Side side) {
        return side == Side.OLD ? old : neu;
    }

    /** Whom an UPDATE, DELETE or locking read of the row waits for. */
    int holder(State now, int actor, Side side, int row) {
        int owner = now.owner(side, row);
        boolean unseen =
                now.committed(side, row) == Deed.ABSENT && visibility(side) == Visibility.UNSEEN && owner != actor;
        return owner == actor || unseen ? State.NOBODY : owner;
    }

    /** Whom an INSERT of the row waits for, whatever it does on a conflict. */
    int holderForInsert(State now, int actor, Side side, int row) {
        int owner = now.owner(side, row);
        if (owner != State.NOBODY) {
            return owner == actor ? State.NOBODY : owner;
        }
        return now.committed(side, row) == Deed.ABSENT ? now.gapHolderBeside(actor, side) : State.NOBODY;
    }

    /** Runs the statement on the row, for which it need not wait; how many rows it hit, or DUPLICATE. */
    int run(State next, int actor, Side side, int row, Deed deed, int seen) {
        int value = next.seenBy(actor, side, row);
        if (deed.kind() == Deed.Kind.INSERT && value != Deed.ABSENT) {
            return DUPLICATE;
        }
        if (deed.kind() != Deed.Kind.INSERT && value == Deed.ABSENT) {
            lockGap(next, actor, side);
            return 0;
        }
        next.own(actor, side, row, deed.change(value, actor, seen, side == Side.NEW));
        return 1;
    }

    /** Locks the row, if it finds one. */
    boolean lock(State next, int actor, Side side, int row) {
        int value = next.seenBy(actor, side, row);
        if (value == Deed.ABSENT) {
            return false;
        }
        next.own(actor, side, row, value);
        return true;
    }

    /** An upsert of the row. */
    void put(State next, int actor, Side side, int row, int value) {
        if (next.seenBy(actor, side, row) == Deed.ABSENT) {
            lockGap(next, actor, side);
        }
        next.own(actor, side, row, value);
    }

    private void lockGap(State next, int actor, Side side) {
        if (gapLocks && side == Side.NEW) {
            next.lockGap(actor, side);
        }
    }
}
