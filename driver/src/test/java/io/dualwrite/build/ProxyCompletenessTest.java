package io.dualwrite.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.DataInputStream;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
import net.bytebuddy.ByteBuddy;
import net.bytebuddy.asm.MemberRemoval;
import net.bytebuddy.asm.MemberSubstitution;
import net.bytebuddy.asm.ModifierAdjustment;
import net.bytebuddy.description.modifier.MethodManifestation;
import net.bytebuddy.description.modifier.Visibility;
import net.bytebuddy.description.type.TypeDescription;
import net.bytebuddy.dynamic.ClassFileLocator;
import net.bytebuddy.dynamic.DynamicType;
import net.bytebuddy.implementation.FixedValue;
import net.bytebuddy.matcher.ElementMatchers;
import net.bytebuddy.pool.TypePool;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every half against the {@code java.sql} interfaces of the JDK that runs this test. Build with JDK 17, then run it on
 * every other JDK that is supported, for instance:
 *
 * <pre>
 * mvn -pl driver -am test -Dtest=ProxyCompletenessTest -Dsurefire.failIfNoSpecifiedTests=false -Djvm=/path/to/jdk-25/bin/java
 * </pre>
 */
class ProxyCompletenessTest {
    private static final String RESULT_SET = "io.dualwrite.jdbc.DualResultSet";
    private static final ClassFileLocator CLASS_FILES =
            ClassFileLocator.ForClassLoader.of(ProxyCompletenessTest.class.getClassLoader());

    /** Defaults that no half forwards, each with the reason. */
    private static final Map<String, String> LEFT_TO_DEFAULT = leftToDefault();

    private static Map<String, String> leftToDefault() {
        Map<String, String> reasons = new TreeMap<>();
        for (String method : List.of("setShardingKey", "setShardingKeyIfValid")) {
            String timeout = method.endsWith("IfValid") ? ", int" : "";
            for (String keys : List.of("ShardingKey", "ShardingKey, ShardingKey")) {
                reasons.put(
                        "Connection." + method + "(" + keys + timeout + ")",
                        "Java 8 has no ShardingKey: reflection over a class that names it would fail there");
            }
        }
        return reasons;
    }

    static Stream<String> halves() throws ClassNotFoundException {
        return Arrays.stream(Class.forName("io.dualwrite.jdbc.Proxies").getDeclaredMethods())
                .filter(method -> !Modifier.isPrivate(method.getModifiers()) && !method.isSynthetic())
                .map(Method::getReturnType)
                .map(Class::getName)
                .distinct();
    }

    @ParameterizedTest
    @MethodSource("halves")
    void everyMethod_isWrittenByHandOrReachesTheDelegateOnce(String half) throws ReflectiveOperationException {
        ProxyCheck check = ProxyCheck.of(half, Map.of());
        assertThat(check.findings()).isEmpty();
        assertThat(check.forwarded()).isNotEmpty();
        assertThat(check.leftToDefault()).allSatisfy(method -> assertThat(LEFT_TO_DEFAULT)
                .as("defaults of JDK %s that the build's JDK did not know", Runtime.version())
                .containsKey(method));
    }

    @ParameterizedTest
    @MethodSource("halves")
    void classFiles_areOfJava8_andFinal(String half) throws Exception {
        try (DataInputStream file =
                new DataInputStream(getClass().getResourceAsStream("/" + half.replace('.', '/') + "Proxy.class"))) {
            assertThat(file.readInt()).isEqualTo(0xCAFEBABE);
            assertThat(file.readInt()).isEqualTo(52);
        }
        assertThat(Modifier.isFinal(Class.forName(half + "Proxy").getModifiers()))
                .isTrue();
        for (Method method : Class.forName(half + "Proxy").getDeclaredMethods()) {
            assertThat(method.toString()).doesNotContain("ShardingKey");
        }
    }

    @Test
    void forgottenMethod_isFound() throws Exception {
        assertThat(planted(made -> made.visit(new MemberRemoval().stripMethods(ElementMatchers.named("wasNull")))))
                .containsExactly("ResultSet.wasNull() is missing");
    }

    @Test
    void forgottenDefault_isLeftToDefaultAndNotJustified() throws Exception {
        byte[] classFile = classFile(
                RESULT_SET + "Proxy",
                made -> made.visit(new MemberRemoval()
                        .stripMethods(ElementMatchers.named("updateObject").and(ElementMatchers.takesArguments(4)))));
        assertThat(ProxyCheck.of(RESULT_SET, Map.of(RESULT_SET + "Proxy", classFile))
                        .leftToDefault())
                .isNotEmpty()
                .noneMatch(LEFT_TO_DEFAULT::containsKey);
    }

    @Test
    void methodThatDoesNotForward_isFound() throws Exception {
        assertThat(planted(made ->
                        made.method(ElementMatchers.named("getFetchSize")).intercept(FixedValue.value(1))))
                .containsExactly("ResultSet.getFetchSize() reaches the delegate 0 times");
    }

    @Test
    void methodThatCallsAnother_isFound() throws Exception {
        Method inserted = ResultSet.class.getMethod("rowInserted");
        assertThat(planted(made -> made.visit(MemberSubstitution.relaxed()
                        .method(ElementMatchers.named("rowDeleted"))
                        .replaceWith(inserted)
                        .on(ElementMatchers.named("rowDeleted")))))
                .containsExactly("ResultSet.rowDeleted() calls ResultSet.rowInserted()");
    }

    @Test
    void handWrittenMethodThatIsShadowed_isFound() throws Exception {
        byte[] openHalf = classFile(
                RESULT_SET,
                half -> half.visit(new ModifierAdjustment()
                        .withMethodModifiers(ElementMatchers.named("unwrap"), MethodManifestation.PLAIN)));
        byte[] shadowing =
                classFile(RESULT_SET + "Proxy", made -> made.defineMethod("unwrap", Object.class, Visibility.PUBLIC)
                        .withParameters(Class.class)
                        .intercept(FixedValue.nullValue()));
        assertThat(ProxyCheck.of(RESULT_SET, Map.of(RESULT_SET, openHalf, RESULT_SET + "Proxy", shadowing))
                        .findings())
                .containsExactly("Wrapper.unwrap(Class) is written by hand, and shadowed by a generated one");
    }

    // ------------------------------------------------------------------ what the step refuses and keeps

    abstract static class Lower implements Statement {
        Statement delegate() throws SQLException {
            throw new SQLException("no delegate");
        }

        @Override
        public long executeLargeUpdate(String sql) {
            return 4;
        }
    }

    abstract static class Upper extends Lower implements java.sql.PreparedStatement {
        @Override
        java.sql.PreparedStatement delegate() throws SQLException {
            throw new SQLException("no delegate of the upper half");
        }
    }

    @Test
    void handWrittenDefaults_win_andTheUpperDelegateIsAsked() {
        DynamicType.Unloaded<?> made = ProxyGenerator.make(TypeDescription.ForLoadedType.of(Upper.class));
        String name = made.getTypeDescription().getName();
        var methods = TypePool.Default.of(
                        new ClassFileLocator.Compound(ClassFileLocator.Simple.of(name, made.getBytes()), CLASS_FILES))
                .describe(name)
                .resolve()
                .getDeclaredMethods();
        var generated = methods.filter(ElementMatchers.not(ElementMatchers.isBridge()));
        assertThat(generated.filter(ElementMatchers.named("executeLargeUpdate")))
                .hasSize(4);
        assertThat(generated.filter(
                        ElementMatchers.named("executeLargeUpdate").and(ElementMatchers.takesArguments(String.class))))
                .isEmpty();
        assertThat(methods.filter(ElementMatchers.named("enquoteLiteral"))).hasSize(1);
        assertThat(methods.filter(ElementMatchers.named("delegate"))).isEmpty();
    }

    @Test
    void madeClass_namesItsInterfaceItself_asTheVendorsDo() {
        assertThat(ProxyGenerator.make(TypeDescription.ForLoadedType.of(Upper.class))
                        .getTypeDescription()
                        .getInterfaces()
                        .asErasures())
                .containsExactly(TypeDescription.ForLoadedType.of(java.sql.PreparedStatement.class));
    }

    abstract static class WithoutDelegate implements ResultSet {}

    abstract static class WithOwnAbstractMethod implements ResultSet {
        ResultSet delegate() {
            return this;
        }

        abstract void forgotten();
    }

    abstract static class OfMetaData implements java.sql.DatabaseMetaData {
        java.sql.DatabaseMetaData delegate() throws SQLException {
            throw new SQLException("no delegate");
        }
    }

    @Test
    void halvesThatCannotWork_stopTheBuildWithTheReason() {
        assertThatThrownBy(() -> make(WithoutDelegate.class)).hasMessageContaining("has no method delegate()");
        assertThatThrownBy(() -> make(WithOwnAbstractMethod.class))
                .hasMessageContaining("leaves")
                .hasMessageContaining("forgotten() without a body");
        assertThatThrownBy(() -> make(OfMetaData.class)).hasMessageContaining("it does not declare SQLException");
    }

    private static void make(Class<?> half) {
        ProxyGenerator.make(TypeDescription.ForLoadedType.of(half));
    }

    private static List<String> planted(Function<DynamicType.Builder<?>, DynamicType.Builder<?>> fault)
            throws ReflectiveOperationException {
        return ProxyCheck.of(RESULT_SET, Map.of(RESULT_SET + "Proxy", classFile(RESULT_SET + "Proxy", fault)))
                .findings();
    }

    private static byte[] classFile(String name, Function<DynamicType.Builder<?>, DynamicType.Builder<?>> fault) {
        TypeDescription type = TypePool.Default.of(CLASS_FILES).describe(name).resolve();
        return fault.apply(new ByteBuddy().redefine(type, CLASS_FILES)).make().getBytes();
    }
}
