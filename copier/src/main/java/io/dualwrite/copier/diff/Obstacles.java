package io.dualwrite.copier.diff;

import io.dualwrite.copier.convert.KeyOrder;
import io.dualwrite.copier.plan.CopyPlan;
import io.dualwrite.copier.plan.TablePlan;
import io.dualwrite.copier.read.Source;
import io.dualwrite.copier.write.Target;
import io.dualwrite.dialect.RowImage;
import io.dualwrite.dialect.RowKey;
import io.dualwrite.dialect.TableShape;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Finds the rows that must go first before a row can be written: parents that it points to, rows that hold its unique values. */
final class Obstacles {
    private static final int LARGEST_GROUP = 100;

    /** A row that another one points to. */
    record Parent(TablePlan table, RowKey key) {}

    private final CopyPlan plan;
    private final Source source;
    private final Target target;
    private final Set<String> entered = new HashSet<>();

    Obstacles(CopyPlan plan, Source source, Target target) {
        this.plan = plan;
        this.source = source;
        this.target = target;
    }

    /** Notes that a parent is being sent along; false if it already is, as in a ring of foreign keys. */
    boolean enter(Parent parent) {
        return entered.add(parent.table.name() + ' ' + parent.key.text());
    }

    void leave(Parent parent) {
        entered.remove(parent.table.name() + ' ' + parent.key.text());
    }

    /** The rows to which the source's row points, as far as they are reached by their primary keys. */
    List<Parent> parents(TablePlan table, RowKey key) throws SQLException {
        return parents(table, List.of(key));
    }

    /** The rows to which these rows of the source point, each once for each that points to it. */
    List<Parent> parents(TablePlan table, List<RowKey> keys) throws SQLException {
        List<Parent> parents = new ArrayList<>();
        for (RowImage row : sourceRows(table, keys).values()) {
            addParents(table, row, parents);
        }
        return parents;
    }

    private void addParents(TablePlan table, RowImage row, List<Parent> parents) {
        for (TableShape.Reference reference : table.target().references) {
            TablePlan parent = plan.find(reference.parent.table());
            if (parent != null && parent.targetKey().size() == reference.columns.size()) {
                Object[] values = new Object[reference.columns.size()];
                boolean whole = true;
                for (int i = 0; i < values.length; i++) {
                    Object value = value(table, row, reference.columns.get(i));
                    whole &= value != null;
                    values[i] = value == null ? "" : value;
                }
                if (whole) {
                    parents.add(new Parent(parent, new RowKey(values)));
                }
            }
        }
    }

    private static @Nullable Object value(TablePlan table, RowImage row, String column) {
        for (int i = 0; i < table.targetColumns().size(); i++) {
            if (table.targetColumns().get(i).name.equalsIgnoreCase(column)) {
                return row.values[i];
            }
        }
        return null;
    }

    /**
     * The row and all rows of the target that stand in its way through a unique key, and in theirs. The last to be found
     * comes first: it frees its value for the one before.
     */
    List<RowKey> rivals(TablePlan table, KeyOrder order, RowKey key) throws SQLException {
        Set<RowKey> known = new TreeSet<>(order);
        List<RowKey> group = new ArrayList<>();
        Deque<RowKey> open = new ArrayDeque<>();
        open.add(key);
        known.add(key);
        while (!open.isEmpty() && group.size() < LARGEST_GROUP) {
            RowKey next = open.remove();
            group.add(next);
            RowImage row = sourceRow(table, next);
            if (row != null) {
                for (RowKey holder : target.holdersOfUniqueValues(table, row)) {
                    if (known.add(holder)) {
                        open.add(holder);
                    }
                }
            }
        }
        target.release();
        Collections.reverse(group);
        return group;
    }

    /** Whether rows of the table may be taken out and put in again in one transaction without touching other tables. */
    boolean mayReinsert(TablePlan table) {
        return !plan.isReferenced(table);
    }

    private @Nullable RowImage sourceRow(TablePlan table, RowKey key) throws SQLException {
        return sourceRows(table, List.of(key)).get(key);
    }

    private SortedMap<RowKey, RowImage> sourceRows(TablePlan table, List<RowKey> keys) throws SQLException {
        KeyOrder order =
                KeyOrder.of(table, source.dialect().vendor(), target.dialect().vendor());
        try {
            return source.rows(table, order, keys, false);
        } finally {
            source.release();
        }
    }
}
