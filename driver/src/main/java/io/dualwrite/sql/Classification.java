package io.dualwrite.sql;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the classifier knows about one SQL text. Immutable and thread-safe.
 *
 * <p>Whatever is not known for certain makes the verb {@link Verb#UNKNOWN} and says why in {@link #reason}.
 */
public final class Classification {

    /** What else is true of a statement. */
    public enum Trait {
        /** A read that locks its rows: FOR UPDATE, FOR SHARE, LOCK IN SHARE MODE. */
        LOCKING,
        /** A locking read whose rows depend on the moment: SKIP LOCKED, NOWAIT, LIMIT, FETCH FIRST (R9). */
        PARTIAL_LOCKING,
        /** Uses a key generator: nextval, currval, lastval, NEXT VALUE FOR, LAST_INSERT_ID(), IDENTITY() (R24). */
        GENERATOR,
        /** Sets what is to be the key that was generated last: LAST_INSERT_ID(expression). */
        SETS_LAST_KEY,
        /** A write with a query inside, which may read its own table too: SET a = (SELECT …), INSERT … SELECT (R25). */
        SUBQUERY,
        /** Gives rows back: RETURNING, FINAL TABLE. */
        RETURNS_ROWS,
        /** A plain write of one table, whose target, WHERE and columns stand in the fields of this class. */
        SINGLE_TABLE,
        /** An INSERT, REPLACE or MERGE whose rows stand in a VALUES list (or SET, or DEFAULT VALUES). */
        VALUES,
        /** An INSERT or MERGE that may update or leave alone a row that is there: ON CONFLICT, ON DUPLICATE KEY. */
        ON_CONFLICT,
        /** A MERGE that may delete a row that is there. */
        DELETES_MATCHED,
        /** An UPDATE or DELETE with LIMIT, with or without ORDER BY. */
        LIMITED,
        /** MariaDB's UPDATE whose WHERE may find other rows when it is read again: RAND(), UUID(), a subquery with UNION, a function of the user's. */
        VARYING_ROWS,
        /** MariaDB's UPDATE or DELETE with a WHERE which finds other rows as time goes on or others commit: NOW(), a subquery. */
        MOVING_ROWS,
        /** May write other tables than those that could be made out; such a statement is {@link Verb#UNKNOWN}. */
        WRITES_MORE,
        /** Calls a routine, alone in its text. */
        CALL,
        /** The text holds a comment that the server reads as SQL, or several statements. */
        SEVERAL,
        /**
         * Depends on the moment, on chance, on the server or on the session: now(), random(), uuid(), connection_id(), a
         * DEFAULT, a variable (R25).
         */
        VOLATILE,
        /** Leaves a value to its column's default: DEFAULT, DEFAULT VALUES. */
        DEFAULTED,
        /** Leaves behind what outlives its transaction: a cursor WITH HOLD, a temporary table, a session's lock (R22). */
        OUTLIVES_TRANSACTION,
        /** Unqualified names mean other tables from now on: SET search_path, SET SCHEMA, USE, RESET ALL, DISCARD ALL. */
        NAMESPACE,
        /** Ends or prepares a transaction in a way that two databases cannot follow: two phases, XA, AND CHAIN, RELEASE. */
        ONE_SIDED_END,
        /** Finds its rows by where the server keeps them, or by who has written them: ctid, xmin, tableoid, H2's _ROWID_. */
        ROW_ADDRESS,
        /** Wakes up those who listen on the server: PostgreSQL's NOTIFY and pg_notify. */
        NOTIFIES,
        /** Writes nothing, and the server commits before it what is open: MariaDB's FLUSH, CHECK, ANALYZE, OPTIMIZE and LOCK TABLES, H2's ANALYZE. */
        COMMITS_BEFORE,
        /** Several statements of one text of which the first begins a transaction, by which it commits one that is open. */
        OWN_TRANSACTION,
        /** Of several statements of one text the last that begins or ends a transaction begins one. */
        LEAVES_OPEN,
        /** Of several statements of one text the last that begins or ends a transaction ends it. */
        LEAVES_ENDED,
        /**
         * Among several statements of one text one changes the schema, empties a table, or ends a transaction though the text does not
         * begin with BEGIN.
         */
        ONE_SIDED,
        /**
         * A change of the schema that fills rows with what each server has by itself: CREATE TABLE … AS SELECT, ADD COLUMN … DEFAULT now(), a
         * column that counts.
         */
        FILLS_ROWS,
        /** One statement which could not be read here, and of which nothing is done where its server cannot read it either. */
        UNREAD
    }

    /** What {@link #name} is for the definition of a new table. */
    public static final String CREATE_TABLE = "create table";
    /** What {@link #name} is for a DROP of tables that need not be there. */
    public static final String DROP_IF_EXISTS = "drop table if exists";
    /** What {@link #name} is for table locks that a session holds. */
    public static final String LOCK_TABLES = "lock tables";
    /** What {@link #name} is where those end. */
    public static final String UNLOCK_TABLES = "unlock tables";
    /** What {@link #name} begins with for USE; the database follows. */
    public static final String USE = "use ";
    /** What {@link #name} begins with where {@code set_config} sets; a blank and the setting may follow. */
    public static final String SET_CONFIG = "set_config";

    /** What {@link #upsertCopies} holds where the text does not say which columns it gives. */
    public static final String ALL_COLUMNS = "*";

    /** The text itself; the cache's key. */
    final String text;

    final SqlFlavour flavour;
    private final Verb verb;
    private final boolean leavesNothing;
    private final List<TableName> writes;
    private final List<TableName> reads;
    private final List<String> functions;
    private final List<String> builtIns;
    private final EnumSet<Trait> traits;
    private final int parameters;
    private final int rows;
    private final @Nullable String reason;
    private final List<String> assigned;
    private final @Nullable String target;
    private final int bodyEnd;
    private final int whereStart;
    private final int whereEnd;
    private final int conditionEnd;
    private final int parametersBeforeWhere;
    private final int returningStart;
    private final int deltaStart;
    private final @Nullable String name;
    private final @Nullable PartialLock partialLock;
    private final List<LockCall> lockCalls;
    private final List<KeyCall> keyCalls;
    private final List<String> variables;
    private final List<Integer> subqueryEnds;
    private final List<String> upsertKey;
    private final List<String> upsertSets;
    private final List<String> upsertCopies;

    private Classification(Builder builder) {
        text = builder.text;
        flavour = builder.flavour;
        verb = builder.verb;
        writes = frozen(builder.writes);
        reads = frozen(builder.reads);
        functions = frozen(builder.functions);
        builtIns = builder.builtIns;
        traits = builder.traits;
        parameters = builder.parameters;
        rows = builder.rows;
        reason = builder.reason;
        assigned = frozen(builder.assigned);
        target = builder.target;
        bodyEnd = builder.bodyEnd;
        whereStart = builder.whereStart;
        whereEnd = builder.whereEnd;
        conditionEnd = builder.conditionEnd;
        parametersBeforeWhere = builder.parametersBeforeWhere;
        returningStart = builder.returningStart;
        deltaStart = builder.deltaStart;
        name = builder.name;
        partialLock = builder.partialLock;
        lockCalls = frozen(builder.lockCalls);
        keyCalls = frozen(builder.keyCalls);
        variables = frozen(builder.variables);
        subqueryEnds = frozen(builder.subqueryEnds);
        upsertKey = frozen(builder.upsertKey);
        upsertSets = frozen(builder.upsertSets);
        upsertCopies = frozen(builder.upsertCopies);
        leavesNothing = isOfRows(verb)
                && name == null
                && variables.isEmpty()
                && !traits.contains(Trait.COMMITS_BEFORE)
                && !traits.contains(Trait.OUTLIVES_TRANSACTION)
                && !traits.contains(Trait.NAMESPACE);
    }

    private static boolean isOfRows(Verb verb) {
        switch (verb) {
            case SELECT:
            case INSERT:
            case UPDATE:
            case DELETE:
            case MERGE:
                return true;
            default:
                return false;
        }
    }

    private static <T> List<T> frozen(List<T> list) {
        return list.isEmpty() ? Collections.emptyList() : Collections.unmodifiableList(list);
    }

    /** What the statement does. */
    public Verb verb() {
        return verb;
    }

    /** The tables that it writes; for UNKNOWN those that could be made out. */
    public List<TableName> writes() {
        return writes;
    }

    /** The tables that it reads, the written ones not counted. */
    public List<TableName> reads() {
        return reads;
    }

    /**
     * The functions and procedures that it calls and that are not known to read only, lower case, with schema where the
     * text gives one; generators are not among them.
     */
    public List<String> functions() {
        return functions;
    }

    /**
     * The functions that it calls without a schema and that the vendor brings along, lower case: the database may have functions of the
     * user's own by these names. Words of which a function could be the name are among them.
     */
    public List<String> builtIns() {
        return builtIns;
    }

    /** Whether every trait is one of these. */
    boolean hasNoneBut(EnumSet<Trait> these) {
        return these.containsAll(traits);
    }

    /** Whether the trait holds. */
    public boolean is(Trait trait) {
        return traits.contains(trait);
    }

    /** Whether it reads or writes rows, commits nothing before, and leaves nothing in the session of which a rung with one leg takes note. */
    public boolean leavesNothing() {
        return leavesNothing;
    }

    /** The number of {@code ?} parameters. */
    public int parameters() {
        return parameters;
    }

    /** The number of rows that stand in an INSERT's VALUES list, or -1 where its rows come from elsewhere. */
    public int rows() {
        return rows;
    }

    /** Why the verb is {@link Verb#UNKNOWN}, in words for an operator; null otherwise. */
    public @Nullable String reason() {
        return reason;
    }

    /** With {@link Trait#SINGLE_TABLE}: the columns that SET assigns or that INSERT lists, unquoted; empty for none. */
    public List<String> assigned() {
        return assigned;
    }

    /**
     * The target as written, with its alias, fit to stand after FROM ({@code "s"."t" AS x}); with
     * {@link Trait#SINGLE_TABLE}, and where one table is written by the rows of others (PostgreSQL's UPDATE … FROM).
     */
    public @Nullable String target() {
        return target;
    }

    /** Offset after the last character of the statement proper, before a closing semicolon or comment. */
    public int bodyEnd() {
        return bodyEnd;
    }

    /**
     * With {@link Trait#SINGLE_TABLE}, of UPDATE and DELETE: offset of the keyword WHERE, or of the ORDER BY or LIMIT that
     * stands without one; -1 where there is neither.
     */
    public int whereStart() {
        return whereStart;
    }

    /** With {@link Trait#SINGLE_TABLE}: offset after the WHERE clause and an ORDER BY … LIMIT that belongs to it. */
    public int whereEnd() {
        return whereEnd;
    }

    /** With {@link Trait#MOVING_ROWS}: offset after the WHERE's condition, before an ORDER BY. */
    public int conditionEnd() {
        return conditionEnd;
    }

    /**
     * With {@link Trait#SINGLE_TABLE}, of MariaDB's UPDATE: offsets, rising, at which the queries inside its WHERE end that take no lock
     * yet, so that one can be asked for there.
     */
    public List<Integer> subqueryEnds() {
        return subqueryEnds;
    }

    /**
     * The columns by which an upsert finds the row that is there, where its text names them; empty for any unique key, or the primary
     * one.
     */
    public List<String> upsertKey() {
        return upsertKey;
    }

    /** The columns of the row that is there which an upsert may set to something else. */
    public List<String> upsertSets() {
        return upsertSets;
    }

    /** The columns of the row that is there which an upsert sets to what was to be inserted; or {@link #ALL_COLUMNS}. */
    public List<String> upsertCopies() {
        return upsertCopies;
    }

    /** The number of {@code ?} before {@link #whereStart}, or before RETURNING and the end where that is -1. */
    public int parametersBeforeWhere() {
        return parametersBeforeWhere;
    }

    /** Offset of the write's own RETURNING clause, or -1 where it has none. */
    public int returningStart() {
        return returningStart;
    }

    /**
     * With {@link Trait#SINGLE_TABLE}: offset of FROM where the text is H2's {@code SELECT … FROM FINAL TABLE (INSERT …)} and
     * nothing more, so that further columns may stand before it; -1 elsewhere.
     */
    public int deltaStart() {
        return deltaStart;
    }

    /**
     * With {@link Trait#PARTIAL_LOCKING}, the query taken apart; null where it is not one table's plain query: joins, computed
     * columns, OFFSET, grouping, or anything after the lock.
     */
    public @Nullable PartialLock partialLock() {
        return partialLock;
    }

    /** The calls that take a session's lock or let one go, in the text's order. */
    public List<LockCall> lockCalls() {
        return lockCalls;
    }

    /** The questions for keys that were generated before, in the text's order. */
    public List<KeyCall> keyCalls() {
        return keyCalls;
    }

    /** The variables of the session, as {@code @x}, that a SET, a call or a statement of which too little is known names and may set. */
    public List<String> variables() {
        return variables;
    }

    /**
     * The name that goes with the verb, or null:
     *
     * <ul>
     *   <li>savepoint, called procedure: its name
     *   <li>cursor: its name, after {@code close} where it is closed
     *   <li>LOCK: the advisory lock's function, {@link #LOCK_TABLES} or {@link #UNLOCK_TABLES}
     *   <li>DDL, TEMPORARY: {@link #CREATE_TABLE} for the definition of a new table
     *   <li>SESSION: in lower case the setting or, where it has none, the command ({@code autocommit}, {@code search_path}, {@code
     *       listen}); {@link #USE} and the database as it is written; {@link #SET_CONFIG} and the settings, a
     *       parameter as {@code ?} and its number, each after a blank
     * </ul>
     */
    public @Nullable String name() {
        return name;
    }

    @Override
    public String toString() {
        return verb
                + (writes.isEmpty() ? "" : " writes " + writes)
                + (reads.isEmpty() ? "" : " reads " + reads)
                + (traits.isEmpty() ? "" : " " + traits)
                + (functions.isEmpty() ? "" : " calls " + functions)
                + (reason == null ? "" : " (" + reason + ")");
    }

    /** Collects what the classifier finds, builds once, and is then the classification's own; not thread-safe. */
    static final class Builder {
        final String text;
        final SqlFlavour flavour;
        Verb verb = Verb.UNKNOWN;
        final List<TableName> writes = new ArrayList<>(0);
        final List<TableName> reads = new ArrayList<>(0);
        final List<String> functions = new ArrayList<>(0);
        /** Shared with other texts as long as there is one. */
        private List<String> builtIns = Collections.emptyList();

        final EnumSet<Trait> traits = EnumSet.noneOf(Trait.class);
        final List<String> assigned = new ArrayList<>(0);
        int parameters;
        int rows = -1;

        @Nullable
        String reason;

        @Nullable
        String target;

        int bodyEnd;
        int whereStart = -1;
        int whereEnd = -1;
        int conditionEnd = -1;
        int parametersBeforeWhere;
        int returningStart = -1;
        int deltaStart = -1;

        @Nullable
        String name;

        @Nullable
        PartialLock partialLock;

        final List<LockCall> lockCalls = new ArrayList<>(0);
        final List<KeyCall> keyCalls = new ArrayList<>(0);
        final List<String> variables = new ArrayList<>(0);
        final List<Integer> subqueryEnds = new ArrayList<>(0);
        final List<String> upsertKey = new ArrayList<>(0);
        final List<String> upsertSets = new ArrayList<>(0);
        final List<String> upsertCopies = new ArrayList<>(0);

        Builder(String text, SqlFlavour flavour) {
            this.text = text;
            this.flavour = flavour;
        }

        void calls(BuiltIn builtIn) {
            if (builtIns.isEmpty()) {
                builtIns = builtIn.alone;
            } else if (!builtIns.contains(builtIn.name)) {
                List<String> more = builtIns.size() == 1 ? new ArrayList<>(builtIns) : builtIns;
                more.add(builtIn.name);
                builtIns = more;
            }
        }

        Classification build() {
            return new Classification(this);
        }
    }
}
