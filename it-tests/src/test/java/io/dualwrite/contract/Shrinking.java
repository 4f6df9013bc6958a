package io.dualwrite.contract;

import io.dualwrite.ladder.Rung;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Leaves out of a walk that failed what it takes no part in the failure. */
final class Shrinking {
    private static final Duration LONGEST = Duration.ofSeconds(60);

    private final Bench bench;
    private final Case failed;
    private final List<Rung> rungs;
    private final long end = System.nanoTime() + LONGEST.toNanos();

    private Shrinking(Bench bench, Case failed, List<Rung> rungs) {
        this.bench = bench;
        this.failed = failed;
        this.rungs = rungs;
    }

    /** The shortest walk found that still differs on a rung on which this one does, and how; empty for a case that is no walk. */
    static String told(Bench bench, Case failed, List<Rung> rungs) throws Exception {
        if (!(failed.body() instanceof Walk)) {
            return "";
        }
        Shrinking shrinking = new Shrinking(bench, failed, rungs);
        List<Step> shortest = shrinking.shortest(((Walk) failed.body()).steps(bench.fixture()));
        StringBuilder text = new StringBuilder("\nThe steps that it takes:");
        for (Step step : shortest) {
            text.append("\n    ").append(step.text());
        }
        shrinking.differences(shortest).forEach(line -> text.append("\n  ").append(line));
        return text.toString();
    }

    private List<Step> shortest(List<Step> steps) throws Exception {
        List<Step> rest = steps;
        for (int cut = Math.max(1, rest.size() / 2); cut > 0; cut /= 2) {
            boolean shorter = true;
            while (shorter) {
                shorter = false;
                for (int at = rest.size() - cut; at >= 0 && System.nanoTime() < end; at--) {
                    List<Step> fewer = new ArrayList<>(rest.subList(0, at));
                    fewer.addAll(rest.subList(at + cut, rest.size()));
                    if (!differences(fewer).isEmpty()) {
                        rest = fewer;
                        shorter = true;
                        at = Math.min(at, rest.size() - cut + 1);
                    }
                }
            }
        }
        return rest;
    }

    private List<String> differences(List<Step> steps) throws Exception {
        return bench.differences(new Case(failed.name(), failed.dual(), failed.writes(), new Walk(steps)), rungs);
    }
}
