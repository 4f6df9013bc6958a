package io.dualwrite.jdbc;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;

/** A vendor's object that notes what it is asked, and answers with what a test gave it. */
final class Recorder implements InvocationHandler {

    /** One call, with its arguments as they were handed over. */
    record Call(Method method, List<Object> arguments) {
        String name() {
            return method.getName();
        }
    }

    final List<Call> calls = new ArrayList<>();
    Object answer;
    Throwable failure;

    <T> T as(Class<T> type) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, this));
    }

    @Override
    public Object invoke(Object proxy, Method method, Object[] arguments) throws Throwable {
        if (method.getDeclaringClass() == Object.class) {
            return switch (method.getName()) {
                case "equals" -> proxy == arguments[0];
                case "hashCode" -> System.identityHashCode(proxy);
                default -> "recorder";
            };
        }
        List<Object> noted = new ArrayList<>();
        if (arguments != null) {
            noted.addAll(List.of(boxedNulls(arguments)));
        }
        calls.add(new Call(method, noted));
        if (failure != null) {
            throw failure;
        }
        return answer;
    }

    /** Stands for null in a call's arguments. */
    static final Object NULL = "null";

    private static Object[] boxedNulls(Object[] arguments) {
        Object[] result = arguments.clone();
        for (int i = 0; i < result.length; i++) {
            result[i] = result[i] == null ? NULL : result[i];
        }
        return result;
    }
}
