package io.dualwrite.model;

import io.dualwrite.ladder.Rung;
import io.dualwrite.ladder.Side;
import java.util.ArrayList;
import java.util.List;

/**
 * A transaction as atomic steps, as its rung and the rules have it: what the application's thread does one after another, and
 * from which step on the mirror's lane may work on each statement. Immutable.
 */
final class Plan {
    /** A step of the application's thread. */
    sealed interface Op {}

    /** A locking read of the application's. */
    record Lock(Side side, int statement, int row) implements Op {}

    /** The moment at which a statement decides which rows it goes for. */
    record Look(Side side, int statement) implements Op {}

    record Run(Side side, int statement, int row) implements Op {}

    /** A look at the mirror's row, where the statement hit nothing. */
    record Compare(int statement, int row) implements Op {}

    /** Waits until the mirror has done all statements up to this one, without it. */
    record Join(int statement) implements Op {}

    record Commit(Side side, boolean second) implements Op {}

    record Clear() implements Op {}

    /** How the mirror is brought to what the first side has. */
    enum Way {
        IMAGE,
        REPLAY,
        /** The mirror ran the statement before, and gets what differs. */
        HEAL
    }

    final List<Op> ops = new ArrayList<>();
    final int[] laneFrom;
    final Way way;

    /** @param compares whether the mirror is looked at where a statement hits nothing */
    Plan(Rung rung, List<Deed> deeds, boolean replays, boolean compares, Rules rules) {
        this.laneFrom = new int[deeds.size()];
        boolean newWins = rung.dual() && rung.authority() == Side.NEW && rules.hold(Rule.R1);
        this.way = newWins ? Way.HEAL : replays ? Way.REPLAY : Way.IMAGE;
        for (int statement = 0; statement < deeds.size(); statement++) {
            Deed deed = deeds.get(statement);
            locks(rung, rules, statement, deed);
            if (newWins) {
                if (statement > 0) {
                    ops.add(new Join(statement));
                }
                run(Side.OLD, statement, deed);
            }
            laneFrom[statement] = rules.hold(Rule.R3) ? ops.size() + size(deed) : 0;
            run(rung.authority(), statement, deed);
            if (compares && deed.byKey()) {
                ops.add(new Compare(statement, deed.row()));
            }
        }
        end(rung, deeds.size(), rules);
    }

    private void locks(Rung rung, Rules rules, int statement, Deed deed) {
        if (deed.kind() != Deed.Kind.READ_MODIFY_WRITE) {
            return;
        }
        if (rung.reads() == Side.OLD || rung.dual() && rules.hold(Rule.R9)) {
            ops.add(new Lock(Side.OLD, statement, deed.row()));
        }
        if (rung.reads() == Side.NEW) {
            ops.add(new Lock(Side.NEW, statement, deed.row()));
        }
    }

    private void run(Side side, int statement, Deed deed) {
        if (deed.byKey()) {
            ops.add(new Run(side, statement, deed.row()));
            return;
        }
        ops.add(new Look(side, statement));
        for (int row = 0; row < State.ROWS; row++) {
            ops.add(new Run(side, statement, row));
        }
    }

    private static int size(Deed deed) {
        return deed.byKey() ? 1 : 1 + State.ROWS;
    }

    private void end(Rung rung, int statements, Rules rules) {
        if (!rung.dual()) {
            ops.add(new Commit(rung.authority(), false));
            return;
        }
        Side first = rules.hold(Rule.R6) ? rung.authority() : rung.mirror();
        if (rules.hold(Rule.R2)) {
            ops.add(new Join(statements));
        }
        ops.add(new Commit(first, false));
        if (rules.lack(Rule.R2)) {
            ops.add(new Join(statements));
        }
        if (rules.hold(Rule.R4)) {
            ops.add(new Commit(first.other(), true));
        }
        ops.add(new Clear());
    }
}
