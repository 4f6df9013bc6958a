package io.dualwrite.histories;

/** Something that cannot be if the databases keep what they promise. */
record Anomaly(Kind kind, String what) {

    /** What is wrong. */
    enum Kind {
        /** An acknowledged write is gone, or a value that was read is. */
        LOST,
        /** A write of which the client was told that it failed is there. */
        FAILED_YET_THERE,
        /** A value that nobody has written, or not yet. */
        INVENTED,
        /** A value is there twice. */
        DUPLICATED,
        /** Two values stand in another order than others saw, or than they were acknowledged in. */
        REORDERED,
        /** A reader saw a value, and not one that stands before it. */
        SKIPPED,
        /** A reader did not see what had been acknowledged before it asked. */
        STALE,
        /** A reader did not see what another had seen before it asked. */
        WENT_BACK,
        /** The two databases hold different things. */
        SIDES_DIFFER,
        /** Money was made or lost. */
        TOTAL_OFF,
        /** An account is below zero, though every transfer looks before it takes. */
        NEGATIVE,
        /** An account does not hold what its transfers make. */
        BALANCE_OFF
    }

    @Override
    public String toString() {
        return kind + ": " + what;
    }
}
