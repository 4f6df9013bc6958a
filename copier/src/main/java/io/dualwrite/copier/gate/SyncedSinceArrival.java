package io.dualwrite.copier.gate;

/** The final sync began after the last instance had come to write both sides, and nothing of its former rung was open. */
final class SyncedSinceArrival implements Check {
    @Override
    public boolean applies(Facts facts) {
        return facts.crossing();
    }

    @Override
    public Finding look(Facts facts) {
        RunRecord sync = facts.last("sync");
        if (sync == null) {
            return Finding.shut("sync", "there was no sync from " + side(facts), facts.command("sync"));
        }
        return sync.startedAt() > facts.lastArrival()
                ? Finding.fine("sync", "the last sync began after the last instance's arrival")
                : Finding.shut(
                        "sync",
                        "the last sync from " + side(facts)
                                + " began before the last instance's arrival; one that was started again has arrived anew",
                        facts.command("sync"));
    }

    private static String side(Facts facts) {
        return facts.leaves().authority().word();
    }
}
