package io.dualwrite.copier.cli;

import io.dualwrite.copier.gate.Retirement;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code dualwrite retire}. */
@Command(
        name = "retire",
        mixinStandardHelpOptions = true,
        description = "Drops the dualwrite_* tables on the sides that can be reached, once no instance uses them.")
public final class RetireCommand implements CliCommand {
    @Mixin
    private FileOption file = new FileOption();

    @Mixin
    private OutputOption output = new OutputOption();

    @Option(names = "--print", description = "Prints the SQL for a DBA to read, and does nothing.")
    private boolean print;

    @Option(names = "--yes", description = "Does it; without it the command only says what it would do.")
    private boolean yes;

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        Retirement retirement = new Retirement(file.settings(), file.path().toString());
        if (print) {
            Map<String, List<String>> sql = retirement.sql();
            output.write(
                    Console.out(spec),
                    sql,
                    out -> sql.forEach((side, statements) -> {
                        out.println("-- on " + side);
                        statements.forEach(statement -> out.println(statement + ";"));
                    }));
            return ExitCode.FINE;
        }
        Retirement.Report report = retirement.run(yes);
        output.write(Console.out(spec), report, out -> print(out, report));
        return report.done() ? ExitCode.FINE : ExitCode.USAGE;
    }

    private static void print(PrintWriter out, Retirement.Report report) {
        report.notes().forEach(out::println);
        String sides = String.join(" and ", report.sides());
        out.println(
                report.done()
                        ? "The dualwrite_* tables on " + sides + " are dropped."
                        : "Would drop the dualwrite_* tables on " + sides
                                + ": say so with --yes. Nothing was dropped.");
    }
}
