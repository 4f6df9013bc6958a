package io.dualwrite.sql;

import io.dualwrite.sql.Classification.Trait;
import java.util.List;

/**
 * Reads what an upsert does to a row that is there already: by which columns it finds the row, and which ones it sets. A row that is
 * given another key leaves its former one behind, which no vendor tells.
 */
final class UpsertReader {
    private final Reading reading;
    private final Tokens tokens;

    UpsertReader(Reading reading) {
        this.reading = reading;
        this.tokens = reading.tokens;
    }

    /** {@code ON CONFLICT … DO UPDATE SET …} or {@code ON DUPLICATE KEY UPDATE …}, in {@code [on, to)}. */
    void conflict(int on, int to) {
        if (tokens.is(on + 1, Keyword.CONFLICT) && tokens.kind(on + 2) == '(') {
            names(on + 2, reading.found.upsertKey);
        }
        for (int i = on + 1; i < to; i = tokens.after(i)) {
            boolean first =
                    tokens.is(i - 1, Keyword.SET) || tokens.is(i - 1, Keyword.UPDATE) && tokens.is(i - 2, Keyword.KEY);
            if (first || tokens.kind(i - 1) == ',') {
                assignment(i, to);
            }
        }
    }

    /** The clauses of a MERGE with USING, in {@code [from, to)}; the rows that it joins may have columns of the same names. */
    void merge(int from, int to) {
        for (int i = from; i < to; i = tokens.after(i)) {
            if (tokens.is(i, Keyword.DELETE) && tokens.is(i - 1, Keyword.THEN)) {
                reading.trait(Trait.DELETES_MATCHED);
            } else if (tokens.is(i - 1, Keyword.SET) || tokens.kind(i - 1) == ',') {
                if (tokens.kind(i) == '(') {
                    names(i, reading.found.upsertSets);
                } else if (isAssigned(i)) {
                    reading.found.upsertSets.add(tokens.name(lastOfName(i)));
                }
            }
        }
    }

    /** H2's {@code KEY (columns)} of a MERGE that gives its rows; the others that it gives are set. */
    void mergeKey(int open) {
        names(open, reading.found.upsertKey);
        List<String> given = reading.found.assigned;
        if (given.isEmpty()) {
            reading.found.upsertCopies.add(Classification.ALL_COLUMNS);
        } else {
            reading.found.upsertCopies.addAll(given);
        }
    }

    /** The names in a bracket; what is more than a name, as an index's expression, is left out. */
    private void names(int open, List<String> into) {
        int close = tokens.partner(open);
        for (int i = open + 1; i < close; i = tokens.after(i)) {
            if (tokens.isName(i) && isEnd(i + 1, close)) {
                into.add(tokens.name(i));
            }
        }
    }

    private void assignment(int at, int to) {
        if (tokens.kind(at) == '(') {
            names(at, reading.found.upsertSets);
        } else if (isAssigned(at)) {
            int last = lastOfName(at);
            String column = tokens.name(last);
            if (isCopy(last + 2, to, column)) {
                reading.found.upsertCopies.add(column);
            } else if (reading.h2() || !isItself(last + 2, to, column)) {
                // H2 gives back no row that is updated, so that it counts that there is one.
                reading.found.upsertSets.add(column);
            }
        }
    }

    private boolean isAssigned(int at) {
        return tokens.isName(at) && tokens.kind(lastOfName(at) + 1) == '=';
    }

    private int lastOfName(int at) {
        int last = at;
        while (tokens.kind(last + 1) == '.' && tokens.isName(last + 2)) {
            last += 2;
        }
        return last;
    }

    private boolean isEnd(int at, int to) {
        return at >= to || tokens.kind(at) == ',' || tokens.is(at, Keyword.WHERE);
    }

    /** Whether the value is what was to be inserted: {@code EXCLUDED.c}, {@code VALUES(c)}. */
    private boolean isCopy(int at, int to, String column) {
        boolean function = tokens.is(at, Keyword.VALUES) || tokens.is(at, Keyword.VALUE);
        return function
                ? isOf(at, to, column)
                : tokens.isName(at)
                        && tokens.name(at).equalsIgnoreCase("excluded")
                        && lastOfName(at) == at + 2
                        && tokens.name(at + 2).equalsIgnoreCase(column)
                        && isEnd(at + 3, to);
    }

    /** Whether the value is the column's own: {@code c}, {@code t.c}, {@code LAST_INSERT_ID(c)}. */
    private boolean isItself(int at, int to, String column) {
        if (tokens.isWord(at, "last_insert_id")) {
            return isOf(at, to, column);
        }
        int last = lastOfName(at);
        boolean named = tokens.isName(at) && tokens.name(last).equalsIgnoreCase(column) && isEnd(last + 1, to);
        return named && (last == at ? !mayBeAnothers() : isTarget(tokens.name(last - 2)));
    }

    /** Whether a bare name may be a column of the query that gives the rows. */
    private boolean mayBeAnothers() {
        return !reading.postgres() && !reading.found.traits.contains(Trait.VALUES);
    }

    private boolean isTarget(String qualifier) {
        return reading.postgres()
                || reading.found.writes.size() == 1
                        && reading.found.writes.get(0).table().equalsIgnoreCase(qualifier);
    }

    /** Whether the function that is called here has the column, and nothing else, for its argument, and nothing follows. */
    private boolean isOf(int at, int to, String column) {
        if (tokens.kind(at + 1) != '(') {
            return false;
        }
        int close = tokens.partner(at + 1);
        return lastOfName(at + 2) == close - 1
                && tokens.name(close - 1).equalsIgnoreCase(column)
                && isEnd(close + 1, to);
    }
}
