package io.dualwrite.bench;

import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * One line of the report: what was measured of whom, over all forks.
 *
 * @param part h2, stub, memory, classifier, trips, p50 or throughput
 * @param what the benchmark, or the object
 * @param who the contender, or how it was measured
 * @param median what is held against the target
 * @param least the least of all forks
 * @param most the most of all forks
 * @param unit of these three
 * @param nanos median of the plain time, NaN where it is no time
 * @param bytes allocated an operation beyond the bare driver, NaN where that was not measured
 * @param target the bound, NaN where there is none
 * @param floor whether the target is the least allowed instead of the most
 */
record Figures(
        String part,
        String what,
        String who,
        double median,
        double least,
        double most,
        String unit,
        double nanos,
        double bytes,
        double target,
        boolean floor) {

    static Figures of(String part, String what, String who, List<Double> values, String unit) {
        List<Double> sorted = values.stream().sorted().toList();
        return new Figures(
                part,
                what,
                who,
                median(values),
                sorted.get(0),
                sorted.get(sorted.size() - 1),
                unit,
                Double.NaN,
                Double.NaN,
                Double.NaN,
                false);
    }

    Figures timed(double medianNanos, double bytesBeyond) {
        return new Figures(part, what, who, median, least, most, unit, medianNanos, bytesBeyond, target, floor);
    }

    Figures atMost(double bound) {
        return new Figures(part, what, who, median, least, most, unit, nanos, bytes, bound, false);
    }

    Figures atLeast(double bound) {
        return new Figures(part, what, who, median, least, most, unit, nanos, bytes, bound, true);
    }

    /** Whether the median keeps the target; true where there is none. */
    boolean met() {
        return Double.isNaN(target) || (floor ? median >= target : median <= target);
    }

    static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }

    /** The forks' values against the bare driver's of the same rounds. */
    static List<Double> against(List<Double> values, List<Double> bare, boolean ratio) {
        return IntStream.range(0, values.size())
                .mapToObj(round -> ratio ? values.get(round) / bare.get(round) : values.get(round) - bare.get(round))
                .toList();
    }

    static final String HEAD = String.format(
            "%-10s %-15s %-17s %10s %12s %-17s %23s %10s %12s",
            "part", "what", "who", "ns", "median", "", "least .. most", "B beyond", "target");

    String row() {
        return String.format(
                Locale.ROOT,
                "%-10s %-15s %-17s %10s %12s %-17s %23s %10s %12s",
                part,
                what,
                who,
                number(nanos),
                number(median),
                unit,
                number(least) + " .. " + number(most),
                number(bytes),
                Double.isNaN(target) ? "" : (floor ? ">= " : "<= ") + number(target) + (met() ? "" : " !"));
    }

    private String number(double value) {
        if (Double.isNaN(value)) {
            return "";
        }
        return unit.startsWith("x") && Math.abs(value) < 100 && value != nanos && value != bytes
                ? String.format(Locale.ROOT, "%.3f", value)
                : String.format(Locale.ROOT, Math.abs(value) < 1000 ? "%.1f" : "%,.0f", value);
    }

    String json() {
        return String.format(
                Locale.ROOT,
                "{\"part\": \"%s\", \"what\": \"%s\", \"who\": \"%s\", \"median\": %s, \"least\": %s, \"most\": %s,"
                        + " \"unit\": \"%s\", \"nanos\": %s, \"bytesBeyond\": %s, \"target\": %s, \"met\": %s}",
                part,
                what,
                who,
                jsonNumber(median),
                jsonNumber(least),
                jsonNumber(most),
                unit,
                jsonNumber(nanos),
                jsonNumber(bytes),
                jsonNumber(target),
                met());
    }

    private static String jsonNumber(double value) {
        return Double.isNaN(value) ? "null" : String.format(Locale.ROOT, "%.4f", value);
    }
}
