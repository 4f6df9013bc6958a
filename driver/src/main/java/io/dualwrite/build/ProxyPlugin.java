package io.dualwrite.build;

import net.bytebuddy.build.Plugin;
import net.bytebuddy.description.method.MethodDescription;
import net.bytebuddy.description.type.TypeDescription;
import net.bytebuddy.dynamic.ClassFileLocator;
import net.bytebuddy.dynamic.DynamicType;
import net.bytebuddy.implementation.Implementation;
import net.bytebuddy.implementation.bytecode.ByteCodeAppender;
import net.bytebuddy.implementation.bytecode.Duplication;
import net.bytebuddy.implementation.bytecode.StackManipulation;
import net.bytebuddy.implementation.bytecode.TypeCreation;
import net.bytebuddy.implementation.bytecode.member.MethodInvocation;
import net.bytebuddy.implementation.bytecode.member.MethodReturn;
import net.bytebuddy.implementation.bytecode.member.MethodVariableAccess;
import net.bytebuddy.matcher.ElementMatchers;

/**
 * The build's proxy step: for each factory method of {@code io.dualwrite.jdbc.Proxies} it makes the concrete class of the
 * half that the method gives back, and lets the method make an instance of it. Running it twice changes nothing.
 */
public final class ProxyPlugin implements Plugin {
    private static final String FACTORIES = "io.dualwrite.jdbc.Proxies";

    @Override
    public boolean matches(TypeDescription type) {
        return type.getName().equals(FACTORIES);
    }

    @Override
    public DynamicType.Builder<?> apply(
            DynamicType.Builder<?> builder, TypeDescription factories, ClassFileLocator locator) {
        DynamicType.Builder<?> result = builder;
        for (MethodDescription.InDefinedShape factory : factories
                .getDeclaredMethods()
                .filter(ElementMatchers.<MethodDescription>isStatic()
                        .and(ElementMatchers.not(ElementMatchers.isPrivate())))) {
            if (factory.isTypeInitializer()) {
                continue;
            }
            DynamicType.Unloaded<?> made =
                    ProxyGenerator.make(factory.getReturnType().asErasure());
            result = result.require(made)
                    .method(ElementMatchers.is(factory))
                    .intercept(constructing(made.getTypeDescription(), factory));
        }
        return result;
    }

    @Override
    public void close() {}

    private static Implementation constructing(TypeDescription made, MethodDescription factory) {
        MethodDescription constructor = ProxyGenerator.constructor(made, factory);
        return new Implementation.Simple((visitor, context, method) -> {
            StackManipulation.Size size = new StackManipulation.Compound(
                            TypeCreation.of(made),
                            Duplication.SINGLE,
                            MethodVariableAccess.allArgumentsOf(method),
                            MethodInvocation.invoke(constructor),
                            MethodReturn.REFERENCE)
                    .apply(visitor, context);
            return new ByteCodeAppender.Size(size.getMaximalSize(), method.getStackSize());
        });
    }
}
