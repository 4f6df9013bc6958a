package io.dualwrite.histories;

import static io.dualwrite.histories.Anomaly.Kind.DUPLICATED;
import static io.dualwrite.histories.Anomaly.Kind.FAILED_YET_THERE;
import static io.dualwrite.histories.Anomaly.Kind.INVENTED;
import static io.dualwrite.histories.Anomaly.Kind.LOST;
import static io.dualwrite.histories.Anomaly.Kind.REORDERED;
import static io.dualwrite.histories.Anomaly.Kind.SIDES_DIFFER;
import static io.dualwrite.histories.Anomaly.Kind.SKIPPED;

import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * What a key's lists must be, whoever saw them and when:
 *
 * <ol>
 *   <li>every value in a list was asked for before, did not fail, and is there once;
 *   <li>every list is a beginning of the longest one;
 *   <li>of two values, that which was answered before the other was asked for stands first;
 *   <li>at the end every side that counts has every acknowledged value and every value that was read;
 *   <li>at the end all sides that count have the same list.
 * </ol>
 *
 * A value of unknown outcome may be there or not; where a crossing left it unknown, it may also come and go.
 */
final class KeyCheck {
    private final KeyHistory history;
    private final List<Integer> order;
    private final Findings findings;

    KeyCheck(KeyHistory history, Findings findings) {
        this.history = history;
        this.order = history.order();
        this.findings = findings;
    }

    void run() {
        for (Operation read : history.reads()) {
            String reader = "process " + read.process();
            wellFormed(reader, read.values());
            read.values().forEach(value -> notBeforeItWasAskedFor(read, value));
            beginsTheOrder(reader, read.values());
        }
        history.finals().forEach((side, list) -> {
            String end = side.word() + " at the end";
            wellFormed(end, list);
            beginsTheOrder(end, list);
            complete(end, list);
        });
        keepsTheOrderOfAnswers();
        sidesAgree();
    }

    private void wellFormed(String who, List<Integer> list) {
        Set<Integer> seen = new HashSet<>();
        for (int value : list) {
            Operation append = history.appends().get(value);
            if (append == null) {
                report(INVENTED, who + " has " + value + ", which nobody has written");
            } else if (append.failed()) {
                report(FAILED_YET_THERE, who + " has " + value + ", whose append failed: " + append.outcome());
            }
            if (!seen.add(value)) {
                report(DUPLICATED, who + " has " + value + " twice");
            }
        }
    }

    private void notBeforeItWasAskedFor(Operation read, int value) {
        Operation append = history.appends().get(value);
        if (append != null && read.endedBefore(append)) {
            report(INVENTED, "process " + read.process() + " saw " + value + " before anybody had asked for it");
        }
    }

    private void beginsTheOrder(String who, List<Integer> list) {
        List<Integer> settled = history.settled(list);
        for (int i = 0; i < settled.size(); i++) {
            if (!Objects.equals(settled.get(i), order.get(i))) {
                int expected = order.get(i);
                boolean there = settled.contains(expected);
                report(
                        there ? REORDERED : SKIPPED,
                        who + " has " + settled.get(i) + (there ? " before " : " without ") + expected
                                + ", which others have before it");
                return;
            }
        }
    }

    private void keepsTheOrderOfAnswers() {
        Operation earliest = null;
        for (int i = order.size() - 1; i >= 0; i--) {
            Operation append = history.appends().get(order.get(i));
            if (append == null) {
                continue;
            }
            if (earliest != null && earliest.endedBefore(append)) {
                report(
                        REORDERED,
                        append.request() + " was asked for after the answer to " + earliest.request()
                                + " and stands before it");
            }
            if (append.acknowledged()
                    && (earliest == null
                            || append.completed().nanos() < earliest.completed().nanos())) {
                earliest = append;
            }
        }
    }

    private void complete(String end, List<Integer> list) {
        Set<Integer> there = new HashSet<>(list);
        history.appends().forEach((value, append) -> {
            if (append.acknowledged() && !there.contains(value)) {
                report(LOST, end + " has not " + value + ", which was acknowledged");
            }
        });
        for (int value : order) {
            Operation append = history.appends().get(value);
            if (append != null && append.unknown() && !there.contains(value)) {
                report(LOST, end + " has not " + value + ", which was there before");
            }
        }
    }

    private void sidesAgree() {
        if (history.finals().values().stream().distinct().count() > 1) {
            report(SIDES_DIFFER, "at the end the sides hold " + history.finals());
        }
    }

    private void report(Anomaly.Kind kind, String what) {
        findings.add(kind, "key " + history.key() + ": " + what);
    }
}
