package io.dualwrite.copier.check;

import io.dualwrite.dialect.Column;
import io.dualwrite.dialect.TableShape;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * A table as one side has it. Immutable.
 *
 * @param columns what the catalogue says of each column, by name in lower case
 * @param firstIndexed the columns with which some index begins, in lower case
 * @param lacking what the user may not do with it
 */
record TableFacts(
        TableShape shape, Map<String, ColumnFacts> columns, Set<String> firstIndexed, RightsReader.Lacking lacking) {
    private static final ColumnFacts NOTHING =
            new ColumnFacts(null, null, null, null, new ColumnFacts.Collation("", false, false));

    ColumnFacts of(Column column) {
        return columns.getOrDefault(column.name.toLowerCase(Locale.ROOT), NOTHING);
    }
}
