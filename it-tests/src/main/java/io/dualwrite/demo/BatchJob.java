package io.dualwrite.demo;

import io.dualwrite.demo.bookstore.Batch;
import io.dualwrite.ladder.Side;
import io.dualwrite.servers.DatabaseServer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** The batch as its scheduler sees it: a job with a database, started and stopped by the operator. */
final class BatchJob {
    private static final Duration LONGEST = Duration.ofSeconds(30);

    private final Databases databases;
    private final Path log;
    private @Nullable ChildJvm jvm;

    BatchJob(Databases databases, Path directory) {
        this.databases = databases;
        this.log = directory.resolve("batch.log");
    }

    /** Starts the job on one of the databases and waits until it has derived Data B once. */
    void start(Side side) throws IOException, InterruptedException, TimeoutException {
        DatabaseServer server = databases.server(side);
        jvm = ChildJvm.start(
                "batch", Batch.class, List.of(databases.url(side), server.user(), server.password()), log, line -> {});
        jvm.ask(null, "derived", LONGEST);
    }

    /** Lets the run under way end, and stops the job; does nothing where it does not run. */
    void stop() throws IOException, InterruptedException, TimeoutException {
        if (jvm != null) {
            jvm.ask("stop", "stopped", LONGEST);
            jvm.await(LONGEST);
            jvm = null;
        }
    }

    void kill() {
        if (jvm != null) {
            jvm.kill();
        }
    }
}
