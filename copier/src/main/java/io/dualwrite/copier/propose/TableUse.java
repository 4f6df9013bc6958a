package io.dualwrite.copier.propose;

import io.dualwrite.sql.Classification;
import io.dualwrite.sql.Classification.Trait;
import io.dualwrite.sql.TableName;
import io.dualwrite.sql.Verb;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** How statements use the tables, counted. Not thread-safe. */
final class TableUse {

    /** How one table is used. */
    static final class Count {
        private final Set<String> sources = new TreeSet<>();
        private long byRow;
        private long inBulk;
        private long read;

        /** Statements that insert or change rows one by one. */
        long byRow() {
            return byRow;
        }

        /** Statements that derive its rows from others, or change all of it. */
        long inBulk() {
            return inBulk;
        }

        /** Statements that read it. */
        long read() {
            return read;
        }

        /** The tables that it is filled from. */
        Set<String> sources() {
            return sources;
        }
    }

    private static final Pattern ADDS_UP =
            Pattern.compile("\\bgroup\\s+by\\b|\\b(sum|count|avg|min|max)\\s*\\(", Pattern.CASE_INSENSITIVE);

    static final Count NONE = new Count();

    private final Map<String, Count> counts = new HashMap<>();
    private long statements;
    private long unknown;

    /** Counts a statement, given as its text and what is known of it. */
    void add(String sql, Classification statement) {
        statements++;
        if (statement.verb() == Verb.UNKNOWN) {
            unknown++;
        }
        Set<String> written = new TreeSet<>();
        for (TableName table : statement.writes()) {
            String name = name(table);
            written.add(name);
            Count count = counts.computeIfAbsent(name, one -> new Count());
            if (isBulk(sql, statement)) {
                count.inBulk++;
                statement.reads().forEach(source -> count.sources.add(name(source)));
                count.sources.remove(name);
            } else if (statement.verb() != Verb.DELETE) {
                count.byRow++;
            }
        }
        for (TableName table : statement.reads()) {
            if (!written.contains(name(table))) {
                counts.computeIfAbsent(name(table), one -> new Count()).read++;
            }
        }
    }

    /**
     * Whether the statement derives rows from others, or takes all rows. An INSERT … SELECT that adds nothing up may belong to
     * a request, as when a cart becomes an order.
     */
    private static boolean isBulk(String sql, Classification statement) {
        return switch (statement.verb()) {
            case TRUNCATE -> true;
            case INSERT, MERGE -> !statement.is(Trait.VALUES) && addsUp(sql, statement);
            case UPDATE -> isWhole(statement) || addsUp(sql, statement);
            case DELETE -> isWhole(statement);
            default -> false;
        };
    }

    private static boolean isWhole(Classification statement) {
        return statement.is(Trait.SINGLE_TABLE) && statement.whereStart() < 0;
    }

    private static boolean addsUp(String sql, Classification statement) {
        return !statement.reads().isEmpty() && ADDS_UP.matcher(sql).find();
    }

    private static String name(TableName table) {
        return table.table().toLowerCase(Locale.ROOT);
    }

    Count of(String table) {
        return counts.getOrDefault(table, NONE);
    }

    long statements() {
        return statements;
    }

    /** Statements of which it is not known what they do. */
    long unknown() {
        return unknown;
    }
}
