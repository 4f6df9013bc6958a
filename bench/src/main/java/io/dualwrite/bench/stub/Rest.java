package io.dualwrite.bench.stub;

import java.lang.invoke.MethodHandles;
import java.sql.SQLFeatureNotSupportedException;
import net.bytebuddy.ByteBuddy;
import net.bytebuddy.description.modifier.TypeManifestation;
import net.bytebuddy.dynamic.loading.ClassLoadingStrategy;
import net.bytebuddy.implementation.ExceptionMethod;
import net.bytebuddy.matcher.ElementMatchers;

/** Makes the concrete classes of the stubs: every method that no benchmark calls refuses. */
final class Rest {
    private static final ClassValue<Class<?>> MADE = new ClassValue<>() {
        @Override
        protected Class<?> computeValue(Class<?> stub) {
            return new ByteBuddy()
                    .subclass(stub)
                    .name(stub.getName() + "Made")
                    .modifiers(TypeManifestation.FINAL)
                    .method(ElementMatchers.isAbstract())
                    .intercept(ExceptionMethod.throwing(SQLFeatureNotSupportedException.class))
                    .make()
                    .load(stub.getClassLoader(), ClassLoadingStrategy.UsingLookup.of(MethodHandles.lookup()))
                    .getLoaded();
        }
    };

    private Rest() {}

    static <T> T of(Class<T> stub) {
        try {
            return stub.cast(MADE.get(stub).getDeclaredConstructor().newInstance());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("the stub cannot be made", e);
        }
    }
}
