package io.dualwrite.simulation;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.CallableStatement;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;

/** A statement of a simulated connection: what it executes goes to the server as a call. */
final class SimulatedStatement implements InvocationHandler {
    private final SimulatedConnection connection;
    private final Statement raw;
    private final String prepared;

    private SimulatedStatement(SimulatedConnection connection, Statement raw, String prepared) {
        this.connection = connection;
        this.raw = raw;
        this.prepared = prepared;
    }

    static Object proxy(SimulatedConnection connection, Statement raw, String prepared) {
        Class<?> type = raw instanceof CallableStatement
                ? CallableStatement.class
                : raw instanceof PreparedStatement ? PreparedStatement.class : Statement.class;
        return Proxy.newProxyInstance(
                SimulatedStatement.class.getClassLoader(),
                new Class<?>[] {type},
                new SimulatedStatement(connection, raw, prepared));
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments) throws Throwable {
        String name = method.getName();
        if (name.startsWith("execute")) {
            boolean text = arguments != null && arguments.length > 0 && arguments[0] instanceof String;
            String sql = text && arguments != null ? (String) arguments[0] : prepared;
            return connection.execute(sql, name.endsWith("Batch"), () -> raw(raw, method, arguments));
        }
        return switch (name) {
            case "equals" -> arguments != null && proxy == arguments[0];
            case "hashCode" -> System.identityHashCode(proxy);
            case "getConnection" -> connection.proxy();
            case "setQueryTimeout" -> null;
            case "cancel" -> {
                connection.cancel();
                yield null;
            }
            default -> raw(raw, method, arguments);
        };
    }

    /** Calls H2's own object, with its own exception. */
    static @Nullable Object raw(Object target, Method method, Object @Nullable [] arguments) throws SQLException {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof SQLException failure) {
                throw failure;
            }
            throw new IllegalStateException(e.getCause());
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }
}
