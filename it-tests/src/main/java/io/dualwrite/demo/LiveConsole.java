package io.dualwrite.demo;

import io.dualwrite.ladder.Rung;
import io.dualwrite.ladder.Side;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A panel that is drawn again and again at the foot of a terminal, while the operator's steps scroll by above it. */
final class LiveConsole implements Console {
    private static final String CLEAR = "\r\u001b[J";
    private static final String BOLD = "\u001b[1m";
    private static final String RED = "\u001b[31m";
    private static final String GREEN = "\u001b[32m";
    private static final String DIM = "\u001b[2m";
    private static final String PLAIN = "\u001b[0m";
    private static final int WIDTH = 78;

    private final PrintStream out;
    private final String title;
    private final long begun = System.nanoTime();
    private @Nullable View last;
    private int drawn;

    LiveConsole(PrintStream out, String title) {
        this.out = out;
        this.title = title;
    }

    @Override
    public synchronized void say(String line) {
        erase();
        out.println(DIM + PlainConsole.clock(begun) + PLAIN + "  " + line);
        draw();
    }

    @Override
    public synchronized void show(View view) {
        last = view;
        erase();
        draw();
    }

    private void erase() {
        if (drawn > 0) {
            out.print("\u001b[" + drawn + "A");
            out.print(CLEAR);
        }
        drawn = 0;
    }

    private void draw() {
        View view = last;
        if (view == null) {
            return;
        }
        List<String> panel = new ArrayList<>();
        panel.add(DIM + "-".repeat(WIDTH) + PLAIN);
        panel.add(BOLD + title + PLAIN + "   " + PlainConsole.clock(begun));
        Rung[] rungs = Rung.values();
        for (int i = rungs.length - 1; i >= 0; i--) {
            panel.add(rung(rungs[i], view));
        }
        String failed = (view.failed() == 0 ? GREEN : RED) + view.failed() + " failed" + PLAIN;
        panel.add(String.format(
                Locale.ROOT,
                "%,.0f requests/s, %,d in all, %s, slowest %d ms, now %d ms, marks %s",
                view.requestsPerSecond(),
                view.requests(),
                failed,
                view.slowest().toMillis(),
                view.recentSlowest().toMillis(),
                view.marks() < 0 ? "-" : view.marks()));
        panel.add(DIM + cut(waiting(view)) + PLAIN);
        panel.forEach(out::println);
        out.flush();
        drawn = panel.size();
    }

    private static String rung(Rung rung, View view) {
        String there = view.fleet().stream()
                .filter(place -> place.rung().equals(rung.name()))
                .map(LiveConsole::instance)
                .collect(Collectors.joining("  "));
        String line = String.format(Locale.ROOT, "  %-9s %-16s |%s| ", rung.phaseWord(), rung.name(), bar(rung));
        return there.isEmpty() ? DIM + line + PLAIN : line + BOLD + there + PLAIN;
    }

    /** Its name, the phase that its file asks for, and a star while it drains. */
    private static String instance(Console.Place place) {
        String asked = place.asked() == 0 ? "" : ":" + place.asked();
        return place.instance() + asked + (place.from().isEmpty() ? "" : "*");
    }

    /** Which sides the rung writes (w) and reads (r), old first. */
    private static String bar(Rung rung) {
        StringBuilder bar = new StringBuilder();
        for (var side : Side.values()) {
            bar.append(rung.uses(side) ? "w" : " ")
                    .append(rung.reads() == side ? "r" : " ")
                    .append(' ');
        }
        return bar.toString();
    }

    private static String waiting(View view) {
        return view.fleet().stream()
                .filter(place -> !place.note().isEmpty())
                .map(place -> place.instance() + ": " + place.note())
                .findFirst()
                .orElse("");
    }

    private static String cut(String line) {
        return line.length() <= WIDTH ? line : line.substring(0, WIDTH - 3) + "...";
    }

    @Override
    public synchronized void close() {
        erase();
        last = null;
    }
}
