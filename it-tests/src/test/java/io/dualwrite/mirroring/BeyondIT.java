package io.dualwrite.mirroring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dualwrite.ladder.Rung;
import io.dualwrite.ladder.Side;
import io.dualwrite.servers.SharedServers;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a server writes by itself behind a write, because a foreign key or a trigger says so (R25, R30). */
class BeyondIT {
    private static final List<String> ROWS = List.of(
            "SELECT id, name FROM author ORDER BY id",
            "SELECT id, author, title FROM book ORDER BY id",
            "SELECT id, book FROM note ORDER BY id");
    private static final String MARKED = "SELECT LOWER(table_name), row_key FROM dualwrite_mark WHERE seq >= 0";

    static Stream<Arguments> everywhere() {
        return Stream.of("h2", "postgres", "mariadb")
                .flatMap(vendor -> Stream.of(Rung.values()).filter(Rung::dual).map(rung -> Arguments.of(vendor, rung)));
    }

    /** Books go with their author and change with his key; notes outlive their book. */
    private static TwoSides sides(String vendor, Rung rung) throws Exception {
        return sides(vendor, rung, Map.of());
    }

    private static TwoSides sides(String vendor, Rung rung, Map<String, String> further) throws Exception {
        TwoSides sides =
                new TwoSides(SharedServers.of(vendor), SharedServers.of(vendor), "author, book, note", further);
        sides.prepare(
                "CREATE TABLE author (id INT PRIMARY KEY, name VARCHAR(50))",
                "CREATE TABLE book (id INT PRIMARY KEY, author INT, title VARCHAR(50), FOREIGN KEY (author)"
                        + " REFERENCES author (id) ON DELETE CASCADE ON UPDATE CASCADE)",
                "CREATE TABLE note (id INT PRIMARY KEY, book INT, FOREIGN KEY (book) REFERENCES book (id)"
                        + " ON DELETE SET NULL)",
                "INSERT INTO author VALUES (1, 'Ada')",
                "INSERT INTO author VALUES (2, 'Bea')",
                "INSERT INTO book VALUES (11, 1, 'first')",
                "INSERT INTO book VALUES (12, 1, 'second')",
                "INSERT INTO book VALUES (21, 2, 'third')",
                "INSERT INTO note VALUES (111, 11)");
        sides.standing.move(rung);
        return sides;
    }

    private static void assertEqual(TwoSides sides) throws SQLException {
        for (String rows : ROWS) {
            assertThat(sides.rows(Side.NEW, rows)).as(rows).isEqualTo(sides.rows(Side.OLD, rows));
        }
    }

    @ParameterizedTest
    @MethodSource("everywhere")
    void deleteOfAParent_takesItsChildrenOnBothSides_andMarksThemUntilTheSecondCommit(String vendor, Rung rung)
            throws Exception {
        try (TwoSides sides = sides(vendor, rung);
                Connection connection = sides.connect();
                Statement statement = connection.createStatement()) {
            assertThat(statement.executeUpdate("DELETE FROM author WHERE id = 1"))
                    .isEqualTo(1);
            sides.settle();
            assertThat(sides.rows(rung.authority(), MARKED))
                    .containsExactlyInAnyOrder("author|1", "book|null", "note|null");
            assertEqual(sides);
            assertThat(sides.rows(Side.NEW, ROWS.get(1))).containsExactly("21|2|third");
            assertThat(sides.rows(Side.NEW, ROWS.get(2))).containsExactly("111|null");
            for (Side side : Side.values()) {
                try (Connection bare = sides.bare(side)) {
                    sides.marks.clear(side, bare);
                }
                assertThat(sides.rows(side, MARKED)).isEmpty();
            }
            assertThat(statement.executeUpdate("UPDATE author SET name = 'Bee' WHERE id = 2"))
                    .isEqualTo(1);
            sides.settle();
            assertThat(sides.rows(rung.authority(), MARKED)).containsExactly("author|2");
        }
    }

    /** The children are those of the tenant, whatever lies at home under their names. */
    @ParameterizedTest
    @CsvSource({"h2, DUAL_READ_OLD", "postgres, DUAL_READ_OLD", "postgres, STRICT_READ_NEW", "postgres, DUAL_READ_NEW"})
    void deleteOfAParentElsewhere_marksItsChildrenThere(String vendor, Rung rung) throws Exception {
        try (TwoSides sides = sides(vendor, rung)) {
            for (Side side : Side.values()) {
                sides.on(
                        side,
                        List.of(
                                "CREATE SCHEMA tenant",
                                "CREATE TABLE tenant.author (id INT PRIMARY KEY, name VARCHAR(50))",
                                "CREATE TABLE tenant.book (id INT PRIMARY KEY, author INT, FOREIGN KEY (author)"
                                        + " REFERENCES tenant.author (id) ON DELETE CASCADE)",
                                "INSERT INTO tenant.author VALUES (1, 'Ada')"));
            }
            try (Connection connection = sides.connect();
                    Statement statement = connection.createStatement()) {
                statement.execute(vendor.equals("h2") ? "SET SCHEMA tenant" : "SET search_path = tenant");
                assertThat(statement.executeUpdate("DELETE FROM author WHERE id = 1"))
                        .isEqualTo(1);
            }
            sides.settle();
            assertThat(sides.rows(rung.authority(), MARKED))
                    .containsExactlyInAnyOrder("tenant.author|1", "tenant.book|null");
        }
    }

    @ParameterizedTest
    @MethodSource("everywhere")
    void keyOfAParent_isFollowedOnBothSides_orMarkedWithItsChildren(String vendor, Rung rung) throws Exception {
        try (TwoSides sides = sides(vendor, rung);
                Connection connection = sides.connect();
                Statement statement = connection.createStatement()) {
            String sql = "UPDATE author SET id = 7, name = 'Eve' WHERE id = 1";
            if (vendor.equals("mariadb") && rung.strict()) {
                assertThatThrownBy(() -> statement.executeUpdate(sql)).hasMessageContaining("changes key columns");
                return;
            }
            assertThat(statement.executeUpdate(sql)).isEqualTo(1);
            sides.settle();
            assertThat(sides.rows(rung.authority(), ROWS.get(1)))
                    .containsExactly("11|7|first", "12|7|second", "21|2|third");
            if (vendor.equals("mariadb")) {
                assertThat(sides.rows(rung.authority(), MARKED))
                        .containsExactlyInAnyOrder("author|null", "book|null", "note|null");
            } else {
                assertEqual(sides);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"h2, DUAL_READ_OLD", "postgres, DUAL_READ_OLD", "h2, STRICT_READ_OLD", "postgres, STRICT_READ_NEW"})
    void keysOfSeveralParents_areMarkedWithTheirChildren_orRefused(String vendor, Rung rung) throws Exception {
        try (TwoSides sides = sides(vendor, rung);
                Connection connection = sides.connect();
                Statement statement = connection.createStatement()) {
            String sql = "UPDATE author SET id = id + 100";
            if (rung.strict()) {
                assertThatThrownBy(() -> statement.executeUpdate(sql))
                        .hasMessageContaining("changed the keys of several");
                sides.settle();
                assertEqual(sides);
                assertThat(sides.rows(Side.OLD, ROWS.get(0))).containsExactly("1|Ada", "2|Bea");
                return;
            }
            assertThat(statement.executeUpdate(sql)).isEqualTo(2);
            sides.settle();
            assertThat(sides.rows(Side.OLD, MARKED)).contains("author|null", "book|null", "note|null");
        }
    }

    /** The children that went with it on old are still on new: they are accounted for. */
    @ParameterizedTest
    @ValueSource(strings = {"h2", "postgres", "mariadb"})
    void mirrorGivesUp_childrenAreMarkedToo(String vendor) throws Exception {
        try (TwoSides sides = sides(vendor, Rung.DUAL_READ_OLD);
                Connection blocker = sides.bare(Side.NEW);
                Connection connection = sides.connect();
                Statement statement = connection.createStatement()) {
            blocker.setAutoCommit(false);
            try (Statement locks = blocker.createStatement()) {
                locks.executeUpdate("UPDATE author SET name = 'held' WHERE id = 1");
                assertThat(statement.executeUpdate("DELETE FROM author WHERE id = 1"))
                        .isEqualTo(1);
            }
            sides.settle();
            blocker.rollback();
            assertThat(sides.rows(Side.OLD, MARKED)).containsExactlyInAnyOrder("author|1", "book|null", "note|null");
            assertThat(sides.rows(Side.NEW, ROWS.get(1))).hasSize(3);
        }
    }

    /** A statement of several tables is marked whole, and so is what goes with them. */
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "postgres; WITH gone AS (DELETE FROM author WHERE id = 1 RETURNING id) DELETE FROM author WHERE id = 2",
                "mariadb; DELETE author FROM author JOIN book ON book.author = author.id WHERE book.id = 11"
            })
    void statementOfUnknownRows_marksTheChildrenToo(String vendor, String sql) throws Exception {
        try (TwoSides sides = sides(vendor, Rung.DUAL_READ_OLD);
                Connection connection = sides.connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
            sides.settle();
            assertThat(sides.rows(Side.OLD, MARKED)).contains("author|null", "book|null", "note|null");
        }
    }

    /** Where nothing is declared a trigger may write anywhere. */
    @ParameterizedTest
    @CsvSource({
        "postgres, , *|null",
        "mariadb, , *|null",
        "postgres, routine.annotate = reads, ",
        "mariadb, routine.annotates = reads, ",
        "postgres, routine.annotates = writes note, note|null",
        "mariadb, routine.annotates = writes note, note|null",
        "postgres, routine.annotate = writes derived_notes, "
    })
    void trigger_marksWhatItMayWrite(String vendor, @Nullable String declared, @Nullable String marked)
            throws Exception {
        String[] words = declared == null ? new String[0] : declared.split(" = ");
        Map<String, String> further = declared == null ? Map.of() : Map.of(words[0], words[1]);
        try (TwoSides sides = sides(vendor, Rung.OLD_ONLY, further)) {
            for (Side side : Side.values()) {
                sides.on(side, trigger(vendor));
            }
            sides.standing.move(Rung.DUAL_READ_OLD);
            try (Connection connection = sides.connect();
                    Statement statement = connection.createStatement()) {
                statement.executeUpdate("UPDATE author SET name = 'Eve' WHERE id = 1");
            }
            sides.settle();
            assertEqual(sides);
            assertThat(sides.rows(Side.NEW, ROWS.get(2))).containsExactly("1|null", "111|11");
            List<String> expected = new ArrayList<>(List.of("author|1"));
            if (marked != null) {
                expected.add(marked);
            }
            assertThat(sides.rows(Side.OLD, MARKED)).containsExactlyInAnyOrderElementsOf(expected);
        }
    }

    private static List<String> trigger(String vendor) {
        return vendor.equals("postgres")
                ? List.of(
                        "CREATE FUNCTION annotate() RETURNS TRIGGER LANGUAGE plpgsql AS"
                                + " 'BEGIN INSERT INTO note VALUES (NEW.id, NULL); RETURN NEW; END'",
                        "CREATE TRIGGER annotates AFTER UPDATE ON author FOR EACH ROW EXECUTE FUNCTION annotate()")
                : List.of("CREATE TRIGGER annotates AFTER UPDATE ON author FOR EACH ROW"
                        + " INSERT INTO note VALUES (NEW.id, NULL)");
    }

    /** An invoice's number is given by a default that counts. */
    private static TwoSides counted(String vendor, Rung rung, Map<String, String> further) throws Exception {
        TwoSides sides = new TwoSides(
                SharedServers.of(vendor), SharedServers.secondOf(vendor), "invoice, counters, plain", further);
        boolean h2 = vendor.equals("h2");
        sides.prepare(
                "CREATE TABLE counters (id INT PRIMARY KEY, n BIGINT)",
                "INSERT INTO counters VALUES (1, 100)",
                h2
                        ? "CREATE ALIAS next_invoice_no FOR '" + Own.class.getName() + ".next'"
                        : "CREATE FUNCTION next_invoice_no() RETURNS BIGINT LANGUAGE sql AS"
                                + " 'UPDATE counters SET n = n + 1 RETURNING n'",
                h2 ? "CREATE DOMAIN number AS BIGINT" : "CREATE DOMAIN number AS BIGINT DEFAULT next_invoice_no()",
                h2
                        ? "CREATE TABLE invoice (id INT PRIMARY KEY, invoice_no BIGINT DEFAULT next_invoice_no(),"
                                + " customer VARCHAR(20))"
                        : "CREATE TABLE invoice (id INT PRIMARY KEY, invoice_no number, customer VARCHAR(20))",
                h2
                        ? "CREATE TABLE plain (id INT PRIMARY KEY, at TIMESTAMP DEFAULT NOW(), tag UUID DEFAULT RANDOM_UUID())"
                        : "CREATE TABLE plain (id SERIAL PRIMARY KEY, at TIMESTAMP DEFAULT clock_timestamp(), tag UUID DEFAULT"
                                + " gen_random_uuid(), share FLOAT DEFAULT random())");
        sides.standing.move(rung);
        return sides;
    }

    static Stream<Arguments> whereFunctionsAreDefaults() {
        return everywhere().filter(arguments -> !arguments.get()[0].equals("mariadb"));
    }

    /** The function runs on one side alone, so that what it writes stays marked when both have committed. */
    @ParameterizedTest
    @MethodSource("whereFunctionsAreDefaults")
    void defaultThatWrites_isMarkedForGood_orRefused(String vendor, Rung rung) throws Exception {
        for (String declared : List.of("", "writes counters")) {
            Map<String, String> further = declared.isEmpty() ? Map.of() : Map.of("routine.next_invoice_no", declared);
            try (TwoSides sides = counted(vendor, rung, further);
                    Connection connection = sides.connect();
                    Statement statement = connection.createStatement()) {
                for (String sql : List.of(
                        "INSERT INTO invoice (id, customer) VALUES (1, 'Ada')",
                        "INSERT INTO invoice (id, invoice_no) VALUES (2, DEFAULT)")) {
                    if (rung.strict()) {
                        assertThatThrownBy(() -> statement.executeUpdate(sql))
                                .isInstanceOf(SQLFeatureNotSupportedException.class)
                                .hasMessageContaining("next_invoice_no");
                    } else {
                        assertThat(statement.executeUpdate(sql)).isEqualTo(1);
                    }
                }
                sides.sweep();
                if (!rung.strict()) {
                    assertThat(sides.rows(rung.authority(), "SELECT n FROM counters"))
                            .containsExactly("102");
                    assertThat(sides.rows(rung.authority(), "SELECT invoice_no FROM invoice ORDER BY id"))
                            .containsExactly("101", "102");
                    assertThat(sides.rows(rung.authority(), MARKED))
                            .contains(declared.isEmpty() ? "*|null" : "counters|null");
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("whereFunctionsAreDefaults")
    void defaultsThatWriteNothing_orAreNotUsed_areMirrored(String vendor, Rung rung) throws Exception {
        for (String use : List.of("(id, invoice_no) VALUES (1, 7)", "(id) VALUES (1)")) {
            Map<String, String> further =
                    use.startsWith("(id)") ? Map.of("routine.next_invoice_no", "reads") : Map.of();
            try (TwoSides sides = counted(vendor, rung, further)) {
                try (Connection connection = sides.connect()) {
                    TwoSides.execute(connection, "INSERT INTO plain (id) VALUES (1)");
                    TwoSides.execute(connection, "INSERT INTO invoice " + use);
                    TwoSides.execute(connection, "UPDATE invoice SET customer = 'Bea'");
                    TwoSides.execute(connection, "DELETE FROM invoice WHERE id = 2");
                }
                sides.sweep();
                for (Side side : Side.values()) {
                    assertThat(sides.rows(side, MARKED)).isEmpty();
                }
                assertThat(sides.rows(Side.NEW, "SELECT * FROM invoice"))
                        .hasSize(1)
                        .isEqualTo(sides.rows(Side.OLD, "SELECT * FROM invoice"));
            }
        }
    }

    /** What {@code CREATE ALIAS} of H2's names. */
    public static final class Own {
        private Own() {}

        public static long next(Connection session) throws SQLException {
            TwoSides.execute(session, "UPDATE counters SET n = n + 1");
            try (Statement statement = session.createStatement()) {
                return Long.parseLong(TwoSides.texts(statement.executeQuery("SELECT n FROM counters"))
                        .get(0));
            }
        }
    }
}
