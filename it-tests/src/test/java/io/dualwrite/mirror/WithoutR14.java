package io.dualwrite.mirror;

import java.sql.SQLException;

/** Takes no notice of what a failed statement did to its transaction. */
final class WithoutR14 {
    private WithoutR14() {}

    static void failed(DualTransaction transaction, Leg leg, SQLException failure) {
        // That is the fault.
    }
}
