package io.dualwrite.logging;

import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;

/** {@code java.util.logging}, which every JVM has. Thread-safe. */
final class JavaUtilLogging implements Sink {

    /** Held here, for {@code java.util.logging} itself holds its loggers weakly and forgets their levels with them. */
    private final Logger logger;

    private JavaUtilLogging(Logger logger) {
        this.logger = logger;
    }

    static Sink sink(String loggerName) {
        return new JavaUtilLogging(Logger.getLogger(loggerName));
    }

    @Override
    public boolean hears(Level level) {
        return logger.isLoggable(translated(level));
    }

    @Override
    public void write(Level level, String line, @Nullable Throwable thrown) {
        LogRecord entry = new LogRecord(translated(level), line);
        entry.setLoggerName(logger.getName());
        entry.setThrown(thrown);
        // Without this the record would search the stack for its caller and name a class of slf4j's.
        entry.setSourceClassName(logger.getName());
        logger.log(entry);
    }

    private static java.util.logging.Level translated(Level level) {
        switch (level) {
            case ERROR:
                return java.util.logging.Level.SEVERE;
            case WARN:
                return java.util.logging.Level.WARNING;
            case INFO:
                return java.util.logging.Level.INFO;
            case DEBUG:
                return java.util.logging.Level.FINE;
            case TRACE:
                return java.util.logging.Level.FINEST;
        }
        throw new AssertionError(level);
    }
}
