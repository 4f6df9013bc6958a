package io.dualwrite.copier.gate;

import org.jspecify.annotations.Nullable;

/** Data B was copied to where it will be read, and not the other way since. */
final class DataBCopied implements Check {
    @Override
    public boolean applies(Facts facts) {
        return facts.crossing() && facts.settings().manifest.hasDataB();
    }

    @Override
    public Finding look(Facts facts) {
        @Nullable
        RunRecord last = facts.runs().stream()
                .filter(run -> run.kind().equals("freeze") && run.done())
                .findFirst()
                .orElse(null);
        if (last == null || !last.direction().equals(facts.direction())) {
            return Finding.shut(
                    "dataB",
                    "Data B was not copied from " + facts.leaves().authority().word() + " last",
                    facts.command("freeze"));
        }
        return last.differences() == 0
                ? Finding.fine("dataB", "Data B is copied")
                : Finding.shut(
                        "dataB",
                        last.differences() + " rows of Data B still differed after it was copied",
                        facts.command("freeze"));
    }
}
