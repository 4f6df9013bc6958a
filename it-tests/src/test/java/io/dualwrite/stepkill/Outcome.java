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
    /** Before the state of what failed in the second of two transactions, whose first was acknowledged. */
    static final String OF_THE_SECOND = "second ";

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
        boolean two = !work.between().isEmpty();
        boolean ofSecond = two && (state == null || state.startsWith(OF_THE_SECOND));
        boolean before = rows.equals(ofSecond && told ? work.between() : Work.BEFORE);
        boolean after = rows.equals(two && !ofSecond ? work.between() : work.after());
        boolean between = two && !told && rows.equals(work.between());
        if (!before && !after && !between) {
            return "half a transaction, or an acknowledged one is lost: " + rows;
        }
        String said = state == null ? "" : state.replace(OF_THE_SECOND, "");
        if (acknowledged() && !after) {
            return "an acknowledged transaction is lost: " + rows;
        }
        if ("08007".equals(said) && !after) {
            return "said to be committed on old, and lost: " + rows;
        }
        if (NOTHING_WRITTEN.contains(said) && !before) {
            return "said to be rolled back, and written: " + rows;
        }
        return null;
    }

    @Override
    public String toString() {
        return state == null ? message : state + " " + message;
    }
}
