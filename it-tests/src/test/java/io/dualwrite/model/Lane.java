package io.dualwrite.model;

import io.dualwrite.ladder.Side;
import io.dualwrite.model.Plan.Way;
import io.dualwrite.model.State.Register;
import io.dualwrite.model.State.Session;

/**
 * The mirror's lane of a writer: one piece of work after another, each one row of one statement, while the application's thread
 * goes on (R3). Immutable.
 */
final class Lane {
    /** The parts of a piece of work: what it tries first, and R7's insert and second try where that found no row. */
    private static final int FIRST = 0;

    private static final int INSERT = 1;
    private static final int AGAIN = 2;

    private final Writer writer;
    private final Servers servers;
    private final Rules rules;
    private final Side mirror;
    private final Side authority;
    private final int id;

    Lane(Writer writer) {
        this.writer = writer;
        this.servers = writer.world.servers();
        this.rules = writer.world.rules();
        this.mirror = writer.rung.mirror();
        this.authority = writer.rung.authority();
        this.id = writer.id;
    }

    private Deed deed(State now) {
        return writer.deeds.get(now.get(id, Register.LANE) / State.ROWS);
    }

    private int row(State now) {
        return now.get(id, Register.LANE) % State.ROWS;
    }

    private boolean has(State now, Register register) {
        return (now.get(id, register) & 1 << now.get(id, Register.LANE)) != 0;
    }

    boolean hasDone(State now, int statements) {
        return now.get(id, Register.LANE) >= statements * State.ROWS;
    }

    /** Whether there is a piece that the lane can work on, or that it waits with. */
    boolean hasWork(State now) {
        return writer.rung.dual()
                && now.get(id, Register.ABANDONED) == 0
                && !hasDone(now, writer.deeds.size())
                && now.get(id, Register.PC) >= writer.plan.laneFrom[now.get(id, Register.LANE) / State.ROWS]
                && (now.get(id, Register.AFTER) != 0 || rules.lack(Rule.R3));
    }

    /** Passes over the pieces that have nothing to do. */
    void skip(State next) {
        while (hasWork(next) && next.get(id, Register.PART) == FIRST && !wants(next)) {
            next.set(id, Register.LANE, next.get(id, Register.LANE) + 1);
        }
    }

    private boolean wants(State now) {
        int row = row(now);
        return switch (writer.plan.way) {
            case IMAGE -> has(now, Register.TOUCHED);
            case REPLAY ->
                rules.lack(Rule.R3) ? row == deed(now).row() : !deed(now).byKey() || has(now, Register.TOUCHED);
            case HEAL ->
                has(now, Register.TOUCHED)
                        ? !has(now, Register.ON_MIRROR) || now.value(mirror, row) != now.value(authority, row)
                        : has(now, Register.ON_MIRROR);
        };
    }

    /** Whether the piece upserts an image. */
    private boolean puts(State now) {
        return writer.plan.way != Way.REPLAY && deed(now).kind() != Deed.Kind.DELETE;
    }

    /** Whom the piece waits for. */
    int holder(State now) {
        boolean insert =
                now.get(id, Register.PART) == INSERT || puts(now) || deed(now).kind() == Deed.Kind.INSERT;
        return insert ? servers.holderForInsert(now, id, mirror, row(now)) : servers.holder(now, id, mirror, row(now));
    }

    /**
     * Whether the piece brings a row that the statement did not find on the mirror: its lock comes after the authority's, against
     * the order, so that it is always the one to give way.
     */
    boolean healsUnlocked(State now) {
        return writer.plan.way == Way.HEAL && !has(now, Register.ON_MIRROR);
    }

    void moves(State now, Moves moves) {
        int row = row(now);
        if (rules.lack(Rule.R4)) {
            packet(now, moves);
        } else if (holder(now) == State.NOBODY) {
            work(now, row, moves);
        } else if (writer.bounded(mirror)) {
            State next = writer.begin(now, mirror);
            next.gaveUp();
            moves.to(writer.mirrorFailed(next, row), () -> says("waits too long for row " + (row + 1)));
        }
        if (writer.world.mayFail(now, Fault.STATEMENT)) {
            State next = writer.begin(now, mirror);
            next.fault();
            moves.to(writer.mirrorFailed(next, row), () -> says("is refused its mirror statement on row " + (row + 1)));
        }
    }

    private String says(String what) {
        String then = writer.strict() ? ": the application gets the error" : " and goes on without it";
        return writer.name() + " " + what + " on " + mirror.word() + then;
    }

    private void work(State now, int row, Moves moves) {
        State next = writer.begin(now, mirror);
        boolean onlyOnMirror = writer.plan.way == Way.HEAL && !has(now, Register.TOUCHED);
        if (goesOverADifference(now, row)) {
            moves.to(
                    writer.mirrorFailed(next, row),
                    () -> says("finds row " + (row + 1) + " other than it was on " + authority.word()));
        } else if (onlyOnMirror) {
            moves.to(writer.mirrorFailed(next, row), () -> says("finds row " + (row + 1) + " hit by mistake"));
        } else if (puts(now)) {
            int image = now.value(authority, row);
            servers.put(next, id, mirror, row, image);
            moves.to(done(next), () -> told("upserts", row, next));
        } else if (now.get(id, Register.PART) == INSERT) {
            if (now.seenBy(id, mirror, row) == Deed.ABSENT) {
                servers.put(next, id, mirror, row, now.committed(authority, row));
            }
            next.set(id, Register.PART, AGAIN);
            moves.to(next, () -> told("makes sure that there is", row, next));
        } else {
            run(now, next, row, moves);
        }
    }

    /** A transaction before this one is half done on the row, and not repaired yet. */
    private boolean goesOverADifference(State now, int row) {
        int found = now.seenBy(id, mirror, row);
        boolean lookedAt =
                switch (now.get(id, Register.PART)) {
                    case FIRST -> puts(now) || found != Deed.ABSENT;
                    case INSERT -> true;
                    default -> false;
                };
        return writer.strict() && rules.hold(Rule.R7_SAME) && lookedAt && found != now.committed(authority, row);
    }

    private void run(State now, State next, int row, Moves moves) {
        Deed deed = deed(now);
        boolean wants = deed.byKey() || deed.wants(row, now.seenBy(id, mirror, row));
        int hit = wants ? servers.run(next, id, mirror, row, deed, now.get(id, Register.SEEN)) : 0;
        boolean ok = hit == 1 || hit == 0 && (!deed.byKey() || toleratesNothing(deed));
        String words = hit == 1 ? deed.kind().words : "hits nothing as it " + deed.kind().words;
        if (!deed.byKey()) {
            if (hit == 1) {
                next.set(id, Register.ON_MIRROR, next.get(id, Register.ON_MIRROR) | 1 << now.get(id, Register.LANE));
            }
            ok = row < State.ROWS - 1 || Integer.bitCount(next.get(id, Register.ON_MIRROR)) == touched(next);
        }
        if (ok) {
            moves.to(done(next), () -> told(words, row, next));
        } else if (hit == 0 && deed.byKey() && now.get(id, Register.PART) == FIRST) {
            next.set(id, Register.PART, INSERT);
            moves.to(next, () -> told(words, row, next));
        } else {
            moves.to(writer.mirrorFailed(next, row), () -> says("cannot mirror row " + (row + 1)));
        }
    }

    private int touched(State now) {
        return Integer.bitCount(now.get(id, Register.TOUCHED));
    }

    /** Without R7 nobody looks at how many rows were hit. */
    private boolean toleratesNothing(Deed deed) {
        if (writer.plan.way == Way.HEAL) {
            return rules.lack(Rule.R7_HEAL);
        }
        boolean imageOfDelete = writer.plan.way == Way.IMAGE && deed.kind() == Deed.Kind.DELETE;
        return rules.lack(Rule.R7) || imageOfDelete && rules.lack(Rule.R8);
    }

    private State done(State next) {
        next.set(id, Register.PART, FIRST);
        next.set(id, Register.LANE, next.get(id, Register.LANE) + 1);
        return writer.settle(next);
    }

    private String told(String what, int row, State next) {
        return writer.name() + " " + what + " row " + (row + 1) + " on " + mirror.word() + " (its mirror): "
                + Deed.words(next.seenBy(id, mirror, row));
    }

    /** Without R4: the statement and its COMMIT go off together. */
    private void packet(State now, Moves moves) {
        int row = row(now);
        if (holder(now) == State.NOBODY) {
            State next = writer.begin(now, mirror);
            servers.run(next, id, mirror, row, deed(now), 0);
            next.end(id, mirror, true);
            moves.to(done(next), () -> told("sends statement and COMMIT in one:", row, next));
        }
        if (writer.world.mayFail(now, Fault.LATE_COMMIT)) {
            State next = writer.begin(now, mirror);
            next.fault();
            next.session(id, mirror, Session.PACKET);
            next.set(id, Register.ABANDONED, 1 + row);
            moves.to(writer.settle(next), () -> says("gives up a packet of statement and COMMIT that is under way"));
        }
    }

    /** Without R4: whether the packet that is under way can be carried out, and what comes of it. */
    void arrives(State now, Moves moves) {
        Deed deed = writer.deeds.get(0);
        if (servers.holder(now, id, mirror, deed.row()) == State.NOBODY) {
            State next = now.copy();
            servers.run(next, id, mirror, deed.row(), deed, 0);
            next.end(id, mirror, true);
            moves.to(next, () -> "The late packet of " + told("arrives and", deed.row(), next));
        }
    }
}
