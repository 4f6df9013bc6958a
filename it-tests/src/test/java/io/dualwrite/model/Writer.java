package io.dualwrite.model;

import io.dualwrite.ladder.Rung;
import io.dualwrite.ladder.Side;
import io.dualwrite.model.Plan.Clear;
import io.dualwrite.model.Plan.Commit;
import io.dualwrite.model.Plan.Compare;
import io.dualwrite.model.Plan.Join;
import io.dualwrite.model.Plan.Op;
import io.dualwrite.model.Plan.Run;
import io.dualwrite.model.State.Register;
import io.dualwrite.model.State.Session;
import io.dualwrite.model.State.Status;
import java.util.ArrayList;
import java.util.List;

/** An instance that runs one transaction of the application's on its rung. Immutable. */
final class Writer implements Actor {
    /** The step after the last. */
    static final int END = 100;

    final int id;
    final Rung rung;
    final List<Deed> deeds;
    final World world;
    final Plan plan;
    private final Lane lane;
    private final Statements statements;
    private final Ending ending;

    Writer(int id, Rung rung, List<Deed> deeds, boolean replays, World world) {
        this.id = id;
        this.rung = rung;
        this.deeds = deeds;
        this.world = world;
        boolean mayReplay = world.rules().lack(Rule.R25) || deeds.stream().allMatch(Deed::sameOnBothSides);
        boolean compares = rung.strict() && world.mixed() && world.rules().hold(Rule.R7_NOTHING);
        this.plan = new Plan(rung, deeds, replays && mayReplay, compares, world.rules());
        this.lane = new Lane(this);
        this.statements = new Statements(this);
        this.ending = new Ending(this);
    }

    @Override
    public String name() {
        return "writer " + (char) ('A' + id) + " (" + rung + ")";
    }

    /** Whether trouble on the mirror fails the transaction. */
    boolean strict() {
        return rung.strict();
    }

    Side mirror() {
        return rung.mirror();
    }

    Op op(State now) {
        return plan.ops.get(now.get(id, Register.PC));
    }

    boolean ended(State now) {
        return now.get(id, Register.PC) == END;
    }

    boolean abandoned(State now) {
        return now.get(id, Register.ABANDONED) != 0;
    }

    @Override
    public boolean rests(State now) {
        return ended(now) && now.session(id, Side.OLD) == Session.NONE && now.session(id, Side.NEW) == Session.NONE;
    }

    @Override
    public void moves(State now, Moves moves) {
        ending.network(now, moves);
        if (ended(now)) {
            return;
        }
        if (lane.hasWork(now)) {
            lane.moves(now, moves);
        }
        Op op = op(now);
        if (op instanceof Commit commit) {
            ending.commit(now, commit, moves);
        } else if (op instanceof Clear) {
            ending.clear(now, moves);
        } else if (!(op instanceof Join)) {
            statements.moves(now, op, moves);
        }
        ending.kill(now, moves);
    }

    @Override
    public List<Wait> waits(State now) {
        List<Wait> waits = new ArrayList<>();
        if (!ended(now)) {
            if (lane.hasWork(now)) {
                waitsFor(lane.holder(now), mirror(), lane.healsUnlocked(now), waits);
            }
            Op op = op(now);
            waitsFor(statements.holder(now, op), Statements.side(op, mirror()), false, waits);
        }
        return waits;
    }

    private void waitsFor(int holder, Side side, boolean victim, List<Wait> waits) {
        if (holder != State.NOBODY) {
            waits.add(new Wait(id, holder, side, bounded(side), victim && bounded(side)));
        }
    }

    boolean bounded(Side side) {
        return rung.dual() && side == mirror() && world.rules().hold(Rule.R5);
    }

    void packetArrives(State now, Moves moves) {
        lane.arrives(now, moves);
    }

    /** A state to change, in which the writer has begun and its session on the side is open. */
    State begin(State now, Side side) {
        State next = now.copy();
        int after = next.get(id, Register.AFTER);
        if (after == 0) {
            next.set(id, Register.AFTER, 64 | Answered.before(now));
        }
        next.session(id, side, Session.OPEN);
        return next;
    }

    /** Passes over all that has nothing to do. */
    State settle(State next) {
        lane.skip(next);
        while (!ended(next) && isVoid(next, op(next))) {
            int pc = next.get(id, Register.PC) + 1;
            next.set(id, Register.PC, pc == plan.ops.size() ? END : pc);
            lane.skip(next);
        }
        return ended(next) ? tidied(next) : next;
    }

    State advance(State next) {
        int pc = next.get(id, Register.PC) + 1;
        next.set(id, Register.PC, pc == plan.ops.size() ? END : pc);
        return settle(next);
    }

    private boolean isVoid(State next, Op op) {
        boolean onMirror = rung.dual() && abandoned(next);
        if (op instanceof Join join) {
            return onMirror || lane.hasDone(next, join.statement());
        }
        if (op instanceof Commit commit && commit.second() && next.session(id, commit.side()) == Session.NONE) {
            return true;
        }
        if (op instanceof Clear) {
            return onMirror || (next.marks() & 1 << id) == 0;
        }
        if (op instanceof Compare compare) {
            return statements.hasHit(next, compare);
        }
        if (op instanceof Run run && statements.isNoCandidate(next, run)) {
            return true;
        }
        return onMirror && Statements.side(op, mirror()) == mirror();
    }

    /** What the ended writer remembers is one state where it makes no difference any more. */
    private State tidied(State next) {
        next.set(id, Register.LANE, 0);
        next.set(id, Register.PART, 0);
        next.set(id, Register.SEEN, 0);
        return next;
    }

    /** The mirror has failed: abandoned where it may, else the whole transaction. */
    State mirrorFailed(State next, int row) {
        next.end(id, mirror(), false);
        if (strict()) {
            return failed(next);
        }
        next.set(id, Register.ABANDONED, 1 + row);
        return settle(next);
    }

    /** The application gets an error and knows that nothing has happened. */
    State failed(State next) {
        next.end(id, Side.OLD, false);
        next.end(id, Side.NEW, false);
        return ended(next, Status.FAILED);
    }

    State ended(State next, Status status) {
        next.status(id, status);
        next.set(id, Register.PC, END);
        return tidied(next);
    }

    @Override
    public boolean marksWith(Side side) {
        return rung.dual() && (side == rung.authority() || world.rules().lack(Rule.R6));
    }

    /** Commits the side, and with it the mark that it carries. */
    void commit(State next, Side side) {
        boolean marks = world.rules().hold(Rule.R12) || abandoned(next);
        if (marksWith(side) && marks && markedRows(next) != 0) {
            next.marks(next.marks() | 1 << id);
        }
        next.end(id, side, true);
    }

    @Override
    public int markedRows(State now) {
        int failed = now.get(id, Register.ABANDONED);
        if (failed != 0 && world.rules().lack(Rule.R13)) {
            return 1 << (failed - 1);
        }
        int touched = now.get(id, Register.TOUCHED) | now.get(id, Register.ON_MIRROR);
        return (touched | touched >> State.ROWS) & (1 << State.ROWS) - 1;
    }
}
