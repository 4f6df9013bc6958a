package io.dualwrite;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import javax.sql.PooledConnection;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One running instance per properties file, started by the first connection. A file is known by its path as it is written,
 * not by what a symlink in it stands for today: that may be swapped while the instance runs. Two paths that lead to one file
 * now are one. Thread-safe; whoever comes while an instance starts waits for it.
 */
final class SharedInstances {
    private static final Logger LOG = LoggerFactory.getLogger(SharedInstances.class);

    private final Map<Path, SharedInstance> running = new ConcurrentHashMap<>();
    /** No monitor, in which a virtual thread of JDK 21 to 23 that waits for a server would hold its carrier. */
    private final ReentrantLock starting = new ReentrantLock();

    Connection connect(Path file, Properties info, int loginTimeout) throws SQLException {
        return of(file, info).connect(info, loginTimeout);
    }

    PooledConnection connectPooled(Path file, Properties info, int loginTimeout) throws SQLException {
        return of(file, info).connectPooled(info, loginTimeout);
    }

    private SharedInstance of(Path file, Properties info) throws SQLException {
        Path absolute = file.toAbsolutePath().normalize();
        SharedInstance known = running.get(absolute);
        return known == null ? started(absolute, info) : known;
    }

    private SharedInstance started(Path file, Properties info) throws SQLException {
        starting.lock();
        try {
            SharedInstance known = running.get(file);
            if (known == null) {
                known = sameFile(file);
                if (known == null) {
                    known = SharedInstance.start(file, info);
                }
                running.put(file, known);
            }
            return known;
        } finally {
            starting.unlock();
        }
    }

    private @Nullable SharedInstance sameFile(Path file) {
        for (Map.Entry<Path, SharedInstance> each : running.entrySet()) {
            try {
                if (Files.isSameFile(each.getKey(), file)) {
                    return each.getValue();
                }
            } catch (IOException missing) {
                LOG.debug("{} and {} cannot be compared", each.getKey(), file, missing);
            }
        }
        return null;
    }

    /** Ends all, as when the driver is taken back. */
    void close() {
        starting.lock();
        try {
            running.values().forEach(SharedInstance::close);
            running.clear();
        } finally {
            starting.unlock();
        }
    }
}
