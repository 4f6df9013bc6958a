package io.dualwrite.copier.plan;

import io.dualwrite.config.Manifest.DataClass;
import io.dualwrite.dialect.Column;
import io.dualwrite.dialect.TableShape;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One table of a run: how it looks on both sides and how rows are carried over. Immutable.
 *
 * @param name the table's name in reports and in {@code dualwrite_copy}
 * @param dataClass Data A or Data B
 * @param source the table on the source
 * @param target the table on the target
 * @param sourceColumns the columns that are copied, as the source has them
 * @param targetColumns the same columns, in the same order, as the target has them
 * @param lastModified the source's column that a write to a row moves forward, or null where rows must be compared
 */
public record TablePlan(
        String name,
        DataClass dataClass,
        TableShape source,
        TableShape target,
        List<Column> sourceColumns,
        List<Column> targetColumns,
        @Nullable Column lastModified) {

    /**
     * Pairs the two shapes of a table.
     *
     * @throws WrongInput if rows cannot be carried over: no key, another key, a column that the target lacks
     */
    public static TablePlan of(
            DataClass dataClass,
            TableShape source,
            TableShape target,
            @Nullable Column lastModified,
            Direction direction) {
        String name = source.name.table().toLowerCase(Locale.ROOT);
        String sourceWord = direction.source().word();
        String targetWord = direction.target().word();
        if (source.key.isEmpty()) {
            throw new WrongInput("Table " + name + " has no primary key and no unique key without NULL on " + sourceWord
                    + ", so its rows cannot be told apart: add a key, or name columns that tell them apart and are NOT NULL"
                    + " (key." + name + " = …), or leave the table out: on neither list, with unlisted = refuse.");
        }
        if (!names(source.key).equals(names(target.key))) {
            throw new WrongInput(
                    "Table " + name + " has the primary key (" + String.join(", ", names(source.key)) + ") on "
                            + sourceWord + " and (" + String.join(", ", names(target.key)) + ") on " + targetWord
                            + ": give both the same key, in the same order.");
        }
        List<Column> sourceColumns = new ArrayList<>();
        List<Column> targetColumns = new ArrayList<>();
        List<String> missing = new ArrayList<>();
        for (Column column : source.writable()) {
            Column other = target.column(column.name);
            if (other == null) {
                missing.add(column.name.toLowerCase(Locale.ROOT));
            } else if (!other.computed) {
                sourceColumns.add(column);
                targetColumns.add(other);
            }
        }
        if (!missing.isEmpty()) {
            throw new WrongInput("Table " + name + " lacks on " + targetWord + " what it has on " + sourceWord
                    + ": column " + String.join(", ", missing)
                    + ". Add it, or leave the table out: on neither list, with unlisted = refuse.");
        }
        return new TablePlan(
                name, dataClass, source, target, List.copyOf(sourceColumns), List.copyOf(targetColumns), lastModified);
    }

    /** The key's columns as the source has them, which are also the first thing that a keys-only scan reads. */
    public List<Column> sourceKey() {
        return source.key;
    }

    /** The key's columns as the target has them, in the same order. */
    public List<Column> targetKey() {
        return target.key;
    }

    private static List<String> names(List<Column> columns) {
        return columns.stream()
                .map(column -> column.name.toLowerCase(Locale.ROOT))
                .toList();
    }

    @Override
    public String toString() {
        return name;
    }
}
