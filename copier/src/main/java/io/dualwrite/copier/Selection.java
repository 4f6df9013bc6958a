package io.dualwrite.copier;

import io.dualwrite.config.Manifest.DataClass;
import io.dualwrite.copier.plan.CopyPlan;
import io.dualwrite.copier.plan.TablePlan;
import io.dualwrite.copier.plan.WrongInput;
import java.util.List;
import java.util.Set;

/**
 * Which tables a run is for. Immutable.
 *
 * @param classes the classes that take part
 * @param tables names of single tables; empty for all of the classes
 */
public record Selection(Set<DataClass> classes, List<String> tables) {
    /** All tables of Data A. */
    public static final Selection DATA_A = new Selection(Set.of(DataClass.A), List.of());
    /** All tables of Data B. */
    public static final Selection DATA_B = new Selection(Set.of(DataClass.B), List.of());
    /** All tables. */
    public static final Selection ALL = new Selection(Set.of(DataClass.A, DataClass.B), List.of());

    /** The same classes, with single tables of them. */
    public Selection only(List<String> names) {
        return new Selection(classes, List.copyOf(names));
    }

    /** Whether no table of the classes is left out. */
    public boolean whole() {
        return tables.isEmpty();
    }

    /**
     * The selected tables, parents first.
     *
     * @throws WrongInput if a single table is not among them
     */
    List<TablePlan> of(CopyPlan plan) {
        List<TablePlan> candidates = plan.parentsFirst().stream()
                .filter(table -> classes.contains(table.dataClass()))
                .toList();
        for (String name : tables) {
            if (candidates.stream().noneMatch(table -> table.name().equalsIgnoreCase(name))) {
                throw new WrongInput("Table " + name + " is not one of this run's tables ("
                        + String.join(
                                ", ", candidates.stream().map(TablePlan::name).toList())
                        + "): check its spelling and on which list of the file it stands.");
            }
        }
        return candidates.stream()
                .filter(table ->
                        tables.isEmpty() || tables.stream().anyMatch(name -> name.equalsIgnoreCase(table.name())))
                .toList();
    }
}
