package io.dualwrite.copier.cli;

import io.dualwrite.copier.Selection;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code dualwrite verify}. */
@Command(
        name = "verify",
        mixinStandardHelpOptions = true,
        description = "Compares both databases table by table, and names every row that differs.")
public final class VerifyCommand implements CliCommand {
    /** The classes that {@code --data} names. */
    enum Data {
        A,
        B
    }

    @Mixin
    private RunCommand runs = new RunCommand();

    @Mixin
    private TablesOption tables = new TablesOption();

    @Option(
            names = "--data",
            paramLabel = "CLASS",
            description = "Only Data A or only Data B: ${COMPLETION-CANDIDATES} (default: both).")
    private @Nullable Data data;

    @Override
    public Integer call() throws Exception {
        return runs.once(copier -> copier.verify(tables.of(selection())));
    }

    private Selection selection() {
        if (data == null) {
            return Selection.ALL;
        }
        return data == Data.A ? Selection.DATA_A : Selection.DATA_B;
    }
}
