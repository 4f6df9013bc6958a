package io.dualwrite.copier;

import io.dualwrite.copier.plan.AllowedSessions;
import io.dualwrite.copier.plan.WrongInput;
import io.dualwrite.copier.read.Source;
import io.dualwrite.dialect.ServerSession;
import io.dualwrite.ladder.Side;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What the source's server still has open from before the last instance came to write both sides (R22): a statement goes on at the
 * server when its client has given it up or was killed. What it commits is on no mark, and the final sync would miss it.
 */
final class Stragglers {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(150);

    private final Duration patience;
    private final Source source;
    private final Side side;
    private final AllowedSessions allowed;
    private final Progress progress;

    Stragglers(Source source, Side side, AllowedSessions allowed, Progress progress) {
        this(source, side, allowed, progress, PATIENCE);
    }

    Stragglers(Source source, Side side, AllowedSessions allowed, Progress progress, Duration patience) {
        this.patience = patience;
        this.source = source;
        this.side = side;
        this.allowed = allowed;
        this.progress = progress;
    }

    /**
     * Waits until none is open.
     *
     * @param arrival when the last instance came to write both sides, by the source's clock
     * @throws SQLException SQLSTATE 42501, with the right to grant, where the user may not see them
     * @throws WrongInput if one outlasts the patience, half a minute
     */
    void await(Instant arrival) throws SQLException, InterruptedException {
        source.requireSeesTransactions();
        long deadline = System.nanoTime() + patience.toNanos();
        Map<String, ServerSession> open = openSince(arrival);
        if (!open.isEmpty()) {
            progress.note("Waiting for what began before the last instance came to write both sides: " + named(open));
        }
        while (!open.isEmpty()) {
            if (System.nanoTime() > deadline) {
                throw new WrongInput("The sync would miss what is still open on "
                        + side.word() + " from before the last instance came to write both sides, at " + arrival
                        + ": " + named(open) + ". Wait for its end or end it, then sync again; if it only reads,"
                        + " name its user, application or address in sessions.allowed.");
            }
            Thread.sleep(LOOK_AGAIN.toMillis());
            // Whoever was seen at rest once has begun anew since: H2 does not say when.
            open.keySet().retainAll(openSince(arrival).keySet());
        }
    }

    private Map<String, ServerSession> openSince(Instant arrival) throws SQLException {
        Map<String, ServerSession> open = new HashMap<>();
        for (ServerSession session : source.sessions()) {
            Instant began = session.transactionSince;
            if (began != null && began.isBefore(arrival) && !allowed.allows(session)) {
                open.put(session.id, session);
            }
        }
        return open;
    }

    private static String named(Map<String, ServerSession> open) {
        return open.values().stream()
                .map(session -> session + ", in a transaction since " + session.transactionSince)
                .collect(Collectors.joining("; "));
    }
}
