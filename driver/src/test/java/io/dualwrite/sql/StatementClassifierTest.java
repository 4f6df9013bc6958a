package io.dualwrite.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualwrite.sql.Classification.Trait;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class StatementClassifierTest {

    static List<StatementTable.Case> cases() {
        return StatementTable.cases();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void statement_isClassifiedAsTheTableSays(StatementTable.Case statement) {
        assertThat(classify(statement.flavour, statement.sql)).hasToString(statement.expected);
    }

    @Test
    void table_holdsAtLeastThreeHundredStatements() {
        assertThat(cases().stream().map(statement -> statement.sql).distinct()).hasSizeGreaterThanOrEqualTo(300);
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = " ~ ",
            value = {
                "P ~ SELECT lastval(), pg_catalog.currval('a_id_seq'::regclass) ~ lastval():null, pg_catalog.currval('a_id_seq'::regclass):'a_id_seq'::regclass",
                "P ~ INSERT INTO t (a, b) VALUES (?, currval(?)) ~ null:?",
                "P ~ SELECT nextval('a'), other.lastval() ~ ''",
                "M ~ UPDATE t SET a = LAST_INSERT_ID(a + 1), b = @@identity, c = @identity WHERE d = LAST_INSERT_ID ( ) ~ @@identity:null, LAST_INSERT_ID ( ):null",
                "H ~ SELECT IDENTITY() ~ IDENTITY():null"
            })
    void questionsForFormerKeys_areFound(char letter, String sql, String questions) {
        Classification read = classify(flavour(letter), sql);
        assertThat(read.keyCalls().stream()
                        .map(call -> call.expression + ":" + call.sequence)
                        .collect(Collectors.joining(", ")))
                .isEqualTo(questions);
        for (KeyCall call : read.keyCalls()) {
            assertThat(call.expression).isIn(null, sql.substring(call.start, call.end));
        }
        assertThat(read.is(Trait.SETS_LAST_KEY)).isEqualTo(sql.contains("LAST_INSERT_ID(a"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = " ~ ",
            quoteCharacter = '"',
            value = {
                "M ~ SET @a = UUID(), @`b c` = @a ~ @a, @`b c`",
                "M ~ SET @@sql_mode = 'x', @'d' = '@no' ~ @'d'",
                "M ~ SELECT a, b INTO @a, @b FROM t ~ @a, @b",
                "M ~ {call p(@out, 1)} ~ @out",
                "M ~ SET PASSWORD FOR 'root'@'localhost' = 'x' ~ ''",
                "M ~ SELECT @a ~ ''",
                "H ~ SET @a = 1 ~ @a",
                "P ~ SELECT @ -1; SET a = 1 ~ ''"
            })
    void variablesThatMayBeSet_areFound(char letter, String sql, String variables) {
        assertThat(String.join(", ", classify(flavour(letter), sql).variables()))
                .isEqualTo(variables.equals("''") ? "" : variables);
    }

    /** Those of which a function of the user's may have the name: no reserved word, and nothing that stands behind its schema. */
    @ParameterizedTest
    @CsvSource(
            delimiterString = " ~ ",
            quoteCharacter = '`',
            value = {
                "P ~ SELECT id FROM title WHERE id IN (1, 2) AND (a = ?) ~ ''",
                "P ~ SELECT LOG('info', 'paid'), log(10), count(*) FILTER (WHERE now() > a) FROM title ~ log, count, filter, now",
                "P ~ SELECT public.log(1), pg_catalog.format('a'), other_one(2) ~ ''",
                "P ~ SELECT \"values\"(1), {fn lcase(a)} FROM title ~ values, lcase",
                "M ~ INSERT INTO title (a) VALUES (TRANSLATE(?, 'a', 'b')) ~ translate",
                "H ~ UPDATE title SET a = quote_ident(b) WHERE c = upper(?) ~ quote_ident, upper"
            })
    void namesOfBuiltInFunctions_areFound(char letter, String sql, String names) {
        Classification read = classify(flavour(letter), sql);
        assertThat(String.join(", ", read.builtIns())).isEqualTo(names.equals("''") ? "" : names);
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = " ~ ",
            value = {
                "P ~ SELECT log('info', now()) FROM title ~ SELECT reads [title] [VOLATILE] calls [log]",
                "P ~ SELECT public.log(1), pg_catalog.log(2) ~ SELECT calls [public.log]",
                "P ~ SELECT {fn log(2)} ~ SELECT calls [log]",
                "P ~ EXPLAIN SELECT log('info', 'paid') ~ SELECT",
                "H ~ CALL log('info', 'paid') ~ UNKNOWN [CALL] calls [log] (it calls log, which may write)"
            })
    void builtInOfTheUsersName_isReadAsTheUsers(char letter, String sql, String expected) {
        assertThat(StatementClassifier.again(classify(flavour(letter), sql), Collections.singleton("log")))
                .hasToString(expected);
    }

    /** {@code ‹…›} marks the target, {@code «…»} WHERE with its tail, {@code ¦} RETURNING, {@code ¶} the end of the body. */
    @ParameterizedTest
    @CsvSource(
            delimiterString = " ~ ",
            value = {
                "P ~ UPDATE ‹title› SET name = ? «WHERE id = ?»¶ ~ 2 ~ 1 ~ name",
                "P ~ UPDATE ‹\"s\".\"Title\" AS t› SET \"Name\" = ?, n = n + ? «WHERE t.id = ? AND x = 'WHERE'»¶ ; -- end ~ 3 ~ 2 ~ Name,n",
                "P ~ UPDATE ‹ONLY title t› SET a = ? «WHERE id = (SELECT ? FROM author WHERE id = ?)» ¦RETURNING id, ?¶ ~ 4 ~ 1 ~ a",
                "P ~ UPDATE ‹title› SET a = ?, b = ?¶ ~ 2 ~ 2 ~ a,b",
                "P ~ UPDATE ‹title› SET (a, b) = (?, ?) ¦RETURNING *¶; ~ 2 ~ 2 ~ a,b",
                "P ~ DELETE FROM ‹title t› «WHERE /* ? */ id = ? -- ?\\n AND b = ?» ¦RETURNING *¶ /* ? */ ~ 2 ~ 0 ~ ",
                "P ~ DELETE FROM ‹title›¶ ~ 0 ~ 0 ~ ",
                "P ~ DELETE FROM ‹title› «WHERE data ?? 'a' AND b ??| c AND d = ?»¶ ~ 1 ~ 0 ~ ",
                "P ~ INSERT INTO ‹title AS t› (id, \"Name\") VALUES (?, '?') ON CONFLICT (id) DO UPDATE SET a = ? WHERE t.id = ? ¦RETURNING id¶ ~ 3 ~ 3 ~ id,Name",
                "P ~ INSERT INTO ‹title› SELECT ?, id FROM author WHERE id = ?¶ ; ~ 2 ~ 2 ~ ",
                "M ~ UPDATE ‹`title`› SET `a` = \"?\", t.b = ? «WHERE id = ? ORDER BY id LIMIT ?»¶ # ? ~ 3 ~ 1 ~ a,b",
                "M ~ UPDATE ‹title› SET a = ? «ORDER BY b LIMIT 1»¶ ~ 1 ~ 1 ~ a",
                "M ~ DELETE QUICK FROM ‹title PARTITION (p0)› «WHERE a = ? LIMIT ?» ¦RETURNING a¶ ~ 2 ~ 0 ~ ",
                "M ~ DELETE FROM ‹title› «LIMIT 1»¶ ~ 0 ~ 0 ~ ",
                "M ~ INSERT IGNORE INTO ‹`title`› SET a = ?, `b` = ?¶ ~ 2 ~ 2 ~ a,b",
                "M ~ REPLACE INTO ‹title› (a, b) VALUES (?, 'it\\'s ?')¶ ~ 1 ~ 1 ~ a,b",
                "H ~ UPDATE ‹title AS t› SET t.a = ? «WHERE t.id = ? FETCH FIRST 1 ROW ONLY»¶ ~ 2 ~ 1 ~ a",
                "H ~ DELETE FROM ‹title› «WHERE id IN (?, ?)»¶ ~ 2 ~ 0 ~ ",
                "H ~ MERGE INTO ‹title› (id, a) KEY (id) VALUES (?, ?)¶ ~ 2 ~ 2 ~ id,a",
                "H ~ INSERT INTO ‹\"PUBLIC\".\"T\"› (\"A\") VALUES (?)¶ ~ 1 ~ 1 ~ A"
            })
    void offsets_areExact(char letter, String marked, int parameters, int parametersBeforeWhere, String assigned) {
        String text = marked.replace("\\n", "\n");
        String sql = text.replaceAll("[‹›«»¦¶]", "");
        Classification read = classify(flavour(letter), sql);
        StringBuilder shown = new StringBuilder(sql);
        shown.insert(read.bodyEnd(), '¶');
        if (read.returningStart() >= 0) {
            shown.insert(read.returningStart(), '¦');
        }
        if (read.whereStart() >= 0) {
            shown.insert(read.whereEnd(), '»').insert(read.whereStart(), '«');
        }
        int target = sql.indexOf(read.target());
        shown.insert(target + read.target().length(), '›').insert(target, '‹');

        assertThat(read.is(Trait.SINGLE_TABLE)).isTrue();
        assertThat(shown).hasToString(text);
        assertThat(read.parameters()).isEqualTo(parameters);
        assertThat(read.parametersBeforeWhere()).isEqualTo(parametersBeforeWhere);
        assertThat(String.join(",", read.assigned())).isEqualTo(assigned == null ? "" : assigned);
    }

    /** By which columns the row that is there is found, what may be set to something else, and what to the inserted. */
    @ParameterizedTest
    @CsvSource(
            delimiterString = " ~ ",
            value = {
                "P ~ INSERT INTO t (a) VALUES (1) ON CONFLICT DO NOTHING ~ [] [] []",
                "P ~ INSERT INTO t (a) VALUES (1) ON CONFLICT (a, lower(b)) DO UPDATE SET a = EXCLUDED.a, b = 'a = 1', c = t.c ~ [a] [b] [a]",
                "P ~ INSERT INTO t (a) VALUES (1) ON CONFLICT ON CONSTRAINT k DO UPDATE SET (a, b) = (SELECT 1, 2), c = c WHERE a = 5 ~ [] [a, b] []",
                "P ~ INSERT INTO t (a) VALUES (1) ON CONFLICT (b) DO UPDATE SET a = EXCLUDED.a + 1, c = EXCLUDED.b RETURNING a ~ [b] [a, c] []",
                "P ~ INSERT INTO t (a) VALUES (1) ON CONFLICT (b) DO UPDATE SET \"a\" = \"excluded\".\"a\" ~ [b] [] [a]",
                "M ~ INSERT INTO t (a) VALUES (1) ON DUPLICATE KEY UPDATE a = VALUES(a), b = VALUE(b), c = VALUES(a) ~ [] [c] [a, b]",
                "M ~ INSERT INTO t SET a = 1 ON DUPLICATE KEY UPDATE a = LAST_INSERT_ID(a), t.b = 5, c = LAST_INSERT_ID(a), d = d ~ [] [b, c] []",
                "M ~ INSERT INTO t SELECT a, b FROM u ON DUPLICATE KEY UPDATE a = a, b = t.b, c = u.c, d = IF(a, b, c) ~ [] [a, c, d] []",
                "H ~ MERGE INTO t VALUES (1) ~ [] [] []",
                "H ~ MERGE INTO t KEY (a, b) VALUES (1) ~ [a, b] [] [*]",
                "H ~ MERGE INTO t (a, b) KEY (a) VALUES (1, 2) ~ [a] [] [a, b]",
                "H ~ MERGE INTO t USING u ON t.a = u.a WHEN MATCHED THEN UPDATE SET a = u.a, (b, c) = (1, 2) WHEN NOT MATCHED THEN INSERT (d, e) VALUES (1, 2) ~ [] [a, b, c] []"
            })
    void upsert_saysWhatItSets(char letter, String sql, String expected) {
        Classification read = classify(flavour(letter), sql);
        assertThat(read.upsertKey() + " " + read.upsertSets() + " " + read.upsertCopies())
                .isEqualTo(expected);
        assertThat(read.is(Trait.DELETES_MATCHED)).isFalse();
    }

    /** {@code ¦} marks where a subquery's lock would go. */
    @ParameterizedTest
    @CsvSource(
            delimiterString = " ~ ",
            value = {
                "M ~ UPDATE t SET a = (SELECT 1) WHERE id = 1 ~ false",
                "M ~ UPDATE t SET a = RAND() WHERE id IN (SELECT b FROM u¦) ~ false",
                "M ~ UPDATE t SET a = 1 WHERE id IN (SELECT b FROM u WHERE c = (SELECT MAX(d) FROM (SELECT d FROM v¦) w¦)¦) ~ false",
                "M ~ UPDATE t SET a = 1 WHERE EXISTS (WITH c AS (SELECT 1 FROM u¦) SELECT 1 FROM c LIMIT 1¦) ~ false",
                "M ~ UPDATE t SET a = 1 WHERE id IN (SELECT b FROM u FOR UPDATE SKIP LOCKED) OR b IN (SELECT 1 LOCK IN SHARE MODE) ~ false",
                "M ~ UPDATE t SET a = 1 WHERE id IN (SELECT b FROM u UNION SELECT c FROM v¦) ~ true",
                "M ~ UPDATE t SET a = 1 WHERE b > RAND ( ) ~ true",
                "M ~ UPDATE t SET a = 1 WHERE rand > 1 ~ false",
                "M ~ UPDATE t SET a = f(1) WHERE id = f(1) ~ true",
                "M ~ UPDATE t SET a = f(1) WHERE id = ABS(1) ~ false",
                "M ~ UPDATE t SET a = 1 WHERE id IN (SELECT shop.f(b) FROM u¦) ~ true",
                "M ~ UPDATE t SET a = 1 WHERE id IN (SELECT b FROM u¦) ORDER BY id ~ false",
                "M ~ UPDATE t SET a = 1 WHERE id IN (SELECT b FROM u¦) ORDER BY id = ? ~ true",
                "M ~ UPDATE t SET a = 1 WHERE id IN (SELECT b FROM u WHERE u.lock = 1¦) ~ false",
                "P ~ UPDATE t SET a = 1 WHERE id IN (SELECT b FROM u) ~ false"
            })
    void subqueriesOfAnUpdate_areFoundWhereTheyEnd(char letter, String marked, boolean varying) {
        String sql = marked.replace("¦", "");
        Classification read = classify(flavour(letter), sql);
        StringBuilder shown = new StringBuilder(sql);
        for (int i = read.subqueryEnds().size() - 1; i >= 0; i--) {
            int end = read.subqueryEnds().get(i);
            shown.insert(end, '¦');
        }
        assertThat(shown).hasToString(marked);
        assertThat(read.is(Trait.VARYING_ROWS)).isEqualTo(varying);
    }

    /** {@code ¦} marks where the keys of the rows would go to which it is held. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "UPDATE t SET a = 1 WHERE id = (SELECT 1) OR due < NOW()¦",
                "UPDATE t SET a = 1 WHERE due < NOW()¦ ORDER BY id",
                "DELETE FROM t WHERE id = (SELECT b FROM u ORDER BY c LIMIT 1)¦ /* so that */ ORDER BY id DESC"
            })
    void conditionOfAMovingWrite_endsBeforeItsOrder(String marked) {
        String sql = marked.replace("¦", "");
        Classification read = classify(SqlFlavour.MARIADB, sql);
        assertThat(read.is(Trait.MOVING_ROWS)).isTrue();
        assertThat(new StringBuilder(sql).insert(read.conditionEnd(), '¦')).hasToString(marked);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "P | SAVEPOINT \"Sp 1\" | Sp 1",
                "M | ROLLBACK TO `a``b` | a`b",
                "P | RELEASE SAVEPOINT Sp | sp",
                "H | ROLLBACK TO SAVEPOINT sp | SP",
                "H | SAVEPOINT \"sp\" | sp",
                "M | SET autocommit = 0 | autocommit",
                "M | SET @@SESSION.autocommit = 0 | autocommit",
                "M | SET @autocommit = 0 | @autocommit",
                "H | SET @schema = 1 | @schema",
                "H | SET AUTOCOMMIT FALSE | autocommit",
                "P | SET LOCAL search_path TO a, b | search_path",
                "P | SET TIME ZONE 'UTC' | timezone",
                "P | SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY | characteristics",
                "M | SET SESSION TRANSACTION READ ONLY | transaction",
                "P | RESET ALL | all",
                "M | USE `shop` | use shop",
                "P | SELECT set_config('App.Tenant', ?, false) | set_config app.tenant",
                "P | SELECT set_config('app.tenant', ?, true) | set_config",
                "P | CLOSE c | close c",
                "M | UNLOCK TABLES | unlock tables",
                "P | LISTEN x | listen",
                "P | CALL Shop.Ship(?) | shop.ship",
                "H | {? = call f(?)} | f",
                "P | FETCH 5 FROM c | c",
                "P | SELECT pg_advisory_lock(1) | pg_advisory_lock"
            })
    void name_isGiven(char letter, String sql, String name) {
        assertThat(classify(flavour(letter), sql).name()).isEqualTo(name);
    }

    @Test
    void deepNesting_isUnknown() {
        StringBuilder deep = new StringBuilder("SELECT ");
        for (int i = 0; i < 100_000; i++) {
            deep.append('(');
        }
        assertThat(classify(SqlFlavour.H2, deep.toString()).verb()).isEqualTo(Verb.UNKNOWN);
        for (String step :
                new String[] {"EXPLAIN ", "WITH a AS (SELECT 1) INSERT INTO t ", "{fn ", "SELECT * FROM ((", "{oj "}) {
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < 20_000; i++) {
                text.append(step);
            }
            classify(SqlFlavour.POSTGRESQL, text.toString());
            classify(SqlFlavour.POSTGRESQL, "SELECT 1 FROM " + text);
        }
    }

    private static Classification classify(SqlFlavour flavour, String sql) {
        return StatementClassifier.of(flavour).classify(sql);
    }

    private static SqlFlavour flavour(char letter) {
        return letter == 'P' ? SqlFlavour.POSTGRESQL : letter == 'M' ? SqlFlavour.MARIADB : SqlFlavour.H2;
    }
}
