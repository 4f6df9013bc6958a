package io.dualwrite.copier.check;

import io.dualwrite.dialect.Column;
import java.util.Objects;

/** What the columns demand and fill in by themselves: NOT NULL, defaults, computed values, generated keys. */
final class ColumnRules implements TableCheck {
    @Override
    public String name() {
        return "rules";
    }

    @Override
    public void look(TablePair pair, Findings findings) {
        pair.eachColumn((from, to) -> {
            computed(pair, from, to, findings);
            if (!from.computed && !to.computed) {
                nulls(pair, from, to, findings);
                generated(pair, from, to, findings);
                defaults(pair, from, to, findings);
            }
        });
    }

    private static void computed(TablePair pair, Column from, Column to, Findings findings) {
        if (from.computed && !to.computed) {
            findings.problem(
                    TablePair.lower(from) + " is computed on " + pair.source() + " and a plain column on "
                            + pair.target() + ": nothing is ever written into it there",
                    "make it a generated column on both sides, or on neither");
        } else if (to.computed && !from.computed) {
            findings.note(
                    TablePair.lower(from) + " is computed on " + pair.target() + " only: what " + pair.source()
                            + " has in it is neither copied nor compared",
                    "make sure that " + pair.target() + " computes the same");
        }
    }

    private static void nulls(TablePair pair, Column from, Column to, Findings findings) {
        if (from.nullable && !to.nullable) {
            findings.problem(
                    TablePair.lower(from) + " is NOT NULL on " + pair.target() + " and may be NULL on " + pair.source(),
                    "allow NULL on " + pair.target() + ", or forbid it on " + pair.source());
        } else if (!from.nullable && to.nullable) {
            findings.note(
                    TablePair.lower(from) + " may be NULL on " + pair.target() + " only: from 5 on rows with it are"
                            + " refused on " + pair.source(),
                    "forbid NULL on " + pair.target());
        }
    }

    private static void generated(TablePair pair, Column from, Column to, Findings findings) {
        if (from.generatedKey && !to.generatedKey) {
            findings.problem(
                    TablePair.lower(from) + " generates its values on " + pair.source() + " and not on " + pair.target()
                            + ": an INSERT that leaves it out fails once " + pair.target() + " answers",
                    "make it an identity, AUTO_INCREMENT or serial column on " + pair.target());
        } else if (to.generatedKey && !from.generatedKey) {
            findings.note(
                    TablePair.lower(from) + " generates its values on " + pair.target() + " only",
                    "run dualwrite sequences all the same: explicit values do not raise every generator");
        }
    }

    private static void defaults(TablePair pair, Column from, Column to, Findings findings) {
        String one = pair.from().of(from).defaultValue();
        String other = pair.to().of(to).defaultValue();
        if (from.generatedKey || to.generatedKey || Objects.equals(one, other)) {
            return;
        }
        String what = TablePair.lower(from) + " has " + (one == null ? "no default" : "the default " + one) + " on "
                + pair.source() + " and " + (other == null ? "none" : other) + " on " + pair.target();
        if (other == null && !to.nullable) {
            findings.problem(
                    what + ": an INSERT that leaves it out fails once " + pair.target() + " answers",
                    "give it the same default on " + pair.target());
        } else {
            findings.note(
                    what + ": up to 3 rows go over as " + pair.source() + " filled them, from 5 on " + pair.target()
                            + "'s counts",
                    "give both sides the same default, if somebody relies on it");
        }
    }
}
