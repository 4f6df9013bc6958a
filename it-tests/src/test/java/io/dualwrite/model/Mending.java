package io.dualwrite.model;

import io.dualwrite.ladder.Side;
import io.dualwrite.model.State.Register;
import java.util.List;

/**
 * How repair and copier make one row of the target what the source has: locks on old, then on new, with short waits, a look at the
 * source under these locks, the write, its commit. Immutable.
 */
final class Mending {
    /** What a mending does and which of its rules hold. */
    record Ways(Side source, boolean upserts, boolean deletes, boolean locks, boolean oldFirst, boolean readsAgain) {}

    /** The stages of one row, as the register PC counts them from {@link #FIRST} on. */
    static final int FIRST = 10;

    private enum Stage {
        LOCK_FIRST,
        LOCK_SECOND,
        READ,
        WRITE,
        COMMIT
    }

    private static final List<Stage> USUAL =
            List.of(Stage.LOCK_FIRST, Stage.LOCK_SECOND, Stage.READ, Stage.WRITE, Stage.COMMIT);
    private static final List<Stage> READING_ONCE =
            List.of(Stage.LOCK_FIRST, Stage.READ, Stage.LOCK_SECOND, Stage.WRITE, Stage.COMMIT);
    private static final List<Stage> UNLOCKED = List.of(Stage.READ, Stage.WRITE, Stage.COMMIT);

    private final String name;
    private final int id;
    private final Servers servers;
    private final Ways ways;
    private final List<Stage> stages;

    Mending(String name, int id, Servers servers, Ways ways) {
        this.name = name;
        this.id = id;
        this.servers = servers;
        this.ways = ways;
        this.stages = !ways.locks ? UNLOCKED : ways.readsAgain ? USUAL : READING_ONCE;
    }

    static boolean isAtWork(State now, int id) {
        int pc = now.get(id, Register.PC);
        return pc >= FIRST && pc < Writer.END;
    }

    private Stage stage(State now) {
        return stages.get(now.get(id, Register.PC) - FIRST);
    }

    private int row(State now) {
        return now.get(id, Register.SEEN);
    }

    private Side target() {
        return ways.source.other();
    }

    private Side side(Stage stage) {
        Side first = ways.oldFirst ? Side.OLD : Side.NEW;
        return switch (stage) {
            case LOCK_FIRST -> first;
            case LOCK_SECOND -> first.other();
            case READ -> ways.source;
            case WRITE, COMMIT -> target();
        };
    }

    /** Whom it waits for, or NOBODY. */
    int holder(State now) {
        Stage stage = stage(now);
        int row = row(now);
        return switch (stage) {
            case LOCK_FIRST, LOCK_SECOND -> servers.holder(now, id, side(stage), row);
            case READ, COMMIT -> State.NOBODY;
            case WRITE ->
                writes(now)
                        ? now.get(id, Register.ANSWER) == Deed.ABSENT
                                ? servers.holder(now, id, target(), row)
                                : servers.holderForInsert(now, id, target(), row)
                        : State.NOBODY;
        };
    }

    List<Wait> waits(State now) {
        int holder = holder(now);
        return holder == State.NOBODY
                ? List.of()
                : List.of(new Wait(id, holder, side(stage(now)), ways.oldFirst, ways.oldFirst));
    }

    private boolean writes(State now) {
        boolean absent = now.get(id, Register.ANSWER) == Deed.ABSENT;
        boolean there = now.seenBy(id, target(), row(now)) != Deed.ABSENT;
        return absent ? ways.deletes && there : ways.upserts;
    }

    /**
     * Adds the next step of the row.
     *
     * @return the state after the row's commit, to go on from; else null and the step is among the moves
     */
    void moves(State now, Moves moves, RowDone done) {
        Stage stage = stage(now);
        State next = now.copy();
        String row = " row " + (row(now) + 1) + " on " + side(stage).word();
        if (holder(now) != State.NOBODY) {
            if (ways.oldFirst) {
                moves.to(released(next), () -> name + " waits too long for" + row + " and lets go of all locks");
            }
            return;
        }
        next.set(id, Register.PC, now.get(id, Register.PC) + 1);
        switch (stage) {
            case LOCK_FIRST, LOCK_SECOND -> {
                boolean found = servers.lock(next, id, side(stage), row(now));
                moves.to(next, () -> name + (found ? " locks" : " finds nothing to lock as") + row);
            }
            case READ -> read(now, next, row, moves);
            case WRITE -> write(now, next, row, moves);
            case COMMIT -> {
                next.end(id, target(), true);
                next.end(id, ways.source, false);
                moves.to(done.after(next), () -> name + " commits" + row + " and lets go of its locks");
            }
        }
    }

    /** What comes after a row. */
    interface RowDone {
        State after(State next);
    }

    private void read(State now, State next, String row, Moves moves) {
        int value = now.seenBy(id, ways.source, row(now));
        boolean unlocked = value != Deed.ABSENT && now.owner(ways.source, row(now)) != id;
        if (ways.locks && ways.readsAgain && unlocked) {
            moves.to(released(next), () -> name + " finds" + row + " there now and starts again");
            return;
        }
        next.set(id, Register.ANSWER, value);
        moves.to(next, () -> name + " reads" + row + ": " + Deed.words(value));
    }

    private void write(State now, State next, String row, Moves moves) {
        int value = now.get(id, Register.ANSWER);
        if (!writes(now)) {
            moves.to(next, () -> name + " has nothing to write as" + row);
        } else if (value == Deed.ABSENT && ways.locks && ways.readsAgain && now.owner(target(), row(now)) != id) {
            moves.to(released(next), () -> name + " has not locked" + row + " and starts again");
        } else {
            servers.put(next, id, target(), row(now), value);
            moves.to(next, () -> name + " writes" + row + ": " + Deed.words(value));
        }
    }

    private State released(State next) {
        next.end(id, Side.OLD, false);
        next.end(id, Side.NEW, false);
        next.set(id, Register.ANSWER, 0);
        next.set(id, Register.PC, FIRST);
        return next;
    }
}
