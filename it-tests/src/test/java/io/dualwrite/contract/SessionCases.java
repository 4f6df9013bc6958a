package io.dualwrite.contract;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** Cases of what is set for the session. */
final class SessionCases {
    private SessionCases() {}

    static void addTo(List<Case> cases) {
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
                WrittenCases.count(transcript, connection);
                connection.rollback();
                connection.setAutoCommit(true);
            }));
        }
        schemas(cases);
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
            WrittenCases.count(transcript, connection);
        }));
    }

    /** What the session is set to is undone with the transaction, or not, as the vendor has it; to ask for it is a statement too. */
    private static void schemas(List<Case> cases) {
        String[] scripts = {
            "write, set, fail",
            "write, set, manual, rollback",
            "write, set, manual, write, rollback",
            "set, write, manual, rollback",
            "write, manual, set, rollback",
            "manual, set, commit, rollback",
            "manual, set, automatic, fail",
            "manual, write, set, rollback",
            "manual, write, set, commit, rollback",
            "write, manual, write, rollback, set, rollback",
            "write, manual, set, savepoint, home, back, commit",
            "write, set, write, home, fail, write",
            "write, client, fail",
            "write, manual, client, rollback",
            "manual, write, client, rollback",
        };
        for (String script : scripts) {
            cases.add(Case.same("session: schema by call: " + script, (connection, transcript, fixture) -> {
                String home = fixture.isMariaDb() ? connection.getCatalog() : connection.getSchema();
                List<Savepoint> savepoints = new ArrayList<>();
                for (String step : script.split(", ")) {
                    transcript.attempt(step, () -> step(connection, fixture, home, savepoints, step));
                    String asked = fixture.isMariaDb()
                            ? "SELECT DATABASE()"
                            : "SELECT CURRENT_SCHEMA"
                                    + (fixture.isPostgres() ? ", current_setting('application_name')" : "");
                    if (!List.of("manual", "set", "home", "write", "client").contains(step)) {
                        try (Statement statement = connection.createStatement()) {
                            transcript.attempt("where", () -> transcript.rows("where", statement.executeQuery(asked)));
                        }
                    }
                }
                transcript.ask("schema", connection::getSchema);
                transcript.attempt("end", connection::commit);
                transcript.ask("schema", connection::getSchema);
                connection.setAutoCommit(true);
                move(connection, fixture, home);
                WrittenCases.count(transcript, connection);
            }));
        }
    }

    private static void step(
            Connection connection, Fixture fixture, String home, List<Savepoint> savepoints, String step)
            throws SQLException {
        switch (step) {
            case "manual" -> connection.setAutoCommit(false);
            case "automatic" -> connection.setAutoCommit(true);
            case "commit" -> connection.commit();
            case "rollback" -> connection.rollback();
            case "savepoint" -> savepoints.add(connection.setSavepoint());
            case "back" -> connection.rollback(savepoints.get(0));
            case "client" -> connection.setClientInfo("ApplicationName", "client");
            case "home" -> move(connection, fixture, home);
            case "set" -> move(connection, fixture, fixture.isH2() ? "INFORMATION_SCHEMA" : "information_schema");
            default -> {
                String table = fixture.isMariaDb() ? "code" : (fixture.isH2() ? "PUBLIC" : "public") + ".code";
                try (Statement statement = connection.createStatement()) {
                    statement.executeUpdate(
                            step.equals("fail")
                                    ? "INSERT INTO " + table + " (code) VALUES ('a')"
                                    : "UPDATE " + table + " SET label = 'written' WHERE code = 'a'");
                }
            }
        }
    }

    private static void move(Connection connection, Fixture fixture, String to) throws SQLException {
        if (fixture.isMariaDb()) {
            connection.setCatalog(to);
        } else {
            connection.setSchema(to);
        }
    }
}
