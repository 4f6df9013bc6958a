package io.dualwrite.simulation;

/** Runs seeds; made by {@link Rewriting} over rewritten classes. */
public interface Simulated {
    /** Runs one seed from the beginning to the final comparison. */
    Verdict run(long seed);
}
