package io.dualwrite.model;

import io.dualwrite.ladder.Rung;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The table of rules in {@code docs/proof.md}, held against the sources. What stands in backquotes in its last two columns is the
 * name of a class, a class and one of its tests, one of the model's switches ({@code Rule.R1}), or a rung.
 */
final class ProofTable {
    private static final int RULES = 30;
    private static final Pattern NAME = Pattern.compile("`([^`]+)`");
    private static final Pattern SWITCH = Pattern.compile("Rule\\.(R\\d+(?:_[A-Z]+)?)");

    private final Map<String, List<Path>> sources = new HashMap<>();

    /** @param root the directory that holds the modules */
    ProofTable(Path root) throws IOException {
        for (String module : List.of("driver", "copier", "it-tests")) {
            try (Stream<Path> files = Files.walk(root.resolve(module).resolve("src"))) {
                files.filter(file -> file.toString().endsWith(".java")).forEach(this::add);
            }
        }
    }

    private void add(Path file) {
        String name = file.getFileName().toString().replace(".java", "");
        sources.computeIfAbsent(name, any -> new ArrayList<>()).add(file);
    }

    /** All that is wrong with the table in this text. */
    List<String> faults(String text) throws IOException {
        List<String> faults = new ArrayList<>();
        Map<String, List<String>> rows = rows(text, faults);
        for (int rule = 1; rule <= RULES; rule++) {
            if (!rows.containsKey("R" + rule)) {
                faults.add("no row for R" + rule);
            }
        }
        for (Map.Entry<String, List<String>> row : rows.entrySet()) {
            check(row.getKey(), row.getValue(), faults);
        }
        for (Rule rule : Rule.values()) {
            List<String> cells = rows.get(rule.number());
            if (cells != null && !cells.get(2).contains("`Rule." + rule + "`")) {
                faults.add(rule.number() + " does not name the switch Rule." + rule);
            }
        }
        return faults;
    }

    private static Map<String, List<String>> rows(String text, List<String> faults) {
        Map<String, List<String>> rows = new HashMap<>();
        for (String line : text.split("\n", -1)) {
            if (line.matches("\\| R\\d+ \\|.*")) {
                List<String> cells =
                        Arrays.stream(line.split("\\|")).map(String::strip).toList();
                if (cells.size() != 5) {
                    faults.add(cells.get(1) + " has not four cells");
                } else if (rows.put(cells.get(1), cells.subList(2, 5)) != null) {
                    faults.add(cells.get(1) + " has two rows");
                }
            }
        }
        return rows;
    }

    private void check(String rule, List<String> cells, List<String> faults) throws IOException {
        Matcher names = NAME.matcher(cells.get(1) + " " + cells.get(2));
        while (names.find()) {
            if (!exists(names.group(1))) {
                faults.add(rule + " names " + names.group(1) + ", which is not there");
            }
        }
        boolean fails = NAME.matcher(cells.get(2)).find();
        if (!fails && !cells.get(2).contains("no test yet")) {
            faults.add(rule + " names nothing that fails without it, and does not say so");
        }
    }

    private boolean exists(String name) throws IOException {
        Matcher model = SWITCH.matcher(name);
        if (model.matches()) {
            return Arrays.stream(Rule.values()).anyMatch(rule -> rule.name().equals(model.group(1)));
        }
        if (Arrays.stream(Rung.values()).anyMatch(rung -> rung.name().equals(name))) {
            return true;
        }
        int dot = name.indexOf('.');
        for (Path file : sources.getOrDefault(dot < 0 ? name : name.substring(0, dot), List.of())) {
            if (dot < 0 || Files.readString(file).contains(" " + name.substring(dot + 1) + "(")) {
                return true;
            }
        }
        return false;
    }
}
