package io.dualwrite.copying;

import io.dualwrite.copier.cli.DualwriteCli;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** {@code dualwrite repair --watch} as a process of its own, which ends with the test. */
final class WatchProcess implements AutoCloseable {
    private final Process process;
    private final Path out;
    private final Path err;

    private WatchProcess(Process process, Path out, Path err) {
        this.process = process;
        this.out = out;
        this.err = err;
    }

    static WatchProcess start(Path file, Path directory) throws IOException {
        Path out = Files.createTempFile(directory, "watch", ".out");
        Path err = Files.createTempFile(directory, "watch", ".err");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx128m",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        DualwriteCli.class.getName(),
                        "repair",
                        "--watch",
                        "-c",
                        file.toString())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        return new WatchProcess(process, out, err);
    }

    /** What it has written to its standard output. */
    String said() throws IOException {
        return Files.readString(out);
    }

    /** What it has written to its standard error. */
    String warned() throws IOException {
        return Files.readString(err);
    }

    /** Asks it to end with SIGTERM and gives back its exit code. */
    int end() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(20, TimeUnit.SECONDS)) {
            throw new IllegalStateException("the watch does not end when it is asked to");
        }
        return process.exitValue();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
