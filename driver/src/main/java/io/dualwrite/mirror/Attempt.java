package io.dualwrite.mirror;

import io.dualwrite.dialect.Aftermath;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * How a piece of work on the mirror ended: with an answer, with a failure, or with neither where there is no mirror. Does not
 * change.
 */
final class Attempt<T> {
    final @Nullable T answer;
    final @Nullable SQLException failure;
    /** Whether it ended within the budget. */
    final boolean rested;
    /** Whether all went well before it, so that the failure is its own. */
    final boolean begun;

    Attempt(@Nullable T answer, @Nullable SQLException failure, boolean rested, boolean begun) {
        this.answer = answer;
        this.failure = failure;
        this.rested = rested;
        this.begun = begun;
    }

    /** Whether nothing of it is left on the leg, and the leg's transaction goes on (R14). */
    boolean isUndone(Leg on) {
        SQLException failed = failure;
        if (failed == null || !rested || !begun) {
            return false;
        }
        Aftermath aftermath = on.aftermath(failed);
        return aftermath == Aftermath.STATEMENT_UNDONE || aftermath == Aftermath.TRANSACTION_ABORTED && !on.isAborted();
    }
}
