package io.dualwrite.sql;

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

    PartialLock(PartialLockReader read) {
        Tokens tokens = read.tokens;
        sql = tokens.sql;
        from = tokens.start(read.from);
        condition = read.where ? tokens.end(read.after) : -1;
        tail = tokens.start(read.tail);
        lockEnd = tokens.end(read.lockEnd - 1);
        end = tokens.end(read.end - 1);
        target = sql.substring(tokens.start(read.from + 1), tokens.end(read.after - 1));
        table = read.name == read.from + 1
                ? TableName.of(tokens.name(read.name))
                : TableName.of(tokens.name(read.name - 2), tokens.name(read.name));
        nowait = tokens.is(read.end - 1, Keyword.NOWAIT);
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
}
