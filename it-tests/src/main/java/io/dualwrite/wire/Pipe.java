package io.dualwrite.wire;

import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.LockSupport;

/** One direction of a connection: what is put in comes out after a fixed time, however much is under way meanwhile. */
final class Pipe {
    /** How long before its time a chunk is waited for without sleeping: a sleep wakes up late. */
    private static final long SPIN_NANOS = 80_000;

    private final OutputStream out;
    private final long delayNanos;
    private final BlockingQueue<Chunk> waiting = new LinkedBlockingQueue<>();
    private volatile boolean broken;

    private static final class Chunk {
        final byte[] bytes;
        final long due;
        final Runnable written;

        Chunk(byte[] bytes, long due, Runnable written) {
            this.bytes = bytes;
            this.due = due;
            this.written = written;
        }
    }

    private static final Chunk END = new Chunk(new byte[0], 0, () -> {});

    Pipe(OutputStream out, long delayNanos) {
        this.out = out;
        this.delayNanos = delayNanos;
    }

    /** Whether a thread has to {@link #pump}. */
    boolean delays() {
        return delayNanos > 0;
    }

    /**
     * Sends bytes on their way.
     *
     * @param written called just before the bytes are written, by the thread that writes them
     * @throws IOException where the other end has gone
     */
    void put(byte[] bytes, Runnable written) throws IOException {
        if (broken) {
            throw new IOException("the other end has gone");
        }
        if (delays()) {
            waiting.add(new Chunk(bytes, System.nanoTime() + delayNanos, written));
        } else {
            written.run();
            out.write(bytes);
        }
    }

    /** Nothing more comes. */
    void end() {
        waiting.add(END);
    }

    /** Writes what is due until the end of the pipe, as long as the other end takes it. */
    void pump() {
        try {
            for (Chunk chunk = waiting.take(); chunk != END; chunk = waiting.take()) {
                awaitTime(chunk.due);
                chunk.written.run();
                out.write(chunk.bytes);
            }
        } catch (IOException e) {
            broken = true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void awaitTime(long due) {
        for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
            if (left > SPIN_NANOS) {
                LockSupport.parkNanos(left - SPIN_NANOS);
            } else {
                Thread.onSpinWait();
            }
        }
    }
}
