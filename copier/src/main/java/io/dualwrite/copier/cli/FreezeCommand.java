package io.dualwrite.copier.cli;

import io.dualwrite.copier.Selection;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code dualwrite freeze}. */
@Command(
        name = "freeze",
        mixinStandardHelpOptions = true,
        description = "Copies Data B whole, deletes included, while its batches are stopped.")
public final class FreezeCommand implements CliCommand {
    @Mixin
    private RunCommand runs = new RunCommand();

    @Mixin
    private TablesOption tables = new TablesOption();

    @Override
    public Integer call() throws Exception {
        return runs.once(copier -> copier.freeze(tables.of(Selection.DATA_B)));
    }
}
