package io.dualwrite.jdbc;

import java.io.Serializable;
import java.lang.reflect.Array;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.net.URL;
import java.util.Arrays;
import java.util.Calendar;
import java.util.Date;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Copies of those values that the application could change after it has set them. */
public final class Copies {
    /** Their values cannot change; nor can those of java.time and of an enum. */
    private static final Set<Class<?>> IMMUTABLE = new HashSet<>(Arrays.asList(
            String.class,
            Boolean.class,
            Character.class,
            Byte.class,
            Short.class,
            Integer.class,
            Long.class,
            Float.class,
            Double.class,
            BigDecimal.class,
            BigInteger.class,
            UUID.class,
            URL.class,
            URI.class));

    private Copies() {}

    /**
     * With the defaults, of which a vendor's driver may ask too, and with what is no text, as H2's password of characters, which its driver
     * wipes out when it has used it.
     */
    public static Properties properties(Properties properties) {
        Properties copy = new Properties();
        copy.putAll(properties);
        copy.replaceAll((name, value) -> value instanceof char[] ? ((char[]) value).clone() : value);
        for (String name : properties.stringPropertyNames()) {
            copy.setProperty(name, properties.getProperty(name));
        }
        return copy;
    }

    /**
     * The value itself if it cannot change, else a copy of its class, for a vendor may refuse one by its class; arrays are copied with the
     * arrays in them. What cannot be copied is given as it is.
     */
    static @Nullable Object of(@Nullable Object value) {
        if (value instanceof Date) {
            return ((Date) value).clone();
        }
        if (value instanceof Calendar) {
            return ((Calendar) value).clone();
        }
        if (value instanceof Cloneable && isPostgresObject(value.getClass())) {
            return cloned(value);
        }
        if (value != null && value.getClass().isArray()) {
            return ofArray(value);
        }
        if (value instanceof HashMap && value.getClass().getName().startsWith("java.util.")) {
            return ((HashMap<?, ?>) value).clone();
        }
        Object copy =
                value instanceof Serializable && mayChange(value) ? SerializedCopy.of((Serializable) value) : null;
        if (copy != null) {
            return copy;
        }
        return value instanceof Map ? new LinkedHashMap<>((Map<?, ?>) value) : value;
    }

    private static boolean mayChange(Object value) {
        Class<?> type = value.getClass();
        return !IMMUTABLE.contains(type)
                && !(value instanceof Enum)
                && !type.getName().startsWith("java.time.");
    }

    private static boolean isPostgresObject(Class<?> type) {
        for (Class<?> one = type; one != null; one = one.getSuperclass()) {
            if (one.getName().equals("org.postgresql.util.PGobject")) {
                return true;
            }
        }
        return false;
    }

    /** PostgreSQL's driver takes an object's value when it is set; its class may be none of ours to see. */
    private static Object cloned(Object value) {
        try {
            return value.getClass().getMethod("clone").invoke(value);
        } catch (ReflectiveOperationException e) {
            return value;
        }
    }

    static byte @Nullable [] of(byte @Nullable [] value) {
        return value == null ? null : value.clone();
    }

    /** Dates of every class: {@code clone} keeps the class and the nanoseconds. */
    @SuppressWarnings("unchecked")
    static <D extends Date> @Nullable D of(@Nullable D value) {
        return value == null ? null : (D) value.clone();
    }

    static @Nullable Calendar of(@Nullable Calendar value) {
        return value == null ? null : (Calendar) value.clone();
    }

    /**
     * An array as {@code Connection.createArrayOf} wants it: of its own class, which tells PostgreSQL's driver bytes from a further
     * dimension; primitives are boxed.
     */
    static Object @Nullable [] elements(@Nullable Object array) {
        if (array == null || array instanceof Object[]) {
            return (Object[]) of(array);
        }
        Object[] elements = new Object[Array.getLength(array)];
        for (int i = 0; i < elements.length; i++) {
            elements[i] = of(Array.get(array, i));
        }
        return elements;
    }

    private static Object ofArray(Object array) {
        int length = Array.getLength(array);
        Object copy = Array.newInstance(array.getClass().getComponentType(), length);
        if (array instanceof Object[]) {
            for (int i = 0; i < length; i++) {
                Array.set(copy, i, of(((Object[]) array)[i]));
            }
        } else {
            System.arraycopy(array, 0, copy, 0, length);
        }
        return copy;
    }
}
