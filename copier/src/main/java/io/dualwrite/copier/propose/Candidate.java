package io.dualwrite.copier.propose;

import io.dualwrite.copier.plan.LastModified;
import io.dualwrite.dialect.Column;
import io.dualwrite.dialect.TableShape;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A table that shall be classed. Immutable.
 *
 * @param name in lower case
 * @param parents the tables that it points to
 * @param lastModified its last-modified column, or null
 * @param keyed whether its rows can be told apart
 * @param generates whether a column generates keys
 */
record Candidate(
        String name,
        Set<String> parents,
        @Nullable String lastModified,
        boolean keyed,
        boolean generates,
        TableSize size,
        TableUse.Count use) {

    static Candidate of(TableShape shape, TableSize size, TableUse.Count use) {
        Set<String> parents = new TreeSet<>();
        shape.references.forEach(
                reference -> parents.add(reference.parent.table().toLowerCase(Locale.ROOT)));
        String name = shape.name.table().toLowerCase(Locale.ROOT);
        parents.remove(name);
        Column column = LastModified.find(shape);
        return new Candidate(
                name,
                parents,
                column == null ? null : column.name.toLowerCase(Locale.ROOT),
                !shape.key.isEmpty(),
                shape.columns.stream().anyMatch(one -> one.generatedKey),
                size,
                use);
    }
}
