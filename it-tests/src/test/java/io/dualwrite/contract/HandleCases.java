package io.dualwrite.contract;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** What pools do with handles: give them back, use them too long, take one from its borrower, lose the server. */
final class HandleCases {
    private HandleCases() {}

    static List<HandleCase> all() {
        List<HandleCase> cases = new ArrayList<>();
        closing(cases);
        borrowing(cases);
        warnings(cases);
        transactions(cases);
        statements(cases);
        errors(cases);
        return cases;
    }

    private static List<String> lines(String lines) {
        return Arrays.asList(lines.split("; "));
    }

    private static void closing(List<HandleCase> cases) {
        cases.add(new HandleCase(
                "close gives the handle back, once",
                lines("event closed; first closed true; codes 2"),
                Set.of("mariadb"),
                (pooled, seen) -> {
                    seen.on(pooled);
                    Connection first = pooled.getConnection();
                    first.close();
                    first.close();
                    seen.ask("first closed", first::isClosed);
                    seen.ask("codes", () -> Handles.codes(pooled.getConnection()));
                }));
        cases.add(new HandleCase(
                "use after close",
                lines("event closed; statement failed; prepare failed; commit failed; autocommit failed; valid false"),
                Set.of("postgres", "mariadb"),
                (pooled, seen) -> {
                    seen.on(pooled);
                    Connection handle = pooled.getConnection();
                    handle.close();
                    seen.attempt("statement", handle::createStatement);
                    seen.attempt("prepare", () -> handle.prepareStatement("SELECT 1"));
                    seen.attempt("commit", handle::commit);
                    seen.attempt("autocommit", () -> handle.setAutoCommit(false));
                    seen.ask("valid", () -> handle.isValid(1));
                }));
        cases.add(new HandleCase(
                "a listener that has gone hears nothing", lines("done true"), Set.of(), (pooled, seen) -> {
                    seen.on(pooled);
                    pooled.removeConnectionEventListener(seen);
                    pooled.getConnection().close();
                    seen.ask("done", () -> true);
                }));
        cases.add(new HandleCase(
                "the pooled connection is closed under a handle",
                lines("close went well; codes failed; another failed"),
                Set.of(),
                (pooled, seen) -> {
                    Connection handle = pooled.getConnection();
                    seen.attempt("close", pooled::close);
                    seen.ask("codes", () -> Handles.codes(handle));
                    seen.attempt("another", () -> Handles.codes(pooled.getConnection()));
                }));
    }

    private static void borrowing(List<HandleCase> cases) {
        cases.add(new HandleCase(
                "two handles in a row",
                lines("event closed; codes 2; event closed; first closed true; second closed true"),
                Set.of("mariadb"),
                (pooled, seen) -> {
                    seen.on(pooled);
                    Connection first = pooled.getConnection();
                    first.close();
                    Connection second = pooled.getConnection();
                    seen.ask("codes", () -> Handles.codes(second));
                    second.close();
                    seen.ask("first closed", first::isClosed);
                    seen.ask("second closed", second::isClosed);
                }));
        cases.add(new HandleCase(
                "a handle that is taken from its borrower",
                lines("first closed true; statement failed; codes 2; event closed"),
                Set.of("h2", "mariadb"),
                (pooled, seen) -> {
                    seen.on(pooled);
                    Connection first = pooled.getConnection();
                    Connection second = pooled.getConnection();
                    seen.ask("first closed", first::isClosed);
                    seen.attempt("statement", first::createStatement);
                    first.close();
                    seen.ask("codes", () -> Handles.codes(second));
                    second.close();
                }));
    }

    private static void warnings(List<HandleCase> cases) {
        cases.add(new HandleCase(
                "what a borrower was warned of is no other's affair",
                lines("warned false"),
                Set.of(),
                (pooled, seen) -> {
                    Connection first = pooled.getConnection();
                    try {
                        first.setClientInfo("unheard", "of");
                    } catch (SQLException refused) {
                        // PostgreSQL's driver warns of a property that it does not know, some refuse it.
                    }
                    first.close();
                    seen.ask("warned", () -> pooled.getConnection().getWarnings() != null);
                }));
    }

    private static void transactions(List<HandleCase> cases) {
        cases.add(new HandleCase(
                "autocommit and what was not committed end with the handle",
                lines("event closed; autocommit true; codes 2"),
                Set.of(),
                (pooled, seen) -> {
                    seen.on(pooled);
                    Connection first = pooled.getConnection();
                    first.setAutoCommit(false);
                    Handles.insert(first, "x");
                    first.close();
                    Connection second = pooled.getConnection();
                    seen.ask("autocommit", second::getAutoCommit);
                    seen.ask("codes", () -> Handles.codes(second));
                }));
        cases.add(new HandleCase(
                "what was committed stays",
                lines("event closed; autocommit true; codes 4"),
                Set.of(),
                (pooled, seen) -> {
                    seen.on(pooled);
                    Connection first = pooled.getConnection();
                    Handles.insert(first, "x");
                    first.setAutoCommit(false);
                    Handles.insert(first, "y");
                    first.commit();
                    first.close();
                    Connection second = pooled.getConnection();
                    seen.ask("autocommit", second::getAutoCommit);
                    seen.ask("codes", () -> Handles.codes(second));
                }));
        cases.add(new HandleCase(
                "what a taken handle had not committed is undone",
                lines("autocommit true; codes 2"),
                Set.of("h2", "mariadb"),
                (pooled, seen) -> {
                    seen.on(pooled);
                    Connection first = pooled.getConnection();
                    first.setAutoCommit(false);
                    Handles.insert(first, "x");
                    Connection second = pooled.getConnection();
                    seen.ask("autocommit", second::getAutoCommit);
                    seen.ask("codes", () -> Handles.codes(second));
                }));
    }

    private static void statements(List<HandleCase> cases) {
        cases.add(new HandleCase(
                "statements end with their handle",
                lines("event closed; statement failed; prepared failed; codes 2"),
                Set.of("postgres", "mariadb"),
                (pooled, seen) -> {
                    seen.on(pooled);
                    Connection handle = pooled.getConnection();
                    Statement statement = handle.createStatement();
                    PreparedStatement prepared = handle.prepareStatement("DELETE FROM code");
                    handle.close();
                    seen.attempt("statement", () -> statement.executeUpdate("DELETE FROM code"));
                    seen.attempt("prepared", prepared::executeUpdate);
                    seen.ask("codes", () -> Handles.codes(pooled.getConnection()));
                }));
        cases.add(new HandleCase(
                "no statement is pooled, and nobody is told of one",
                lines("closing went well; wrong failed; event closed"),
                Set.of("h2", "mariadb"),
                (pooled, seen) -> {
                    pooled.addStatementEventListener(seen);
                    seen.on(pooled);
                    Connection handle = pooled.getConnection();
                    seen.attempt(
                            "closing", () -> handle.prepareStatement("SELECT 1").close());
                    seen.attempt("wrong", () -> {
                        try (PreparedStatement wrong = handle.prepareStatement("SELECT nothing FROM nowhere")) {
                            wrong.executeQuery();
                        }
                    });
                    handle.close();
                    pooled.removeStatementEventListener(seen);
                }));
    }

    private static void errors(List<HandleCase> cases) {
        cases.add(new HandleCase(
                "an error of the application's is nobody's affair",
                lines("wrong failed; codes 2; event closed"),
                Set.of(),
                (pooled, seen) -> {
                    seen.on(pooled);
                    Connection handle = pooled.getConnection();
                    seen.attempt("wrong", () -> handle.createStatement().executeQuery("SELECT nothing FROM nowhere"));
                    seen.ask("codes", () -> Handles.codes(handle));
                    handle.close();
                }));
        for (boolean autoCommit : new boolean[] {true, false}) {
            cases.add(new HandleCase(
                    "the server ends the session, autocommit " + autoCommit,
                    lines("event error; codes failed; close went well"),
                    Set.of("h2", "postgres"),
                    (pooled, seen) -> {
                        seen.on(pooled);
                        Connection handle = pooled.getConnection();
                        handle.setAutoCommit(autoCommit);
                        seen.kill(handle);
                        seen.ask("codes", () -> Handles.codes(handle));
                        seen.attempt("close", handle::close);
                    }));
        }
    }
}
