package io.dualwrite.mirroring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dualwrite.ladder.Rung;
import io.dualwrite.ladder.Side;
import io.dualwrite.servers.SharedServers;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.h2.api.Trigger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.PGConnection;

/** What a server does with one statement, where the other side gets its rows one after the other: the rows agree, or are marked (R25, R30). */
class RowByRowIT {
    private static final String TABLES =
            "item, invoice, counter, parent, child, customer, orders, category, measurement*";
    private static final String MARKED =
            "SELECT DISTINCT LOWER(table_name), row_key FROM dualwrite_mark WHERE seq >= 0 ORDER BY 1, 2";

    private static TwoSides sides(String vendor, String... statements) throws Exception {
        TwoSides sides = new TwoSides(SharedServers.of(vendor), SharedServers.of(vendor), TABLES);
        sides.prepare(statements);
        return sides;
    }

    static Stream<Arguments> onAll() {
        return Stream.of("postgres", "mariadb", "h2")
                .flatMap(vendor -> TwoSides.dual().map(rung -> Arguments.of(vendor, rung)));
    }

    static Stream<Arguments> onServers() {
        return onAll().filter(arguments -> !arguments.get()[0].equals("h2"));
    }

    private static void assertSame(TwoSides sides, String query, String... rows) throws SQLException {
        for (Side side : Side.values()) {
            assertThat(sides.rows(side, query)).as("%s", side).containsExactly(rows);
        }
    }

    private static void assertNoMarks(TwoSides sides) throws SQLException {
        sides.sweep();
        for (Side side : Side.values()) {
            assertThat(sides.rows(side, MARKED)).as("marks on %s", side).isEmpty();
        }
    }

    /** As it was done before there was ON CONFLICT: it lets no row in whose key is there. */
    @ParameterizedTest
    @MethodSource("io.dualwrite.mirroring.TwoSides#dual")
    void triggerLeavesOutInsertsOfRowsThatAreThere_updatesArrive(Rung rung) throws Exception {
        try (TwoSides sides = sides(
                "postgres",
                "CREATE TABLE item (id INT PRIMARY KEY, price INT)",
                "INSERT INTO item VALUES (1, 1), (2, 2)",
                "CREATE FUNCTION once() RETURNS TRIGGER LANGUAGE plpgsql AS 'BEGIN IF EXISTS (SELECT 1 FROM item WHERE"
                        + " id = NEW.id) THEN RETURN NULL; END IF; RETURN NEW; END'",
                "CREATE TRIGGER once BEFORE INSERT ON item FOR EACH ROW EXECUTE FUNCTION once()")) {
            sides.standing.move(rung);
            try (Connection connection = sides.connect()) {
                TwoSides.execute(connection, "UPDATE item SET price = 9 WHERE id = 1");
                connection.setAutoCommit(false);
                TwoSides.execute(connection, "UPDATE item SET price = 8 WHERE id = 2");
                TwoSides.execute(connection, "UPDATE item SET price = 7 WHERE id = 2");
                connection.commit();
            }
            assertNoMarks(sides);
            assertSame(sides, "SELECT id, price FROM item ORDER BY id", "1|9", "2|7");
        }
    }

    @ParameterizedTest
    @MethodSource("onServers")
    void triggerOfInsertsCounts_updatesDoNotCount(String vendor, Rung rung) throws Exception {
        boolean postgres = vendor.equals("postgres");
        try (TwoSides sides = sides(
                vendor,
                "CREATE TABLE invoice (id INT PRIMARY KEY, paid INT)",
                "CREATE TABLE counter (id INT PRIMARY KEY, n INT)",
                "INSERT INTO invoice VALUES (1, 0)",
                "INSERT INTO counter VALUES (1, 0)",
                postgres
                        ? "CREATE FUNCTION counting() RETURNS TRIGGER LANGUAGE plpgsql AS"
                                + " 'BEGIN UPDATE counter SET n = n + 1; RETURN NEW; END'"
                        : "CREATE TRIGGER counting BEFORE INSERT ON invoice FOR EACH ROW UPDATE counter SET n = n + 1",
                postgres
                        ? "CREATE TRIGGER counting BEFORE INSERT ON invoice FOR EACH ROW EXECUTE FUNCTION counting()"
                        : "DO 0")) {
            sides.standing.move(rung);
            try (Connection connection = sides.connect()) {
                TwoSides.execute(connection, "UPDATE invoice SET paid = 1 WHERE id = 1");
                TwoSides.execute(connection, "INSERT INTO invoice VALUES (2, 0)");
                TwoSides.execute(connection, "UPDATE invoice SET paid = paid + 1 WHERE id = 2");
            }
            assertNoMarks(sides);
            assertSame(sides, "SELECT id, paid FROM invoice ORDER BY id", "1|1", "2|1");
            assertSame(sides, "SELECT n FROM counter", "1");
        }
    }

    @ParameterizedTest
    @CsvSource({"CASCADE, 0", "SET NULL, 0", "RESTRICT, 1"})
    void replaceDeletesWhatOthersReferTo_theyAreMarkedToo(String rule, int children) throws Exception {
        for (Rung rung : TwoSides.dual().toList()) {
            try (TwoSides sides = sides(
                    "mariadb",
                    "CREATE TABLE parent (id INT PRIMARY KEY, a INT)",
                    "CREATE TABLE child (id INT PRIMARY KEY, parent INT, FOREIGN KEY (parent) REFERENCES parent (id)"
                            + " ON DELETE " + rule + ")",
                    "INSERT INTO parent VALUES (1, 1), (2, 2)",
                    "INSERT INTO child VALUES (10, 1)")) {
                sides.standing.move(rung);
                String replace = "REPLACE INTO parent VALUES (1, 5)";
                try (Connection connection = sides.connect()) {
                    if (rule.equals("RESTRICT")) {
                        TwoSides.execute(connection, "REPLACE INTO parent VALUES (2, 5)");
                        assertThatThrownBy(() -> TwoSides.execute(connection, replace))
                                .isInstanceOf(SQLException.class);
                    } else if (rung.strict()) {
                        assertThatThrownBy(() -> TwoSides.execute(connection, replace))
                                .hasMessageContaining("REPLACE deletes");
                    } else {
                        TwoSides.execute(connection, replace);
                    }
                }
                sides.sweep();
                if (rule.equals("RESTRICT") || rung.strict()) {
                    assertThat(sides.rows(rung.authority(), MARKED))
                            .as("%s", rung)
                            .isEmpty();
                    assertThat(sides.rows(Side.OLD, "SELECT * FROM child"))
                            .isEqualTo(sides.rows(Side.NEW, "SELECT * FROM child"));
                } else {
                    assertThat(sides.rows(rung.authority(), "SELECT id FROM child WHERE parent = 1"))
                            .hasSize(children);
                    assertThat(sides.rows(rung.authority(), MARKED))
                            .as("%s", rung)
                            .containsExactly("child|null", "parent|null");
                }
            }
        }
    }

    /** RETURNING gives the rows too that the server then leaves, because others refer to them. */
    @ParameterizedTest
    @MethodSource("io.dualwrite.mirroring.TwoSides#dual")
    void deleteIgnores_theCountIsTheServers_andTheTableIsMarked(Rung rung) throws Exception {
        try (TwoSides sides = sides(
                "mariadb",
                "CREATE TABLE customer (id INT PRIMARY KEY)",
                "CREATE TABLE orders (id INT PRIMARY KEY, customer INT, FOREIGN KEY (customer) REFERENCES customer (id))",
                "INSERT INTO customer VALUES (1), (2)",
                "INSERT INTO orders VALUES (10, 1)")) {
            sides.standing.move(rung);
            try (Connection connection = sides.connect();
                    Statement statement = connection.createStatement()) {
                if (rung.strict()) {
                    assertThatThrownBy(() -> statement.executeUpdate("DELETE IGNORE FROM customer"))
                            .isInstanceOf(SQLException.class);
                } else {
                    assertThat(statement.executeUpdate("DELETE IGNORE FROM customer"))
                            .isEqualTo(1);
                }
            }
            sides.sweep();
            assertThat(sides.rows(rung.authority(), MARKED))
                    .isEqualTo(rung.strict() ? List.of() : List.of("customer|null"));
        }
    }

    static Stream<Arguments> families() {
        return onAll().flatMap(arguments -> Stream.of("NO ACTION", "CASCADE")
                .map(rule -> Arguments.of(arguments.get()[0], arguments.get()[1], rule)));
    }

    /** PostgreSQL looks at the foreign key when the statement has ended, MariaDB at each row, H2 at each row that is inserted. */
    @ParameterizedTest
    @MethodSource("families")
    void tableRefersToItself_parentsAndChildrenComeAndGoTogether(String vendor, Rung rung, String rule)
            throws Exception {
        try (TwoSides sides = sides(
                vendor,
                "CREATE TABLE category (id INT PRIMARY KEY, parent INT, tenant INT, FOREIGN KEY (parent) REFERENCES"
                        + " category (id) ON DELETE " + rule + ")",
                "INSERT INTO category VALUES (1, NULL, 7)",
                "INSERT INTO category VALUES (2, 1, 7), (3, 2, 7), (4, 1, 8)",
                "UPDATE category SET parent = NULL WHERE id = 4")) {
            sides.standing.move(rung);
            try (Connection connection = sides.connect()) {
                boolean perRow = vendor.equals("mariadb");
                TwoSides.execute(
                        connection,
                        "INSERT INTO category VALUES "
                                + (vendor.equals("postgres")
                                        ? "(7, 6, 9), (6, 5, 9), (5, NULL, 9)"
                                        : "(5, NULL, 9), (6, 5, 9), (7, 6, 9)"));
                TwoSides.execute(
                        connection, "DELETE FROM category WHERE tenant = 7" + (perRow ? " ORDER BY id DESC" : ""));
            }
            assertNoMarks(sides);
            assertSame(sides, "SELECT id, parent FROM category ORDER BY id", "4|null", "5|null", "6|5", "7|6");
        }
    }

    @ParameterizedTest
    @MethodSource("io.dualwrite.mirroring.TwoSides#dual")
    void parentOfInheritance_itsOwnRowsAreRead_andWritesOfItsHeirsMarkAll(Rung rung) throws Exception {
        try (TwoSides sides = sides(
                "postgres",
                "CREATE TABLE measurement (id INT PRIMARY KEY, v INT)",
                "CREATE TABLE measurement_2025 (PRIMARY KEY (id)) INHERITS (measurement)",
                "INSERT INTO measurement VALUES (1, 1)",
                "INSERT INTO measurement_2025 VALUES (9, 1)")) {
            sides.standing.move(rung);
            try (Connection connection = sides.connect()) {
                TwoSides.execute(connection, "INSERT INTO measurement VALUES (2, 2)");
                TwoSides.execute(connection, "UPDATE measurement_2025 SET v = 2 WHERE id = 9");
                assertNoMarks(sides);
                assertSame(sides, "SELECT id, v FROM measurement ORDER BY id", "1|1", "2|2", "9|2");
                if (rung.strict()) {
                    assertThatThrownBy(() -> TwoSides.execute(connection, "UPDATE measurement SET v = 3"))
                            .hasMessageContaining("inherit");
                } else {
                    TwoSides.execute(connection, "UPDATE measurement SET v = 3");
                }
            }
            sides.sweep();
            assertThat(sides.rows(rung.authority(), MARKED)).isEqualTo(rung.strict() ? List.of() : List.of("*|null"));
            assertThat(sides.rows(rung.mirror(), "SELECT id, v FROM measurement ORDER BY id"))
                    .containsExactly("1|1", "2|2", "9|2");
        }
    }

    /** Unquoted names are in lower case. */
    @ParameterizedTest
    @MethodSource("io.dualwrite.mirroring.TwoSides#dual")
    void tablesDifferInCaseAlone_theOneThatTheServerMeansIsMirrored(Rung rung) throws Exception {
        try (TwoSides sides = sides(
                "postgres",
                "CREATE TABLE orders (id INT PRIMARY KEY)",
                "CREATE TABLE \"Orders\" (id INT PRIMARY KEY)")) {
            sides.standing.move(rung);
            try (Connection connection = sides.connect()) {
                TwoSides.execute(connection, "INSERT INTO Orders VALUES (1)");
                TwoSides.execute(connection, "INSERT INTO \"Orders\" VALUES (2)");
            }
            assertNoMarks(sides);
            assertSame(sides, "SELECT id FROM orders", "1");
            assertSame(sides, "SELECT id FROM \"Orders\"", "2");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ctid", "xmin"})
    void rowIsFoundByWhereNewKeepsIt_writeThatRunsOnOldIsRefused(String address) throws Exception {
        try (TwoSides sides = sides("postgres", "CREATE TABLE item (id INT PRIMARY KEY, n INT)")) {
            sides.on(Side.OLD, List.of("INSERT INTO item VALUES (1, 0), (2, 0)"));
            sides.on(Side.NEW, List.of("INSERT INTO item VALUES (2, 0), (1, 0)"));
            sides.standing.move(Rung.STRICT_READ_NEW);
            try (Connection connection = sides.connect();
                    PreparedStatement update = connection.prepareStatement(
                            "UPDATE item SET n = 1 WHERE " + address + "::text = ? AND n = 0")) {
                update.setString(1, "(0,1)");
                assertThatThrownBy(update::executeUpdate).hasMessageContaining("address of a row");
                TwoSides.execute(
                        connection, "DELETE FROM item WHERE ctid IN (SELECT ctid FROM item WHERE id = 2 LIMIT 10)");
            }
            assertNoMarks(sides);
            assertSame(sides, "SELECT id, n FROM item", "1|0");
        }
    }

    /** Who listens may be connected to either side. */
    @Test
    void notification_reachesBothDatabases() throws Exception {
        for (Rung rung : TwoSides.dual().toList()) {
            try (TwoSides sides = sides("postgres", "CREATE TABLE item (id INT PRIMARY KEY)");
                    Connection onOld = sides.bare(Side.OLD);
                    Connection onNew = sides.bare(Side.NEW)) {
                for (Connection listener : List.of(onOld, onNew)) {
                    TwoSides.execute(listener, "LISTEN news");
                }
                sides.standing.move(rung);
                try (Connection connection = sides.connect()) {
                    TwoSides.execute(connection, "NOTIFY news, 'alone'");
                    connection.setAutoCommit(false);
                    TwoSides.execute(connection, "INSERT INTO item VALUES (1)");
                    try (Statement statement = connection.createStatement();
                            ResultSet row = statement.executeQuery("SELECT pg_notify('news', 'within')")) {
                        assertThat(row.next()).isTrue();
                    }
                    connection.commit();
                    TwoSides.execute(connection, "NOTIFY news, 'never'");
                    connection.rollback();
                }
                assertNoMarks(sides);
                for (Connection listener : List.of(onOld, onNew)) {
                    List<String> heard = new ArrayList<>();
                    for (var notification : listener.unwrap(PGConnection.class).getNotifications(2_000)) {
                        heard.add(notification.getParameter());
                    }
                    if (heard.size() < 2) {
                        for (var notification :
                                listener.unwrap(PGConnection.class).getNotifications(2_000)) {
                            heard.add(notification.getParameter());
                        }
                    }
                    assertThat(heard)
                            .as("%s on %s", rung, listener == onOld ? Side.OLD : Side.NEW)
                            .containsExactly("alone", "within");
                }
            }
        }
    }

    /** By the values of their keys 1 would be the parent of 3. */
    @ParameterizedTest
    @MethodSource("onAll")
    void tableRefersToItselfByAnotherKey_rowsComeAndGoAsTheyCame(String vendor, Rung rung) throws Exception {
        try (TwoSides sides = sides(
                vendor,
                "CREATE TABLE category (id INT PRIMARY KEY, code INT NOT NULL UNIQUE, parent_code INT,"
                        + " FOREIGN KEY (parent_code) REFERENCES category (code))")) {
            sides.standing.move(rung);
            try (Connection connection = sides.connect()) {
                TwoSides.execute(connection, "INSERT INTO category VALUES (5, 1, NULL), (6, 2, 1), (1, 3, 2)");
                assertNoMarks(sides);
                assertSame(sides, "SELECT id, parent_code FROM category ORDER BY id", "1|2", "5|null", "6|1");
                if (vendor.equals("mariadb")) {
                    TwoSides.execute(connection, "DELETE FROM category ORDER BY code DESC");
                    assertNoMarks(sides);
                    assertSame(sides, "SELECT id FROM category");
                }
            }
        }
    }

    /** PostgreSQL takes no such key for ON CONFLICT. */
    @ParameterizedTest
    @ValueSource(strings = {"PRIMARY KEY DEFERRABLE", "PRIMARY KEY DEFERRABLE INITIALLY DEFERRED", "UNIQUE DEFERRABLE"})
    void keyIsDeferrable_rowsArrive(String key) throws Exception {
        for (Rung rung : TwoSides.dual().toList()) {
            try (TwoSides sides = sides(
                    "postgres",
                    "CREATE TABLE item (id INT NOT NULL " + key + ", n INT)",
                    "INSERT INTO item VALUES (1, 1), (2, 2)")) {
                if (rung.reads() == Side.OLD) {
                    // As a copier has left it that has seen no DELETE; on old a row that is there refuses the write.
                    sides.on(Side.NEW, List.of("INSERT INTO item VALUES (4, 0)"));
                }
                sides.standing.move(rung);
                try (Connection connection = sides.connect()) {
                    TwoSides.execute(connection, "UPDATE item SET n = 9 WHERE id = 1");
                    connection.setAutoCommit(false);
                    TwoSides.execute(connection, "INSERT INTO item VALUES (3, 3)");
                    TwoSides.execute(connection, "INSERT INTO item VALUES (4, 4)");
                    TwoSides.execute(connection, "DELETE FROM item WHERE id = 2");
                    connection.commit();
                }
                assertNoMarks(sides);
                assertSame(sides, "SELECT id, n FROM item ORDER BY id", "1|9", "3|3", "4|4");
            }
        }
    }

    private static final List<String> BUMPING = List.of(
            "INSERT INTO item VALUES (3, 3), (4, 4)",
            "UPDATE item SET price = price + 1 WHERE id < 3",
            "UPDATE item SET price = 0 WHERE id = 99",
            "DELETE FROM item WHERE id IN (1, 2)");

    /** A version counts statements, of which the other side gets another number. */
    private static TwoSides bumped(String vendor, String on, Map<String, String> further) throws Exception {
        TwoSides sides = new TwoSides(SharedServers.of(vendor), SharedServers.of(vendor), TABLES, further);
        boolean h2 = vendor.equals("h2");
        sides.prepare(
                "CREATE TABLE item (id INT PRIMARY KEY, price INT)",
                "INSERT INTO item VALUES (1, 1), (2, 2)",
                "CREATE TABLE counter (n INT PRIMARY KEY)",
                "INSERT INTO counter VALUES (0)",
                h2
                        ? "CREATE TRIGGER bump AFTER " + on.replace(" OR ", ", ") + " ON item CALL '"
                                + Bump.class.getName() + "'"
                        : "CREATE FUNCTION bump_version() RETURNS TRIGGER LANGUAGE plpgsql AS"
                                + " 'BEGIN UPDATE counter SET n = n + 1; RETURN NULL; END'",
                h2
                        ? "SELECT 1"
                        : "CREATE TRIGGER bump AFTER " + on
                                + " ON item FOR EACH STATEMENT EXECUTE FUNCTION bump_version()");
        return sides;
    }

    static Stream<Arguments> whereTriggersAreOfStatements() {
        return onAll().filter(arguments -> !arguments.get()[0].equals("mariadb"));
    }

    @ParameterizedTest
    @MethodSource("whereTriggersAreOfStatements")
    void triggerOfTheStatement_isMarkedForGood_orRefused(String vendor, Rung rung) throws Exception {
        for (String declared : List.of("", "writes counter")) {
            try (TwoSides sides = bumped(
                    vendor,
                    "INSERT OR UPDATE OR DELETE",
                    declared.isEmpty() ? Map.of() : Map.of("routine.bump", declared))) {
                sides.standing.move(rung);
                try (Connection connection = sides.connect()) {
                    for (String sql : BUMPING) {
                        if (rung.strict()) {
                            assertThatThrownBy(() -> TwoSides.execute(connection, sql))
                                    .isInstanceOf(SQLFeatureNotSupportedException.class)
                                    .hasMessageContaining("runs for whole statements");
                        } else {
                            TwoSides.execute(connection, sql);
                        }
                    }
                }
                sides.sweep();
                if (!rung.strict()) {
                    assertThat(sides.rows(rung.authority(), "SELECT n FROM counter"))
                            .containsExactly("4");
                    assertThat(sides.rows(rung.authority(), "SELECT id, price FROM item ORDER BY id"))
                            .containsExactly("3|3", "4|4");
                    assertThat(sides.rows(rung.authority(), MARKED))
                            .contains(declared.isEmpty() ? "*|null" : "counter|null");
                }
            }
        }
    }

    /** No row of an INSERT or UPDATE is deleted on the other side, unless its key has changed. */
    @ParameterizedTest
    @MethodSource("whereTriggersAreOfStatements")
    void triggerOfTheStatement_thatCannotDiffer_leavesTheRowsMirrored(String vendor, Rung rung) throws Exception {
        for (String on : List.of("INSERT OR UPDATE OR DELETE", "DELETE")) {
            Map<String, String> further = on.equals("DELETE") ? Map.of() : Map.of("routine.bump", "reads");
            try (TwoSides sides = bumped(vendor, on, further)) {
                sides.standing.move(rung);
                try (Connection connection = sides.connect()) {
                    for (String sql : on.equals("DELETE") ? BUMPING.subList(0, 3) : BUMPING) {
                        TwoSides.execute(connection, sql);
                    }
                }
                assertNoMarks(sides);
                String kept = on.equals("DELETE") ? "4" : "2";
                assertSame(sides, "SELECT COUNT(*) FROM item", kept);
            }
        }
    }

    /** A partition's own triggers run for the rows that come to it by its parent; those that it has from the parent are one with them. */
    @ParameterizedTest
    @MethodSource("io.dualwrite.mirroring.TwoSides#dual")
    void triggerOfAPartition_isSeen(Rung rung) throws Exception {
        try (TwoSides sides = sides(
                "postgres",
                "CREATE TABLE measurement (id INT PRIMARY KEY, n INT) PARTITION BY RANGE (id)",
                "CREATE TABLE measurement_low PARTITION OF measurement FOR VALUES FROM (0) TO (100)",
                "CREATE TABLE measurement_high PARTITION OF measurement FOR VALUES FROM (100) TO (200) PARTITION BY RANGE (id)",
                "CREATE TABLE measurement_top PARTITION OF measurement_high FOR VALUES FROM (100) TO (200)",
                "CREATE TABLE item (id INT PRIMARY KEY, n INT)",
                "CREATE FUNCTION plain() RETURNS TRIGGER LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
                "CREATE TRIGGER plain BEFORE INSERT ON measurement FOR EACH ROW EXECUTE FUNCTION plain()",
                "CREATE FUNCTION divert() RETURNS TRIGGER LANGUAGE plpgsql AS"
                        + " 'BEGIN INSERT INTO item VALUES (NEW.id, NEW.n); RETURN NULL; END'",
                "CREATE TRIGGER divert BEFORE INSERT ON measurement_top FOR EACH ROW EXECUTE FUNCTION divert()",
                "CREATE TRIGGER late AFTER INSERT ON measurement_low FOR EACH STATEMENT EXECUTE FUNCTION divert()")) {
            sides.standing.move(rung);
            try (Connection connection = sides.connect()) {
                TwoSides.execute(connection, "INSERT INTO measurement VALUES (1, 1)");
                String diverted = "INSERT INTO measurement VALUES (101, 1)";
                if (rung.strict()) {
                    assertThatThrownBy(() -> TwoSides.execute(connection, diverted))
                            .isInstanceOf(SQLException.class)
                            .hasMessageContaining("rows left out");
                } else {
                    TwoSides.execute(connection, diverted);
                }
            }
            sides.sweep();
            assertSame(sides, "SELECT id FROM measurement", "1");
            if (!rung.strict()) {
                assertThat(sides.rows(rung.authority(), "SELECT id FROM item")).containsExactly("101");
                assertThat(sides.rows(rung.authority(), MARKED)).contains("*|null");
            }
        }
    }

    /** It has the parent's triggers of rows, also where it is written by its own name. */
    @ParameterizedTest
    @CsvSource({"DUAL_READ_OLD", "DUAL_READ_NEW"})
    void triggerOfAParent_isSeenOnThePartition(Rung rung) throws Exception {
        try (TwoSides sides = sides(
                "postgres",
                "CREATE TABLE measurement (id INT PRIMARY KEY, n INT) PARTITION BY RANGE (id)",
                "CREATE TABLE measurement_low PARTITION OF measurement FOR VALUES FROM (0) TO (100)",
                "CREATE FUNCTION keep_out() RETURNS TRIGGER LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
                "CREATE TRIGGER keep_out BEFORE INSERT ON measurement FOR EACH ROW EXECUTE FUNCTION keep_out()")) {
            sides.standing.move(rung);
            try (Connection connection = sides.connect()) {
                TwoSides.execute(connection, "INSERT INTO measurement_low VALUES (1, 1)");
            }
            sides.sweep();
            assertThat(sides.rows(rung.authority(), MARKED)).contains("*|null");
        }
    }

    /** A trigger of H2's that is one of the statement. */
    public static final class Bump implements Trigger {
        @Override
        public void fire(Connection session, Object[] before, Object[] after) throws SQLException {
            TwoSides.execute(session, "UPDATE counter SET n = n + 1");
        }
    }
}
