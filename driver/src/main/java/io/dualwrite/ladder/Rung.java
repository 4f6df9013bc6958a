package io.dualwrite.ladder;

/**
 * Where an instance stands. The way down is the same machine as the way up; each constant is a row of the ladder's table. What the
 * two rungs beside a change of the read side, or of the authority, have in common is that they are strict (R10).
 */
public enum Rung {
    /** Statements run on old alone: the bare driver. */
    OLD_ONLY(Side.OLD, Side.OLD, Side.OLD, false, false),
    /** Both are written, trouble on new is swallowed and marked, old is read. */
    DUAL_READ_OLD(Side.OLD, Side.OLD, Side.OLD, true, false),
    /** Both are written and both must succeed, old is read. */
    STRICT_READ_OLD(Side.OLD, Side.OLD, Side.OLD, true, true),
    /** Both are written and both must succeed, new is read. */
    STRICT_READ_NEW(Side.NEW, Side.OLD, Side.OLD, true, true),
    /**
     * Both are written and both must succeed, new is read, answers and commits first: between the rung on which old is the truth and
     * the one on which old may fail. A fleet passes it as a crossing closes or opens, and does not stay.
     */
    STRICT_NEW_FIRST(Side.NEW, Side.NEW, Side.NEW, true, true),
    /** Both are written, trouble on old is swallowed and marked, new is read. */
    DUAL_READ_NEW(Side.NEW, Side.NEW, Side.NEW, true, false),
    /** Statements run on new alone: the bare driver. */
    NEW_ONLY(Side.NEW, Side.NEW, Side.NEW, false, false);

    private static final Rung[] RUNGS = values();

    private final Side reads;
    private final Side answers;
    private final Side authority;
    private final boolean dual;
    private final boolean strict;

    Rung(Side reads, Side answers, Side authority, boolean dual, boolean strict) {
        this.reads = reads;
        this.answers = answers;
        this.authority = authority;
        this.dual = dual;
        this.strict = strict;
    }

    /** The read side: whose rows the application sees. */
    public Side reads() {
        return reads;
    }

    /** The side whose counts, keys and errors of a write the application sees. */
    public Side answers() {
        return answers;
    }

    /** The side that commits first and wins a repair (R6). */
    public Side authority() {
        return authority;
    }

    /** The side that is not the authority. */
    public Side mirror() {
        return authority.other();
    }

    /** Whether writes go to both databases. */
    public boolean dual() {
        return dual;
    }

    /** Whether both sides must succeed, or the application gets the error. */
    public boolean strict() {
        return strict;
    }

    /** Whether a connection on this rung uses the side at all. */
    public boolean uses(Side side) {
        return dual || side == authority;
    }

    /** The rung above, or this one at the top. */
    public Rung up() {
        return RUNGS[Math.min(ordinal() + 1, RUNGS.length - 1)];
    }

    /** The rung below, or this one at the bottom. */
    public Rung down() {
        return RUNGS[Math.max(ordinal() - 1, 0)];
    }

    /** Whether the other rung is this one or one of its two neighbours. */
    public boolean near(Rung other) {
        return Math.abs(ordinal() - other.ordinal()) <= 1;
    }

    /** Whether writes go to both databases and new is the authority: new's rows are the truth, and old is brought to them. */
    public boolean newWins() {
        return dual && authority == Side.NEW;
    }

    /** Whether writes go to both databases and new is read: the application sees what old may lack. */
    public boolean dualReadsNew() {
        return dual && reads == Side.NEW;
    }

    /** The phase whose resting place this rung is, or through which it leads: strict rungs belong to the crossing. */
    public String phaseWord() {
        switch (this) {
            case OLD_ONLY:
                return "phase 1";
            case DUAL_READ_OLD:
                return "phase 3";
            case DUAL_READ_NEW:
                return "phase 5";
            case NEW_ONLY:
                return "phase 6";
            default:
                return "crossing";
        }
    }
}
