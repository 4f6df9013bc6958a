package io.dualwrite.fleet;

import io.dualwrite.ladder.Pass;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The row of {@code dualwrite_phase}: what the fleet shares on one side. Immutable. */
public final class PhaseRow {
    /** The id that {@code init} wrote on both sides: databases of one migration have the same. */
    public final String migration;

    public final long epoch;
    /** The current pass, or null. */
    public final @Nullable Pass pass;
    /** When it was written, by the server's clock in milliseconds; 0 without a pass. */
    public final long passAt;

    public final @Nullable String evidence;
    /** Since when the other side is stale, by the server's clock in milliseconds, or null. */
    public final @Nullable Long otherStaleSince;

    PhaseRow(
            String migration,
            long epoch,
            @Nullable Pass pass,
            long passAt,
            @Nullable String evidence,
            @Nullable Long otherStaleSince) {
        this.migration = migration;
        this.epoch = epoch;
        this.pass = pass;
        this.passAt = passAt;
        this.evidence = evidence;
        this.otherStaleSince = otherStaleSince;
    }

    /** The current pass as the ladder takes it; every step's where no gate is asked. */
    public Set<Pass> passes(boolean gate) {
        EnumSet<Pass> passes = gate ? EnumSet.noneOf(Pass.class) : EnumSet.copyOf(Pass.steps());
        if (pass != null) {
            passes.add(pass);
        }
        return passes;
    }
}
