package io.dualwrite.logging;

import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;

/** One logger of the application's. Thread-safe. */
interface Sink {

    /** Whether a line of this level would be heard. */
    boolean hears(Level level);

    /** Writes a line whose placeholders are filled in. */
    void write(Level level, String line, @Nullable Throwable thrown);
}
