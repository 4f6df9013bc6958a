package io.dualwrite.contract;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import javax.sql.ConnectionEvent;
import javax.sql.ConnectionEventListener;
import javax.sql.PooledConnection;
import javax.sql.StatementEvent;
import javax.sql.StatementEventListener;

/** What a case of handles has seen: answers, failures and events, in their order. Not thread-safe. */
final class Handles implements ConnectionEventListener, StatementEventListener {
    private final List<String> lines = new ArrayList<>();
    private final Fixture fixture;
    private final Killer killer;

    /** Ends a session by its number, past the connection that is lent. */
    interface Killer {
        void kill(String sql) throws SQLException;
    }

    interface Action {
        void run() throws SQLException;
    }

    interface Question {
        Object ask() throws SQLException;
    }

    Handles(Fixture fixture, Killer killer) {
        this.fixture = fixture;
        this.killer = killer;
    }

    List<String> lines() {
        return lines;
    }

    /** Listens from now on. */
    Handles on(PooledConnection pooled) {
        pooled.addConnectionEventListener(this);
        return this;
    }

    void ask(String what, Question question) {
        try {
            lines.add(what + " " + question.ask());
        } catch (SQLException | RuntimeException e) {
            lines.add(what + " failed");
        }
    }

    void attempt(String what, Action action) {
        ask(what, () -> {
            action.run();
            return "went well";
        });
    }

    /** How many codes there are, as the handle sees them. */
    static int codes(Connection handle) throws SQLException {
        try (Statement statement = handle.createStatement();
                ResultSet rows = statement.executeQuery("SELECT COUNT(*) FROM code")) {
            rows.next();
            return rows.getInt(1);
        }
    }

    static void insert(Connection handle, String code) throws SQLException {
        try (Statement statement = handle.createStatement()) {
            statement.executeUpdate("INSERT INTO code (code) VALUES ('" + code + "')");
        }
    }

    /** Ends the session behind the handle at its server. */
    void kill(Connection handle) throws SQLException {
        try (Statement statement = handle.createStatement();
                ResultSet rows = statement.executeQuery(
                        fixture.isPostgres()
                                ? "SELECT pg_backend_pid()"
                                : fixture.isMariaDb() ? "SELECT CONNECTION_ID()" : "SELECT SESSION_ID()")) {
            rows.next();
            String end = fixture.isPostgres()
                    ? "SELECT pg_terminate_backend(%s)"
                    : fixture.isMariaDb() ? "KILL %s" : "CALL ABORT_SESSION(%s)";
            killer.kill(String.format(end, rows.getString(1)));
        }
    }

    @Override
    public void connectionClosed(ConnectionEvent event) {
        lines.add("event closed");
    }

    @Override
    public void connectionErrorOccurred(ConnectionEvent event) {
        lines.add("event error" + (event.getSQLException() == null ? " without cause" : ""));
    }

    @Override
    public void statementClosed(StatementEvent event) {
        lines.add("event statement closed");
    }

    @Override
    public void statementErrorOccurred(StatementEvent event) {
        lines.add("event statement error");
    }
}
