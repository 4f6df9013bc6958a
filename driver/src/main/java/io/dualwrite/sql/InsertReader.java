package io.dualwrite.sql;

import io.dualwrite.sql.Classification.Trait;

/** Reads INSERT, MariaDB's REPLACE, and MERGE. */
final class InsertReader {
    private final Reading reading;
    private final Tokens tokens;
    private final QueryReader queries;
    private final WriteReader writes;
    private final UpsertReader upserts;

    InsertReader(Reading reading, QueryReader queries, WriteReader writes) {
        this.reading = reading;
        this.tokens = reading.tokens;
        this.queries = queries;
        this.writes = writes;
        this.upserts = new UpsertReader(reading);
    }

    /** Reads the statement after its first word, {@code keyword}, up to {@code to}. */
    Verb read(Keyword keyword, int to) {
        if (keyword == Keyword.MERGE) {
            merge(to);
            return Verb.MERGE;
        }
        if (keyword == Keyword.REPLACE) {
            reading.trait(Trait.ON_CONFLICT);
        }
        insert(to);
        if (keyword == Keyword.REPLACE && reading.h2()) {
            // Its FINAL TABLE takes none.
            reading.found.traits.remove(Trait.SINGLE_TABLE);
        }
        return keyword == Keyword.REPLACE ? Verb.MERGE : Verb.INSERT;
    }

    // ------------------------------------------------------------------ INSERT and REPLACE

    private void insert(int to) {
        int returning = writes.returningAt(to);
        int conflict = conflictAt(returning);
        writes.withoutWhere(returning);
        skipModifiers();
        reading.skip(Keyword.INTO);
        target(conflict);
        writes.singleTable();
        if (reading.is('(') && !holdsQuery()) {
            writes.columns();
        }
        if (reading.skip(Keyword.OVERRIDING)) {
            reading.at += 2;
        }
        source(conflict);
        if (reading.at < returning) {
            reading.trait(Trait.ON_CONFLICT);
            upserts.conflict(reading.at, returning);
            reading.at += 2;
            queries.read(returning);
        }
        writes.returning(to);
    }

    private void skipModifiers() {
        for (; ; reading.at++) {
            boolean modifier = reading.is(Keyword.LOW_PRIORITY)
                    || reading.is(Keyword.DELAYED)
                    || reading.is(Keyword.HIGH_PRIORITY)
                    || reading.is(Keyword.IGNORE);
            boolean ofH2 = reading.h2() && reading.is(Keyword.IGNORE) && tokens.is(reading.at + 1, Keyword.INTO);
            if (!modifier || !reading.mariadb() && !ofH2) {
                return;
            }
            if (reading.is(Keyword.IGNORE)) {
                reading.trait(Trait.ON_CONFLICT);
            }
        }
    }

    private void target(int to) {
        int first = reading.at;
        if (first >= to || !tokens.isName(first)) {
            reading.doubt("the table that is written cannot be made out");
            return;
        }
        TableName table = reading.tableName();
        if (reading.is(Keyword.PARTITION) && tokens.kind(reading.at + 1) == '(') {
            reading.at++;
            queries.names();
        }
        if (reading.postgres() && reading.is(Keyword.AS)) {
            writes.alias(to);
        }
        writes.target(table, first);
    }

    /** The rows: VALUES, DEFAULT VALUES, SET, or a query. */
    private void source(int to) {
        if (reading.at >= to) {
            reading.doubt("an INSERT gives no rows");
            return;
        }
        reading.skip(Keyword.DIRECT);
        reading.skip(Keyword.SORTED);
        if (reading.skip(Keyword.DEFAULT, Keyword.VALUES)) {
            reading.trait(Trait.VALUES);
            reading.trait(Trait.VOLATILE);
            reading.trait(Trait.DEFAULTED);
            writes.rows(1);
        } else if (reading.skip(Keyword.VALUES) || reading.skip(Keyword.VALUE)) {
            reading.trait(Trait.VALUES);
            writes.rows(listed(to));
            if (reading.is('(') && tokens.kind(reading.at + 1) == ')') {
                reading.trait(Trait.VOLATILE);
                reading.trait(Trait.DEFAULTED);
            }
        } else if (reading.skip(Keyword.SET)) {
            reading.trait(Trait.VALUES);
            writes.rows(1);
            writes.assignments(to);
        } else if (!reading.is(Keyword.SELECT)
                && !reading.is(Keyword.WITH)
                && !reading.is(Keyword.TABLE)
                && !reading.is('(')) {
            reading.doubt("the rows of an INSERT cannot be made out");
        }
        queries.read(to);
    }

    /** The number of rows in the list that begins here. */
    private int listed(int to) {
        int rows = 1;
        for (int i = reading.at; i < to; i = tokens.after(i)) {
            rows += tokens.kind(i) == ',' ? 1 : 0;
        }
        return rows;
    }

    private boolean holdsQuery() {
        int first = reading.at + 1;
        while (tokens.kind(first) == '(') {
            first++;
        }
        switch (tokens.keyword(first)) {
            case SELECT:
            case WITH:
                return true;
            case VALUES:
            case TABLE:
                return tokens.kind(first + 1) != ',' && tokens.kind(first + 1) != ')';
            default:
                return false;
        }
    }

    /** The place of ON CONFLICT or ON DUPLICATE KEY, or {@code to}. */
    private int conflictAt(int to) {
        for (int i = reading.at; i < to; i = tokens.after(i)) {
            if (tokens.is(i, Keyword.ON) && (isConflict(i + 1) || isDuplicateKey(i + 1))) {
                return i;
            }
        }
        return to;
    }

    private boolean isConflict(int at) {
        return tokens.is(at, Keyword.CONFLICT)
                && (tokens.kind(at + 1) == '(' || tokens.is(at + 1, Keyword.ON) || tokens.is(at + 1, Keyword.DO));
    }

    private boolean isDuplicateKey(int at) {
        return tokens.is(at, Keyword.DUPLICATE) && tokens.is(at + 1, Keyword.KEY);
    }

    // ------------------------------------------------------------------ MERGE

    private void merge(int to) {
        reading.trait(Trait.ON_CONFLICT);
        int returning = writes.returningAt(to);
        writes.withoutWhere(returning);
        reading.skip(Keyword.INTO);
        writes.readTarget(returning);
        if (reading.h2()) {
            writes.singleTable();
        }
        if (reading.skip(Keyword.USING)) {
            upserts.merge(reading.at, returning);
            queries.from().read(returning);
            queries.read(returning);
        } else if (reading.h2()) {
            mergeRows(returning);
        } else {
            reading.doubt("a MERGE has no USING");
        }
        reading.at = returning;
        writes.returning(to);
    }

    /** H2's {@code MERGE INTO t (columns) KEY (columns) VALUES …}. */
    private void mergeRows(int to) {
        if (reading.is('(') && !holdsQuery()) {
            writes.columns();
        }
        if (reading.skip(Keyword.KEY)) {
            upserts.mergeKey(reading.at);
            queries.names();
        }
        source(to);
    }
}
