package io.dualwrite.mirror;

import io.dualwrite.dialect.RowImage;
import io.dualwrite.dialect.RowKey;
import io.dualwrite.dialect.TableShape;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a write did on the side that ran it: its answer, and the rows that it touched (R25). Immutable. */
final class Captured {

    /** Why the images are not all that the write has done. */
    enum Gap {
        /** It touched rows that are not among these; run again, it may find them all. */
        UNSEEN(" touched a row that came in between and was not seen"),
        /** It was done, and what it wrote could not be read back: the connection was told to stop, or has waited too long. */
        UNREAD(" was done, and the rows that it wrote could not be read"),
        /** It may have touched others than these, which were too many, or in a text of a form, to hold it to them. */
        UNHELD(" may have touched other rows than were locked for it, and could not be held to those"),
        /** It has given rows other keys, which nobody knows. */
        MOVED(" had a row's key changed by a trigger or ON UPDATE CURRENT_TIMESTAMP"),
        /** It left rows out, and what was written in their place is not known. */
        LEFT_OUT(" had rows left out, perhaps by a trigger that writes something else instead");

        /** What the write had, after its verb. */
        final String words;

        Gap(String words) {
            this.words = words;
        }
    }

    final TableShape table;
    /** The rows: after the write, or before it for a DELETE. */
    final List<RowImage> images;
    /** Keys that the rows had before the write and may not have any more; empty unless a key was assigned. */
    final List<RowKey> formerKeys;

    final WriteOutcome outcome;
    /** Null where nothing is missing. */
    final @Nullable Gap gap;

    Captured(TableShape table, List<RowImage> images, List<RowKey> formerKeys, WriteOutcome outcome) {
        this(table, images, formerKeys, outcome, null);
    }

    private Captured(
            TableShape table, List<RowImage> images, List<RowKey> formerKeys, WriteOutcome outcome, @Nullable Gap gap) {
        this.table = table;
        this.images = images;
        this.formerKeys = formerKeys;
        this.outcome = outcome;
        this.gap = gap;
    }

    /** The same, of a write that has done more than the images say. */
    Captured with(Gap found) {
        return new Captured(table, images, formerKeys, outcome, found);
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
