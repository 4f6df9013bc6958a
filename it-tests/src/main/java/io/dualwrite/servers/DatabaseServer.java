package io.dualwrite.servers;

import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;

/**
 * One database server of this machine, listening on the loopback address. It ends with this JVM, however that ends, and its
 * files go with it. Not thread-safe.
 */
public interface DatabaseServer extends AutoCloseable {

    /** The vendor as the demo's options spell it: {@code h2}, {@code postgres}, {@code mariadb}. */
    String vendor();

    /** The TCP port, the same after a restart. */
    int port();

    /** The JDBC URL of a database on this server, made by {@link #createDatabase} before. */
    String jdbcUrl(String database);

    /** A user who may do everything on every database. */
    String user();

    /** That user's password. */
    String password();

    /** Makes an empty database; where one of that name is there, its sessions are ended and it is dropped or emptied. */
    void createDatabase(String database) throws SQLException;

    /** Starts the server again, on the same port and data; does nothing while it runs. */
    void start() throws IOException;

    /** Stops the server in an orderly way and keeps its data; open connections break. */
    void stop() throws IOException;

    /** Ends the server at once, as a crash would, and keeps its data as far as the vendor does. */
    void kill() throws IOException;

    /** Stops the server and removes its data. */
    @Override
    void close();

    /** A new connection to a database on this server. */
    default Connection connect(String database) throws SQLException {
        return DriverManager.getConnection(jdbcUrl(database), user(), password());
    }
}
