package io.dualwrite.copier.cli;

import io.dualwrite.copier.gate.Gate;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code dualwrite sequences}. */
@Command(
        name = "sequences",
        mixinStandardHelpOptions = true,
        description = "Raises the target's key generators above all that the source has handed out; never lowers one.")
public final class SequencesCommand implements CliCommand {
    @Mixin
    private RunCommand runs = new RunCommand();

    @Option(
            names = "--margin",
            paramLabel = "N",
            defaultValue = "" + Gate.MARGIN,
            description = "How far above at least (default: ${DEFAULT-VALUE}); more where keys are handed out faster.")
    private long margin;

    @Override
    public Integer call() throws Exception {
        return runs.sequences(margin);
    }
}
