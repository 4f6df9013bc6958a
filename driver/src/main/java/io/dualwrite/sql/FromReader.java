package io.dualwrite.sql;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads lists of tables: FROM, USING, and the targets of MariaDB's writes of several tables. */
final class FromReader {

    /** A table in such a list and the name by which the statement's other parts know it. */
    static final class Source {
        final TableName table;
        final @Nullable String alias;

        Source(TableName table, @Nullable String alias) {
            this.table = table;
            this.alias = alias;
        }

        boolean isCalled(TableName name) {
            return alias == null
                    ? table.equals(name)
                            || name.schema() == null && table.table().equalsIgnoreCase(name.table())
                    : name.schema() == null && alias.equalsIgnoreCase(name.table());
        }
    }

    private final Reading reading;
    private final Tokens tokens;
    private final QueryReader queries;
    private @Nullable List<Source> sources;

    FromReader(Reading reading, QueryReader queries) {
        this.reading = reading;
        this.tokens = reading.tokens;
        this.queries = queries;
    }

    /** Reads the list that begins here and gives its tables; those of subqueries are noted as read. */
    List<Source> readSources(int to) {
        List<Source> list = new ArrayList<>();
        read(to, list);
        return list;
    }

    /** Reads the list that begins here, up to the next clause of the query or {@code to}; its tables are noted as read. */
    void read(int to) {
        read(to, null);
    }

    private void read(int to, @Nullable List<Source> list) {
        List<Source> outer = sources;
        sources = list;
        list(to);
        sources = outer;
    }

    private void list(int to) {
        boolean expected = true;
        while (reading.at < to) {
            if (expected) {
                reference(to);
                expected = false;
            } else if (reading.is(',') || reading.is(Keyword.JOIN) || reading.is(Keyword.STRAIGHT_JOIN)) {
                reading.at++;
                expected = true;
            } else if (endsList()) {
                return;
            } else {
                joinCondition();
            }
        }
        if (expected) {
            reading.doubt("a list of tables ends too early");
        }
    }

    private boolean endsList() {
        switch (reading.keyword()) {
            case WHERE:
            case GROUP:
            case HAVING:
            case ORDER:
            case LIMIT:
            case OFFSET:
            case FETCH:
            case FOR:
            case UNION:
            case EXCEPT:
            case INTERSECT:
            case MINUS:
            case WINDOW:
            case QUALIFY:
            case LOCK:
            case INTO:
            case PROCEDURE:
            case SELECT:
            case SET:
            case WHEN:
                return tokens.kind(reading.at + 1) != '.';
            default:
                return false;
        }
    }

    /** Reads one token, or bracket, of what follows a table: an ON condition, USING (columns), words between. */
    private void joinCondition() {
        int at = reading.at;
        if (tokens.isWord(at, "case")) {
            queries.read(caseEnd(at));
        } else if (reading.is(Keyword.USING) && tokens.kind(at + 1) == '(') {
            reading.at++;
            queries.names();
        } else if (reading.is(Keyword.DISTINCT) && tokens.is(at + 1, Keyword.FROM)) {
            reading.at += 2;
        } else {
            queries.read(nextToken(at));
        }
    }

    /** The index after the token, or after the call or qualified name that it begins. */
    private int nextToken(int at) {
        int next = tokens.after(at);
        while (tokens.kind(next) == '.' && tokens.kind(next + 1) != '(') {
            next += 2;
        }
        return tokens.isName(next - 1) && tokens.kind(next) == '(' ? tokens.after(next) : next;
    }

    /** The index after the END of the CASE at the index. */
    private int caseEnd(int at) {
        int depth = 0;
        for (int i = at; i < tokens.count(); i = tokens.after(i)) {
            if (tokens.isWord(i, "case")) {
                depth++;
            } else if (tokens.is(i, Keyword.END) && --depth == 0) {
                return i + 1;
            }
        }
        return at + 1;
    }

    // ------------------------------------------------------------------ one reference

    private void reference(int to) {
        reading.skip(Keyword.LATERAL);
        int at = reading.at;
        if (reading.is('(')) {
            parenthesis();
        } else if (reading.is('{') && tokens.isWord(at + 1, "oj")) {
            reading.at++;
            nested(tokens.partner(at));
        } else if (reading.is(Keyword.VALUES)) {
            reading.at++;
            do {
                queries.read(tokens.after(reading.at));
            } while (reading.skip(','));
        } else if (reading.is(Keyword.ROWS) && tokens.is(at + 1, Keyword.FROM)
                || reading.is(Keyword.TABLE) && tokens.kind(at + 1) == '(') {
            reading.at += reading.is(Keyword.TABLE) ? 1 : 2;
            queries.bracket();
        } else if (queries.deltaTable()) {
            alias();
            return;
        } else {
            named();
            return;
        }
        alias();
        after(to);
    }

    private void named() {
        if (reading.is(Keyword.ONLY) && (tokens.isName(reading.at + 1) || tokens.kind(reading.at + 1) == '(')) {
            reading.at++;
            if (reading.is('(')) {
                parenthesis();
                alias();
                return;
            }
        }
        int at = reading.at;
        if (!tokens.isName(at) || endsList()) {
            reading.doubt("a table's name is missing where one must stand");
            reading.hop();
            return;
        }
        TableName table = reading.tableName();
        if (reading.is('(')) {
            reading.at = at;
            queries.calls().name();
            if (reading.skip(Keyword.WITH)) {
                reading.skip(Keyword.ORDINALITY);
            }
            alias();
            return;
        }
        reading.skip('*');
        partitions();
        period();
        note(table, alias());
        after(tokens.count());
    }

    private void note(TableName table, @Nullable String alias) {
        if (sources == null) {
            reading.reads(table);
        } else {
            sources.add(new Source(table, alias));
        }
    }

    private void partitions() {
        if (reading.is(Keyword.PARTITION) && tokens.kind(reading.at + 1) == '(') {
            reading.at++;
            queries.names();
        }
    }

    /** MariaDB's FOR SYSTEM_TIME …: what follows is an expression. */
    private void period() {
        if (reading.mariadb() && reading.skip(Keyword.FOR, Keyword.SYSTEM_TIME)) {
            reading.at++;
            reading.skip(Keyword.OF);
        }
    }

    private void parenthesis() {
        int close = tokens.partner(reading.at);
        Keyword first = tokens.keyword(reading.at + 1);
        boolean query = first == Keyword.SELECT
                || first == Keyword.WITH
                || first == Keyword.VALUES
                || first == Keyword.TABLE && tokens.isName(reading.at + 2)
                || isWrite(first);
        if (query) {
            queries.bracket();
        } else {
            nested(close);
        }
    }

    /** Reads the list between two brackets, the first of which, or the word that goes with it, stands here. */
    private void nested(int close) {
        if (reading.enter()) {
            reading.at++;
            list(close);
            queries.read(close);
        }
        reading.leave();
        reading.at = close + 1;
    }

    private static boolean isWrite(Keyword first) {
        return first == Keyword.INSERT || first == Keyword.UPDATE || first == Keyword.DELETE || first == Keyword.MERGE;
    }

    /** Reads {@code [AS] alias [(columns)]} if it stands here. */
    private @Nullable String alias() {
        boolean named = reading.skip(Keyword.AS);
        String alias = null;
        if (tokens.isName(reading.at) && (named || canBeAlias())) {
            alias = tokens.name(reading.at++);
        }
        if ((named || alias != null) && reading.is('(')) {
            queries.names();
        }
        return alias;
    }

    private boolean canBeAlias() {
        switch (reading.keyword()) {
            case JOIN:
            case STRAIGHT_JOIN:
            case INNER:
            case LEFT:
            case RIGHT:
            case FULL:
            case CROSS:
            case NATURAL:
            case ON:
            case USING:
            case PARTITION:
            case TABLESAMPLE:
            case RETURNING:
                return false;
            case USE:
            case FORCE:
            case IGNORE:
                return !tokens.is(reading.at + 1, Keyword.INDEX) && !tokens.is(reading.at + 1, Keyword.KEY);
            case WITH:
                return false;
            default:
                return !endsList() && !tokens.isWord(reading.at, "outer");
        }
    }

    /** Index hints, samples. */
    private void after(int to) {
        while (reading.at < to && isIndexHint()) {
            while (reading.at < to && !reading.is('(')) {
                reading.at++;
            }
            queries.names();
        }
        if (reading.skip(Keyword.TABLESAMPLE)) {
            reading.skipName();
            if (reading.is('(')) {
                queries.bracket();
            }
            if (tokens.isWord(reading.at, "repeatable")) {
                reading.at++;
                queries.names();
            }
        }
    }

    private boolean isIndexHint() {
        return (reading.is(Keyword.USE) || reading.is(Keyword.FORCE) || reading.is(Keyword.IGNORE))
                && (tokens.is(reading.at + 1, Keyword.INDEX) || tokens.is(reading.at + 1, Keyword.KEY));
    }
}
