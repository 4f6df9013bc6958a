package io.dualwrite.copier.cli;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The end of a command that goes on until it is told to stop. SIGINT and SIGTERM ask for it; the process then waits, though not
 * for ever, until the command has come to its own end. Thread-safe.
 */
final class Ending implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Ending.class);
    private static final Duration LONGEST = Duration.ofSeconds(30);

    private final CountDownLatch asked = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);
    private final Thread hook = new Thread(this::askAndWait, "dualwrite-ending");

    private Ending() {}

    /** The end of this process. */
    static Ending ofProcess() {
        Ending ending = new Ending();
        Runtime.getRuntime().addShutdownHook(ending.hook);
        return ending;
    }

    private void askAndWait() {
        asked.countDown();
        try {
            boolean inTime = ended.await(LONGEST.toMillis(), TimeUnit.MILLISECONDS);
            LOG.debug("Asked to end; the command {}", inTime ? "has ended" : "is still at work and is cut off");
        } catch (InterruptedException hurried) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Waits for so long, or until the end is asked for.
     *
     * @return whether it was
     */
    boolean comesWithin(Duration longest) throws InterruptedException {
        return asked.await(longest.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Says that the command has come to its end. */
    @Override
    public void close() {
        ended.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException shuttingDown) {
            LOG.debug("The process ends: {}", shuttingDown.getMessage());
        }
    }
}
