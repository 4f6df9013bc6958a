package io.dualwrite.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualwrite.sql.Classification.Trait;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * Cuts, mends and wraps the statements of the table. Every failure prints its seed; {@code -Dfuzz.seed=…} replays it,
 * {@code -Dfuzz.rounds=…} goes on for longer.
 */
class ClassifierFuzzTest {
    private static final long SEED = Long.getLong("fuzz.seed", System.nanoTime());
    private static final int ROUNDS = Integer.getInteger("fuzz.rounds", 6_000);
    private static final Pattern WRITE_INSIDE = Pattern.compile(
            "\\(\\s*(INSERT\\s+INTO\\s+\\w|DELETE\\s+FROM\\s+\\w|UPDATE\\s+\\w+\\s+SET\\s+\\w|MERGE\\s+INTO\\s+\\w)");
    private static final Pattern EXPLAINS = Pattern.compile("^(EXPLAIN|DESC|DESCRIBE|ANALYZE)\\b");

    private final Random random = new Random(SEED);
    private final List<StatementTable.Case> cases = StatementTable.cases();

    @Test
    void prefixes_areClassifiedSafely() {
        for (StatementTable.Case statement : cases) {
            for (int end = 0; end <= statement.sql.length(); end++) {
                checkSafe(statement.flavour, statement.sql.substring(0, end));
            }
        }
    }

    @Test
    void textsWithTokensDroppedSwappedOrDoubled_areClassifiedSafely() {
        for (int round = 0; round < ROUNDS; round++) {
            StatementTable.Case statement = anyCase();
            List<String> parts = parts(statement);
            for (int change = random.nextInt(3); change >= 0 && !parts.isEmpty(); change--) {
                int at = random.nextInt(parts.size());
                String part = parts.remove(at);
                if (random.nextInt(3) == 0) {
                    parts.add(random.nextInt(parts.size() + 1), part);
                } else if (random.nextInt(4) == 0) {
                    parts.add(at, part);
                    parts.add(at, part);
                }
            }
            checkSafe(statement.flavour, String.join(" ", parts));
        }
    }

    @Test
    void noise_isClassifiedSafely() {
        String alphabet = "'\"`$?;()[]{}/*-#!@:=., \n\\aeE1_USELECTFROM\u00e4";
        for (int round = 0; round < ROUNDS; round++) {
            StringBuilder text = new StringBuilder();
            for (int length = random.nextInt(40); length > 0; length--) {
                text.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            for (SqlFlavour flavour : SqlFlavour.values()) {
                checkSafe(flavour, text.toString());
            }
        }
    }

    /** A comment between two tokens changes nothing. */
    @Test
    void comments_changeNothing() {
        for (StatementTable.Case statement : cases) {
            Tokens tokens = SqlLexer.read(statement.sql, statement.flavour);
            for (int i = 1; i < tokens.count(); i++) {
                int gap = tokens.start(i);
                if (tokens.flaw() == null && gap > tokens.end(i - 1) && !statement.sql.contains("/*!")) {
                    String commented =
                            statement.sql.substring(0, gap) + "/* ' ; DELETE FROM x */ " + statement.sql.substring(gap);
                    assertThat(classify(statement.flavour, commented))
                            .as("seed %d: %s", SEED, commented)
                            .hasToString(statement.expected);
                }
            }
        }
    }

    /** PostgreSQL's WITH … AS (a write) writes what the write alone does, and is never called a SELECT. */
    @Test
    void writesInsideWith_areFound() {
        for (StatementTable.Case statement : cases) {
            Classification alone = classify(statement.flavour, statement.sql);
            boolean write = alone.verb() == Verb.INSERT
                    || alone.verb() == Verb.UPDATE
                    || alone.verb() == Verb.DELETE
                    || alone.verb() == Verb.MERGE;
            String body = statement.sql.substring(0, alone.bodyEnd());
            if (!write || body.startsWith("SELECT") || body.startsWith("SET")) {
                continue;
            }
            for (String wrapped : new String[] {
                "WITH x AS (" + body + ") SELECT * FROM x",
                "WITH y AS (SELECT 1), x (a) AS NOT MATERIALIZED ( /* */ " + body + ") SELECT * FROM y, x",
                "SELECT * FROM a WHERE id IN (SELECT 1 FROM (WITH x AS (\n" + body + ") SELECT * FROM x) z)",
                "INSERT INTO z WITH x AS (" + body + ") SELECT * FROM x",
                "EXPLAIN ANALYZE " + body,
                "COPY (" + body + ") TO STDOUT"
            }) {
                Classification read = classify(SqlFlavour.POSTGRESQL, wrapped);
                if (statement.flavour == SqlFlavour.POSTGRESQL) {
                    assertThat(read.verb()).as(wrapped).isEqualTo(Verb.UNKNOWN);
                    assertThat(read.writes()).as(wrapped).containsAll(alone.writes());
                } else {
                    assertThat(read.verb()).as(wrapped).isNotEqualTo(Verb.SELECT);
                }
            }
        }
    }

    @Test
    void statementsInOneText_areUnknownButForQueries_andAllTheirWritesFound() {
        for (int round = 0; round < ROUNDS; round++) {
            StatementTable.Case first = anyCase();
            StatementTable.Case second = anyCase();
            Classification one = classify(first.flavour, first.sql);
            Classification two = classify(first.flavour, second.sql);
            boolean plain = one.verb() != Verb.UNKNOWN && one.verb() != Verb.DDL && two.verb() != Verb.UNKNOWN;
            String sql = first.sql.substring(0, one.bodyEnd()) + " ;" + second.sql;
            if (!plain || two.bodyEnd() == 0) {
                continue;
            }
            Classification both = classify(first.flavour, sql);
            if (one.verb() != Verb.SELECT || two.verb() != Verb.SELECT) {
                assertThat(both.verb()).as("seed %d: %s", SEED, sql).isEqualTo(Verb.UNKNOWN);
            }
            assertThat(both.is(Trait.SEVERAL)).as("seed %d: %s", SEED, sql).isTrue();
            assertThat(both.writes()).as("seed %d: %s", SEED, sql).containsAll(one.writes());
            if (second.flavour == first.flavour && !EXPLAINS.matcher(second.sql).find()) {
                assertThat(both.writes()).as("seed %d: %s", SEED, sql).containsAll(two.writes());
            }
        }
    }

    // ------------------------------------------------------------------ what must hold for whatever text

    private static void checkSafe(SqlFlavour flavour, String sql) {
        String what = "seed " + SEED + ", " + flavour + ": " + sql;
        Classification read;
        try {
            read = classify(flavour, sql);
        } catch (RuntimeException | StackOverflowError e) {
            throw new AssertionError(what, e);
        }
        assertThat(read.verb() == Verb.UNKNOWN).as(what).isEqualTo(read.reason() != null);
        assertThat(read.bodyEnd()).as(what).isBetween(0, sql.length());
        if (read.is(Trait.SINGLE_TABLE)) {
            assertThat(read.writes()).as(what).hasSize(1);
            assertThat(sql).as(what).contains(String.valueOf(read.target()));
            assertThat(read.parametersBeforeWhere()).as(what).isBetween(0, read.parameters());
            if (read.whereStart() >= 0) {
                assertThat(sql.substring(read.whereStart(), read.whereEnd()).toUpperCase())
                        .as(what)
                        .matches("(?s)(WHERE|ORDER|LIMIT|FETCH).*");
            }
        }
        if (read.returningStart() >= 0) {
            assertThat(sql.substring(read.returningStart()).toUpperCase())
                    .as(what)
                    .startsWith("RETURNING");
        }
        if (read.verb() == Verb.SELECT && !EXPLAINS.matcher(sql).find()) {
            assertThat(WRITE_INSIDE.matcher(sql).find()).as(what).isFalse();
            assertThat(sql)
                    .as(what)
                    .doesNotMatch("(?s)(INSERT|UPDATE|DELETE|MERGE|CALL \\w+\\(|TRUNCATE|DROP|CREATE) .*");
        }
    }

    private StatementTable.Case anyCase() {
        return cases.get(random.nextInt(cases.size()));
    }

    private static List<String> parts(StatementTable.Case statement) {
        Tokens tokens = SqlLexer.read(statement.sql, statement.flavour);
        List<String> parts = new ArrayList<>();
        for (int i = 0; i < tokens.count(); i++) {
            parts.add(tokens.text(i));
        }
        return parts;
    }

    private static Classification classify(SqlFlavour flavour, String sql) {
        return StatementReader.classify(sql, flavour);
    }
}
