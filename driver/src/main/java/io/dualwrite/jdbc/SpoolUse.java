package io.dualwrite.jdbc;

/**
 * What a statement has spooled, released with its close, which may come from another thread; where an execution still reads it, as the
 * other side's write does after the first one's, when that is over. Thread-safe.
 */
final class SpoolUse {
    private final Runnable release;
    private int readers;
    private boolean closed;

    /** Nothing reads yet; the release may be done more than once. */
    SpoolUse(Runnable release) {
        this.release = release;
    }

    /** An execution begins. */
    synchronized void begins() {
        readers++;
    }

    /** An execution has ended. */
    synchronized void ended() {
        readers--;
        releaseIfOver();
    }

    /** The statement is closed. */
    synchronized void close() {
        closed = true;
        releaseIfOver();
    }

    private void releaseIfOver() {
        if (closed && readers == 0) {
            release.run();
        }
    }
}
