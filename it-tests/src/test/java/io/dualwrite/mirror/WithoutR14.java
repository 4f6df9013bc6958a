package io.dualwrite.mirror;

import java.sql.SQLException;

/** Takes no notice of what a failed statement did to its transaction. */
public final class WithoutR14 {
    private WithoutR14() {}

    /** Does nothing; public, for statements of another package tell of their failures. */
    public static void failed(DualTransaction transaction, Leg leg, SQLException failure) {
        // That is the fault.
    }
}
