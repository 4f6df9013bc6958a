package io.dualwrite.wire;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * MariaDB's protocol, without encryption or compression. The server speaks first; from then on each command of the client's,
 * whose packet bears sequence number 0, is a request.
 */
final class MariaDbConversation implements Conversation {
    private static final int QUIT = 0x01;
    private static final int INIT_DB = 0x02;
    private static final int QUERY = 0x03;
    private static final int PREPARE = 0x16;
    private static final int LONG_DATA = 0x18;
    private static final int CLOSE = 0x19;
    private static final int LARGEST = 0xffffff;

    private final int number;
    private final Queue<MariaDbAnswer> open = new ConcurrentLinkedQueue<>();
    private boolean greeted;
    private boolean heard;
    private boolean connected;
    private boolean asked;
    private boolean endsDefinitions;
    private boolean mayOmitDefinitions;

    private static final class Packet {
        final byte[] bytes;
        final byte[] payload;
        final int sequence;

        Packet(byte[] bytes, byte[] payload, int sequence) {
            this.bytes = bytes;
            this.payload = payload;
            this.sequence = sequence;
        }
    }

    MariaDbConversation(int number) {
        this.number = number;
    }

    @Override
    public Sent fromClient(DataInputStream client) throws IOException {
        Packet packet = read(client);
        if (packet.sequence != 0) {
            return handshake(packet);
        }
        int command = packet.payload[0] & 255;
        if (command == QUIT || command == CLOSE || command == LONG_DATA) {
            return new Sent(packet.bytes, null, null);
        }
        open.add(new MariaDbAnswer(command, endsDefinitions, mayOmitDefinitions));
        String text = command == QUERY || command == PREPARE || command == INIT_DB
                ? new String(packet.payload, 1, packet.payload.length - 1, StandardCharsets.UTF_8)
                : "COMMAND" + command;
        return new Sent(packet.bytes, new Request(number, Request.Kind.STATEMENT, text), null);
    }

    /** The first packet of the client's says what it can do; those after it are part of the same request. */
    private Sent handshake(Packet packet) {
        if (asked) {
            return new Sent(packet.bytes, null, null);
        }
        asked = true;
        endsDefinitions = (packet.payload[3] & 1) == 0;
        boolean mariaDbOwn = (packet.payload[0] & 1) == 0;
        mayOmitDefinitions = mariaDbOwn && (packet.payload[28] & 16) != 0;
        return new Sent(packet.bytes, new Request(number, Request.Kind.CONNECT, ""), null);
    }

    @Override
    public Received fromServer(DataInputStream server) throws IOException {
        Packet packet = read(server);
        if (!greeted) {
            greeted = true;
            return new Received(packet.bytes, false);
        }
        if (!connected) {
            boolean first = !heard;
            heard = true;
            connected = packet.payload[0] == 0;
            return new Received(packet.bytes, first);
        }
        MariaDbAnswer answer = open.peek();
        boolean answered = answer != null && answer.ends(packet.payload);
        if (answered) {
            open.remove();
        }
        return new Received(packet.bytes, answered);
    }

    private static Packet read(DataInputStream in) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ByteArrayOutputStream payload = new ByteArrayOutputStream();
        int sequence = -1;
        while (true) {
            byte[] head = in.readNBytes(4);
            if (head.length < 4) {
                throw new IOException("ended within a packet");
            }
            int length = (head[0] & 255) | (head[1] & 255) << 8 | (head[2] & 255) << 16;
            byte[] body = in.readNBytes(length);
            if (body.length < length) {
                throw new IOException("ended within a packet");
            }
            sequence = sequence < 0 ? head[3] & 255 : sequence;
            bytes.writeBytes(head);
            bytes.writeBytes(body);
            payload.writeBytes(body);
            if (length < LARGEST) {
                byte[] whole = payload.toByteArray();
                return new Packet(bytes.toByteArray(), whole.length == 0 ? Arrays.copyOf(whole, 1) : whole, sequence);
            }
        }
    }
}
