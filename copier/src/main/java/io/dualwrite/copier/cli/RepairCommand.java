package io.dualwrite.copier.cli;

import io.dualwrite.copier.plan.WrongInput;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code dualwrite repair}. */
@Command(
        name = "repair",
        mixinStandardHelpOptions = true,
        description = "Makes marked rows agree, the authority's version winning, and what the last verification found.")
public final class RepairCommand implements CliCommand {
    @Mixin
    private RunCommand runs = new RunCommand();

    @Option(
            names = "--watch",
            description = "Repairs again and again, until it is ended; a line for each round with work.")
    private boolean watch;

    @Option(
            names = "--retry",
            converter = DurationConverter.class,
            paramLabel = "DURATION",
            defaultValue = "10min",
            description = "With --watch: how long a side may stay away until it gives up (default: ${DEFAULT-VALUE}).")
    private Duration retry = Duration.ofMinutes(10);

    @Option(
            names = "--forget",
            split = ",",
            paramLabel = "TABLE",
            description =
                    "Clears the marks of these tables, which repair does not compare (of another schema, or not of this"
                            + " migration), without looking at a row. Make their rows agree on both sides first.")
    private List<String> forgotten = new ArrayList<>();

    @Override
    public Integer call() throws Exception {
        if (watch && !forgotten.isEmpty()) {
            throw new WrongInput("repair --watch forgets nothing: run repair --forget by itself.");
        }
        return watch ? runs.watchRepairs(retry) : runs.onceFromAuthority(copier -> copier.repair(forgotten));
    }
}
