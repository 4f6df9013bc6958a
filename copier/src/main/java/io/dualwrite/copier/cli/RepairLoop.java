package io.dualwrite.copier.cli;

import io.dualwrite.copier.RepairWatch;
import io.dualwrite.copier.Report;
import io.dualwrite.copier.plan.WrongInput;
import java.io.PrintWriter;
import java.sql.SQLException;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * {@code dualwrite repair --watch}: a line for each round that did something, patience with servers that are away. Not
 * thread-safe.
 */
final class RepairLoop {
    private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT);
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

    private final RepairWatch watch;
    private final Duration patience;
    private final OutputOption output;
    private final PrintWriter out;
    private final PrintWriter err;
    private boolean worked;
    private @Nullable Long failingSinceNanos;
    private Duration pause = PAUSE;
    private int code = ExitCode.FINE;

    /** @param patience how long rounds may fail, one after the other, until it gives up */
    RepairLoop(RepairWatch watch, Duration patience, OutputOption output, PrintWriter out, PrintWriter err) {
        this.watch = watch;
        this.patience = patience;
        this.output = output;
        this.out = out;
        this.err = err;
    }

    /**
     * Repairs until the end is asked for or the thread is interrupted.
     *
     * @return the exit code that the last round asks for
     * @throws SQLException if a side stayed away for longer than the patience lasts
     * @throws WrongInput if the first round could not be followed
     */
    int until(Ending ending) throws SQLException {
        try {
            do {
                round();
            } while (!ending.comesWithin(pause));
        } catch (InterruptedException asked) {
            say("Interrupted: the repair ends.");
        }
        return code;
    }

    private void round() throws SQLException, InterruptedException {
        try {
            RepairWatch.Round round = watch.round();
            back();
            if (round != null) {
                tell(round);
            } else {
                code = ExitCode.FINE;
                pause = PAUSE;
            }
        } catch (WrongInput refused) {
            if (!worked || isOutOfPatience(refused)) {
                throw refused;
            }
        } catch (SQLException failure) {
            if (isOutOfPatience(failure)) {
                throw failure;
            }
        }
    }

    private void tell(RepairWatch.Round round) {
        Report report = round.report();
        code = report.clean() ? ExitCode.FINE : ExitCode.DIFFERENCES;
        if (round.didSomething()) {
            output.writeLine(out, report, line(round));
            pause = PAUSE;
        } else {
            pause = longer(pause);
        }
    }

    /** Marks that nothing can be done about must not keep the servers busy. */
    private static Duration longer(Duration pause) {
        Duration twice = pause.multipliedBy(2);
        return twice.compareTo(LONGEST_PAUSE) < 0 ? twice : LONGEST_PAUSE;
    }

    private static String line(RepairWatch.Round round) {
        Report report = round.report();
        String text = CLOCK.format(LocalTime.now(ZoneId.systemDefault())) + " repair (" + report.direction() + "): "
                + round.cleared() + " marks cleared, " + round.written() + " rows written, " + round.deleted()
                + " deleted";
        if (report.clean()) {
            return text;
        }
        String first = report.differing().stream()
                .findFirst()
                .map(one -> "; the first: " + one.table() + " " + one.key() + ": " + one.what())
                .orElse("");
        return text + ", " + report.differences() + " left" + first;
    }

    private boolean isOutOfPatience(Exception failure) {
        pause = PAUSE;
        Long since = failingSinceNanos;
        if (since == null) {
            failingSinceNanos = System.nanoTime();
            say("This round failed; trying again for up to " + patience.toSeconds() + " s: " + failure.getMessage());
            return false;
        }
        return System.nanoTime() - since > patience.toNanos();
    }

    private void back() {
        worked = true;
        Long since = failingSinceNanos;
        if (since != null) {
            failingSinceNanos = null;
            say("Both sides answer again, after "
                    + Duration.ofNanos(System.nanoTime() - since).toSeconds() + " s.");
        }
    }

    private void say(String sentence) {
        err.println(sentence);
        err.flush();
    }
}
