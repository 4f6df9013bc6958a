package io.dualwrite.sql;

import io.dualwrite.sql.Classification.Trait;

/** Reads a whole text: looks at each statement's first words, and hands it on to the reader that knows the rest. */
final class StatementReader {
    private final Reading reading;
    private final Tokens tokens;
    private final QueryReader queries;
    private final SessionReader sessions;
    private final DefinitionReader definitions;

    private StatementReader(Reading reading) {
        this.reading = reading;
        tokens = reading.tokens;
        queries = new QueryReader(reading);
        sessions = new SessionReader(reading, queries, this);
        definitions = new DefinitionReader(reading, queries);
    }

    static Classification classify(String sql, SqlFlavour flavour) {
        Reading reading = new Reading(flavour, SqlLexer.read(sql, flavour));
        return new StatementReader(reading).text();
    }

    // ------------------------------------------------------------------ the text

    private Classification text() {
        int end = tokens.count();
        while (end > 0 && tokens.kind(end - 1) == ';') {
            end--;
        }
        if (tokens.flaw() != null) {
            reading.doubt(tokens.flaw());
        }
        if (tokens.hasHiddenSql()) {
            reading.trait(Trait.SEVERAL);
            reading.doubt("a comment holds SQL that some servers run and others do not");
        }
        int first = definitions.hasBody(end) ? end : statementEnd(0, end);
        Verb verb = statement(first);
        while (reading.at < end) {
            reading.trait(Trait.SEVERAL);
            reading.doubt("several statements stand in one text");
            reading.at++;
            statement(statementEnd(reading.at, end));
        }
        finish(verb, end);
        return reading.found.build();
    }

    private int statementEnd(int from, int end) {
        for (int i = from; i < end; i = tokens.after(i)) {
            if (tokens.kind(i) == ';') {
                return i;
            }
        }
        return end;
    }

    private void finish(Verb read, int end) {
        Classification.Builder found = reading.found;
        Verb verb = read;
        found.bodyEnd = tokens.end(end - 1);
        found.parameters = tokens.parameters();
        found.reads.removeAll(found.writes);
        if (verb == Verb.SELECT && found.traits.contains(Trait.LOCKING) && reading.limitedQuery) {
            reading.trait(Trait.PARTIAL_LOCKING);
        }
        if (reading.lockRoutine != null) {
            if (verb == Verb.SELECT) {
                verb = Verb.LOCK;
                found.name = reading.lockRoutine;
            } else {
                found.functions.add(reading.lockRoutine);
            }
        }
        if (found.reason == null && verb == Verb.UNKNOWN) {
            found.reason = "it is not known what the statement does";
        }
        if (found.reason != null) {
            verb = Verb.UNKNOWN;
        }
        if (found.target != null && reading.selects > 0) {
            reading.trait(Trait.SUBQUERY);
        }
        if (verb == Verb.UNKNOWN || tokens.hasNumberedParameters()) {
            found.traits.remove(Trait.SINGLE_TABLE);
        }
        found.verb = verb;
    }

    // ------------------------------------------------------------------ one statement

    /** Reads the statement {@code [reading.at, to)}. */
    Verb statement(int to) {
        Verb verb = Verb.UNKNOWN;
        if (reading.enter()) {
            verb = firstWord(to);
        }
        reading.leave();
        reading.at = to;
        return verb;
    }

    private Verb firstWord(int to) {
        if (reading.at >= to) {
            return Verb.SELECT;
        }
        switch (tokens.kind(reading.at)) {
            case '(':
                return parenthesis(to);
            case '{':
                return sessions.escapedCall(to);
            case Tokens.WORD:
                break;
            default:
                reading.doubt("the text does not begin with a word of SQL");
                return Verb.UNKNOWN;
        }
        switch (reading.keyword()) {
            case SELECT:
            case VALUES:
            case TABLE:
                return query(to);
            case WITH:
                return with(to);
            case INSERT:
            case UPDATE:
            case DELETE:
            case MERGE:
            case REPLACE:
                return queries.writes().read(to);
            case EXPLAIN:
            case DESCRIBE:
            case DESC:
                return explain(to);
            case ANALYZE:
                return reading.mariadb()
                                && !tokens.is(reading.at + 1, Keyword.TABLE)
                                && !tokens.is(reading.at + 1, Keyword.NO)
                                && !tokens.is(reading.at + 1, Keyword.LOCAL)
                        ? explain(to)
                        : definitions.read(to);
            default:
                Verb verb = sessions.read(to);
                return verb != null ? verb : definitions.read(to);
        }
    }

    private Verb query(int to) {
        reading.found.verb = Verb.SELECT;
        queries.read(to);
        return reading.found.verb;
    }

    private Verb parenthesis(int to) {
        int first = reading.at;
        while (tokens.kind(first) == '(') {
            first++;
        }
        switch (tokens.keyword(first)) {
            case SELECT:
            case VALUES:
            case TABLE:
            case WITH:
                return query(to);
            default:
                reading.doubt("a parenthesis begins the text and holds no query");
                queries.read(to);
                return Verb.UNKNOWN;
        }
    }

    private Verb with(int to) {
        reading.found.verb = Verb.SELECT;
        if (!queries.commonTables(to)) {
            reading.doubt("a WITH clause cannot be read");
        }
        if (!queries.writes().startsHere()) {
            queries.read(to);
            return reading.found.verb;
        }
        Verb verb = queries.writes().read(to);
        if (verb == Verb.UPDATE || verb == Verb.DELETE) {
            reading.found.traits.remove(Trait.SINGLE_TABLE);
        }
        return verb;
    }

    // ------------------------------------------------------------------ EXPLAIN

    private Verb explain(int to) {
        boolean runs = reading.is(Keyword.ANALYZE);
        reading.at++;
        if (reading.is('(')) {
            runs |= explainOptions();
        }
        while (reading.at < to && !startsExplained()) {
            runs |= reading.is(Keyword.ANALYZE) || reading.is(Keyword.ANALYSE);
            reading.hop();
        }
        Verb verb = reading.at < to ? statement(to) : Verb.SELECT;
        return runs ? explainedRun(verb) : explained(verb);
    }

    private boolean startsExplained() {
        switch (reading.keyword()) {
            case SELECT:
            case VALUES:
            case TABLE:
            case WITH:
            case INSERT:
            case UPDATE:
            case DELETE:
            case MERGE:
            case REPLACE:
            case CREATE:
            case DECLARE:
            case EXECUTE:
            case REFRESH:
                return true;
            default:
                return reading.is('(');
        }
    }

    private boolean explainOptions() {
        int close = tokens.partner(reading.at);
        boolean options = !tokens.is(reading.at + 1, Keyword.SELECT)
                && !tokens.is(reading.at + 1, Keyword.WITH)
                && !tokens.is(reading.at + 1, Keyword.VALUES)
                && tokens.kind(reading.at + 1) != '(';
        if (!options) {
            return false;
        }
        boolean runs = false;
        for (int i = reading.at; i < close; i++) {
            runs |= tokens.is(i, Keyword.ANALYZE) || tokens.is(i, Keyword.ANALYSE);
        }
        reading.at = close + 1;
        return runs;
    }

    private Verb explainedRun(Verb verb) {
        if (verb != Verb.SELECT) {
            reading.doubt("EXPLAIN ANALYZE runs the statement");
        }
        reading.found.traits.remove(Trait.SINGLE_TABLE);
        return verb;
    }

    /** Nothing was run: what would be written is only looked at. */
    private Verb explained(Verb verb) {
        if (verb == Verb.UNKNOWN) {
            return verb;
        }
        Classification.Builder found = reading.found;
        found.writes.forEach(reading::reads);
        found.writes.clear();
        found.functions.clear();
        found.assigned.clear();
        found.traits.clear();
        found.target = null;
        reading.lockRoutine = null;
        return Verb.SELECT;
    }
}
