package io.dualwrite.demo;

import java.time.Duration;
import java.util.List;

/** Where the demo tells what happens while it happens. Thread-safe. */
interface Console extends AutoCloseable {

    /** What is to be seen at one moment. */
    record View(
            List<Place> fleet,
            long requests,
            double requestsPerSecond,
            long failed,
            Duration slowest,
            Duration recentSlowest,
            long marks) {}

    /**
     * Where one instance stands.
     *
     * @param from the rung that it drains, or an empty text
     * @param note what it waits for, or an empty text
     */
    record Place(String instance, String rung, String from, int asked, String note) {}

    /** The operator did something, or something is to be known. */
    void say(String line);

    /** Time has passed. */
    void show(View view);

    @Override
    void close();
}
