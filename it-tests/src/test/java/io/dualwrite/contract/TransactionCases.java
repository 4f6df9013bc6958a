package io.dualwrite.contract;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.List;

/** Cases of transactions: commits, rollbacks and savepoints, by call and by text. */
final class TransactionCases {
    private TransactionCases() {}

    static void addTo(List<Case> cases) {
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
            WrittenCases.count(transcript, connection);
        }));
        cases.add(Case.same("setAutoCommit(true) commits", (connection, transcript, fixture) -> {
            connection.setAutoCommit(false);
            try (Statement statement = connection.createStatement()) {
                statement.executeUpdate("UPDATE item SET qty = 10 WHERE id = 1");
                connection.setAutoCommit(true);
                transcript.attempt("rollback", connection::rollback);
            }
            WrittenCases.count(transcript, connection);
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
                WrittenCases.count(transcript, connection);
            }));
        }
        for (String last : List.of("INSERT INTO item (name) VALUES ('last')", "DELETE FROM tag WHERE tag = 'red'")) {
            cases.add(Case.same("keys of a batch of texts: " + last, (connection, transcript, fixture) -> {
                try (Statement statement = connection.createStatement()) {
                    statement.addBatch("UPDATE item SET qty = 8 WHERE id = 1");
                    statement.addBatch(last);
                    transcript.attempt("batch", () -> transcript.see("counts", statement.executeBatch()));
                    WriteCases.keysOf(transcript, statement);
                }
                WrittenCases.count(transcript, connection);
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
                WrittenCases.count(transcript, connection);
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
            WrittenCases.count(transcript, connection);
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
            WrittenCases.count(transcript, connection);
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
                WrittenCases.count(transcript, connection);
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
            WrittenCases.count(transcript, connection);
        }));
    }
}
