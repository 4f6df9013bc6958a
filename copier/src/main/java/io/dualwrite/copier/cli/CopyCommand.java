package io.dualwrite.copier.cli;

import io.dualwrite.copier.Selection;
import java.sql.SQLException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code dualwrite copy}. */
@Command(
        name = "copy",
        mixinStandardHelpOptions = true,
        description = "Copies Data A: all of it the first time, then what was changed, and deletes what is gone.")
public final class CopyCommand implements CliCommand {
    @Mixin
    private RunCommand runs = new RunCommand();

    @Mixin
    private TablesOption tables = new TablesOption();

    @Option(
            names = "--every",
            converter = DurationConverter.class,
            paramLabel = "DURATION",
            description = "Copies again and again with this pause, until it is ended.")
    private @Nullable Duration every;

    @Option(
            names = "--deletes",
            converter = DurationConverter.class,
            paramLabel = "DURATION",
            defaultValue = "10min",
            description = "With --every: look for deleted rows no more often than this (default: ${DEFAULT-VALUE}).")
    private Duration deletes = Duration.ofMinutes(10);

    private @Nullable Long deletedNanos;

    @Override
    public Integer call() throws Exception {
        Duration pause = every;
        return pause == null ? copy() : runs.repeat(pause, this::copy);
    }

    private int copy() throws SQLException, InterruptedException {
        Long last = deletedNanos;
        boolean due = last == null || System.nanoTime() - last >= deletes.toNanos();
        int code = runs.once(copier -> copier.copy(tables.of(Selection.DATA_A), due));
        if (due) {
            deletedNanos = System.nanoTime();
        }
        return code;
    }
}
