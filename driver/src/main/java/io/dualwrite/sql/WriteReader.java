package io.dualwrite.sql;

import io.dualwrite.sql.Classification.Trait;
import io.dualwrite.sql.FromReader.Source;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Reads UPDATE and DELETE, and hands INSERT, REPLACE and MERGE on to {@link InsertReader}. */
final class WriteReader {
    /** PostgreSQL's words for where a row is kept, and by whom it was written. */
    private static final Set<String> OF_POSTGRES =
            new HashSet<>(Arrays.asList("ctid", "xmin", "xmax", "cmin", "cmax", "tableoid"));

    private static final Set<String> AMONG = new HashSet<>(Arrays.asList("in", "any", "some", "array"));

    private final Reading reading;
    private final Tokens tokens;
    private final QueryReader queries;
    private final InsertReader inserts;
    private final RowsAhead rowsAhead;
    /** False while a write inside another statement is read, whose target is not the statement's. */
    private boolean outermost = true;

    WriteReader(Reading reading, QueryReader queries) {
        this.reading = reading;
        this.tokens = reading.tokens;
        this.queries = queries;
        inserts = new InsertReader(reading, queries, this);
        rowsAhead = new RowsAhead(reading);
    }

    /** Whether a write begins here, and not a name or a function that is called like one. */
    boolean startsHere() {
        switch (reading.keyword()) {
            case INSERT:
            case UPDATE:
            case DELETE:
            case MERGE:
            case REPLACE:
                return tokens.isName(reading.at + 1);
            default:
                return false;
        }
    }

    /** Reads the write that begins here and ends at {@code to}. */
    Verb read(int to) {
        Keyword keyword = reading.keyword();
        reading.at++;
        Verb verb;
        switch (keyword) {
            case UPDATE:
                verb = Verb.UPDATE;
                update(to);
                break;
            case DELETE:
                verb = Verb.DELETE;
                delete(to);
                break;
            default:
                verb = inserts.read(keyword, to);
                break;
        }
        reading.at = to;
        return verb;
    }

    /** Reads a write inside another statement: what it writes, reads and calls is noted, its target is not. */
    Verb readNested(int to) {
        boolean outer = outermost;
        outermost = false;
        Verb verb = read(to);
        outermost = outer;
        return verb;
    }

    // ------------------------------------------------------------------ parts that all writes have

    /** Notes the table that is written; its text, {@code [first, reading.at)}, is fit to stand after FROM. */
    void target(TableName table, int first) {
        reading.writes(table);
        if (outermost) {
            reading.found.target = tokens.sql.substring(
                    tokens.start(first), Math.max(tokens.start(first), tokens.end(reading.at - 1)));
        }
    }

    /** Notes that the write has one target and takes its rows from no other table's join. */
    void singleTable() {
        if (outermost) {
            reading.trait(Trait.SINGLE_TABLE);
        }
    }

    /** Notes how many rows stand in the write's own text. */
    void rows(int rows) {
        if (outermost) {
            reading.found.rows = rows;
        }
    }

    void assigned(String column) {
        if (outermost) {
            reading.found.assigned.add(column);
        }
    }

    /** The place of RETURNING in {@code [reading.at, to)}, or {@code to}. */
    int returningAt(int to) {
        return reading.h2() ? to : reading.find(Keyword.RETURNING, to);
    }

    /** Notes the parameters of a write that has no WHERE, and ends or has its RETURNING at {@code to}. */
    void withoutWhere(int to) {
        if (outermost) {
            reading.found.parametersBeforeWhere = tokens.parametersBefore(to);
        }
    }

    /** Reads {@code RETURNING …}, which begins here, if before {@code to}. */
    void returning(int to) {
        if (reading.at >= to) {
            return;
        }
        reading.trait(Trait.RETURNS_ROWS);
        if (outermost) {
            reading.found.returningStart = tokens.start(reading.at);
        }
        reading.at++;
        queries.read(to);
    }

    /** Reads a target's optional alias, up to {@code to}. */
    void alias(int to) {
        boolean named = reading.skip(Keyword.AS);
        if (reading.at < to && tokens.isName(reading.at) && (named || !startsClause())) {
            reading.at++;
        }
    }

    private boolean startsClause() {
        switch (reading.keyword()) {
            case SET:
            case WHERE:
            case USING:
            case FROM:
            case ORDER:
            case LIMIT:
            case FETCH:
            case RETURNING:
            case JOIN:
            case INNER:
            case LEFT:
            case RIGHT:
            case CROSS:
            case NATURAL:
            case STRAIGHT_JOIN:
            case PARTITION:
            case FOR:
            case USE:
            case FORCE:
            case IGNORE:
            case VALUES:
            case SELECT:
            case WITH:
                return true;
            case KEY:
                return tokens.kind(reading.at + 1) == '(';
            default:
                return false;
        }
    }

    /** Reads {@code [ONLY] table [*] [PARTITION (…)] [[AS] alias]} and notes it as the target. */
    void readTarget(int to) {
        int first = reading.at;
        if (reading.is(Keyword.ONLY) && reading.postgres() && tokens.isName(first + 1)) {
            reading.at++;
        }
        if (reading.at >= to || !tokens.isName(reading.at) || startsClause() && tokens.kind(reading.at + 1) != '.') {
            reading.doubt("the table that is written cannot be made out");
            return;
        }
        TableName table = reading.tableName();
        reading.skip('*');
        if (reading.is(Keyword.PARTITION) && tokens.kind(reading.at + 1) == '(') {
            reading.at++;
            queries.names();
        }
        alias(to);
        target(table, first);
    }

    /** Whether failures of single rows are ignored. */
    private boolean skipModifiers() {
        boolean ignores = false;
        while (reading.mariadb()
                && (reading.is(Keyword.LOW_PRIORITY) || reading.is(Keyword.QUICK) || reading.is(Keyword.IGNORE))) {
            ignores |= reading.is(Keyword.IGNORE);
            reading.at++;
        }
        return ignores;
    }

    // ------------------------------------------------------------------ UPDATE

    private void update(int to) {
        skipModifiers();
        int set = reading.find(Keyword.SET, to);
        if (set == to) {
            reading.doubt("an UPDATE has no SET");
            queries.from().read(to);
            return;
        }
        int returning = returningAt(to);
        List<Source> several = updateTargets(set);
        reading.at = set + 1;
        int from = assignments(tailAt(returning, true));
        int tail = from;
        reading.at = from;
        if (reading.is(Keyword.FROM) && from < returning) {
            tail = tailAt(returning, false);
            reading.at = from + 1;
            queries.from().read(tail);
            queries.read(tail);
        } else if (several.isEmpty()) {
            singleTable();
        }
        tail(tail, returning);
        returning(to);
        writesOfSeveral(several, set);
    }

    /** Reads the targets before SET; the list is empty where there is one target and nothing joined. */
    private List<Source> updateTargets(int set) {
        int first = reading.at;
        int writesBefore = reading.found.writes.size();
        if (!reading.is('(') && !reading.is('{')) {
            readTarget(set);
            if (reading.at == set) {
                return Collections.emptyList();
            }
        }
        if (!reading.mariadb()) {
            reading.doubt("what stands between UPDATE and SET cannot be read");
            return Collections.emptyList();
        }
        while (reading.found.writes.size() > writesBefore) {
            reading.found.writes.remove(reading.found.writes.size() - 1);
        }
        reading.found.target = outermost ? null : reading.found.target;
        reading.at = first;
        List<Source> sources = queries.from().readSources(set);
        if (reading.at != set || sources.isEmpty()) {
            reading.doubt("what stands between UPDATE and SET cannot be read");
        }
        return sources;
    }

    /** The place of the first clause after SET or FROM: FROM (if wanted), WHERE, ORDER BY, LIMIT, FETCH; or {@code to}. */
    private int tailAt(int to, boolean orFrom) {
        for (int i = reading.at; i < to; i = tokens.after(i)) {
            switch (tokens.keyword(i)) {
                case FROM:
                    if (orFrom && !tokens.is(i - 1, Keyword.DISTINCT)) {
                        return i;
                    }
                    break;
                case WHERE:
                case ORDER:
                case LIMIT:
                case FETCH:
                    return i;
                default:
                    break;
            }
        }
        return to;
    }

    /** Reads {@code a = x, (b, c) = (y, z)} up to {@code to}, which it gives back. */
    int assignments(int to) {
        int start = reading.at;
        queries.read(to);
        reading.at = start;
        while (reading.at < to) {
            assignment(to);
            while (reading.at < to && !reading.is(',')) {
                reading.hop();
            }
            reading.at++;
        }
        reading.at = to;
        return to;
    }

    private void assignment(int to) {
        if (reading.is('(')) {
            columns();
        } else if (tokens.isName(reading.at)) {
            int first = reading.at;
            int last = reading.skipName();
            assigned(tokens.name(reading.postgres() ? first : last));
        } else {
            reading.doubt("a column that SET assigns cannot be made out");
            reading.at = Math.min(reading.at + 1, to);
        }
    }

    /** Reads a list of columns in parentheses, which stands here. */
    void columns() {
        int close = tokens.partner(reading.at);
        reading.at++;
        while (reading.at < close) {
            int first = reading.at;
            int last = reading.skipName();
            if (last < 0) {
                reading.doubt("a column in a list of columns cannot be made out");
            } else {
                assigned(tokens.name(reading.postgres() ? first : last));
            }
            while (reading.is('[') || reading.is('.')) {
                reading.hop();
            }
            if (reading.at < close && !reading.is(',')) {
                reading.doubt("a column in a list of columns cannot be made out");
            }
            reading.at++;
        }
        reading.at = close + 1;
    }

    /** MariaDB's UPDATE of joined tables writes those whose columns SET assigns; a bare column may be anyone's. */
    private void writesOfSeveral(List<Source> sources, int set) {
        if (sources.isEmpty()) {
            return;
        }
        int end = reading.at;
        List<TableName> owners = new ArrayList<>();
        reading.at = set + 1;
        int to = tailAt(end, false);
        boolean unqualified = false;
        while (reading.at < to) {
            int first = reading.at;
            int last = reading.skipName();
            if (last <= first) {
                unqualified = true;
            } else {
                owners.add(TableName.of(last - first > 2 ? tokens.name(last - 4) : null, tokens.name(last - 2)));
            }
            while (reading.at < to && !reading.is(',')) {
                reading.hop();
            }
            reading.at++;
        }
        noteSeveral(sources, owners, unqualified);
        reading.at = end;
    }

    private void noteSeveral(List<Source> sources, List<TableName> named, boolean all) {
        for (Source source : sources) {
            boolean written = all;
            for (TableName name : named) {
                written |= source.isCalled(name);
            }
            if (written) {
                reading.writes(source.table);
            } else {
                reading.reads(source.table);
            }
        }
    }

    /** Reads WHERE, ORDER BY and LIMIT, and notes where they stand. */
    private void tail(int tail, int to) {
        reading.at = tail;
        if (outermost) {
            reading.found.whereStart = tail < to ? tokens.start(tail) : -1;
            reading.found.whereEnd = tokens.end(to - 1);
            reading.found.parametersBeforeWhere = tokens.parametersBefore(Math.min(tail, to));
        }
        if (reading.is(Keyword.WHERE) && tokens.is(tail + 1, Keyword.CURRENT) && tokens.is(tail + 2, Keyword.OF)) {
            reading.doubtOfRows("it writes the row on which a cursor stands");
        }
        if (reading.find(Keyword.LIMIT, to) < to || reading.find(Keyword.FETCH, to) < to) {
            reading.trait(Trait.LIMITED);
        }
        if (outermost && reading.mariadb()) {
            rowsAhead.note(tail, to);
        }
        if (!reading.mariadb()) {
            noteAddresses(tail, to);
        }
        int callsBefore = reading.unknownCalls;
        queries.read(to);
        if (outermost && reading.mariadb() && reading.unknownCalls > callsBefore) {
            reading.trait(Trait.VARYING_ROWS);
        }
    }

    /** But for those that are held against a subquery, or stand in one, which the statement reads where it runs. */
    private void noteAddresses(int from, int to) {
        for (int i = from; i < to; i++) {
            if (tokens.kind(i) == '(' && startsQuery(i + 1)) {
                i = tokens.partner(i);
            } else if (tokens.kind(i) == Tokens.WORD && isRowAddress(lower(i)) && !isAmongRowsOfQuery(i + 1)) {
                reading.trait(Trait.ROW_ADDRESS);
            }
        }
    }

    /** {@code IN (SELECT …)}, {@code = ANY (ARRAY (SELECT …))}. */
    private boolean isAmongRowsOfQuery(int at) {
        int next = at;
        while (tokens.kind(next) == '=' || tokens.kind(next) == '(' || AMONG.contains(lower(next))) {
            next++;
        }
        return startsQuery(next);
    }

    private String lower(int at) {
        return tokens.kind(at) == Tokens.WORD ? tokens.text(at).toLowerCase(Locale.ROOT) : "";
    }

    private boolean startsQuery(int at) {
        return tokens.is(at, Keyword.SELECT) || tokens.is(at, Keyword.WITH);
    }

    private boolean isRowAddress(String word) {
        return reading.postgres() ? OF_POSTGRES.contains(word) : word.equals("_rowid_");
    }

    // ------------------------------------------------------------------ DELETE

    /** With IGNORE, RETURNING gives those rows too that stay because others refer to them. */
    private void delete(int to) {
        boolean ignores = skipModifiers();
        int returning = returningAt(to);
        int clauses = tailAt(returning, false);
        if (reading.mariadb() && reading.is(Keyword.HISTORY) && tokens.is(reading.at + 1, Keyword.FROM)) {
            reading.doubtOfRows("it deletes from a table's history");
            reading.at++;
        }
        boolean plain = reading.skip(Keyword.FROM);
        int list = reading.find(plain ? Keyword.USING : Keyword.FROM, clauses);
        if (reading.mariadb() && list < clauses) {
            deleteNamed(list, returning);
            return;
        }
        readTarget(returning);
        if (reading.is(Keyword.USING)) {
            reading.at++;
            queries.from().read(clauses);
            queries.read(clauses);
        } else if (!ignores) {
            singleTable();
        }
        if (reading.at != clauses) {
            reading.doubt("what follows the table of a DELETE cannot be read");
        }
        tail(Math.max(clauses, reading.at), returning);
        returning(to);
    }

    /** MariaDB's {@code DELETE a, b FROM …} and {@code DELETE FROM a, b USING …}; FROM or USING stands at {@code list}. */
    private void deleteNamed(int list, int to) {
        List<TableName> named = new ArrayList<>();
        do {
            if (!tokens.isName(reading.at)) {
                reading.doubt("the tables of a DELETE cannot be made out");
                break;
            }
            named.add(reading.tableName());
            if (reading.skip('.')) {
                reading.skip('*');
            }
        } while (reading.skip(','));
        if (reading.at != list) {
            reading.doubt("the tables of a DELETE cannot be made out");
        }
        reading.at = list + 1;
        List<Source> sources = queries.from().readSources(tailAt(to, false));
        noteSeveral(sources, named, false);
        for (TableName name : named) {
            if (sources.stream().noneMatch(source -> source.isCalled(name))) {
                reading.writes(name);
            }
        }
        queries.read(to);
    }
}
