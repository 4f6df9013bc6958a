package io.dualwrite.wire;

import java.util.concurrent.CompletableFuture;

/** What becomes of one request. Thread-safe. */
public final class Action {

    /** The faults of a wire. */
    public enum Kind {
        /** Forwarded and answered. */
        PASS,
        /** The client's connection is closed, nothing is forwarded. */
        FAIL,
        /** Forwarded; once the server has answered in full, the client's connection is closed without the answer. */
        LOST,
        /** The client's connection is closed at once; forwarded when {@link #release released}. */
        LATE,
        /** Neither forwarded nor answered until {@link #release released}, whether or not the client still waits. */
        HANG
    }

    /** Forwarded and answered. */
    public static final Action PASS = new Action(Kind.PASS, () -> {});

    private final Kind kind;
    private final Runnable afterAnswer;
    private final CompletableFuture<Void> released = new CompletableFuture<>();
    private final CompletableFuture<Void> ended = new CompletableFuture<>();

    private Action(Kind kind, Runnable afterAnswer) {
        this.kind = kind;
        this.afterAnswer = afterAnswer;
    }

    /** One fault of the kind. */
    public static Action of(Kind kind) {
        return new Action(kind, () -> {});
    }

    /** As {@link Kind#LOST}, with something to be done between the server's answer and the end of the connection. */
    public static Action lostAfter(Runnable afterAnswer) {
        return new Action(Kind.LOST, afterAnswer);
    }

    Kind kind() {
        return kind;
    }

    void answered() {
        afterAnswer.run();
    }

    /** Lets a late or hanging request go on to the server. */
    public void release() {
        released.complete(null);
    }

    void awaitRelease() {
        released.join();
    }

    void end() {
        ended.complete(null);
    }

    /** Completed when nothing of the request is under way any more: it was answered, or its connection has ended. */
    public CompletableFuture<Void> ended() {
        return ended.copy();
    }
}
