package io.dualwrite.demo.verdict;

import java.util.Collection;
import java.util.Locale;
import java.util.stream.Collectors;

/** Writes a verdict for programs. */
public final class VerdictJson {
    private VerdictJson() {}

    /** The verdict as one JSON object. */
    public static String of(Verdict verdict) {
        Verdict.Load load = verdict.load();
        return "{\"good\":" + verdict.good()
                + ",\"requests\":" + load.requests()
                + ",\"requestsPerSecond\":" + String.format(Locale.ROOT, "%.1f", load.rate())
                + ",\"failed\":" + load.failed()
                + ",\"retried\":" + load.retried()
                + ",\"slowestMillis\":" + load.slowest().toMillis()
                + ",\"missing\":" + verdict.count(Fault.Kind.MISSING)
                + ",\"differing\":" + verdict.count(Fault.Kind.DIFFERING)
                + ",\"surplus\":" + verdict.count(Fault.Kind.SURPLUS)
                + ",\"broken\":" + text(verdict.broken())
                + ",\"tables\":" + tables(verdict)
                + ",\"faults\":" + faults(verdict)
                + ",\"failures\":" + texts(verdict.failures())
                + "}";
    }

    private static String tables(Verdict verdict) {
        return Table.ALL.stream()
                .map(Table::name)
                .map(name -> "{\"table\":" + text(name)
                        + ",\"rowsOnOld\":" + verdict.rowsOnOld(name)
                        + ",\"rowsOnNew\":" + verdict.rowsOnNew(name)
                        + ",\"differing\":" + verdict.count(Fault.Kind.DIFFERING, name)
                        + ",\"missing\":" + verdict.count(Fault.Kind.MISSING, name)
                        + "}")
                .collect(Collectors.joining(",", "[", "]"));
    }

    private static String faults(Verdict verdict) {
        return verdict.faults().stream()
                .map(fault -> "{\"kind\":" + text(fault.kind().name().toLowerCase(Locale.ROOT))
                        + ",\"table\":" + text(fault.table())
                        + ",\"key\":" + text(fault.key())
                        + ",\"text\":" + text(fault.text())
                        + "}")
                .collect(Collectors.joining(",", "[", "]"));
    }

    private static String texts(Collection<String> texts) {
        return texts.stream().map(VerdictJson::text).collect(Collectors.joining(",", "[", "]"));
    }

    private static String text(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                quoted.append('\\').append(c);
            } else if (c < ' ') {
                quoted.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
            } else {
                quoted.append(c);
            }
        }
        return quoted.append('"').toString();
    }
}
