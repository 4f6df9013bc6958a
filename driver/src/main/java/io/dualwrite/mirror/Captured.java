package io.dualwrite.mirror;

import io.dualwrite.dialect.RowImage;
import io.dualwrite.dialect.RowKey;
import io.dualwrite.dialect.TableShape;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What a write did on the side that ran it: its answer, and the rows that it touched (R25). Immutable. */
final class Captured {
    final TableShape table;
    /** The rows: after the write, or before it for a DELETE. */
    final List<RowImage> images;
    /** Keys that the rows had before the write and may not have any more; empty unless a key was assigned. */
    final List<RowKey> formerKeys;

    final WriteOutcome outcome;
    /** Whether the write touched rows that are not among these. */
    final boolean incomplete;
    /** Whether it has given rows other keys, which nobody knows. */
    final boolean moved;

    Captured(
            TableShape table,
            List<RowImage> images,
            List<RowKey> formerKeys,
            WriteOutcome outcome,
            boolean incomplete) {
        this(table, images, formerKeys, outcome, incomplete, false);
    }

    private Captured(
            TableShape table,
            List<RowImage> images,
            List<RowKey> formerKeys,
            WriteOutcome outcome,
            boolean incomplete,
            boolean moved) {
        this.moved = moved;
        this.incomplete = incomplete;
        this.table = table;
        this.images = images;
        this.formerKeys = formerKeys;
        this.outcome = outcome;
    }

    /** The same, of a write that touched other rows than those. */
    Captured asIncomplete() {
        return new Captured(table, images, formerKeys, outcome, true);
    }

    /** The same, of a write by which some of the rows have got other keys. */
    Captured asMoved() {
        return new Captured(table, images, formerKeys, outcome, incomplete, true);
    }

    /** Every key that the write touched. */
    Set<RowKey> keys() {
        Set<RowKey> keys = new LinkedHashSet<>(formerKeys);
        for (RowImage image : images) {
            keys.add(image.key());
        }
        return keys;
    }
}
