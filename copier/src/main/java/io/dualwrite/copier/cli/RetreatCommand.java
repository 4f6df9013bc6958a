package io.dualwrite.copier.cli;

import io.dualwrite.copier.gate.Retreat;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code dualwrite retreat}. */
@Command(
        name = "retreat",
        mixinStandardHelpOptions = true,
        description = "Ends a crossing at once: every instance goes to 3, whatever its file says; new is not asked.")
public final class RetreatCommand implements CliCommand {
    @Mixin
    private FileOption file = new FileOption();

    @Mixin
    private OutputOption output = new OutputOption();

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        Retreat.Report report = new Retreat(file.settings(), file.path().toString()).toThree();
        output.write(Console.out(spec), report, out -> out.println(report.said()));
        return ExitCode.FINE;
    }
}
