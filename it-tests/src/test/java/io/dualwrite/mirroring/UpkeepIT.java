package io.dualwrite.mirroring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dualwrite.ladder.Rung;
import io.dualwrite.ladder.Side;
import io.dualwrite.servers.SharedServers;
import java.sql.Connection;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What looks like a change of the schema and changes nothing that is mirrored. */
class UpkeepIT {
    private static final String ROWS = "SELECT id FROM item ORDER BY id";

    private static TwoSides sides(String vendor, Rung rung) throws Exception {
        TwoSides sides = new TwoSides(SharedServers.of(vendor), SharedServers.secondOf(vendor), "item");
        sides.prepare("CREATE TABLE item (id INT PRIMARY KEY)", "CREATE VIEW look AS SELECT id FROM item");
        sides.standing.move(rung);
        return sides;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "postgres | VACUUM item",
                "postgres | VACUUM (ANALYZE) item",
                "postgres | ANALYZE",
                "postgres | REINDEX TABLE item",
                "postgres | CLUSTER item USING item_pkey",
                "mariadb | ANALYZE TABLE item",
                "mariadb | OPTIMIZE TABLE item",
                "mariadb | CHECK TABLE item",
                "h2 | ANALYZE"
            })
    void upkeep_runsWhereIsRead(String vendor, String sql) throws Exception {
        for (Rung rung : Rung.values()) {
            try (TwoSides sides = sides(vendor, rung)) {
                try (Connection connection = sides.connect()) {
                    TwoSides.execute(connection, "INSERT INTO item VALUES (1)");
                    TwoSides.execute(connection, sql);
                    TwoSides.execute(connection, "INSERT INTO item VALUES (2)");
                }
                sides.settle();
                for (Side side : Side.values()) {
                    if (rung.uses(side)) {
                        assertThat(sides.rows(side, ROWS))
                                .as("%s on %s", rung, side)
                                .containsExactly("1", "2");
                        assertThat(sides.rows(side, "SELECT table_name FROM dualwrite_mark WHERE seq >= 0"))
                                .as("%s on %s", rung, side)
                                .doesNotContain("*");
                    }
                }
            }
        }
    }

    /** As frameworks do on each connection of a pool; each has its own. */
    @ParameterizedTest
    @CsvSource({"postgres, true", "postgres, false", "mariadb, true", "mariadb, false", "h2, true", "h2, false"})
    void dropOfATableThatIsNotThere_beforeATemporaryOneIsMade(String vendor, boolean autoCommit) throws Exception {
        for (Rung rung : Rung.values()) {
            try (TwoSides sides = sides(vendor, rung);
                    Connection first = sides.connect();
                    Connection second = sides.connect()) {
                int id = 0;
                for (Connection connection : List.of(first, second)) {
                    connection.setAutoCommit(autoCommit);
                    TwoSides.execute(connection, "INSERT INTO item VALUES (" + ++id + ")");
                    TwoSides.execute(connection, "DROP TABLE IF EXISTS tmp_x");
                    TwoSides.execute(
                            connection,
                            "CREATE " + (vendor.equals("h2") ? "LOCAL " : "") + "TEMPORARY TABLE tmp_x (id INT)");
                    TwoSides.execute(connection, "INSERT INTO tmp_x VALUES (7)");
                    if (vendor.equals("postgres")) {
                        TwoSides.execute(connection, "ANALYZE tmp_x");
                    }
                    TwoSides.execute(connection, "INSERT INTO item SELECT id + " + 10 * id + " FROM tmp_x");
                    TwoSides.execute(connection, "DROP TABLE IF EXISTS tmp_x");
                    if (!autoCommit) {
                        connection.commit();
                    }
                }
                sides.settle();
                for (Side side : Side.values()) {
                    if (rung.uses(side)) {
                        assertThat(sides.rows(side, ROWS))
                                .as("%s on %s", rung, side)
                                .containsExactly("1", "2", "17", "27");
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"postgres", "mariadb", "h2"})
    void dropOfWhatIsThere_isRefused(String vendor) throws Exception {
        for (Rung rung : List.of(Rung.DUAL_READ_OLD, Rung.STRICT_READ_NEW, Rung.DUAL_READ_NEW)) {
            try (TwoSides sides = sides(vendor, rung);
                    Connection connection = sides.connect()) {
                for (String table : List.of("item", "ITEM", "look", "nothing, item")) {
                    assertThatThrownBy(() -> TwoSides.execute(connection, "DROP TABLE IF EXISTS " + table))
                            .as("%s of %s", rung, table)
                            .isInstanceOf(SQLFeatureNotSupportedException.class);
                }
                assertThat(sides.rows(Side.OLD, ROWS)).isEmpty();
                assertThat(sides.rows(Side.NEW, ROWS)).isEmpty();
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"postgres | REFRESH MATERIALIZED VIEW sums", "mariadb | REPAIR TABLE item"})
    void whatMayChangeRows_isRefused(String vendor, String sql) throws Exception {
        try (TwoSides sides = sides(vendor, Rung.DUAL_READ_OLD);
                Connection connection = sides.connect()) {
            assertThatThrownBy(() -> TwoSides.execute(connection, sql))
                    .isInstanceOf(SQLFeatureNotSupportedException.class);
        }
    }

    /** H2 runs it as an update too, and commits what is open before it. */
    @ParameterizedTest
    @EnumSource(Rung.class)
    void analyzeAsAnUpdate_commitsWhereItIsWritten(Rung rung) throws Exception {
        try (TwoSides sides = sides("h2", rung)) {
            try (Connection connection = sides.connect();
                    Statement statement = connection.createStatement()) {
                connection.setAutoCommit(false);
                statement.executeUpdate("INSERT INTO item VALUES (1)");
                statement.executeUpdate("ANALYZE");
                connection.rollback();
            }
            sides.settle();
            for (Side side : Side.values()) {
                if (rung.uses(side)) {
                    assertThat(sides.rows(side, ROWS)).as("%s", side).containsExactly("1");
                }
            }
            if (rung.dual()) {
                assertThat(sides.rows(rung.authority(), "SELECT table_name FROM dualwrite_mark"))
                        .isNotEmpty();
            }
        }
    }
}
