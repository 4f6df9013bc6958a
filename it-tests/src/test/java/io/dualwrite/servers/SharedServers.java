package io.dualwrite.servers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** One server per vendor for all tests of this JVM, and a second one, each started when first asked for; they end with the JVM. */
public final class SharedServers {
    private static final Map<String, DatabaseServer> SERVERS = new ConcurrentHashMap<>();
    private static final Map<String, DatabaseServer> SECONDS = new ConcurrentHashMap<>();

    private SharedServers() {}

    /** The vendor's server. Every test makes databases of its own on it, and leaves it running. */
    public static DatabaseServer of(String vendor) {
        return SERVERS.computeIfAbsent(vendor, SharedServers::start);
    }

    /** Another server of the vendor, for databases of one name on both sides. */
    public static DatabaseServer secondOf(String vendor) {
        return SECONDS.computeIfAbsent(vendor, SharedServers::start);
    }

    private static DatabaseServer start(String vendor) {
        try {
            return DatabaseServers.start(vendor);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
