package io.dualwrite.contract;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/** What a walk does with a statement that takes its text when it is executed. */
final class StatementSteps {
    private static final List<Integer> TYPES =
            List.of(ResultSet.TYPE_FORWARD_ONLY, ResultSet.TYPE_SCROLL_INSENSITIVE, ResultSet.TYPE_SCROLL_SENSITIVE);
    private static final List<Integer> CONCURRENCIES = List.of(ResultSet.CONCUR_READ_ONLY, ResultSet.CONCUR_UPDATABLE);
    private static final List<Integer> HOLDABILITIES =
            List.of(ResultSet.HOLD_CURSORS_OVER_COMMIT, ResultSet.CLOSE_CURSORS_AT_COMMIT);

    private final Draw draw;
    private final Texts texts;

    StatementSteps(Draw draw, Texts texts) {
        this.draw = draw;
        this.texts = texts;
    }

    Step made(String name) {
        int type = draw.of(TYPES);
        int concurrency = draw.of(CONCURRENCIES);
        int holdability = draw.of(HOLDABILITIES);
        return switch (draw.below(4)) {
            case 0 ->
                making(
                        name,
                        "createStatement(" + type + ", " + concurrency + ")",
                        connection -> connection.createStatement(type, concurrency));
            case 1 ->
                making(
                        name,
                        "createStatement(" + type + ", " + concurrency + ", " + holdability + ")",
                        connection -> connection.createStatement(type, concurrency, holdability));
            default -> making(name, "createStatement()", Connection::createStatement);
        };
    }

    private interface Making {
        Statement make(Connection connection) throws SQLException;
    }

    private static Step making(String name, String call, Making making) {
        String text = name + " = " + call;
        return new Step(text, walker -> walker.make(name, text, () -> making.make(walker.connection)));
    }

    /** A step on a statement of either kind, which is there. */
    Step on(String name) {
        int chance = draw.below(100);
        return chance < 45
                ? executing(name)
                : chance < 70 ? asking(name) : chance < 85 ? setting(name) : batching(name);
    }

    private static Step step(String name, String call, Walker.OnStatement<Statement> question) {
        String text = name + "." + call;
        return new Step(text, walker -> walker.statement(name, text, question));
    }

    private Step executing(String name) {
        String sql = texts.any();
        String quoted = "(\"" + sql + "\"";
        if (draw.dual() && sql.contains("FOR UPDATE")) {
            // A locking read that is refused on old alone, for it is called as an update, fails its transaction
            return step(name, "execute" + quoted + ")", statement -> statement.execute(sql));
        }
        return switch (draw.below(14)) {
            case 0, 1, 2 -> step(name, "execute" + quoted + ")", statement -> statement.execute(sql));
            case 3, 4, 5 -> {
                String asked = draw.oneIn(4) ? sql : texts.query();
                yield rows(name, "executeQuery(\"" + asked + "\")", statement -> statement.executeQuery(asked));
            }
            case 6, 7 -> step(name, "executeUpdate" + quoted + ")", statement -> statement.executeUpdate(sql));
            case 8 -> step(name, "executeLargeUpdate" + quoted + ")", statement -> statement.executeLargeUpdate(sql));
            default -> withKeys(name, draw.oneIn(4) ? sql : texts.write());
        };
    }

    private Step withKeys(String name, String drawn) {
        String sql = draw.dual() && drawn.contains("FOR UPDATE") ? texts.write() : drawn;
        String quoted = "(\"" + sql + "\", ";
        return switch (draw.below(9)) {
            case 0 ->
                step(name, "execute" + quoted + "RETURN)", one -> one.execute(sql, Statement.RETURN_GENERATED_KEYS));
            case 1 -> step(name, "execute" + quoted + "NO)", one -> one.execute(sql, Statement.NO_GENERATED_KEYS));
            case 2 -> step(name, "execute" + quoted + "[1])", one -> one.execute(sql, new int[] {1}));
            case 3 -> step(name, "execute" + quoted + "[id])", one -> one.execute(sql, new String[] {"id"}));
            case 4 -> step(name, "executeUpdate" + quoted + "[1])", one -> one.executeUpdate(sql, new int[] {1}));
            case 5 ->
                step(name, "executeUpdate" + quoted + "[id])", one -> one.executeUpdate(sql, new String[] {"id"}));
            case 6 ->
                step(
                        name,
                        "executeUpdate" + quoted + "NO)",
                        one -> one.executeUpdate(sql, Statement.NO_GENERATED_KEYS));
            case 7 ->
                step(
                        name,
                        "executeLargeUpdate" + quoted + "[name, id])",
                        one -> one.executeLargeUpdate(sql, new String[] {"name", "id"}));
            default ->
                step(
                        name,
                        "executeUpdate" + quoted + "RETURN)",
                        one -> one.executeUpdate(sql, Statement.RETURN_GENERATED_KEYS));
        };
    }

    private Step rows(String name, String call, Walker.OnStatement<Statement> question) {
        String result = draw.of(Grammar.RESULTS);
        String text = result + " = " + name + "." + call;
        return new Step(text, walker -> walker.rowsOf(name, result, text, question));
    }

    private Step asking(String name) {
        int mode = draw.either(
                Statement.CLOSE_CURRENT_RESULT, Statement.KEEP_CURRENT_RESULT, Statement.CLOSE_ALL_RESULTS, 4711);
        // MariaDB's driver falls over a null of its own after an execution that failed
        boolean falls = draw.fixture().isMariaDb() && draw.dual();
        return switch (draw.below(falls ? 13 : 16)) {
            case 0, 1 -> step(name, "getUpdateCount()", Statement::getUpdateCount);
            case 2 -> step(name, "getLargeUpdateCount()", Statement::getLargeUpdateCount);
            case 3, 4, 5 -> rows(name, "getResultSet()", Statement::getResultSet);
            case 6, 7, 8 -> keys(name);
            case 9 -> step(name, "isClosed()", Statement::isClosed);
            case 10 ->
                step(name, "close()", statement -> {
                    statement.close();
                    return null;
                });
            case 13, 14 -> step(name, "getMoreResults()", Statement::getMoreResults);
            case 15 -> step(name, "getMoreResults(" + mode + ")", statement -> statement.getMoreResults(mode));
            default ->
                step(
                        name,
                        "get...()",
                        statement -> List.of(
                                statement.getResultSetType(),
                                statement.getResultSetConcurrency(),
                                statement.getResultSetHoldability(),
                                statement.getFetchSize(),
                                statement.getFetchDirection(),
                                statement.getMaxRows(),
                                statement.getQueryTimeout(),
                                statement.isPoolable(),
                                statement.isCloseOnCompletion()));
        };
    }

    private Step keys(String name) {
        // H2 closes keys that a statement gave before its first execution with that, which may come to run on the other
        // side
        if (draw.oneIn(3) && !(draw.dual() && draw.fixture().isH2())) {
            return rows(name, "getGeneratedKeys()", Statement::getGeneratedKeys);
        }
        String text = name + ".getGeneratedKeys(), all";
        return new Step(
                text,
                walker -> walker.statement(name, text, statement -> {
                    walker.transcript.rows("keys", statement.getGeneratedKeys());
                    return null;
                }));
    }

    private interface Setting {
        void on(Statement statement) throws Exception;
    }

    private static Step set(String name, String call, Setting setting) {
        return step(name, call, statement -> {
            setting.on(statement);
            return null;
        });
    }

    private Step setting(String name) {
        int number = draw.either(0, 1, 2, 3, 100, -1);
        boolean flag = draw.oneIn(2);
        switch (draw.below(draw.known() ? 13 : 9)) {
            case 0:
            case 1:
                return set(name, "setFetchSize(" + number + ")", statement -> statement.setFetchSize(number));
            case 2:
                return set(
                        name,
                        "setFetchDirection(" + (1000 + number) + ")",
                        one -> one.setFetchDirection(1000 + number));
            case 3:
                return set(name, "setMaxFieldSize(" + number + ")", statement -> statement.setMaxFieldSize(number));
            case 4:
                return set(name, "setPoolable(" + flag + ")", statement -> statement.setPoolable(flag));
            case 5:
                int seconds = number == 0 || number == -1 ? number : 60;
                return set(name, "setQueryTimeout(" + seconds + ")", statement -> statement.setQueryTimeout(seconds));
            case 6:
                return set(name, "setCursorName(\"walk\")", statement -> statement.setCursorName("walk"));
            case 7:
                return set(name, "cancel()", Statement::cancel);
            case 8:
                return set(name, "clearWarnings()", Statement::clearWarnings);
            case 9:
                return set(name, "setEscapeProcessing(" + flag + ")", statement -> statement.setEscapeProcessing(flag));
            case 10:
                return set(name, "closeOnCompletion()", Statement::closeOnCompletion);
            case 11:
                return set(name, "setLargeMaxRows(" + number + ")", statement -> statement.setLargeMaxRows(number));
            default:
                return set(name, "setMaxRows(" + number + ")", statement -> statement.setMaxRows(number));
        }
    }

    private Step batching(String name) {
        boolean failing = draw.oneIn(5);
        String sql = failing ? draw.either(texts.error(), texts.query()) : texts.write();
        switch (draw.below(7)) {
            case 0:
                return executed(name, "executeBatch()", Statement::executeBatch);
            case 1:
                return executed(name, "executeLargeBatch()", Statement::executeLargeBatch);
            case 2:
                return set(name, "clearBatch()", Statement::clearBatch);
            default:
                return set(name, "addBatch(\"" + sql + "\")", statement -> statement.addBatch(sql));
        }
    }

    /** With autocommit on, a batch of which an entry fails keeps on one leg what came before, and nothing on two, as README says. */
    Step executed(String name, String call, Walker.OnStatement<Statement> question) {
        String text = name + "." + call;
        return new Step(text, walker -> {
            if (draw.alone() || !walker.autoCommit()) {
                walker.statement(name, text, question);
            }
            if (draw.dual() && draw.fixture().isMariaDb()) {
                // Its driver would tell the counts of the entries once more, one after the other
                walker.letGo(name);
            }
        });
    }
}
