package io.dualwrite.servers;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.h2.tools.Server;
import org.jspecify.annotations.Nullable;

/** H2's TCP server inside this JVM, with databases in memory that outlive a stop of the server but not the JVM. */
final class H2Server implements DatabaseServer {
    private final int port;
    private @Nullable Server server;

    H2Server() throws IOException {
        port = ServerFiles.freePort();
        start();
    }

    @Override
    public String vendor() {
        return "h2";
    }

    @Override
    public int port() {
        return port;
    }

    /** The port is part of the name, for databases in memory are shared by all H2 servers of one JVM. */
    @Override
    public String jdbcUrl(String database) {
        return "jdbc:h2:tcp://127.0.0.1:" + port + "/mem:" + database + "_" + port + ";DB_CLOSE_DELAY=-1";
    }

    @Override
    public String user() {
        return "app";
    }

    @Override
    public String password() {
        return "app";
    }

    @Override
    public void createDatabase(String database) throws SQLException {
        try (Connection connection = connect(database);
                Statement statement = connection.createStatement()) {
            statement.execute("SHUTDOWN IMMEDIATELY");
        }
        connect(database).close();
    }

    @Override
    public void start() throws IOException {
        if (server != null) {
            return;
        }
        try {
            server = Server.createTcpServer("-tcpPort", Integer.toString(port), "-ifNotExists", "-tcpDaemon")
                    .start();
        } catch (SQLException e) {
            throw new IOException("H2 does not start on port " + port, e);
        }
    }

    @Override
    public void stop() {
        if (server != null) {
            server.stop();
            server = null;
        }
    }

    @Override
    public void kill() {
        stop();
    }

    @Override
    public void close() {
        stop();
    }
}
