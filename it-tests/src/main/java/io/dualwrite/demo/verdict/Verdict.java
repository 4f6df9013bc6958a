package io.dualwrite.demo.verdict;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What came out of a demo: filled while it runs, read when it has ended. Confined to the demo's own thread. */
public final class Verdict {

    /** What the instances counted, summed up. */
    public record Load(
            long requests, long failed, long retried, Duration slowest, String slowestName, Duration length) {

        /** Requests a second. */
        public double rate() {
            return length.isZero() ? 0 : requests * 1000.0 / length.toMillis();
        }
    }

    /** The databases were looked at once: where the fleet stood, which side counted, what was found. */
    public record Check(String when, String held, int rows, long writes, int faults) {}

    private final Set<Fault> faults = new LinkedHashSet<>();
    private final List<Check> checks = new ArrayList<>();
    private final List<String> failures = new ArrayList<>();
    private final Map<String, Integer> rowsOnOld = new LinkedHashMap<>();
    private final Map<String, Integer> rowsOnNew = new LinkedHashMap<>();
    private Load load = new Load(0, 0, 0, Duration.ZERO, "-", Duration.ZERO);
    private String broken = "";

    /** Notes what one check found. */
    public void checked(Check check, List<Fault> found) {
        checks.add(check);
        faults.addAll(found);
    }

    /** Notes how many rows the tables of a side had when it last counted. */
    public void counted(boolean old, Rows rows) {
        Map<String, Integer> counts = old ? rowsOnOld : rowsOnNew;
        Table.ALL.forEach(table -> counts.put(table.name(), rows.count(table.name())));
    }

    /** Notes what the instances counted, and what the first failed requests said. */
    public void load(Load sum, List<String> firstFailures) {
        load = sum;
        failures.clear();
        failures.addAll(firstFailures);
    }

    /** The walk ended before its end, for this reason. */
    public void broke(String reason) {
        broken = reason;
    }

    /** Why the walk ended early; empty if it did not. */
    public String broken() {
        return broken;
    }

    public Load load() {
        return load;
    }

    public List<Check> checks() {
        return checks;
    }

    public List<String> failures() {
        return failures;
    }

    public Set<Fault> faults() {
        return faults;
    }

    /** The rows of a table on old when it last counted, or -1. */
    int rowsOnOld(String table) {
        return rowsOnOld.getOrDefault(table, -1);
    }

    /** The rows of a table on new when it last counted, or -1. */
    int rowsOnNew(String table) {
        return rowsOnNew.getOrDefault(table, -1);
    }

    /** How many different rows are at fault in this way. */
    public long count(Fault.Kind kind) {
        return faults.stream()
                .filter(fault -> fault.kind() == kind)
                .map(fault -> fault.table() + ' ' + fault.key())
                .distinct()
                .count();
    }

    long count(Fault.Kind kind, String table) {
        return faults.stream()
                .filter(fault -> fault.kind() == kind && fault.table().equals(table))
                .map(Fault::key)
                .distinct()
                .count();
    }

    /** Whether no request failed, no acknowledged write is missing, no row differs, and the walk came to its end. */
    public boolean good() {
        return broken.isEmpty() && load.failed() == 0 && faults.isEmpty() && !checks.isEmpty();
    }
}
