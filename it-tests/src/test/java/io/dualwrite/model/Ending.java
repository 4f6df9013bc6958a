package io.dualwrite.model;

import io.dualwrite.ladder.Side;
import io.dualwrite.model.Plan.Commit;
import io.dualwrite.model.Plan.Op;
import io.dualwrite.model.State.Register;
import io.dualwrite.model.State.Session;
import io.dualwrite.model.State.Status;

/** How a writer's transaction ends: the two commits, the mark's clearing, and all that can go wrong with them. Immutable. */
final class Ending {
    private final Writer writer;
    private final int id;

    Ending(Writer writer) {
        this.writer = writer;
        this.id = writer.id;
    }

    void commit(State now, Commit commit, Moves moves) {
        Side side = commit.side();
        String second = commit.second() ? ", the second commit" : "";
        State done = now.copy();
        writer.commit(done, side);
        String mark = done.marks() == now.marks() ? "" : ", and with it its mark";
        moves.to(
                writer.advance(committed(done, commit)),
                () -> writer.name() + " commits on " + side.word() + second + mark + answer(now, done));
        if (writer.world.mayFail(now, Fault.COMMIT)) {
            State next = now.copy();
            next.end(id, side, false);
            broken(next, commit, false, moves, "is refused its COMMIT on " + side.word());
        }
        if (writer.world.mayFail(now, Fault.LOST_REPLY)) {
            State next = now.copy();
            writer.commit(next, side);
            broken(next, commit, true, moves, "commits on " + side.word() + mark + ", but the answer is lost");
        }
        if (writer.world.mayFail(now, Fault.LATE_COMMIT) && now.session(id, side) == Session.OPEN) {
            State next = now.copy();
            next.session(id, side, Session.IN_DOUBT);
            broken(next, commit, true, moves, "gives up its COMMIT on " + side.word() + ", which is still under way");
        }
    }

    private String answer(State now, State done) {
        return done.status(id) == now.status(id) ? "" : "; the application is answered";
    }

    private State committed(State next, Commit commit) {
        boolean authority = commit.side() == writer.rung.authority();
        boolean last = commit.second()
                || !writer.rung.dual()
                || writer.abandoned(next)
                || next.session(id, writer.mirror()) == Session.NONE
                || writer.world.rules().lack(Rule.R4);
        if (writer.strict() ? last : authority) {
            next.status(id, Status.ACKNOWLEDGED);
        }
        return next;
    }

    private void broken(State next, Commit commit, boolean unknown, Moves moves, String words) {
        next.fault();
        State then = commit.second() ? secondBroken(next, commit, unknown) : firstBroken(next, commit, unknown);
        String told = then.status(id) == Status.UNKNOWN
                ? "; the application does not know"
                : then.status(id) == Status.FAILED
                        ? "; the application gets the error"
                        : "; the application is answered";
        moves.to(then, () -> writer.name() + " " + words + told);
    }

    private State firstBroken(State next, Commit commit, boolean unknown) {
        if (writer.rung.dual()) {
            next.end(id, commit.side().other(), false);
        }
        return writer.ended(next, unknown ? Status.UNKNOWN : Status.FAILED);
    }

    private State secondBroken(State next, Commit commit, boolean unknown) {
        if (writer.world.rules().lack(Rule.R12)) {
            next.marks(next.marks() | 1 << id);
        }
        if (commit.side() == writer.rung.authority()) {
            return writer.ended(next, unknown ? Status.UNKNOWN : Status.FAILED);
        }
        boolean raises = writer.strict() && writer.world.rules().hold(Rule.R11);
        return writer.ended(next, raises ? Status.UNKNOWN : Status.ACKNOWLEDGED);
    }

    void clear(State now, Moves moves) {
        State next = now.copy();
        next.marks(next.marks() & ~(1 << id));
        moves.to(writer.advance(next), () -> writer.name() + " clears its mark");
    }

    /** The process ends here; where it was about to commit, the COMMIT may have been sent. */
    void kill(State now, Moves moves) {
        if (now.get(id, Register.AFTER) == 0 || !writer.world.mayFail(now, Fault.KILL)) {
            return;
        }
        State next = now.copy();
        next.fault();
        leave(next, Side.OLD);
        leave(next, Side.NEW);
        if (next.status(id) == Status.RUNNING) {
            next.status(id, Status.UNKNOWN);
        }
        Status status = next.status(id);
        moves.to(writer.ended(next, status), () -> writer.name() + " is killed");
        Op op = writer.op(now);
        if (op instanceof Commit commit && now.session(id, commit.side()) == Session.OPEN) {
            State sent = next.copy();
            sent.session(id, commit.side(), Session.IN_DOUBT);
            moves.to(
                    sent,
                    () -> writer.name() + " is killed, its COMMIT to "
                            + commit.side().word() + " under way");
        }
    }

    private void leave(State next, Side side) {
        if (next.session(id, side) == Session.OPEN) {
            next.session(id, side, Session.LEFT);
        }
    }

    /** Without an instance that would do it: servers notice lost sessions, and late commits arrive or do not. */
    void network(State now, Moves moves) {
        for (Side side : Side.values()) {
            Session session = now.session(id, side);
            if (session == Session.LEFT || session == Session.IN_DOUBT) {
                State next = now.copy();
                next.end(id, side, false);
                moves.to(next, () -> capital(side.word()) + " rolls back the lost session of " + writer.name());
            }
            if (session == Session.IN_DOUBT) {
                State next = now.copy();
                writer.commit(next, side);
                moves.to(next, () -> "The late COMMIT of " + writer.name() + " arrives on " + side.word());
            }
            if (session == Session.PACKET) {
                writer.packetArrives(now, moves);
            }
        }
    }

    private static String capital(String word) {
        return Character.toUpperCase(word.charAt(0)) + word.substring(1);
    }
}
