package io.dualwrite.model;

import io.dualwrite.ladder.Side;
import io.dualwrite.model.State.Register;
import java.util.List;

/** One run of the copier over both rows, beside the writers. Immutable. */
final class Copier implements Actor {
    enum Kind {
        /** Copies from old to new while the fleet writes on both. */
        UP,
        /** Deletes on new what old has not. */
        DELETE_DIFF,
        /** Copies from new to old. */
        DOWN,
        /** Copies once more from old to new after the fleet has left OLD_ONLY. */
        FINAL_SYNC
    }

    private static final int WAITING = 0;

    private final int id;
    private final Kind kind;
    private final List<Actor> stragglers;
    private final boolean forbidden;
    private final Mending mending;

    /** @param forbidden whether the run is refused before it begins */
    Copier(int id, Kind kind, List<Actor> stragglers, boolean forbidden, World world) {
        this.id = id;
        this.kind = kind;
        this.stragglers = world.rules().hold(Rule.R22) ? stragglers : List.of();
        this.forbidden = forbidden;
        Rules rules = world.rules();
        boolean up = kind != Kind.DOWN;
        Mending.Ways ways = new Mending.Ways(
                up ? Side.OLD : Side.NEW,
                kind != Kind.DELETE_DIFF,
                kind != Kind.UP,
                rules.hold(Rule.R18),
                up || rules.hold(Rule.R20),
                rules.hold(Rule.R19));
        this.mending = new Mending(name(), id, world.servers(), ways);
    }

    @Override
    public String name() {
        return switch (kind) {
            case UP -> "the copier";
            case DELETE_DIFF -> "the copier's delete diff";
            case DOWN -> "the copier, downward,";
            case FINAL_SYNC -> "the final sync";
        };
    }

    @Override
    public boolean rests(State now) {
        return forbidden || now.get(id, Register.PC) == Writer.END;
    }

    @Override
    public List<Wait> waits(State now) {
        return Mending.isAtWork(now, id) ? mending.waits(now) : List.of();
    }

    @Override
    public void moves(State now, Moves moves) {
        if (rests(now)) {
            return;
        }
        if (now.get(id, Register.PC) != WAITING) {
            mending.moves(now, moves, this::nextRow);
        } else if (stragglers.stream().allMatch(straggler -> hasEnded(now, straggler))) {
            State next = now.copy();
            next.set(id, Register.PC, Mending.FIRST);
            moves.to(next, () -> name() + " begins");
        }
    }

    private static boolean hasEnded(State now, Actor straggler) {
        return straggler.rests(now);
    }

    private State nextRow(State next) {
        int row = next.get(id, Register.SEEN) + 1;
        next.set(id, Register.ANSWER, 0);
        next.set(id, Register.SEEN, row % State.ROWS);
        next.set(id, Register.PC, row == State.ROWS ? Writer.END : Mending.FIRST);
        return next;
    }
}
