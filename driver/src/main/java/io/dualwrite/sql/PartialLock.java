package io.dualwrite.sql;

import org.jspecify.annotations.Nullable;

/**
 * A query of one table that locks some of the rows that it could have ({@code … LIMIT 5 FOR UPDATE SKIP LOCKED}), taken apart so that
 * exactly the rows that it locked on one side can be locked on the other (R9). Immutable.
 */
public final class PartialLock {
    private final String sql;
    private final int from;
    private final int condition;
    private final int tail;
    private final int lockEnd;
    private final int end;
    private final String target;
    private final TableName table;
    private final boolean nowait;

    private PartialLock(
            String sql,
            int from,
            int condition,
            int tail,
            int lockEnd,
            int end,
            String target,
            TableName table,
            boolean nowait) {
        this.nowait = nowait;
        this.sql = sql;
        this.from = from;
        this.condition = condition;
        this.tail = tail;
        this.lockEnd = lockEnd;
        this.end = end;
        this.target = target;
        this.table = table;
    }

    /** The table whose rows are locked. */
    public TableName table() {
        return table;
    }

    /** Whether the query fails where another session holds a row. */
    public boolean nowait() {
        return nowait;
    }

    /** The query with these columns in place of its own; its parameters are the same. */
    public String selecting(String columns) {
        return "SELECT " + columns + ' ' + sql.substring(from, end);
    }

    /**
     * The query for rows that are known, which waits for them.
     *
     * @param keys a condition that finds them by key; its parameters come before those of the query
     */
    public String ofRows(String keys) {
        StringBuilder exact = new StringBuilder(sql.substring(0, from))
                .append("FROM ")
                .append(target)
                .append(" WHERE (")
                .append(keys)
                .append(')');
        if (condition >= 0) {
            exact.append(" AND (").append(sql, condition, tail).append(')');
        }
        return exact.append(' ').append(sql, tail, lockEnd).toString();
    }

    /**
     * Takes a query apart.
     *
     * @param end the token after the query
     * @return null where it is more than one table's plain query with its lock at the end
     */
    static @Nullable PartialLock of(Tokens tokens, int end) {
        int from = find(tokens, 1, end, Keyword.FROM);
        if (!tokens.is(0, Keyword.SELECT)
                || from == end
                || !isPlainList(tokens, from)
                || tokens.parametersBefore(from) > 0) {
            return null;
        }
        int name = from + 1;
        while (tokens.isName(name) && tokens.kind(name + 1) == '.') {
            name += 2;
        }
        if (!tokens.isName(name) || name > from + 3) {
            return null;
        }
        int after = name + 1;
        if (tokens.is(after, Keyword.AS) || tokens.isName(after) && !startsClause(tokens, after)) {
            after += tokens.is(after, Keyword.AS) ? 2 : 1;
        }
        boolean where = tokens.is(after, Keyword.WHERE);
        int lock = find(tokens, after, end, Keyword.FOR);
        int tail = where ? tailOf(tokens, after, lock) : after;
        int lockEnd = lockEnd(tokens, lock, end);
        if (lock == end
                || lockEnd < 0
                || !where && after < lock && !startsClause(tokens, after)
                || isCombined(tokens, after, lock)) {
            return null;
        }
        return new PartialLock(
                tokens.sql,
                tokens.start(from),
                where ? tokens.end(after) : -1,
                tokens.start(tail),
                tokens.end(lockEnd - 1),
                tokens.end(end - 1),
                tokens.sql.substring(tokens.start(from + 1), tokens.end(after - 1)),
                name == from + 1
                        ? TableName.of(tokens.name(name))
                        : TableName.of(tokens.name(name - 2), tokens.name(name)),
                tokens.is(end - 1, Keyword.NOWAIT));
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
