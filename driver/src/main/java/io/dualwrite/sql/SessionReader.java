package io.dualwrite.sql;

import io.dualwrite.sql.Classification.Trait;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads what changes the session or calls something: SET, USE, cursors, locks, prepared statements, CALL; and, by way of
 * {@link TransactionReader}, what begins and ends transactions.
 */
final class SessionReader {
    private static final String LOADED = "LOAD brings in what does not stand in the text";

    /** What is set on H2 and commits the transaction: all that is the database's and not the session's, but for a few (2.2 and 2.3). */
    private static final Set<String> H2_COMMITS = new HashSet<>(Arrays.asList(
            "allow_literals",
            "authenticator",
            "builtin_alias_override",
            "cache_size",
            "characteristics",
            "collation",
            "create_build",
            "database_event_listener",
            "db_close_delay",
            "default_lock_timeout",
            "default_null_ordering",
            "default_table_type",
            "exclusive",
            "ignorecase",
            "java_object_serializer",
            "lock_mode",
            "max_length_inplace_lob",
            "max_log_size",
            "max_memory_rows",
            "max_memory_undo",
            "max_operation_memory",
            "mode",
            "optimize_reuse_results",
            "password",
            "query_statistics",
            "query_statistics_max_entries",
            "referential_integrity",
            "salt",
            "trace_max_file_size",
            "transaction"));

    /** Settings that change which tables unqualified names mean. */
    private static final Set<String> NAMESPACES = new HashSet<>(Arrays.asList(
            "search_path", "schema", "schema_search_path", "role", "authorization", "sessionauthorization", "all"));

    private final Reading reading;
    private final Tokens tokens;
    private final QueryReader queries;
    private final StatementReader statements;
    private final TransactionReader transactions;

    SessionReader(Reading reading, QueryReader queries, StatementReader statements) {
        this.reading = reading;
        this.tokens = reading.tokens;
        this.queries = queries;
        this.statements = statements;
        transactions = new TransactionReader(reading);
    }

    /** The statement's verb, or null if this is none of the session's. */
    @Nullable
    Verb read(int to) {
        switch (reading.keyword()) {
            case SET:
                return set(to);
            case RESET:
                return reset(to);
            case USE:
                reading.found.traits.add(Trait.NAMESPACE);
                return session(tokens.isName(reading.at + 1) ? Classification.USE + tokens.name(reading.at + 1) : null);
            case DISCARD:
                reading.found.traits.add(Trait.NAMESPACE);
                return session(reading.lowerName(reading.at, reading.at));
            case LISTEN:
            case UNLISTEN:
            case DEALLOCATE:
                return session(reading.lowerName(reading.at, reading.at));
            case SHOW:
            case HELP:
            case CHECKSUM:
                return Verb.SELECT;
            case NOTIFY:
                reading.trait(Trait.NOTIFIES);
                return Verb.SELECT;
            case CHECK:
                return check();
            case CALL:
            case EXEC:
            case EXECUTE:
                return call(to);
            case DO:
                return perform(to);
            case DECLARE:
                return declare(to);
            case FETCH:
            case MOVE:
            case CLOSE:
                return cursor(to);
            case LOCK:
            case UNLOCK:
                return lock(to);
            case PREPARE:
                return prepare();
            case GET:
                return reading.mariadb() ? Verb.SELECT : unknown("GET is not known");
            case FLUSH:
                return flush(to);
            case COPY:
                return copy(to);
            case LOAD:
                return load(to);
            case HANDLER:
                return unknown("HANDLER reads outside of transactions");
            case KILL:
                return unknown("KILL acts on the server's other sessions");
            default:
                return transactions.read(to);
        }
    }

    private Verb session(@Nullable String name) {
        reading.found.name = name;
        return Verb.SESSION;
    }

    private Verb unknown(String reason) {
        reading.doubt(reason);
        return Verb.UNKNOWN;
    }

    /** As {@link #unknown}, where the tables that it may write are told all the same. */
    private Verb unknownRows(String reason) {
        reading.doubtOfRows(reason);
        return Verb.UNKNOWN;
    }

    // ------------------------------------------------------------------ SET

    private Verb set(int to) {
        int first = ++reading.at;
        if (reading.skip(Keyword.STATEMENT) && reading.mariadb()) {
            return setStatement(to);
        }
        if (setsGlobally(first, to)) {
            return unknown("SET changes the server, not the session alone");
        }
        reading.at = first;
        String name = setting(to);
        reading.found.name = name;
        noteNamespace(name);
        if (reading.h2() && H2_COMMITS.contains(String.valueOf(name))) {
            reading.trait(Trait.COMMITS_BEFORE);
        }
        if (listsAutocommit(first, to)) {
            return unknown("SET changes autocommit among other settings");
        }
        reading.found.verb = Verb.SESSION;
        queries.read(to);
        return Verb.SESSION;
    }

    /** What is assigned may be the server's own value: {@code SET time_zone = @@GLOBAL.time_zone}. */
    private boolean setsGlobally(int first, int to) {
        boolean assigned = false;
        for (int i = first; i < to; i = tokens.after(i)) {
            char kind = tokens.kind(i);
            assigned = kind == '=' || assigned && kind != ',';
            boolean global = tokens.is(i, Keyword.GLOBAL)
                    || tokens.is(i, Keyword.PERSIST)
                    || tokens.is(i, Keyword.PERSIST_ONLY)
                    || tokens.isWord(i, "password")
                    || tokens.is(i, Keyword.DEFAULT) && tokens.is(i + 1, Keyword.ROLE);
            if (global && !assigned) {
                return true;
            }
        }
        return false;
    }

    /** MariaDB's SET STATEMENT … FOR, which holds for one statement. */
    private Verb setStatement(int to) {
        int statement = reading.find(Keyword.FOR, to);
        reading.at = statement + 1;
        if (statement >= to) {
            return unknown("SET STATEMENT has no FOR");
        }
        Verb verb = statements.statement(to);
        reading.found.traits.remove(Trait.SINGLE_TABLE);
        return verb;
    }

    private @Nullable String setting(int to) {
        while (reading.is(Keyword.SESSION) || reading.is(Keyword.LOCAL)) {
            reading.at++;
        }
        // @x is a variable of the application's; @@x and @@session.x are settings.
        boolean variable = reading.skip('@') && !reading.skip('@');
        if (reading.is(Keyword.SESSION) && tokens.kind(reading.at + 1) == '.'
                || reading.is(Keyword.LOCAL) && tokens.kind(reading.at + 1) == '.') {
            reading.at += 2;
        }
        int first = reading.at;
        int last = reading.skipName();
        if (tokens.isWord(first, "time") && tokens.isWord(first + 1, "zone")) {
            return "timezone";
        }
        if (last < 0 || first >= to) {
            return null;
        }
        String name = reading.lowerName(first, last);
        return variable ? '@' + name : name;
    }

    /** Whether one of several assignments sets autocommit. */
    private boolean listsAutocommit(int first, int to) {
        boolean several = false;
        boolean autocommit = false;
        for (int i = first; i < to; i = tokens.after(i)) {
            several |= tokens.kind(i) == ',';
            autocommit |= tokens.isWord(i, "autocommit");
        }
        return several && autocommit;
    }

    private Verb reset(int to) {
        if (reading.mariadb()) {
            return unknown("RESET acts on the server");
        }
        reading.at++;
        String name = tokens.isName(reading.at) && reading.at < to ? reading.lowerName(reading.at, to - 1) : null;
        noteNamespace(name);
        return session(name);
    }

    static boolean isNamespace(String setting) {
        return NAMESPACES.contains(setting);
    }

    /** A role and a session's user bring a search path of their own. */
    private void noteNamespace(@Nullable String name) {
        if (name == null || isNamespace(name)) {
            reading.found.traits.add(Trait.NAMESPACE);
        }
    }

    // ------------------------------------------------------------------ calls

    /** {@code {call p(…)}} and {@code {? = call f(…)}}. */
    Verb escapedCall(int to) {
        int close = tokens.partner(reading.at);
        reading.at++;
        if (reading.skip(Tokens.PARAMETER)) {
            reading.skip('=');
        }
        if (close != to - 1 || !reading.is(Keyword.CALL)) {
            return unknown("a JDBC escape that is not known begins the text");
        }
        return call(close);
    }

    private Verb call(int to) {
        boolean expressionAllowed = reading.h2() && reading.is(Keyword.CALL);
        boolean call = reading.is(Keyword.CALL);
        reading.at++;
        if (expressionAllowed) {
            reading.found.verb = Verb.SELECT;
            int first = reading.at;
            queries.read(to);
            if (reading.found.functions.isEmpty() && to - first > 1) {
                return reading.found.verb;
            }
            reading.at = first;
        }
        int first = reading.at;
        int last = reading.skipName();
        if (last < 0 || last >= to) {
            return unknown("what is called cannot be made out");
        }
        String name = reading.lowerName(first, last);
        reading.found.name = name;
        if (!call) {
            return unknown("EXECUTE runs what was prepared as " + name);
        }
        reading.trait(Trait.CALL);
        if (!reading.found.functions.contains(name)) {
            reading.found.functions.add(name);
        }
        queries.read(to);
        return unknownRows("it calls " + name + ", which may write");
    }

    /** MariaDB's DO evaluates expressions; PostgreSQL's runs a block of code. */
    private Verb perform(int to) {
        if (!reading.mariadb()) {
            return unknown("DO runs a block of code");
        }
        reading.at++;
        reading.found.verb = Verb.SELECT;
        queries.read(to);
        return Verb.SELECT;
    }

    /** MariaDB's FLUSH of caches; some of its forms lock tables besides. */
    private Verb flush(int to) {
        if (!reading.mariadb()) {
            return unknown("FLUSH is not known");
        }
        for (int i = reading.at; i < to; i++) {
            if (tokens.is(i, Keyword.WITH) || tokens.is(i, Keyword.FOR)) {
                return unknown("FLUSH locks tables for the session");
            }
        }
        reading.trait(Trait.COMMITS_BEFORE);
        return Verb.SELECT;
    }

    private Verb check() {
        if (!reading.mariadb()) {
            return unknown("CHECK is not known");
        }
        reading.trait(Trait.COMMITS_BEFORE);
        return Verb.SELECT;
    }

    private Verb prepare() {
        if (tokens.is(reading.at + 1, Keyword.TRANSACTION) || tokens.is(reading.at + 1, Keyword.COMMIT)) {
            reading.trait(Trait.ONE_SIDED_END);
            return unknown("it prepares a transaction for a second phase");
        }
        reading.trait(Trait.OUTLIVES_TRANSACTION);
        return session("prepare");
    }

    // ------------------------------------------------------------------ cursors and locks

    private Verb declare(int to) {
        int first = reading.at + 1;
        int query = reading.find(Keyword.FOR, to);
        reading.at = query + 1;
        if (query >= to || !tokens.isName(first)) {
            return unknown("DECLARE cannot be read");
        }
        Verb verb = statements.statement(to);
        if (verb != Verb.SELECT) {
            return unknown("a cursor's query is more than a SELECT");
        }
        boolean hold = false;
        for (int i = first; i < query; i++) {
            hold |= tokens.is(i, Keyword.WITH) && tokens.is(i + 1, Keyword.HOLD);
        }
        if (hold) {
            reading.trait(Trait.OUTLIVES_TRANSACTION);
        }
        reading.found.name = tokens.name(first);
        return Verb.SELECT;
    }

    private Verb cursor(int to) {
        if (!reading.postgres() || to - reading.at < 2) {
            return unknown("a cursor cannot be made out");
        }
        boolean close = reading.is(Keyword.CLOSE);
        String name = tokens.isName(to - 1) ? tokens.name(to - 1) : null;
        reading.found.name = close ? "close " + name : name;
        return Verb.SELECT;
    }

    /** LOCK TABLE, LOCK TABLES, UNLOCK TABLES; the tables are noted as read. */
    private Verb lock(int to) {
        boolean unlock = reading.is(Keyword.UNLOCK);
        reading.at++;
        boolean tables = reading.skip(Keyword.TABLE) || reading.skip(Keyword.TABLES);
        if (!tables && !reading.postgres()) {
            return unknown("it is not known what is locked");
        }
        if (!reading.postgres()) {
            reading.trait(Trait.OUTLIVES_TRANSACTION);
            reading.found.name = unlock ? Classification.UNLOCK_TABLES : Classification.LOCK_TABLES;
        }
        if (reading.mariadb() && !unlock) {
            reading.trait(Trait.COMMITS_BEFORE);
        }
        while (!unlock && reading.at < to) {
            if (tokens.is(reading.at, Keyword.ONLY)) {
                reading.at++;
            }
            if (!tokens.isName(reading.at)) {
                return unknown("the tables that are locked cannot be made out");
            }
            reading.reads(reading.tableName());
            if (reading.is(Keyword.IN)) {
                return Verb.LOCK;
            }
            while (reading.at < to && !reading.is(',')) {
                reading.at++;
            }
            reading.at++;
        }
        return Verb.LOCK;
    }

    // ------------------------------------------------------------------ bulk

    /** COPY … TO STDOUT reads; all else writes a table or a file. */
    private Verb copy(int to) {
        reading.at++;
        if (reading.is('(')) {
            reading.found.verb = Verb.SELECT;
            queries.bracket();
            return reading.skip(Keyword.TO, Keyword.STDOUT) ? reading.found.verb : unknown("COPY writes a file");
        }
        if (!tokens.isName(reading.at)) {
            return unknown("COPY cannot be read");
        }
        TableName table = reading.tableName();
        if (reading.is('(')) {
            queries.writes().columns();
        }
        if (reading.skip(Keyword.TO)) {
            reading.reads(table);
            return reading.is(Keyword.STDOUT) && reading.at < to ? Verb.SELECT : unknown("COPY writes a file");
        }
        reading.writes(table);
        return unknownRows("COPY loads rows past the driver");
    }

    private Verb load(int to) {
        reading.at = reading.find(Keyword.TABLE, to) + 1;
        if (reading.at < to && tokens.isName(reading.at)) {
            reading.writes(reading.tableName());
            return unknownRows(LOADED);
        }
        return unknown(LOADED);
    }
}
