package io.dualwrite.copier.propose;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Decides over the tables. Data A is the careful answer: a table counts as Data B only where statements show that it is derived,
 * or where there are none of it and its name says so. What a table of Data A points to is Data A. Not thread-safe.
 */
final class Classing {
    private static final Pattern DERIVED = Pattern.compile("(^|_)(hourly|daily|weekly|monthly|yearly|per_day|per_month"
            + "|summary|summaries|stat|stats|statistic|statistics|aggregate|aggregates|agg|rollup|rollups|report|reports"
            + "|total|totals|ranking|rankings)(_|$)");

    private final Map<String, Candidate> candidates = new TreeMap<>();
    private final Map<String, Set<String>> children = new TreeMap<>();
    private final Map<String, List<String>> whyA = new TreeMap<>();
    private final Map<String, List<String>> whyB = new TreeMap<>();

    Classing(Collection<Candidate> all) {
        for (Candidate candidate : all) {
            candidates.put(candidate.name(), candidate);
            for (String parent : candidate.parents()) {
                children.computeIfAbsent(parent, name -> new TreeSet<>()).add(candidate.name());
            }
        }
    }

    List<Proposal.Table> decide() {
        for (Candidate candidate : candidates.values()) {
            List<String> derived = derived(candidate);
            if (derived.isEmpty()) {
                whyA.put(candidate.name(), new ArrayList<>(List.of(used(candidate))));
            } else {
                whyB.put(candidate.name(), derived);
            }
        }
        List<String> open = new ArrayList<>(whyA.keySet());
        while (!open.isEmpty()) {
            String child = open.remove(open.size() - 1);
            for (String parent : candidate(child).parents()) {
                if (whyB.remove(parent) != null) {
                    whyA.put(
                            parent,
                            new ArrayList<>(
                                    List.of("looks derived, but " + child + ", which is Data A, points to it")));
                    open.add(parent);
                }
            }
        }
        return candidates.values().stream().map(this::table).toList();
    }

    private Candidate candidate(String name) {
        Candidate found = candidates.get(name);
        if (found == null) {
            throw new IllegalStateException("no table " + name);
        }
        return found;
    }

    /** What speaks for Data B; empty where nothing does. */
    private static List<String> derived(Candidate candidate) {
        TableUse.Count use = candidate.use();
        List<String> why = new ArrayList<>();
        if (use.byRow() > 0) {
            return why;
        }
        if (use.inBulk() > 0) {
            why.add("filled or emptied as a whole by " + use.inBulk() + " statements"
                    + (use.sources().isEmpty() ? "" : ", from " + String.join(", ", use.sources()))
                    + ", and never row by row");
        } else if (DERIVED.matcher(candidate.name()).find() && !candidate.generates()) {
            why.add("its name tells of derived rows, and no key is generated in it: see whether a batch fills it");
        }
        return why;
    }

    private static String used(Candidate candidate) {
        TableUse.Count use = candidate.use();
        if (use.byRow() > 0) {
            return "written row by row by " + use.byRow() + " statements"
                    + (use.inBulk() > 0 ? ", as a whole by " + use.inBulk() : "");
        }
        return use.read() > 0
                ? "read by " + use.read() + " statements, written by none"
                : "nothing says that it is derived";
    }

    private Proposal.Table table(Candidate candidate) {
        String name = candidate.name();
        List<String> decided = whyB.get(name);
        List<String> why = new ArrayList<>(decided == null ? whyA.getOrDefault(name, List.of()) : decided);
        if (!candidate.parents().isEmpty()) {
            why.add("points to " + String.join(", ", candidate.parents()));
        }
        Set<String> pointing = children.getOrDefault(name, Set.of());
        if (!pointing.isEmpty()) {
            why.add(String.join(", ", pointing) + (pointing.size() == 1 ? " points to it" : " point to it"));
        }
        if (decided == null) {
            why.add(
                    candidate.lastModified() == null
                            ? "no last-modified column, so that each copy compares it"
                            : "last-modified column " + candidate.lastModified());
        }
        if (!candidate.keyed()) {
            why.add("NO KEY: add one, or name columns that tell rows apart (key." + name + " = ...)");
        }
        why.add(candidate.size().described());
        return new Proposal.Table(
                name, decided == null ? "A" : "B", List.copyOf(why), neighbours(name), candidate.size());
    }

    private List<String> neighbours(String name) {
        Set<String> found = new TreeSet<>(Set.of(name));
        List<String> open = new ArrayList<>(List.of(name));
        while (!open.isEmpty()) {
            String one = open.remove(open.size() - 1);
            Set<String> next = new TreeSet<>(children.getOrDefault(one, Set.of()));
            next.addAll(candidate(one).parents());
            for (String other : next) {
                if (candidates.containsKey(other) && found.add(other)) {
                    open.add(other);
                }
            }
        }
        found.remove(name);
        return List.copyOf(found);
    }
}
