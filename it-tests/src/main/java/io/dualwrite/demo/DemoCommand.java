package io.dualwrite.demo;

import io.dualwrite.copier.cli.CliCommand;
import io.dualwrite.copier.cli.ExitCode;
import io.dualwrite.demo.verdict.Verdict;
import io.dualwrite.demo.verdict.VerdictJson;
import io.dualwrite.demo.verdict.VerdictTable;
import io.dualwrite.servers.DatabaseServers;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code dualwrite demo}. */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Moves a bookstore under load from one database to another and back, all on this machine.",
        footer = {"", "Exit code 0 only if no request failed, no acknowledged write is missing and no row differs."})
public final class DemoCommand implements CliCommand {
    private static final String VENDORS = "h2, postgres or mariadb";

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Option(names = "--old", paramLabel = "VENDOR", defaultValue = "h2", description = "the old database: " + VENDORS)
    private String old = "h2";

    @Option(names = "--new", paramLabel = "VENDOR", defaultValue = "h2", description = "the new database: " + VENDORS)
    private String neu = "h2";

    @Option(names = "--bypass", description = "at 6, replace old by its dump of ten seconds earlier and let it rejoin")
    private boolean bypass;

    @Option(
            names = "--seconds",
            paramLabel = "N",
            defaultValue = "1",
            description =
                    "how long neighbouring phases stand side by side at each instance's turn, beside the time to arrive; default 1")
    private double seconds = 1;

    @Option(
            names = "--rate",
            paramLabel = "N",
            defaultValue = "80",
            description = "requests a second of each of the three instances; default 80")
    private int rate = 80;

    @Option(names = "--seed", paramLabel = "N", defaultValue = "1", description = "seed of the requests; default 1")
    private long seed = 1;

    @Option(names = "--keep", description = "keep the directory with files, journals and logs")
    private boolean keep;

    @Option(names = "--json", description = "print the verdict as JSON, and the steps on standard error")
    private boolean json;

    @Option(names = "--plain", description = "print lines even on a terminal")
    private boolean plain;

    @Option(names = "--bare", hidden = true, description = "the application straight on old, without Dualwrite")
    private boolean bare;

    @Option(names = "--plant", hidden = true, defaultValue = "none", description = "a fault that the verdict must find")
    private String plant = "none";

    @Override
    public Integer call() throws Exception {
        DemoOptions options = new DemoOptions(
                vendor("--old", old),
                vendor("--new", neu),
                bypass,
                Duration.ofMillis((long) (seconds * 1000)),
                rate,
                bare,
                plant(),
                seed,
                Files.createTempDirectory("dualwrite-demo-"));
        quieten(options.directory());
        Verdict verdict;
        try (Console console = console(options)) {
            verdict = new Demo(options, console).run();
        }
        if (json) {
            spec.commandLine().getOut().println(VerdictJson.of(verdict));
            spec.commandLine().getOut().flush();
        } else {
            new VerdictTable(System.out).print(verdict);
        }
        if (verdict.good() && !keep) {
            delete(options.directory());
        } else {
            steps().println("Files, journals and logs are in " + options.directory());
        }
        return verdict.good() ? ExitCode.FINE : ExitCode.DIFFERENCES;
    }

    /** What is logged in this JVM goes to a file, for the console is the demo's; unless the caller wants it otherwise. */
    private static void quieten(Path directory) {
        String key = "org.slf4j.simpleLogger.logFile";
        if (System.getProperty(key) == null) {
            System.setProperty(key, directory.resolve("demo.log").toString());
        }
    }

    private PrintStream steps() {
        return json ? System.err : System.out;
    }

    private Console console(DemoOptions options) {
        return terminal() && !json && !plain
                ? new LiveConsole(System.out, "dualwrite demo: " + options.old() + " to " + options.neu())
                : new PlainConsole(steps());
    }

    /** From JDK 22 on there is a console even where there is no terminal, and a method that tells the two apart. */
    @SuppressWarnings("SystemConsoleNull")
    private static boolean terminal() {
        java.io.Console console = System.console();
        if (console == null || "dumb".equals(System.getenv("TERM"))) {
            return false;
        }
        try {
            return (boolean) java.io.Console.class.getMethod("isTerminal").invoke(console);
        } catch (NoSuchMethodException e) {
            return true;
        } catch (ReflectiveOperationException e) {
            return false;
        }
    }

    private String vendor(String option, String vendor) {
        if (!DatabaseServers.VENDORS.contains(vendor)) {
            throw new ParameterException(
                    spec.commandLine(), option + " knows no '" + vendor + "'; it is one of " + VENDORS);
        }
        return vendor;
    }

    private Plant plant() {
        String name = plant.toUpperCase(Locale.ROOT).replace('-', '_');
        return Stream.of(Plant.values())
                .filter(known -> known.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new ParameterException(
                        spec.commandLine(),
                        "--plant knows no '" + plant + "'; it is one of " + List.of(Plant.values())));
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
