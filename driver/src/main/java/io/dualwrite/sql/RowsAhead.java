package io.dualwrite.sql;

import io.dualwrite.sql.Classification.Trait;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Reads of a write of MariaDB's whether its rows, which are selected ahead of it (an UPDATE does not give them), may be others when it
 * runs: by chance, by the clock, or by subqueries. What a function of the user's does is not known, and counts as chance.
 */
final class RowsAhead {
    private static final List<Keyword> SEVERAL_QUERIES =
            Arrays.asList(Keyword.UNION, Keyword.EXCEPT, Keyword.INTERSECT);
    /** MariaDB's functions that give another value each time. */
    private static final Set<String> CHANCE = new HashSet<>(Arrays.asList(
            "rand",
            "uuid",
            "uuid_short",
            "uuid_v4",
            "uuid_v7",
            "sys_guid",
            "random_bytes",
            "sysdate",
            "nextval",
            "rownum"));

    /** MariaDB's functions that tell the moment of their statement, with or without brackets. */
    private static final Set<String> CLOCKS = new HashSet<>(Arrays.asList(
            "now",
            "current_timestamp",
            "localtime",
            "localtimestamp",
            "curdate",
            "current_date",
            "curtime",
            "current_time",
            "utc_timestamp",
            "utc_date",
            "utc_time",
            "unix_timestamp"));

    private final Reading reading;
    private final Tokens tokens;

    RowsAhead(Reading reading) {
        this.reading = reading;
        this.tokens = reading.tokens;
    }

    /**
     * Notes what of the clauses {@code [tail, to)}, WHERE and what follows it, may find other rows. Subqueries of an UPDATE read what is
     * there now, and lock it; those of a SELECT read what was there when the transaction began to read, unless they lock as well.
     */
    void note(int tail, int to) {
        boolean moves = false;
        for (int i = tail; i < to; i++) {
            String word = tokens.text(i).toLowerCase(Locale.ROOT);
            if (tokens.opens(i) && (tokens.is(i + 1, Keyword.SELECT) || tokens.is(i + 1, Keyword.WITH))) {
                noteSubquery(i + 1, tokens.partner(i));
                moves = true;
            } else if (tokens.kind(i + 1) == '(' && CHANCE.contains(word)
                    || word.equals("next") && tokens.isWord(i + 1, "value")) {
                reading.trait(Trait.VARYING_ROWS);
            }
            moves |= CLOCKS.contains(word);
        }
        reading.at = tail;
        int order = reading.find(Keyword.ORDER, to);
        reading.found.conditionEnd = tokens.end(order - 1);
        if (moves && reading.is(Keyword.WHERE)) {
            // Keys behind the condition would come before the values of the order.
            boolean mayBeHeld = tokens.parametersBefore(order) == tokens.parametersBefore(to);
            reading.trait(mayBeHeld ? Trait.MOVING_ROWS : Trait.VARYING_ROWS);
        }
        Collections.sort(reading.found.subqueryEnds);
        reading.at = tail;
    }

    private void noteSubquery(int from, int end) {
        for (Keyword several : SEVERAL_QUERIES) {
            reading.at = from;
            if (reading.find(several, end) < end) {
                reading.trait(Trait.VARYING_ROWS);
            }
        }
        if (!locks(from, end)) {
            reading.found.subqueryEnds.add(tokens.start(end));
        }
    }

    /** Whether the query takes a lock of its own: FOR UPDATE, LOCK IN SHARE MODE. */
    private boolean locks(int from, int end) {
        reading.at = from;
        int lock = reading.find(Keyword.LOCK, end);
        if (lock < end && tokens.is(lock + 1, Keyword.IN)) {
            return true;
        }
        int purpose = reading.find(Keyword.FOR, end);
        return purpose < end && tokens.is(purpose + 1, Keyword.UPDATE);
    }
}
