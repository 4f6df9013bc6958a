package io.dualwrite.contract;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.Statement;
import java.util.List;

/** Corners of what is set on the session, and of what commits by itself. */
final class SessionCorners {
    private static final String INSERT = "INSERT INTO item (name) VALUES ('corner')";

    private SessionCorners() {}

    static void addTo(List<Case> cases) {
        sessions(cases);
        implicitCommits(cases);
    }

    private static void sessions(List<Case> cases) {
        cases.add(Case.same("corner: read-only with autocommit", (connection, transcript, fixture) -> {
            transcript.attempt("set", () -> connection.setReadOnly(true));
            try (Statement statement = connection.createStatement()) {
                transcript.ask("write", () -> statement.executeUpdate("UPDATE item SET qty = 7 WHERE id = 1"));
                transcript.ask("read-only", connection::isReadOnly);
                transcript.attempt("unset", () -> connection.setReadOnly(false));
                transcript.ask("write", () -> statement.executeUpdate("UPDATE item SET qty = 8 WHERE id = 1"));
                transcript.attempt("set again", () -> connection.setReadOnly(true));
                connection.setAutoCommit(false);
                transcript.ask("write", () -> statement.executeUpdate("UPDATE item SET qty = 9 WHERE id = 2"));
                transcript.attempt("unset within", () -> connection.setReadOnly(false));
                connection.rollback();
                connection.setAutoCommit(true);
                transcript.ask("write", () -> statement.executeUpdate("UPDATE item SET qty = 9 WHERE id = 3"));
                connection.setReadOnly(false);
            }
        }));
        cases.add(Case.same("corner: read-only before a transaction", (connection, transcript, fixture) -> {
            try (Statement statement = connection.createStatement();
                    PreparedStatement update = connection.prepareStatement("UPDATE item SET qty = 5 WHERE id = ?")) {
                connection.setAutoCommit(false);
                transcript.attempt("set", () -> connection.setReadOnly(true));
                transcript.ask("write", () -> statement.executeUpdate("UPDATE item SET qty = 7 WHERE id = 1"));
                connection.rollback();
                connection.setAutoCommit(true);
                transcript.ask("read-only", connection::isReadOnly);
                transcript.ask("write", () -> statement.executeUpdate("UPDATE item SET qty = 8 WHERE id = 1"));
                for (int id = 1; id <= 3; id++) {
                    update.setInt(1, id);
                    update.addBatch();
                }
                if (fixture.isPostgres()) {
                    transcript.ask("batch", update::executeBatch);
                }
                update.clearBatch();
                transcript.attempt("begin", () -> statement.execute("BEGIN"));
                transcript.ask("write", () -> statement.executeUpdate("UPDATE item SET qty = 9 WHERE id = 1"));
                transcript.attempt("end", () -> statement.execute("COMMIT"));
                connection.setAutoCommit(false);
                transcript.ask("write", () -> statement.executeUpdate("UPDATE item SET qty = 10 WHERE id = 1"));
                connection.rollback();
                transcript.attempt("unset", () -> connection.setReadOnly(false));
                transcript.ask("write", () -> statement.executeUpdate("UPDATE item SET qty = 11 WHERE id = 1"));
                connection.commit();
                connection.setAutoCommit(true);
            }
            CornerCases.see(connection, transcript, "SELECT id, qty FROM item ORDER BY id");
        }));
        cases.add(Case.same("corner: savepoints of one name by text", (connection, transcript, fixture) -> {
            connection.setAutoCommit(false);
            try (Statement statement = connection.createStatement()) {
                for (String sql : List.of(
                        "SAVEPOINT s",
                        "UPDATE item SET qty = 11 WHERE id = 1",
                        "SAVEPOINT s",
                        "UPDATE item SET qty = 12 WHERE id = 2",
                        "RELEASE SAVEPOINT s",
                        "UPDATE item SET qty = 13 WHERE id = 3",
                        "ROLLBACK TO SAVEPOINT s",
                        "UPDATE item SET qty = 14 WHERE id = 4")) {
                    transcript.attempt(sql, () -> statement.execute(sql));
                }
            }
            transcript.attempt("commit", connection::commit);
            CornerCases.see(connection, transcript, "SELECT id, qty FROM item ORDER BY id");
        }));
        cases.add(Case.same("corner: savepoints whose names differ in case", (connection, transcript, fixture) -> {
            if (!fixture.isPostgres()) {
                return;
            }
            connection.setAutoCommit(false);
            try (Statement statement = connection.createStatement()) {
                for (String sql : List.of(
                        "SAVEPOINT \"S\"",
                        "UPDATE item SET qty = 11 WHERE id = 1",
                        "SAVEPOINT s",
                        "UPDATE item SET qty = 12 WHERE id = 2",
                        "ROLLBACK TO \"S\"",
                        "UPDATE item SET qty = 13 WHERE id = 3",
                        "SAVEPOINT T",
                        "UPDATE item SET qty = 14 WHERE id = 4",
                        "ROLLBACK TO t")) {
                    transcript.attempt(sql, () -> statement.execute(sql));
                }
            }
            transcript.attempt("commit", connection::commit);
            CornerCases.see(connection, transcript, "SELECT id, qty FROM item ORDER BY id");
        }));
        for (String limit : List.of("1", "0")) {
            cases.add(
                    Case.same("corner: limit of a session's selects of " + limit, (connection, transcript, fixture) -> {
                        if (!fixture.isMariaDb()) {
                            return;
                        }
                        try (Statement statement = connection.createStatement()) {
                            statement.execute("SET sql_select_limit = " + limit);
                            transcript.attempt(
                                    "rows",
                                    () -> transcript.rows(
                                            "rows", statement.executeQuery("SELECT id FROM item ORDER BY id")));
                            transcript.ask(
                                    "some",
                                    () -> statement.executeUpdate("UPDATE item SET qty = qty + 1 WHERE qty > 2"));
                            transcript.ask(
                                    "one", () -> statement.executeUpdate(INSERT, Statement.RETURN_GENERATED_KEYS));
                            transcript.attempt("key", () -> transcript.rows("key", statement.getGeneratedKeys()));
                            transcript.attempt(
                                    "returned",
                                    () -> transcript.rows(
                                            "returned", statement.executeQuery(INSERT + " RETURNING id")));
                            transcript.ask(
                                    "inserted",
                                    () -> statement.executeUpdate(
                                            "INSERT INTO code (code, label) SELECT name, name FROM item"));
                            transcript.ask(
                                    "deleted", () -> statement.executeUpdate("DELETE FROM tag WHERE tag <> 'none'"));
                            statement.execute("SET sql_select_limit = DEFAULT");
                        }
                        for (String table : List.of("item", "code", "tag")) {
                            CornerCases.see(connection, transcript, "SELECT COUNT(*), MAX(1) FROM " + table);
                        }
                    }));
        }
    }

    private static void implicitCommits(List<Case> cases) {
        cases.add(
                Case.same("corner: isolation set after a write, then a rollback", (connection, transcript, fixture) -> {
                    connection.setAutoCommit(false);
                    try (Statement statement = connection.createStatement()) {
                        statement.executeUpdate("UPDATE item SET qty = 70 WHERE id = 1");
                        transcript.attempt(
                                "set",
                                () -> connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ));
                        statement.executeUpdate("UPDATE item SET qty = 80 WHERE id = 2");
                        transcript.attempt("set none", () -> connection.setTransactionIsolation(99));
                        statement.executeUpdate("UPDATE item SET qty = 90 WHERE id = 3");
                    }
                    connection.rollback();
                    connection.setAutoCommit(true);
                    CornerCases.see(connection, transcript, "SELECT id, qty FROM item ORDER BY id");
                }));
        for (String text : List.of("CHECK TABLE item", "LOCK TABLES item WRITE")) {
            cases.add(Case.same(
                    "corner: " + text + " after a write, then a rollback", (connection, transcript, fixture) -> {
                        if (!fixture.isMariaDb()) {
                            return;
                        }
                        connection.setAutoCommit(false);
                        try (Statement statement = connection.createStatement()) {
                            statement.executeUpdate("UPDATE item SET qty = 70 WHERE id = 1");
                            transcript.attempt("text", () -> statement.execute(text));
                            connection.rollback();
                            transcript.attempt("unlock", () -> statement.execute("UNLOCK TABLES"));
                        }
                        connection.setAutoCommit(true);
                        CornerCases.see(connection, transcript, "SELECT id, qty FROM item ORDER BY id");
                    }));
        }
    }
}
