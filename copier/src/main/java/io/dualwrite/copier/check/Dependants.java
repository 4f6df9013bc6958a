package io.dualwrite.copier.check;

import io.dualwrite.dialect.TableShape;
import io.dualwrite.dialect.TableShape.Reference;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What a write does beyond its own row: foreign keys, cascades, triggers (R25, R30). */
final class Dependants implements TableCheck {
    @Override
    public String name() {
        return "dependants";
    }

    @Override
    public void look(TablePair pair, Findings findings) {
        triggers(pair, findings);
        Map<String, Reference> from = references(pair.from().shape());
        Map<String, Reference> to = references(pair.to().shape());
        from.forEach((key, reference) -> {
            Reference other = to.get(key);
            if (other == null) {
                findings.note(
                        "the foreign key " + key + " is missing on " + pair.target()
                                + ": from 5 on nobody checks it there"
                                + (reference.cascades ? ", and what it cascades on " + pair.source() + " stays" : ""),
                        "add it on " + pair.target());
            } else {
                cascades(pair, key, reference, other, findings);
            }
        });
        to.forEach((key, reference) -> {
            if (!from.containsKey(key)) {
                findings.problem(
                        "the foreign key " + key + " is on " + pair.target() + " only: rows that " + pair.source()
                                + " takes are refused there" + (reference.cascades ? ", others are changed by it" : ""),
                        "drop it on " + pair.target() + ", or add it on " + pair.source());
            }
        });
    }

    private static void cascades(TablePair pair, String key, Reference from, Reference to, Findings findings) {
        if (from.cascades && to.cascades) {
            findings.note(
                    "the foreign key " + key + " cascades: the rows that it changes are not mirrored one by one, each"
                            + " side changes its own",
                    "make sure that both cascade alike; verify finds where they did not");
        } else if (from.cascades != to.cascades) {
            String where = from.cascades ? pair.source() : pair.target();
            findings.problem(
                    "the foreign key " + key + " cascades on " + where
                            + " only: a write of its parent leaves other rows" + " there, and no mark says so",
                    "give both sides the same ON DELETE and ON UPDATE");
        }
    }

    private static void triggers(TablePair pair, Findings findings) {
        boolean from = !pair.from().shape().triggers.isEmpty();
        boolean to = !pair.to().shape().triggers.isEmpty();
        if (from && to) {
            findings.note(
                    "it has triggers on both sides: those on " + pair.target()
                            + " run once more for each row that is mirrored, copied or repaired",
                    "make sure that they do the same, that running for copied rows does no harm, and that one which sets columns of"
                            + " its own row gives the same over its own result; else drop it on " + pair.target()
                            + " until the fleet stands at 6");
        } else if (from) {
            findings.problem(
                    "it has triggers on " + pair.source() + " only: what they change in the row itself is carried over,"
                            + " what they write elsewhere is not mirrored",
                    "make the same triggers on " + pair.target() + ", or class what they write as Data B");
        } else if (to) {
            findings.problem(
                    "it has triggers on " + pair.target() + " only: they run for each row that is mirrored, copied or"
                            + " repaired, and may make it differ",
                    "drop them until the fleet stands at 6, or make them on " + pair.source() + " as well");
        }
    }

    /** The foreign keys by what they say, for their names may differ. */
    private static Map<String, Reference> references(TableShape shape) {
        Map<String, Reference> references = new TreeMap<>();
        for (Reference reference : shape.references) {
            references.put(
                    "(" + names(reference.columns) + ") to "
                            + reference.parent.table().toLowerCase(Locale.ROOT),
                    reference);
        }
        return references;
    }

    private static String names(List<String> columns) {
        return columns.stream().map(name -> name.toLowerCase(Locale.ROOT)).collect(Collectors.joining(", "));
    }
}
