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
        answers(cases);
        formerAnswers(cases);
        refusals(cases);
        parameters(cases);
        sessions(cases);
        implicitCommits(cases);
        return cases;
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
            see(connection, transcript, "SELECT id, name FROM item ORDER BY id");
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
            see(connection, transcript, "SELECT id, name FROM item ORDER BY id");
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
                    see(connection, transcript, "SELECT id, name FROM item ORDER BY id");
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
                    see(connection, transcript, "SELECT name FROM item ORDER BY id");
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
            see(connection, transcript, "SELECT id, qty FROM item ORDER BY id");
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
            see(connection, transcript, "SELECT id, qty FROM item ORDER BY id");
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
            see(connection, transcript, "SELECT id, qty FROM item ORDER BY id");
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
                            see(connection, transcript, "SELECT COUNT(*), MAX(1) FROM " + table);
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
                    see(connection, transcript, "SELECT id, qty FROM item ORDER BY id");
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
                        see(connection, transcript, "SELECT id, qty FROM item ORDER BY id");
                    }));
        }
    }

    private static void see(Connection connection, Transcript transcript, String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            transcript.rows("rows", rows);
        }
    }
}
