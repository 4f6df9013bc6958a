package io.dualwrite.mirror;

import io.dualwrite.ladder.Side;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Keeps the marks of a mirror that is away bounded in number: after so many marked rows, transactions mark their tables whole,
 * and of those marks only the newest of each table are kept. One that had committed before another's commit began says nothing
 * more: whoever compares the table after the other was seen sees what both are about. Thread-safe.
 */
final class Folding {
    /** Rows that one instance marks in one absence before it marks tables. */
    static final int MOST_ROWS = 10_000;

    /** The committed marks of each table that are needed still. */
    private final Map<String, Set<String>> needed = new HashMap<>();
    /** For how many tables a mark is needed. */
    private final Map<String, Integer> uses = new HashMap<>();

    private final Marks marks;
    private volatile long rows;

    Folding(Marks marks) {
        this.marks = marks;
    }

    /** The mirror takes part again: rows are counted anew. */
    void mirrorIsBack() {
        if (rows != 0) {
            forgetRows();
        }
    }

    private synchronized void forgetRows() {
        rows = 0;
    }

    /** Counts rows that are marked while the mirror is away, and says whether their tables are to be marked in their place. */
    synchronized boolean folds(Side mirror, int touched) {
        boolean before = rows > MOST_ROWS;
        rows += touched;
        boolean folds = rows > MOST_ROWS;
        if (folds && !before) {
            Faults.LOG.warn(
                    "More than {} rows were marked while {} is away: from now on their tables are marked whole,"
                            + " and dualwrite repair will compare those",
                    MOST_ROWS,
                    mirror.word());
        }
        return folds;
    }

    /** The commit of a mark of whole tables. */
    final class Commit {
        private final List<String> tables = new ArrayList<>();
        private final List<Set<String>> former = new ArrayList<>();

        /** It begins now. */
        Commit(Side authority, Collection<String> marked) {
            synchronized (Folding.this) {
                for (String table : marked) {
                    String name = authority.word() + ' ' + table;
                    tables.add(name);
                    former.add(new LinkedHashSet<>(needed.getOrDefault(name, new LinkedHashSet<>(0))));
                }
            }
        }

        /** It has ended well: what it makes needless is cleared. */
        void ended(String id) {
            synchronized (Folding.this) {
                uses.put(id, tables.size());
                for (int i = 0; i < tables.size(); i++) {
                    Set<String> ids = needed.computeIfAbsent(tables.get(i), table -> new LinkedHashSet<>());
                    for (String older : former.get(i)) {
                        if (ids.remove(older) && uses.merge(older, -1, Integer::sum) == 0) {
                            uses.remove(older);
                            marks.clearLater(older);
                        }
                    }
                    ids.add(id);
                }
            }
        }
    }
}
