package io.dualwrite.build;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.Properties;
import org.junit.jupiter.api.Test;

/** The proxies on the newest JDK that lies beside the one that runs the build: its {@code java.sql} may know more methods. */
class NewestJdkTest {

    @Test
    void proxiesAreComplete_onTheNewestJdkOfTheMachine() throws Exception {
        Path own = Paths.get(System.getProperty("java.home"));
        Path newest = own;
        int version = Runtime.version().feature();
        Path parent = own.getParent();
        if (parent != null) {
            try (DirectoryStream<Path> beside = Files.newDirectoryStream(parent)) {
                for (Path other : beside) {
                    if (version(other) > version) {
                        version = version(other);
                        newest = other;
                    }
                }
            }
        }
        Process process = new ProcessBuilder(
                        newest.resolve("bin").resolve("java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        RunsOneClass.class.getName(),
                        ProxyCompletenessTest.class.getName())
                .redirectErrorStream(true)
                .start();
        String said;
        try (InputStream output = process.getInputStream()) {
            said = new String(output.readAllBytes(), StandardCharsets.UTF_8);
        }
        assertThat(process.waitFor()).as(said).isZero();
        assertThat(said).contains("passed on Java " + version);
    }

    /** The feature version of the JDK at the path, 0 where there is none. */
    private static int version(Path jdk) throws IOException {
        Path release = jdk.resolve("release");
        if (!Files.isExecutable(jdk.resolve("bin").resolve("java")) || !Files.isReadable(release)) {
            return 0;
        }
        Properties entries = new Properties();
        try (InputStream file = Files.newInputStream(release)) {
            entries.load(file);
        }
        String version = entries.getProperty("JAVA_VERSION", "0").replace("\"", "");
        return Integer.parseInt(version.split("[.+-]")[0]);
    }
}
