package io.dualwrite.wire;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * PostgreSQL's protocol, version 3, without encryption. A request ends where the server answers with ReadyForQuery: with a
 * simple query, Sync, or the end of data to be copied in.
 */
final class PostgresConversation implements Conversation {
    private static final int CANCEL = 80877102;
    private static final int TLS = 80877103;
    private static final int GSS = 80877104;
    private static final byte[] NO = {'N'};

    private final int number;
    private final Map<String, String> prepared = new HashMap<>();
    private boolean started;
    private boolean heard;
    private boolean ready;

    PostgresConversation(int number) {
        this.number = number;
    }

    @Override
    public Sent fromClient(DataInputStream client) throws IOException {
        return started ? messages(client) : startup(client);
    }

    private Sent startup(DataInputStream client) throws IOException {
        int length = client.readInt();
        byte[] body = client.readNBytes(length - 4);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(length);
        DataOutputStream message = new DataOutputStream(bytes);
        message.writeInt(length);
        message.write(body);
        int code = ((body[0] & 255) << 24) | ((body[1] & 255) << 16) | ((body[2] & 255) << 8) | body[3] & 255;
        if (code == TLS || code == GSS) {
            return new Sent(new byte[0], null, NO);
        }
        started = true;
        return new Sent(
                bytes.toByteArray(), code == CANCEL ? null : new Request(number, Request.Kind.CONNECT, ""), null);
    }

    /** Gathers messages up to the end of a request; what is no part of one goes on at once. */
    private Sent messages(DataInputStream client) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        List<String> texts = new ArrayList<>();
        while (true) {
            byte type = client.readByte();
            byte[] body = body(client);
            write(bytes, type, body);
            note(type, body, texts);
            switch (type) {
                case 'Q', 'S', 'F', 'c', 'f' -> {
                    return new Sent(
                            bytes.toByteArray(),
                            new Request(number, Request.Kind.STATEMENT, String.join("; ", texts)),
                            null);
                }
                case 'X', 'H', 'd', 'p' -> {
                    return new Sent(bytes.toByteArray(), null, null);
                }
                default -> {
                    // Part of a request that is still to come.
                }
            }
        }
    }

    private void note(byte type, byte[] body, List<String> texts) {
        switch (type) {
            case 'Q' -> texts.add(text(body, 0));
            case 'P' -> {
                String name = text(body, 0);
                prepared.put(name, text(body, end(body, 0) + 1));
            }
            case 'B' -> texts.add(prepared.getOrDefault(text(body, end(body, 0) + 1), ""));
            default -> {
                // Bears no SQL.
            }
        }
    }

    private static String text(byte[] body, int from) {
        return new String(body, from, end(body, from) - from, StandardCharsets.UTF_8);
    }

    private static int end(byte[] body, int from) {
        int end = from;
        while (body[end] != 0) {
            end++;
        }
        return end;
    }

    @Override
    public Received fromServer(DataInputStream server) throws IOException {
        byte type = server.readByte();
        byte[] body = body(server);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(body.length + 5);
        write(bytes, type, body);
        return new Received(bytes.toByteArray(), answers(type));
    }

    /** Opening a connection counts as answered with the first message: what follows wants a client that goes on with it. */
    private boolean answers(byte type) {
        if (!ready) {
            boolean first = !heard;
            heard = true;
            ready = type == 'Z';
            return first;
        }
        return type == 'Z' || type == 'G' || type == 'W';
    }

    private static byte[] body(DataInputStream in) throws IOException {
        int length = in.readInt() - 4;
        byte[] body = in.readNBytes(length);
        if (body.length < length) {
            throw new IOException("ended within a message");
        }
        return body;
    }

    private static void write(ByteArrayOutputStream bytes, byte type, byte[] body) throws IOException {
        DataOutputStream message = new DataOutputStream(bytes);
        message.writeByte(type);
        message.writeInt(body.length + 4);
        message.write(body);
    }
}
