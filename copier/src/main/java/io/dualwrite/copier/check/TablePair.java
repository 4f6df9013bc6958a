package io.dualwrite.copier.check;

import io.dualwrite.config.Manifest.DataClass;
import io.dualwrite.copier.plan.Direction;
import io.dualwrite.dialect.Column;
import java.util.Locale;
import java.util.function.BiConsumer;

/**
 * One table of the migration on both sides. Immutable.
 *
 * @param name the name in reports
 * @param from the table as the source has it
 * @param to the table as the target has it
 */
record TablePair(String name, DataClass dataClass, Direction direction, TableFacts from, TableFacts to) {
    /** The source's name: old, on the way up. */
    String source() {
        return direction.source().word();
    }

    /** The target's name: new, on the way up. */
    String target() {
        return direction.target().word();
    }

    /** Goes through the columns that both sides have. */
    void eachColumn(BiConsumer<Column, Column> step) {
        for (Column column : from.shape().columns) {
            Column other = to.shape().column(column.name);
            if (other != null) {
                step.accept(column, other);
            }
        }
    }

    static String lower(Column column) {
        return column.name.toLowerCase(Locale.ROOT);
    }
}
