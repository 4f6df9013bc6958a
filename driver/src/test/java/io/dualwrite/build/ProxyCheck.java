package io.dualwrite.build;

import java.lang.reflect.Array;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.math.BigDecimal;
import java.net.URI;
import java.net.URL;
import java.sql.RowIdLifetime;
import java.sql.SQLClientInfoException;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Calendar;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import net.bytebuddy.ByteBuddy;
import net.bytebuddy.description.type.TypeDescription;
import net.bytebuddy.dynamic.ClassFileLocator;
import net.bytebuddy.implementation.FixedValue;
import net.bytebuddy.implementation.MethodDelegation;
import net.bytebuddy.implementation.bind.annotation.RuntimeType;
import net.bytebuddy.matcher.ElementMatchers;
import net.bytebuddy.pool.TypePool;

/**
 * Holds the concrete class of a half against the JDBC interface of the running JDK: each method is either written by hand
 * in the half, or reaches the delegate exactly once, with the same arguments, result and exception.
 *
 * <p>The classes under check are the built ones, loaded once more with nothing changed but the halves' {@code delegate()},
 * which gives a recorder. Their constructors do not run, so that a half needs nothing to be checked.
 */
final class ProxyCheck {
    private static final String PACKAGE = "io.dualwrite.jdbc.";
    private static final ClassFileLocator CLASS_FILES =
            ClassFileLocator.ForClassLoader.of(ProxyCheck.class.getClassLoader());

    /** Where the changed {@code delegate()} of the classes under check gets its object from. */
    public static final class Delegates {
        static volatile Object current;

        private Delegates() {}

        /** The recorder. */
        @RuntimeType
        public static Object delegate() {
            return current;
        }
    }

    private record Call(Method method, Object[] arguments) {}

    private final Class<?> half;
    private final Class<?> made;
    private final Class<?> jdbc;
    private final List<String> findings = new ArrayList<>();
    private final List<String> forwarded = new ArrayList<>();
    private final List<String> byHand = new ArrayList<>();
    private final List<String> leftToDefault = new ArrayList<>();

    private ProxyCheck(Class<?> half, Class<?> made) throws ReflectiveOperationException {
        this.half = half;
        this.made = made;
        this.jdbc = delegateType(half);
    }

    /**
     * Checks one half.
     *
     * @param planted class files to take in place of the built ones, by class name
     */
    static ProxyCheck of(String half, Map<String, byte[]> planted) throws ReflectiveOperationException {
        ClassLoader loader = new Isolated(planted);
        ProxyCheck check = new ProxyCheck(loader.loadClass(half), loader.loadClass(half + "Proxy"));
        check.run();
        return check;
    }

    /** What is wrong, one sentence each. */
    List<String> findings() {
        return findings;
    }

    List<String> forwarded() {
        return forwarded;
    }

    List<String> byHand() {
        return byHand;
    }

    /** Default methods of the running JDK's interface that the concrete class does not have. */
    List<String> leftToDefault() {
        return leftToDefault;
    }

    private void run() throws ReflectiveOperationException {
        for (Method method : jdbc.getMethods()) {
            if (Modifier.isStatic(method.getModifiers())) {
                continue;
            }
            String name = signature(method);
            boolean written = declares(half, method);
            boolean generated = declaresItself(made, method) && !isBridge(method);
            if (written && generated && hasGone()) {
                // The half is made to say that it is gone: then the vendor's object is asked.
                byHand.add(name);
                forwards(name, method);
            } else if (written && generated) {
                findings.add(name + " is written by hand, and shadowed by a generated one");
            } else if (written) {
                byHand.add(name);
            } else if (!generated && method.isDefault()) {
                leftToDefault.add(name);
            } else if (!generated) {
                findings.add(name + " is missing");
            } else {
                forwarded.add(name);
                forwards(name, method);
            }
        }
    }

    private void forwards(String name, Method method) throws ReflectiveOperationException {
        Object[] arguments = new Object[method.getParameterCount()];
        for (int i = 0; i < arguments.length; i++) {
            arguments[i] = sample(method.getParameterTypes()[i], i);
        }
        Object answer = sample(method.getReturnType(), 7);
        List<Call> calls = new ArrayList<>();
        Delegates.current =
                Proxy.newProxyInstance(jdbc.getClassLoader(), new Class<?>[] {jdbc}, (proxy, called, given) -> {
                    calls.add(new Call(called, given == null ? new Object[0] : given));
                    return answer;
                });
        Object result = outcome(method, arguments);
        if (calls.size() != 1) {
            findings.add(name + " reaches the delegate " + calls.size() + " times");
            return;
        }
        Call call = calls.get(0);
        if (!call.method.getName().equals(method.getName())
                || !Arrays.equals(call.method.getParameterTypes(), method.getParameterTypes())) {
            findings.add(name + " calls " + signature(call.method));
        } else if (!same(call.arguments, arguments)) {
            findings.add(name + " hands over other arguments");
        }
        if (result != answer && !(method.getReturnType().isPrimitive() && answer != null && answer.equals(result))) {
            findings.add(name + " gives back something else: " + result);
        }
        boolean any = Arrays.asList(method.getExceptionTypes()).contains(SQLException.class);
        Throwable failure = !any && method.getExceptionTypes().length > 0
                ? new SQLClientInfoException()
                : method.getReturnType() == void.class ? new SQLException("planned") : new SQLWarning("planned");
        Delegates.current =
                Proxy.newProxyInstance(jdbc.getClassLoader(), new Class<?>[] {jdbc}, (proxy, called, given) -> {
                    throw method.getExceptionTypes().length == 0 ? new IllegalStateException(failure) : failure;
                });
        Object failed = outcome(method, arguments);
        if (failed != failure && !(failed instanceof IllegalStateException wrapped && wrapped.getCause() == failure)) {
            findings.add(name + " does not pass the vendor's exception on, but " + failed);
        }
    }

    private static boolean same(Object[] one, Object[] other) {
        for (int i = 0; i < other.length; i++) {
            if (one[i] != other[i] && !(one[i] != null && one[i].equals(other[i]))) {
                return false;
            }
        }
        return one.length == other.length;
    }

    private Object outcome(Method method, Object[] arguments) throws ReflectiveOperationException {
        Object instance = allocate(made);
        Method own = made.getDeclaredMethod(method.getName(), method.getParameterTypes());
        own.setAccessible(true);
        try {
            return own.invoke(instance, arguments);
        } catch (InvocationTargetException thrown) {
            return thrown.getCause();
        }
    }

    /** The JDK's own way to make objects without running their constructors, as serialization does. */
    private static Object allocate(Class<?> type) throws ReflectiveOperationException {
        Class<?> factories = Class.forName("sun.reflect.ReflectionFactory");
        Object factory = factories.getMethod("getReflectionFactory").invoke(null);
        Constructor<?> constructor = (Constructor<?>) factories
                .getMethod("newConstructorForSerialization", Class.class, Constructor.class)
                .invoke(factory, type, Object.class.getConstructor());
        return constructor.newInstance();
    }

    private static Class<?> delegateType(Class<?> half) throws ReflectiveOperationException {
        for (Class<?> type = half; type != null; type = type.getSuperclass()) {
            for (Method method : type.getDeclaredMethods()) {
                if (method.getName().equals(ProxyGenerator.DELEGATE) && !method.isBridge()) {
                    return method.getReturnType();
                }
            }
        }
        throw new NoSuchMethodException(half + ".delegate()");
    }

    private boolean hasGone() {
        for (Class<?> type = half; type != null; type = type.getSuperclass()) {
            for (Method method : type.getDeclaredMethods()) {
                if (method.getName().equals(ProxyGenerator.GONE) && method.getParameterCount() == 0) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean declares(Class<?> type, Method method) {
        for (Class<?> each = type; each != Object.class; each = each.getSuperclass()) {
            if (declaresItself(each, method)) {
                return true;
            }
        }
        return false;
    }

    /** A public class has one for each public method of a class above that is not public, so that reflection may call it. */
    private boolean isBridge(Method method) throws NoSuchMethodException {
        return made.getDeclaredMethod(method.getName(), method.getParameterTypes())
                .isBridge();
    }

    private static boolean declaresItself(Class<?> type, Method method) {
        try {
            return !Modifier.isAbstract(type.getDeclaredMethod(method.getName(), method.getParameterTypes())
                    .getModifiers());
        } catch (NoSuchMethodException absent) {
            return false;
        }
    }

    /** As in {@code Connection.setShardingKey(ShardingKey)}. */
    static String signature(Method method) {
        StringBuilder text = new StringBuilder(method.getDeclaringClass().getSimpleName())
                .append('.')
                .append(method.getName())
                .append('(');
        for (Class<?> parameter : method.getParameterTypes()) {
            text.append(text.charAt(text.length() - 1) == '(' ? "" : ", ").append(parameter.getSimpleName());
        }
        return text.append(')').toString();
    }

    private static Object sample(Class<?> type, int salt) throws ReflectiveOperationException {
        if (type == void.class) return null;
        if (type == boolean.class) return salt % 2 == 1;
        if (type == byte.class) return (byte) (salt + 1);
        if (type == short.class) return (short) (300 + salt);
        if (type == int.class) return 70_000 + salt;
        if (type == long.class) return (1L << 40) + salt;
        if (type == float.class) return 1.5f + salt;
        if (type == double.class) return 2.5 + salt;
        if (type == String.class) return "text " + salt;
        if (type == Object.class) return new Object();
        if (type == Class.class) return List.of(String.class, Integer.class).get(salt % 2);
        if (type == BigDecimal.class) return BigDecimal.valueOf(salt);
        if (type == Calendar.class) return Calendar.getInstance();
        if (type == Properties.class) return new Properties();
        if (type == SQLWarning.class) return new SQLWarning("sample");
        if (type == RowIdLifetime.class) return RowIdLifetime.ROWID_VALID_FOREVER;
        if (type == URL.class) return url();
        if (java.util.Date.class.isAssignableFrom(type))
            return type.getConstructor(long.class).newInstance(salt);
        if (type == java.io.InputStream.class) return java.io.InputStream.nullInputStream();
        if (type == java.io.Reader.class) return java.io.Reader.nullReader();
        if (type.isArray()) return Array.newInstance(type.getComponentType(), 1);
        if (type.isInterface()) {
            return Proxy.newProxyInstance(
                    ProxyCheck.class.getClassLoader(), new Class<?>[] {type}, (p, m, a) -> switch (m.getName()) {
                        case "equals" -> p == a[0];
                        case "hashCode" -> 0;
                        default -> "a " + type.getSimpleName();
                    });
        }
        throw new IllegalArgumentException("no sample of " + type);
    }

    private static URL url() {
        try {
            return URI.create("http://localhost/").toURL();
        } catch (java.net.MalformedURLException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Loads the driver's JDBC classes once more, each half with a {@code delegate()} that gives the recorder. */
    private static final class Isolated extends ClassLoader {
        private final Map<String, byte[]> planted;

        Isolated(Map<String, byte[]> planted) {
            super(ProxyCheck.class.getClassLoader());
            this.planted = planted;
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (!name.startsWith(PACKAGE)) {
                return super.loadClass(name, resolve);
            }
            synchronized (getClassLoadingLock(name)) {
                Class<?> loaded = findLoadedClass(name);
                if (loaded != null) {
                    return loaded;
                }
                byte[] classFile = withRecorder(name, planted.get(name));
                return defineClass(name, classFile, 0, classFile.length);
            }
        }

        private static byte[] withRecorder(String name, byte[] planted) {
            ClassFileLocator locator = planted == null
                    ? CLASS_FILES
                    : new ClassFileLocator.Compound(ClassFileLocator.Simple.of(name, planted), CLASS_FILES);
            TypeDescription type = TypePool.Default.of(locator).describe(name).resolve();
            var delegate = ElementMatchers.<net.bytebuddy.description.method.MethodDescription>named(
                            ProxyGenerator.DELEGATE)
                    .and(ElementMatchers.takesNoArguments())
                    .and(ElementMatchers.not(ElementMatchers.isAbstract()))
                    .and(ElementMatchers.not(ElementMatchers.isBridge()));
            if (type.getDeclaredMethods().filter(delegate).isEmpty()) {
                try {
                    return planted == null ? CLASS_FILES.locate(name).resolve() : planted;
                } catch (java.io.IOException unreadable) {
                    throw new IllegalStateException(unreadable);
                }
            }
            return new ByteBuddy()
                    .redefine(type, locator)
                    .method(delegate.and(ElementMatchers.isDeclaredBy(type)))
                    .intercept(MethodDelegation.to(Delegates.class))
                    .method(ElementMatchers.named(ProxyGenerator.GONE).and(ElementMatchers.isDeclaredBy(type)))
                    .intercept(FixedValue.value(true))
                    .method(ElementMatchers.named(ProxyGenerator.ADOPT).and(ElementMatchers.isDeclaredBy(type)))
                    .intercept(FixedValue.argument(0))
                    .make()
                    .getBytes();
        }
    }
}
