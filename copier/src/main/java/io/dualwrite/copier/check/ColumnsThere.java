package io.dualwrite.copier.check;

import io.dualwrite.dialect.Column;
import io.dualwrite.dialect.TableShape;
import java.util.List;

/** Both sides have the same columns: what one lacks cannot be carried over, upward or back. */
final class ColumnsThere implements TableCheck {
    @Override
    public String name() {
        return "columns";
    }

    @Override
    public void look(TablePair pair, Findings findings) {
        List<String> lacking = missing(pair.from().shape(), pair.to().shape());
        if (!lacking.isEmpty()) {
            findings.problem(
                    pair.target() + " lacks the columns " + String.join(", ", lacking) + ", which " + pair.source()
                            + " has",
                    "add them on " + pair.target());
        }
        List<String> extra = missing(pair.to().shape(), pair.from().shape());
        if (!extra.isEmpty()) {
            findings.problem(
                    pair.source() + " lacks the columns " + String.join(", ", extra) + ", which " + pair.target()
                            + " has: there is no way back for them, and no repair from " + pair.target(),
                    "add them on " + pair.source() + ", or drop them on " + pair.target());
        }
    }

    private static List<String> missing(TableShape of, TableShape on) {
        return of.writable().stream()
                .filter(column -> on.column(column.name) == null)
                .map((Column column) -> TablePair.lower(column))
                .toList();
    }
}
