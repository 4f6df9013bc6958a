package io.dualwrite.simulation;

import java.util.ArrayList;
import java.util.List;

/** What happened, line by line. */
final class Story {
    private static final int LONGEST_LINE = 240;

    private final Scheduler scheduler;
    private final List<String> lines = new ArrayList<>();

    Story(Scheduler scheduler) {
        this.scheduler = scheduler;
    }

    void tell(String what) {
        String line = scheduler.now() / 1_000 + " us " + Thread.currentThread().getName() + ": " + what;
        lines.add(line.length() <= LONGEST_LINE ? line : line.substring(0, LONGEST_LINE));
    }

    List<String> lines() {
        return List.copyOf(lines);
    }
}
