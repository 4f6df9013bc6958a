package io.dualwrite.model;

import io.dualwrite.ladder.Side;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * All that the two servers and the processes hold at one moment, in a few bytes. Changed only while it is made from the state
 * before; equal states are one state.
 */
final class State {
    static final int ROWS = 2;
    static final int ACTORS = 4;
    static final int NOBODY = -1;

    /** A session of an actor's on one server. */
    enum Session {
        NONE,
        OPEN,
        /** The client has given it up, or is gone; the server will notice and roll back. */
        LEFT,
        /** The same, with a COMMIT under way that may still arrive. */
        IN_DOUBT,
        /** A statement and its COMMIT are under way in one packet, and nothing was executed yet. */
        PACKET
    }

    /** What a process remembers. */
    enum Register {
        /** The step that comes next. */
        PC,
        STATUS,
        /** What the application was told: counts, and what it read. */
        ANSWER,
        /** Rows touched on the side that answers, a bit each. */
        TOUCHED,
        /** Rows touched on the mirror by the statement itself, a bit each. */
        ON_MIRROR,
        /** How much of the mirror's work is done. */
        LANE,
        /** Where within a piece of the mirror's work. */
        PART,
        SEEN,
        ABANDONED,
        /** Who had been answered before this one began, a bit each; the highest bit says that it has begun. */
        AFTER
    }

    /** How far a transaction is known to its application. */
    enum Status {
        RUNNING,
        ACKNOWLEDGED,
        UNKNOWN,
        /** The application was told that nothing has happened. */
        FAILED
    }

    private static final Register[] REGISTERS = Register.values();
    private static final Session[] SESSIONS = Session.values();
    private static final Status[] STATUSES = Status.values();
    private static final int SESSIONS_AT = 2 * ROWS * 3;
    private static final int GAPS_AT = SESSIONS_AT + 2 * ACTORS;
    private static final int MARKS_AT = GAPS_AT + 2;
    private static final int FAULTS_AT = MARKS_AT + 1;
    private static final int ROUGH_AT = FAULTS_AT + 1;
    private static final int REGISTERS_AT = ROUGH_AT + 1;
    private static final int LENGTH = REGISTERS_AT + ACTORS * REGISTERS.length;

    private final byte[] cells;

    private State(byte[] cells) {
        this.cells = cells;
    }

    /** Both servers at rest with these rows. */
    static State initial(int[] old, int[] neu) {
        State state = new State(new byte[LENGTH]);
        for (int row = 0; row < ROWS; row++) {
            state.cells[at(Side.OLD, row)] = (byte) old[row];
            state.cells[at(Side.NEW, row)] = (byte) neu[row];
        }
        return state;
    }

    State copy() {
        return new State(cells.clone());
    }

    private static int at(Side side, int row) {
        return (side.ordinal() * ROWS + row) * 3;
    }

    /** The row as all can see it. */
    int committed(Side side, int row) {
        return cells[at(side, row)];
    }

    /** Who holds the row's lock, or NOBODY. */
    int owner(Side side, int row) {
        return cells[at(side, row) + 1] - 1;
    }

    /** The row as the holder of its lock sees it, or as all do. */
    int value(Side side, int row) {
        return owner(side, row) == NOBODY ? committed(side, row) : cells[at(side, row) + 2];
    }

    /** The row as this actor sees it. */
    int seenBy(int actor, Side side, int row) {
        return owner(side, row) == actor ? value(side, row) : committed(side, row);
    }

    void own(int actor, Side side, int row, int value) {
        cells[at(side, row) + 1] = (byte) (actor + 1);
        cells[at(side, row) + 2] = (byte) value;
    }

    /** Commits or rolls back what the actor did on the side. */
    void end(int actor, Side side, boolean commits) {
        for (int row = 0; row < ROWS; row++) {
            if (owner(side, row) == actor) {
                int at = at(side, row);
                if (commits) {
                    cells[at] = cells[at + 2];
                }
                cells[at + 1] = 0;
                cells[at + 2] = 0;
            }
        }
        cells[GAPS_AT + side.ordinal()] &= (byte) ~(1 << actor);
        session(actor, side, Session.NONE);
    }

    Session session(int actor, Side side) {
        return SESSIONS[cells[SESSIONS_AT + side.ordinal() * ACTORS + actor]];
    }

    void session(int actor, Side side, Session session) {
        cells[SESSIONS_AT + side.ordinal() * ACTORS + actor] = (byte) session.ordinal();
    }

    void lockGap(int actor, Side side) {
        cells[GAPS_AT + side.ordinal()] |= (byte) (1 << actor);
    }

    /** Another actor that holds a lock on the side's gaps, or NOBODY. */
    int gapHolderBeside(int actor, Side side) {
        int others = cells[GAPS_AT + side.ordinal()] & ~(1 << actor);
        return others == 0 ? NOBODY : Integer.numberOfTrailingZeros(others);
    }

    /** The writers whose marks are there, a bit each. */
    int marks() {
        return cells[MARKS_AT];
    }

    void marks(int marks) {
        cells[MARKS_AT] = (byte) marks;
    }

    int faults() {
        return cells[FAULTS_AT];
    }

    void fault() {
        cells[FAULTS_AT]++;
        cells[ROUGH_AT] = 1;
    }

    /** A wait was given up. */
    void gaveUp() {
        cells[ROUGH_AT] = 1;
    }

    /** Whether nothing has gone wrong yet, and nothing has taken longer than its bound. */
    boolean smooth() {
        return cells[ROUGH_AT] == 0;
    }

    int get(int actor, Register register) {
        return cells[REGISTERS_AT + actor * REGISTERS.length + register.ordinal()];
    }

    void set(int actor, Register register, int value) {
        cells[REGISTERS_AT + actor * REGISTERS.length + register.ordinal()] = (byte) value;
    }

    Status status(int actor) {
        return STATUSES[get(actor, Register.STATUS)];
    }

    void status(int actor, Status status) {
        set(actor, Register.STATUS, status.ordinal());
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof State && Arrays.equals(cells, ((State) other).cells);
    }

    @Override
    public int hashCode() {
        int hash = 0;
        for (byte cell : cells) {
            hash = hash * 0x9E3779B1 + cell;
        }
        return hash ^ hash >>> 15;
    }
}
