package io.dualwrite.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One text being read: its tokens, the place reached, and what was found so far. Shared by the readers of one
 * classification; not thread-safe. A range of tokens is half-open; every reader leaves {@link #at} at the end of the range
 * that it was given.
 */
final class Reading {
    private static final int MAX_DEPTH = 200;

    final SqlFlavour flavour;
    final Tokens tokens;
    final Classification.Builder found;
    final BuiltIns builtIns;
    /** Names of built-in functions that are known to be those of the user's own as well. */
    final Set<String> users;
    /** Names of the WITH queries that are visible here; they hide tables. */
    final List<String> commonTables = new ArrayList<>(0);

    /** An advisory lock's function that was called, or null. */
    @Nullable
    String lockRoutine;

    /** Whether a query, at any depth, gives only some of its rows: LIMIT, FETCH FIRST, TOP. */
    boolean limitedQuery;

    /** The number of calls so far of functions that the vendor does not bring along. */
    int unknownCalls;

    /** The number of SELECTs so far. */
    int selects;
    /** The token after H2's delta table. */
    int deltaEnd;

    int at;
    private int depth;

    Reading(SqlFlavour flavour, Tokens tokens, Set<String> users) {
        this.flavour = flavour;
        this.tokens = tokens;
        found = new Classification.Builder(tokens.sql, flavour);
        builtIns = BuiltIns.of(flavour);
        this.users = users;
    }

    boolean postgres() {
        return flavour == SqlFlavour.POSTGRESQL;
    }

    boolean mariadb() {
        return flavour == SqlFlavour.MARIADB;
    }

    boolean h2() {
        return flavour == SqlFlavour.H2;
    }

    // ------------------------------------------------------------------ what is found

    /** Says why the statement is {@link Verb#UNKNOWN}, which may write any table; the first reason stays. */
    void doubt(String reason) {
        trait(Classification.Trait.WRITES_MORE);
        doubtOfRows(reason);
    }

    /** As {@link #doubt}, where the tables that it may write are told all the same, by themselves or by the routine that is called. */
    void doubtOfRows(String reason) {
        if (found.reason == null) {
            found.reason = reason;
        }
    }

    /** The text cannot be read. Where it may be several statements, the first of them may be run all the same. */
    void unread() {
        boolean several = tokens.flaw() != null && tokens.sql.indexOf(';') >= 0;
        for (int i = 0; i < tokens.count() && !several; i++) {
            several = tokens.kind(i) == ';';
        }
        if (!several) {
            trait(Classification.Trait.UNREAD);
        }
    }

    void trait(Classification.Trait trait) {
        found.traits.add(trait);
    }

    /** Goes one level deeper; false, and a doubt, where that is too deep. Every call wants its {@link #leave}. */
    boolean enter() {
        if (++depth > MAX_DEPTH) {
            doubt("the statement is nested more than " + MAX_DEPTH + " deep");
            return false;
        }
        return true;
    }

    void leave() {
        depth--;
    }

    /** Whether this stands inside a bracket, or inside another statement. */
    boolean isNested() {
        return depth > 1;
    }

    void reads(TableName table) {
        boolean hidden = table.schema() == null && isCommonTable(table.table());
        boolean dual = table.table().equalsIgnoreCase("dual") && !postgres();
        if (!hidden && !dual && !found.reads.contains(table)) {
            found.reads.add(table);
        }
    }

    void writes(TableName table) {
        if (!found.writes.contains(table)) {
            found.writes.add(table);
        }
    }

    private boolean isCommonTable(String name) {
        for (int i = 0; i < commonTables.size(); i++) {
            if (commonTables.get(i).equalsIgnoreCase(name)) {
                return true;
            }
        }
        return false;
    }

    // ------------------------------------------------------------------ steps

    Keyword keyword() {
        return tokens.keyword(at);
    }

    boolean is(Keyword keyword) {
        return tokens.is(at, keyword);
    }

    boolean is(char kind) {
        return tokens.kind(at) == kind;
    }

    /** Steps over the keyword if it stands here. */
    boolean skip(Keyword keyword) {
        boolean here = tokens.is(at, keyword);
        if (here) {
            at++;
        }
        return here;
    }

    boolean skip(char kind) {
        boolean here = tokens.kind(at) == kind;
        if (here) {
            at++;
        }
        return here;
    }

    /** Steps over the keywords if all of them stand here in this order. */
    boolean skip(Keyword first, Keyword second) {
        boolean here = tokens.is(at, first) && tokens.is(at + 1, second);
        if (here) {
            at += 2;
        }
        return here;
    }

    /** Steps over a token, or over a bracket with all that it holds. */
    void hop() {
        at = tokens.after(at);
    }

    /** Steps over a name with its qualifiers, {@code a.b.c}; the index of its last part, or -1 if no name stands here. */
    int skipName() {
        if (!tokens.isName(at)) {
            return -1;
        }
        int last = at++;
        while (is('.') && tokens.isName(at + 1)) {
            last = at + 1;
            at += 2;
        }
        return last;
    }

    /** The table's name that stands here; the caller has seen that one does. */
    TableName tableName() {
        int first = at;
        int last = Math.max(skipName(), first);
        String table = folded(last);
        return last == first ? TableName.of(table) : TableName.of(folded(last - 2), table);
    }

    /** As PostgreSQL means it, which has both {@code orders} and {@code "Orders"}; of the others, a setting says how they fold. */
    private String folded(int at) {
        String name = tokens.name(at);
        if (!postgres() || tokens.kind(at) != Tokens.WORD) {
            return name;
        }
        char[] letters = name.toCharArray();
        for (int i = 0; i < letters.length; i++) {
            if (letters[i] >= 'A' && letters[i] <= 'Z') {
                letters[i] = (char) (letters[i] + 'a' - 'A');
            }
        }
        return new String(letters);
    }

    /** The first place in {@code [at, to)}, brackets hopped over, where the keyword stands as such, or {@code to}. */
    int find(Keyword keyword, int to) {
        for (int i = at; i < to; i = tokens.after(i)) {
            if (tokens.is(i, keyword) && !tokens.is(i - 1, Keyword.AS)) {
                return i;
            }
        }
        return to;
    }

    /** The tokens' names, lower case, with dots between them. */
    String lowerName(int first, int last) {
        StringBuilder name = new StringBuilder();
        for (int i = first; i <= last; i++) {
            name.append(tokens.isName(i) ? tokens.name(i) : tokens.text(i));
        }
        return name.toString().toLowerCase(Locale.ROOT);
    }
}
