package io.dualwrite.copier.gate;

import io.dualwrite.dialect.ServerSession;
import io.dualwrite.ladder.Pass;
import java.util.List;
import java.util.stream.Collectors;

/** Every session at both servers is a live instance's or named as one that only reads: nobody writes on one side alone (R29). */
final class NoForeignSessions implements Check {
    private static final int MOST_NAMED = 10;

    @Override
    public boolean applies(Facts facts) {
        return asksFor(facts.pass());
    }

    /** Whether the pass is one after which a writer on one side alone would do harm. */
    static boolean asksFor(Pass pass) {
        return pass == Pass.ONE_TO_THREE || pass == Pass.THREE_TO_FIVE || pass == Pass.FIVE_TO_THREE;
    }

    @Override
    public Finding look(Facts facts) {
        List<Sessions.Foreign> foreign = facts.sessions().foreign();
        if (foreign.isEmpty()) {
            return Finding.fine("sessions", "no session at either server is any other's than the instances'");
        }
        boolean dead = foreign.stream().anyMatch(one -> one.instance() != null);
        boolean hidden = foreign.stream().anyMatch(one -> one.session().client.equals(ServerSession.HIDDEN));
        String named = foreign.stream().limit(MOST_NAMED).map(Object::toString).collect(Collectors.joining(", "));
        return Finding.shut(
                "sessions",
                "no live instance's: " + named
                        + (foreign.size() > MOST_NAMED ? " and " + (foreign.size() - MOST_NAMED) + " more" : "")
                        + (hidden ? "; to see where they come from, GRANT pg_read_all_stats to the command's user" : "")
                        + "; end them, or name those that only read in sessions.allowed",
                dead ? facts.command("gate --to " + facts.pass().to().number() + " --end-sessions") : null);
    }
}
