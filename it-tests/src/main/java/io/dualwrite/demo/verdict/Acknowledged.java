package io.dualwrite.demo.verdict;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What all instances together were told had committed, read from their journals while none of them has a request open.
 *
 * <p>A row's columns either are written by one worker alone, then the last state counts; or everybody adds to them, then
 * the first state and the sum of what was added count, in whatever order.
 */
public final class Acknowledged {

    /** What is known of one row. */
    private static final class Row {
        final Map<String, String> values = new LinkedHashMap<>();
        final Map<String, BigDecimal> added = new LinkedHashMap<>();
        boolean stated;
        boolean gone;
        boolean uncertain;
    }

    private final Map<String, Map<String, Row>> tables = new HashMap<>();
    private long writes;

    private Acknowledged() {}

    /** Reads the journals. */
    public static Acknowledged read(List<Path> journals) throws IOException {
        Acknowledged acknowledged = new Acknowledged();
        for (Path journal : journals) {
            if (Files.exists(journal)) {
                try (Stream<String> lines = Files.lines(journal)) {
                    lines.forEach(line -> acknowledged.add(line.split("\t", -1)));
                }
            }
        }
        return acknowledged;
    }

    /** How many writes of rows were acknowledged. */
    public long writes() {
        return writes;
    }

    private void add(String[] line) {
        Row row = tables.computeIfAbsent(line[3], table -> new HashMap<>()).computeIfAbsent(line[4], key -> new Row());
        if (!line[1].equals("acked")) {
            row.uncertain = true;
            return;
        }
        writes++;
        switch (line[2]) {
            case "-" -> {
                row.values.clear();
                row.stated = true;
                row.gone = true;
            }
            case "=" -> {
                row.stated = true;
                row.gone = false;
                pairs(line).forEach((column, value) -> row.values.put(column, value));
            }
            case "+" ->
                pairs(line).forEach((column, value) -> row.added.merge(column, new BigDecimal(value), BigDecimal::add));
            default -> throw new IllegalArgumentException("journal line of unknown kind: " + String.join(" ", line));
        }
    }

    private static Map<String, String> pairs(String[] line) {
        Map<String, String> pairs = new LinkedHashMap<>();
        for (int i = 5; i < line.length; i++) {
            int equals = line[i].indexOf('=');
            pairs.put(line[i].substring(0, equals), line[i].substring(equals + 1));
        }
        return pairs;
    }

    /**
     * Holds all that was acknowledged, and the rows of the first day, against a database.
     *
     * @param side the database's name for messages
     * @param first its rows before the first request
     * @param now its rows, with no request open
     */
    public List<Fault> against(String side, Rows first, Rows now) {
        List<Fault> faults = new ArrayList<>();
        for (Table table : Table.ALL) {
            if (!table.derived()) {
                againstTable(side, table.name(), first.of(table.name()), now.of(table.name()), faults);
            }
        }
        return faults;
    }

    private void againstTable(
            String side,
            String table,
            Map<String, Map<String, String>> first,
            Map<String, Map<String, String>> now,
            List<Fault> faults) {
        Map<String, Row> rows = tables.getOrDefault(table, Map.of());
        rows.forEach((key, row) -> {
            String wrong = row.uncertain ? null : whatIsWrong(row, first.get(key), now.get(key));
            if (wrong != null) {
                faults.add(new Fault(Fault.Kind.MISSING, table, key, wrong + ", on " + side));
            }
        });
        first.forEach((key, values) -> {
            if (!rows.containsKey(key) && !values.equals(now.get(key))) {
                String wrong = now.containsKey(key)
                        ? "nobody changed it, yet it changed"
                        : "nobody deleted it, yet it is gone";
                faults.add(new Fault(Fault.Kind.MISSING, table, key, wrong + ", on " + side));
            }
        });
        now.keySet().forEach(key -> {
            Row row = rows.get(key);
            boolean told = row != null && (row.stated || row.uncertain);
            if (!told && !first.containsKey(key)) {
                faults.add(new Fault(
                        Fault.Kind.SURPLUS,
                        table,
                        key,
                        "is there, and nobody was told that it was written, on " + side));
            }
        });
    }

    private static @Nullable String whatIsWrong(
            Row row, @Nullable Map<String, String> first, @Nullable Map<String, String> now) {
        if (row.gone) {
            return now == null ? null : "its delete was acknowledged, yet it is there";
        }
        if (now == null) {
            return "its write was acknowledged, yet it is not there";
        }
        Map<String, String> expected = new LinkedHashMap<>(row.values);
        row.added.forEach((column, sum) -> {
            String base =
                    row.values.containsKey(column) ? row.values.get(column) : first == null ? null : first.get(column);
            if (base != null) {
                expected.put(column, plain(new BigDecimal(base).add(sum)));
            }
        });
        for (var entry : expected.entrySet()) {
            String there = now.get(entry.getKey());
            if (!entry.getValue().equals(there)) {
                return entry.getKey() + " was acknowledged as " + entry.getValue() + ", yet it is " + there;
            }
        }
        return null;
    }

    private static String plain(BigDecimal number) {
        return number.signum() == 0 ? "0" : number.stripTrailingZeros().toPlainString();
    }
}
