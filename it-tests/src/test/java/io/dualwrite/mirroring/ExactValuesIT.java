package io.dualwrite.mirroring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dualwrite.ladder.Rung;
import io.dualwrite.ladder.Side;
import io.dualwrite.servers.SharedServers;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Values that a driver, a server or a session's setting could turn into others on the way: they arrive as they are, or are marked. */
class ExactValuesIT {
    private static final String MARKS = "SELECT DISTINCT table_name, row_key FROM dualwrite_mark WHERE seq >= 0";
    /** After so many executions PostgreSQL's driver has prepared the statement on the server. */
    private static final int UNTIL_PREPARED_ON_THE_SERVER = 12;

    private static TwoSides sides(String oldVendor, String newVendor, String manifest) throws Exception {
        return new TwoSides(SharedServers.of(oldVendor), SharedServers.of(newVendor), manifest);
    }

    @ParameterizedTest
    @MethodSource("io.dualwrite.mirroring.TwoSides#dual")
    void statementIsPreparedOnTheServer_arraysAndTimesKeepTheirText(Rung rung) throws Exception {
        try (TwoSides sides = sides("postgres", "postgres", "slot")) {
            sides.prepare(
                    "CREATE TABLE slot (id INT PRIMARY KEY, n INT, opens TIMETZ, cells INT[], names TEXT[])",
                    "INSERT INTO slot VALUES (1, 0, '10:00:00+05', '[0:2]={1,2,3}', '{\"a b\",NULL,\"\"}')");
            sides.standing.move(rung);
            try (Connection connection = sides.connect();
                    PreparedStatement update = connection.prepareStatement("UPDATE slot SET n = ? WHERE id = 1")) {
                for (int i = 1; i <= UNTIL_PREPARED_ON_THE_SERVER; i++) {
                    update.setInt(1, i);
                    assertThat(update.executeUpdate()).isEqualTo(1);
                }
            }
            sides.sweep();
            for (Side side : Side.values()) {
                assertThat(sides.rows(side, "SELECT n, opens::text, cells::text, names::text FROM slot"))
                        .as("%s", side)
                        .containsExactly(
                                UNTIL_PREPARED_ON_THE_SERVER + "|10:00:00+05|[0:2]={1,2,3}|{\"a b\",NULL,\"\"}");
            }
            assertThat(sides.rows(rung.authority(), MARKS)).isEmpty();
        }
    }

    /** As text it would be what lc_monetary makes of it. */
    @ParameterizedTest
    @CsvSource({
        "postgres, MONEY, DUAL_READ_OLD",
        "postgres, MONEY, STRICT_READ_NEW",
        "postgres, MONEY, DUAL_READ_NEW",
        "mariadb, 'DECIMAL(19,2)', DUAL_READ_OLD",
        "mariadb, 'DECIMAL(19,2)', STRICT_NEW_FIRST",
        "mariadb, 'DECIMAL(19,2)', DUAL_READ_NEW"
    })
    void moneyIsMirroredAsANumber(String newVendor, String type, Rung rung) throws Exception {
        try (TwoSides sides = sides("postgres", newVendor, "item")) {
            sides.prepare();
            sides.on(Side.OLD, List.of("CREATE TABLE item (id INT PRIMARY KEY, price MONEY)"));
            sides.on(Side.NEW, List.of("CREATE TABLE item (id INT PRIMARY KEY, price " + type + ")"));
            sides.standing.move(rung);
            try (Connection connection = sides.connect()) {
                TwoSides.execute(connection, "INSERT INTO item VALUES (1, -1234.56), (2, NULL), (3, 7)");
                TwoSides.execute(connection, "UPDATE item SET price = price * 2 WHERE id = 3");
            }
            sides.sweep();
            for (Side side : Side.values()) {
                assertThat(sides.rows(side, "SELECT id, CAST(price AS DECIMAL(19,2)) FROM item ORDER BY id"))
                        .as("%s", side)
                        .containsExactly("1|-1234.56", "2|null", "3|14.00");
            }
            assertThat(sides.rows(rung.authority(), MARKS)).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("io.dualwrite.mirroring.TwoSides#dual")
    void moneyInAKey_findsItsRow(Rung rung) throws Exception {
        try (TwoSides sides = sides("postgres", "postgres", "item")) {
            sides.prepare(
                    "CREATE TABLE item (price MONEY PRIMARY KEY, name VARCHAR(9))",
                    "INSERT INTO item VALUES (1.5, 'a'), (2.5, 'b'), (3.5, 'c')");
            sides.standing.move(rung);
            try (Connection connection = sides.connect()) {
                TwoSides.execute(connection, "UPDATE item SET name = 'x' WHERE price = 1.5::money");
                TwoSides.execute(connection, "DELETE FROM item WHERE price = 2.5::money");
                TwoSides.execute(connection, "UPDATE item SET price = 4 WHERE price = 3.5::money");
                TwoSides.execute(connection, "INSERT INTO item VALUES (5, 'new')");
            }
            sides.sweep();
            for (Side side : Side.values()) {
                assertThat(sides.rows(side, "SELECT price::numeric, name FROM item ORDER BY price"))
                        .as("%s", side)
                        .containsExactly("1.50|x", "4.00|c", "5.00|new");
            }
            assertThat(sides.rows(rung.authority(), MARKS)).isEmpty();
        }
    }

    /** A server would round them without a word. */
    @ParameterizedTest
    @CsvSource({
        "postgres, postgres, 'NUMERIC(10,2)', 'NUMERIC(12,4)', 9.9950",
        "postgres, postgres, 'NUMERIC(10,2)', 'NUMERIC', 9.9950",
        "mariadb, postgres, 'DECIMAL(10,2)', 'NUMERIC(12,4)', 9.9950",
        "mariadb, mariadb, 'DECIMAL(10,2)', 'DECIMAL(12,4)', 9.9950",
        "h2, h2, 'NUMERIC(10,2)', 'NUMERIC(12,4)', 9.9950",
        "postgres, mariadb, 'DOUBLE PRECISION', 'DECIMAL(30,9)', 12345678901.123456789",
        "mariadb, postgres, 'DOUBLE', 'NUMERIC(30,9)', 12345678901.123456789",
        "h2, postgres, 'DOUBLE PRECISION', 'BIGINT', 9007199254740993",
        "mariadb, postgres, 'FLOAT', 'DOUBLE PRECISION', 9.1234567890123",
        "postgres, mariadb, 'REAL', 'INT', 123456789",
        "mariadb, h2, 'DOUBLE(10,2)', 'DOUBLE PRECISION', 9.995"
    })
    void moreDigitsThanTheMirrorKeeps_areMarked(
            String narrowVendor, String wideVendor, String narrow, String wide, String digits) throws Exception {
        String few = wide.endsWith("INT") ? "7" : "7.5";
        for (Rung rung : List.of(Rung.DUAL_READ_NEW, Rung.DUAL_READ_OLD)) {
            boolean up = rung.authority() == Side.OLD;
            String table = "CREATE TABLE item (id INT PRIMARY KEY, price %s)";
            try (TwoSides sides =
                    up ? sides(wideVendor, narrowVendor, "item") : sides(narrowVendor, wideVendor, "item")) {
                sides.prepare();
                sides.on(rung.mirror(), List.of(table.formatted(narrow), "INSERT INTO item VALUES (1, 1), (2, 2)"));
                sides.on(rung.authority(), List.of(table.formatted(wide), "INSERT INTO item VALUES (1, 1), (2, 2)"));
                sides.standing.move(rung);
                try (Connection connection = sides.connect()) {
                    TwoSides.execute(connection, "UPDATE item SET price = " + digits + " WHERE id = 1");
                    TwoSides.execute(connection, "UPDATE item SET price = " + few + " WHERE id = 2");
                }
                sides.sweep();
                assertThat(sides.rows(rung.authority(), MARKS)).as("%s", rung).containsExactly("item|1");
                assertThat(sides.rows(rung.mirror(), "SELECT id FROM item WHERE id = 2 AND price = " + few))
                        .containsExactly("2");
            }
        }
    }

    /** A session that lets values be cut to fit would hold others than the side that was written first. */
    @ParameterizedTest
    @CsvSource({"postgres, DUAL_READ_OLD", "mariadb, DUAL_READ_OLD", "h2, STRICT_READ_OLD"})
    void mirrorsSessionHasNoStrictMode_valuesThatDoNotFitAreRefused(String oldVendor, Rung rung) throws Exception {
        try (TwoSides sides = sides(oldVendor, "mariadb", "item")) {
            sides.prepare();
            sides.on(Side.OLD, List.of("CREATE TABLE item (id INT PRIMARY KEY, name VARCHAR(9))"));
            sides.on(Side.NEW, List.of("CREATE TABLE item (id INT PRIMARY KEY, name VARCHAR(3))"));
            for (Side side : Side.values()) {
                sides.on(side, List.of("INSERT INTO item VALUES (1, 'a'), (2, 'b')"));
            }
            sides.standing.move(rung);
            String url = sides.newUrl() + "?sessionVariables=sql_mode=''";
            try (Connection connection = sides.connectThrough(
                    side -> side == Side.NEW ? DriverManager.getConnection(url, "app", "app") : sides.bare(side))) {
                TwoSides.execute(connection, "UPDATE item SET name = 'fit' WHERE id = 2");
                write(connection, "UPDATE item SET name = 'too long' WHERE id = 1", rung);
                write(connection, "INSERT INTO item VALUES (3, 'too long')", rung);
            }
            sides.sweep();
            assertThat(sides.rows(Side.NEW, "SELECT id, name FROM item ORDER BY id"))
                    .containsExactly("1|a", "2|fit");
            assertThat(sides.rows(Side.OLD, MARKS))
                    .containsExactlyInAnyOrder(rung.strict() ? new String[0] : new String[] {"item|1", "item|3"});
        }
    }

    private static void write(Connection connection, String sql, Rung rung) throws SQLException {
        if (rung.strict()) {
            assertThatThrownBy(() -> TwoSides.execute(connection, sql))
                    .isInstanceOfSatisfying(SQLException.class, refused -> assertThat(refused.getSQLState())
                            .startsWith("40"));
        } else {
            TwoSides.execute(connection, sql);
        }
    }

    /** What old holds, new takes, though it would not let its own application write it. */
    @ParameterizedTest
    @ValueSource(strings = {"TRADITIONAL", "NO_ZERO_DATE,STRICT_TRANS_TABLES", ""})
    void mirrorsSessionRefusesZeroDates_thoseOfOldArrive(String mode) throws Exception {
        try (TwoSides sides = sides("mariadb", "mariadb", "item")) {
            sides.prepare(
                    "CREATE TABLE item (id INT PRIMARY KEY AUTO_INCREMENT, due DATE, at DATETIME)",
                    "INSERT INTO item VALUES (1, NULL, NULL)");
            sides.standing.move(Rung.DUAL_READ_OLD);
            String onOld = sides.oldUrl() + "?sessionVariables=sql_mode='NO_AUTO_VALUE_ON_ZERO'";
            String onNew = sides.newUrl() + "?sessionVariables=sql_mode='" + mode + "'";
            try (Connection connection = sides.connectThrough(
                    side -> DriverManager.getConnection(side == Side.NEW ? onNew : onOld, "app", "app"))) {
                TwoSides.execute(connection, "INSERT INTO item VALUES (0, '0000-00-00', '2026-00-31 01:02:03')");
                TwoSides.execute(connection, "UPDATE item SET due = '2026-05-00' WHERE id = 1");
            }
            sides.sweep();
            for (Side side : Side.values()) {
                assertThat(sides.rows(side, "SELECT id, CAST(due AS CHAR), CAST(at AS CHAR) FROM item ORDER BY id"))
                        .as("%s", side)
                        .containsExactly("0|0000-00-00|2026-00-31 01:02:03", "1|2026-05-00|null");
            }
            assertThat(sides.rows(Side.OLD, MARKS)).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({"postgres, DUAL_READ_OLD", "postgres, DUAL_READ_NEW", "h2, DUAL_READ_OLD", "h2, DUAL_READ_NEW"})
    void generatedAlwaysColumnIsSetAnew_isMarked(String vendor, Rung rung) throws Exception {
        try (TwoSides sides = sides(vendor, vendor, "doc")) {
            sides.prepare(
                    "CREATE TABLE doc (id INT PRIMARY KEY, rev BIGINT GENERATED ALWAYS AS IDENTITY, body VARCHAR(9))",
                    "INSERT INTO doc (id, body) VALUES (1, 'a'), (2, 'b')");
            sides.standing.move(rung);
            try (Connection connection = sides.connect()) {
                TwoSides.execute(connection, "UPDATE doc SET body = 'x' WHERE id = 2");
                TwoSides.execute(connection, "UPDATE doc SET body = 'x', rev = DEFAULT WHERE id = 1");
            }
            sides.sweep();
            assertThat(sides.rows(rung.authority(), MARKS)).containsExactly("doc|null");
            assertThat(sides.rows(rung.mirror(), "SELECT body FROM doc WHERE id = 2"))
                    .containsExactly("x");
        }
    }

    @ParameterizedTest
    @CsvSource({"postgres, TIMESTAMP WITH TIME ZONE", "postgres, TIMESTAMP", "h2, TIMESTAMP"})
    void sessionOfMariaDbHasAnotherTimeZone_itsInstantsAreMarked(String newVendor, String type) throws Exception {
        try (TwoSides sides = instants("mariadb", newVendor, "TIMESTAMP", type)) {
            sides.standing.move(Rung.DUAL_READ_OLD);
            try (Connection connection = sides.connect()) {
                TwoSides.execute(connection, "SET time_zone = @@GLOBAL.time_zone");
                TwoSides.execute(connection, "UPDATE task SET n = 1 WHERE id = 1");
                TwoSides.execute(connection, "SET SESSION time_zone = '+05:00'");
                TwoSides.execute(connection, "UPDATE task SET n = 2 WHERE id = 1");
                TwoSides.execute(connection, "UPDATE plain SET n = 2 WHERE id = 1");
                TwoSides.execute(connection, "SET time_zone = DEFAULT");
                TwoSides.execute(connection, "UPDATE task SET n = 3 WHERE id = 2");
            }
            sides.sweep();
            assertThat(sides.rows(Side.NEW, "SELECT n FROM task ORDER BY id")).containsExactly("1", "3");
            assertThat(sides.rows(Side.NEW, "SELECT n FROM plain")).containsExactly("2");
            assertThat(sides.rows(Side.OLD, MARKS)).containsExactly("task|null");
            for (Side side : Side.values()) {
                assertThat(sides.rows(side, "SELECT id FROM task WHERE EXTRACT(HOUR FROM due) = 12 ORDER BY id"))
                        .as("%s", side)
                        .containsExactly("1", "2");
            }
        }
    }

    /** The copier and other connections have the URL's zone, not the server's. */
    @ParameterizedTest
    @CsvSource({"DEFAULT, task|null", "'''+02:00''', ''"})
    void urlGivesATimeZone_thatIsTheOneToKeep(String zone, String marks) throws Exception {
        try (TwoSides sides = instants("mariadb", "h2", "TIMESTAMP", "TIMESTAMP")) {
            sides.standing.move(Rung.DUAL_READ_OLD);
            String url = sides.oldUrl() + "?sessionVariables=time_zone='+02:00'";
            try (Connection connection = sides.connectThrough(
                    side -> side == Side.OLD ? DriverManager.getConnection(url, "app", "app") : sides.bare(side))) {
                TwoSides.execute(connection, "SET time_zone = '+05:00'");
                TwoSides.execute(connection, "SET time_zone = " + zone);
                TwoSides.execute(connection, "UPDATE task SET n = 1 WHERE id = 1");
            }
            sides.sweep();
            assertThat(String.join("", sides.rows(Side.OLD, MARKS))).isEqualTo(marks);
        }
    }

    /** The session that the application has moved is the mirror's since. */
    @ParameterizedTest
    @CsvSource({"postgres", "h2"})
    void sessionOfTheMirrorHasAnotherTimeZone_itsInstantsAreMarked(String newVendor) throws Exception {
        try (TwoSides sides = instants("mariadb", newVendor, "TIMESTAMP", "TIMESTAMP")) {
            sides.standing.move(Rung.OLD_ONLY);
            try (Connection connection = sides.connect()) {
                TwoSides.execute(connection, "SET time_zone = '+05:00'");
                sides.standing.move(Rung.DUAL_READ_NEW);
                TwoSides.execute(connection, "UPDATE task SET n = 2 WHERE id = 1");
            }
            sides.sweep();
            assertThat(sides.rows(Side.NEW, MARKS)).containsExactly("task|null");
            assertThat(sides.rows(Side.OLD, "SELECT id FROM task WHERE EXTRACT(HOUR FROM due) = 12 ORDER BY id"))
                    .containsExactly("1", "2");
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Rung.class,
            names = {"STRICT_READ_OLD", "STRICT_READ_NEW"})
    void sessionOfMariaDbHasAnotherTimeZone_whileCrossing_isRefused(Rung rung) throws Exception {
        try (TwoSides sides = instants("mariadb", "h2", "TIMESTAMP", "TIMESTAMP")) {
            sides.standing.move(Rung.OLD_ONLY);
            try (Connection connection = sides.connect()) {
                TwoSides.execute(connection, "SET time_zone = '+05:00'");
                sides.standing.move(rung);
                assertThatThrownBy(() -> TwoSides.execute(connection, "UPDATE task SET n = 2 WHERE id = 1"))
                        .hasStackTraceContaining("time_zone");
            }
            sides.sweep();
            for (Side side : Side.values()) {
                assertThat(sides.rows(side, "SELECT n FROM task"))
                        .as("%s", side)
                        .containsExactly("0", "0");
            }
        }
    }

    private static TwoSides instants(String oldVendor, String newVendor, String onOld, String onNew) throws Exception {
        TwoSides sides = sides(oldVendor, newVendor, "task, plain");
        sides.prepare("CREATE TABLE plain (id INT PRIMARY KEY, n INT)", "INSERT INTO plain VALUES (1, 0)");
        for (Side side : Side.values()) {
            sides.on(
                    side,
                    List.of(
                            "CREATE TABLE task (id INT PRIMARY KEY, n INT, due " + (side == Side.OLD ? onOld : onNew)
                                    + ")",
                            "INSERT INTO task VALUES (1, 0, '2026-07-01 12:00:00'), (2, 0, '2026-07-01 12:00:00')"));
        }
        return sides;
    }
}
