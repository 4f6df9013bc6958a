package io.dualwrite.copier.cli;

import io.dualwrite.copier.check.CheckReport;
import io.dualwrite.copier.check.Compatibility;
import io.dualwrite.copier.check.Finding;
import io.dualwrite.copier.check.Level;
import java.io.PrintWriter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code dualwrite check}. */
@Command(
        name = "check",
        mixinStandardHelpOptions = true,
        description = "Looks whether the two databases allow a migration, table by table; changes nothing.")
public final class CheckCommand implements CliCommand {
    @Mixin
    private FileOption file = new FileOption();

    @Mixin
    private DownOption down = new DownOption();

    @Mixin
    private OutputOption output = new OutputOption();

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        CheckReport report = new Compatibility(file.settings(), down.direction(), file.listedNames()).check();
        output.write(Console.out(spec), report, out -> print(out, report));
        return report.possible() ? ExitCode.FINE : ExitCode.DIFFERENCES;
    }

    private static void print(PrintWriter out, CheckReport report) {
        for (Finding finding : report.findings()) {
            String table = finding.table();
            String level = finding.level() == Level.PROBLEM
                    ? "PROBLEM"
                    : finding.level().name().toLowerCase(Locale.ROOT);
            out.println(String.format(
                    Locale.ROOT,
                    "%-7s %-12s %s%s",
                    level,
                    finding.check(),
                    table == null ? "" : table + ": ",
                    finding.sentence()));
            if (finding.whatToDo() != null) {
                out.println(" ".repeat(21) + "do: " + finding.whatToDo());
            }
        }
        out.println("check (" + report.direction() + "): "
                + (report.possible()
                        ? "nothing stands in the way"
                        : report.problems() + (report.problems() == 1 ? " problem" : " problems")));
    }
}
