package io.dualwrite.ladder;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The record that a gate's checks held: it lets the fleet take the steps that lead from one phase to the next. One pass is
 * current at a time. A retreat is a record that bounds what files ask for instead of allowing a step.
 */
public enum Pass {
    ONE_TO_THREE(Phase.ONE, Phase.THREE, Rung.OLD_ONLY, Rung.DUAL_READ_OLD),
    /** Opens the crossing upward. */
    THREE_TO_FIVE(Phase.THREE, Phase.FIVE, Rung.DUAL_READ_OLD, Rung.STRICT_READ_OLD),
    FIVE_TO_SIX(Phase.FIVE, Phase.SIX, Rung.DUAL_READ_NEW, Rung.NEW_ONLY),
    SIX_TO_FIVE(Phase.SIX, Phase.FIVE, Rung.NEW_ONLY, Rung.DUAL_READ_NEW),
    /** Opens the crossing downward. */
    FIVE_TO_THREE(Phase.FIVE, Phase.THREE, Rung.DUAL_READ_NEW, Rung.STRICT_NEW_FIRST),
    THREE_TO_ONE(Phase.THREE, Phase.ONE, Rung.DUAL_READ_OLD, Rung.OLD_ONLY),
    /**
     * Ends a crossing at once: as long as it stands, no file counts as asking for more than 3. It stands on old, and goes before whatever
     * new's registry says.
     */
    RETREAT_TO_THREE(Phase.THREE, Phase.THREE, null, null),
    /**
     * Ends a crossing without old, which is away: as long as it stands, no file counts as asking for less than 5. It stands on
     * new alone, and goes before whatever old's registry says.
     */
    RETREAT_TO_FIVE(Phase.FIVE, Phase.FIVE, null, null),
    /**
     * Gives up what new alone has: whoever stands in 5 goes straight back to old. It stands on old alone, in an epoch of its own,
     * and goes before whatever new's registry says.
     */
    FORCE_TO_ONE(Phase.ONE, Phase.ONE, null, null);

    private static final Set<Pass> STEPS = Collections.unmodifiableSet(
            EnumSet.complementOf(EnumSet.of(RETREAT_TO_THREE, RETREAT_TO_FIVE, FORCE_TO_ONE)));

    private final Phase from;
    private final Phase to;
    private final @Nullable Rung leaves;
    private final @Nullable Rung enters;

    Pass(Phase from, Phase to, @Nullable Rung leaves, @Nullable Rung enters) {
        this.from = from;
        this.to = to;
        this.leaves = leaves;
        this.enters = enters;
    }

    /** The phase in which the fleet stands when the pass is asked for. */
    public Phase from() {
        return from;
    }

    /** The phase to which it leads. */
    public Phase to() {
        return to;
    }

    /** The rung that the step leaves, whose authority holds the record; null for a retreat. */
    public @Nullable Rung leaves() {
        return leaves;
    }

    /** The rung that the step enters; null for a retreat. */
    public @Nullable Rung enters() {
        return enters;
    }

    /** Every pass that allows a step; what counts as given where the file says {@code gate = off}. */
    public static Set<Pass> steps() {
        return STEPS;
    }

    /** The pass that the step asks for, or null where it asks for none. */
    public static @Nullable Pass neededFor(Rung from, Rung to) {
        for (Pass pass : STEPS) {
            if (pass.leaves == from && pass.enters == to) {
                return pass;
            }
        }
        return null;
    }

    /** The records by which an instance on the rung goes on without its authority, which is away. They stand on the rung's mirror. */
    public static Set<Pass> goBeforeAuthority(Rung rung) {
        switch (rung) {
            case STRICT_READ_NEW:
                return EnumSet.of(RETREAT_TO_FIVE);
            case STRICT_NEW_FIRST:
                return EnumSet.of(RETREAT_TO_THREE, FORCE_TO_ONE);
            case DUAL_READ_NEW:
                return EnumSet.of(FORCE_TO_ONE);
            default:
                return EnumSet.noneOf(Pass.class);
        }
    }

    /** Whether a record that goes before the authority yields to what the authority says: of two retreats the one to 5 holds. */
    public static boolean yields(Pass record, @Nullable Pass ofAuthority) {
        return record == RETREAT_TO_THREE && ofAuthority == RETREAT_TO_FIVE;
    }

    /**
     * The pass between two phases.
     *
     * @return null where no pass leads straight from the one to the other
     */
    public static @Nullable Pass between(Phase from, Phase to) {
        for (Pass pass : values()) {
            if (pass.from == settled(from) && pass.to == settled(to)) {
                return pass;
            }
        }
        return null;
    }

    /**
     * The crossing's own pass that a softening step takes back, or null: whoever wants to cross again asks the gate again.
     */
    static @Nullable Pass voidedBy(Rung from, Rung to) {
        if (from == Rung.STRICT_READ_OLD && to == Rung.DUAL_READ_OLD) {
            return THREE_TO_FIVE;
        }
        if (from == Rung.STRICT_NEW_FIRST && to == Rung.DUAL_READ_NEW) {
            return FIVE_TO_THREE;
        }
        return null;
    }

    private static Phase settled(Phase phase) {
        return phase == Phase.TWO ? Phase.ONE : phase;
    }
}
