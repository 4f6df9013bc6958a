package io.dualwrite.demo;

import java.io.PrintStream;
import java.util.Locale;
import java.util.stream.Collectors;

/** One line for each step and one every few seconds: for logs and pipes. */
final class PlainConsole implements Console {
    private static final int EVERY = 5;

    private final PrintStream out;
    private final long begun = System.nanoTime();
    private int shown;

    PlainConsole(PrintStream out) {
        this.out = out;
    }

    @Override
    public synchronized void say(String line) {
        out.println(clock(begun) + "  " + line);
    }

    @Override
    public synchronized void show(View view) {
        if (shown++ % EVERY != 0) {
            return;
        }
        String fleet = view.fleet().stream()
                .map(place -> place.from().isEmpty() ? place.rung() : place.from() + ">" + place.rung())
                .collect(Collectors.joining(" "));
        out.printf(
                Locale.ROOT,
                "%s    %s | %.0f requests/s, %,d in all, %d failed, slowest %d ms (now %d ms), marks %s%n",
                clock(begun),
                fleet,
                view.requestsPerSecond(),
                view.requests(),
                view.failed(),
                view.slowest().toMillis(),
                view.recentSlowest().toMillis(),
                view.marks() < 0 ? "-" : view.marks());
    }

    /** Minutes and seconds since the demo began. */
    static String clock(long begun) {
        long seconds = (System.nanoTime() - begun) / 1_000_000_000;
        return String.format(Locale.ROOT, "%02d:%02d", seconds / 60, seconds % 60);
    }

    @Override
    public void close() {}
}
