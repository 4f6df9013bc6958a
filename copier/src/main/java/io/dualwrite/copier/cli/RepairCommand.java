package io.dualwrite.copier.cli;

import io.dualwrite.copier.Copier;
import java.sql.SQLException;
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
    private static final Duration PAUSE = Duration.ofSeconds(1);

    @Mixin
    private RunCommand runs = new RunCommand();

    @Option(names = "--watch", description = "Repairs again and again, until it is ended.")
    private boolean watch;

    @Override
    public Integer call() throws Exception {
        return watch ? runs.repeat(PAUSE, this::repair) : repair();
    }

    private int repair() throws SQLException, InterruptedException {
        return runs.onceFromAuthority(Copier::repair);
    }
}
