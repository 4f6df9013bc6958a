package io.dualwrite.copier.cli;

import io.dualwrite.copier.Report;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A run's report as text: one line a table, the differing rows, a closing sentence. */
final class ReportText {
    private static final int MOST_ROWS = 50;

    private record Head(String title, Function<Report.Table, @Nullable Object> value) {}

    private static final List<Head> HEADS = List.of(
            new Head("table", Report.Table::table),
            new Head("looked at", Report.Table::rowsLookedAt),
            new Head("on source", Report.Table::rowsOnSource),
            new Head("on target", Report.Table::rowsOnTarget),
            new Head("written", Report.Table::upserts),
            new Head("deleted", Report.Table::deletes),
            new Head("differ", Report.Table::differences),
            new Head("note", Report.Table::note));

    private ReportText() {}

    static void write(PrintWriter out, Report report) {
        List<Head> heads = HEADS.stream()
                .filter(head -> report.tables().stream().anyMatch(table -> head.value.apply(table) != null))
                .toList();
        List<List<String>> lines = new ArrayList<>();
        lines.add(heads.stream().map(Head::title).toList());
        for (Report.Table table : report.tables()) {
            lines.add(heads.stream().map(head -> text(head.value.apply(table))).toList());
        }
        if (!report.tables().isEmpty()) {
            grid(out, lines);
        }
        for (Report.Difference one :
                report.differing().stream().limit(MOST_ROWS).toList()) {
            out.println("  " + one.table() + " " + one.key() + ": " + one.what());
        }
        if (report.differences() > MOST_ROWS) {
            out.println("  … and " + (report.differences() - MOST_ROWS) + " more");
        }
        report.notes().forEach(out::println);
        if (report.shut() != null) {
            out.println(report.shut());
        }
        out.println(closing(report));
    }

    private static String closing(Report report) {
        String took = String.format(Locale.ROOT, "%.1f s", report.millis() / 1_000.0);
        return report.command() + " (" + report.direction() + "): " + outcome(report) + ", " + took;
    }

    private static String outcome(Report report) {
        if (report.differences() != 0) {
            return report.differences() == 1 ? "1 row differs" : report.differences() + " rows differ";
        }
        return report.shut() == null ? "fine" : "done, but the gate would stay shut";
    }

    private static String text(@Nullable Object value) {
        return value == null ? "" : value.toString();
    }

    private static void grid(PrintWriter out, List<List<String>> lines) {
        int columns = lines.get(0).size();
        int[] widths = new int[columns];
        for (List<String> line : lines) {
            for (int i = 0; i < columns; i++) {
                widths[i] = Math.max(widths[i], line.get(i).length());
            }
        }
        for (List<String> line : lines) {
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < columns; i++) {
                boolean number = i > 0 && !lines.get(0).get(i).equals("note");
                String pad = " ".repeat(widths[i] - line.get(i).length());
                text.append(i == 0 ? "" : "  ").append(number ? pad + line.get(i) : line.get(i) + pad);
            }
            out.println(text.toString().stripTrailing());
        }
    }
}
