package io.dualwrite.copier.cli;

import io.dualwrite.copier.gate.Initialisation;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code dualwrite init}. */
@Command(
        name = "init",
        mixinStandardHelpOptions = true,
        description = "Makes the dualwrite_* tables on both sides; harmless to run again.")
public final class InitCommand implements CliCommand {
    @Mixin
    private FileOption file = new FileOption();

    @Mixin
    private OutputOption output = new OutputOption();

    @Option(names = "--print", description = "Prints the SQL for a DBA to read, and does nothing.")
    private boolean print;

    @Option(
            names = "--rejoin",
            description =
                    "Takes old back after it was away, restored or replaced, while the fleet stands at 6; or new, where the"
                            + " fleet was forced to 1.")
    private boolean rejoin;

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        Initialisation initialisation =
                new Initialisation(file.settings(), file.path().toString());
        if (print) {
            Map<String, List<String>> sql = initialisation.sql();
            output.write(
                    Console.out(spec),
                    sql,
                    out -> sql.forEach((side, statements) -> {
                        out.println("-- on " + side);
                        statements.forEach(statement -> out.println(statement + ";"));
                    }));
            return ExitCode.FINE;
        }
        Initialisation.Report report = rejoin ? initialisation.rejoin() : initialisation.run();
        output.write(Console.out(spec), report, out -> report.notes().forEach(out::println));
        return ExitCode.FINE;
    }
}
