package io.dualwrite.logging;

import static java.lang.invoke.MethodType.methodType;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;

/**
 * The application's own {@code org.slf4j}, 1.7 or 2, reached by method handles, since in the driver's jar every name of slf4j's in
 * the code has been changed to that of the driver's own copy. Thread-safe.
 */
final class ApplicationSlf4j implements Backend {

    /** Put together when it is needed: the renaming that makes the jar changes string constants too. */
    private static final String SLF4J = String.join(".", "org", "slf4j");

    private static final MethodType ENABLED = methodType(boolean.class, Object.class);
    private static final MethodType WRITE = methodType(void.class, Object.class, String.class, Throwable.class);

    private final MethodHandle getLogger;
    private final Map<Level, MethodHandle> enabled = new EnumMap<>(Level.class);
    private final Map<Level, MethodHandle> write = new EnumMap<>(Level.class);

    private ApplicationSlf4j(Class<?> factory, Class<?> logger) throws ReflectiveOperationException {
        MethodHandles.Lookup lookup = MethodHandles.publicLookup();
        getLogger = lookup.findStatic(factory, "getLogger", methodType(logger, String.class))
                .asType(methodType(Object.class, String.class));
        for (Level level : Level.values()) {
            String name = level.name().toLowerCase(Locale.ROOT);
            String question = "is" + level.name().charAt(0) + name.substring(1) + "Enabled";
            enabled.put(
                    level,
                    lookup.findVirtual(logger, question, methodType(boolean.class))
                            .asType(ENABLED));
            write.put(
                    level,
                    lookup.findVirtual(logger, name, methodType(void.class, String.class, Throwable.class))
                            .asType(WRITE));
        }
    }

    /** The {@code org.slf4j} that this class loader sees, or null if there is none or nothing there that would be heard. */
    static @Nullable Backend find(@Nullable ClassLoader loader) {
        try {
            // Not initialized yet: without a backend that alone would make slf4j complain on the console.
            Class<?> factory = Class.forName(SLF4J + ".LoggerFactory", false, loader);
            Class<?> logger = Class.forName(SLF4J + ".Logger", false, loader);
            return hasBackend(factory.getClassLoader()) ? new ApplicationSlf4j(factory, logger) : null;
        } catch (ReflectiveOperationException | LinkageError absent) {
            return null;
        }
    }

    /** Whether this slf4j-api, which looks for its backend with its own class loader, will find one; slf4j-nop is one. */
    private static boolean hasBackend(ClassLoader loader) {
        String path = SLF4J.replace('.', '/');
        boolean version2 = loader.getResource(path + "/spi/SLF4JServiceProvider.class") != null;
        return version2
                ? loader.getResource("META-INF/services/" + SLF4J + ".spi.SLF4JServiceProvider") != null
                        || System.getProperty(String.join(".", "slf4j", "provider")) != null
                : loader.getResource(path + "/impl/StaticLoggerBinder.class") != null;
    }

    @Override
    public Sink sink(String loggerName) {
        try {
            Object logger = (Object) getLogger.invokeExact(loggerName);
            return new LoggerSink(logger);
        } catch (Throwable failed) {
            throw broken(failed);
        }
    }

    /** What a logger of the application's throws is thrown on as it is; method handles only cannot say what that may be. */
    private static RuntimeException broken(Throwable failed) {
        if (failed instanceof Error) {
            throw (Error) failed;
        }
        return failed instanceof RuntimeException ? (RuntimeException) failed : new IllegalStateException(failed);
    }

    /** One logger of the application's. */
    private final class LoggerSink implements Sink {

        private final Object logger;

        LoggerSink(Object logger) {
            this.logger = logger;
        }

        @Override
        public boolean hears(Level level) {
            try {
                return (boolean) handle(enabled, level).invokeExact(logger);
            } catch (Throwable failed) {
                throw broken(failed);
            }
        }

        @Override
        public void write(Level level, String line, @Nullable Throwable thrown) {
            try {
                handle(write, level).invokeExact(logger, line, thrown);
            } catch (Throwable failed) {
                throw broken(failed);
            }
        }

        private MethodHandle handle(Map<Level, MethodHandle> handles, Level level) {
            MethodHandle handle = handles.get(level);
            if (handle == null) {
                throw new AssertionError(level);
            }
            return handle;
        }
    }
}
