package io.dualwrite.logging;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Marker;
import org.slf4j.event.Level;
import org.slf4j.helpers.LegacyAbstractLogger;
import org.slf4j.helpers.MessageFormatter;

/**
 * A logger of the driver's that fills in the placeholders and hands the line on. It asks for the application's own with the first line, not
 * when a class of the driver's is loaded: that may be before the application has set up its logging, or while it does. Thread-safe.
 */
final class HandOnLogger extends LegacyAbstractLogger {

    private final transient Supplier<Sink> finder;
    private transient volatile @Nullable Sink found;

    HandOnLogger(String name, Supplier<Sink> finder) {
        this.name = name;
        this.finder = finder;
    }

    private Sink sink() {
        Sink sink = found;
        if (sink == null) {
            // Of two threads at once, both get the same.
            sink = finder.get();
            found = sink;
        }
        return sink;
    }

    @Override
    public boolean isTraceEnabled() {
        return sink().hears(Level.TRACE);
    }

    @Override
    public boolean isDebugEnabled() {
        return sink().hears(Level.DEBUG);
    }

    @Override
    public boolean isInfoEnabled() {
        return sink().hears(Level.INFO);
    }

    @Override
    public boolean isWarnEnabled() {
        return sink().hears(Level.WARN);
    }

    @Override
    public boolean isErrorEnabled() {
        return sink().hears(Level.ERROR);
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
        sink().write(level, String.valueOf(MessageFormatter.basicArrayFormat(pattern, arguments)), thrown);
    }
}
