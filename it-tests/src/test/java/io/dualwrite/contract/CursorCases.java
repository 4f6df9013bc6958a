package io.dualwrite.contract;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Cases of result sets that are scrolled, changed, held or cancelled. */
final class CursorCases {
    private CursorCases() {}

    static void addTo(List<Case> cases) {
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
            WrittenCases.count(transcript, connection);
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
            WrittenCases.count(transcript, connection);
        }));
        cases.add(Case.same("a prepared write in a transaction is cancelled", (connection, transcript, fixture) -> {
            connection.setAutoCommit(false);
            try (PreparedStatement statement = connection.prepareStatement(fixture.longUpdate())) {
                cancelled(statement, transcript, statement::executeUpdate);
            }
            connection.rollback();
            connection.setAutoCommit(true);
            WrittenCases.count(transcript, connection);
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
            WrittenCases.count(transcript, connection);
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
}
