package io.dualwrite.stepkill;

import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the application was told.
 *
 * @param state the SQLSTATE of what it was told last, null where all went well
 * @param message what it was told with it
 * @param told whether it was told anything at all
 */
record Outcome(@Nullable String state, String message, boolean told) {
    static final Outcome DONE = new Outcome(null, "done", true);
    static final Outcome KILLED = new Outcome(null, "killed", false);
    /** States that say that nothing was written. */
    private static final List<String> NOTHING_WRITTEN = List.of("40000", "40001", "25000", "0A000");

    static Outcome of(SQLException failure) {
        return new Outcome(
                String.valueOf(failure.getSQLState()),
                String.valueOf(failure.getMessage()).lines().findFirst().orElse(""),
                true);
    }

    boolean acknowledged() {
        return told && state == null;
    }

    /** What the rows may not be after this answer, in a word; null where they may be so. */
    @Nullable
    String contradictedBy(List<String> rows, Work work) {
        boolean before = rows.equals(Work.BEFORE);
        boolean after = rows.equals(work.after());
        if (!before && !after) {
            return "half a transaction: " + rows;
        }
        if (acknowledged() && !after) {
            return "an acknowledged transaction is lost: " + rows;
        }
        if ("08007".equals(state) && !after) {
            return "said to be committed on old, and lost: " + rows;
        }
        if (NOTHING_WRITTEN.contains(String.valueOf(state)) && !before) {
            return "said to be rolled back, and written: " + rows;
        }
        return null;
    }

    @Override
    public String toString() {
        return state == null ? message : state + " " + message;
    }
}
