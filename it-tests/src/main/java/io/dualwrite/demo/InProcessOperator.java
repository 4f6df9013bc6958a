package io.dualwrite.demo;

import io.dualwrite.copier.cli.DualwriteCli;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Runs the commands through the command line's own entry in this JVM: the start of some twenty JVMs would take the two
 * cores that the application's load is to have. All output goes to a file as well.
 */
final class InProcessOperator implements Operator {
    private final Path properties;
    private final Path log;

    InProcessOperator(Path properties, Path log) {
        this.properties = properties;
        this.log = log;
    }

    @Override
    public Outcome run(String... command) {
        List<String> arguments = new ArrayList<>(Arrays.asList(command));
        arguments.add("-c");
        arguments.add(properties.toString());
        StringWriter report = new StringWriter();
        StringWriter progress = new StringWriter();
        long begun = System.nanoTime();
        int exit;
        try (PrintWriter out = new PrintWriter(report);
                PrintWriter err = new PrintWriter(progress)) {
            exit = DualwriteCli.run(out, err, arguments.toArray(new String[0]));
        }
        Duration took = Duration.ofNanos(System.nanoTime() - begun);
        append("$ dualwrite " + String.join(" ", arguments) + "\n" + progress + report + "exit code " + exit + " after "
                + took.toMillis() + " ms\n\n");
        return new Outcome(exit, (exit > 1 ? progress : report).toString(), took);
    }

    private void append(String text) {
        try {
            Files.writeString(log, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
