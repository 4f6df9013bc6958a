package io.dualwrite.copier.gate;

import io.dualwrite.ladder.Pass;

/** The side that will generate keys goes on after those of the other (R24). */
final class GeneratorsRaised implements Check {
    @Override
    public boolean applies(Facts facts) {
        return facts.pass() == Pass.THREE_TO_FIVE || facts.pass() == Pass.SIX_TO_FIVE;
    }

    @Override
    public Finding look(Facts facts) {
        RunRecord raised = facts.last("sequences");
        return raised != null && raised.startedAt() > facts.lastArrival()
                ? Finding.fine("sequences", "generators were raised after the last instance's arrival")
                : Finding.shut(
                        "sequences",
                        raised == null
                                ? "generators were not raised"
                                : "generators were raised before the last instance's arrival only",
                        facts.command("sequences"));
    }
}
