package io.dualwrite.histories;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What a check has found, and what it has let pass and why. */
final class Findings {
    private final List<Anomaly> anomalies = new ArrayList<>();
    private int gaps;
    private long longestGapNanos;
    private int wavered;
    private int halved;

    void add(Anomaly.Kind kind, String what) {
        anomalies.add(new Anomaly(kind, what));
    }

    /** A reader of new missed what a reader of old had seen, between the two commits of a crossing. */
    void gap(long nanos) {
        gaps++;
        longestGapNanos = Math.max(longestGapNanos, nanos);
    }

    /** A value whose outcome a crossing left unknown was seen and then not seen. */
    void wavered() {
        wavered++;
    }

    /** A reader of new saw half of a transfer whose outcome a crossing left unknown. */
    void halved() {
        halved++;
    }

    List<Anomaly> anomalies() {
        return List.copyOf(anomalies);
    }

    int gaps() {
        return gaps;
    }

    Duration longestGap() {
        return Duration.ofNanos(longestGapNanos);
    }

    int waverings() {
        return wavered;
    }

    int halves() {
        return halved;
    }

    @Override
    public String toString() {
        return anomalies.size() + " anomalies" + (anomalies.isEmpty() ? "" : " " + firstFew()) + "; " + gaps
                + " reads in the visible gap, the longest " + longestGapNanos / 1_000 + " µs; " + wavered
                + " reads of unknown outcomes that wavered, " + halved + " of their halves";
    }

    private List<Anomaly> firstFew() {
        return anomalies.subList(0, Math.min(8, anomalies.size()));
    }
}
