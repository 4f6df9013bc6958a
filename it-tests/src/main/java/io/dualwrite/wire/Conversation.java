package io.dualwrite.wire;

import java.io.DataInputStream;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** One connection's protocol: where requests and answers begin and end. One thread reads the client, another the server. */
interface Conversation {

    /** A piece of what the client sends. */
    final class Sent {
        /** Whole messages. */
        final byte[] bytes;
        /** What they ask for, or null where nothing is answered. */
        final @Nullable Request request;
        /** What the proxy itself answers instead of the server, or null. */
        final byte @Nullable [] reply;

        Sent(byte[] bytes, @Nullable Request request, byte @Nullable [] reply) {
            this.bytes = bytes;
            this.request = request;
            this.reply = reply;
        }
    }

    /** One message of the server's. */
    final class Received {
        final byte[] bytes;
        /** Whether the oldest open request is answered in full with it. */
        final boolean answered;

        Received(byte[] bytes, boolean answered) {
            this.bytes = bytes;
            this.answered = answered;
        }
    }

    /**
     * The next piece from the client.
     *
     * @throws IOException where the client has ended
     */
    Sent fromClient(DataInputStream client) throws IOException;

    /**
     * The next message from the server.
     *
     * @throws IOException where the server has ended
     */
    Received fromServer(DataInputStream server) throws IOException;
}
