package io.dualwrite.copier.check;

/** One question about a table that is on both sides. */
interface TableCheck {
    /** The check's name in reports. */
    String name();

    void look(TablePair pair, Findings findings);
}
