package io.dualwrite.sql;

import io.dualwrite.sql.Classification.Trait;
import org.jspecify.annotations.Nullable;

/** Reads names inside expressions: calls of functions, words that stand for the moment, variables, key generators. */
final class CallReader {
    private final Reading reading;
    private final Tokens tokens;
    private final QueryReader queries;

    CallReader(Reading reading, QueryReader queries) {
        this.reading = reading;
        this.tokens = reading.tokens;
        this.queries = queries;
    }

    /** Reads a name with its qualifiers and, where it is a call, the arguments. */
    void name() {
        int first = reading.at;
        int last = Math.max(reading.skipName(), first);
        reading.at = last + 1;
        if (reading.is('(')) {
            call(first, last);
            queries.bracket();
        } else if (last == first) {
            found(reading.builtIns.bareWord(tokens, first), first, last);
        } else if (!reading.postgres() && (tokens.isWord(last, "nextval") || tokens.isWord(last, "currval"))) {
            reading.trait(Trait.GENERATOR);
        }
    }

    private void call(int first, int last) {
        boolean own = last == first || last == first + 2 && tokens.isWord(first, "pg_catalog") && reading.postgres();
        BuiltIn builtIn = own ? reading.builtIns.called(tokens, last) : null;
        if (builtIn != null && !(last == first && isUsers(builtIn, last))) {
            Routine routine = builtIn.routine;
            found(routine, first, last);
            if (routine == Routine.FORMER_KEY) {
                formerKey(first, last + 1);
            }
            if (routine == Routine.SESSION_LOCK) {
                reading.found.lockCalls.add(LockCall.of(reading.lowerName(last, last), tokens, last + 1));
            }
            return;
        }
        unknown(reading.lowerName(first, last));
    }

    /** {@code {fn name(…)}}: pgjdbc turns JDBC's functions, which MariaDB has by the same names, into PostgreSQL's own. */
    void escapedFunction() {
        int name = reading.at + 1;
        BuiltIn builtIn = BuiltIns.of(SqlFlavour.MARIADB).called(tokens, name);
        if (tokens.kind(name) == Tokens.WORD && tokens.kind(name + 1) == '(' && builtIn != null) {
            if (isUsers(builtIn, name)) {
                unknown(builtIn.name);
            } else {
                found(builtIn.routine, name, name);
            }
            reading.at = name;
        }
    }

    /** Whether the name, which stands without a schema, is known to be that of a function of the user's too; else it is noted. */
    private boolean isUsers(BuiltIn builtIn, int at) {
        if (reading.users.contains(builtIn.name)) {
            return true;
        }
        if (builtIn.routine != Routine.SYNTAX || tokens.kind(at) != Tokens.WORD) {
            reading.found.calls(builtIn);
        }
        return false;
    }

    /** An argument is a sequence's name on PostgreSQL, and what is to be the last key elsewhere. */
    private void formerKey(int first, int bracket) {
        int close = tokens.partner(bracket);
        if (close > bracket + 1 && !reading.postgres()) {
            reading.trait(Trait.SETS_LAST_KEY);
        } else {
            reading.found.keyCalls.add(KeyCall.of(tokens, first, close, bracket));
        }
    }

    private void unknown(String name) {
        reading.unknownCalls++;
        if (!reading.found.functions.contains(name)) {
            reading.found.functions.add(name);
        }
    }

    private void found(@Nullable Routine routine, int first, int last) {
        if (routine == null) {
            return;
        }
        switch (routine) {
            case VOLATILE:
                reading.trait(Trait.VOLATILE);
                break;
            case NOTIFIES:
                reading.trait(Trait.VOLATILE);
                reading.trait(Trait.NOTIFIES);
                break;
            case GENERATOR:
            case FORMER_KEY:
                reading.trait(Trait.GENERATOR);
                break;
            case SETS_GENERATOR:
                reading.trait(Trait.GENERATOR);
                reading.doubtOfRows("it sets a key generator");
                break;
            case SESSION_LOCK:
                reading.trait(Trait.OUTLIVES_TRANSACTION);
                reading.lockRoutine = reading.lowerName(first, last);
                break;
            case LOCK:
                reading.lockRoutine = reading.lowerName(first, last);
                break;
            default:
                break;
        }
    }

    /** PostgreSQL reads these strings as the moment where a date or time is wanted. */
    void string() {
        int at = reading.at++;
        int length = tokens.end(at) - tokens.start(at);
        if (!reading.postgres() || length < 5 || length > 11) {
            return;
        }
        String text = tokens.text(at);
        if (text.equalsIgnoreCase("'now'")
                || text.equalsIgnoreCase("'today'")
                || text.equalsIgnoreCase("'tomorrow'")
                || text.equalsIgnoreCase("'yesterday'")) {
            reading.trait(Trait.VOLATILE);
        }
    }

    /** {@code @x} and {@code @@x} of MariaDB and H2: they belong to the session. */
    void variable() {
        int first = reading.at;
        while (reading.skip('@')) {
            // @ or @@
        }
        if (reading.postgres()) {
            return;
        }
        reading.trait(Trait.VOLATILE);
        int name = reading.at;
        if (tokens.isWord(name, "identity") || tokens.isWord(name, "last_insert_id")) {
            reading.trait(Trait.GENERATOR);
            if (name == first + 2) {
                reading.found.keyCalls.add(KeyCall.of(tokens, first, name, -1));
            }
        }
        if (reading.skipName() < 0 && reading.is(Tokens.STRING)) {
            reading.at++;
        }
        if (reading.is(':') && tokens.kind(reading.at + 1) == '=') {
            reading.doubtOfRows("it sets a variable of the session while it runs");
        }
    }
}
