package io.dualwrite.copying;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualwrite.copier.cli.DualwriteCli;
import io.dualwrite.copier.cli.ExitCode;
import io.dualwrite.ladder.Phase;
import io.dualwrite.ladder.Rung;
import io.dualwrite.ladder.Side;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code check}, {@code manifest}, {@code retire} and what {@code copy} leaves over, on real servers. */
class CommandsIT {
    private static final String TITLE = "CREATE TABLE title (id BIGINT PRIMARY KEY, author BIGINT NOT NULL,"
            + " price DECIMAL(10, 2) DEFAULT 0 NOT NULL, cover {blob}, active BOOLEAN DEFAULT TRUE, sold_on DATE,"
            + " updated_at {ts} NOT NULL, CONSTRAINT title_author FOREIGN KEY (author) REFERENCES author (id))";
    private static final String AUTHOR =
            "CREATE TABLE author (id {id} PRIMARY KEY, name VARCHAR(60) NOT NULL, updated_at {ts} NOT NULL)";

    @TempDir
    private Path directory;

    private final StringWriter out = new StringWriter();

    private int run(Pair pair, String... args) throws Exception {
        out.getBuffer().setLength(0);
        PrintWriter console = new PrintWriter(out);
        String[] all = new String[args.length + 2];
        System.arraycopy(args, 0, all, 0, args.length);
        all[args.length] = "-c";
        all[args.length + 1] = pair.file(directory).toString();
        return DualwriteCli.run(console, console, all);
    }

    private static Pair pair(String old, String other, String... schema) throws Exception {
        Pair pair = new Pair(old, other).set("dataA", "*").set("copy.skew", "5 s");
        pair.onBoth(schema);
        return pair;
    }

    @ParameterizedTest
    @CsvSource({"postgres, postgres", "mariadb, mariadb", "postgres, mariadb", "mariadb, postgres", "h2, postgres"})
    void check_ofEqualSchemas_findsNoProblem(String old, String other) throws Exception {
        try (Pair pair = pair(old, other, AUTHOR, TITLE)) {
            assertThat(run(pair, "check")).as(out.toString()).isEqualTo(ExitCode.FINE);
            assertThat(run(pair, "check", "--down")).as(out.toString()).isEqualTo(ExitCode.FINE);
            assertThat(out.toString())
                    .contains("sees when others' transactions began")
                    .contains("the clock of");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"postgres", "mariadb"})
    void check_findsWhatWasPlanted(String vendor) throws Exception {
        boolean postgres = vendor.equals("postgres");
        String text = postgres ? "VARCHAR(40)" : "VARCHAR(40) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin";
        String blind =
                postgres ? "VARCHAR(40) COLLATE blind" : "VARCHAR(40) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci";
        try (Pair pair = pair(vendor, vendor, AUTHOR)) {
            if (postgres) {
                pair.run(
                        Side.NEW,
                        "CREATE COLLATION blind (provider = icu, locale = 'und-u-ks-level2', deterministic = false)");
            }
            pair.run(
                    Side.OLD,
                    "CREATE TABLE tag (word " + text + " PRIMARY KEY, parent BIGINT, weight SMALLINT NOT NULL,"
                            + " CONSTRAINT tag_parent FOREIGN KEY (parent) REFERENCES author (id) ON DELETE CASCADE)",
                    trigger(postgres));
            pair.run(
                    Side.NEW,
                    "CREATE TABLE tag (word " + blind + " PRIMARY KEY, parent BIGINT, weight INT,"
                            + " CONSTRAINT tag_parent FOREIGN KEY (parent) REFERENCES author (id))");
            assertThat(run(pair, "check")).isEqualTo(ExitCode.DIFFERENCES);
            assertThat(out.toString())
                    .contains("PROBLEM collations   tag: word is part of a unique key and compared otherwise")
                    .contains("PROBLEM dependants   tag: the foreign key (parent) to author cascades on old only")
                    .contains("PROBLEM dependants   tag: it has triggers on old only")
                    .contains("note    types        tag: weight takes 16 bits on old and 32 on new")
                    .contains("note    rules        tag: weight may be NULL on new only");
        }
    }

    @Test
    void check_namesTablesWhoseEngineHasNoTransactions() throws Exception {
        try (Pair pair = pair("mariadb", "mariadb", AUTHOR)) {
            pair.run(Side.OLD, "CREATE TABLE hit (id BIGINT PRIMARY KEY) ENGINE=MyISAM");
            pair.run(Side.NEW, "CREATE TABLE hit (id BIGINT PRIMARY KEY)");
            assertThat(run(pair, "check")).isEqualTo(ExitCode.DIFFERENCES);
            assertThat(out.toString())
                    .contains("PROBLEM engines      hit: its engine on old has no transactions")
                    .contains("ALTER TABLE hit ENGINE=InnoDB on old");
        }
    }

    /** A noon that the application has written to both sides by its own zone; the copier reads it by each server's. */
    @Test
    void zonesOfTwoMariaDbsDiffer_checkNamesThem_andRunsSayWhatTheyMayDo() throws Exception {
        String events = "CREATE TABLE event (id BIGINT PRIMARY KEY, at TIMESTAMP NULL, day DATETIME)";
        String noon = "INSERT INTO event VALUES (1, FROM_UNIXTIME(1768478400), NULL)";
        try (Pair pair = pair("mariadb", "mariadb", AUTHOR, events, noon)) {
            assertThat(run(pair, "check")).as(out.toString()).isEqualTo(ExitCode.FINE);
            pair.with(Side.NEW, "sessionVariables=time_zone='+05:00'");
            assertThat(run(pair, "check")).isEqualTo(ExitCode.DIFFERENCES);
            assertThat(out.toString())
                    .contains(
                            "PROBLEM time zones   event: at is an instant (TIMESTAMP), which a session shows by another")
                    .contains("sessionVariables=time_zone='+00:00'")
                    .doesNotContain("time zones   author");
            run(pair, "verify");
            assertThat(out.toString())
                    .contains("Table event holds instants (TIMESTAMP), which a session shows by another");
            pair.with(Side.OLD, "sessionVariables=time_zone='+05:00'");
            assertThat(run(pair, "check")).as(out.toString()).isEqualTo(ExitCode.FINE);
            assertThat(run(pair, "verify")).as(out.toString()).isEqualTo(ExitCode.FINE);
            assertThat(out.toString()).doesNotContain("instants");
        }
    }

    @Test
    void check_namesColumnsThatMayNameLargeObjects() throws Exception {
        try (Pair pair = pair("postgres", "postgres", AUTHOR)) {
            for (Side side : Side.values()) {
                pair.run(side, "CREATE TABLE cover (id BIGINT PRIMARY KEY, picture OID)");
            }
            assertThat(run(pair, "check")).isEqualTo(ExitCode.DIFFERENCES);
            assertThat(out.toString())
                    .contains("PROBLEM types        cover: picture is oid on old: where it names a large object");
        }
    }

    /** Rows that a policy hides would be neither copied nor missed. */
    @Test
    void policiesHideRows_checkNamesTheTable_andNothingCopiesOrComparesHalfOfIt() throws Exception {
        try (Pair pair = pair("postgres", "postgres", AUTHOR)) {
            String user = "tenant_of_" + pair.name(Side.OLD);
            pair.run(
                    Side.OLD,
                    "CREATE ROLE " + user + " LOGIN PASSWORD 'x' IN ROLE pg_read_all_stats",
                    "INSERT INTO author VALUES (1, 'seen', now()), (2, 'hidden', now())",
                    "GRANT ALL ON ALL TABLES IN SCHEMA public TO " + user,
                    "ALTER TABLE author ENABLE ROW LEVEL SECURITY",
                    "CREATE POLICY one ON author USING (id = 1)");
            pair.set("old.user", user).set("old.password", "x");
            assertThat(run(pair, "check")).isEqualTo(ExitCode.DIFFERENCES);
            assertThat(out.toString())
                    .contains("PROBLEM rights       author: policies of row-level security on old may hide rows")
                    .contains("BYPASSRLS");
            for (String command : List.of("copy", "verify")) {
                assertThat(run(pair, command)).as(command).isNotEqualTo(ExitCode.FINE);
                assertThat(out.toString()).as(command).contains("row-level security");
            }
            pair.run(Side.OLD, "ALTER ROLE " + user + " BYPASSRLS");
            assertThat(run(pair, "check")).as(out.toString()).isEqualTo(ExitCode.FINE);
            assertThat(run(pair, "copy")).as(out.toString()).isEqualTo(ExitCode.FINE);
            assertThat(run(pair, "verify")).as(out.toString()).isEqualTo(ExitCode.FINE);
        }
    }

    /** A query of the parent gives its heirs' rows as well. */
    @Test
    void copyOfTablesThatInherit_readsAndWritesEachOnesOwnRows() throws Exception {
        try (Pair pair = pair(
                "postgres",
                "postgres",
                "CREATE TABLE measurement (id BIGINT PRIMARY KEY, v INT, updated_at {ts} NOT NULL)",
                "CREATE TABLE measurement_2025 (PRIMARY KEY (id)) INHERITS (measurement)")) {
            pair.run(
                    Side.OLD,
                    "INSERT INTO measurement VALUES (1, 1, now())",
                    "INSERT INTO measurement_2025 VALUES (9, 1, now())");
            pair.run(Side.NEW, "INSERT INTO measurement_2025 VALUES (8, 1, now())");
            assertThat(run(pair, "copy")).as(out.toString()).isEqualTo(ExitCode.FINE);
            assertThat(run(pair, "verify")).as(out.toString()).isEqualTo(ExitCode.FINE);
            assertThat(pair.rows(Side.NEW, "SELECT id FROM ONLY measurement")).containsExactly("1");
            assertThat(pair.rows(Side.NEW, "SELECT id FROM measurement ORDER BY id"))
                    .containsExactly("1", "9");
        }
    }

    private static String trigger(boolean postgres) {
        return postgres
                ? "CREATE FUNCTION noted() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;"
                        + " CREATE TRIGGER tag_noted BEFORE INSERT ON tag FOR EACH ROW EXECUTE FUNCTION noted()"
                : "CREATE TRIGGER tag_noted BEFORE INSERT ON tag FOR EACH ROW SET NEW.weight = NEW.weight + 0";
    }

    @ParameterizedTest
    @ValueSource(strings = {"postgres", "mariadb"})
    void check_namesTheRightsThatAreLacking(String vendor) throws Exception {
        boolean postgres = vendor.equals("postgres");
        try (Pair pair = pair(vendor, vendor, AUTHOR)) {
            String user = "reader_of_" + pair.name(Side.OLD);
            pair.run(
                    Side.OLD,
                    postgres
                            ? "CREATE ROLE " + user + " LOGIN PASSWORD 'x'"
                            : "CREATE USER " + user + "@'%' IDENTIFIED BY 'x'",
                    "GRANT SELECT, UPDATE ON author TO " + user + (postgres ? "" : "@'%'"),
                    "DROP TABLE dualwrite_phase",
                    postgres ? "REVOKE CREATE ON SCHEMA public FROM PUBLIC" : "FLUSH PRIVILEGES");
            pair.set("old.user", user).set("old.password", "x");
            assertThat(run(pair, "check")).isEqualTo(ExitCode.DIFFERENCES);
            assertThat(out.toString())
                    .contains("PROBLEM rights       author: the user on old lacks INSERT, DELETE")
                    .contains("the user on old may not make the dualwrite_* tables")
                    .contains(
                            postgres
                                    ? "note    rights       the user on old sees only its own sessions' transactions"
                                    : "PROBLEM rights       an incremental copy from old cannot know what is still open");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"postgres", "mariadb"})
    void manifest_proposesByStatements(String vendor) throws Exception {
        try (Pair pair =
                pair(vendor, vendor, AUTHOR, TITLE, "CREATE TABLE best (title BIGINT PRIMARY KEY, place INT)")) {
            Path log = Files.write(
                    directory.resolve("statements.sql"),
                    List.of(
                            "UPDATE author SET name = 'x' WHERE id = 1;",
                            "INSERT INTO best SELECT id, COUNT(*) FROM title GROUP BY id;"));
            assertThat(run(pair, "manifest", "--statements", log.toString())).isEqualTo(ExitCode.FINE);
            assertThat(out.toString())
                    .contains("dataA = author, \\")
                    .contains("dataB = best")
                    .contains("# title - Data A: ")
                    .contains("points to author")
                    .contains("kB");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"postgres", "mariadb", "h2"})
    void retire_dropsItsOwnTables_onceNobodyIsThere(String vendor) throws Exception {
        try (Pair pair = pair(vendor, vendor, AUTHOR)) {
            pair.instance(Rung.NEW_ONLY, Phase.SIX);
            assertThat(run(pair, "retire", "--yes")).isEqualTo(ExitCode.USAGE);
            assertThat(out.toString()).contains("app-1 on NEW_ONLY");
            pair.run(Side.NEW, "UPDATE dualwrite_instance SET gone = 1");
            assertThat(run(pair, "retire", "--yes")).as(out.toString()).isEqualTo(ExitCode.FINE);
            for (Side side : Side.values()) {
                assertThat(pair.rows(
                                side,
                                "SELECT table_name FROM information_schema.tables WHERE LOWER(table_name) LIKE"
                                        + " 'dualwrite%' AND LOWER(table_schema) IN ('public', '" + pair.name(side)
                                        + "')"))
                        .isEmpty();
                assertThat(pair.rows(side, "SELECT COUNT(*) FROM author")).containsExactly("0");
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"postgres, mariadb", "mariadb, postgres", "h2, mariadb"})
    void copy_triesAgainWhatItCouldNotWrite_thoughTheWatermarkHasPassedIt(String old, String other) throws Exception {
        try (Pair pair = pair(old, other, AUTHOR).set("copy.skew", "0 ms")) {
            pair.run(
                    Side.OLD,
                    "INSERT INTO author (id, name, updated_at) VALUES (1, 'good', '2000-01-01 00:00:00')",
                    "INSERT INTO author (id, name, updated_at) VALUES (2, 'bad', '2000-01-01 00:00:00')");
            pair.run(Side.NEW, "ALTER TABLE author ADD CONSTRAINT poison CHECK (name <> 'bad')");
            pair.run(Side.NEW, "INSERT INTO author (id, name, updated_at) VALUES (2, 'stale', '1999-01-01 00:00:00')");
            assertThat(run(pair, "copy")).isEqualTo(ExitCode.DIFFERENCES);
            pair.run(Side.NEW, "ALTER TABLE author DROP CONSTRAINT poison");
            assertThat(run(pair, "copy")).as(out.toString()).isEqualTo(ExitCode.FINE);
            assertThat(pair.rows(Side.NEW, "SELECT id, name FROM author ORDER BY id"))
                    .containsExactly("1,good", "2,bad");
            assertThat(pair.rows(Side.NEW, "SELECT last_key FROM dualwrite_copy WHERE kind = 'left'"))
                    .isEmpty();
        }
    }
}
