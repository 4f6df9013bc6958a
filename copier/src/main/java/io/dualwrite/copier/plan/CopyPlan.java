package io.dualwrite.copier.plan;

import io.dualwrite.config.Manifest.DataClass;
import io.dualwrite.dialect.Column;
import io.dualwrite.dialect.TableShape;
import io.dualwrite.sql.TableName;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The tables of a migration in an order in which rows can be inserted, parents before the tables that point to them.
 * Immutable.
 */
public final class CopyPlan {
    private final List<TablePlan> parentsFirst;
    private final List<String> cycles;

    private CopyPlan(List<TablePlan> parentsFirst, List<String> cycles) {
        this.parentsFirst = List.copyOf(parentsFirst);
        this.cycles = List.copyOf(cycles);
    }

    /**
     * Plans the tables.
     *
     * @param shapes the source's tables, each of Data A or Data B
     * @param classOf the class of a table
     * @param onTarget the target's shape of a table of the source, or null where it is missing
     * @param lastModified what the setting {@code lastModified.TABLE} says for a table, or null
     * @throws WrongInput if a table cannot be carried over
     */
    public static CopyPlan of(
            Direction direction,
            List<TableShape> shapes,
            Function<TableName, DataClass> classOf,
            Function<TableShape, @Nullable TableShape> onTarget,
            Function<TableName, @Nullable String> lastModified) {
        Map<String, TablePlan> plans = new HashMap<>();
        List<String> names = new ArrayList<>();
        for (TableShape shape : shapes) {
            TableShape target = onTarget.apply(shape);
            if (target == null) {
                throw new WrongInput("Table " + shape.name.table().toLowerCase(Locale.ROOT) + " is missing on "
                        + direction.target().word()
                        + ": create it there, or leave it out: on neither list, with unlisted = refuse.");
            }
            String named = lastModified.apply(shape.name);
            Column column = named == null ? LastModified.find(shape) : LastModified.named(shape, named);
            TablePlan plan = TablePlan.of(classOf.apply(shape.name), shape, target, column, direction);
            plans.put(plan.name(), plan);
            names.add(plan.name());
        }
        Collections.sort(names);
        return new Sorting(plans).sort(names);
    }

    /** All tables, parents first; deletes walk it backwards. */
    public List<TablePlan> parentsFirst() {
        return parentsFirst;
    }

    /** The tables of one class, parents first. */
    public List<TablePlan> of(DataClass dataClass) {
        return parentsFirst.stream()
                .filter(plan -> plan.dataClass() == dataClass)
                .toList();
    }

    /** The table of that name, case ignored, or null if it takes no part. */
    public @Nullable TablePlan find(String table) {
        for (TablePlan plan : parentsFirst) {
            if (plan.name().equalsIgnoreCase(table)) {
                return plan;
            }
        }
        return null;
    }

    /** Whether another table of the plan points to this one on the target. */
    public boolean isReferenced(TablePlan table) {
        return parentsFirst.stream()
                .flatMap(plan -> plan.target().references.stream())
                .anyMatch(reference -> reference.parent.table().equalsIgnoreCase(table.name()));
    }

    /** Rings of foreign keys, each as {@code a → b → a}: no order of the tables satisfies them all. */
    public List<String> cycles() {
        return cycles;
    }

    /** A depth-first walk that puts each table behind those that it points to. */
    private static final class Sorting {
        private final Map<String, TablePlan> plans;
        private final List<TablePlan> sorted = new ArrayList<>();
        private final List<String> cycles = new ArrayList<>();
        private final Set<String> done = new HashSet<>();
        private final List<String> path = new ArrayList<>();

        Sorting(Map<String, TablePlan> plans) {
            this.plans = plans;
        }

        CopyPlan sort(List<String> names) {
            names.forEach(this::visit);
            return new CopyPlan(sorted, cycles);
        }

        private void visit(String name) {
            TablePlan plan = plans.get(name);
            if (plan == null || done.contains(name)) {
                return;
            }
            int seen = path.indexOf(name);
            if (seen >= 0) {
                List<String> ring = new ArrayList<>(path.subList(seen, path.size()));
                ring.add(name);
                cycles.add(String.join(" → ", ring));
                return;
            }
            path.add(name);
            for (TableShape.Reference reference : references(plan)) {
                String parent = reference.parent.table().toLowerCase(Locale.ROOT);
                if (!parent.equals(name)) {
                    visit(parent);
                }
            }
            path.remove(path.size() - 1);
            done.add(name);
            sorted.add(plan);
        }

        /** What either side demands: the target's keys order the inserts, the source's tell more where the target has none. */
        private static List<TableShape.Reference> references(TablePlan plan) {
            List<TableShape.Reference> all = new ArrayList<>(plan.target().references);
            all.addAll(plan.source().references);
            return all;
        }
    }
}
