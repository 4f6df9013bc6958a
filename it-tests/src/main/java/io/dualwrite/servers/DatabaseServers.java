package io.dualwrite.servers;

import java.io.IOException;
import java.util.List;

/** Starts database servers by their vendor's word. */
public final class DatabaseServers {
    /** The words that {@link #start} knows. */
    public static final List<String> VENDORS = List.of("h2", "postgres", "mariadb");

    private DatabaseServers() {}

    /** Starts MariaDB on a free port with further options of the server's, as {@code --innodb-rollback-on-timeout=ON}. */
    public static DatabaseServer startMariaDb(String... options) throws IOException {
        return new MariaDbServer(options);
    }

    /**
     * Starts a server of the vendor on a free port.
     *
     * @throws IllegalArgumentException if the word is none of {@link #VENDORS}
     */
    public static DatabaseServer start(String vendor) throws IOException {
        return switch (vendor) {
            case "h2" -> new H2Server();
            case "postgres" -> new PostgresServer();
            case "mariadb" -> new MariaDbServer();
            default ->
                throw new IllegalArgumentException(
                        "no server for '" + vendor + "'; it is one of " + String.join(", ", VENDORS));
        };
    }
}
