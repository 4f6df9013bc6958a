package io.dualwrite.dialect;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/** A session as the server lists it (R22, R29). Immutable. */
public final class ServerSession {
    /** What stands for the address of a session that the user may not see. */
    public static final String HIDDEN = "hidden";

    public final String id;
    public final String user;
    /** The name by which the client introduced itself, or an empty string. */
    public final String application;

    /** Its address and port, {@code local} where it came by no network, {@link #HIDDEN} where the user may not see it. */
    public final String client;
    /** When it connected, or null where the server does not tell. */
    public final @Nullable Instant since;
    /** When its open transaction began, or null where none is open. */
    public final @Nullable Instant transactionSince;

    public ServerSession(
            String id,
            String user,
            String application,
            String client,
            @Nullable Instant since,
            @Nullable Instant transactionSince) {
        this.id = id;
        this.user = user;
        this.application = application;
        this.client = client;
        this.since = since;
        this.transactionSince = transactionSince;
    }

    /** The client's address without its port. */
    public String address() {
        int colon = client.lastIndexOf(':');
        boolean port = colon > 0 && client.substring(colon + 1).chars().allMatch(Character::isDigit);
        return port ? client.substring(0, colon) : client;
    }

    @Override
    public String toString() {
        return "session " + id + " of " + user + (application.isEmpty() ? "" : " (" + application + ")") + " from "
                + client + (since == null ? "" : " since " + since.truncatedTo(ChronoUnit.SECONDS));
    }
}
