package io.dualwrite.logging;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.ILoggerFactory;
import org.slf4j.IMarkerFactory;
import org.slf4j.Logger;
import org.slf4j.helpers.BasicMarkerFactory;
import org.slf4j.helpers.NOPMDCAdapter;
import org.slf4j.spi.MDCAdapter;
import org.slf4j.spi.SLF4JServiceProvider;

/** The provider of the renamed slf4j-api. It chooses once, at the first log line, where the driver's lines go. Thread-safe. */
public final class HandOnProvider implements SLF4JServiceProvider {

    private final IMarkerFactory markers = new BasicMarkerFactory();
    private final MDCAdapter context = new NOPMDCAdapter();
    private final Map<String, Logger> loggers = new ConcurrentHashMap<>();
    private volatile Backend backend = JavaUtilLogging::sink;

    @Override
    public void initialize() {
        Backend application = ApplicationSlf4j.find(HandOnProvider.class.getClassLoader());
        if (application == null) {
            application = ApplicationSlf4j.find(Thread.currentThread().getContextClassLoader());
        }
        if (application != null) {
            backend = application;
        }
    }

    @Override
    public ILoggerFactory getLoggerFactory() {
        return this::logger;
    }

    private Logger logger(@Nullable String name) {
        String known = name == null ? "io.dualwrite" : name;
        return loggers.computeIfAbsent(known, key -> new HandOnLogger(key, () -> backend.sink(key)));
    }

    @Override
    public IMarkerFactory getMarkerFactory() {
        return markers;
    }

    @Override
    public MDCAdapter getMDCAdapter() {
        return context;
    }

    @Override
    public String getRequestedApiVersion() {
        return "2.0.99";
    }
}
