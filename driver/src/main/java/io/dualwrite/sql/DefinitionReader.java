package io.dualwrite.sql;

import io.dualwrite.sql.Classification.Trait;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/** Reads DDL, TRUNCATE and the upkeep of tables: which tables, and whether they are temporary. */
final class DefinitionReader {
    /** Words of a column whose rows count, one by one as the server comes to them. */
    private static final Set<String> COUNTING = new HashSet<>(Arrays.asList(
            "serial", "bigserial", "smallserial", "serial2", "serial4", "serial8", "auto_increment", "identity"));

    /** What ALTER TABLE … ADD adds that is no column. */
    private static final Set<String> NO_COLUMNS = new HashSet<>(Arrays.asList(
            "constraint",
            "primary",
            "unique",
            "foreign",
            "check",
            "index",
            "key",
            "exclude",
            "partition",
            "fulltext",
            "spatial",
            "period",
            "system"));

    private final Reading reading;
    private final Tokens tokens;
    private final QueryReader queries;
    private boolean outlives;

    DefinitionReader(Reading reading, QueryReader queries) {
        this.reading = reading;
        this.tokens = reading.tokens;
        this.queries = queries;
    }

    /** Whether the text defines a routine or trigger, whose body may hold semicolons; PostgreSQL has most bodies in a string. */
    static boolean hasBody(Reading reading, int to) {
        Tokens tokens = reading.tokens;
        if (!tokens.is(0, Keyword.CREATE) && !tokens.is(0, Keyword.ALTER)
                || reading.postgres() && reading.find(Keyword.ATOMIC, to) == to) {
            return false;
        }
        for (int i = 1; i < to && tokens.kind(i) != '('; i++) {
            switch (tokens.keyword(i)) {
                case PROCEDURE:
                case FUNCTION:
                case TRIGGER:
                case EVENT:
                case PACKAGE:
                    return true;
                case TABLE:
                case VIEW:
                case INDEX:
                    return false;
                default:
                    break;
            }
        }
        return false;
    }

    Verb read(int to) {
        Keyword first = reading.keyword();
        reading.at++;
        switch (first) {
            case CREATE:
                return create(to);
            case ALTER:
                return alterOrDrop(to, false);
            case DROP:
                return alterOrDrop(to, true);
            case TRUNCATE:
                return truncate(to);
            case RENAME:
                reading.skip(Keyword.TABLE);
                writeNames(to);
                return Verb.DDL;
            case COMMENT:
            case GRANT:
            case REVOKE:
            case REFRESH:
            case REPAIR:
                return Verb.DDL;
            case REINDEX:
            case CLUSTER:
            case VACUUM:
            case ANALYZE:
            case ANALYSE:
            case OPTIMIZE:
                return upkeep();
            default:
                reading.doubt("no statement is known that begins with "
                        + tokens.text(reading.at - 1).toUpperCase(Locale.ROOT));
                if (!tokens.isWord(reading.at - 1, "runscript")) {
                    reading.unread();
                }
                return Verb.UNKNOWN;
        }
    }

    /** It changes no row and nothing that a statement could see: each side has its own done. */
    private Verb upkeep() {
        if (!reading.postgres()) {
            reading.trait(Trait.COMMITS_BEFORE);
        }
        return Verb.SELECT;
    }

    // ------------------------------------------------------------------ TRUNCATE

    private Verb truncate(int to) {
        reading.skip(Keyword.TABLE);
        if (to > reading.at && tokens.is(to - 1, Keyword.CASCADE)) {
            reading.doubt("TRUNCATE … CASCADE empties tables that it does not name");
        }
        writeNames(to);
        return Verb.TRUNCATE;
    }

    /** Notes the tables of a list of names, with whatever words stand after each. */
    private void writeNames(int to) {
        do {
            reading.skip(Keyword.ONLY);
            ifExists();
            if (reading.at >= to || !tokens.isName(reading.at)) {
                reading.doubt("the tables cannot be made out");
                return;
            }
            reading.writes(reading.tableName());
            while (reading.at < to && !reading.is(',')) {
                reading.hop();
            }
        } while (reading.skip(','));
    }

    private void ifExists() {
        if (reading.skip(Keyword.IF)) {
            reading.skip(Keyword.NOT);
            reading.skip(Keyword.EXISTS);
        }
    }

    // ------------------------------------------------------------------ CREATE, ALTER, DROP

    private Verb create(int to) {
        boolean temporary = false;
        boolean local = !reading.h2();
        int commit = reading.find(Keyword.COMMIT, to);
        while (reading.at < to) {
            Keyword word = reading.keyword();
            local |= word == Keyword.LOCAL;
            outlives = local && !tokens.is(commit + 1, Keyword.DROP);
            temporary |= word == Keyword.TEMPORARY || word == Keyword.TEMP;
            if (word == Keyword.TABLE) {
                reading.at++;
                return createTable(to, temporary);
            }
            if (word == Keyword.INDEX) {
                return createIndex(to);
            }
            if (word == Keyword.VIEW) {
                return definedByQuery(to, temporary);
            }
            if (reading.is('(') || word == Keyword.ON || word == Keyword.AS) {
                break;
            }
            reading.at++;
        }
        return verb(temporary);
    }

    /** H2's temporary tables are everybody's unless they are local; one that the commit drops outlives nothing. */
    private Verb verb(boolean temporary) {
        if (temporary && outlives) {
            reading.trait(Trait.OUTLIVES_TRANSACTION);
        }
        return temporary ? Verb.TEMPORARY : Verb.DDL;
    }

    private Verb createTable(int to, boolean temporary) {
        ifExists();
        boolean hidden = tokens.isWord(reading.at, "pg_temp") && tokens.kind(reading.at + 1) == '.';
        if (!tokens.isName(reading.at) || reading.at >= to) {
            reading.doubt("the table that is made cannot be made out");
            return Verb.DDL;
        }
        reading.writes(reading.tableName());
        reading.found.name = Classification.CREATE_TABLE;
        boolean isTemporary = temporary || hidden;
        if (!isTemporary && reading.find(Keyword.AS, to) < to) {
            reading.trait(Trait.FILLS_ROWS);
        }
        return definedByQuery(to, isTemporary);
    }

    /** Reads the query by which a table or view is defined, if there is one. */
    private Verb definedByQuery(int to, boolean temporary) {
        while (reading.at < to && !startsQuery()) {
            reading.at = reading.is('(') && startsQueryAt(reading.at + 1) ? reading.at + 1 : tokens.after(reading.at);
        }
        if (reading.at < to) {
            if (!temporary && Classification.CREATE_TABLE.equals(reading.found.name)) {
                reading.trait(Trait.FILLS_ROWS);
            }
            queries.read(to);
        }
        return verb(temporary);
    }

    private boolean startsQuery() {
        return startsQueryAt(reading.at);
    }

    private boolean startsQueryAt(int at) {
        boolean with = tokens.is(at, Keyword.WITH) && (tokens.is(at - 1, Keyword.AS) || tokens.kind(at - 1) == '(');
        return with || tokens.is(at, Keyword.SELECT);
    }

    private Verb createIndex(int to) {
        reading.at = reading.find(Keyword.ON, to) + 1;
        reading.skip(Keyword.ONLY);
        if (reading.at < to && tokens.isName(reading.at)) {
            reading.writes(reading.tableName());
        }
        return Verb.DDL;
    }

    private Verb alterOrDrop(int to, boolean drop) {
        boolean temporary = false;
        while (reading.at < to) {
            temporary |= reading.is(Keyword.TEMPORARY);
            if (reading.skip(Keyword.TABLE)) {
                boolean mayLack = reading.is(Keyword.IF);
                ifExists();
                reading.skip(Keyword.ONLY);
                ifExists();
                if (drop) {
                    writeNames(to);
                    reading.found.name = mayLack && !temporary ? Classification.DROP_IF_EXISTS : null;
                } else if (tokens.isName(reading.at)) {
                    reading.writes(reading.tableName());
                    if (fillsRows(to)) {
                        reading.trait(Trait.FILLS_ROWS);
                    }
                }
                break;
            }
            reading.at++;
        }
        return temporary ? Verb.TEMPORARY : Verb.DDL;
    }

    /** Whether an ALTER TABLE may give its rows other values here than there: by a default that is no constant, by counting, by USING. */
    private boolean fillsRows(int to) {
        for (int from = reading.at; from < to; ) {
            int end = from;
            while (end < to && tokens.kind(end) != ',') {
                end = tokens.after(end);
            }
            if (fillsRows(from, end)) {
                return true;
            }
            from = end + 1;
        }
        return false;
    }

    /** Of one of the changes. */
    private boolean fillsRows(int from, int end) {
        if (tokens.is(from, Keyword.ADD)) {
            return !addsNoColumn(from + 1) && hasOwnValues(from + 1, end);
        }
        for (int at = from; at < end; at = tokens.after(at)) {
            if (tokens.is(at, Keyword.USING)) {
                return true;
            }
        }
        return false;
    }

    private boolean addsNoColumn(int at) {
        return tokens.kind(at) == Tokens.WORD
                && NO_COLUMNS.contains(tokens.name(at).toLowerCase(Locale.ROOT));
    }

    /** Whether the new columns, which may stand in brackets, have values that a server makes. */
    private boolean hasOwnValues(int from, int end) {
        for (int at = from; at < end; at++) {
            if (tokens.is(at, Keyword.USING)
                    || isCounting(at)
                    || tokens.is(at, Keyword.DEFAULT) && !isConstant(at + 1)) {
                return true;
            }
        }
        return false;
    }

    /** The type or property of a column, and not its name. */
    private boolean isCounting(int at) {
        return tokens.kind(at) == Tokens.WORD
                && COUNTING.contains(tokens.name(at).toLowerCase(Locale.ROOT))
                && !tokens.is(at - 1, Keyword.ADD)
                && !tokens.isWord(at - 1, "column");
    }

    /** A literal, perhaps with its type before it or behind {@code ::}; not a word for the time in a literal's place. */
    private boolean isConstant(int at) {
        int value = tokens.kind(at) == '-' || tokens.kind(at) == '+' ? at + 1 : at;
        if (tokens.kind(value) == Tokens.WORD && tokens.kind(value + 1) == Tokens.STRING) {
            value++;
        }
        char kind = tokens.kind(value);
        boolean isLiteral = kind == Tokens.STRING && !isMoment(value)
                || kind == Tokens.NUMBER
                || tokens.isWord(value, "null")
                || tokens.isWord(value, "true")
                || tokens.isWord(value, "false");
        int next = value + 1;
        while (tokens.kind(next) == ':' && tokens.kind(next + 1) == ':') {
            next += 3;
            while (tokens.kind(next) == '(' || tokens.kind(next) == '[') {
                next = tokens.after(next);
            }
        }
        char follows = tokens.kind(next);
        return isLiteral
                && (follows == Tokens.END
                        || follows == Tokens.WORD
                        || follows == ','
                        || follows == ')'
                        || follows == ';');
    }

    /** PostgreSQL takes {@code 'now'} for the time at which it reads it. */
    private boolean isMoment(int at) {
        String text = tokens.text(at).toLowerCase(Locale.ROOT);
        return text.contains("now")
                || text.contains("today")
                || text.contains("tomorrow")
                || text.contains("yesterday");
    }
}
