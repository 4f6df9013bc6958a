package io.dualwrite.fleet;

import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Makes threads of the driver's own, which do not keep the JVM alive. They belong to no application: where one jar serves several in a
 * container, a thread with the class loader of the one that came first would keep that in memory after it has been taken away. Thread-safe.
 */
public final class DaemonThreads implements ThreadFactory {
    private final String name;
    private final AtomicLong threads = new AtomicLong();

    /** @param name of each thread, with its number behind it */
    public DaemonThreads(String name) {
        this.name = name;
    }

    @Override
    public Thread newThread(Runnable work) {
        Thread thread = ofNobody(new Thread(work, name + '-' + threads.incrementAndGet()));
        thread.setDaemon(true);
        return thread;
    }

    /** The thread, with the class loader of this driver. */
    static Thread ofNobody(Thread thread) {
        thread.setContextClassLoader(DaemonThreads.class.getClassLoader());
        return thread;
    }
}
