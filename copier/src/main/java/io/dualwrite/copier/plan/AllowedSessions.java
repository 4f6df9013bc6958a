package io.dualwrite.copier.plan;

import io.dualwrite.config.Settings;
import io.dualwrite.dialect.ServerSession;
import java.util.List;
import java.util.Locale;

/**
 * Sessions at the servers that are known to write on no side alone: those of this product's command line, and those that
 * {@code sessions.allowed} names by user, application or address (R22, R29). Immutable.
 */
public record AllowedSessions(List<String> names) {
    private static final String OWN = "dualwrite";

    /** Those that the file allows. */
    public static AllowedSessions of(Settings settings) {
        return new AllowedSessions(settings.sessionsAllowed);
    }

    /** Whether the session is one of them. */
    public boolean allows(ServerSession session) {
        return session.application.startsWith(OWN)
                || names.contains(session.user.toLowerCase(Locale.ROOT))
                || names.contains(session.application.toLowerCase(Locale.ROOT))
                || names.contains(session.address().toLowerCase(Locale.ROOT));
    }
}
