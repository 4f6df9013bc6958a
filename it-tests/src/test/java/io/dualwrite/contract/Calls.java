package io.dualwrite.contract;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Calendar;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TimeZone;
import org.jspecify.annotations.Nullable;

/** Every method of a JDBC interface, called with plain arguments. */
final class Calls {
    /** Methods whose answers differ from call to call, or that end what the case needs. */
    private static final Set<String> LEFT_OUT = Set.of(
            "unwrap",
            "isWrapperFor",
            "abort",
            "cancel",
            "beginRequest",
            "endRequest",
            "setShardingKey",
            "setShardingKeyIfValid",
            "setNetworkTimeout",
            "enquoteLiteral",
            "enquoteIdentifier",
            "enquoteNCharLiteral",
            "isSimpleIdentifier");

    private Calls() {}

    /** The interface's methods in a fixed order. */
    static List<Method> of(Class<?> type) {
        List<Method> methods = new ArrayList<>();
        for (Method method : type.getMethods()) {
            if (!Modifier.isStatic(method.getModifiers()) && !LEFT_OUT.contains(method.getName())) {
                methods.add(method);
            }
        }
        methods.sort(Comparator.comparing(Calls::name));
        return methods;
    }

    static String name(Method method) {
        StringBuilder text = new StringBuilder(method.getName()).append('(');
        for (Class<?> parameter : method.getParameterTypes()) {
            text.append(text.charAt(text.length() - 1) == '(' ? "" : ", ").append(parameter.getSimpleName());
        }
        return text.append(')').toString();
    }

    /** Plain arguments: 1, true, the text, null for what is not plain. */
    static Object[] arguments(Method method, String text) {
        return Arrays.stream(method.getParameterTypes())
                .map(type -> argument(type, text))
                .toArray();
    }

    private static @Nullable Object argument(Class<?> type, String text) {
        if (type == String.class || type == Object.class) {
            return text;
        }
        if (type == int.class) {
            return 1;
        }
        if (type == long.class) {
            return 1L;
        }
        if (type == boolean.class) {
            return true;
        }
        if (type == short.class) {
            return (short) 1;
        }
        if (type == byte.class) {
            return (byte) 1;
        }
        if (type == float.class) {
            return 1.0f;
        }
        if (type == double.class) {
            return 1.0;
        }
        if (type == Calendar.class) {
            return Calendar.getInstance(TimeZone.getTimeZone("UTC"));
        }
        if (type == Class.class) {
            return String.class;
        }
        return null;
    }
}
