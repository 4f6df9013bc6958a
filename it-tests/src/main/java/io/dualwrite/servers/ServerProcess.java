package io.dualwrite.servers;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A server as a child process that cannot outlive this JVM. Beside it runs a shell that reads a pipe from the JVM: a word is a
 * signal to send to the server; the end of the pipe, which comes even when the JVM is killed, ends the server and removes its
 * files.
 */
final class ServerProcess {
    private static final Duration START = Duration.ofSeconds(60);

    /** {@code $1} signal at the end, {@code $2} directory to remove, {@code $3} pid of the JVM; then the server's command. */
    private static final String SCRIPT = """
            exec 3<&0
            last=$1 home=$2 jvm=$3
            shift 3
            (
                trap '' HUP INT TERM
                if read -r signal <&3; then kill -"$signal" $$; exit; fi
                kill -"$last" $$
                sleep 1
                if [ -d /proc/$jvm ] && ! grep -q '^State:.[ZX]' /proc/$jvm/status; then exit; fi
                kill -9 $$
                rm -rf "$home"
            ) >/dev/null 2>&1 &
            exec "$@" </dev/null 3<&-
            """;

    private final Path home;
    private final Path log;
    private final List<String> script;
    private final String lastSignal;
    private @Nullable Process process;

    /**
     * @param home the server's own directory, removed with it
     * @param lastSignal the signal that ends the server at once, data not being wanted any more
     */
    ServerProcess(Path home, String lastSignal, List<String> command) {
        this.home = home;
        this.log = home.resolve("server.log");
        this.lastSignal = lastSignal;
        script = new ArrayList<>(List.of("sh", "-c", SCRIPT, "sh", lastSignal, home.toString()));
        script.add(Long.toString(ProcessHandle.current().pid()));
        script.addAll(command);
    }

    boolean runs() {
        return process != null && process.isAlive();
    }

    /** Starts the server and waits until it takes connections. */
    void start(String url, String user, String password) throws IOException {
        if (runs()) {
            return;
        }
        process = new ProcessBuilder(script)
                .directory(home.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        long deadline = System.nanoTime() + START.toNanos();
        while (true) {
            try {
                DriverManager.getConnection(url, user, password).close();
                return;
            } catch (SQLException e) {
                if (!process.isAlive()) {
                    throw new IOException("the server of " + url + " ended: " + ServerFiles.tail(log), e);
                }
                if (System.nanoTime() > deadline) {
                    end(lastSignal);
                    throw new IOException(
                            "the server of " + url + " takes no connection after " + START.toSeconds() + " s: "
                                    + ServerFiles.tail(log),
                            e);
                }
            }
            pause();
        }
    }

    /** Sends the signal and waits for the end of the server. */
    void end(String signal) throws IOException {
        Process running = process;
        if (running == null || !running.isAlive()) {
            return;
        }
        try (OutputStream pipe = running.getOutputStream()) {
            pipe.write((signal + "\n").getBytes(StandardCharsets.US_ASCII));
        }
        try {
            if (!running.waitFor(30, TimeUnit.SECONDS)) {
                running.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            running.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    /** Ends the server and removes its files. */
    void close() {
        try {
            end(lastSignal);
            if (Files.exists(home)) {
                ServerFiles.delete(home);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void pause() throws IOException {
        try {
            Thread.sleep(50);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while a server started", e);
        }
    }
}
