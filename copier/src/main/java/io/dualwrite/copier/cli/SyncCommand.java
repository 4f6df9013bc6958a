package io.dualwrite.copier.cli;

import io.dualwrite.copier.Selection;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code dualwrite sync}. */
@Command(
        name = "sync",
        mixinStandardHelpOptions = true,
        description = "The final sync of Data A while every instance writes on both sides: all rows, deletes included.")
public final class SyncCommand implements CliCommand {
    @Mixin
    private RunCommand runs = new RunCommand();

    @Mixin
    private TablesOption tables = new TablesOption();

    @Override
    public Integer call() throws Exception {
        return runs.sync(tables.of(Selection.DATA_A));
    }
}
