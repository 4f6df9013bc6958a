package io.dualwrite.contract;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.List;

/** Cases of single writes: every way to execute one, the keys that it generates, batches, and what fails. */
final class WriteCases {
    private WriteCases() {}

    static void addTo(List<Case> cases) {
        updates(cases);
        keys(cases);
        batches(cases);
        failures(cases);
    }

    private static void updates(List<Case> cases) {
        String[] writes = {
            "INSERT INTO item (name) VALUES ('plain')",
            "INSERT INTO item (name, price) VALUES ('one', 1), ('two', 2)",
            "INSERT INTO code (code, label) SELECT name, name FROM item WHERE id < 3",
            "UPDATE item SET price = price * 2 WHERE qty > 2",
            "UPDATE item SET qty = qty + 1",
            "UPDATE item SET name = 'nobody' WHERE id = 4711",
            "UPDATE code SET code = 'z' WHERE code = 'a'",
            "DELETE FROM tag WHERE tag = 'red'",
            "DELETE FROM item WHERE id IN (SELECT id FROM item WHERE qty > 3)",
            "UPDATE item SET qty = 8 WHERE id = (SELECT 2)",
            "UPDATE item SET qty = 8 WHERE id = (SELECT item_id FROM tag GROUP BY item_id ORDER BY COUNT(*) DESC LIMIT 1)",
            "UPDATE item SET qty = 8 WHERE EXISTS (SELECT 1 FROM information_schema.tables t WHERE item.id = LENGTH('ab'))",
            "UPDATE item SET qty = 7 WHERE id IN (SELECT 1 UNION SELECT item_id FROM tag)",
            "DELETE FROM item WHERE id = 4711",
            "  /* a comment */ UPDATE item SET name = 'commented' WHERE id = 1 -- and another",
            "SELECT COUNT(*) FROM item",
            "SELECT name FROM item WHERE id = 1 FOR UPDATE",
        };
        for (String sql : List.of(
                "INSERT INTO code (code, label) VALUES ('z', '" + "long ".repeat(10) + "')",
                "UPDATE item SET name = '" + "long ".repeat(10) + "' WHERE id < 3",
                "DELETE FROM code WHERE label > 1")) {
            cases.add(Case.same("warnings: " + sql, (connection, transcript, fixture) -> {
                try (Statement statement = connection.createStatement()) {
                    if (fixture.isMariaDb()) {
                        statement.execute("SET SESSION sql_mode = ''");
                    }
                    transcript.ask("execute", () -> statement.executeUpdate(sql));
                    transcript.warnings("statement", statement.getWarnings());
                    statement.clearWarnings();
                    transcript.warnings("cleared", statement.getWarnings());
                    transcript.ask("further", () -> statement.executeUpdate("UPDATE item SET qty = 1 WHERE id = 1"));
                    transcript.warnings("then", statement.getWarnings());
                }
            }));
        }
        cases.add(Case.same("rows that are ignored", (connection, transcript, fixture) -> {
            if (!fixture.isMariaDb()) {
                return;
            }
            try (Statement statement = connection.createStatement()) {
                String sql = "INSERT IGNORE INTO code (code) VALUES ('a'), ('not yet')";
                transcript.ask("execute", () -> statement.executeUpdate(sql));
                transcript.warnings("statement", statement.getWarnings());
                transcript.ask("again", () -> statement.executeUpdate(sql));
                transcript.warnings("again", statement.getWarnings());
            }
            WrittenCases.count(transcript, connection);
        }));
        int own = cases.size();
        for (String sql : writes) {
            cases.add(Case.same("execute: " + sql, (connection, transcript, fixture) -> {
                try (Statement statement = connection.createStatement()) {
                    transcript.ask("execute", () -> statement.execute(sql));
                    transcript.ask("count", statement::getUpdateCount);
                    transcript.ask("large count", statement::getLargeUpdateCount);
                    transcript.ask("more", statement::getMoreResults);
                    transcript.ask("count then", statement::getUpdateCount);
                    transcript.warnings("statement", statement.getWarnings());
                }
                WrittenCases.count(transcript, connection);
            }));
            cases.add(Case.same("executeUpdate: " + sql, (connection, transcript, fixture) -> {
                try (Statement statement = connection.createStatement()) {
                    transcript.ask("executeUpdate", () -> statement.executeUpdate(sql));
                    transcript.ask("result set", statement::getResultSet);
                }
                WrittenCases.count(transcript, connection);
            }));
            cases.add(Case.same("executeLargeUpdate: " + sql, (connection, transcript, fixture) -> {
                try (Statement statement = connection.createStatement()) {
                    transcript.ask("executeLargeUpdate", () -> statement.executeLargeUpdate(sql));
                }
            }));
            cases.add(Case.same("executeQuery: " + sql, (connection, transcript, fixture) -> {
                try (Statement statement = connection.createStatement()) {
                    transcript.ask("executeQuery", () -> statement.executeQuery(sql));
                }
                WrittenCases.count(transcript, connection);
            }));
            cases.add(Case.same("prepared execute: " + sql, (connection, transcript, fixture) -> {
                try (PreparedStatement statement = connection.prepareStatement(sql)) {
                    transcript.ask("execute", statement::execute);
                    transcript.ask("count", statement::getUpdateCount);
                    transcript.ask("more", statement::getMoreResults);
                    transcript.ask("count then", statement::getUpdateCount);
                }
                WrittenCases.count(transcript, connection);
            }));
            cases.add(Case.same("prepared executeUpdate: " + sql, (connection, transcript, fixture) -> {
                try (PreparedStatement statement = connection.prepareStatement(sql)) {
                    transcript.ask("executeUpdate", statement::executeUpdate);
                }
                WrittenCases.count(transcript, connection);
            }));
            cases.add(Case.same("prepared executeQuery: " + sql, (connection, transcript, fixture) -> {
                try (PreparedStatement statement = connection.prepareStatement(sql)) {
                    transcript.ask("executeQuery", statement::executeQuery);
                }
                WrittenCases.count(transcript, connection);
            }));
        }
        mark(cases, own);
    }

    /** Changes of a key cannot be told on MariaDB, nor what a UNION reads in an UPDATE; what cannot be read at all may be anything. */
    private static void mark(List<Case> cases, int from) {
        for (int i = from; i < cases.size(); i++) {
            Case one = cases.get(i);
            if (one.name().endsWith("SELEC 1")) {
                cases.set(i, one.where(Case.Dual.MARKED));
            } else if (one.name().contains("SET code = 'z'")
                    || one.name().contains("SET id = 2")
                    || one.name().contains("UNION")) {
                cases.set(i, one.where(Case.Dual.MARKED_ON_MARIADB));
            }
        }
    }

    private interface Making {
        PreparedStatement make(Connection connection, String sql) throws SQLException;
    }

    private interface Executing {
        void execute(Statement statement, String sql) throws SQLException;
    }

    private static void keys(List<Case> cases) {
        String insert = "INSERT INTO item (name, price) VALUES ('keyed', 7)";
        String two = "INSERT INTO item (name, price) VALUES ('keyed', 7), ('keyed too', 8)";
        List<Executing> forms = List.of(
                (statement, sql) -> statement.executeUpdate(sql, Statement.RETURN_GENERATED_KEYS),
                (statement, sql) -> statement.executeUpdate(sql, Statement.NO_GENERATED_KEYS),
                (statement, sql) -> statement.executeUpdate(sql, new String[] {"id"}),
                (statement, sql) -> statement.executeUpdate(sql, new String[] {"id", "qty"}),
                (statement, sql) -> statement.executeUpdate(sql, new String[] {"nowhere"}),
                (statement, sql) -> statement.executeUpdate(sql, new int[] {1}),
                (statement, sql) -> statement.execute(sql, Statement.RETURN_GENERATED_KEYS),
                (statement, sql) -> statement.execute(sql, new String[] {"id"}),
                (statement, sql) -> statement.execute(sql, new int[] {1}),
                (statement, sql) -> statement.executeLargeUpdate(sql, Statement.RETURN_GENERATED_KEYS),
                (statement, sql) -> statement.executeLargeUpdate(sql, new String[] {"id"}));
        int number = 0;
        for (Executing form : forms) {
            number++;
            for (String sql : List.of(
                    insert, two, "UPDATE item SET qty = 9 WHERE id < 3", "DELETE FROM item WHERE id = 5", "SELECT 1")) {
                cases.add(
                        Case.same("generated keys, form " + number + ": " + sql, (connection, transcript, fixture) -> {
                            try (Statement statement = connection.createStatement()) {
                                transcript.attempt("insert", () -> form.execute(statement, sql));
                                transcript.ask("count", statement::getUpdateCount);
                                keysOf(transcript, statement);
                                if (!fixture.isMariaDb()) {
                                    // MariaDB's driver makes them anew each time; here they are those of the server
                                    keysOf(transcript, statement);
                                }
                            }
                            WrittenCases.count(transcript, connection);
                        }));
            }
        }
        List<Making> makings = List.of(
                (connection, sql) -> connection.prepareStatement(sql, Statement.RETURN_GENERATED_KEYS),
                (connection, sql) -> connection.prepareStatement(sql, Statement.NO_GENERATED_KEYS),
                (connection, sql) -> connection.prepareStatement(sql, new String[] {"id"}),
                (connection, sql) -> connection.prepareStatement(sql, new String[] {"ID"}),
                (connection, sql) -> connection.prepareStatement(sql, new int[] {1}),
                Connection::prepareStatement);
        number = 0;
        for (Making making : makings) {
            number++;
            cases.add(Case.same("prepared generated keys, form " + number, (connection, transcript, fixture) -> {
                try (PreparedStatement statement =
                        making.make(connection, "INSERT INTO item (name, price) VALUES (?, ?)")) {
                    for (int i = 0; i < 3; i++) {
                        statement.setString(1, "keyed " + i);
                        statement.setBigDecimal(2, BigDecimal.valueOf(i));
                        transcript.ask("count", statement::executeUpdate);
                        keysOf(transcript, statement);
                    }
                }
                WrittenCases.count(transcript, connection);
            }));
            cases.add(Case.same("batch generated keys, form " + number, (connection, transcript, fixture) -> {
                try (PreparedStatement statement =
                        making.make(connection, "INSERT INTO item (name, price) VALUES (?, ?)")) {
                    for (int i = 0; i < 3; i++) {
                        statement.setString(1, "keyed " + i);
                        statement.setBigDecimal(2, BigDecimal.valueOf(i));
                        statement.addBatch();
                    }
                    transcript.ask("counts", statement::executeBatch);
                    keysOf(transcript, statement);
                }
                WrittenCases.count(transcript, connection);
            }));
        }
        cases.add(Case.same("INSERT … RETURNING through executeQuery", (connection, transcript, fixture) -> {
            if (fixture.isH2()) {
                return;
            }
            try (Statement statement = connection.createStatement()) {
                try (ResultSet rows =
                        statement.executeQuery("INSERT INTO item (name) VALUES ('returned') RETURNING id, name")) {
                    transcript.rows("returned", rows);
                }
                transcript.ask(
                        "execute", () -> statement.execute("INSERT INTO item (name) VALUES ('again') RETURNING id"));
                try (ResultSet rows = statement.getResultSet()) {
                    transcript.rows("again", rows);
                }
                transcript.ask("more", statement::getMoreResults);
                transcript.ask("count", statement::getUpdateCount);
            }
            WrittenCases.count(transcript, connection);
        }));
    }

    static void keysOf(Transcript transcript, Statement statement) {
        transcript.attempt("keys", () -> {
            try (ResultSet keys = statement.getGeneratedKeys()) {
                transcript.see("columns", keys.getMetaData().getColumnCount());
                for (int i = 1; i <= keys.getMetaData().getColumnCount(); i++) {
                    transcript.see("label", keys.getMetaData().getColumnLabel(i));
                    transcript.see("type", keys.getMetaData().getColumnType(i));
                }
                transcript.rows("keys", keys);
            }
        });
    }

    private static void batches(List<Case> cases) {
        cases.add(Case.same("batch of texts", (connection, transcript, fixture) -> {
            try (Statement statement = connection.createStatement()) {
                statement.addBatch("INSERT INTO item (name) VALUES ('first')");
                statement.addBatch("UPDATE item SET qty = 5 WHERE id < 3");
                statement.addBatch("DELETE FROM tag");
                transcript.ask("counts", statement::executeBatch);
                transcript.ask("again", statement::executeBatch);
            }
            WrittenCases.count(transcript, connection);
        }));
        cases.add(Case.same("large batch of texts", (connection, transcript, fixture) -> {
            try (Statement statement = connection.createStatement()) {
                statement.addBatch("UPDATE item SET qty = 5 WHERE id < 3");
                statement.addBatch("DELETE FROM tag");
                transcript.ask("counts", statement::executeLargeBatch);
            }
        }));
        cases.add(Case.same("batch with a query in it", (connection, transcript, fixture) -> {
            try (Statement statement = connection.createStatement()) {
                statement.addBatch("UPDATE item SET qty = 7 WHERE id = 1");
                statement.addBatch("SELECT 1");
                statement.addBatch("UPDATE item SET qty = 8 WHERE id = 2");
                transcript.ask("counts", statement::executeBatch);
            }
            WrittenCases.count(transcript, connection);
        }));
        cases.add(Case.same("cleared batch", (connection, transcript, fixture) -> {
            try (Statement statement = connection.createStatement()) {
                statement.addBatch("DELETE FROM tag");
                statement.clearBatch();
                transcript.ask("counts", statement::executeBatch);
            }
        }));
        for (String text :
                new String[] {"INSERT INTO code (code, label) VALUES (?, ?)", "UPDATE code SET label = ? WHERE code = ?"
                }) {
            cases.add(Case.same("count behind a batch: " + text, (connection, transcript, fixture) -> {
                try (PreparedStatement prepared = connection.prepareStatement(text);
                        Statement statement = connection.createStatement()) {
                    for (String code : new String[] {"x", "y", "z"}) {
                        prepared.setString(1, code);
                        prepared.setString(2, "of " + code);
                        prepared.addBatch();
                        statement.addBatch("DELETE FROM code WHERE code = '" + code + "'");
                    }
                    transcript.ask("counts", prepared::executeBatch);
                    transcript.ask("count behind them", prepared::getUpdateCount);
                    transcript.ask("counts of texts", statement::executeBatch);
                    transcript.ask("count behind those", statement::getUpdateCount);
                }
            }));
        }
        cases.add(Case.same("empty batch", (connection, transcript, fixture) -> {
            try (Statement statement = connection.createStatement();
                    PreparedStatement prepared = connection.prepareStatement("DELETE FROM tag")) {
                transcript.ask("counts", statement::executeBatch);
                transcript.ask("prepared counts", prepared::executeBatch);
            }
        }));
        for (boolean autoCommit : new boolean[] {true, false}) {
            cases.add(Case.same("prepared batch, autocommit " + autoCommit, (connection, transcript, fixture) -> {
                connection.setAutoCommit(autoCommit);
                try (PreparedStatement statement =
                        connection.prepareStatement("UPDATE item SET price = ? WHERE id = ?")) {
                    for (int i = 1; i <= 6; i++) {
                        statement.setBigDecimal(1, BigDecimal.valueOf(i));
                        statement.setLong(2, i);
                        statement.addBatch();
                    }
                    transcript.ask("counts", statement::executeBatch);
                    transcript.ask("executed once more alone", statement::executeUpdate);
                }
                if (!autoCommit) {
                    connection.commit();
                }
                WrittenCases.count(transcript, connection);
            }));
            cases.add(Case.same(
                    "batch that fails in the middle, autocommit " + autoCommit, (connection, transcript, fixture) -> {
                        connection.setAutoCommit(autoCommit);
                        try (PreparedStatement statement =
                                connection.prepareStatement("INSERT INTO code (code, label) VALUES (?, ?)")) {
                            for (String code : new String[] {"x", "a", "y"}) {
                                statement.setString(1, code);
                                statement.setString(2, "of " + code);
                                statement.addBatch();
                            }
                            transcript.attempt("batch", statement::executeBatch);
                        }
                        if (!autoCommit) {
                            connection.rollback();
                            WrittenCases.count(transcript, connection);
                        }
                    }));
            cases.add(Case.same(
                    "batch of texts that fails, autocommit " + autoCommit, (connection, transcript, fixture) -> {
                        connection.setAutoCommit(autoCommit);
                        try (Statement statement = connection.createStatement()) {
                            statement.addBatch("INSERT INTO code (code) VALUES ('x')");
                            statement.addBatch("INSERT INTO nowhere VALUES (1)");
                            statement.addBatch("INSERT INTO code (code) VALUES ('y')");
                            transcript.attempt("batch", statement::executeBatch);
                        }
                        if (!autoCommit) {
                            connection.rollback();
                        }
                    }));
        }
        cases.add(Case.same("a query in a batch", (connection, transcript, fixture) -> {
            try (Statement statement = connection.createStatement()) {
                statement.addBatch("SELECT 1");
                transcript.attempt("batch", statement::executeBatch);
            }
        }));
        cases.add(Case.same("addBatch(String) of a prepared statement", (connection, transcript, fixture) -> {
            try (PreparedStatement statement = connection.prepareStatement("DELETE FROM tag WHERE tag = ?")) {
                transcript.attempt("addBatch", () -> statement.addBatch("DELETE FROM tag"));
                transcript.attempt("execute", () -> statement.execute("DELETE FROM tag"));
                transcript.attempt("executeUpdate", () -> statement.executeUpdate("DELETE FROM tag"));
                transcript.attempt("executeQuery", () -> statement.executeQuery("SELECT 1"));
            }
        }));
    }

    private static void failures(List<Case> cases) {
        int own = cases.size();
        String[] wrong = {
            "SELEC 1",
            "SELECT nothing FROM item",
            "SELECT 1 FROM nowhere",
            "INSERT INTO nowhere VALUES (1)",
            "INSERT INTO item (nothing) VALUES (1)",
            "INSERT INTO item (name) VALUES (NULL)",
            "INSERT INTO item (id, name) VALUES (1, 'again')",
            "INSERT INTO code (code, label) VALUES ('c', 'Label a')",
            "INSERT INTO tag (item_id, tag) VALUES (4711, 'orphan')",
            "DELETE FROM item WHERE id = 1",
            "UPDATE item SET id = 2 WHERE id = 1",
            "UPDATE item SET qty = 'many' WHERE id = 1",
            "UPDATE item SET name = 'a name that is far longer than the forty characters' WHERE id = 1",
            "UPDATE item SET price = 123456789012345 WHERE id = 1",
            "UPDATE item SET qty = 1 / 0",
            "",
            ";",
            "   ",
        };
        for (String sql : wrong) {
            cases.add(Case.same("fails: " + sql, (connection, transcript, fixture) -> {
                try (Statement statement = connection.createStatement()) {
                    transcript.ask("execute", () -> statement.execute(sql));
                    transcript.ask("executeQuery", () -> statement.executeQuery(sql));
                    transcript.ask("executeUpdate", () -> statement.executeUpdate(sql));
                    transcript.ask("after it", () -> statement.execute("SELECT 1"));
                }
            }));
            cases.add(Case.same(
                    "prepared fails: " + sql,
                    (connection, transcript, fixture) -> transcript.attempt("prepare", () -> {
                        try (PreparedStatement statement = connection.prepareStatement(sql)) {
                            transcript.ask("execute", statement::execute);
                        }
                    })));
            cases.add(Case.same("fails in a transaction: " + sql, (connection, transcript, fixture) -> {
                connection.setAutoCommit(false);
                try (Statement statement = connection.createStatement()) {
                    transcript.ask("before", () -> statement.executeUpdate("UPDATE item SET qty = 50 WHERE id = 5"));
                    transcript.ask("execute", () -> statement.execute(sql));
                    transcript.ask("after", () -> statement.executeUpdate("UPDATE item SET qty = 40 WHERE id = 4"));
                    transcript.attempt("commit", connection::commit);
                }
                connection.setAutoCommit(true);
                WrittenCases.count(transcript, connection);
            }));
            cases.add(Case.same("fails after a savepoint: " + sql, (connection, transcript, fixture) -> {
                connection.setAutoCommit(false);
                try (Statement statement = connection.createStatement()) {
                    transcript.ask("before", () -> statement.executeUpdate("UPDATE item SET qty = 50 WHERE id = 5"));
                    Savepoint savepoint = connection.setSavepoint();
                    transcript.ask("execute", () -> statement.execute(sql));
                    transcript.attempt("back", () -> connection.rollback(savepoint));
                    transcript.ask("after", () -> statement.executeUpdate("UPDATE item SET qty = 40 WHERE id = 4"));
                    transcript.attempt("commit", connection::commit);
                }
                connection.setAutoCommit(true);
                WrittenCases.count(transcript, connection);
            }));
        }
        mark(cases, own);
        cases.add(Case.same("parameters missing, too many, at 0", (connection, transcript, fixture) -> {
            try (PreparedStatement statement = connection.prepareStatement("UPDATE item SET name = ? WHERE id = ?")) {
                transcript.ask("none set", statement::executeUpdate);
                statement.setString(1, "x");
                transcript.ask("one set", statement::executeUpdate);
                transcript.attempt("third", () -> statement.setInt(3, 1));
                transcript.attempt("zeroth", () -> statement.setInt(0, 1));
                statement.setLong(2, 1);
                transcript.ask("both set", statement::executeUpdate);
                statement.clearParameters();
                transcript.ask("cleared", statement::executeUpdate);
            }
        }));
    }
}
