package io.dualwrite.wire;

/** Sees every request of a proxy's connections before it is forwarded, and says what becomes of it. Thread-safe. */
public interface Watcher {
    /** Forwards everything. */
    Watcher PASSING = request -> Action.PASS;

    /** What becomes of the request; called by the connection's own thread. */
    Action seen(Request request);
}
