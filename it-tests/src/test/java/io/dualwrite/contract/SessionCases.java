package io.dualwrite.contract;

import java.sql.Statement;
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
}
