package io.dualwrite.ladder;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The fleet as one of its instances sees it, and the step that this instance may take: a pure function of every live
 * instance's rung and file and of the passes (R10, R23). Immutable.
 *
 * <p>An instance takes one rung at a time, only when it has drained, and only while all others stand on the two rungs that
 * it goes between. Two instances are therefore never two rungs apart, and instances that read different sides, or
 * commit different sides first, are both strict. The caller holds R23's lock from reading the fleet until its own new rung is
 * recorded. The one exception is a fleet forced to 1: it leaps from where new wins, for new is given up.
 *
 * <table>
 *   <caption>When a step is wanted; whether it may be taken is asked afterwards</caption>
 *   <tr><th>stands on</th><th>goes up if</th><th>goes down if</th></tr>
 *   <tr><td>OLD_ONLY</td><td>its file asks for 3 or more</td><td></td></tr>
 *   <tr><td>DUAL_READ_OLD</td><td>any file asks for 5 or more, its own not for 1 or 2</td><td>its file asks for 1 or 2</td></tr>
 *   <tr><td>STRICT_READ_OLD</td><td>its file asks for 5 or more</td><td>no file asks for 5 or more</td></tr>
 *   <tr><td>STRICT_READ_NEW</td><td>no file asks for 3 or less</td><td>its file asks for 3 or less</td></tr>
 *   <tr><td>STRICT_NEW_FIRST</td><td>no file asks for 3 or less</td><td>any file asks for 3 or less</td></tr>
 *   <tr><td>DUAL_READ_NEW</td><td>its file asks for 6</td><td>any file asks for 3 or less, its own not for 6</td></tr>
 *   <tr><td>NEW_ONLY</td><td></td><td>its file asks for 5 or less</td></tr>
 * </table>
 */
public final class FleetState {

    /** What the instance does now. Immutable. */
    public static final class Decision {
        /** The rung to step to, or null to stay. */
        public final @Nullable Rung step;
        /** The pass that the step takes back, or null. */
        public final @Nullable Pass voids;
        /** The pass without which the step may not be taken, or null. */
        public final @Nullable Pass lacks;
        /** Why its file's wish is not yet met, in one sentence; null where it is met or a step can be taken. */
        public final @Nullable String waitsFor;

        private Decision(@Nullable Rung step, @Nullable Pass voids, @Nullable Pass lacks, @Nullable String waitsFor) {
            this.step = step;
            this.voids = voids;
            this.lacks = lacks;
            this.waitsFor = waitsFor;
        }

        @Override
        public String toString() {
            return step != null ? "steps to " + step : waitsFor != null ? waitsFor : "stays";
        }
    }

    private final Member self;
    private final List<Member> others;
    private final Set<Pass> passes;

    /**
     * @param others every other live instance
     * @param passes the current pass, or {@link Pass#steps} where no gate is asked; empty for none
     */
    public FleetState(Member self, Collection<Member> others, Set<Pass> passes) {
        this.self = self;
        this.others = Collections.unmodifiableList(new ArrayList<>(others));
        this.passes = passes.isEmpty() ? EnumSet.noneOf(Pass.class) : EnumSet.copyOf(passes);
    }

    /** The step to take, or the reason to stay. */
    public Decision decide() {
        Rung wanted = wanted();
        if (!self.drained()) {
            return stay(null, "it has not drained from " + self.movingFrom);
        }
        if (wanted == null) {
            return stay(null, whoKeepsItCrossing());
        }
        if (forced() && self.rung.newWins()) {
            return new Decision(wanted, null, null, null);
        }
        Member inTheWay = inTheWay(wanted);
        if (inTheWay != null) {
            return stay(
                    null,
                    inTheWay.name
                            + (blockedByDraining(inTheWay, wanted)
                                    ? " has not drained"
                                    : " stands on " + inTheWay.rung));
        }
        Pass needed = Pass.neededFor(self.rung, wanted);
        if (needed != null && !passes.contains(needed) && !(forced() && needed == Pass.THREE_TO_ONE)) {
            int to = needed.to().number();
            String onTheWay = needed.to().rung() == self.asked.rung() ? "" : ", which comes first";
            return stay(needed, "no pass to " + to + onTheWay + "; run dualwrite gate --to " + to);
        }
        Pass voided = Pass.voidedBy(self.rung, wanted);
        return new Decision(wanted, voided != null && passes.contains(voided) ? voided : null, null, null);
    }

    /**
     * Where an instance that starts now joins: on a rung where the fleet stands, as near to what its file asks for as may
     * be. That asks for no pass.
     *
     * @param live the live instances, at least one
     * @return null if they stand so far apart that no rung is near to all of them
     */
    public static @Nullable Rung join(Phase asked, Collection<Member> live) {
        Rung best = null;
        for (Member member : live) {
            for (Rung candidate :
                    member.movingFrom == null ? EnumSet.of(member.rung) : EnumSet.of(member.rung, member.movingFrom)) {
                if (nearAll(candidate, live) && (best == null || distance(candidate, asked) < distance(best, asked))) {
                    best = candidate;
                }
            }
        }
        return best;
    }

    private @Nullable Rung wanted() {
        int own = asks(self);
        switch (self.rung) {
            case OLD_ONLY:
                return own >= 3 ? Rung.DUAL_READ_OLD : null;
            case DUAL_READ_OLD:
                return own <= 2 ? Rung.OLD_ONLY : highest() >= 5 ? Rung.STRICT_READ_OLD : null;
            case STRICT_READ_OLD:
                return own >= 5 ? Rung.STRICT_READ_NEW : highest() < 5 ? Rung.DUAL_READ_OLD : null;
            case STRICT_READ_NEW:
                return own <= 3 ? Rung.STRICT_READ_OLD : lowest() > 3 ? Rung.STRICT_NEW_FIRST : null;
            case STRICT_NEW_FIRST:
                return forced() ? Rung.OLD_ONLY : lowest() <= 3 ? Rung.STRICT_READ_NEW : Rung.DUAL_READ_NEW;
            case DUAL_READ_NEW:
                return forced()
                        ? Rung.OLD_ONLY
                        : own == 6 ? Rung.NEW_ONLY : lowest() <= 3 ? Rung.STRICT_NEW_FIRST : null;
            case NEW_ONLY:
                return own <= 5 ? Rung.DUAL_READ_NEW : null;
        }
        throw new AssertionError(self.rung);
    }

    /** What a member counts as asking for: its file's phase, bounded by a retreat. */
    private int asks(Member member) {
        int number = member.asked.number();
        if (forced()) {
            return 1;
        }
        if (passes.contains(Pass.RETREAT_TO_FIVE)) {
            return Math.max(number, 5);
        }
        return passes.contains(Pass.RETREAT_TO_THREE) ? Math.min(number, 3) : number;
    }

    private boolean forced() {
        return passes.contains(Pass.FORCE_TO_ONE);
    }

    private int highest() {
        int highest = asks(self);
        for (Member other : others) {
            highest = Math.max(highest, asks(other));
        }
        return highest;
    }

    private int lowest() {
        int lowest = asks(self);
        for (Member other : others) {
            lowest = Math.min(lowest, asks(other));
        }
        return lowest;
    }

    private @Nullable Member inTheWay(Rung wanted) {
        for (Member other : others) {
            if (!other.within(self.rung, wanted)) {
                return other;
            }
        }
        return null;
    }

    private boolean blockedByDraining(Member other, Rung wanted) {
        return other.movingFrom != null && (other.rung == self.rung || other.rung == wanted);
    }

    private Decision stay(@Nullable Pass lacks, @Nullable String reason) {
        boolean arrived = self.drained() && self.asked.rung() == self.rung;
        if (arrived || reason == null) {
            return new Decision(null, null, lacks, null);
        }
        return new Decision(
                null, null, lacks, "asked for " + self.asked.number() + ", stands on " + self.rung + ": " + reason);
    }

    /** Why an instance that wants no step may yet not stand where its file wants it: another's file, or a retreat. */
    private @Nullable String whoKeepsItCrossing() {
        if (forced() && self.asked.number() > 2) {
            return "the fleet was forced to 1; run dualwrite init --rejoin once new is back, then dualwrite gate --to 3";
        }
        if (!forced() && asks(self) != self.asked.number()) {
            return passes.contains(Pass.RETREAT_TO_FIVE)
                    ? "a retreat to 5 is in force; run dualwrite gate --to 3 once old is up to date"
                    : "a retreat to 3 is in force; run dualwrite gate --to 5 once both databases are well";
        }
        for (Member other : others) {
            boolean wantsUp = self.rung == Rung.STRICT_READ_OLD && asks(other) >= 5;
            boolean wantsDown = self.rung == Rung.STRICT_READ_NEW && asks(other) <= 3;
            if (wantsUp || wantsDown) {
                return other.name + " asks for " + other.asked.number();
            }
        }
        return null;
    }

    private static boolean nearAll(Rung rung, Collection<Member> live) {
        for (Member member : live) {
            if (!member.near(rung)) {
                return false;
            }
        }
        return true;
    }

    private static int distance(Rung rung, Phase asked) {
        return Math.abs(rung.ordinal() - asked.rung().ordinal());
    }
}
