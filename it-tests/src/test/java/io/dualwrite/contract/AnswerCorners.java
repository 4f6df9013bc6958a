package io.dualwrite.contract;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.List;

/** Corners of what a statement answers: keys, rows and counts, and those of the execution before. */
final class AnswerCorners {
    private static final String INSERT = "INSERT INTO item (name) VALUES ('corner')";

    private AnswerCorners() {}

    static void addTo(List<Case> cases) {
        answers(cases);
        rare(cases);
        formerAnswers(cases);
    }

    /** What few applications ask, and after the end too. */
    private static void rare(List<Case> cases) {
        cases.add(Case.same("corner: what generated keys say of themselves", (connection, transcript, fixture) -> {
            try (Statement statement = connection.createStatement();
                    PreparedStatement insert = connection.prepareStatement(INSERT, Statement.RETURN_GENERATED_KEYS)) {
                statement.executeUpdate(INSERT, Statement.RETURN_GENERATED_KEYS);
                insert.executeUpdate();
                for (Statement one : List.of(statement, insert)) {
                    try (ResultSet keys = one.getGeneratedKeys()) {
                        transcript.ask("type", keys::getType);
                        transcript.ask("statement", () -> keys.getStatement() == one);
                    }
                }
            }
        }));
        cases.add(Case.same("corner: a flag of keys that is none", (connection, transcript, fixture) -> {
            try (Statement statement = connection.createStatement()) {
                transcript.ask("update", () -> statement.executeUpdate(INSERT, 3));
                transcript.ask("execute", () -> statement.execute(INSERT, 0));
                transcript.ask("large", () -> statement.executeLargeUpdate(INSERT, -1));
                transcript.attempt(
                        "rows", () -> transcript.rows("rows", statement.executeQuery("SELECT COUNT(*) FROM item")));
            }
        }));
        cases.add(Case.same("corner: no text for a batch", (connection, transcript, fixture) -> {
            try (Statement statement = connection.createStatement()) {
                statement.addBatch(INSERT);
                transcript.attempt("none", () -> statement.addBatch(null));
                statement.addBatch(INSERT);
                transcript.ask("counts", statement::executeBatch);
            }
        }));
        cases.add(Case.same("corner: counts behind a batch", (connection, transcript, fixture) -> {
            try (Statement statement = connection.createStatement();
                    PreparedStatement update = connection.prepareStatement("UPDATE item SET qty = 9 WHERE id <= ?")) {
                statement.addBatch("UPDATE item SET qty = 7 WHERE id <= 3");
                statement.addBatch("UPDATE item SET qty = 8 WHERE id = 1");
                for (int most : List.of(3, 1)) {
                    update.setInt(1, most);
                    update.addBatch();
                }
                for (Statement one : List.of(statement, update)) {
                    transcript.ask("counts", one::executeBatch);
                    transcript.ask("count", one::getUpdateCount);
                }
            }
        }));
        cases.add(Case.same("corner: autocommit within what a text has begun", (connection, transcript, fixture) -> {
            if (fixture.isH2()) {
                try (Statement statement = connection.createStatement()) {
                    statement.execute("BEGIN");
                    transcript.ask("autocommit", connection::getAutoCommit);
                    statement.executeUpdate(INSERT);
                    transcript.ask("autocommit", connection::getAutoCommit);
                    transcript.attempt("rolled back", connection::rollback);
                    transcript.ask("autocommit", connection::getAutoCommit);
                    statement.execute("BEGIN");
                    statement.executeUpdate(INSERT);
                    transcript.attempt("set on", () -> connection.setAutoCommit(true));
                    transcript.ask("autocommit", connection::getAutoCommit);
                    transcript.attempt("nothing open", connection::rollback);
                    transcript.attempt(
                            "rows", () -> transcript.rows("rows", statement.executeQuery("SELECT name FROM item")));
                }
            }
        }));
        cases.add(Case.same("corner: a closed connection is asked", (connection, transcript, fixture) -> {
            Statement statement = connection.createStatement();
            connection.close();
            transcript.ask("valid", () -> connection.isValid(1));
            transcript.ask("valid, in no time", () -> connection.isValid(-1));
            transcript.ask("wraps", () -> connection.isWrapperFor(Connection.class));
            transcript.ask("unwraps", () -> connection.unwrap(Connection.class) == connection);
            statement.close();
            transcript.ask("count", statement::getUpdateCount);
            transcript.ask("timeout", statement::getQueryTimeout);
            transcript.ask("closed", statement::isClosed);
        }));
    }

    private static void answers(List<Case> cases) {
        cases.add(Case.same("corner: keys of a table that generates none", (connection, transcript, fixture) -> {
            String insert = "INSERT INTO code (code, label) VALUES ('none', 'generated')";
            try (Statement statement = connection.createStatement()) {
                transcript.ask("by text", () -> statement.executeUpdate(insert, Statement.RETURN_GENERATED_KEYS));
                transcript.attempt("keys", () -> transcript.rows("keys", statement.getGeneratedKeys()));
            }
            try (PreparedStatement again =
                    connection.prepareStatement(insert.replace("none", "any"), Statement.RETURN_GENERATED_KEYS)) {
                transcript.ask("prepared", again::executeUpdate);
                transcript.attempt("keys", () -> transcript.rows("keys", again.getGeneratedKeys()));
            }
        }));
        cases.add(Case.same("corner: keys after getMoreResults", (connection, transcript, fixture) -> {
            try (Statement statement = connection.createStatement()) {
                statement.executeUpdate(INSERT, Statement.RETURN_GENERATED_KEYS);
                transcript.ask("more", statement::getMoreResults);
                transcript.attempt("keys", () -> transcript.rows("keys", statement.getGeneratedKeys()));
                transcript.ask("count", statement::getUpdateCount);
            }
        }));
        cases.add(Case.same(
                "corner: keys of a prepared statement after getMoreResults", (connection, transcript, fixture) -> {
                    try (PreparedStatement insert =
                            connection.prepareStatement(INSERT, Statement.RETURN_GENERATED_KEYS)) {
                        transcript.ask("inserted", insert::executeUpdate);
                        transcript.ask("more", insert::getMoreResults);
                        transcript.attempt("keys", () -> transcript.rows("keys", insert.getGeneratedKeys()));
                        transcript.ask("count", insert::getUpdateCount);
                    }
                }));
        cases.add(Case.same("corner: keys and completion", (connection, transcript, fixture) -> {
            for (int wanted : List.of(Statement.RETURN_GENERATED_KEYS, Statement.NO_GENERATED_KEYS)) {
                Statement statement = connection.createStatement();
                statement.closeOnCompletion();
                transcript.ask("written", () -> statement.executeUpdate(INSERT, wanted));
                transcript.ask("closed before", statement::isClosed);
                transcript.attempt("keys", () -> {
                    ResultSet keys = statement.getGeneratedKeys();
                    transcript.ask("key", keys::next);
                    keys.close();
                });
                transcript.ask("closed", statement::isClosed);
                transcript.ask("again", () -> statement.executeUpdate(INSERT));
                statement.close();
            }
        }));
        cases.add(Case.same("corner: prepared statement's keys and completion", (connection, transcript, fixture) -> {
            for (int wanted : List.of(Statement.RETURN_GENERATED_KEYS, Statement.NO_GENERATED_KEYS)) {
                PreparedStatement insert = connection.prepareStatement(INSERT, wanted);
                insert.closeOnCompletion();
                transcript.ask("written", insert::executeUpdate);
                transcript.attempt("keys", () -> insert.getGeneratedKeys().close());
                transcript.ask("closed", insert::isClosed);
                transcript.ask("again", insert::executeUpdate);
                insert.close();
            }
        }));
        cases.add(Case.same("corner: rows of a write and completion", (connection, transcript, fixture) -> {
            String write = fixture.isH2() ? "SELECT id FROM FINAL TABLE (" + INSERT + ")" : INSERT + " RETURNING id";
            Statement statement = connection.createStatement();
            statement.closeOnCompletion();
            transcript.attempt("rows", () -> {
                ResultSet rows = statement.executeQuery(write);
                transcript.rows("rows", rows);
                transcript.ask("closed before", statement::isClosed);
                rows.close();
            });
            transcript.ask("closed", statement::isClosed);
            transcript.ask("again", () -> statement.executeUpdate(INSERT));
            statement.close();
        }));
        cases.add(Case.same("corner: fewer rows than a write returns", (connection, transcript, fixture) -> {
            String insert = "INSERT INTO item (name) VALUES ('a'), ('b'), ('c')";
            String write = fixture.isH2() ? "SELECT id FROM FINAL TABLE (" + insert + ")" : insert + " RETURNING id";
            try (Statement statement = connection.createStatement();
                    PreparedStatement prepared = connection.prepareStatement(write)) {
                statement.setMaxRows(2);
                transcript.attempt("query", () -> transcript.rows("rows", statement.executeQuery(write)));
                transcript.ask("execute", () -> statement.execute(write));
                transcript.ask("count", statement::getUpdateCount);
                transcript.attempt("result", () -> transcript.rows("result", statement.getResultSet()));
                prepared.setMaxRows(1);
                transcript.attempt("prepared", () -> transcript.rows("prepared", prepared.executeQuery()));
                prepared.setMaxRows(0);
                transcript.attempt("all", () -> transcript.rows("all", prepared.executeQuery()));
            }
            CornerCases.see(connection, transcript, "SELECT id, name FROM item ORDER BY id");
        }));
        cases.add(Case.same("corner: fewer rows than keys", (connection, transcript, fixture) -> {
            String insert = "INSERT INTO item (name) VALUES ('a'), ('b')";
            try (Statement statement = connection.createStatement()) {
                for (int most = 1; most <= 3; most++) {
                    statement.setMaxRows(most);
                    transcript.ask("update", () -> statement.executeUpdate(insert, Statement.RETURN_GENERATED_KEYS));
                    transcript.ask("count", statement::getUpdateCount);
                    transcript.attempt("keys", () -> transcript.rows("keys", statement.getGeneratedKeys()));
                    transcript.ask("execute", () -> statement.execute(insert, new String[] {"id"}));
                    transcript.ask("count", statement::getUpdateCount);
                    transcript.attempt("keys", () -> transcript.rows("keys", statement.getGeneratedKeys()));
                }
                transcript.ask("none", () -> statement.executeUpdate("UPDATE item SET qty = qty + 1"));
            }
            CornerCases.see(connection, transcript, "SELECT id, name FROM item ORDER BY id");
        }));
        cases.add(Case.same("corner: fewer rows than keys of a batch", (connection, transcript, fixture) -> {
                    try (PreparedStatement insert = connection.prepareStatement(
                            "INSERT INTO item (name) SELECT name FROM item WHERE id <= ?",
                            Statement.RETURN_GENERATED_KEYS)) {
                        insert.setMaxRows(2);
                        for (int rows : List.of(3, 1, 2, 0)) {
                            insert.setInt(1, rows);
                            insert.addBatch();
                        }
                        transcript.ask("batch", insert::executeBatch);
                        transcript.attempt("keys", () -> transcript.rows("keys", insert.getGeneratedKeys()));
                        insert.setInt(1, 3);
                        insert.addBatch();
                        transcript.ask("one", insert::executeBatch);
                        transcript.attempt("none", () -> transcript.rows("none", insert.getGeneratedKeys()));
                    }
                    CornerCases.see(connection, transcript, "SELECT id, name FROM item ORDER BY id");
                })
                .where(Case.Dual.MARKED_ON_MARIADB));
        cases.add(Case.same("corner: question mark in a text", (connection, transcript, fixture) -> {
            try (Statement statement = connection.createStatement()) {
                String is = fixture.isPostgres() ? "'{\"a\": 1}'::jsonb ? 'a'" : "qty = ?";
                transcript.ask(
                        "write", () -> statement.executeUpdate("UPDATE item SET qty = 7 WHERE id = 1 AND " + is));
                transcript.ask(
                        "keys",
                        () -> statement.executeUpdate(
                                "INSERT INTO item (name) SELECT name FROM item WHERE id = 1 AND " + is,
                                Statement.RETURN_GENERATED_KEYS));
            }
        }));
        cases.add(Case.same("corner: escapes that are not processed", (connection, transcript, fixture) -> {
            try (Statement statement = connection.createStatement()) {
                statement.setEscapeProcessing(false);
                transcript.ask(
                        "write", () -> statement.executeUpdate("UPDATE item SET made = {d '2026-05-05'} WHERE id = 1"));
                transcript.ask("plain", () -> statement.executeUpdate("UPDATE item SET qty = 8 WHERE id = 1"));
            }
        }));
        cases.add(Case.same("corner: escapes within a write", (connection, transcript, fixture) -> {
            try (Statement statement = connection.createStatement()) {
                transcript.ask(
                        "write", () -> statement.executeUpdate("UPDATE item SET made = {d '2026-05-05'} WHERE id < 3"));
            }
        }));
    }

    /** What walks found of result sets that an execution should have closed, or never gave. */
    private static void formerAnswers(List<Case> cases) {
        for (String sql : List.of(INSERT, "INSERT INTO item (name) VALUES (NULL)", "COMMIT", "DELETE FROM nothing")) {
            cases.add(Case.same(
                    "corner: rows of a statement that then runs " + sql, (connection, transcript, fixture) -> {
                        try (Statement statement = connection.createStatement()) {
                            ResultSet rows = statement.executeQuery("SELECT name FROM item ORDER BY id");
                            transcript.ask("first", rows::next);
                            transcript.ask("executed", () -> statement.execute(sql));
                            transcript.ask("closed", rows::isClosed);
                            transcript.ask("next", rows::next);
                        }
                    }));
        }
        cases.add(Case.same(
                "corner: result set of a write that was called as a query", (connection, transcript, fixture) -> {
                    try (Statement statement = connection.createStatement()) {
                        transcript.ask(
                                "query", () -> statement.executeQuery("UPDATE item SET name = 'x' WHERE id = 1"));
                        transcript.ask("result set", statement::getResultSet);
                        transcript.ask("count", statement::getUpdateCount);
                    }
                    CornerCases.see(connection, transcript, "SELECT name FROM item ORDER BY id");
                }));
        cases.add(Case.same("corner: no mode of getMoreResults", (connection, transcript, fixture) -> {
            try (Statement statement = connection.createStatement()) {
                transcript.ask("inserted", () -> statement.executeUpdate(INSERT));
                transcript.ask("more", () -> statement.getMoreResults(4711));
                transcript.ask("count", statement::getUpdateCount);
            }
        }));
    }

    /** What a driver refuses, and what of it has happened nevertheless. */
}
