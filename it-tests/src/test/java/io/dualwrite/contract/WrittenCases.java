package io.dualwrite.contract;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.StringReader;
import java.math.BigDecimal;
import java.sql.Blob;
import java.sql.Clob;
import java.sql.Connection;
import java.sql.Date;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Cases written by hand: what applications do with statements, keys, batches, transactions, cursors and large values. */
final class WrittenCases {
    private WrittenCases() {}

    static List<Case> all() {
        List<Case> cases = new ArrayList<>();
        updates(cases);
        keys(cases);
        batches(cases);
        failures(cases);
        transactions(cases);
        cursors(cases);
        values(cases);
        identity(cases);
        sessions(cases);
        return cases;
    }

    private static void count(Transcript transcript, Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT id, name, price, qty FROM item ORDER BY id")) {
            transcript.rows("items", rows);
        }
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
            "DELETE FROM item WHERE id = 4711",
            "  /* a comment */ UPDATE item SET name = 'commented' WHERE id = 1 -- and another",
            "SELECT COUNT(*) FROM item",
            "SELECT name FROM item WHERE id = 1 FOR UPDATE",
        };
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
                count(transcript, connection);
            }));
            cases.add(Case.same("executeUpdate: " + sql, (connection, transcript, fixture) -> {
                try (Statement statement = connection.createStatement()) {
                    transcript.ask("executeUpdate", () -> statement.executeUpdate(sql));
                    transcript.ask("result set", statement::getResultSet);
                }
                count(transcript, connection);
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
                count(transcript, connection);
            }));
            cases.add(Case.same("prepared execute: " + sql, (connection, transcript, fixture) -> {
                try (PreparedStatement statement = connection.prepareStatement(sql)) {
                    transcript.ask("execute", statement::execute);
                    transcript.ask("count", statement::getUpdateCount);
                    transcript.ask("more", statement::getMoreResults);
                    transcript.ask("count then", statement::getUpdateCount);
                }
                count(transcript, connection);
            }));
            cases.add(Case.same("prepared executeUpdate: " + sql, (connection, transcript, fixture) -> {
                try (PreparedStatement statement = connection.prepareStatement(sql)) {
                    transcript.ask("executeUpdate", statement::executeUpdate);
                }
                count(transcript, connection);
            }));
            cases.add(Case.same("prepared executeQuery: " + sql, (connection, transcript, fixture) -> {
                try (PreparedStatement statement = connection.prepareStatement(sql)) {
                    transcript.ask("executeQuery", statement::executeQuery);
                }
                count(transcript, connection);
            }));
        }
        mark(cases, own);
    }

    /** Changes of a key cannot be told on MariaDB; what cannot be read at all may be anything. */
    private static void mark(List<Case> cases, int from) {
        for (int i = from; i < cases.size(); i++) {
            Case one = cases.get(i);
            if (one.name().endsWith("SELEC 1")) {
                cases.set(i, one.where(Case.Dual.MARKED));
            } else if (one.name().contains("SET code = 'z'") || one.name().contains("SET id = 2")) {
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
                            count(transcript, connection);
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
                count(transcript, connection);
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
                count(transcript, connection);
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
            count(transcript, connection);
        }));
    }

    private static void keysOf(Transcript transcript, Statement statement) {
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
            count(transcript, connection);
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
            count(transcript, connection);
        }));
        cases.add(Case.same("cleared batch", (connection, transcript, fixture) -> {
            try (Statement statement = connection.createStatement()) {
                statement.addBatch("DELETE FROM tag");
                statement.clearBatch();
                transcript.ask("counts", statement::executeBatch);
            }
        }));
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
                count(transcript, connection);
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
                            count(transcript, connection);
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
                count(transcript, connection);
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
                count(transcript, connection);
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

    private static void transactions(List<Case> cases) {
        cases.add(Case.same("commit and rollback", (connection, transcript, fixture) -> {
            connection.setAutoCommit(false);
            try (Statement statement = connection.createStatement()) {
                statement.executeUpdate("UPDATE item SET qty = 10 WHERE id = 1");
                connection.commit();
                statement.executeUpdate("UPDATE item SET qty = 20 WHERE id = 2");
                connection.rollback();
                connection.commit();
            }
            connection.setAutoCommit(true);
            count(transcript, connection);
        }));
        cases.add(Case.same("setAutoCommit(true) commits", (connection, transcript, fixture) -> {
            connection.setAutoCommit(false);
            try (Statement statement = connection.createStatement()) {
                statement.executeUpdate("UPDATE item SET qty = 10 WHERE id = 1");
                connection.setAutoCommit(true);
                transcript.attempt("rollback", connection::rollback);
            }
            count(transcript, connection);
        }));
        cases.add(Case.same("commit and rollback under autocommit", (connection, transcript, fixture) -> {
            transcript.attempt("commit", connection::commit);
            transcript.attempt("rollback", connection::rollback);
            transcript.attempt("savepoint", connection::setSavepoint);
        }));
        cases.add(Case.same("close with an open transaction", (connection, transcript, fixture) -> {
            connection.setAutoCommit(false);
            try (Statement statement = connection.createStatement()) {
                statement.executeUpdate("UPDATE item SET qty = 10 WHERE id = 1");
            }
            transcript.attempt("close", connection::close);
            transcript.attempt("close again", connection::close);
            transcript.ask("closed", connection::isClosed);
            transcript.ask("valid", () -> connection.isValid(1));
        }));
        for (boolean catalog : new boolean[] {true, false}) {
            cases.add(Case.same(catalog ? "no catalog" : "no schema", (connection, transcript, fixture) -> {
                transcript.attempt("set", () -> {
                    if (catalog) {
                        connection.setCatalog(null);
                    } else {
                        connection.setSchema(null);
                    }
                });
                transcript.ask("catalog", connection::getCatalog);
                transcript.ask("schema", connection::getSchema);
                try (Statement statement = connection.createStatement()) {
                    transcript.attempt("update", () -> statement.executeUpdate("UPDATE item SET qty = 7 WHERE id = 1"));
                }
                count(transcript, connection);
            }));
        }
        for (String last : List.of("INSERT INTO item (name) VALUES ('last')", "DELETE FROM tag WHERE tag = 'red'")) {
            cases.add(Case.same("keys of a batch of texts: " + last, (connection, transcript, fixture) -> {
                try (Statement statement = connection.createStatement()) {
                    statement.addBatch("UPDATE item SET qty = 8 WHERE id = 1");
                    statement.addBatch(last);
                    transcript.attempt("batch", () -> transcript.see("counts", statement.executeBatch()));
                    keysOf(transcript, statement);
                }
                count(transcript, connection);
            }));
        }
        cases.add(Case.same("queries in a prepared batch", (connection, transcript, fixture) -> {
            try (PreparedStatement statement = connection.prepareStatement("SELECT name FROM item WHERE id = ?")) {
                for (int id = 1; id <= 2; id++) {
                    statement.setLong(1, id);
                    statement.addBatch();
                }
                transcript.attempt("batch", () -> transcript.see("counts", statement.executeBatch()));
                statement.setLong(1, 3);
                transcript.attempt("query", () -> transcript.rows("rows", statement.executeQuery()));
            }
        }));
        List<List<String>> onH2 = List.of(
                List.of("SET AUTOCOMMIT FALSE", "SET AUTOCOMMIT TRUE"),
                List.of("SET AUTOCOMMIT OFF", "set autocommit on"),
                List.of("SET AUTOCOMMIT TO FALSE", "SET AUTOCOMMIT = 1"));
        List<List<String>> onMariaDb = List.of(
                List.of("SET autocommit = 0", "SET autocommit = 1"),
                List.of("SET autocommit=OFF", "SET @@session.autocommit := ON"),
                List.of("SET SESSION autocommit = false", "SET SESSION autocommit = 'ON'"));
        for (int i = 0; i < onH2.size(); i++) {
            int form = i;
            cases.add(Case.same("autocommit by text, form " + form, (connection, transcript, fixture) -> {
                List<String> texts = fixture.isPostgres() ? List.of() : (fixture.isH2() ? onH2 : onMariaDb).get(form);
                try (Statement statement = connection.createStatement()) {
                    for (String text : texts) {
                        transcript.attempt(text, () -> statement.execute(text));
                        transcript.ask("autocommit", connection::getAutoCommit);
                        transcript.attempt(
                                "update", () -> statement.executeUpdate("UPDATE item SET qty = qty + 1 WHERE id = 1"));
                    }
                    transcript.attempt("back", connection::rollback);
                }
                count(transcript, connection);
            }));
        }
        cases.add(Case.same("named savepoints, released and rolled back", (connection, transcript, fixture) -> {
            connection.setAutoCommit(false);
            try (Statement statement = connection.createStatement()) {
                statement.executeUpdate("UPDATE item SET qty = 10 WHERE id = 1");
                Savepoint one = connection.setSavepoint("one");
                transcript.ask("name", one::getSavepointName);
                transcript.ask("id", one::getSavepointId);
                statement.executeUpdate("UPDATE item SET qty = 20 WHERE id = 2");
                Savepoint two = connection.setSavepoint("two");
                statement.executeUpdate("DELETE FROM tag");
                connection.rollback(two);
                connection.releaseSavepoint(two);
                transcript.attempt("released", () -> connection.rollback(two));
            }
            connection.rollback();
            connection.setAutoCommit(true);
            count(transcript, connection);
        }));
        cases.add(Case.same("unnamed savepoint", (connection, transcript, fixture) -> {
            connection.setAutoCommit(false);
            try (Statement statement = connection.createStatement()) {
                Savepoint savepoint = connection.setSavepoint();
                transcript.ask("name", savepoint::getSavepointName);
                statement.executeUpdate("UPDATE item SET qty = 20 WHERE id = 2");
                connection.rollback(savepoint);
                statement.executeUpdate("UPDATE item SET qty = 30 WHERE id = 3");
                connection.commit();
                transcript.attempt("after commit", () -> connection.rollback(savepoint));
            }
            connection.setAutoCommit(true);
            count(transcript, connection);
        }));
        for (int level : new int[] {
            Connection.TRANSACTION_READ_UNCOMMITTED,
            Connection.TRANSACTION_READ_COMMITTED,
            Connection.TRANSACTION_REPEATABLE_READ,
            Connection.TRANSACTION_SERIALIZABLE,
            Connection.TRANSACTION_NONE,
            99
        }) {
            cases.add(Case.same("isolation " + level, (connection, transcript, fixture) -> {
                transcript.attempt("set", () -> connection.setTransactionIsolation(level));
                transcript.ask("get", connection::getTransactionIsolation);
                connection.setAutoCommit(false);
                try (Statement statement = connection.createStatement()) {
                    transcript.ask("update", () -> statement.executeUpdate("UPDATE item SET qty = 7 WHERE id = 1"));
                    transcript.attempt("in a transaction", () -> connection.setTransactionIsolation(level));
                }
                transcript.attempt("commit", connection::commit);
                connection.setAutoCommit(true);
                count(transcript, connection);
            }));
        }
        cases.add(Case.same("read-only", (connection, transcript, fixture) -> {
            transcript.attempt("set", () -> connection.setReadOnly(true));
            transcript.ask("get", connection::isReadOnly);
            connection.setAutoCommit(false);
            try (Statement statement = connection.createStatement()) {
                transcript.ask("read", () -> statement.executeQuery("SELECT 1"));
                transcript.ask("write", () -> statement.executeUpdate("UPDATE item SET qty = 7 WHERE id = 1"));
            }
            connection.rollback();
            transcript.attempt("unset", () -> connection.setReadOnly(false));
            transcript.ask("get", connection::isReadOnly);
        }));
        cases.add(Case.same("BEGIN and COMMIT as text", (connection, transcript, fixture) -> {
            if (fixture.isH2()) {
                return;
            }
            try (Statement statement = connection.createStatement()) {
                statement.execute("BEGIN");
                transcript.ask("update", () -> statement.executeUpdate("UPDATE item SET qty = 7 WHERE id = 1"));
                transcript.ask("rollback", () -> statement.execute("ROLLBACK"));
                statement.execute("BEGIN");
                transcript.ask("update", () -> statement.executeUpdate("UPDATE item SET qty = 8 WHERE id = 2"));
                transcript.ask("commit", () -> statement.execute("COMMIT"));
            }
            count(transcript, connection);
        }));
    }

    private static void cursors(List<Case> cases) {
        int[] types = {ResultSet.TYPE_FORWARD_ONLY, ResultSet.TYPE_SCROLL_INSENSITIVE, ResultSet.TYPE_SCROLL_SENSITIVE};
        int[] concurrencies = {ResultSet.CONCUR_READ_ONLY, ResultSet.CONCUR_UPDATABLE};
        for (int type : types) {
            for (int concurrency : concurrencies) {
                cases.add(Case.same("cursor " + type + ", " + concurrency, (connection, transcript, fixture) -> {
                    try (Statement statement = connection.createStatement(type, concurrency)) {
                        transcript.ask("type", statement::getResultSetType);
                        transcript.ask("concurrency", statement::getResultSetConcurrency);
                        transcript.ask("holdability", statement::getResultSetHoldability);
                        try (ResultSet rows = statement.executeQuery("SELECT id, name FROM item ORDER BY id")) {
                            transcript.ask("type of rows", rows::getType);
                            transcript.ask("concurrency of rows", rows::getConcurrency);
                            transcript.ask("before first", rows::isBeforeFirst);
                            transcript.ask("next", rows::next);
                            transcript.ask("row", rows::getRow);
                            transcript.ask("absolute", () -> rows.absolute(3));
                            transcript.ask("id", () -> rows.getLong(1));
                            transcript.ask("relative", () -> rows.relative(-1));
                            transcript.ask("previous", rows::previous);
                            transcript.ask("last", rows::last);
                            transcript.ask("row", rows::getRow);
                            transcript.ask("find", () -> rows.findColumn("NAME"));
                            transcript.ask("not found", () -> rows.findColumn("nothing"));
                        }
                    }
                }));
                cases.add(
                        Case.same("prepared cursor " + type + ", " + concurrency, (connection, transcript, fixture) -> {
                            for (int holdability :
                                    new int[] {ResultSet.HOLD_CURSORS_OVER_COMMIT, ResultSet.CLOSE_CURSORS_AT_COMMIT}) {
                                transcript.attempt("prepare " + holdability, () -> {
                                    try (PreparedStatement statement = connection.prepareStatement(
                                            "SELECT id FROM item WHERE qty > ? ORDER BY id",
                                            type,
                                            concurrency,
                                            holdability)) {
                                        statement.setInt(1, 2);
                                        transcript.rows("rows", statement.executeQuery());
                                        transcript.ask("holdability", statement::getResultSetHoldability);
                                    }
                                });
                            }
                        }));
            }
        }
        cases.add(Case.refused("updatable row", (connection, transcript, fixture) -> {
            try (Statement statement =
                            connection.createStatement(ResultSet.TYPE_SCROLL_INSENSITIVE, ResultSet.CONCUR_UPDATABLE);
                    ResultSet rows = statement.executeQuery("SELECT code, label FROM code ORDER BY code")) {
                rows.next();
                transcript.attempt("set", () -> rows.updateString(2, "changed"));
                transcript.attempt("update", rows::updateRow);
                transcript.ask("label", () -> rows.getString(2));
                transcript.attempt("move", rows::moveToInsertRow);
                transcript.attempt("code", () -> rows.updateString(1, "n"));
                transcript.attempt("insert", rows::insertRow);
            }
        }));
        cases.add(Case.same("fetch size in a transaction", (connection, transcript, fixture) -> {
            connection.setAutoCommit(false);
            try (Statement statement = connection.createStatement()) {
                statement.setFetchSize(2);
                transcript.see("fetch size", statement.getFetchSize());
                try (ResultSet rows = statement.executeQuery("SELECT id, name FROM item ORDER BY id")) {
                    transcript.rows("rows", rows);
                }
            }
            connection.commit();
        }));
        cases.add(Case.same("max rows, field size, timeout", (connection, transcript, fixture) -> {
            try (Statement statement = connection.createStatement()) {
                statement.setMaxRows(2);
                transcript.see("max rows", statement.getMaxRows());
                transcript.rows("rows", statement.executeQuery("SELECT id FROM item ORDER BY id"));
                transcript.attempt("field size", () -> statement.setMaxFieldSize(3));
                transcript.ask("field size", statement::getMaxFieldSize);
                statement.setQueryTimeout(5);
                transcript.see("timeout", statement.getQueryTimeout());
                transcript.attempt("negative timeout", () -> statement.setQueryTimeout(-1));
                transcript.attempt("negative max rows", () -> statement.setMaxRows(-1));
                transcript.attempt("wrong direction", () -> statement.setFetchDirection(4711));
                transcript.attempt("negative fetch size", () -> statement.setFetchSize(-5));
            }
        }));
        cases.add(Case.same("close on completion", (connection, transcript, fixture) -> {
            try (Statement statement = connection.createStatement()) {
                transcript.attempt("set", statement::closeOnCompletion);
                transcript.ask("is set", statement::isCloseOnCompletion);
                ResultSet rows = statement.executeQuery("SELECT 1");
                rows.close();
                transcript.ask("closed", statement::isClosed);
            }
        }));
        cases.add(Case.same("a second execution closes the first result", (connection, transcript, fixture) -> {
            try (Statement statement = connection.createStatement()) {
                ResultSet first = statement.executeQuery("SELECT id FROM item ORDER BY id");
                statement.executeQuery("SELECT 1");
                transcript.ask("closed", first::isClosed);
                transcript.ask("next", first::next);
            }
        }));
        cases.add(Case.same("closing the statement closes its result", (connection, transcript, fixture) -> {
            Statement statement = connection.createStatement();
            ResultSet rows = statement.executeQuery("SELECT id FROM item ORDER BY id");
            statement.close();
            transcript.ask("closed", rows::isClosed);
            transcript.ask("next", rows::next);
        }));
        cases.add(Case.same("a query times out", (connection, transcript, fixture) -> {
            try (Statement statement = connection.createStatement()) {
                statement.setQueryTimeout(1);
                transcript.attempt("sleep", () -> statement.executeQuery(fixture.sleep(30)));
                statement.setQueryTimeout(0);
                transcript.ask("after it", () -> statement.execute("SELECT 1"));
            }
        }));
        cases.add(Case.same("a write times out", (connection, transcript, fixture) -> {
            try (Statement statement = connection.createStatement()) {
                statement.setQueryTimeout(1);
                transcript.attempt("write", () -> statement.executeUpdate(fixture.longUpdate()));
            }
            count(transcript, connection);
        }));
        cases.add(Case.same("a query is cancelled", (connection, transcript, fixture) -> {
            try (Statement statement = connection.createStatement()) {
                cancelled(statement, transcript, () -> statement.executeQuery(fixture.sleep(30)));
                transcript.ask("after it", () -> statement.execute("SELECT 1"));
            }
        }));
        cases.add(Case.same("a write is cancelled", (connection, transcript, fixture) -> {
            try (Statement statement = connection.createStatement()) {
                cancelled(statement, transcript, () -> statement.executeUpdate(fixture.longUpdate()));
            }
            count(transcript, connection);
        }));
        cases.add(Case.same("a prepared write in a transaction is cancelled", (connection, transcript, fixture) -> {
            connection.setAutoCommit(false);
            try (PreparedStatement statement = connection.prepareStatement(fixture.longUpdate())) {
                cancelled(statement, transcript, statement::executeUpdate);
            }
            connection.rollback();
            connection.setAutoCommit(true);
            count(transcript, connection);
        }));
        cases.add(Case.same("a transaction goes on after a cancelled write", (connection, transcript, fixture) -> {
            connection.setAutoCommit(false);
            try (Statement statement = connection.createStatement()) {
                transcript.ask("before", () -> statement.executeUpdate("UPDATE item SET qty = 71 WHERE id = 2"));
                cancelled(statement, transcript, () -> statement.executeUpdate(fixture.longUpdate()));
                if (!fixture.isPostgres()) {
                    transcript.ask("after", () -> statement.executeUpdate("UPDATE item SET qty = 72 WHERE id = 3"));
                    transcript.attempt("commit", connection::commit);
                }
            }
            connection.rollback();
            connection.setAutoCommit(true);
            count(transcript, connection);
        }));
    }

    /** Cancels again and again, for a cancel that comes before the execution has begun cancels nothing. */
    private static void cancelled(Statement statement, Transcript transcript, Transcript.Action action)
            throws InterruptedException {
        CountDownLatch ended = new CountDownLatch(1);
        Thread canceller = new Thread(() -> {
            try {
                while (!ended.await(100, TimeUnit.MILLISECONDS)) {
                    statement.cancel();
                }
            } catch (InterruptedException | SQLException failure) {
                transcript.failed("cancel", failure);
            }
        });
        canceller.start();
        transcript.attempt("what is cancelled", action);
        ended.countDown();
        canceller.join();
    }

    private interface Setting {
        void set(PreparedStatement statement) throws Exception;
    }

    private static Case roundTrip(String column, String kind, Setting setting) {
        return Case.same("value of " + column + " as " + kind, (connection, transcript, fixture) -> {
            boolean large = kind.endsWith("Blob") || kind.endsWith("Clob");
            connection.setAutoCommit(!large);
            try (PreparedStatement statement =
                    connection.prepareStatement("UPDATE item SET " + column + " = ? WHERE id = 1")) {
                transcript.attempt("set", () -> setting.set(statement));
                transcript.ask("update", statement::executeUpdate);
                if (!kind.contains("stream") && !kind.contains("reader")) {
                    transcript.ask("again", statement::executeUpdate);
                }
            }
            try (PreparedStatement statement =
                            connection.prepareStatement("SELECT " + column + " FROM item WHERE id = ?");
                    ResultSet rows = query(statement)) {
                transcript.rows("value", rows);
            } catch (SQLException failure) {
                transcript.failed("read", failure);
            }
            if (large) {
                connection.rollback();
            }
        });
    }

    private static InputStream failing() {
        return new InputStream() {
            private int left = 3;

            @Override
            public int read() throws IOException {
                if (left-- > 0) {
                    return 'x';
                }
                throw new IOException("the application's stream fails");
            }
        };
    }

    private static ResultSet query(PreparedStatement statement) throws SQLException {
        statement.setLong(1, 1);
        return statement.executeQuery();
    }

    private static void values(List<Case> cases) {
        byte[] bytes = {1, 2, 3, 0, -1};
        LocalDateTime moment = LocalDateTime.of(2026, 2, 28, 23, 59, 59, 123_456_000);
        cases.add(roundTrip("name", "String", s -> s.setString(1, "Grüße 😀")));
        cases.add(roundTrip("name", "NString", s -> s.setNString(1, "Grüße")));
        cases.add(roundTrip("name", "character stream", s -> s.setCharacterStream(1, new StringReader("streamed"))));
        cases.add(roundTrip(
                "name", "character stream with length", s -> s.setCharacterStream(1, new StringReader("streamed"), 8)));
        cases.add(roundTrip("name", "N character stream", s -> s.setNCharacterStream(1, new StringReader("streamed"))));
        cases.add(roundTrip(
                "name", "ASCII stream", s -> s.setAsciiStream(1, new ByteArrayInputStream(new byte[] {65, 66, 67}))));
        cases.add(roundTrip("name", "Object", s -> s.setObject(1, "an object")));
        cases.add(roundTrip("name", "Object with type", s -> s.setObject(1, 4711, Types.VARCHAR)));
        cases.add(roundTrip("name", "null", s -> s.setNull(1, Types.VARCHAR)));
        cases.add(roundTrip("price", "BigDecimal", s -> s.setBigDecimal(1, new BigDecimal("12.34"))));
        cases.add(roundTrip("price", "double", s -> s.setDouble(1, 12.5)));
        cases.add(roundTrip("price", "Object scaled", s -> s.setObject(1, new BigDecimal("1.239"), Types.DECIMAL, 1)));
        cases.add(roundTrip("price", "null", s -> s.setNull(1, Types.DECIMAL)));
        cases.add(roundTrip("price", "null with name", s -> s.setNull(1, Types.DECIMAL, "decimal")));
        cases.add(roundTrip("qty", "int", s -> s.setInt(1, 42)));
        cases.add(roundTrip("qty", "long", s -> s.setLong(1, 42)));
        cases.add(roundTrip("qty", "short", s -> s.setShort(1, (short) 42)));
        cases.add(roundTrip("qty", "byte", s -> s.setByte(1, (byte) 42)));
        cases.add(roundTrip("qty", "Integer", s -> s.setObject(1, 42)));
        cases.add(roundTrip("weight", "double", s -> s.setDouble(1, Math.PI)));
        cases.add(roundTrip("weight", "float", s -> s.setFloat(1, 1.5f)));
        cases.add(roundTrip("active", "boolean", s -> s.setBoolean(1, true)));
        cases.add(roundTrip("active", "Object", s -> s.setObject(1, Boolean.FALSE)));
        cases.add(roundTrip("made", "Date", s -> s.setDate(1, Date.valueOf("2026-02-28"))));
        cases.add(roundTrip("made", "LocalDate", s -> s.setObject(1, LocalDate.of(2026, 2, 28))));
        cases.add(roundTrip("sold", "Timestamp", s -> s.setTimestamp(1, Timestamp.valueOf(moment))));
        cases.add(roundTrip("sold", "LocalDateTime", s -> s.setObject(1, moment)));
        cases.add(roundTrip("body", "String", s -> s.setString(1, "a body".repeat(100))));
        cases.add(roundTrip("body", "character stream", s -> s.setCharacterStream(1, new StringReader("streamed"))));
        cases.add(roundTrip("body", "Clob", s -> {
            Clob clob = s.getConnection().createClob();
            clob.setString(1, "in a clob");
            s.setClob(1, clob);
        }));
        cases.add(roundTrip("body", "Clob of a reader", s -> s.setClob(1, new StringReader("read"))));
        cases.add(roundTrip("raw", "bytes", s -> s.setBytes(1, bytes)));
        cases.add(roundTrip("raw", "binary stream", s -> s.setBinaryStream(1, new ByteArrayInputStream(bytes))));
        cases.add(roundTrip(
                "raw",
                "binary stream with length",
                s -> s.setBinaryStream(1, new ByteArrayInputStream(bytes), bytes.length)));
        cases.add(roundTrip(
                "raw",
                "binary stream said to have -1",
                s -> s.setBinaryStream(1, new ByteArrayInputStream(bytes), -1)));
        for (int length : new int[] {0, 3}) {
            cases.add(roundTrip(
                    "raw",
                    "binary stream said to have " + length,
                    s -> s.setBinaryStream(1, new ByteArrayInputStream(bytes), length)));
            cases.add(roundTrip(
                    "body",
                    "character stream said to have " + length,
                    s -> s.setCharacterStream(1, new StringReader("streamed"), (long) length)));
        }
        cases.add(roundTrip("raw", "binary stream that fails", s -> s.setBinaryStream(1, failing())));
        cases.add(roundTrip(
                "body", "character stream that fails", s -> s.setCharacterStream(1, new InputStreamReader(failing()))));
        cases.add(roundTrip("raw", "Blob", s -> {
            Blob blob = s.getConnection().createBlob();
            blob.setBytes(1, bytes);
            s.setBlob(1, blob);
        }));
        cases.add(roundTrip("raw", "Blob of a stream", s -> s.setBlob(1, new ByteArrayInputStream(bytes))));
        cases.add(roundTrip("raw", "Object", s -> s.setObject(1, bytes)));
        cases.add(roundTrip("raw", "null", s -> s.setNull(1, Types.BINARY)));
        for (String escape : List.of(
                "SELECT {fn UCASE('a')}",
                "SELECT {d '2026-01-31'}",
                "SELECT {ts '2026-01-31 10:11:12'}",
                "SELECT {fn LENGTH('abc')}",
                "SELECT a.id FROM {oj item a LEFT OUTER JOIN tag b ON a.id = b.item_id} WHERE a.id = 3",
                "UPDATE item SET made = {d '2026-01-31'} WHERE id = 1")) {
            cases.add(Case.same("escape: " + escape, (connection, transcript, fixture) -> {
                transcript.ask("native", () -> connection.nativeSQL(escape));
                try (Statement statement = connection.createStatement()) {
                    transcript.attempt("execute", () -> {
                        if (statement.execute(escape)) {
                            transcript.rows("rows", statement.getResultSet());
                        }
                    });
                }
            }));
        }
    }

    /** All numbers left out, for databases have them in their names too. */
    private static String withoutNumbers(Object told) {
        return told.toString().replaceAll("@[0-9a-f]+|\\d+", "N");
    }

    /** The object's own hash or number left out, the parameters' values kept. */
    private static String shown(Object object) {
        return object.toString().replaceAll("@[0-9a-f]+", "@").replaceAll("\\b(prep|stat|rs|conn)[0-9]+", "$1");
    }

    private static void identity(List<Case> cases) {
        cases.add(Case.same("everything leads back to the connection", (connection, transcript, fixture) -> {
            try (Statement statement = connection.createStatement();
                    PreparedStatement prepared = connection.prepareStatement("SELECT 1");
                    ResultSet rows = statement.executeQuery("SELECT 1");
                    ResultSet preparedRows = prepared.executeQuery()) {
                transcript.see("connection of statement", statement.getConnection() == connection);
                transcript.see("connection of prepared", prepared.getConnection() == connection);
                transcript.see("statement of rows", rows.getStatement() == statement);
                transcript.see("statement of prepared rows", preparedRows.getStatement() == prepared);
                transcript.see(
                        "connection of metadata", connection.getMetaData().getConnection() == connection);
                transcript.see("same result", statement.getResultSet() == rows);
            }
        }));
        cases.add(
                Case.reading("the catalogue's rows lead back to the connection", (connection, transcript, fixture) -> {
                    try (ResultSet rows = connection.getMetaData().getTables(null, null, "item", null)) {
                        transcript.ask("statement", () -> rows.getStatement() == null ? "none" : "one");
                        transcript.ask(
                                "connection",
                                () -> rows.getStatement() == null
                                        || rows.getStatement().getConnection() == connection);
                    }
                }));
        cases.add(Case.same("equality and hash", (connection, transcript, fixture) -> {
            try (Statement one = connection.createStatement();
                    Statement other = connection.createStatement()) {
                transcript.see("found again", Set.of(one, other, connection).contains(one));
                transcript.see("equals another", one.equals(other));
                transcript.see("names interfaces", one.getClass().getInterfaces().length > 0);
            }
            transcript.see("names interfaces", connection.getClass().getInterfaces().length > 0);
        }));
        cases.add(Case.reading("connection, metadata and savepoint as texts", (connection, transcript, fixture) -> {
            transcript.see("connection", withoutNumbers(connection));
            transcript.see("metadata", withoutNumbers(connection.getMetaData()));
            try (PreparedStatement query = connection.prepareStatement("SELECT name FROM item WHERE id = 1");
                    ResultSet rows = query.executeQuery()) {
                transcript.see("columns", withoutNumbers(rows.getMetaData()));
            }
            connection.setAutoCommit(false);
            transcript.see("savepoint", withoutNumbers(connection.setSavepoint("here")));
        }));
        cases.add(Case.same("statements as texts", (connection, transcript, fixture) -> {
            try (PreparedStatement statement =
                    connection.prepareStatement("SELECT name FROM item WHERE id = ? AND name LIKE ?")) {
                transcript.see("no parameter", shown(statement));
                statement.setInt(1, 2);
                transcript.see("one parameter", shown(statement));
                statement.setString(2, "item%");
                transcript.see("both parameters", shown(statement));
                try (ResultSet rows = statement.executeQuery()) {
                    transcript.rows("items", rows);
                    transcript.see("executed", shown(statement));
                    transcript.see("rows", shown(rows));
                }
            }
            try (Statement statement = connection.createStatement()) {
                transcript.see("statement", shown(statement));
                statement.close();
                transcript.see("closed statement", shown(statement));
            }
        }));
        cases.add(Case.same("unwrapping to JDBC's interfaces", (connection, transcript, fixture) -> {
            transcript.see("connection", connection.isWrapperFor(Connection.class));
            transcript.see("unwrapped", connection.unwrap(Connection.class) != null);
            transcript.see("string", connection.isWrapperFor(String.class));
            transcript.attempt("unwrap string", () -> connection.unwrap(String.class));
            try (Statement statement = connection.createStatement()) {
                transcript.see("statement", statement.isWrapperFor(Statement.class));
                transcript.attempt("unwrap list", () -> statement.unwrap(List.class));
            }
        }));
        cases.add(Case.same("warnings are cleared", (connection, transcript, fixture) -> {
            connection.clearWarnings();
            transcript.warnings("connection", connection.getWarnings());
            try (Statement statement = connection.createStatement()) {
                statement.clearWarnings();
                transcript.warnings("statement", statement.getWarnings());
            }
        }));
        cases.add(Case.same("network timeout", (connection, transcript, fixture) -> {
            transcript.ask("timeout", connection::getNetworkTimeout);
            transcript.attempt("set", () -> connection.setNetworkTimeout(Runnable::run, 5_000));
            transcript.ask("timeout", connection::getNetworkTimeout);
            transcript.attempt("negative", () -> connection.setNetworkTimeout(Runnable::run, -1));
        }));
        cases.add(Case.same("client info", (connection, transcript, fixture) -> {
            transcript.attempt("set", () -> connection.setClientInfo("ApplicationName", "contract"));
            transcript.ask("get", () -> connection.getClientInfo("ApplicationName"));
            transcript.attempt("unknown", () -> connection.setClientInfo("Nothing", "contract"));
        }));
        cases.add(Case.same("schema and catalogue", (connection, transcript, fixture) -> {
            transcript.attempt("set catalogue", () -> connection.setCatalog(connection.getCatalog()));
            transcript.attempt("set schema", () -> connection.setSchema(connection.getSchema()));
            transcript.attempt("wrong schema", () -> connection.setSchema("nowhere"));
        }));
        cases.add(Case.same("abort", (connection, transcript, fixture) -> {
            transcript.attempt("abort without executor", () -> connection.abort(null));
            transcript.attempt("abort", () -> connection.abort(Runnable::run));
            transcript.ask("closed", connection::isClosed);
            transcript.attempt("statement", connection::createStatement);
            transcript.attempt("close", connection::close);
        }));
    }

    private static void sessions(List<Case> cases) {
        String[] scripts = {
            "SAVEPOINT s; 1; SAVEPOINT s; 2; RELEASE SAVEPOINT s; 3; ROLLBACK TO SAVEPOINT s; 4",
            "SAVEPOINT 'S'; 1; SAVEPOINT s; 2; ROLLBACK TO SAVEPOINT 'S'; 3; SAVEPOINT T; 4; ROLLBACK TO SAVEPOINT t",
            "SAVEPOINT 's'; 1; SAVEPOINT s; 2; ROLLBACK TO SAVEPOINT S; 3; ROLLBACK TO SAVEPOINT 's'; 4",
        };
        for (String script : scripts) {
            cases.add(Case.same("savepoints by text: " + script, (connection, transcript, fixture) -> {
                connection.setAutoCommit(false);
                try (Statement statement = connection.createStatement()) {
                    for (String step : script.replace('\'', fixture.isMariaDb() ? '`' : '"')
                            .split("; ")) {
                        String sql = step.length() > 1 ? step : "UPDATE item SET qty = qty + 10 WHERE id = " + step;
                        transcript.attempt(step, () -> statement.execute(sql));
                    }
                }
                transcript.attempt("commit", connection::commit);
                count(transcript, connection);
                connection.rollback();
                connection.setAutoCommit(true);
            }));
        }
        cases.add(Case.same("session: limit of its selects", (connection, transcript, fixture) -> {
            if (!fixture.isMariaDb()) {
                return;
            }
            try (Statement statement = connection.createStatement()) {
                statement.execute("SET sql_select_limit = 1");
                transcript.attempt(
                        "rows",
                        () -> transcript.rows("rows", statement.executeQuery("SELECT id FROM item ORDER BY id")));
                for (String sql : List.of(
                        "UPDATE item SET qty = qty + 1 WHERE qty > 2",
                        "INSERT INTO code (code, label) SELECT name, name FROM item",
                        "DELETE FROM tag WHERE tag <> 'none'")) {
                    transcript.ask(sql, () -> statement.executeUpdate(sql));
                }
                statement.execute("SET sql_select_limit = DEFAULT");
            }
            count(transcript, connection);
        }));
    }
}
