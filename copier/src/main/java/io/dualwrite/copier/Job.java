package io.dualwrite.copier;

import io.dualwrite.copier.diff.Mended;
import io.dualwrite.copier.diff.Mender;
import io.dualwrite.copier.diff.Reconciler;
import io.dualwrite.copier.ledger.Run;
import io.dualwrite.copier.ledger.RunKind;
import io.dualwrite.copier.plan.CopyPlan;
import io.dualwrite.copier.plan.Direction;
import io.dualwrite.copier.plan.TablePlan;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** What every kind of run works with. Immutable, its parts are not. */
record Job(
        String id,
        RunKind kind,
        Direction direction,
        CopyPlan plan,
        Run run,
        Mender mender,
        Reconciler reconciler,
        Progress progress) {
    private static final int MOST_DIFFERENCES = 1_000;

    /** The tables backwards: children first. */
    static List<TablePlan> childrenFirst(List<TablePlan> parentsFirst) {
        List<TablePlan> backwards = new ArrayList<>(parentsFirst);
        Collections.reverse(backwards);
        return backwards;
    }

    /** The rows that could not be made to agree. */
    List<Report.Difference> leftOvers() {
        List<Report.Difference> found = new ArrayList<>();
        for (Mended.LeftOver leftOver : mender.mended().leftOvers()) {
            if (found.size() < MOST_DIFFERENCES) {
                found.add(new Report.Difference(
                        leftOver.table().name(), leftOver.key().text(), leftOver.reason()));
            }
        }
        return found;
    }

    Report report(
            List<Report.Table> tables,
            List<Report.Difference> differing,
            long differences,
            List<String> notes,
            long startedNanos) {
        return new Report(
                kind.word(),
                direction.word(),
                id,
                List.copyOf(tables),
                List.copyOf(differing),
                differences,
                List.copyOf(notes),
                (System.nanoTime() - startedNanos) / 1_000_000,
                null);
    }
}
