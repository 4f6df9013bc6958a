package io.dualwrite.sql;

import org.jspecify.annotations.Nullable;

/** Takes a query apart that locks some rows of one table; its fields are tokens of the text. Used once. */
final class PartialLockReader {
    final Tokens tokens;
    /** The token after the query. */
    final int end;
    /** FROM. */
    final int from;
    /** The last part of the table's name. */
    int name;
    /** Behind the table and its alias. */
    int after;
    /** Whether a WHERE stands there. */
    boolean where;
    /** Behind the condition. */
    int tail;
    /** Behind the lock's words, but for those that say what to do where it is held. */
    int lockEnd;

    private PartialLockReader(Tokens tokens, int end) {
        this.tokens = tokens;
        this.end = end;
        this.from = find(tokens, 1, end, Keyword.FROM);
    }

    /**
     * The query taken apart.
     *
     * @param end the token after the query
     * @return null where it is more than one table's plain query with its lock at the end
     */
    static @Nullable PartialLock read(Tokens tokens, int end) {
        PartialLockReader reader = new PartialLockReader(tokens, end);
        return reader.readsColumns() && reader.readsTable() && reader.readsLock() ? new PartialLock(reader) : null;
    }

    private boolean readsColumns() {
        return tokens.is(0, Keyword.SELECT)
                && from != end
                && isPlainList(tokens, from)
                && tokens.parametersBefore(from) == 0;
    }

    private boolean readsTable() {
        name = from + 1;
        while (tokens.isName(name) && tokens.kind(name + 1) == '.') {
            name += 2;
        }
        after = name + 1;
        if (tokens.is(after, Keyword.AS) || tokens.isName(after) && !startsClause(tokens, after)) {
            after += tokens.is(after, Keyword.AS) ? 2 : 1;
        }
        return tokens.isName(name) && name <= from + 3;
    }

    private boolean readsLock() {
        where = tokens.is(after, Keyword.WHERE);
        int lock = find(tokens, after, end, Keyword.FOR);
        tail = where ? tailOf(tokens, after, lock) : after;
        lockEnd = lockEnd(tokens, lock, end);
        return lock != end
                && lockEnd >= 0
                && (where || after >= lock || startsClause(tokens, after))
                && !isCombined(tokens, after, lock);
    }

    private static int find(Tokens tokens, int from, int to, Keyword keyword) {
        for (int i = from; i < to; i = tokens.after(i)) {
            if (tokens.is(i, keyword) && !tokens.is(i - 1, Keyword.DISTINCT)) {
                return i;
            }
        }
        return to;
    }

    private static int tailOf(Tokens tokens, int where, int to) {
        int tail = to;
        for (Keyword clause : new Keyword[] {Keyword.ORDER, Keyword.LIMIT, Keyword.OFFSET, Keyword.FETCH}) {
            tail = Math.min(tail, find(tokens, where, to, clause));
        }
        return tail;
    }

    private static boolean startsClause(Tokens tokens, int at) {
        switch (tokens.keyword(at)) {
            case WHERE:
            case ORDER:
            case LIMIT:
            case OFFSET:
            case FETCH:
            case FOR:
                return true;
            default:
                return false;
        }
    }

    /** Columns alone: what is counted or computed of the rows would be another thing of those that are known. */
    private static boolean isPlainList(Tokens tokens, int from) {
        for (int i = 1; i < from; i++) {
            if (tokens.opens(i) || tokens.is(i, Keyword.DISTINCT)) {
                return false;
            }
        }
        return true;
    }

    /** Whether the rows are more than those of a condition, in an order, up to a number. */
    private static boolean isCombined(Tokens tokens, int from, int to) {
        boolean limited = false;
        for (int i = from; i < to; i = tokens.after(i)) {
            limited |= tokens.is(i, Keyword.LIMIT);
            if (limited && tokens.kind(i) == ',') {
                return true;
            }
            switch (tokens.keyword(i)) {
                case OFFSET:
                case GROUP:
                case HAVING:
                case UNION:
                case INTERSECT:
                case EXCEPT:
                case INTO:
                    return true;
                default:
                    break;
            }
        }
        return false;
    }

    /** After {@code FOR UPDATE} or {@code FOR NO KEY UPDATE}, before SKIP LOCKED or NOWAIT; -1 where something else comes. */
    private static int lockEnd(Tokens tokens, int lock, int end) {
        int at = lock + 1;
        while (at < end && !tokens.is(at, Keyword.UPDATE) && !tokens.is(at, Keyword.SHARE)) {
            if (!tokens.is(at, Keyword.NO) && !tokens.is(at, Keyword.KEY)) {
                return -1;
            }
            at++;
        }
        int after = at + 1;
        if (tokens.is(after, Keyword.SKIP) && tokens.is(after + 1, Keyword.LOCKED)) {
            return after + 2 == end ? at + 1 : -1;
        }
        return after == end || tokens.is(after, Keyword.NOWAIT) && after + 1 == end ? at + 1 : -1;
    }
}
