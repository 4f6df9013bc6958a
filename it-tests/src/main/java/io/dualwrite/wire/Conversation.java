package io.dualwrite.wire;

import java.io.DataInputStream;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** One connection's protocol: where requests and answers begin and end. One thread reads the client, another the server. */
interface Conversation {

    /**
     * A piece of what the client sends.
     *
     * @param bytes whole messages
     * @param request what they ask for, or null where nothing is answered
     * @param reply what the proxy itself answers instead of the server, or null
     */
    record Sent(byte[] bytes, @Nullable Request request, byte @Nullable [] reply) {}

    /**
     * One message of the server's.
     *
     * @param answered whether the oldest open request is answered in full with it
     */
    record Received(byte[] bytes, boolean answered) {}

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
