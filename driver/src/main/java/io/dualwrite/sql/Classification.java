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
        /** Gives rows back: RETURNING, FINAL TABLE. */
        RETURNS_ROWS,
        /** A plain write of one table, whose target, WHERE and columns stand in the fields of this class. */
        SINGLE_TABLE,
        /** An INSERT whose rows stand in a VALUES list (or SET, or DEFAULT VALUES). */
        VALUES,
        /** An INSERT or MERGE that may update or leave alone a row that is there: ON CONFLICT, ON DUPLICATE KEY. */
        ON_CONFLICT,
        /** An UPDATE or DELETE with LIMIT, with or without ORDER BY. */
        LIMITED,
        /** The text holds a comment that the server reads as SQL, or several statements. */
        SEVERAL,
        /** Depends on the moment or on chance: now(), random(), uuid() and their like (R25). */
        VOLATILE
    }

    private final Verb verb;
    private final List<TableName> writes;
    private final List<TableName> reads;
    private final List<String> functions;
    private final EnumSet<Trait> traits;
    private final int parameters;
    private final @Nullable String reason;
    private final List<String> assigned;
    private final @Nullable String target;
    private final int bodyEnd;
    private final int whereStart;
    private final int whereEnd;
    private final int parametersBeforeWhere;
    private final @Nullable String name;

    private Classification(Builder builder) {
        verb = builder.verb;
        writes = Collections.unmodifiableList(new ArrayList<>(builder.writes));
        reads = Collections.unmodifiableList(new ArrayList<>(builder.reads));
        functions = Collections.unmodifiableList(new ArrayList<>(builder.functions));
        traits = EnumSet.copyOf(builder.traits);
        parameters = builder.parameters;
        reason = builder.reason;
        assigned = Collections.unmodifiableList(new ArrayList<>(builder.assigned));
        target = builder.target;
        bodyEnd = builder.bodyEnd;
        whereStart = builder.whereStart;
        whereEnd = builder.whereEnd;
        parametersBeforeWhere = builder.parametersBeforeWhere;
        name = builder.name;
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

    /** Whether the trait holds. */
    public boolean is(Trait trait) {
        return traits.contains(trait);
    }

    /** The number of {@code ?} parameters. */
    public int parameters() {
        return parameters;
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
     * With {@link Trait#SINGLE_TABLE}: the target as written, with its alias, fit to stand after FROM
     * ({@code "s"."t" AS x}).
     */
    public @Nullable String target() {
        return target;
    }

    /** Offset after the last character of the statement proper, before a closing semicolon or comment. */
    public int bodyEnd() {
        return bodyEnd;
    }

    /** With {@link Trait#SINGLE_TABLE}: offset of the keyword WHERE, or -1 where there is none. */
    public int whereStart() {
        return whereStart;
    }

    /** With {@link Trait#SINGLE_TABLE}: offset after the WHERE clause and an ORDER BY … LIMIT that belongs to it. */
    public int whereEnd() {
        return whereEnd;
    }

    /** Offset of the statement's own RETURNING clause, or -1. */
    public int returningStart() {
        return -1;
    }

    /** The number of {@code ?} before {@link #whereStart}. */
    public int parametersBeforeWhere() {
        return parametersBeforeWhere;
    }

    /** The savepoint's, procedure's or setting's name for the verbs that have one; null otherwise. */
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

    /** Collects what the classifier finds; not thread-safe. */
    static final class Builder {
        Verb verb = Verb.UNKNOWN;
        final List<TableName> writes = new ArrayList<>();
        final List<TableName> reads = new ArrayList<>();
        final List<String> functions = new ArrayList<>();
        final EnumSet<Trait> traits = EnumSet.noneOf(Trait.class);
        final List<String> assigned = new ArrayList<>();
        int parameters;

        @Nullable
        String reason;

        @Nullable
        String target;

        int bodyEnd;
        int whereStart = -1;
        int whereEnd = -1;
        int parametersBeforeWhere;

        @Nullable
        String name;

        Classification build() {
            return new Classification(this);
        }
    }
}
