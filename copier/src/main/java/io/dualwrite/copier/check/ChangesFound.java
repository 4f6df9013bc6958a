package io.dualwrite.copier.check;

import io.dualwrite.config.Manifest.DataClass;
import io.dualwrite.config.Settings;
import io.dualwrite.copier.plan.LastModified;
import io.dualwrite.copier.plan.WrongInput;
import io.dualwrite.dialect.Column;
import io.dualwrite.dialect.TableShape;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The incremental copy finds what was changed: a last-modified column, and an index that leads to it. */
final class ChangesFound implements TableCheck {
    private final Settings settings;

    ChangesFound(Settings settings) {
        this.settings = settings;
    }

    @Override
    public String name() {
        return "lastModified";
    }

    @Override
    public void look(TablePair pair, Findings findings) {
        if (pair.dataClass() != DataClass.A) {
            return;
        }
        TableShape shape = pair.from().shape();
        Column column;
        try {
            column = column(shape);
        } catch (WrongInput wrong) {
            findings.problem(String.valueOf(wrong.getMessage()), "correct the properties file");
            return;
        }
        if (column == null) {
            findings.note(
                    "it has no last-modified column on " + pair.source() + ": each copy compares all of its rows",
                    "name the column (lastModified." + pair.name()
                            + " = …) if there is one; for a small table this is fine");
        } else if (!isIndexed(pair.from().firstIndexed(), column)) {
            findings.note(
                    "no index begins with its last-modified column " + TablePair.lower(column) + " on " + pair.source()
                            + ": each copy reads the whole table to find what was changed",
                    "create an index on it, if the table is large");
        } else if (column.nullable) {
            findings.note(
                    "its last-modified column " + TablePair.lower(column) + " may be NULL: each copy takes all rows"
                            + " without one",
                    "fill it in everywhere and make it NOT NULL");
        }
    }

    private @Nullable Column column(TableShape shape) {
        String named = settings.lastModified(shape.name);
        return named == null ? LastModified.find(shape) : LastModified.named(shape, named);
    }

    private static boolean isIndexed(Set<String> firstIndexed, Column column) {
        return firstIndexed.contains(TablePair.lower(column));
    }
}
