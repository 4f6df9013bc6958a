package io.dualwrite.dialect;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A session as the server lists it (R22, R29). Immutable. */
public final class ServerSession {
    public final String id;
    public final String user;
    /** The name by which the client introduced itself, or an empty string. */
    public final String application;

    public final String client;
    /** When its open transaction began, or null where none is open. */
    public final @Nullable Instant transactionSince;

    public ServerSession(
            String id, String user, String application, String client, @Nullable Instant transactionSince) {
        this.id = id;
        this.user = user;
        this.application = application;
        this.client = client;
        this.transactionSince = transactionSince;
    }

    @Override
    public String toString() {
        return "session " + id + " of " + user + (application.isEmpty() ? "" : " (" + application + ")") + " from "
                + client;
    }
}
