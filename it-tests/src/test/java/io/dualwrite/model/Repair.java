package io.dualwrite.model;

import io.dualwrite.ladder.Side;
import io.dualwrite.model.State.Register;
import io.dualwrite.model.State.Session;
import java.util.List;

/** Repair, which runs again and again until no marks are left. Immutable. */
final class Repair implements Actor {
    private static final int IDLE = 0;
    private static final int PROBES = 1;
    private static final int CLEARS = 2;

    private final int id;
    private final List<Actor> writers;
    private final Rules rules;
    private final boolean afterwards;
    private final Mending mending;

    Repair(int id, List<Actor> writers, Side authority, World world) {
        this.afterwards = world.mixed() && world.rules().hold(Rule.R26_REPAIR);
        this.id = id;
        this.writers = writers;
        this.rules = world.rules();
        boolean again = rules.hold(Rule.R17);
        this.mending = new Mending(
                name(),
                id,
                world.servers(),
                new Mending.Ways(authority, true, true, rules.hold(Rule.R15), rules.hold(Rule.R15_ORDER), again));
    }

    @Override
    public String name() {
        return "repair";
    }

    @Override
    public boolean rests(State now) {
        return now.get(id, Register.PC) == IDLE && now.marks() == 0;
    }

    @Override
    public List<Wait> waits(State now) {
        return Mending.isAtWork(now, id) ? mending.waits(now) : List.of();
    }

    @Override
    public void moves(State now, Moves moves) {
        if (Mending.isAtWork(now, id)) {
            mending.moves(now, moves, this::nextRow);
            return;
        }
        switch (now.get(id, Register.PC)) {
            case IDLE -> readMarks(now, moves);
            case PROBES -> probe(now, moves);
            default -> clear(now, moves);
        }
    }

    /** While some commit old first and some new, a row that is absent on the authority may be about to be committed there. */
    private void readMarks(State now, Moves moves) {
        boolean waits = afterwards && writers.stream().anyMatch(writer -> !writer.rests(now));
        if (now.marks() != 0 && !waits) {
            State next = now.copy();
            next.set(id, Register.TOUCHED, now.marks());
            next.set(id, Register.ON_MIRROR, rows(now, now.marks()));
            next.set(id, Register.PC, PROBES);
            moves.to(next, () -> name() + " reads the marks of " + names(now.marks()));
        }
    }

    /** R16: inserts the marks' ids again on both servers, which waits for what is open there. */
    private void probe(State now, Moves moves) {
        int read = now.get(id, Register.TOUCHED);
        if (rules.hold(Rule.R16) && isOpen(now, read)) {
            return;
        }
        State next = now.copy();
        next.set(id, Register.SEEN, -1);
        String found = rules.hold(Rule.R16) ? " finds that the marked transactions have ended" : " begins to mend";
        moves.to(nextRow(next), () -> name() + found);
    }

    private boolean isOpen(State now, int read) {
        for (int writer = 0; writer < writers.size(); writer++) {
            for (Side side : Side.values()) {
                Session session = now.session(writer, side);
                boolean open = session != Session.NONE && session != Session.PACKET;
                if ((read & 1 << writer) != 0 && open) {
                    return true;
                }
            }
        }
        return false;
    }

    private State nextRow(State next) {
        int row = next.get(id, Register.SEEN) + 1;
        while (row < State.ROWS && (next.get(id, Register.ON_MIRROR) & 1 << row) == 0) {
            row++;
        }
        next.set(id, Register.ANSWER, 0);
        next.set(id, Register.SEEN, row == State.ROWS ? 0 : row);
        next.set(id, Register.PC, row == State.ROWS ? CLEARS : Mending.FIRST);
        return next;
    }

    private void clear(State now, Moves moves) {
        int cleared = now.get(id, Register.TOUCHED);
        if (rules.lack(Rule.R15_READ)) {
            for (int writer = 0; writer < writers.size(); writer++) {
                boolean mended = (rows(now, 1 << writer) & ~now.get(id, Register.ON_MIRROR)) == 0;
                cleared |= mended ? now.marks() & 1 << writer : 0;
            }
        }
        State next = now.copy();
        next.marks(now.marks() & ~cleared);
        for (Register register : Register.values()) {
            next.set(id, register, 0);
        }
        int gone = now.marks() & cleared;
        moves.to(next, () -> name() + " clears the marks of " + names(gone));
    }

    private int rows(State now, int marks) {
        int rows = 0;
        for (int writer = 0; writer < writers.size(); writer++) {
            rows |= (marks & 1 << writer) == 0 ? 0 : writers.get(writer).markedRows(now);
        }
        return rows;
    }

    private static String names(int marks) {
        StringBuilder names = new StringBuilder();
        for (int writer = 0; writer < State.ACTORS; writer++) {
            if ((marks & 1 << writer) != 0) {
                names.append(names.isEmpty() ? "" : " and ").append((char) ('A' + writer));
            }
        }
        return names.isEmpty() ? "nobody" : names.toString();
    }
}
