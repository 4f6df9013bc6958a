package io.dualwrite.contract;

import java.sql.Connection;
import java.sql.ResultSet;

/** What a walk does with its connection. */
final class ConnectionSteps {
    private final Draw draw;

    ConnectionSteps(Draw draw) {
        this.draw = draw;
    }

    private interface Doing {
        void on(Connection connection) throws Exception;
    }

    private interface Asking {
        Object ask(Connection connection) throws Exception;
    }

    private static Step doing(String text, Doing doing) {
        return new Step(text, walker -> walker.transcript.attempt(text, () -> doing.on(walker.connection)));
    }

    private static Step asking(String text, Asking asking) {
        return new Step(text, walker -> walker.ask(text, () -> asking.ask(walker.connection)));
    }

    Step any() {
        int chance = draw.below(100);
        return chance < 30 ? ending() : chance < 50 ? savepoint() : chance < 75 ? setting() : asked();
    }

    private Step ending() {
        return switch (draw.below(6)) {
            case 0, 1 -> doing("commit()", Connection::commit);
            case 2 -> doing("rollback()", Connection::rollback);
            case 3 -> doing("setAutoCommit(true)", connection -> connection.setAutoCommit(true));
            default -> doing("setAutoCommit(false)", connection -> connection.setAutoCommit(false));
        };
    }

    private Step savepoint() {
        String name = draw.either("k", "l");
        switch (draw.below(4)) {
            case 0:
                return made(name, name + " = setSavepoint()", false);
            case 1:
                return made(name, name + " = setSavepoint(\"" + name + "\")", true);
            case 2:
                return with(name, "releaseSavepoint(" + name + ")", true);
            default:
                return with(name, "rollback(" + name + ")", false);
        }
    }

    private static Step made(String name, String text, boolean named) {
        return new Step(
                text,
                walker -> walker.make(
                        name,
                        text,
                        () -> named ? walker.connection.setSavepoint(name) : walker.connection.setSavepoint()));
    }

    private static Step with(String name, String text, boolean release) {
        return new Step(text, walker -> {
            if (walker.savepoints.containsKey(name)) {
                walker.transcript.attempt(text, () -> {
                    if (release) {
                        walker.connection.releaseSavepoint(walker.savepoints.get(name));
                    } else {
                        walker.connection.rollback(walker.savepoints.get(name));
                    }
                });
            }
        });
    }

    private Step setting() {
        int isolation = draw.either(
                Connection.TRANSACTION_READ_COMMITTED,
                Connection.TRANSACTION_REPEATABLE_READ,
                Connection.TRANSACTION_READ_UNCOMMITTED,
                Connection.TRANSACTION_READ_COMMITTED,
                3);
        int holdability = draw.either(ResultSet.HOLD_CURSORS_OVER_COMMIT, ResultSet.CLOSE_CURSORS_AT_COMMIT);
        boolean flag = draw.oneIn(3);
        switch (draw.below(5)) {
            case 0:
                return doing(
                        "setTransactionIsolation(" + isolation + ")", one -> one.setTransactionIsolation(isolation));
            case 1:
                return doing("setHoldability(" + holdability + ")", one -> one.setHoldability(holdability));
            case 2:
                return doing("clearWarnings()", Connection::clearWarnings);
            case 3:
                // PostgreSQL enforces it with autocommit too where both are written, as README says
                return draw.fixture().isPostgres() && draw.dual()
                        ? asking("isReadOnly()", Connection::isReadOnly)
                        : doing("setReadOnly(" + flag + ")", connection -> connection.setReadOnly(flag));
            default:
                return doing("setSchema(getSchema())", connection -> connection.setSchema(connection.getSchema()));
        }
    }

    private Step asked() {
        return switch (draw.below(7)) {
            case 0 -> asking("getAutoCommit()", Connection::getAutoCommit);
            case 1 ->
                draw.fixture().isPostgres() && draw.dual()
                        // It is asked of the side that is read, whose transaction may go on where old's has been
                        // aborted
                        ? asking("getAutoCommit()", Connection::getAutoCommit)
                        : asking("getTransactionIsolation()", Connection::getTransactionIsolation);
            case 2 -> asking("isReadOnly()", Connection::isReadOnly);
            case 3 -> asking("getHoldability()", Connection::getHoldability);
            case 4 -> asking("isValid(5)", connection -> connection.isValid(5));
            case 5 -> asking("nativeSQL()", connection -> connection.nativeSQL("SELECT {d '2026-01-01'}"));
            default -> draw.oneIn(8) ? doing("close()", Connection::close) : asking("isClosed()", Connection::isClosed);
        };
    }
}
