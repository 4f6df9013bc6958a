package io.dualwrite.mirroring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dualwrite.ladder.Rung;
import io.dualwrite.ladder.Side;
import io.dualwrite.servers.SharedServers;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Tables whose engine has no transactions keep what is rolled back. */
class EngineIT {
    private static final String IDS = "SELECT id FROM %s ORDER BY id";
    private static final String MARKS = "SELECT DISTINCT table_name, row_key FROM dualwrite_mark WHERE seq >= 0";

    /** Data A and Data B of an engine of each side's own. */
    private static TwoSides sides(String onOld, String onNew, Rung rung) throws Exception {
        TwoSides sides = new TwoSides(SharedServers.of("mariadb"), SharedServers.of("mariadb"), "hit, paper");
        sides.prepare("CREATE TABLE paper (id INT PRIMARY KEY)");
        for (String table : List.of("hit", "derived_hit")) {
            String ddl = "CREATE TABLE " + table + " (id INT PRIMARY KEY) ENGINE=";
            sides.on(Side.OLD, List.of(ddl + onOld));
            sides.on(Side.NEW, List.of(ddl + onNew));
        }
        sides.standing.move(rung);
        return sides;
    }

    @ParameterizedTest
    @CsvSource({
        "MyISAM, DUAL_READ_OLD, hit",
        "MyISAM, DUAL_READ_NEW, hit",
        "Aria, DUAL_READ_OLD, hit",
        "MEMORY, DUAL_READ_OLD, hit",
        "MyISAM, DUAL_READ_OLD, derived_hit",
        "Aria, DUAL_READ_NEW, derived_hit"
    })
    void rolledBack_itsRowsAndItsMarkStay(String engine, Rung rung, String table) throws Exception {
        for (String end : List.of("rollback", "ROLLBACK", "close")) {
            try (TwoSides sides = sides(engine, engine, rung)) {
                try (Connection connection = sides.connect()) {
                    connection.setAutoCommit(false);
                    TwoSides.execute(connection, "INSERT INTO paper VALUES (1)");
                    TwoSides.execute(connection, "INSERT INTO " + table + " VALUES (1)");
                    if (end.equals("rollback")) {
                        connection.rollback();
                    } else if (end.equals("ROLLBACK")) {
                        TwoSides.execute(connection, end);
                    }
                }
                sides.settle();
                assertThat(sides.rows(rung.authority(), IDS.formatted(table))).containsExactly("1");
                assertThat(sides.rows(rung.authority(), MARKS)).as(end).containsExactly(table + "|null");
                assertThat(sides.rows(Side.OLD, IDS.formatted("paper"))).isEmpty();
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"hit, true", "hit, false", "derived_hit, true", "derived_hit, false"})
    void statementFailsHalfWay_itsRowsAndItsMarkStay(String table, boolean autoCommit) throws Exception {
        try (TwoSides sides = sides("MyISAM", "MyISAM", Rung.DUAL_READ_OLD)) {
            try (Connection connection = sides.connect()) {
                connection.setAutoCommit(autoCommit);
                assertThatThrownBy(() -> TwoSides.execute(connection, "INSERT INTO " + table + " VALUES (1), (2), (2)"))
                        .isInstanceOf(SQLException.class);
                if (!autoCommit) {
                    connection.commit();
                }
            }
            sides.settle();
            assertThat(sides.rows(Side.OLD, IDS.formatted(table))).containsExactly("1", "2");
            assertThat(sides.rows(Side.OLD, MARKS)).containsExactly(table + "|null");
        }
    }

    @ParameterizedTest
    @CsvSource({"MyISAM, InnoDB", "InnoDB, MyISAM"})
    void whileCrossing_isRefused(String onOld, String onNew) throws Exception {
        for (Rung rung : List.of(Rung.STRICT_READ_OLD, Rung.STRICT_READ_NEW, Rung.STRICT_NEW_FIRST)) {
            try (TwoSides sides = sides(onOld, onNew, rung)) {
                try (Connection connection = sides.connect()) {
                    assertThatThrownBy(() -> TwoSides.execute(connection, "INSERT INTO hit VALUES (1)"))
                            .as("%s", rung)
                            .hasStackTraceContaining("the engine of table");
                }
                sides.settle();
                for (Side side : Side.values()) {
                    assertThat(sides.rows(side, IDS.formatted("hit")))
                            .as("%s on %s", rung, side)
                            .isEmpty();
                }
            }
        }
    }

    /** What may fail alone is not written where it could not be rolled back. */
    @ParameterizedTest
    @EnumSource(
            value = Rung.class,
            names = {"DUAL_READ_OLD", "DUAL_READ_NEW"})
    void onTheMirrorAlone_itsRowsAreMarkedAndNotWrittenThere(Rung rung) throws Exception {
        boolean up = rung.authority() == Side.OLD;
        try (TwoSides sides = sides(up ? "InnoDB" : "MyISAM", up ? "MyISAM" : "InnoDB", rung)) {
            try (Connection connection = sides.connect()) {
                connection.setAutoCommit(false);
                TwoSides.execute(connection, "INSERT INTO hit VALUES (1)");
                connection.rollback();
                TwoSides.execute(connection, "INSERT INTO hit VALUES (2)");
                connection.commit();
            }
            sides.settle();
            assertThat(sides.rows(rung.authority(), IDS.formatted("hit"))).containsExactly("2");
            assertThat(sides.rows(rung.mirror(), IDS.formatted("hit"))).isEmpty();
            assertThat(sides.rows(rung.authority(), MARKS)).containsExactly("hit|2");
        }
    }
}
