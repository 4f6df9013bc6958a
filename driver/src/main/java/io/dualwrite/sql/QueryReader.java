package io.dualwrite.sql;

import io.dualwrite.sql.Classification.Trait;

/**
 * Reads queries and expressions: the tables that they read, the functions that they call, the rows that they lock. It needs
 * no grammar of expressions: outside of FROM, whatever is no keyword of a clause, no bracket and no call is passed over.
 */
final class QueryReader {
    private final Reading reading;
    private final Tokens tokens;
    private final FromReader from;
    private final CallReader calls;
    private final WriteReader writes;

    QueryReader(Reading reading) {
        this.reading = reading;
        tokens = reading.tokens;
        calls = new CallReader(reading, this);
        writes = new WriteReader(reading, this);
        from = new FromReader(reading, this);
    }

    FromReader from() {
        return from;
    }

    CallReader calls() {
        return calls;
    }

    WriteReader writes() {
        return writes;
    }

    // ------------------------------------------------------------------ queries and expressions

    /** Reads {@code [at, to)}, a query, an expression, or a list of them. */
    void read(int to) {
        boolean query = false;
        while (reading.at < to) {
            switch (tokens.kind(reading.at)) {
                case Tokens.WORD:
                    query = word(query, to);
                    break;
                case Tokens.QUOTED:
                    calls.name();
                    break;
                case Tokens.STRING:
                    calls.string();
                    break;
                case '@':
                    calls.variable();
                    break;
                case '(':
                case '[':
                    bracket();
                    break;
                case '{':
                    escape();
                    break;
                default:
                    reading.at++;
                    break;
            }
        }
        reading.at = to;
    }

    /** Reads a word; whether the tokens after it belong to a SELECT. */
    private boolean word(boolean query, int to) {
        int at = reading.at;
        if (tokens.kind(at + 1) == '.') {
            calls.name();
            return query;
        }
        switch (tokens.keyword(at)) {
            case SELECT:
                reading.at++;
                reading.selects++;
                return true;
            case WITH:
                with(to);
                break;
            case FROM:
                reading.at++;
                if (query && !tokens.is(at - 1, Keyword.DISTINCT) || isDistinctSelect(at, query)) {
                    from.read(to);
                }
                break;
            case INTO:
                reading.at++;
                if (query) {
                    into();
                }
                break;
            case FOR:
                lock(query);
                break;
            case LOCK:
                if (tokens.kind(at + 1) == '(') {
                    calls.name();
                } else {
                    lockInShareMode();
                }
                break;
            case LIMIT:
            case TOP:
                calls.name();
                reading.limitedQuery |= query;
                break;
            case FETCH:
                reading.at += 2;
                reading.limitedQuery |= query;
                break;
            case AS:
                reading.at += tokens.isName(at + 1) ? 2 : 1;
                break;
            case TABLE:
                return table(at) || query;
            case FINAL:
            case OLD:
            case NEW:
                if (!deltaTable()) {
                    calls.name();
                }
                break;
            default:
                keyword(at);
                break;
        }
        return query;
    }

    private void keyword(int at) {
        switch (tokens.keyword(at)) {
            case DEFAULT:
                reading.trait(Trait.VOLATILE);
                reading.trait(Trait.DEFAULTED);
                reading.at++;
                break;
            case NEXT:
            case PREVIOUS:
            case CURRENT:
                if (tokens.is(at + 1, Keyword.VALUE) && tokens.is(at + 2, Keyword.FOR)) {
                    reading.trait(Trait.GENERATOR);
                    reading.at += 3;
                    reading.skipName();
                } else {
                    calls.name();
                }
                break;
            case INSERT:
                if (tokens.is(at - 1, Keyword.THEN)) {
                    reading.at++;
                    if (reading.is('(')) {
                        names();
                    }
                } else {
                    calls.name();
                }
                break;
            default:
                calls.name();
                break;
        }
    }

    /** {@code SELECT DISTINCT FROM t}, which has no columns, as against {@code a IS DISTINCT FROM b}. */
    private boolean isDistinctSelect(int at, boolean query) {
        return query && tokens.is(at - 1, Keyword.DISTINCT) && tokens.is(at - 2, Keyword.SELECT);
    }

    /** {@code TABLE t} as a query of its own; whether it is one. */
    private boolean table(int at) {
        reading.at++;
        char before = tokens.kind(at - 1);
        boolean starts =
                before == Tokens.END || before == '(' || before == ')' || tokens.keyword(at - 1) != Keyword.NONE;
        if (!starts || !tokens.isName(reading.at)) {
            return false;
        }
        reading.reads(reading.tableName());
        return true;
    }

    // ------------------------------------------------------------------ brackets

    /** Reads a bracket and what it holds. */
    void bracket() {
        int close = tokens.partner(reading.at);
        int visible = reading.commonTables.size();
        if (reading.enter()) {
            reading.at++;
            if (writes.startsHere()) {
                nestedWrite(close);
            } else {
                read(close);
            }
        }
        reading.leave();
        reading.at = close + 1;
        while (reading.commonTables.size() > visible) {
            reading.commonTables.remove(reading.commonTables.size() - 1);
        }
    }

    /** Steps over a bracket in which names stand; a query or write in its place is read all the same. */
    void names() {
        int open = reading.at++;
        boolean statement = writes.startsHere() || reading.is(Keyword.SELECT) || reading.is(Keyword.WITH);
        reading.at = open;
        if (statement) {
            bracket();
        } else {
            reading.hop();
        }
    }

    private void nestedWrite(int close) {
        reading.doubtOfRows("a write stands inside another statement");
        if (reading.enter()) {
            writes.readNested(close);
        }
        reading.leave();
        reading.at = close;
    }

    /** A JDBC escape: {@code {fn f(x)}}, {@code {d '…'}} and their like. */
    private void escape() {
        int close = tokens.partner(reading.at);
        int first = ++reading.at;
        boolean literal = tokens.isWord(first, "d")
                || tokens.isWord(first, "t")
                || tokens.isWord(first, "ts")
                || tokens.isWord(first, "escape");
        if (reading.enter() && !literal) {
            if (tokens.isWord(first, "limit")) {
                reading.limitedQuery = true;
            } else if (tokens.isWord(first, "fn") && reading.postgres()) {
                calls.escapedFunction();
            } else if (!tokens.isWord(first, "fn")) {
                reading.doubt("a JDBC escape that is not known stands inside a statement");
            }
            reading.at++;
            read(close);
        }
        reading.leave();
        reading.at = close + 1;
    }

    // ------------------------------------------------------------------ clauses

    private void with(int to) {
        if (commonTables(to) && writes.startsHere()) {
            nestedWrite(to);
        }
    }

    /** Reads a WITH clause if one stands here, else steps over the word WITH. */
    boolean commonTables(int to) {
        boolean recursive = tokens.is(reading.at + 1, Keyword.RECURSIVE);
        int name = reading.at + (recursive ? 2 : 1);
        boolean listed = tokens.kind(name + 1) == '(' && tokens.is(tokens.after(name + 1), Keyword.AS);
        boolean clause = tokens.isName(name)
                && !tokens.is(name, Keyword.ORDINALITY)
                && (tokens.is(name + 1, Keyword.AS) || listed);
        if (!clause) {
            reading.at++;
            return false;
        }
        reading.at = name;
        do {
            commonTable(recursive, to);
        } while (reading.skip(','));
        return true;
    }

    private void commonTable(boolean recursive, int to) {
        String name = tokens.isName(reading.at) ? tokens.name(reading.at) : "";
        reading.at++;
        if (reading.is('(')) {
            names();
        }
        reading.skip(Keyword.AS);
        reading.skip(Keyword.NOT);
        reading.skip(Keyword.MATERIALIZED);
        if (!reading.is('(')) {
            reading.doubt("a WITH clause cannot be read");
            reading.at = Math.min(reading.at + 1, to);
            return;
        }
        if (recursive) {
            reading.commonTables.add(name);
        }
        bracket();
        if (!recursive) {
            reading.commonTables.add(name);
        }
        while (reading.at < to && !reading.is(',') && !reading.is('(') && !startsStatement()) {
            reading.hop();
        }
    }

    private boolean startsStatement() {
        Keyword keyword = reading.keyword();
        return keyword == Keyword.SELECT
                || keyword == Keyword.VALUES
                || keyword == Keyword.TABLE
                || keyword == Keyword.WITH
                || writes.startsHere();
    }

    /** SELECT … INTO: PostgreSQL makes a table, MariaDB fills variables or a file. */
    private void into() {
        if (!reading.postgres()) {
            reading.doubtOfRows("SELECT … INTO fills variables or a file");
            return;
        }
        boolean temporary = reading.skip(Keyword.TEMPORARY) || reading.skip(Keyword.TEMP);
        reading.skip(Keyword.UNLOGGED);
        reading.skip(Keyword.TABLE);
        if (reading.isNested() || reading.found.verb != Verb.SELECT || !tokens.isName(reading.at)) {
            reading.doubt("SELECT … INTO cannot be read");
            return;
        }
        reading.found.verb = temporary ? Verb.TEMPORARY : Verb.DDL;
        if (!temporary) {
            reading.trait(Trait.FILLS_ROWS);
        }
        reading.found.name = Classification.CREATE_TABLE;
        if (temporary) {
            reading.trait(Trait.OUTLIVES_TRANSACTION);
        }
        reading.writes(reading.tableName());
    }

    /** FOR UPDATE, FOR NO KEY UPDATE, FOR SHARE, FOR KEY SHARE with OF, NOWAIT, SKIP LOCKED. */
    private void lock(boolean query) {
        reading.at++;
        reading.skip(Keyword.NO);
        reading.skip(Keyword.KEY);
        if (!query || !reading.skip(Keyword.UPDATE) && !reading.skip(Keyword.SHARE)) {
            return;
        }
        reading.trait(Trait.LOCKING);
        if (reading.skip(Keyword.OF)) {
            do {
                reading.skipName();
            } while (reading.skip(','));
        }
        if (reading.skip(Keyword.NOWAIT) || reading.skip(Keyword.SKIP, Keyword.LOCKED)) {
            reading.trait(Trait.PARTIAL_LOCKING);
        }
    }

    private void lockInShareMode() {
        reading.at++;
        if (reading.skip(Keyword.IN, Keyword.SHARE) && reading.skip(Keyword.MODE)) {
            reading.trait(Trait.LOCKING);
            if (reading.skip(Keyword.NOWAIT) || reading.skip(Keyword.SKIP, Keyword.LOCKED)) {
                reading.trait(Trait.PARTIAL_LOCKING);
            }
        }
    }

    /** H2's {@code FINAL TABLE (INSERT …)}: the query is the write, and gives its rows back. */
    boolean deltaTable() {
        int open = reading.at + 2;
        if (!reading.h2() || !tokens.is(reading.at + 1, Keyword.TABLE) || tokens.kind(open) != '(') {
            return false;
        }
        int close = tokens.partner(open);
        reading.at = open + 1;
        if (reading.found.verb != Verb.SELECT || !writes.startsHere()) {
            nestedWrite(close);
        } else {
            int from = open - 3;
            reading.found.verb = givesRowsOf(from) ? alone(from, close) : writes.readNested(close);
            reading.trait(Trait.RETURNS_ROWS);
        }
        reading.at = close + 1;
        return true;
    }

    /** Whether the delta table's rows are given as the write leaves or finds them, and as many as it touched. */
    private boolean givesRowsOf(int from) {
        boolean touched = tokens.is(from + 1, Keyword.FINAL) && !reading.is(Keyword.DELETE)
                || tokens.is(from + 1, Keyword.OLD) && reading.is(Keyword.DELETE);
        boolean plain = tokens.is(0, Keyword.SELECT) && tokens.is(from, Keyword.FROM);
        for (int i = 1; i < from; i++) {
            plain &= tokens.isName(i) && !tokens.is(i, Keyword.DISTINCT)
                    || tokens.kind(i) == ','
                    || tokens.kind(i) == '*'
                    || tokens.kind(i) == '.';
        }
        return touched && plain;
    }

    /** The write is all that the query does, if nothing comes after it. */
    private Verb alone(int from, int close) {
        reading.selects--;
        reading.found.deltaStart = tokens.start(from);
        int alias = tokens.is(close + 1, Keyword.AS) ? close + 2 : close + 1;
        reading.deltaEnd = tokens.isName(alias) ? alias + 1 : close + 1;
        return writes.read(close);
    }
}
