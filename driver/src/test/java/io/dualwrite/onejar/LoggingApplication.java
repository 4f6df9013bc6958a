package io.dualwrite.onejar;

/** An application of its own JVM, in which the driver has something to say. */
public final class LoggingApplication {

    private LoggingApplication() {}

    /** Logs as the driver does: through the slf4j-api that the driver's jar holds under another name. */
    public static void main(String[] arguments) throws ReflectiveOperationException {
        Class<?> factory = Class.forName("io.dualwrite.shaded.slf4j.LoggerFactory");
        Class<?> type = Class.forName("io.dualwrite.shaded.slf4j.Logger");
        Object logger = factory.getMethod("getLogger", String.class).invoke(null, "io.dualwrite.mirror.Marks");
        type.getMethod("info", String.class, Object.class, Object.class)
                .invoke(logger, "Mirror of {} failed; rows marked as {}", "UPDATE on orders", 4711);
        type.getMethod("warn", String.class, Throwable.class)
                .invoke(logger, "With its cause {}", new IllegalStateException("new is away"));
        type.getMethod("debug", String.class).invoke(logger, "not to be heard");
    }
}
