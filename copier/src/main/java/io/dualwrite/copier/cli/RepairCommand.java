package io.dualwrite.copier.cli;

import io.dualwrite.copier.Copier;
import java.time.Duration;
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

    @Override
    public Integer call() throws Exception {
        return watch ? runs.watchRepairs(retry) : runs.onceFromAuthority(Copier::repair);
    }
}
