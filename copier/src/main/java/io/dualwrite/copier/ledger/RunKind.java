package io.dualwrite.copier.ledger;

import java.util.Locale;

/** What a run in {@code dualwrite_copy} was for. */
public enum RunKind {
    COPY,
    FREEZE,
    SYNC,
    VERIFY,
    REPAIR,
    SEQUENCES;

    /** Whether such a run writes rows of the application's tables, so that R23 and R26 bind it. */
    public boolean writesRows() {
        return this != VERIFY && this != SEQUENCES;
    }

    /** The word that stands in {@code dualwrite_copy}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
