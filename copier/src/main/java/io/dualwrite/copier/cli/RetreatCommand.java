package io.dualwrite.copier.cli;

import io.dualwrite.copier.gate.Gate;
import java.util.List;
import java.util.Map;
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
        List<String> crossing = new Gate(file.settings(), file.path().toString()).retreat();
        output.write(
                Console.out(spec),
                Map.of("retreats", crossing),
                out -> out.println(
                        (crossing.isEmpty() ? "no instance is crossing" : String.join(", ", crossing) + " go to 3")
                                + "; no file counts as asking for more until dualwrite gate --to 5 opens again"));
        return ExitCode.FINE;
    }
}
