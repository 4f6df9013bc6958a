package io.dualwrite.copier.gate;

import io.dualwrite.config.Manifest;
import io.dualwrite.dialect.OwnTables;
import io.dualwrite.ladder.Pass;
import io.dualwrite.sql.TableName;

/** No table is marked as a whole, and no row for long: what was swallowed is mended. */
final class MarksMended implements Check {
    @Override
    public boolean applies(Facts facts) {
        return facts.crossing() || facts.pass() == Pass.ONE_TO_THREE;
    }

    /** Whether every table that is marked as a whole is Data B's. */
    private static boolean dataB(Facts facts) {
        return facts.marks().whole().stream()
                .allMatch(table -> !table.equals(OwnTables.ANY_TABLE)
                        && facts.settings().manifest.classOf(TableName.of(table)) == Manifest.DataClass.B);
    }

    @Override
    public Finding look(Facts facts) {
        MarkTally marks = facts.marks();
        if (!marks.whole().isEmpty()) {
            return Finding.shut(
                    "marks",
                    "marked as a whole: " + String.join(", ", marks.whole()),
                    facts.command(dataB(facts) ? "freeze" : "repair"));
        }
        boolean mended = marks.none() || marks.oldestMillis() <= MarkTally.YOUNG.toMillis();
        return mended
                ? Finding.fine(
                        "marks", marks.none() ? "nothing is marked" : marks.total() + " rows, all marked just now")
                : Finding.shut(
                        "marks",
                        marks.total() + " rows are marked in "
                                + String.join(", ", marks.rows().keySet()) + ", the oldest for "
                                + marks.oldestMillis() / 1_000 + " s",
                        facts.command("repair"));
    }
}
