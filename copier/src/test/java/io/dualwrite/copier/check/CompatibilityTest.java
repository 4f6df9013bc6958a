package io.dualwrite.copier.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualwrite.copier.TwoDatabases;
import io.dualwrite.copier.plan.Direction;
import io.dualwrite.ladder.Side;
import java.sql.Connection;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.h2.api.Trigger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class CompatibilityTest {
    private TwoDatabases databases;

    @BeforeEach
    void start() throws Exception {
        databases = new TwoDatabases();
    }

    @AfterEach
    void stop() throws Exception {
        databases.close();
    }

    private List<Finding> check() throws Exception {
        return new Compatibility(databases.settings(), Direction.UP, Set.of("*"))
                .check()
                .findings();
    }

    private static Arguments pair(String onOld, String onNew, Level level, String check, String says) {
        return Arguments.of(onOld, onNew, level, check, says);
    }

    static Stream<Arguments> differences() {
        String plain = "id INT PRIMARY KEY, name VARCHAR(20), updated_at TIMESTAMP NOT NULL";
        return Stream.of(
                pair(plain + ", a INT", plain, Level.PROBLEM, "columns", "new lacks the columns a"),
                pair(plain, plain + ", a INT", Level.PROBLEM, "columns", "old lacks the columns a"),
                pair(plain + ", a VARBINARY(9)", plain + ", a DATE", Level.PROBLEM, "types", "cannot be carried over"),
                pair(
                        plain + ", a INT ARRAY",
                        plain + ", a INT ARRAY",
                        Level.PROBLEM,
                        "types",
                        "a is ARRAY on old: H2 takes no such value"),
                pair(plain + ", a VARCHAR", plain + ", a ROW(b INT)", Level.PROBLEM, "types", "a is ROW on new"),
                pair(plain + ", a DECIMAL(9)", plain + ", a INT", Level.PROBLEM, "types", "do not fit"),
                pair(plain + ", a INT", plain + ", a DECIMAL(9)", Level.NOTE, "types", "on the way back"),
                pair(plain + ", a BIGINT", plain + ", a INT", Level.PROBLEM, "types", "64 bits on old and 32 on new"),
                pair(plain + ", a INT", plain + ", a BIGINT", Level.NOTE, "types", "on the way back"),
                pair(plain + ", a VARCHAR(9)", plain + ", a VARCHAR(8)", Level.PROBLEM, "types", "9 characters"),
                pair(plain + ", a VARCHAR", plain + ", a CLOB", Level.OK, "tables", "alike"),
                pair(
                        plain + ", a DECIMAL(9, 2)",
                        plain + ", a DECIMAL(9, 3)",
                        Level.PROBLEM,
                        "types",
                        "7 digits before"),
                pair(plain + ", a TIMESTAMP(6)", plain + ", a TIMESTAMP(3)", Level.NOTE, "types", "cut off"),
                pair(plain + ", a TIMESTAMP", plain + ", a TIMESTAMP WITH TIME ZONE", Level.NOTE, "types", "UTC"),
                pair("id INT, name INT, updated_at TIMESTAMP", plain, Level.PROBLEM, "keys", "no primary key"),
                pair(
                        "id INT, name VARCHAR(20) NOT NULL, updated_at TIMESTAMP NOT NULL, PRIMARY KEY (name, id)",
                        plain,
                        Level.PROBLEM,
                        "keys",
                        "its key is (name, id) on old and (id) on new"),
                pair(plain, plain + ", UNIQUE (name)", Level.PROBLEM, "keys", "(name) is unique on new only"),
                pair(plain + ", UNIQUE (name)", plain, Level.NOTE, "keys", "(name) is unique on old only"),
                pair(plain + ", a INT", plain + ", a INT NOT NULL", Level.PROBLEM, "rules", "NOT NULL on new"),
                pair(plain + ", a INT NOT NULL", plain + ", a INT", Level.NOTE, "rules", "NULL on new only"),
                pair(
                        plain + ", a INT DEFAULT 1 NOT NULL",
                        plain + ", a INT NOT NULL",
                        Level.PROBLEM,
                        "rules",
                        "the default 1 on old and none on new"),
                pair(plain + ", a INT DEFAULT 1", plain + ", a INT DEFAULT 2", Level.NOTE, "rules", "default 1"),
                pair(
                        plain + ", a INT GENERATED ALWAYS AS (id + 1)",
                        plain + ", a INT",
                        Level.PROBLEM,
                        "rules",
                        "is computed on old"),
                pair(
                        plain + ", a INT",
                        plain + ", a INT GENERATED ALWAYS AS (id + 1)",
                        Level.NOTE,
                        "rules",
                        "computed on new"),
                pair(
                        "id INT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, name VARCHAR(20), updated_at TIMESTAMP NOT NULL",
                        plain,
                        Level.PROBLEM,
                        "rules",
                        "id generates its values on old and not on new"),
                pair(
                        plain + ", UNIQUE (name)",
                        plain.replace("VARCHAR(20)", "VARCHAR_IGNORECASE(20)") + ", UNIQUE (name)",
                        Level.PROBLEM,
                        "collations",
                        "Rows that differ in case only are refused on new"),
                pair(
                        plain,
                        plain.replace("VARCHAR(20)", "VARCHAR_IGNORECASE(20)"),
                        Level.NOTE,
                        "collations",
                        "case makes a difference on one side only in name"),
                pair(
                        plain + ", up INT",
                        plain + ", up INT REFERENCES item",
                        Level.PROBLEM,
                        "dependants",
                        "the foreign key (up) to item is on new only"),
                pair(
                        plain + ", up INT REFERENCES item",
                        plain + ", up INT",
                        Level.NOTE,
                        "dependants",
                        "the foreign key (up) to item is missing on new"),
                pair(
                        plain + ", up INT REFERENCES item ON DELETE CASCADE",
                        plain + ", up INT REFERENCES item",
                        Level.PROBLEM,
                        "dependants",
                        "cascades on old only"),
                pair(
                        plain + ", up INT REFERENCES item ON DELETE CASCADE",
                        plain + ", up INT REFERENCES item ON DELETE CASCADE",
                        Level.NOTE,
                        "dependants",
                        "each side changes its own"),
                pair(plain, plain, Level.NOTE, "lastModified", "no index begins with its last-modified column"),
                pair(
                        "id INT PRIMARY KEY",
                        "id INT PRIMARY KEY",
                        Level.NOTE,
                        "lastModified",
                        "no last-modified column"));
    }

    @ParameterizedTest
    @MethodSource("differences")
    void difference_isFound(String onOld, String onNew, Level level, String check, String says) throws Exception {
        if (level == Level.OK) {
            databases.onBoth("CREATE TABLE item (" + onOld.replace("NOT NULL", "NOT NULL UNIQUE") + ")");
        } else {
            databases.run(Side.OLD, "CREATE TABLE item (" + onOld + ")");
            databases.run(Side.NEW, "CREATE TABLE item (" + onNew + ")");
        }
        assertThat(check()).anySatisfy(finding -> {
            assertThat(finding.level()).isEqualTo(level);
            assertThat(finding.check()).isEqualTo(check);
            assertThat(finding.table()).isEqualTo("item");
            assertThat(finding.sentence()).contains(says);
        });
    }

    @Test
    void alikeTables_haveNoProblem() throws Exception {
        databases.onBoth(
                "CREATE TABLE author (id BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, name VARCHAR(50) UNIQUE,"
                        + " updated_at TIMESTAMP DEFAULT LOCALTIMESTAMP NOT NULL)",
                "CREATE INDEX author_updated ON author (updated_at)",
                "CREATE SEQUENCE order_number");
        CheckReport report = new Compatibility(databases.settings(), Direction.UP, Set.of("*")).check();
        assertThat(report.findings()).allMatch(finding -> finding.level() == Level.OK);
        assertThat(report.possible()).isTrue();
    }

    @Test
    void tablesOnOneSide_andOnNoList_areNamed() throws Exception {
        databases.set("dataA", "author").set("dataB", "sales_*");
        databases.run(Side.OLD, "CREATE TABLE author (id INT PRIMARY KEY)", "CREATE TABLE odd (id INT PRIMARY KEY)");
        databases.run(Side.NEW, "CREATE TABLE odd (id INT PRIMARY KEY)", "CREATE TABLE extra (id INT PRIMARY KEY)");
        List<Finding> found = check();
        assertThat(found).anyMatch(one -> is(one, Level.PROBLEM, "author", "missing on new"));
        assertThat(found).anyMatch(one -> is(one, Level.NOTE, "odd", "counts as Data A"));
        assertThat(found).anyMatch(one -> is(one, Level.PROBLEM, "extra", "there is no way back"));
        databases.set("unlisted", "refuse");
        assertThat(check()).anyMatch(one -> is(one, Level.NOTE, "odd", "writes of it are refused"));
        assertThat(check()).anyMatch(one -> is(one, Level.NOTE, "extra", "on new only"));
    }

    @Test
    void nameOnAListThatFitsNoTable_isAProblem() throws Exception {
        databases.onBoth("CREATE TABLE author (id INT PRIMARY KEY)");
        List<Finding> found = new Compatibility(
                        databases.settings(), Direction.UP, Set.of("Author", "public.autor", "sales_*"))
                .check()
                .findings();
        assertThat(found)
                .filteredOn(one -> one.check().equals("manifest"))
                .singleElement()
                .satisfies(one -> {
                    assertThat(one.level()).isEqualTo(Level.PROBLEM);
                    assertThat(one.table()).isEqualTo("public.autor");
                });
    }

    @Test
    void dataAThatPointsToDataB_isAProblem() throws Exception {
        databases.set("dataA", "author").set("dataB", "country");
        databases.onBoth(
                "CREATE TABLE country (id INT PRIMARY KEY)",
                "CREATE TABLE author (id INT PRIMARY KEY, country INT REFERENCES country)");
        assertThat(check()).anyMatch(one -> is(one, Level.PROBLEM, "author", "points to country"));
    }

    @Test
    void sequenceMissingOnNew_isAProblem() throws Exception {
        databases.run(Side.OLD, "CREATE TABLE author (id INT PRIMARY KEY)", "CREATE SEQUENCE order_number");
        assertThat(check()).anyMatch(one -> is(one, Level.PROBLEM, null, "lacks the sequences order_number"));
    }

    @Test
    void rightsThatAreLacking_areNamed() throws Exception {
        databases.onBoth("CREATE TABLE author (id INT PRIMARY KEY, name VARCHAR(20))");
        databases.run(Side.OLD, "CREATE USER reader PASSWORD 'x'", "GRANT SELECT, INSERT ON author TO reader");
        String url = databases.entries().get("old.url").replace(";DB_CLOSE_DELAY=-1", "");
        databases.set("old.url", url).set("old.user", "reader").set("old.password", "x");
        assertThat(check()).anyMatch(one -> is(one, Level.PROBLEM, "author", "old lacks UPDATE, DELETE"));
    }

    @Test
    void namedColumnThatIsNoTime_isAProblem() throws Exception {
        databases.onBoth("CREATE TABLE author (id INT PRIMARY KEY, name VARCHAR(20))");
        databases.set("lastModified.author", "name");
        assertThat(check()).anyMatch(one -> is(one, Level.PROBLEM, "author", "it must be a timestamp"));
    }

    @Test
    void defaultThatCallsAFunction_isAProblem_unlessItIsSaidToRead() throws Exception {
        databases.onBoth(
                "CREATE ALIAS next_no FOR 'java.lang.System.nanoTime'",
                "CREATE TABLE invoice (id INT PRIMARY KEY, no BIGINT DEFAULT next_no() + 1, at TIMESTAMP DEFAULT NOW())");
        assertThat(check())
                .filteredOn(one -> one.check().equals("onesided"))
                .hasSize(2)
                .allMatch(one -> is(one, Level.PROBLEM, "invoice", "calls next_no; it may write"));
        databases.set("routine.next_no", "reads");
        assertThat(check()).noneMatch(one -> one.check().equals("onesided"));
    }

    @Test
    void triggerOfWholeStatements_isAProblem_unlessItIsSaidToRead() throws Exception {
        databases.onBoth(
                "CREATE TABLE author (id INT PRIMARY KEY)",
                "CREATE TRIGGER counts AFTER INSERT ON author CALL '" + Idle.class.getName() + "'",
                "CREATE TRIGGER each AFTER INSERT ON author FOR EACH ROW CALL '" + Idle.class.getName() + "'");
        assertThat(check())
                .filteredOn(one -> one.check().equals("onesided"))
                .hasSize(2)
                .allMatch(one -> is(one, Level.PROBLEM, "author", "COUNTS"));
        databases.set("routine.counts", "reads");
        assertThat(check()).noneMatch(one -> one.check().equals("onesided"));
    }

    /** A trigger that does nothing. */
    public static final class Idle implements Trigger {
        @Override
        public void fire(Connection session, Object[] before, Object[] after) {
            // It is only looked at.
        }
    }

    private static boolean is(Finding finding, Level level, String table, String says) {
        return finding.level() == level
                && Objects.equals(finding.table(), table)
                && finding.sentence().contains(says);
    }
}
