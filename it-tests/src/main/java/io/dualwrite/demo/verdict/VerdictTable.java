package io.dualwrite.demo.verdict;

import java.io.PrintStream;
import java.util.List;
import java.util.Locale;

/** Prints a verdict for people. */
public final class VerdictTable {
    private static final int SHOWN = 20;
    private static final String LINE = "-".repeat(78);

    private final PrintStream out;

    public VerdictTable(PrintStream out) {
        this.out = out;
    }

    /** Prints all of it. */
    public void print(Verdict verdict) {
        out.println(LINE);
        Verdict.Load load = verdict.load();
        say("requests", "%,d (%.0f a second)", load.requests(), load.rate());
        say("failed requests", "%,d", load.failed());
        say("retried once", "%,d", load.retried());
        say("slowest request", "%,d ms (%s)", load.slowest().toMillis(), load.slowestName());
        say("acknowledged writes missing", "%,d", verdict.count(Fault.Kind.MISSING));
        say("differing rows", "%,d", verdict.count(Fault.Kind.DIFFERING));
        say("rows that nobody was told of", "%,d", verdict.count(Fault.Kind.SURPLUS));
        out.println(LINE);
        for (Verdict.Check check : verdict.checks()) {
            out.printf(
                    Locale.ROOT,
                    "%-22s %-22s %,8d rows, %,8d acked writes: %s%n",
                    check.when(),
                    check.held(),
                    check.rows(),
                    check.writes(),
                    check.faults() == 0 ? "all there" : check.faults() + " faults");
        }
        out.println(LINE);
        tables(verdict);
        out.println(LINE);
        list("failed requests", verdict.failures());
        for (Fault.Kind kind : Fault.Kind.values()) {
            list(
                    kind.name().toLowerCase(Locale.ROOT),
                    verdict.faults().stream()
                            .filter(fault -> fault.kind() == kind)
                            .map(Fault::toString)
                            .toList());
        }
        if (!verdict.broken().isEmpty()) {
            out.println("The walk ended early: " + verdict.broken());
        }
        out.println(verdict.good() ? "GOOD: nobody noticed." : "BAD: see above.");
    }

    private void say(String what, String format, Object... values) {
        out.printf(Locale.ROOT, "%-30s %s%n", what, String.format(Locale.ROOT, format, values));
    }

    private void tables(Verdict verdict) {
        out.printf(
                Locale.ROOT,
                "%-18s %12s %12s %12s %10s %9s%n",
                "table",
                "rows on old",
                "rows on new",
                "differing",
                "missing",
                "surplus");
        for (Table table : Table.ALL) {
            String name = table.name();
            out.printf(
                    Locale.ROOT,
                    "%-18s %12s %12s %12s %10s %9s%n",
                    name + (table.derived() ? " (B)" : ""),
                    rows(verdict.rowsOnOld(name)),
                    rows(verdict.rowsOnNew(name)),
                    verdict.count(Fault.Kind.DIFFERING, name),
                    verdict.count(Fault.Kind.MISSING, name),
                    verdict.count(Fault.Kind.SURPLUS, name));
        }
    }

    private static String rows(int count) {
        return count < 0 ? "-" : String.format(Locale.ROOT, "%,d", count);
    }

    private void list(String what, List<String> lines) {
        if (lines.isEmpty()) {
            return;
        }
        out.println(what + ":");
        lines.stream().limit(SHOWN).forEach(line -> out.println("  " + line));
        if (lines.size() > SHOWN) {
            out.println("  and " + (lines.size() - SHOWN) + " more");
        }
    }
}
