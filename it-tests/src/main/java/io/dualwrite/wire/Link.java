package io.dualwrite.wire;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * One connection through the proxy: a thread that reads the client, one that reads the server, and one more for each direction
 * where it delays. What was forwarded is always answered before the server's connection is closed, as a server finishes what it
 * was sent by a client that has gone.
 */
final class Link {
    private record Open(Action action, long round) {}

    private final WireProxy proxy;
    private final Conversation conversation;
    private final Socket client;
    private final Socket server;
    private final Pipe toServer;
    private final Pipe toClient;
    private final Queue<Open> open = new ConcurrentLinkedQueue<>();
    private final Object answers = new Object();
    private volatile @Nullable Action underWay;

    Link(WireProxy proxy, Conversation conversation, Socket client, Socket server, long delayNanos) throws IOException {
        this.proxy = proxy;
        this.conversation = conversation;
        this.client = client;
        this.server = server;
        client.setTcpNoDelay(true);
        server.setTcpNoDelay(true);
        toServer = new Pipe(server.getOutputStream(), delayNanos);
        toClient = new Pipe(client.getOutputStream(), delayNanos);
    }

    void start(int number) {
        thread("wire-client-" + number, this::readClient);
        thread("wire-server-" + number, this::readServer);
        if (toServer.delays()) {
            thread("wire-up-" + number, toServer::pump);
            thread("wire-down-" + number, () -> {
                toClient.pump();
                close(client);
            });
        }
    }

    private static void nothing() {}

    private static void thread(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }

    // ------------------------------------------------------------------ from the client

    private void readClient() {
        try (DataInputStream in = new DataInputStream(new BufferedInputStream(client.getInputStream(), 1 << 16))) {
            boolean goesOn = true;
            while (goesOn) {
                Conversation.Sent sent = conversation.fromClient(in);
                byte[] reply = sent.reply;
                Request request = sent.request;
                if (reply != null) {
                    toClient.put(reply, Link::nothing);
                } else if (request == null) {
                    toServer.put(sent.bytes, Link::nothing);
                } else {
                    goesOn = forward(sent.bytes, proxy.seen(request));
                }
            }
        } catch (IOException | RuntimeException e) {
            proxy.note("client", e);
        } finally {
            awaitAnswers();
            cut();
        }
    }

    /** False if the client's connection is at its end. */
    private boolean forward(byte[] bytes, Action action) throws IOException {
        underWay = action;
        switch (action.kind()) {
            case FAIL -> {
                client.close();
                return false;
            }
            case LATE -> {
                client.close();
                action.awaitRelease();
            }
            case HANG -> action.awaitRelease();
            default -> {
                // Forwarded at once.
            }
        }
        open.add(new Open(action, proxy.rounds().sent()));
        toServer.put(bytes, Link::nothing);
        return action.kind() == Action.Kind.PASS || action.kind() == Action.Kind.HANG;
    }

    private void awaitAnswers() {
        synchronized (answers) {
            try {
                while (!open.isEmpty() && !server.isClosed()) {
                    answers.wait();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    // ------------------------------------------------------------------ from the server

    private void readServer() {
        try (DataInputStream in = new DataInputStream(new BufferedInputStream(server.getInputStream(), 1 << 16))) {
            ByteArrayOutputStream chunk = new ByteArrayOutputStream();
            while (true) {
                Conversation.Received received = conversation.fromServer(in);
                chunk.writeBytes(received.bytes);
                if (received.answered) {
                    answered(chunk.toByteArray());
                    chunk.reset();
                } else if (in.available() == 0) {
                    deliver(chunk.toByteArray(), Link::nothing);
                    chunk.reset();
                }
            }
        } catch (IOException | RuntimeException e) {
            proxy.note("server", e);
        } finally {
            cut();
        }
    }

    /** Delivers what belongs to the oldest open request, unless its answer is to be lost. */
    private void deliver(byte[] bytes, Runnable written) throws IOException {
        Open oldest = open.peek();
        Action.Kind kind = oldest == null ? Action.Kind.PASS : oldest.action.kind();
        if (kind == Action.Kind.PASS) {
            toClient.put(bytes, written);
        } else if (kind == Action.Kind.HANG && !client.isClosed()) {
            try {
                toClient.put(bytes, written);
            } catch (IOException e) {
                proxy.note("client after a hang", e);
            }
        }
    }

    private void answered(byte[] bytes) throws IOException {
        Open oldest = open.peek();
        if (oldest == null) {
            deliver(bytes, Link::nothing);
            return;
        }
        deliver(bytes, () -> proxy.rounds().answered(oldest.round));
        oldest.action.answered();
        open.remove();
        oldest.action.end();
        synchronized (answers) {
            answers.notifyAll();
        }
    }

    // ------------------------------------------------------------------ the end

    /** Closes both connections; what is still under way in the pipes is written before. */
    void cut() {
        toServer.end();
        toClient.end();
        close(server);
        if (!toClient.delays()) {
            close(client);
        }
        synchronized (answers) {
            answers.notifyAll();
        }
        Action last = underWay;
        if (last != null) {
            last.release();
            last.end();
        }
        proxy.forget(this);
    }

    private void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            proxy.note("closing", e);
        }
    }
}
