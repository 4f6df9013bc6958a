package io.dualwrite.logging;

/** Where log lines go. Thread-safe. */
interface Backend {

    /** The logger of this name there. */
    Sink sink(String loggerName);
}
