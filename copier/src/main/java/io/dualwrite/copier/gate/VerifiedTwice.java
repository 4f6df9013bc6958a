package io.dualwrite.copier.gate;

import java.util.List;

/** The last two verifications, both after the final sync, found no difference. */
final class VerifiedTwice implements Check {
    @Override
    public boolean applies(Facts facts) {
        return facts.crossing();
    }

    @Override
    public Finding look(Facts facts) {
        RunRecord sync = facts.last("sync");
        long since = sync == null ? Long.MAX_VALUE : sync.startedAt();
        List<RunRecord> last = facts.runs().stream()
                .filter(run -> run.kind().equals("verify")
                        && !run.state().equals("partial")
                        && run.finishedAt() != null
                        && run.startedAt() >= since)
                .limit(2)
                .toList();
        long clean = last.stream().takeWhile(RunRecord::clean).count();
        if (clean == 2) {
            return Finding.fine("verify", "two verifications in a row after the last sync found no difference");
        }
        return Finding.shut(
                "verify",
                !last.isEmpty() && clean == 0
                        ? "the last verification found " + last.get(0).differences() + " differing rows"
                        : clean + " of the two clean verifications in a row after the last sync are there",
                !last.isEmpty() && clean == 0 ? facts.command("repair") : facts.command("verify"));
    }
}
