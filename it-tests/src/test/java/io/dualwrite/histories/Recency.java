package io.dualwrite.histories;

import static io.dualwrite.histories.Anomaly.Kind.STALE;
import static io.dualwrite.histories.Anomaly.Kind.WENT_BACK;

import io.dualwrite.ladder.Rung;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a reader may miss:
 *
 * <ol>
 *   <li>never a value whose append was acknowledged before the reader asked, on no rung;
 *   <li>never a value that another reader had been shown before this one asked, but for the visible gap: between the two
 *       commits of a crossing a reader on {@code STRICT_READ_NEW} may still miss what one on {@code STRICT_READ_OLD} saw. It
 *       is let pass only while the append is not answered and for no longer than the bound, and counted.
 * </ol>
 *
 * Values that a crossing left unknown are let pass, and counted, by the second.
 */
final class Recency {
    private final KeyHistory history;
    private final long longestGapNanos;
    private final Findings findings;
    private final Map<Integer, List<Operation>> witnesses = new HashMap<>();

    Recency(KeyHistory history, Duration longestGap, Findings findings) {
        this.history = history;
        this.longestGapNanos = longestGap.toNanos();
        this.findings = findings;
    }

    void run() {
        for (Operation read : history.reads()) {
            for (int value : read.values()) {
                witnesses.computeIfAbsent(value, one -> new ArrayList<>()).add(read);
            }
        }
        for (Operation read : history.reads()) {
            Set<Integer> seen = new HashSet<>(read.values());
            history.appends().forEach((value, append) -> {
                if (!seen.contains(value)) {
                    missed(read, value, append);
                }
            });
        }
    }

    private void missed(Operation read, int value, Operation append) {
        if (append.acknowledged() && append.endedBefore(read)) {
            report(STALE, read, value, "which was acknowledged " + micros(read, append) + " µs before");
            return;
        }
        for (Operation witness : witnesses.getOrDefault(value, List.of())) {
            if (witness.endedBefore(read) && !excused(witness, read, value, append)) {
                report(
                        WENT_BACK,
                        read,
                        value,
                        "which process " + witness.process() + " on "
                                + witness.invoked().rung() + " had seen " + micros(read, witness) + " µs before");
                return;
            }
        }
    }

    private boolean excused(Operation witness, Operation read, int value, Operation append) {
        if (history.wavers(value)) {
            findings.wavered();
            return true;
        }
        long gap = read.invoked().nanos() - witness.completed().nanos();
        if (witness.mayHaveRunOn(Rung.STRICT_READ_OLD)
                && read.mayHaveRunOn(Rung.STRICT_READ_NEW)
                && !append.endedBefore(read)
                && gap <= longestGapNanos) {
            findings.gap(gap);
            return true;
        }
        return false;
    }

    private static long micros(Operation read, Operation before) {
        return (read.invoked().nanos() - before.completed().nanos()) / 1_000;
    }

    private void report(Anomaly.Kind kind, Operation read, int value, String why) {
        findings.add(
                kind,
                "key " + history.key() + ": process " + read.process() + " on "
                        + read.invoked().rung() + " did not see " + value + ", " + why);
    }
}
