package io.dualwrite.mirror;

/** Writes no mark. */
final class WithoutR12 {
    private WithoutR12() {}

    static void writeCurrent(Marks marks, Leg leg, String id, Touched touched) {
        // That is the fault.
    }
}
