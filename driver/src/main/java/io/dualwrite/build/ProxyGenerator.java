package io.dualwrite.build;

import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.Set;
import net.bytebuddy.ByteBuddy;
import net.bytebuddy.ClassFileVersion;
import net.bytebuddy.description.annotation.AnnotationDescription;
import net.bytebuddy.description.method.MethodDescription;
import net.bytebuddy.description.modifier.TypeManifestation;
import net.bytebuddy.description.modifier.Visibility;
import net.bytebuddy.description.type.TypeDefinition;
import net.bytebuddy.description.type.TypeDescription;
import net.bytebuddy.dynamic.DynamicType;
import net.bytebuddy.dynamic.scaffold.InstrumentedType;
import net.bytebuddy.dynamic.scaffold.MethodGraph;
import net.bytebuddy.dynamic.scaffold.subclass.ConstructorStrategy;
import net.bytebuddy.implementation.Implementation;
import net.bytebuddy.implementation.bytecode.ByteCodeAppender;
import net.bytebuddy.implementation.bytecode.StackManipulation;
import net.bytebuddy.implementation.bytecode.member.MethodInvocation;
import net.bytebuddy.implementation.bytecode.member.MethodReturn;
import net.bytebuddy.implementation.bytecode.member.MethodVariableAccess;
import net.bytebuddy.jar.asm.Label;
import net.bytebuddy.jar.asm.Opcodes;
import net.bytebuddy.matcher.ElementMatchers;
import org.jspecify.annotations.Nullable;

/**
 * Makes the concrete class of a hand-written half: every method of the half's interfaces that the half does not write
 * itself, abstract or default, forwards to {@code delegate()}.
 *
 * <p>A half is an abstract class with a method {@code delegate()} whose return type is the JDBC interface that the half
 * implements. What is generated for a method is what a programmer would write, {@code return
 * delegate().method(arguments)}: two calls, no reflection and no allocation. Where the half has a method {@code adopt(ResultSet)},
 * a result set passes through it on its way back. Where the half has a method {@code gone()}, a hand-written method of an object that
 * is gone is passed over, and the vendor's closed object answers, so that use after close fails as it does with the bare driver.
 *
 * <p>The made class names the JDBC interface itself, as the vendors' classes do: what makes a {@code java.lang.reflect.Proxy}
 * around an object commonly asks its class for its interfaces, and is not given its superclass's.
 */
public final class ProxyGenerator {
    /** The name of the method of a half that gives the vendor's object. */
    static final String DELEGATE = "delegate";

    /** The name of the method of a half that says that the object is closed, where it has one. */
    static final String GONE = "gone";

    /** What a closed object still does in its own way; all else is asked of the vendor's closed object. */
    private static final Set<String> OWN_WAY_WHEN_GONE = new HashSet<>(Arrays.asList(
            "close",
            "isClosed",
            "abort",
            "isValid",
            "unwrap",
            "isWrapperFor",
            "getConnection",
            "createStatement",
            "prepareStatement",
            "prepareCall"));

    /** The name of the method of a half through which the vendor's result sets pass, where it has one. */
    static final String ADOPT = "adopt";

    /**
     * JDBC types that Java 8 does not know. A method that names one keeps the interface's default (it refuses): if the
     * proxy declared it, {@code getClass().getMethods()} would fail with NoClassDefFoundError in an application on Java 8.
     */
    private static final Set<String> UNKNOWN_TO_JAVA_8 = Collections.singleton("java.sql.ShardingKey");

    private ProxyGenerator() {}

    /**
     * Makes the concrete class of a half, named as the half with {@code Proxy} behind it.
     *
     * @throws IllegalStateException if the half has no fitting {@code delegate()}, or leaves a method without a body that
     *     cannot be forwarded
     */
    public static DynamicType.Unloaded<?> make(TypeDescription half) {
        MethodGraph.Linked methods = MethodGraph.Compiler.DEFAULT.compile((TypeDefinition) half);
        MethodDescription delegate = delegateOf(half, methods);
        MethodDescription adopt = adoptOf(methods);
        Set<MethodDescription.SignatureToken> forwarded = new HashSet<>();
        Set<MethodDescription.SignatureToken> guarded = new HashSet<>();
        MethodDescription gone = goneOf(methods);
        for (MethodGraph.Node node : methods.listNodes()) {
            MethodDescription method = node.getRepresentative();
            if (forwards(method, half)) {
                requireForwardable(method, half, delegate);
                forwarded.add(method.asSignatureToken());
            } else if (gone != null && mayBeGuarded(method, delegate)) {
                guarded.add(method.asSignatureToken());
            }
        }
        return new ByteBuddy(ClassFileVersion.JAVA_V8)
                .subclass(half, ConstructorStrategy.Default.IMITATE_SUPER_CLASS)
                .name(half.getName() + "Proxy")
                .modifiers(Visibility.PUBLIC, TypeManifestation.FINAL)
                .implement(delegate.getReturnType())
                .annotateType(
                        AnnotationDescription.Builder.ofType(Generated.class).build())
                .method(candidate -> forwarded.contains(candidate.asSignatureToken()))
                .intercept(forwardingTo(delegate, adopt))
                .method(candidate -> guarded.contains(candidate.asSignatureToken()))
                .intercept(gone == null ? forwardingTo(delegate, adopt) : new Guard(gone, delegate, adopt))
                .make();
    }

    private static boolean forwards(MethodDescription method, TypeDescription half) {
        TypeDescription declarer = method.getDeclaringType().asErasure();
        if (!declarer.isInterface()) {
            if (method.isAbstract()) {
                throw new IllegalStateException(half.getName() + " leaves " + method + " without a body");
            }
            return false;
        }
        if (!declarer.getName().startsWith("java.sql.") && !declarer.getName().equals("java.lang.AutoCloseable")) {
            throw new IllegalStateException(half.getName() + " must write " + method + " by hand: it is not JDBC's");
        }
        return namesOnlyTypesOfJava8(method);
    }

    private static boolean namesOnlyTypesOfJava8(MethodDescription method) {
        for (TypeDescription parameter : method.getParameters().asTypeList().asErasures()) {
            if (UNKNOWN_TO_JAVA_8.contains(parameter.getName())) {
                return false;
            }
        }
        return !UNKNOWN_TO_JAVA_8.contains(method.getReturnType().asErasure().getName());
    }

    /** A caller of the method must be prepared for whatever delegate() itself may fail with. */
    private static void requireForwardable(MethodDescription method, TypeDescription half, MethodDescription delegate) {
        if (throwsSqlException(delegate) && !throwsSqlException(method)) {
            throw new IllegalStateException(
                    half.getName() + " must write " + method + " by hand: it does not declare SQLException");
        }
        if (!delegate.getReturnType()
                .asErasure()
                .isAssignableTo(method.getDeclaringType().asErasure())) {
            throw new IllegalStateException(
                    half.getName() + " cannot forward " + method + " to a " + delegate.getReturnType());
        }
    }

    private static boolean throwsSqlException(MethodDescription method) {
        return method.getExceptionTypes().asErasures().contains(TypeDescription.ForLoadedType.of(SQLException.class));
    }

    private static MethodDescription delegateOf(TypeDescription half, MethodGraph methods) {
        for (MethodDescription method : methods.listNodes().asMethodList()) {
            if (method.getName().equals(DELEGATE) && method.getParameters().isEmpty()) {
                return method;
            }
        }
        throw new IllegalStateException(half.getName() + " has no method delegate() that a subclass can see");
    }

    private static @Nullable MethodDescription goneOf(MethodGraph methods) {
        for (MethodDescription method : methods.listNodes().asMethodList()) {
            if (method.getName().equals(GONE) && method.getParameters().isEmpty()) {
                return method;
            }
        }
        return null;
    }

    /** Whether a method that the half writes is one of the vendor's object's too. */
    private static boolean mayBeGuarded(MethodDescription method, MethodDescription delegate) {
        return method.isPublic()
                && !method.getDeclaringType().isInterface()
                && !method.isFinal()
                && !method.isStatic()
                && !OWN_WAY_WHEN_GONE.contains(method.getName())
                && !(method.getName().equals("getMetaData")
                        && method.getReturnType().represents(DatabaseMetaData.class))
                && isMethodOf(delegate.getReturnType().asErasure(), method);
    }

    private static boolean isMethodOf(TypeDescription type, MethodDescription method) {
        for (MethodGraph.Node node :
                MethodGraph.Compiler.DEFAULT.compile((TypeDefinition) type).listNodes()) {
            if (node.getRepresentative().asSignatureToken().equals(method.asSignatureToken())) {
                return true;
            }
        }
        return false;
    }

    private static @Nullable MethodDescription adoptOf(MethodGraph methods) {
        TypeDescription rows = TypeDescription.ForLoadedType.of(ResultSet.class);
        for (MethodDescription method : methods.listNodes().asMethodList()) {
            if (method.getName().equals(ADOPT)
                    && method.getReturnType().asErasure().equals(rows)
                    && method.getParameters().asTypeList().asErasures().equals(Collections.singletonList(rows))) {
                return method;
            }
        }
        return null;
    }

    private static Implementation forwardingTo(MethodDescription delegate, @Nullable MethodDescription adopt) {
        return new Implementation.Simple((visitor, context, method) -> {
            StackManipulation.Size size = forwarding(delegate, adopt, method, context.getInstrumentedType())
                    .apply(visitor, context);
            return new ByteCodeAppender.Size(size.getMaximalSize(), method.getStackSize());
        });
    }

    /** {@code return delegate().method(arguments)}, a result set by way of {@code adopt}. */
    private static StackManipulation forwarding(
            MethodDescription delegate,
            @Nullable MethodDescription adopt,
            MethodDescription method,
            TypeDescription instrumented) {
        TypeDescription target = delegate.getReturnType().asErasure();
        boolean adopts = adopt != null
                && method.getReturnType()
                        .asErasure()
                        .equals(adopt.getReturnType().asErasure());
        return new StackManipulation.Compound(
                adopts ? MethodVariableAccess.loadThis() : StackManipulation.Trivial.INSTANCE,
                MethodVariableAccess.loadThis(),
                MethodInvocation.invoke(delegate).virtual(instrumented),
                MethodVariableAccess.allArgumentsOf(method),
                MethodInvocation.invoke(method).virtual(target),
                adopt != null && adopts
                        ? MethodInvocation.invoke(adopt).virtual(instrumented)
                        : StackManipulation.Trivial.INSTANCE,
                MethodReturn.of(method.getReturnType()));
    }

    /** {@code return gone() ? delegate().method(arguments) : super.method(arguments)}. */
    private static final class Guard implements Implementation {
        private final MethodDescription gone;
        private final MethodDescription delegate;
        private final @Nullable MethodDescription adopt;

        Guard(MethodDescription gone, MethodDescription delegate, @Nullable MethodDescription adopt) {
            this.gone = gone;
            this.delegate = delegate;
            this.adopt = adopt;
        }

        @Override
        public InstrumentedType prepare(InstrumentedType instrumentedType) {
            return instrumentedType;
        }

        @Override
        public ByteCodeAppender appender(Target target) {
            TypeDescription instrumented = target.getInstrumentedType();
            return (visitor, context, method) -> {
                Label open = new Label();
                StackManipulation.Size question = new StackManipulation.Compound(
                                MethodVariableAccess.loadThis(),
                                MethodInvocation.invoke(gone).virtual(instrumented))
                        .apply(visitor, context);
                visitor.visitJumpInsn(Opcodes.IFEQ, open);
                StackManipulation.Size closed =
                        forwarding(delegate, adopt, method, instrumented).apply(visitor, context);
                visitor.visitLabel(open);
                visitor.visitFrame(Opcodes.F_SAME, 0, null, 0, null);
                StackManipulation.Size own = new StackManipulation.Compound(
                                MethodVariableAccess.allArgumentsOf(method).prependThisReference(),
                                target.invokeSuper(method.asSignatureToken()),
                                MethodReturn.of(method.getReturnType()))
                        .apply(visitor, context);
                int most = Math.max(question.getMaximalSize(), Math.max(closed.getMaximalSize(), own.getMaximalSize()));
                return new ByteCodeAppender.Size(most, method.getStackSize());
            };
        }
    }

    /** The constructor of a made class whose parameters are those of its factory method. */
    static MethodDescription constructor(TypeDescription made, MethodDescription factory) {
        for (MethodDescription constructor : made.getDeclaredMethods().filter(ElementMatchers.isConstructor())) {
            if (constructor
                    .getParameters()
                    .asTypeList()
                    .asErasures()
                    .equals(factory.getParameters().asTypeList().asErasures())) {
                return constructor;
            }
        }
        throw new IllegalStateException(factory + " has other parameters than every constructor of "
                + factory.getReturnType().asErasure().getSimpleName());
    }
}
