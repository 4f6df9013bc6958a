package io.dualwrite.demo.bookstore;

/** Lets the users' requests through, or holds them back before they begin. Thread-safe. */
final class Throttle {
    private boolean paused;
    private boolean stopped;
    private int busy;

    /** Waits until a request may begin; false if none shall begin any more. */
    synchronized boolean enter() throws InterruptedException {
        while (paused && !stopped) {
            wait();
        }
        if (stopped) {
            return false;
        }
        busy++;
        return true;
    }

    /** The request has ended and is in the journal. */
    synchronized void leave() {
        busy--;
        notifyAll();
    }

    /** Holds new requests back and returns once those under way have ended. */
    synchronized void pause() throws InterruptedException {
        paused = true;
        while (busy > 0) {
            wait();
        }
    }

    synchronized void resume() {
        paused = false;
        notifyAll();
    }

    /** Ends all work and returns once the requests under way have ended. */
    synchronized void stop() throws InterruptedException {
        stopped = true;
        notifyAll();
        while (busy > 0) {
            wait();
        }
    }
}
