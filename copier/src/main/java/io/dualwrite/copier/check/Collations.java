package io.dualwrite.copier.check;

import io.dualwrite.dialect.Column;
import io.dualwrite.dialect.Kind;
import io.dualwrite.dialect.TableShape;
import java.util.ArrayList;
import java.util.List;

/** Texts are equal on both sides or on neither: above all in unique keys. */
final class Collations implements TableCheck {
    @Override
    public String name() {
        return "collations";
    }

    @Override
    public void look(TablePair pair, Findings findings) {
        List<String> elsewhere = new ArrayList<>();
        pair.eachColumn((from, to) -> {
            if (from.kind == Kind.TEXT && to.kind == Kind.TEXT) {
                ColumnFacts.Collation one = pair.from().of(from).collation();
                ColumnFacts.Collation other = pair.to().of(to).collation();
                boolean differ = one.ignoresCase() != other.ignoresCase();
                boolean padding = one.ignoresBlanks() != other.ignoresBlanks();
                if ((differ || padding) && isUnique(pair, from)) {
                    unique(pair, from, one, other, findings);
                } else if (differ) {
                    elsewhere.add(TablePair.lower(from));
                }
            }
        });
        if (!elsewhere.isEmpty()) {
            findings.note(
                    "case makes a difference on one side only in " + String.join(", ", elsewhere)
                            + ": queries find and order other rows once " + pair.target() + " is read",
                    "give both sides collations that compare alike, if the application relies on it");
        }
    }

    private static boolean isUnique(TablePair pair, Column column) {
        return isUnique(pair.from().shape(), column) || isUnique(pair.to().shape(), column);
    }

    private static boolean isUnique(TableShape shape, Column column) {
        return shape.isKey(column.name)
                || shape.secondaryKeys.stream()
                        .anyMatch(key -> key.stream().anyMatch(name -> column.name.equalsIgnoreCase(name)));
    }

    private static void unique(
            TablePair pair, Column column, ColumnFacts.Collation from, ColumnFacts.Collation to, Findings findings) {
        String what = TablePair.lower(column) + " is part of a unique key and compared otherwise: on " + pair.source()
                + " by " + from.described() + "; on " + pair.target() + " by " + to.described();
        boolean stricter = to.ignoresCase() && !from.ignoresCase();
        if (stricter) {
            findings.problem(
                    what + ". Rows that differ in case only are refused on " + pair.target(),
                    "give the column a collation on " + pair.target() + " that tells them apart");
        } else if (to.ignoresBlanks() && !from.ignoresBlanks() && from.ignoresCase() == to.ignoresCase()) {
            findings.note(
                    what + ". Rows that differ in blanks at the end only are refused on " + pair.target(),
                    "make sure that there are none, or give the column a NOPAD collation");
        } else {
            findings.note(
                    what + ". From 5 on " + pair.target() + " takes rows that " + pair.source() + " refuses",
                    "give both sides collations that compare alike");
        }
    }
}
