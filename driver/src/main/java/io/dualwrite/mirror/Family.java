package io.dualwrite.mirror;

import io.dualwrite.dialect.RowImage;
import io.dualwrite.dialect.RowKey;
import io.dualwrite.dialect.TableShape;
import java.util.ArrayDeque;
import java.util.ArrayList;
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
        List<RowImage> images = captured.images;
        List<TableShape.Reference> toItself = toItself(captured.table);
        if (images.size() < 2 || toItself.isEmpty()) {
            return new ArrayList<>(images);
        }
        Family family = new Family(images, toItself);
        // An image may come twice under one key, and is then no family's.
        if (family.left.size() < images.size()) {
            return new ArrayList<>(images);
        }
        for (RowImage image : images) {
            family.add(image);
        }
        return family.ordered;
    }

    private static List<TableShape.Reference> toItself(TableShape table) {
        List<TableShape.Reference> found = new ArrayList<>(0);
        for (TableShape.Reference reference : table.references) {
            if (reference.parent.equals(table.name) && reference.columns.size() == table.key.size()) {
                found.add(reference);
            }
        }
        return found;
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
        Object[] values = new Object[reference.columns.size()];
        for (int i = 0; i < values.length; i++) {
            int at = image.indexOf(reference.columns.get(i));
            Object value = at < 0 ? null : image.values[at];
            if (value == null) {
                return null;
            }
            values[i] = value;
        }
        return left.get(new RowKey(values));
    }
}
