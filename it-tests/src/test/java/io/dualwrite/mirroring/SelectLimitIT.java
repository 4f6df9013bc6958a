package io.dualwrite.mirroring;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualwrite.ladder.Rung;
import io.dualwrite.ladder.Side;
import io.dualwrite.servers.SharedServers;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** MariaDB's {@code sql_select_limit} is the application's: it cuts its queries short and none of the driver's own. */
class SelectLimitIT {
    private static final String ROWS = "SELECT a, b, n FROM pair ORDER BY a, b";
    private static final String MARKS = "SELECT reason FROM dualwrite_mark WHERE seq >= 0 AND reason <> 'in flight'";

    @ParameterizedTest
    @EnumSource(Rung.class)
    void limitOfOneRow_allRowsAreWrittenOnBothSides_andNoneIsMarked(Rung rung) throws Exception {
        try (TwoSides sides = new TwoSides(SharedServers.of("mariadb"), SharedServers.of("mariadb"), "pair, source")) {
            sides.prepare(
                    "CREATE TABLE pair (a INT, b INT, n INT NOT NULL, PRIMARY KEY (a, b))",
                    "CREATE TABLE source (id INT PRIMARY KEY, n INT)",
                    "INSERT INTO pair VALUES (1, 1, 1), (1, 2, 1), (2, 1, 1)",
                    "INSERT INTO source VALUES (1, 1), (2, 2), (3, 3)");
            sides.standing.move(rung);
            try (Connection connection = sides.connect();
                    Statement statement = connection.createStatement()) {
                statement.execute("SET sql_select_limit = 1");
                assertThat(statement.executeUpdate("UPDATE pair SET n = n + 1")).isEqualTo(3);
                assertThat(statement.executeUpdate("INSERT INTO pair SELECT 3, id, n FROM source"))
                        .isEqualTo(3);
                assertThat(statement.executeUpdate("DELETE FROM pair WHERE a = 1"))
                        .isEqualTo(2);
                assertThat(rows(statement)).as("the application's own limit").isEqualTo(1);
            }
            sides.settle();
            for (Side side : Side.values()) {
                if (rung.dual() || side == rung.reads()) {
                    assertThat(sides.rows(side, ROWS)).containsExactly("2|1|2", "3|1|1", "3|2|2", "3|3|3");
                    assertThat(sides.rows(side, MARKS)).isEmpty();
                }
            }
        }
    }

    private static int rows(Statement statement) throws SQLException {
        int count = 0;
        try (ResultSet rows = statement.executeQuery("SELECT id FROM source")) {
            while (rows.next()) {
                count++;
            }
        }
        return count;
    }
}
