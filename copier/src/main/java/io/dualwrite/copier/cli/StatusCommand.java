package io.dualwrite.copier.cli;

import io.dualwrite.copier.gate.Status;
import java.io.PrintWriter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code dualwrite status}. */
@Command(
        name = "status",
        mixinStandardHelpOptions = true,
        description = "Shows the fleet, what it waits for, marks, the last runs, and the next step.")
public final class StatusCommand implements CliCommand {
    @Mixin
    private FileOption file = new FileOption();

    @Mixin
    private OutputOption output = new OutputOption();

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        Status.Report report = new Status(file.settings(), file.path().toString()).report();
        output.write(Console.out(spec), report, out -> print(out, report));
        return ExitCode.FINE;
    }

    private static void print(PrintWriter out, Status.Report report) {
        out.println("migration " + report.migration() + ", epoch " + report.epoch() + ", authority "
                + report.authority() + ", pass " + (report.pass() == null ? "none" : report.pass()));
        if (!report.gate()) {
            out.println("gate = off: no step of the fleet asks for a pass; that is for tests only");
        }
        for (Status.Instance one : report.instances()) {
            out.println(String.format(
                    Locale.ROOT,
                    "  %-20s %-16s asked for %d%s%s",
                    one.name(),
                    one.rung(),
                    one.asked(),
                    one.live() ? "" : ", last heard of " + one.silentSeconds() + " s ago",
                    one.movingFrom() == null ? "" : ", draining " + one.movingFrom()));
            if (one.waitsFor() != null) {
                out.println(" ".repeat(23) + one.waitsFor());
            }
        }
        report.markedRows().forEach((table, rows) -> out.println("marked: " + rows + " rows of " + table));
        report.markedTables().forEach(table -> out.println("marked: all of " + table));
        for (Status.Run run : report.runs()) {
            out.println("last " + run.kind() + " (" + run.direction() + "): " + run.state() + ", " + run.differences()
                    + " differences, " + run.secondsAgo() + " s ago");
        }
        report.troubles().forEach(out::println);
        out.println("next: " + report.nextStep());
    }
}
