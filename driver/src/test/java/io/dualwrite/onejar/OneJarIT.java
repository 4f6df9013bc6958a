package io.dualwrite.onejar;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.DataInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The driver's jar as an application gets it, in JVMs that have nothing else on the class path but what a case names. */
class OneJarIT {

    private static final Path JAR = Path.of(System.getProperty("one.jar"));
    private static final Path APPLICATIONS = Path.of(System.getProperty("applications"));
    private static final int JAVA_8 = 52;

    @TempDir
    private Path scratch;

    @Test
    void jar_holdsOnlyItsOwnPackages() throws IOException {
        try (JarFile jar = new JarFile(JAR.toFile())) {
            List<String> foreign = jar.stream()
                    .map(JarEntry::getName)
                    .filter(name -> !name.equals("io/"))
                    .filter(name -> !name.startsWith("io/dualwrite/") && !name.startsWith("META-INF/"))
                    .toList();
            assertThat(foreign).isEmpty();
            assertThat(jar.getEntry("io/dualwrite/build/ProxyPlugin.class")).isNull();
            assertThat(jar.getEntry("META-INF/LICENSE")).isNotNull();
            assertThat(jar.getEntry("META-INF/services/java.sql.Driver")).isNotNull();
            assertThat(jar.getManifest().getMainAttributes().getValue("Implementation-Title"))
                    .isEqualTo("Dualwrite driver");
        }
    }

    @Test
    void jar_holdsOnlyClassesThatJava8Loads() throws IOException {
        try (JarFile jar = new JarFile(JAR.toFile())) {
            List<JarEntry> classes = jar.stream()
                    .filter(entry -> entry.getName().endsWith(".class"))
                    .toList();
            assertThat(classes).hasSizeGreaterThan(100);
            for (JarEntry entry : classes) {
                assertThat(majorVersion(jar, entry)).as(entry.getName()).isLessThanOrEqualTo(JAVA_8);
            }
        }
    }

    private static int majorVersion(JarFile jar, JarEntry entry) throws IOException {
        try (DataInputStream in = new DataInputStream(jar.getInputStream(entry))) {
            in.readInt();
            in.readUnsignedShort();
            return in.readUnsignedShort();
        }
    }

    @Test
    void withVendorsDriver_applicationRuns() throws Exception {
        assertThat(output(List.of("-Dfile=" + propertiesFile()), JdbcApplication.class, "h2-2.2.224.jar"))
                .contains("Dune by Herbert on H2");
    }

    @Test
    void withoutVendorsDriver_saysSo() throws Exception {
        assertThat(output(List.of("-Dfile=" + propertiesFile()), JdbcApplication.class))
                .contains("refused")
                .contains("jdbc:h2:")
                .contains("class path");
    }

    private Path propertiesFile() throws IOException {
        return Files.writeString(scratch.resolve("dualwrite.properties"), """
                phase   = 1
                old.url = jdbc:h2:mem:old;DB_CLOSE_DELAY=-1
                new.url = jdbc:h2:mem:new;DB_CLOSE_DELAY=-1
                dataA   = title
                """);
    }

    @Test
    void withSlf4j17AndSimple_linesGoToSimple() throws Exception {
        assertThat(output(LoggingApplication.class, "slf4j-api-1.7.36.jar", "slf4j-simple-1.7.36.jar"))
                .contains(
                        "[main] INFO io.dualwrite.mirror.Marks - Mirror of UPDATE on orders failed; rows marked as 4711")
                .contains("[main] WARN io.dualwrite.mirror.Marks - With its cause {}")
                .contains("java.lang.IllegalStateException: new is away")
                .doesNotContain("not to be heard")
                .doesNotContain("SLF4J:");
    }

    @Test
    void withSlf4j17AndLogback_linesGoToLogback() throws Exception {
        assertThat(output(
                        LoggingApplication.class,
                        "slf4j-api-1.7.36.jar",
                        "logback-classic-1.2.13.jar",
                        "logback-core-1.2.13.jar"))
                .contains(
                        "[main] INFO io.dualwrite.mirror.Marks - Mirror of UPDATE on orders failed; rows marked as 4711")
                .contains("[main] DEBUG io.dualwrite.mirror.Marks - not to be heard")
                .contains("java.lang.IllegalStateException: new is away");
    }

    @Test
    void withSlf4j2AndSimple_linesGoToSimple() throws Exception {
        assertThat(output(LoggingApplication.class, "slf4j-api-2.0.20.jar", "slf4j-simple-2.0.20.jar"))
                .contains(
                        "[main] INFO io.dualwrite.mirror.Marks - Mirror of UPDATE on orders failed; rows marked as 4711")
                .contains("[main] WARN io.dualwrite.mirror.Marks - With its cause {}")
                .doesNotContain("not to be heard")
                .doesNotContain("SLF4J:");
    }

    @Test
    void withProviderNamedByProperty_linesGoToThatProvider() throws Exception {
        assertThat(output(
                        List.of("-Dslf4j.provider=org.slf4j.simple.SimpleServiceProvider"),
                        LoggingApplication.class,
                        "slf4j-api-2.0.20.jar",
                        "slf4j-simple-2.0.20.jar"))
                .contains(
                        "[main] INFO io.dualwrite.mirror.Marks - Mirror of UPDATE on orders failed; rows marked as 4711")
                .doesNotContain("ERROR");
    }

    @Test
    void withoutSlf4j_linesGoToJavaUtilLogging() throws Exception {
        assertThat(output(LoggingApplication.class))
                .contains("io.dualwrite.mirror.Marks")
                .contains("INFO: Mirror of UPDATE on orders failed; rows marked as 4711")
                .contains("WARNING: With its cause {}")
                .contains("java.lang.IllegalStateException: new is away")
                .doesNotContain("not to be heard")
                .doesNotContain("SLF4J");
    }

    @Test
    void withSlf4jButNoBackend_linesGoToJavaUtilLogging() throws Exception {
        assertThat(output(LoggingApplication.class, "slf4j-api-2.0.20.jar"))
                .contains("INFO: Mirror of UPDATE on orders failed; rows marked as 4711")
                .doesNotContain("SLF4J");
        assertThat(output(LoggingApplication.class, "slf4j-api-1.7.36.jar"))
                .contains("INFO: Mirror of UPDATE on orders failed; rows marked as 4711")
                .doesNotContain("SLF4J");
    }

    @Test
    void withSlf4jNop_driverIsSilentToo() throws Exception {
        assertThat(output(LoggingApplication.class, "slf4j-api-2.0.20.jar", "slf4j-nop-2.0.20.jar"))
                .isEmpty();
    }

    private String output(Class<?> application, String... libraries) throws IOException, InterruptedException {
        return output(List.of(), application, libraries);
    }

    /** What the application said until it ended, which it must do with exit code 0. */
    private String output(List<String> options, Class<?> application, String... libraries)
            throws IOException, InterruptedException {
        String classPath = Stream.concat(
                        Stream.of(alone(application), JAR), Stream.of(libraries).map(APPLICATIONS::resolve))
                .peek(path -> assertThat(path).exists())
                .map(Path::toString)
                .collect(Collectors.joining(System.getProperty("path.separator")));
        Path output = scratch.resolve("output");
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString());
        builder.command().addAll(options);
        builder.command().addAll(List.of("-Duser.language=en", "-cp", classPath, application.getName()));
        Process process = builder.redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        boolean ended = process.waitFor(60, TimeUnit.SECONDS);
        process.destroyForcibly();
        String said = Files.readString(output);
        assertThat(ended).as(said).isTrue();
        assertThat(process.exitValue()).as(said).isZero();
        return said;
    }

    /** A directory with this one class of the tests. */
    private Path alone(Class<?> application) throws IOException {
        String name = application.getName().replace('.', '/') + ".class";
        Path copy = scratch.resolve("classes").resolve(name);
        Files.createDirectories(copy.getParent());
        if (Files.notExists(copy)) {
            try (var in = application.getClassLoader().getResourceAsStream(name)) {
                Files.copy(in, copy);
            }
        }
        return scratch.resolve("classes");
    }
}
