package io.dualwrite.mirror;

/** Looks into an instance for what a test has to wait for. */
public final class Resting {
    private Resting() {}

    /** Whether no COMMIT waits for somebody who would take it along. */
    public static boolean rests(Mirroring mirroring) {
        return mirroring.soonAtLatest.isEmpty();
    }
}
