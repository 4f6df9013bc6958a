package io.dualwrite.copier.check;

import io.dualwrite.dialect.Column;
import io.dualwrite.dialect.TableShape;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Rows are told apart alike: the same primary key, the same unique keys. */
final class KeysSame implements TableCheck {
    @Override
    public String name() {
        return "keys";
    }

    @Override
    public void look(TablePair pair, Findings findings) {
        TableShape from = pair.from().shape();
        TableShape to = pair.to().shape();
        if (from.key.isEmpty()) {
            findings.problem(
                    "it has no primary key on " + pair.source() + " and no unique key without NULL: its rows cannot be"
                            + " told apart",
                    "add a key on both sides, or name columns that tell rows apart and are NOT NULL (key." + pair.name()
                            + " = …), or leave it out: on neither list, with unlisted = refuse");
            return;
        }
        if (!names(from.key).equals(names(to.key))) {
            findings.problem(
                    "its key is (" + String.join(", ", names(from.key)) + ") on " + pair.source() + " and ("
                            + String.join(", ", names(to.key)) + ") on " + pair.target(),
                    "give both sides the same key, in the same order");
        } else if (!from.keyIsUnique) {
            findings.note(
                    "its rows are told apart by (" + String.join(", ", names(from.key))
                            + "), and no unique index sees to it on " + pair.source(),
                    "add a unique index on both sides");
        }
        for (String key : lacking(to, from)) {
            findings.problem(
                    key + " is unique on " + pair.target() + " only: rows that " + pair.source()
                            + " takes are refused there",
                    "drop the unique key on " + pair.target() + ", or add it on " + pair.source());
        }
        for (String key : lacking(from, to)) {
            findings.note(
                    key + " is unique on " + pair.source() + " only: from 5 on " + pair.target() + " takes rows that "
                            + pair.source() + " refuses",
                    "add the unique key on " + pair.target());
        }
    }

    private static List<String> names(List<Column> columns) {
        return columns.stream().map(TablePair::lower).toList();
    }

    /** The unique keys of the one that the other has neither as such nor as its primary key. */
    private static List<String> lacking(TableShape of, TableShape in) {
        Set<String> there = new TreeSet<>();
        in.secondaryKeys.forEach(key -> there.add(text(key)));
        there.add(text(names(in.key)));
        List<String> lacking = new ArrayList<>();
        for (List<String> key : of.secondaryKeys) {
            if (!there.contains(text(key))) {
                lacking.add(text(key));
            }
        }
        return lacking;
    }

    /** The order of the columns makes no difference to what is unique. */
    private static String text(List<String> columns) {
        return columns.stream()
                .map(name -> String.valueOf(name).toLowerCase(Locale.ROOT))
                .sorted()
                .collect(Collectors.joining(", ", "(", ")"));
    }
}
