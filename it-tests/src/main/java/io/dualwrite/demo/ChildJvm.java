package io.dualwrite.demo;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A JVM of its own that says lines on its standard output, is told lines on its standard input and ends when that ends, so
 * that it cannot outlive this JVM. Thread-safe.
 */
public final class ChildJvm {
    private final String name;
    private final Process process;
    private final Writer orders;
    private final Path errors;
    private final Consumer<String> listener;
    private String lastSaid = "";

    private ChildJvm(String name, Process process, Path errors, Consumer<String> listener) {
        this.name = name;
        this.process = process;
        this.orders = process.outputWriter(StandardCharsets.UTF_8);
        this.errors = errors;
        this.listener = listener;
    }

    /**
     * Starts a class of this JVM's class path with a small heap and little compiling, for several of them share few cores.
     *
     * @param errors the file for what it writes to its standard error
     * @param listener hears each line of its standard output, on a thread of its own
     */
    public static ChildJvm start(
            String name, Class<?> main, List<String> arguments, Path errors, Consumer<String> listener)
            throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-Xss512k",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xshare:auto",
                "-Dorg.slf4j.simpleLogger.showDateTime=true",
                "-Dorg.slf4j.simpleLogger.dateTimeFormat=HH:mm:ss.SSS",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
        command.addAll(arguments);
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.appendTo(errors.toFile()))
                .start();
        ChildJvm child = new ChildJvm(name, process, errors, listener);
        Thread reader = new Thread(child::listen, "demo-reads-" + name);
        reader.setDaemon(true);
        reader.start();
        return child;
    }

    private void listen() {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                listener.accept(line);
                heard(line);
            }
        } catch (IOException e) {
            listener.accept("unreadable " + e.getMessage());
        }
    }

    private synchronized void heard(String line) {
        if (!line.contains(" ")) {
            lastSaid = line;
            notifyAll();
        }
    }

    public boolean runs() {
        return process.isAlive();
    }

    /** Tells it a line and does not wait for an answer. */
    public synchronized void tell(String order) throws IOException {
        orders.write(order + "\n");
        orders.flush();
    }

    /**
     * Tells it a line and waits until it answers with a single word.
     *
     * @param order the line, or null to only wait
     * @throws TimeoutException if it does not say the answer in time or has ended
     */
    public synchronized void ask(@Nullable String order, String answer, Duration longest)
            throws IOException, InterruptedException, TimeoutException {
        if (order != null) {
            lastSaid = "";
            tell(order);
        }
        long deadline = System.nanoTime() + longest.toNanos();
        while (!lastSaid.equals(answer)) {
            long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            if (left <= 0 || !runs()) {
                throw new TimeoutException(name
                        + (runs()
                                ? " does not say '" + answer + "' within " + longest.toSeconds() + " s"
                                : " has ended with exit code " + process.exitValue())
                        + "; its log is " + errors);
            }
            wait(Math.min(left, 100));
        }
    }

    /** Waits for its end, and ends it if it takes too long. */
    public void await(Duration longest) throws InterruptedException {
        if (!process.waitFor(longest.toMillis(), TimeUnit.MILLISECONDS)) {
            process.destroyForcibly().waitFor();
        }
    }

    public void kill() {
        process.destroyForcibly();
    }
}
