package io.dualwrite.mirror;

/** Writes no mark. */
final class WithoutR12 {
    private WithoutR12() {}

    static void write(Marks marks, Leg leg, String id, Touched touched, String reason) {
        // That is the fault.
    }
}
