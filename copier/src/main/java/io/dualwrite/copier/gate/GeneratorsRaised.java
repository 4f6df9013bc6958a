package io.dualwrite.copier.gate;

import io.dualwrite.ladder.Pass;
import io.dualwrite.ladder.Side;
import java.util.Comparator;
import java.util.List;

/**
 * Where both sides generate keys, or the side that does so changes, the generators were raised since the last instance arrived
 * (R24): new's before a crossing upward and again before 6, old's before 5 on the way down and again before the crossing. The other
 * side goes on handing out keys, so that of the margin half must be left.
 */
final class GeneratorsRaised implements Check {
    @Override
    public boolean applies(Facts facts) {
        return facts.crossing() || facts.pass() == Pass.FIVE_TO_SIX || facts.pass() == Pass.SIX_TO_FIVE;
    }

    /** The side whose generators must stand above the other's. */
    static Side next(Pass pass) {
        return pass == Pass.THREE_TO_FIVE || pass == Pass.FIVE_TO_SIX ? Side.NEW : Side.OLD;
    }

    /** The direction in which {@code sequences} raises them. */
    static String direction(Pass pass) {
        return next(pass) == Side.NEW ? "up" : "down";
    }

    @Override
    public Finding look(Facts facts) {
        Side side = next(facts.pass());
        RunRecord raised = facts.last("sequences", direction(facts.pass()));
        if (raised == null || raised.startedAt() <= facts.lastArrival()) {
            return shut(
                    facts,
                    side.word() + "'s generators were "
                            + (raised == null ? "not raised" : "raised before the last instance's arrival only"));
        }
        List<GeneratorRoom> scarce = GeneratorRoom.of(facts.generators(), side, facts.margins()).stream()
                .filter(GeneratorRoom::isScarce)
                .sorted(Comparator.comparingLong(GeneratorRoom::left))
                .toList();
        if (!scarce.isEmpty()) {
            return shut(facts, scarcity(side, scarce));
        }
        String trouble = facts.generators().trouble();
        return Finding.fine(
                "sequences",
                side.word() + "'s generators were raised after the last instance's arrival"
                        + (trouble == null ? "" : "; where they stand now could not be compared, for " + trouble));
    }

    private static String scarcity(Side side, List<GeneratorRoom> scarce) {
        GeneratorRoom least = scarce.get(0);
        String room = least.left() > 0 ? "room for " + least.left() + " keys" : "no room";
        return side.word() + "'s generator of " + least.generator() + " stands at " + least.reached() + " and "
                + side.other().word() + "'s has reached " + least.otherReached() + " by now, which leaves " + room
                + ", less than half of the margin of " + least.margin()
                + (scarce.size() == 1 ? "" : "; so it is with " + (scarce.size() - 1) + " more");
    }

    private static Finding shut(Facts facts, String reason) {
        boolean down = next(facts.pass()) == Side.OLD;
        return Finding.shut(
                "sequences", reason, "dualwrite sequences" + (down ? " --down" : "") + " -c " + facts.file());
    }
}
