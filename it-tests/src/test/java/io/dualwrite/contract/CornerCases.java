package io.dualwrite.contract;

import java.io.ByteArrayInputStream;
import java.io.StringReader;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.postgresql.util.PGobject;

/** Cases written by hand of what few applications do: settings and answers of JDBC in an order that it leaves to the driver. */
final class CornerCases {
    private static final String INSERT = "INSERT INTO item (name) VALUES ('corner')";

    private CornerCases() {}

    static List<Case> all() {
        List<Case> cases = new ArrayList<>();
        AnswerCorners.addTo(cases);
        refusals(cases);
        parameters(cases);
        SessionCorners.addTo(cases);
        return cases;
    }

    private static void refusals(List<Case> cases) {
        cases.add(Case.same("corner: rows in the place of a count", (connection, transcript, fixture) -> {
            String sql = fixture.isH2() ? "SELECT id FROM FINAL TABLE (" + INSERT + ")" : INSERT + " RETURNING id";
            try (Statement statement = connection.createStatement();
                    PreparedStatement prepared = connection.prepareStatement(sql)) {
                transcript.ask("update", () -> statement.executeUpdate(sql));
                transcript.ask("large update", () -> statement.executeLargeUpdate(sql));
                transcript.ask("prepared", prepared::executeUpdate);
                transcript.ask("prepared, large", prepared::executeLargeUpdate);
            }
            see(connection, transcript, "SELECT id, name FROM item ORDER BY id");
        }));
        cases.add(Case.same("corner: keys in the place of rows", (connection, transcript, fixture) -> {
            try (PreparedStatement insert = connection.prepareStatement(INSERT, Statement.RETURN_GENERATED_KEYS)) {
                transcript.attempt("query", () -> transcript.rows("rows", insert.executeQuery()));
            }
            see(connection, transcript, "SELECT id, name FROM item ORDER BY id");
        }));
        cases.add(Case.same("corner: keys of what returns rows", (connection, transcript, fixture) -> {
            if (fixture.isPostgres()) {
                try (Statement statement = connection.createStatement()) {
                    String sql = INSERT + " RETURNING name, id";
                    transcript.ask("update", () -> statement.executeUpdate(sql, Statement.RETURN_GENERATED_KEYS));
                    transcript.attempt("keys", () -> transcript.rows("keys", statement.getGeneratedKeys()));
                    transcript.ask("execute", () -> statement.execute(sql, Statement.RETURN_GENERATED_KEYS));
                    transcript.ask("count", statement::getUpdateCount);
                    transcript.attempt("keys", () -> transcript.rows("keys", statement.getGeneratedKeys()));
                }
            }
        }));
        cases.add(Case.same("corner: settings called as a query", (connection, transcript, fixture) -> {
            if (fixture.isH2()) {
                connection.setAutoCommit(false);
                try (Statement statement = connection.createStatement()) {
                    statement.executeUpdate(INSERT);
                    for (String sql : List.of("SET AUTOCOMMIT TRUE", "SET @corner = 5", "COMMIT", "SAVEPOINT s")) {
                        transcript.ask(sql, () -> statement.executeQuery(sql));
                        transcript.ask("autocommit", connection::getAutoCommit);
                    }
                }
                connection.rollback();
                see(connection, transcript, "SELECT name FROM item ORDER BY id");
            }
        }));
        cases.add(Case.same("corner: texts for a prepared statement", (connection, transcript, fixture) -> {
            try (PreparedStatement prepared = connection.prepareStatement("SELECT code FROM code WHERE code = ?")) {
                transcript.ask("execute", () -> prepared.execute(INSERT));
                transcript.ask("keys", () -> prepared.execute(INSERT, Statement.RETURN_GENERATED_KEYS));
                transcript.ask("no keys", () -> prepared.executeUpdate(INSERT, Statement.NO_GENERATED_KEYS));
                transcript.ask("named", () -> prepared.executeUpdate(INSERT, new String[] {"id"}));
                transcript.ask("by number", () -> prepared.execute(INSERT, new int[] {1}));
                transcript.ask("large", () -> prepared.executeLargeUpdate(INSERT));
                prepared.setString(1, "a");
                transcript.attempt("rows", () -> transcript.rows("rows", prepared.executeQuery()));
            }
            see(connection, transcript, "SELECT name FROM item ORDER BY id");
        }));
        for (String ending : List.of("commit", "rollback", "savepoint")) {
            cases.add(Case.same(
                    "corner: " + ending + " with autocommit and an open batch", (connection, transcript, fixture) -> {
                        try (Statement statement = connection.createStatement()) {
                            statement.addBatch(INSERT);
                            transcript.attempt(ending, () -> end(connection, ending));
                            transcript.attempt("commit", connection::commit);
                            transcript.ask("executed", statement::executeBatch);
                            transcript.attempt("autocommit off", () -> connection.setAutoCommit(false));
                        }
                        see(connection, transcript, "SELECT name FROM item ORDER BY id");
                    }));
        }
        for (String how :
                List.of("by call", "SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL READ COMMITTED")) {
            cases.add(Case.same("corner: isolation within a transaction, " + how, (connection, transcript, fixture) -> {
                connection.setAutoCommit(false);
                try (Statement statement = connection.createStatement()) {
                    transcript.ask("before", () -> statement.executeUpdate(INSERT));
                    if (how.equals("by call")) {
                        transcript.attempt(
                                "set", () -> connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED));
                    } else if (fixture.isH2()) {
                        transcript.ask("set", () -> statement.execute(how));
                    }
                    connection.rollback();
                }
                see(connection, transcript, "SELECT name FROM item ORDER BY id");
            }));
        }
        cases.add(Case.same("corner: count after a batch", (connection, transcript, fixture) -> {
            connection.setAutoCommit(false);
            try (Statement statement = connection.createStatement()) {
                statement.addBatch(INSERT);
                statement.addBatch("UPDATE item SET qty = 3 WHERE id < 4");
                transcript.ask("executed", statement::executeBatch);
                if (!fixture.isMariaDb()) {
                    // Its driver tells the counts of all entries once more
                    transcript.ask("count", statement::getUpdateCount);
                    transcript.ask("more", statement::getMoreResults);
                }
            }
        }));
        cases.add(Case.same("corner: isolation that is refused", (connection, transcript, fixture) -> {
            try (Statement statement = connection.createStatement()) {
                transcript.ask("before", () -> statement.executeUpdate(INSERT));
                transcript.attempt("isolation", () -> connection.setTransactionIsolation(3));
                transcript.ask("after", () -> statement.executeUpdate(INSERT));
                transcript.ask("isolation", connection::getTransactionIsolation);
            }
        }));
    }

    private static void end(Connection connection, String ending) throws SQLException {
        switch (ending) {
            case "commit" -> connection.commit();
            case "rollback" -> connection.rollback();
            default -> connection.setSavepoint("corner");
        }
    }

    private static void parameters(List<Case> cases) {
        cases.add(Case.same("corner: streams for no parameter", (connection, transcript, fixture) -> {
            try (PreparedStatement update = connection.prepareStatement("UPDATE item SET raw = ? WHERE id = 1")) {
                for (int index : new int[] {0, -1}) {
                    transcript.attempt(
                            "bytes", () -> update.setBinaryStream(index, new ByteArrayInputStream(new byte[2])));
                    transcript.attempt("text", () -> update.setCharacterStream(index, new StringReader("text"), 4));
                    transcript.attempt("clob", () -> update.setClob(index, new StringReader("text")));
                }
            }
        }));
        cases.add(Case.same("corner: value before one that cannot be set", (connection, transcript, fixture) -> {
            try (PreparedStatement update = connection.prepareStatement("UPDATE item SET name = ? WHERE id = 1")) {
                update.setString(1, "kept");
                transcript.attempt("set", () -> update.setObject(1, new StringBuilder("lost"), 4711));
                transcript.ask("updated", update::executeUpdate);
                update.setString(1, "kept again");
                transcript.attempt("set", () -> update.setObject(1, Thread.currentThread()));
                transcript.ask("updated", update::executeUpdate);
            }
            see(connection, transcript, "SELECT name FROM item WHERE id = 1");
        }));
        cases.add(Case.same("corner: object that is changed after it was set", (connection, transcript, fixture) -> {
            if (fixture.isPostgres()) {
                PGobject object = new PGobject();
                object.setType("text");
                object.setValue("then");
                for (String sql : List.of(
                        "UPDATE item SET name = ? WHERE id = 1", "UPDATE item SET name = ? || 'x' WHERE id > 1")) {
                    try (PreparedStatement update = connection.prepareStatement(sql)) {
                        object.setValue("then");
                        update.setObject(1, object);
                        object.setValue("now");
                        transcript.ask("updated", update::executeUpdate);
                    }
                    see(connection, transcript, "SELECT name FROM item ORDER BY id");
                }
            }
        }));
        for (int length : new int[] {2, 3, 5}) {
            cases.add(Case.same(
                    "corner: stream of three bytes said to be " + length, (connection, transcript, fixture) -> {
                        try (PreparedStatement update =
                                connection.prepareStatement("UPDATE item SET raw = ? WHERE id = 1")) {
                            transcript.attempt(
                                    "set",
                                    () -> update.setBinaryStream(
                                            1, new ByteArrayInputStream(new byte[] {1, 2, 3}), length));
                            transcript.ask("updated", update::executeUpdate);
                        }
                        see(connection, transcript, "SELECT raw FROM item WHERE id = 1");
                    }));
        }
        cases.add(Case.same("corner: value set before a stream that is refused", (connection, transcript, fixture) -> {
            try (PreparedStatement update = connection.prepareStatement("UPDATE item SET raw = ? WHERE id = 1")) {
                update.setBytes(1, new byte[] {9});
                transcript.attempt(
                        "set", () -> update.setBinaryStream(1, new ByteArrayInputStream(new byte[] {1, 2, 3}), -1));
                transcript.ask("updated", update::executeUpdate);
            }
            see(connection, transcript, "SELECT raw FROM item WHERE id = 1");
        }));
    }

    /** What a query answers now. */
    static void see(Connection connection, Transcript transcript, String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            transcript.rows("rows", rows);
        }
    }
}
