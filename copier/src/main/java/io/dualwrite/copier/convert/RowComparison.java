package io.dualwrite.copier.convert;

import io.dualwrite.copier.plan.TablePlan;
import io.dualwrite.dialect.Column;
import io.dualwrite.dialect.RowImage;
import io.dualwrite.dialect.Values;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Holds a row of the source against the row of the target with the same key. Pure. */
public final class RowComparison {
    private RowComparison() {}

    /**
     * Whether both rows hold the same values.
     *
     * @param source a row with the plan's source columns
     * @param target a row with the plan's target columns
     */
    public static boolean same(TablePlan table, RowImage source, RowImage target) {
        for (int i = 0; i < table.sourceColumns().size(); i++) {
            if (!sameAt(table, source, target, i)) {
                return false;
            }
        }
        return true;
    }

    /** The names of the columns in which the rows differ. */
    public static List<String> differing(TablePlan table, RowImage source, RowImage target) {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < table.sourceColumns().size(); i++) {
            if (!sameAt(table, source, target, i)) {
                names.add(table.sourceColumns().get(i).name.toLowerCase(Locale.ROOT));
            }
        }
        return names;
    }

    private static boolean sameAt(TablePlan table, RowImage source, RowImage target, int index) {
        Column sourceColumn = table.sourceColumns().get(index);
        Column targetColumn = table.targetColumns().get(index);
        return Values.same(source.values[index], target.values[index], sourceColumn, targetColumn);
    }
}
