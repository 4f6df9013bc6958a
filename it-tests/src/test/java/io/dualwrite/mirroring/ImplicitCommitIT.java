package io.dualwrite.mirroring;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualwrite.ladder.Rung;
import io.dualwrite.ladder.Side;
import io.dualwrite.servers.SharedServers;
import java.sql.Connection;
import java.sql.Statement;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the vendor commits by itself before a statement is committed on both sides, and the rollback after it leaves it there (R2). */
class ImplicitCommitIT {
    private static final String ROWS = "SELECT id FROM item ORDER BY id";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "mariadb | START TRANSACTION",
                "mariadb | BEGIN",
                "mariadb | TRUNCATE TABLE scratch",
                "mariadb | DROP TABLE scratch",
                "mariadb | CREATE INDEX scratched ON scratch (id)",
                "h2 | TRUNCATE TABLE scratch",
                "h2 | DROP TABLE scratch",
                "h2 | CREATE LOCAL TEMPORARY TABLE further (id INT)"
            })
    void statementThatCommits_commitsBothSides(String vendor, String sql) throws Exception {
        for (Rung rung : Rung.values()) {
            try (TwoSides sides = new TwoSides(SharedServers.of(vendor), SharedServers.secondOf(vendor), "item")) {
                sides.prepare("CREATE TABLE item (id INT PRIMARY KEY)");
                sides.standing.move(rung);
                try (Connection connection = sides.connect();
                        Statement statement = connection.createStatement()) {
                    connection.setAutoCommit(false);
                    statement.execute(
                            "CREATE " + (vendor.equals("h2") ? "LOCAL " : "") + "TEMPORARY TABLE scratch (id INT)");
                    statement.executeUpdate("INSERT INTO item VALUES (1)");
                    statement.execute(sql);
                    statement.executeUpdate("INSERT INTO item VALUES (2)");
                    connection.rollback();
                }
                sides.settle();
                for (Side side : Side.values()) {
                    if (rung.uses(side)) {
                        assertThat(sides.rows(side, ROWS))
                                .as("%s, %s", rung, side)
                                .containsExactly("1");
                    }
                }
            }
        }
    }
}
