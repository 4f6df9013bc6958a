package io.dualwrite.model;

import io.dualwrite.ladder.Side;
import io.dualwrite.model.Plan.Commit;
import io.dualwrite.model.Plan.Compare;
import io.dualwrite.model.Plan.Lock;
import io.dualwrite.model.Plan.Look;
import io.dualwrite.model.Plan.Op;
import io.dualwrite.model.Plan.Run;
import io.dualwrite.model.State.Register;
import io.dualwrite.model.State.Status;

/** What the application's thread of a writer runs: locking reads, and writes row by row. Immutable. */
final class Statements {
    /** The answer to an INSERT of a row that is there. */
    static final int DUPLICATE_ANSWER = 100;

    private final Writer writer;
    private final Servers servers;
    private final int id;

    Statements(Writer writer) {
        this.writer = writer;
        this.servers = writer.world.servers();
        this.id = writer.id;
    }

    static Side side(Op op, Side otherwise) {
        if (op instanceof Lock lock) {
            return lock.side();
        } else if (op instanceof Look look) {
            return look.side();
        } else if (op instanceof Run run) {
            return run.side();
        }
        if (op instanceof Compare) {
            return otherwise;
        }
        return op instanceof Commit commit ? commit.side() : otherwise.other();
    }

    private Deed deed(int statement) {
        return writer.deeds.get(statement);
    }

    /** Whom the step waits for. */
    int holder(State now, Op op) {
        if (op instanceof Lock lock) {
            return servers.holder(now, id, lock.side(), lock.row());
        }
        if (op instanceof Compare compare) {
            return servers.holderForInsert(now, id, writer.mirror(), compare.row());
        }
        if (!(op instanceof Run run)) {
            return State.NOBODY;
        }
        if (deed(run.statement()).kind() == Deed.Kind.INSERT) {
            return servers.holderForInsert(now, id, run.side(), run.row());
        }
        return servers.holder(now, id, run.side(), run.row());
    }

    /** Whether a statement by predicate passes over the row. */
    boolean isNoCandidate(State now, Run run) {
        Deed deed = deed(run.statement());
        if (deed.byKey()) {
            return false;
        }
        if (servers.visibility(run.side()) == Visibility.UNSEEN) {
            return (now.get(id, Register.SEEN) & 1 << run.row()) == 0;
        }
        return false;
    }

    void moves(State now, Op op, Moves moves) {
        Side side = side(op, writer.mirror());
        if (holder(now, op) == State.NOBODY) {
            if (op instanceof Lock lock) {
                lock(now, lock, moves);
            } else if (op instanceof Look look) {
                look(now, look, moves);
            } else if (op instanceof Compare compare) {
                compare(now, compare, moves);
            } else if (op instanceof Run run) {
                run(now, run, moves);
            }
        } else if (writer.bounded(side)) {
            State next = writer.begin(now, side);
            next.gaveUp();
            moves.to(onMirrorFailed(next, op), () -> writer.name() + " waits too long on " + side.word() + after());
        }
        if (!(op instanceof Look) && writer.world.mayFail(now, Fault.STATEMENT)) {
            State next = writer.begin(now, side);
            next.fault();
            boolean mirror = writer.rung.dual() && side == writer.mirror();
            moves.to(
                    mirror ? onMirrorFailed(next, op) : writer.failed(next),
                    () -> writer.name() + " is refused its statement on " + side.word() + (mirror ? after() : ""));
        }
    }

    private State onMirrorFailed(State next, Op op) {
        return writer.mirrorFailed(next, op instanceof Run run ? run.row() : 0);
    }

    private String after() {
        return writer.strict() ? ": the application gets the error" : " and goes on without it";
    }

    private void lock(State now, Lock lock, Moves moves) {
        State next = writer.begin(now, lock.side());
        servers.lock(next, id, lock.side(), lock.row());
        int seen = next.seenBy(id, lock.side(), lock.row());
        next.set(id, Register.SEEN, seen);
        if (lock.side() == writer.rung.reads()) {
            next.set(id, Register.ANSWER, seen);
        }
        moves.to(
                writer.advance(next),
                () -> writer.name() + " locks row " + (lock.row() + 1) + " on "
                        + lock.side().word() + ", which is " + Deed.words(seen));
    }

    private void look(State now, Look look, Moves moves) {
        State next = writer.begin(now, look.side());
        int found = 0;
        for (int row = 0; row < State.ROWS; row++) {
            if (deed(look.statement()).wants(row, now.seenBy(id, look.side(), row))) {
                found |= 1 << row;
            }
        }
        boolean snapshot = servers.visibility(look.side()) == Visibility.UNSEEN;
        next.set(id, Register.SEEN, snapshot ? found : 0);
        moves.to(
                writer.advance(next),
                () -> writer.name() + " begins a statement on group 0 on "
                        + look.side().word());
    }

    private void run(State now, Run run, Moves moves) {
        Side side = run.side();
        Deed deed = deed(run.statement());
        State next = writer.begin(now, side);
        boolean wants = deed.byKey() || deed.wants(run.row(), now.seenBy(id, side, run.row()));
        int hit = wants ? servers.run(next, id, side, run.row(), deed, now.get(id, Register.SEEN)) : 0;
        int bit = 1 << (run.statement() * State.ROWS + run.row());
        boolean authority = side == writer.rung.authority();
        String told = writer.name() + " " + deed.kind().words + " row " + (run.row() + 1) + " on " + side.word();
        if (hit == Servers.DUPLICATE) {
            moves.to(refused(next, run), () -> told + ", but it is there already");
            return;
        }
        if (hit > 0) {
            Register touched = authority ? Register.TOUCHED : Register.ON_MIRROR;
            next.set(id, touched, next.get(id, touched) | bit);
        }
        if (side == writer.rung.answers() && deed.kind() != Deed.Kind.READ_MODIFY_WRITE) {
            next.set(id, Register.ANSWER, next.get(id, Register.ANSWER) + (hit << 2 * run.statement()));
        }
        int value = next.seenBy(id, side, run.row());
        moves.to(writer.advance(next), () -> told + (hit == 0 ? ", and hits nothing" : ": " + Deed.words(value)));
    }

    /** The row is there already; where the mirror is to be looked at, the application is told after that. */
    private State refused(State next, Run run) {
        if (run.side() != writer.rung.authority()) {
            return writer.mirrorFailed(next, run.row());
        }
        if (writer.plan.ops.stream().noneMatch(op -> op instanceof Compare)) {
            return duplicate(next);
        }
        next.set(id, Register.ANSWER, DUPLICATE_ANSWER);
        return writer.advance(next);
    }

    boolean hasHit(State now, Compare compare) {
        int bit = 1 << (compare.statement() * State.ROWS + compare.row());
        return (now.get(id, Register.TOUCHED) & bit) != 0;
    }

    private void compare(State now, Compare compare, Moves moves) {
        Side mirror = writer.mirror();
        State next = writer.begin(now, mirror);
        int row = compare.row();
        boolean duplicate = now.get(id, Register.ANSWER) == DUPLICATE_ANSWER;
        boolean same = duplicate == (now.seenBy(id, mirror, row) != Deed.ABSENT);
        moves.to(
                !same ? writer.failed(next) : duplicate ? duplicate(next) : writer.advance(next),
                () -> writer.name() + " looks at row " + (row + 1) + " on " + mirror.word() + " and finds "
                        + (same
                                ? "the same"
                                : "another than on " + mirror.other().word() + ": the application gets the error"));
    }

    private State duplicate(State next) {
        next.set(id, Register.ANSWER, DUPLICATE_ANSWER);
        next.set(id, Register.TOUCHED, 0);
        next.set(id, Register.ON_MIRROR, 0);
        next.end(id, Side.OLD, false);
        next.end(id, Side.NEW, false);
        return writer.ended(next, Status.ACKNOWLEDGED);
    }
}
