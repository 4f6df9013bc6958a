package io.dualwrite.copier.cli;

import io.dualwrite.config.Settings;
import io.dualwrite.copier.Copier;
import io.dualwrite.copier.Progress;
import io.dualwrite.copier.RepairWatch;
import io.dualwrite.copier.Report;
import io.dualwrite.copier.Selection;
import io.dualwrite.copier.gate.AfterSync;
import io.dualwrite.copier.plan.Direction;
import io.dualwrite.copier.plan.WrongInput;
import java.io.PrintWriter;
import java.sql.SQLException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** What the commands that make a run have in common; a picocli mixin, so that no command inherits from another. */
public final class RunCommand {
    /** One run over an open copier. */
    interface Body {
        Report run(Copier copier) throws SQLException, InterruptedException;
    }

    @Mixin
    private FileOption file = new FileOption();

    @Mixin
    private DownOption down = new DownOption();

    @Mixin
    private OutputOption output = new OutputOption();

    @Spec(Spec.Target.MIXEE)
    private @Nullable CommandSpec spec;

    private final String id = Copier.newRun();

    /** Makes one run in the direction that was asked for and reports it. */
    int once(Body body) throws SQLException, InterruptedException {
        return once(down.direction(), body);
    }

    /** Makes one run from the authority, whichever side that is, unless a direction was asked for. */
    int onceFromAuthority(Body body) throws SQLException, InterruptedException {
        return once(down.given() ? Direction.DOWN : Copier.fromAuthority(file.settings()), body);
    }

    /** Makes a sync; of a whole one it says too what would keep it from opening the gate. */
    int sync(Selection selection) throws SQLException, InterruptedException {
        return once(copier -> {
            Report report = copier.sync(selection);
            Settings settings = file.settings();
            return settings.gate && selection.whole() ? report.with(stillShut(settings)) : report;
        });
    }

    /** The sync was made, whatever becomes of the look after it. */
    private @Nullable String stillShut(Settings settings) {
        try {
            return new AfterSync(settings, file.path().toString()).stillShut(down.direction());
        } catch (SQLException e) {
            return "The sync was made; whether it opens the gate could not be looked at: " + e.getMessage();
        }
    }

    /** Repairs from the authority, whichever side that is, until the process is asked to end. */
    int watchRepairs(Duration patience) throws SQLException {
        if (down.given()) {
            throw new WrongInput("repair --watch follows the authority by itself: leave --down out.");
        }
        try (Ending ending = Ending.ofProcess();
                RepairWatch watch = new RepairWatch(file::settings, Progress.SILENT)) {
            return new RepairLoop(watch, patience, output, line().getOut(), err()).until(ending);
        }
    }

    private int once(Direction direction, Body body) throws SQLException, InterruptedException {
        try (ConsoleProgress progress = ConsoleProgress.of(err());
                Copier copier = Copier.open(file.settings(), direction, id, progress)) {
            Report report = body.run(copier);
            progress.close();
            return tell(report);
        }
    }

    private int tell(Report report) {
        output.write(line().getOut(), report, out -> ReportText.write(out, report));
        return report.clean() ? ExitCode.FINE : ExitCode.DIFFERENCES;
    }

    /** Raises the generators, upward without old where old is dead and no longer needed. */
    int sequences(long margin) throws SQLException, InterruptedException {
        try {
            return once(copier -> copier.sequences(margin));
        } catch (SQLException failure) {
            if (down.given()) {
                throw failure;
            }
            return tell(Copier.sequencesAlone(file.settings(), id, margin, failure));
        }
    }

    /** A step of a repetition. */
    interface Round {
        int run() throws SQLException, InterruptedException;
    }

    /**
     * Repeats a round until the thread is interrupted or a round says that it may not go on. A round that fails is said and
     * tried again: the next one goes on where it ended.
     */
    int repeat(Duration pause, Round round) {
        int code = ExitCode.FINE;
        while (!Thread.currentThread().isInterrupted()) {
            try {
                code = round.run();
                Thread.sleep(pause.toMillis());
            } catch (SQLException failure) {
                code = ExitCode.FAILURE;
                err().println("This round failed, the next one follows in " + pause.toSeconds() + " s: "
                        + failure.getMessage());
                err().flush();
                if (!sleep(pause)) {
                    return code;
                }
            } catch (InterruptedException ended) {
                return code;
            }
        }
        return code;
    }

    private static boolean sleep(Duration pause) {
        try {
            Thread.sleep(pause.toMillis());
            return true;
        } catch (InterruptedException ended) {
            return false;
        }
    }

    private CommandLine line() {
        CommandSpec known = spec;
        if (known == null) {
            throw new IllegalStateException("picocli sets the command before it runs it");
        }
        return known.commandLine();
    }

    private PrintWriter err() {
        return line().getErr();
    }
}
