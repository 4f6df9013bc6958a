package io.dualwrite.copier.check;

/** How much a finding weighs. */
public enum Level {
    /** As it should be. */
    OK,
    /** To be known; nothing stands in the way. */
    NOTE,
    /** The migration would fail on it, or lose what nobody notices. */
    PROBLEM
}
