package io.dualwrite.copier.cli;

import io.dualwrite.copier.gate.Force;
import io.dualwrite.copier.plan.WrongInput;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code dualwrite force}. */
@Command(
        name = "force",
        mixinStandardHelpOptions = true,
        description =
                "Takes a fleet in 5 back to old alone while new is dead: lists what could be lost, and does it only"
                        + " with --accept-loss.")
public final class ForceCommand implements CliCommand {
    @Mixin
    private FileOption file = new FileOption();

    @Mixin
    private OutputOption output = new OutputOption();

    @Option(names = "--to", required = true, paramLabel = "PHASE", description = "The phase: 1.")
    private int to;

    @Option(names = "--accept-loss", description = "Gives up what is listed; without it nothing is written.")
    private boolean accept;

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        if (to != 1) {
            throw new WrongInput("--to " + to + " is not where force leads; it is 1");
        }
        Force.Report report = new Force(file.settings(), file.path().toString()).toOne(accept);
        output.write(Console.out(spec), report, out -> {
            report.losses().forEach(loss -> out.println((report.accepted() ? "given up: " : "could be lost: ") + loss));
            out.println(report.said());
        });
        return report.accepted() ? ExitCode.FINE : ExitCode.DIFFERENCES;
    }
}
