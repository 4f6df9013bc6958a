package io.dualwrite.copier.gate;

import io.dualwrite.ladder.Pass;
import io.dualwrite.ladder.Side;

/**
 * Where both sides generate keys, or the side that does so changes, the generators were raised since the last instance arrived
 * (R24): new's before a crossing upward and again before 6, old's before 5 on the way down and again before the crossing.
 */
final class GeneratorsRaised implements Check {
    @Override
    public boolean applies(Facts facts) {
        return facts.crossing() || facts.pass() == Pass.FIVE_TO_SIX || facts.pass() == Pass.SIX_TO_FIVE;
    }

    @Override
    public Finding look(Facts facts) {
        Side side = facts.pass() == Pass.THREE_TO_FIVE || facts.pass() == Pass.FIVE_TO_SIX ? Side.NEW : Side.OLD;
        RunRecord raised = facts.last("sequences", side == Side.NEW ? "up" : "down");
        return raised != null && raised.startedAt() > facts.lastArrival()
                ? Finding.fine("sequences", side.word() + "'s generators were raised after the last instance's arrival")
                : Finding.shut(
                        "sequences",
                        side.word() + "'s generators were "
                                + (raised == null ? "not raised" : "raised before the last instance's arrival only"),
                        "dualwrite sequences" + (side == Side.NEW ? "" : " --down") + " -c " + facts.file());
    }
}
