package io.dualwrite.logging;

import org.jspecify.annotations.Nullable;
import org.slf4j.Marker;
import org.slf4j.event.Level;
import org.slf4j.helpers.LegacyAbstractLogger;
import org.slf4j.helpers.MessageFormatter;

/** A logger of the driver's that fills in the placeholders and hands the line on. Thread-safe. */
final class HandOnLogger extends LegacyAbstractLogger {

    private final transient Sink sink;

    HandOnLogger(String name, Sink sink) {
        this.name = name;
        this.sink = sink;
    }

    @Override
    public boolean isTraceEnabled() {
        return sink.hears(Level.TRACE);
    }

    @Override
    public boolean isDebugEnabled() {
        return sink.hears(Level.DEBUG);
    }

    @Override
    public boolean isInfoEnabled() {
        return sink.hears(Level.INFO);
    }

    @Override
    public boolean isWarnEnabled() {
        return sink.hears(Level.WARN);
    }

    @Override
    public boolean isErrorEnabled() {
        return sink.hears(Level.ERROR);
    }

    @Override
    protected @Nullable String getFullyQualifiedCallerName() {
        return null;
    }

    @Override
    protected void handleNormalizedLoggingCall(
            Level level,
            @Nullable Marker marker,
            @Nullable String pattern,
            Object @Nullable [] arguments,
            @Nullable Throwable thrown) {
        sink.write(level, String.valueOf(MessageFormatter.basicArrayFormat(pattern, arguments)), thrown);
    }
}
