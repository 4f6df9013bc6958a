package io.dualwrite.model;

import io.dualwrite.ladder.Rung;
import io.dualwrite.model.State.Register;
import java.util.List;

/**
 * An instance that reads one row once, on its rung's read side. Its status says that it has read; it is not counted among those
 * that were answered before another began, for between two commits a client may see a row on one side and then miss it on the
 * other. Immutable.
 */
record Reader(int id, Rung rung, int row) implements Actor {
    @Override
    public String name() {
        return "reader " + (char) ('A' + id) + " (" + rung + ")";
    }

    @Override
    public void moves(State now, Moves moves) {
        if (rests(now)) {
            return;
        }
        int value = now.committed(rung.reads(), row);
        State next = now.copy();
        next.set(id, Register.AFTER, 64 | Answered.before(now, row));
        next.set(id, Register.ANSWER, value);
        next.set(id, Register.PC, Writer.END);
        moves.to(
                next,
                () -> name() + " reads row " + (row + 1) + " on " + rung.reads().word() + ": " + Deed.words(value));
    }

    @Override
    public List<Wait> waits(State now) {
        return List.of();
    }

    @Override
    public boolean rests(State now) {
        return now.get(id, Register.PC) == Writer.END;
    }
}
