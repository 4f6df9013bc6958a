package io.dualwrite.copier.cli;

import io.dualwrite.copier.Progress;
import java.io.PrintWriter;
import java.time.Duration;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/** Progress for people: a bar on a terminal, a plain line now and then elsewhere. Not thread-safe. */
final class ConsoleProgress implements Progress, AutoCloseable {
    private static final Duration BETWEEN_LINES = Duration.ofSeconds(5);

    private final PrintWriter err;
    private final boolean terminal;
    private @Nullable ProgressBar bar;
    private String what = "";
    private long rows;
    private long spokenNanos = System.nanoTime();

    ConsoleProgress(PrintWriter err, boolean terminal) {
        this.err = err;
        this.terminal = terminal;
    }

    /** A progress for this process's console. */
    @SuppressWarnings("SystemConsoleNull") // from JDK 22 on the bar also shows elsewhere, unless the console is asked
    static ConsoleProgress of(PrintWriter err) {
        String term = System.getenv("TERM");
        return new ConsoleProgress(err, term != null && !term.equals("dumb") && System.console() != null);
    }

    @Override
    public void begin(String step, long expected) {
        endBar();
        what = step;
        rows = 0;
        if (terminal) {
            bar = new ProgressBarBuilder()
                    .setTaskName(step)
                    .setInitialMax(expected)
                    .setUnit(" rows", 1)
                    .setStyle(ProgressBarStyle.ASCII)
                    .showSpeed()
                    .build();
        }
    }

    @Override
    public void advance(long more) {
        rows += more;
        ProgressBar shown = bar;
        if (shown != null) {
            shown.stepBy(more);
        } else if (System.nanoTime() - spokenNanos > BETWEEN_LINES.toNanos()) {
            spokenNanos = System.nanoTime();
            err.println(what + ": " + rows + " rows");
            err.flush();
        }
    }

    @Override
    public void note(String sentence) {
        endBar();
        err.println(sentence);
        err.flush();
    }

    private void endBar() {
        ProgressBar shown = bar;
        if (shown != null) {
            shown.close();
            bar = null;
        }
    }

    @Override
    public void close() {
        endBar();
    }
}
