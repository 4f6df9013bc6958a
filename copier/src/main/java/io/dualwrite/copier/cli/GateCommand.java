package io.dualwrite.copier.cli;

import io.dualwrite.config.Settings;
import io.dualwrite.copier.gate.Finding;
import io.dualwrite.copier.gate.Gate;
import io.dualwrite.copier.gate.GateReport;
import io.dualwrite.copier.plan.WrongInput;
import io.dualwrite.ladder.Phase;
import java.io.PrintWriter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code dualwrite gate}. */
@Command(
        name = "gate",
        mixinStandardHelpOptions = true,
        description = "Asks whether the fleet may go on to a phase; if so writes the pass, if not says why.")
public final class GateCommand implements CliCommand {
    @Mixin
    private FileOption file = new FileOption();

    @Mixin
    private OutputOption output = new OutputOption();

    @Option(names = "--to", required = true, paramLabel = "PHASE", description = "The phase: 1, 3, 5 or 6.")
    private int to;

    @Option(names = "--dry-run", description = "Checks only, and writes no pass.")
    private boolean dry;

    @Option(names = "--end-sessions", description = "First ends the sessions of dead instances at both servers.")
    private boolean endSessions;

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        Settings settings = file.settings();
        Gate gate = new Gate(settings, file.path().toString());
        if (dry && endSessions) {
            throw new WrongInput("--dry-run ends no session; leave one of the two out");
        }
        GateReport report =
                dry ? gate.look(phase()) : endSessions ? gate.askAndEndSessions(phase()) : gate.ask(phase());
        output.write(Console.out(spec), report, out -> print(out, report));
        return report.open() ? ExitCode.FINE : ExitCode.DIFFERENCES;
    }

    private Phase phase() {
        try {
            return Phase.of(to);
        } catch (IllegalArgumentException e) {
            throw new WrongInput("--to " + to + " is no phase; it is one of 1, 3, 5, 6", e);
        }
    }

    private void print(PrintWriter out, GateReport report) {
        report.ended().forEach(session -> out.println("ended " + session));
        for (Finding finding : report.findings()) {
            out.println(String.format(
                    Locale.ROOT, "%-5s %-10s %s", finding.fine() ? "ok" : "SHUT", finding.check(), finding.reason()));
            if (finding.command() != null) {
                out.println(" ".repeat(17) + "run: " + finding.command());
            }
        }
        String way = "gate " + report.from() + " to " + report.to() + ": ";
        String next = dry ? "open" : "open; set phase = " + report.to() + " in the instances' files";
        out.println(way
                + (report.open()
                        ? next
                        : "shut by " + report.shut().size() + " of "
                                + report.findings().size()));
    }
}
