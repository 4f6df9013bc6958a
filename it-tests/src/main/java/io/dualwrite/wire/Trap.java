package io.dualwrite.wire;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** Lists the requests that it sees while it is armed, and lets something happen to one of them. Thread-safe. */
public final class Trap implements Watcher {
    private final int number;
    private final Function<Request, Action> sprung;
    private final List<Request> seen = new ArrayList<>();
    private final CompletableFuture<Action> caught = new CompletableFuture<>();
    private boolean armed = true;

    private Trap(int number, Function<Request, Action> sprung) {
        this.number = number;
        this.sprung = sprung;
    }

    /** A trap that only lists. */
    public static Trap listing() {
        return new Trap(0, request -> Action.PASS);
    }

    /**
     * A trap for one request.
     *
     * @param number of the request among those seen while armed, from 1
     * @param sprung what becomes of it
     */
    public static Trap at(int number, Function<Request, Action> sprung) {
        return new Trap(number, sprung);
    }

    /** A trap that does the one thing to one request. */
    public static Trap at(int number, Action action) {
        return new Trap(number, request -> action);
    }

    @Override
    public Action seen(Request request) {
        synchronized (this) {
            if (!armed) {
                return Action.PASS;
            }
            seen.add(request);
            if (seen.size() != number) {
                return Action.PASS;
            }
        }
        Action action = sprung.apply(request);
        caught.complete(action);
        return action;
    }

    /** Lets everything pass from now on, and lists it no more. */
    public synchronized void disarm() {
        armed = false;
    }

    /** What was seen, in order. */
    public synchronized List<Request> list() {
        return List.copyOf(seen);
    }

    /** Completed with what became of the request when it has come. */
    public CompletableFuture<Action> caught() {
        return caught.copy();
    }
}
