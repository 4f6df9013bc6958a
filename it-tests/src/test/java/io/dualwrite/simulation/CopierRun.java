package io.dualwrite.simulation;

import io.dualwrite.config.Settings;
import io.dualwrite.copier.Copier;
import io.dualwrite.copier.Progress;
import io.dualwrite.copier.Selection;
import io.dualwrite.copier.plan.Direction;
import io.dualwrite.copier.plan.WrongInput;
import java.sql.SQLException;

/** A run of the real copier. */
final class CopierRun {
    private final World world;
    private final Settings settings;
    private final Scenario.CopierWork work;
    private boolean ended;

    CopierRun(World world, Settings settings, Scenario.CopierWork work) {
        this.world = world;
        this.settings = settings;
        this.work = work;
    }

    /** Whether a run beside the application came to its end. */
    boolean hasEnded() {
        return ended;
    }

    /** Runs beside the application so many times; that it may fail is nobody's loss. */
    void beside(int rounds) {
        for (int i = 0; i < rounds; i++) {
            once();
        }
    }

    private void once() {
        try {
            run();
            ended = true;
        } catch (SQLException | WrongInput | InterruptedException e) {
            world.told("the copier", e);
        }
    }

    void run() throws SQLException, InterruptedException {
        Direction direction = Copier.fromAuthority(settings);
        try (Copier copier = Copier.open(settings, direction, Copier.newRun(), Progress.SILENT)) {
            if (work == Scenario.CopierWork.SYNC) {
                copier.sync(Selection.ALL);
            } else {
                copier.repair();
            }
        }
    }
}
