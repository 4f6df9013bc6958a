package io.dualwrite.mirror;

import io.dualwrite.dialect.Column;
import io.dualwrite.dialect.RowImage;
import io.dualwrite.dialect.RowKey;
import io.dualwrite.dialect.TableShape;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a table that refers to itself, in an order in which they can be written one after the other: the server looks at a foreign
 * key at the end of a statement, and of these each is one. Used once, by one thread.
 */
final class Family {
    private final Map<RowKey, RowImage> left = new LinkedHashMap<>();
    private final Set<RowKey> onTheWay = new HashSet<>();
    private final List<RowImage> ordered = new ArrayList<>();
    private final List<TableShape.Reference> toItself;

    private Family(List<RowImage> images, List<TableShape.Reference> toItself) {
        this.toItself = toItself;
        for (RowImage image : images) {
            left.put(image.key(), image);
        }
    }

    /** The captured rows, each behind those that it refers to; as they came where the table does not refer to itself by its key. */
    static List<RowImage> parentsFirst(Captured captured) {
        Family family = of(captured);
        return family == null ? captured.images : family.ordered;
    }

    /** As {@link #parentsFirst}, each ahead of those that it refers to. */
    static List<RowImage> childrenFirst(Captured captured) {
        Family family = of(captured);
        if (family == null) {
            return captured.images;
        }
        Collections.reverse(family.ordered);
        return family.ordered;
    }

    /** Null where there is nothing to order. */
    private static @Nullable Family of(Captured captured) {
        List<RowImage> images = captured.images;
        List<TableShape.Reference> toItself = toItself(captured.table);
        if (images.size() < 2 || toItself.isEmpty()) {
            return null;
        }
        Family family = new Family(images, toItself);
        if (family.left.size() < images.size()) {
            // One key has come twice, and is then no family's.
            return null;
        }
        for (RowImage image : images) {
            family.add(image);
        }
        return family;
    }

    private static List<TableShape.Reference> toItself(TableShape table) {
        List<TableShape.Reference> found = new ArrayList<>(0);
        for (TableShape.Reference reference : table.references) {
            if (reference.parent.equals(table.name) && isWholeKey(reference.parentColumns, table)) {
                found.add(reference);
            }
        }
        return found;
    }

    private static boolean isWholeKey(List<String> columns, TableShape table) {
        boolean ofKey = columns.size() == table.key.size();
        for (String column : columns) {
            ofKey &= table.isKey(column);
        }
        return ofKey;
    }

    private void add(RowImage image) {
        ArrayDeque<RowImage> open = new ArrayDeque<>();
        open.push(image);
        while (!open.isEmpty()) {
            RowImage next = open.peek();
            RowKey key = next.key();
            if (!left.containsKey(key)) {
                open.pop();
            } else if (onTheWay.add(key)) {
                pushParents(next, open);
            } else {
                open.pop();
                left.remove(key);
                ordered.add(next);
            }
        }
    }

    /** But for one that is on the way already: then the rows refer to each other in a circle. */
    private void pushParents(RowImage child, ArrayDeque<RowImage> open) {
        for (TableShape.Reference reference : toItself) {
            RowImage parent = parent(child, reference);
            if (parent != null && !onTheWay.contains(parent.key())) {
                open.push(parent);
            }
        }
    }

    private @Nullable RowImage parent(RowImage image, TableShape.Reference reference) {
        List<Column> key = image.table.key;
        Object[] values = new Object[key.size()];
        for (int i = 0; i < reference.columns.size(); i++) {
            int at = image.indexOf(reference.columns.get(i));
            Object value = at < 0 ? null : image.values[at];
            if (value == null) {
                return null;
            }
            for (int j = 0; j < values.length; j++) {
                if (key.get(j).name.equalsIgnoreCase(reference.parentColumns.get(i))) {
                    values[j] = value;
                }
            }
        }
        return left.get(new RowKey(values));
    }
}
