package io.dualwrite.copier.cli;

import io.dualwrite.copier.gate.Retreat;
import io.dualwrite.copier.plan.WrongInput;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code dualwrite retreat}. */
@Command(
        name = "retreat",
        mixinStandardHelpOptions = true,
        description =
                "Ends a crossing at once while a side is away: every instance goes to 3 and new is not asked, or with"
                        + " --to 5, where all read new already, goes on to 5 and old is not asked.")
public final class RetreatCommand implements CliCommand {
    @Mixin
    private FileOption file = new FileOption();

    @Mixin
    private OutputOption output = new OutputOption();

    @Option(
            names = "--to",
            defaultValue = "3",
            paramLabel = "PHASE",
            description = "3 (default) where new is away, 5 where old is away.")
    private int to;

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        Retreat retreat = new Retreat(file.settings(), file.path().toString());
        Retreat.Report report =
                switch (to) {
                    case 3 -> retreat.toThree();
                    case 5 -> retreat.toFive();
                    default -> throw new WrongInput("--to " + to + " is not where a retreat leads; it is 3 or 5");
                };
        output.write(Console.out(spec), report, out -> out.println(report.said()));
        return ExitCode.FINE;
    }
}
