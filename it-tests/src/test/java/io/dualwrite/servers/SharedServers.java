package io.dualwrite.servers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** One server per vendor for all tests of this JVM, started when first asked for; it ends with the JVM. */
public final class SharedServers {
    private static final Map<String, DatabaseServer> SERVERS = new ConcurrentHashMap<>();

    private SharedServers() {}

    /** The vendor's server. Every test makes databases of its own on it, and leaves it running. */
    public static DatabaseServer of(String vendor) {
        return SERVERS.computeIfAbsent(vendor, word -> {
            try {
                return DatabaseServers.start(word);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }
}
