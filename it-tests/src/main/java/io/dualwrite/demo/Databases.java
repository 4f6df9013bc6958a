package io.dualwrite.demo;

import io.dualwrite.ladder.Side;
import io.dualwrite.servers.DatabaseServer;
import io.dualwrite.servers.DatabaseServers;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/** The two servers of the demo, each with a database {@code bookstore}. */
final class Databases implements AutoCloseable {
    static final String NAME = "bookstore";

    private final DatabaseServer old;
    private final DatabaseServer neu;

    private Databases(DatabaseServer old, DatabaseServer neu) {
        this.old = old;
        this.neu = neu;
    }

    /** Starts both servers and makes their databases with the bookstore's tables, all of them empty. */
    static Databases start(String oldVendor, String newVendor) throws IOException, SQLException {
        DatabaseServer old = DatabaseServers.start(oldVendor);
        DatabaseServer neu;
        try {
            neu = DatabaseServers.start(newVendor);
        } catch (IOException | RuntimeException e) {
            old.close();
            throw e;
        }
        Databases databases = new Databases(old, neu);
        try {
            databases.make(Side.OLD);
            databases.make(Side.NEW);
        } catch (IOException | SQLException | RuntimeException e) {
            databases.close();
            throw e;
        }
        return databases;
    }

    DatabaseServer server(Side side) {
        return side == Side.OLD ? old : neu;
    }

    String url(Side side) {
        return server(side).jdbcUrl(NAME);
    }

    Connection connect(Side side) throws SQLException {
        return server(side).connect(NAME);
    }

    /** Makes the side's database anew, with empty tables. */
    void make(Side side) throws SQLException, IOException {
        server(side).createDatabase(NAME);
        try (Connection connection = connect(side);
                Statement statement = connection.createStatement()) {
            for (String sql : schema(server(side).vendor())) {
                statement.execute(sql);
            }
        }
    }

    private static String[] schema(String vendor) throws IOException {
        String name = "schema-" + vendor + ".sql";
        try (InputStream resource = Databases.class.getResourceAsStream(name)) {
            if (resource == null) {
                throw new IOException("the demo has no " + name);
            }
            String script = new String(resource.readAllBytes(), StandardCharsets.UTF_8);
            return script.replaceAll("(?m)^--.*$", "").strip().split(";\\s*");
        }
    }

    @Override
    public void close() {
        try {
            neu.close();
        } finally {
            old.close();
        }
    }
}
