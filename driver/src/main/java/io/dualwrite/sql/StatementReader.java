package io.dualwrite.sql;

import io.dualwrite.sql.Classification.Trait;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads a whole text: looks at each statement's first words, and hands it on to the reader that knows the rest. */
final class StatementReader {
    private static final EnumSet<Trait> PLAIN = EnumSet.of(Trait.VOLATILE);
    private static final String SEVERAL = "several statements stand in one text";

    private final Reading reading;
    private final Tokens tokens;
    private final QueryReader queries;

    private StatementReader(Reading reading) {
        this.reading = reading;
        tokens = reading.tokens;
        queries = new QueryReader(reading);
    }

    static Classification classify(String sql, SqlFlavour flavour) {
        return classify(sql, flavour, Collections.<String>emptySet());
    }

    /** As {@link #classify(String, SqlFlavour)}, where these names of built-in functions are those of the user's own as well. */
    static Classification classify(String sql, SqlFlavour flavour, Set<String> users) {
        Reading reading = new Reading(flavour, SqlLexer.read(sql, flavour), users);
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
            reading.unread();
        }
        if (tokens.hasHiddenSql()) {
            reading.trait(Trait.SEVERAL);
            reading.doubt("a comment holds SQL that some servers run and others do not");
        }
        int first = DefinitionReader.hasBody(reading, end) ? end : statementEnd(0, end);
        Verb verb = statement(first);
        further(verb, end);
        finish(verb, end);
        return reading.found.build();
    }

    /**
     * Reads the statements after the first, whose verb is given. Where the text begins with BEGIN, the transaction that it ends is
     * its own; a change of the schema is one-sided all the same.
     */
    private void further(Verb first, int end) {
        Verb oneSided = first == Verb.BEGIN ? null : oneSided(first);
        boolean several = reading.at < end;
        String reason = reading.found.reason;
        boolean reads = first == Verb.SELECT;
        Verb control = control(first, null);
        while (reading.at < end) {
            reading.trait(Trait.SEVERAL);
            reading.at++;
            Verb next = statement(statementEnd(reading.at, end));
            reads &= next == Verb.SELECT;
            control = control(next, control);
            if (first == Verb.BEGIN && next != Verb.DDL && next != Verb.TRUNCATE) {
                reading.trait(Trait.OWN_TRANSACTION);
            } else if (oneSided == null) {
                oneSided = oneSided(next);
            }
        }
        if (several && !(reads && eachLeavesNothing(end))) {
            reading.found.reason = reason == null ? SEVERAL : reason;
        }
        if (several) {
            reading.found.traits.remove(Trait.CALL);
        }
        if (several && control != null) {
            reading.trait(control == Verb.BEGIN ? Trait.LEAVES_OPEN : Trait.LEAVES_ENDED);
        }
        if (several && oneSided != null) {
            reading.trait(Trait.ONE_SIDED);
            reading.found.reason = SEVERAL + ", one of them " + oneSided;
        }
    }

    /** Whether each of the statements, by itself, is a query that takes no lock, changes nothing in the session and calls nothing that might. */
    private boolean eachLeavesNothing(int end) {
        int from = 0;
        while (from < end) {
            int to = statementEnd(from, end);
            if (to > from && !leavesNothing(tokens.sql.substring(tokens.start(from), tokens.end(to - 1)))) {
                return false;
            }
            from = to + 1;
        }
        return true;
    }

    private boolean leavesNothing(String statement) {
        Classification alone = classify(statement, reading.flavour, reading.users);
        return alone.verb() == Verb.SELECT
                && alone.writes().isEmpty()
                && alone.functions().isEmpty()
                && alone.hasNoneBut(PLAIN);
    }

    /** The verb where it begins or ends a transaction, else the one before it. */
    private static @Nullable Verb control(Verb verb, @Nullable Verb before) {
        return verb == Verb.BEGIN || verb == Verb.COMMIT || verb == Verb.ROLLBACK ? verb : before;
    }

    /** The verb itself where what it does on one side alone can be neither undone nor marked; null for any other. */
    private static @Nullable Verb oneSided(Verb verb) {
        switch (verb) {
            case DDL:
            case TRUNCATE:
            case BEGIN:
            case COMMIT:
            case ROLLBACK:
                return verb;
            default:
                return null;
        }
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
        if (!found.functions.isEmpty() && reading.postgres() && setsNamespace()) {
            reading.trait(Trait.NAMESPACE);
        }
        if (verb == Verb.SELECT && isSetConfig(end)) {
            verb = Verb.SESSION;
        }
        if (found.reason == null && verb == Verb.UNKNOWN) {
            found.reason = "it is not known what the statement does";
        }
        if (found.reason != null) {
            verb = Verb.UNKNOWN;
        }
        if (found.deltaStart >= 0 && reading.deltaEnd != end) {
            found.traits.remove(Trait.SINGLE_TABLE);
            found.deltaStart = -1;
        }
        if (found.target != null && reading.selects > 0) {
            reading.trait(Trait.SUBQUERY);
        }
        if (verb == Verb.UNKNOWN || tokens.hasNumberedParameters() || found.writes.size() != 1) {
            found.traits.remove(Trait.SINGLE_TABLE);
        }
        if (verb == Verb.SELECT && found.traits.contains(Trait.PARTIAL_LOCKING)) {
            found.partialLock = PartialLockReader.read(tokens, end);
        }
        found.verb = verb;
        if ((verb == Verb.SESSION || verb == Verb.UNKNOWN || tokens.isWord(0, "get")) && !reading.postgres()) {
            findVariables(end);
        }
    }

    /** {@code @x}, {@code @'x'} and {@code @`x`}, but neither {@code @@x} nor the host behind a user's name. */
    private void findVariables(int end) {
        for (int at = 0; at < end; at++) {
            if (tokens.kind(at) == '@' && !isBehindAName(at)) {
                int last = lastOfVariable(at + 1);
                String variable = tokens.sql.substring(tokens.start(at), tokens.end(last));
                if (last > at && !reading.found.variables.contains(variable)) {
                    reading.found.variables.add(variable);
                }
            }
        }
    }

    private boolean isBehindAName(int at) {
        return at > 0 && (tokens.kind(at - 1) == '@' || tokens.end(at - 1) == tokens.start(at) && isNameOrText(at - 1));
    }

    /** MariaDB's names of variables may hold points and begin with digits; before the first token where none is there. */
    private int lastOfVariable(int first) {
        if (tokens.kind(first) == Tokens.STRING || tokens.kind(first) == Tokens.QUOTED) {
            return first;
        }
        int last = first - 1;
        while (tokens.start(last + 1) == tokens.end(last)
                && (isNameOrText(last + 1) || tokens.kind(last + 1) == Tokens.NUMBER || tokens.kind(last + 1) == '.')) {
            last++;
        }
        return last;
    }

    private boolean isNameOrText(int at) {
        return tokens.isName(at) || tokens.kind(at) == Tokens.WORD || tokens.kind(at) == Tokens.STRING;
    }

    /** Whether a call of set_config says, or may say, what unqualified names mean. */
    private boolean setsNamespace() {
        for (int i = 0; i + 1 < tokens.count(); i++) {
            if (tokens.isWord(i, Classification.SET_CONFIG) && tokens.kind(i + 1) == '(') {
                String setting = settingAt(i + 2);
                if (setting == null || SessionReader.isNamespace(setting)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** The setting that a literal names, or null where it is no literal. */
    private @Nullable String settingAt(int at) {
        return tokens.kind(at) == Tokens.STRING
                ? tokens.text(at).replace("'", "").toLowerCase(Locale.ROOT)
                : null;
    }

    /** {@code SELECT set_config(name, value, is_local), …} and nothing more sets as SET does; what it sets goes into the name. */
    private boolean isSetConfig(int end) {
        Classification.Builder found = reading.found;
        if (found.functions.isEmpty()) {
            return false;
        }
        for (String function : found.functions) {
            if (!function.endsWith(Classification.SET_CONFIG)) {
                return false;
            }
        }
        StringBuilder name = new StringBuilder(Classification.SET_CONFIG);
        int at = 1;
        while (at < end) {
            int open = tokens.kind(at + 1) == '.' ? at + 3 : at + 1;
            int close = tokens.partner(open);
            boolean sets = tokens.isWord(open - 1, Classification.SET_CONFIG)
                    && tokens.kind(open) == '('
                    && (close == end - 1 || tokens.kind(close + 1) == ',');
            if (!sets) {
                return false;
            }
            if (!tokens.isWord(close - 1, "true")) {
                name.append(' ').append(settingOrParameter(open + 1));
            }
            at = close + 2;
        }
        found.functions.clear();
        found.name = name.toString();
        return true;
    }

    /** The setting that a call of set_config names, {@code ?} and its number where a parameter does, or {@code ?0}. */
    private String settingOrParameter(int at) {
        String setting = settingAt(at);
        if (setting != null) {
            return setting;
        }
        return "?" + (tokens.kind(at) == Tokens.PARAMETER ? tokens.parametersBefore(at) + 1 : 0);
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
                return new SessionReader(reading, queries, this).escapedCall(to);
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
                return explainsByAnalyze() ? explain(to) : other(to);
            default:
                return other(to);
        }
    }

    /** MariaDB's ANALYZE of a statement, as against ANALYZE TABLE. */
    private boolean explainsByAnalyze() {
        int next = reading.at + 1;
        return reading.mariadb()
                && !tokens.is(next, Keyword.TABLE)
                && !tokens.is(next, Keyword.NO)
                && !tokens.is(next, Keyword.LOCAL);
    }

    private Verb other(int to) {
        Verb verb = new SessionReader(reading, queries, this).read(to);
        return verb != null ? verb : new DefinitionReader(reading, queries).read(to);
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
        // H2's FINAL TABLE takes no WITH.
        if (verb == Verb.UPDATE || verb == Verb.DELETE || reading.h2()) {
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
        if (reading.at >= to) {
            return Verb.SELECT;
        }
        return runs ? explainedRun(to) : explained(to);
    }

    private Verb explainedRun(int to) {
        Verb verb = statement(to);
        if (verb != Verb.SELECT) {
            reading.doubtOfRows("EXPLAIN ANALYZE runs the statement");
        }
        reading.found.traits.remove(Trait.SINGLE_TABLE);
        return verb;
    }

    /** Reads a statement that is not run: what it would write is only looked at, what it would call is not called. */
    private Verb explained(int to) {
        Classification.Builder found = reading.found;
        EnumSet<Trait> traits = EnumSet.copyOf(found.traits);
        int writes = found.writes.size();
        int functions = found.functions.size();
        Verb verb = statement(to);
        List<TableName> looked = found.writes.subList(writes, found.writes.size());
        looked.forEach(reading::reads);
        if (verb == Verb.UNKNOWN) {
            reading.doubt("it is not known what is explained");
            return verb;
        }
        looked.clear();
        found.functions.subList(functions, found.functions.size()).clear();
        found.assigned.clear();
        found.traits.clear();
        found.traits.addAll(traits);
        found.target = null;
        reading.lockRoutine = null;
        found.lockCalls.clear();
        return Verb.SELECT;
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
}
