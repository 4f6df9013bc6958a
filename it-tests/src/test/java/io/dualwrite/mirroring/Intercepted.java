package io.dualwrite.mirroring;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/** A vendor's connection before whose calls, and those of its statements, a test steps in. */
public final class Intercepted implements InvocationHandler {

    /** Is told of each call; what it throws the caller gets in the place of an answer. */
    public interface Before {
        void call(Class<?> of, String method, Object[] arguments) throws SQLException;
    }

    private final Object vendors;
    private final Class<?> type;
    private final Before before;

    private Intercepted(Object vendors, Class<?> type, Before before) {
        this.vendors = vendors;
        this.type = type;
        this.before = before;
    }

    public static Connection connection(Connection vendors, Before before) {
        return (Connection) made(vendors, Connection.class, before);
    }

    private static Object made(Object vendors, Class<?> type, Before before) {
        return Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, new Intercepted(vendors, type, before));
    }

    @Override
    public Object invoke(Object proxy, Method method, Object[] arguments) throws Throwable {
        before.call(type, method.getName(), arguments == null ? new Object[0] : arguments);
        Object answer;
        try {
            answer = method.invoke(vendors, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
        return Statement.class.isAssignableFrom(method.getReturnType()) && answer != null
                ? made(answer, method.getReturnType(), before)
                : answer;
    }
}
