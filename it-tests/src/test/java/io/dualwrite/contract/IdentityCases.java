package io.dualwrite.contract;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.List;
import java.util.Set;

/** Cases of what leads from one object to another, and of what is closed. */
final class IdentityCases {
    private IdentityCases() {}

    static void addTo(List<Case> cases) {
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

    /** All numbers left out, for databases have them in their names too. */
    private static String withoutNumbers(Object told) {
        return told.toString().replaceAll("@[0-9a-f]+|\\d+", "N");
    }

    /** The object's own hash or number left out, the parameters' values kept. */
    private static String shown(Object object) {
        return object.toString().replaceAll("@[0-9a-f]+", "@").replaceAll("\\b(prep|stat|rs|conn)[0-9]+", "$1");
    }
}
