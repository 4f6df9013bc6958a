package io.dualwrite.fleet;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;

/** A connection whose use and commits fail when the test wants it. */
final class FailingCommit {
    private FailingCommit() {}

    enum Fault {
        NONE,
        BEFORE,
        AFTER
    }

    interface Faults {
        /** What happens to the next call; throws where the server is gone. */
        Fault next(boolean commits) throws SQLException;
    }

    static Connection around(Connection connection, Faults faults) {
        return (Connection) Proxy.newProxyInstance(
                FailingCommit.class.getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, arguments) -> {
                    boolean commits = method.getName().equals("commit");
                    boolean works = commits || method.getName().equals("prepareStatement");
                    Fault fault = works ? faults.next(commits) : Fault.NONE;
                    if (fault == Fault.BEFORE) {
                        connection.rollback();
                        throw new SQLException("connection reset before the commit", "08006");
                    }
                    try {
                        Object result = method.invoke(connection, arguments);
                        if (fault == Fault.AFTER) {
                            throw new SQLException("connection reset after the commit", "08006");
                        }
                        return result;
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}
