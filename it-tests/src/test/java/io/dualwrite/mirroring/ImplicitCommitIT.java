package io.dualwrite.mirroring;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualwrite.ladder.Rung;
import io.dualwrite.ladder.Side;
import io.dualwrite.servers.DatabaseServer;
import io.dualwrite.servers.SharedServers;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What the vendor commits by itself before a statement is committed on both sides, and the rollback after it leaves it there (R2). */
class ImplicitCommitIT {
    private static final String ROWS = "SELECT id FROM item ORDER BY id";

    private static TwoSides sides(String vendor, Rung rung) throws Exception {
        return sides(vendor, SharedServers.secondOf(vendor), rung);
    }

    private static TwoSides sides(String old, DatabaseServer neu, Rung rung) throws Exception {
        TwoSides sides = new TwoSides(SharedServers.of(old), neu, "item");
        sides.prepare("CREATE TABLE item (id INT PRIMARY KEY)");
        sides.standing.move(rung);
        return sides;
    }

    /** On both sides, or on the one that the rung uses. */
    private static void requireRows(TwoSides sides, Rung rung, String... ids) throws Exception {
        sides.settle();
        for (Side side : Side.values()) {
            if (rung.uses(side)) {
                assertThat(sides.rows(side, ROWS)).as("%s, %s", rung, side).containsExactly(ids);
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "mariadb | START TRANSACTION",
                "mariadb | BEGIN",
                "mariadb | TRUNCATE TABLE scratch",
                "mariadb | DROP TABLE scratch",
                "mariadb | CREATE INDEX scratched ON scratch (id)",
                "mariadb | ANALYZE TABLE item",
                "mariadb | OPTIMIZE TABLE item",
                "mariadb | DROP TABLE IF EXISTS nothing",
                "h2 | ANALYZE",
                "h2 | DROP TABLE IF EXISTS nothing",
                "h2 | TRUNCATE TABLE scratch",
                "h2 | DROP TABLE scratch",
                "h2 | CREATE LOCAL TEMPORARY TABLE further (id INT)"
            })
    void statementThatCommits_commitsBothSides(String vendor, String sql) throws Exception {
        for (Rung rung : Rung.values()) {
            try (TwoSides sides = sides(vendor, rung)) {
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
                requireRows(sides, rung, "1");
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Rung.class)
    void statementThatDoesNotCommit_leavesTheTransactionOpen(Rung rung) throws Exception {
        try (TwoSides sides = sides("h2", rung)) {
            try (Connection connection = sides.connect();
                    Statement statement = connection.createStatement()) {
                connection.setAutoCommit(false);
                statement.executeUpdate("INSERT INTO item VALUES (1)");
                statement.execute("CREATE LOCAL TEMPORARY TABLE scratch (id INT) TRANSACTIONAL");
                connection.rollback();
            }
            sides.settle();
            for (Side side : Side.values()) {
                assertThat(sides.rows(side, ROWS)).as("%s", side).isEmpty();
            }
        }
    }

    /** What is done to Data B is done on one side alone, and commits there; on PostgreSQL it is rolled back. */
    @ParameterizedTest
    @CsvSource({
        "mariadb, DUAL_READ_OLD",
        "mariadb, DUAL_READ_NEW",
        "h2, DUAL_READ_OLD",
        "h2, DUAL_READ_NEW",
        "postgres, DUAL_READ_OLD"
    })
    void dataBIsEmptied_whatWasOpenIsCommittedOnBothSides(String vendor, Rung rung) throws Exception {
        try (TwoSides sides = sides(vendor, Rung.OLD_ONLY)) {
            for (Side side : Side.values()) {
                sides.on(side, List.of("CREATE TABLE derived_sum (id INT)", "INSERT INTO derived_sum VALUES (1)"));
            }
            sides.standing.move(rung);
            try (Connection connection = sides.connect();
                    Statement statement = connection.createStatement()) {
                connection.setAutoCommit(false);
                statement.executeUpdate("INSERT INTO item VALUES (1)");
                statement.execute("TRUNCATE TABLE derived_sum");
                statement.executeUpdate("INSERT INTO item VALUES (2)");
                connection.rollback();
            }
            boolean commits = !vendor.equals("postgres");
            requireRows(sides, rung, commits ? new String[] {"1"} : new String[0]);
            assertThat(sides.rows(rung.authority(), "SELECT table_name FROM dualwrite_mark WHERE row_key IS NULL"))
                    .isEqualTo(commits ? List.of("derived_sum") : List.of());
        }
    }

    /** With autocommit on a transaction that a text has begun is over, and what comes next is its own. */
    @ParameterizedTest
    @EnumSource(Rung.class)
    void transactionBegunByText_endsWithTheCommit(Rung rung) throws Exception {
        try (TwoSides sides = sides("mariadb", rung)) {
            try (Connection connection = sides.connect();
                    Statement statement = connection.createStatement()) {
                statement.execute("CREATE TEMPORARY TABLE scratch (id INT)");
                statement.execute("START TRANSACTION");
                statement.executeUpdate("INSERT INTO item VALUES (1)");
                statement.execute("TRUNCATE TABLE scratch");
                statement.executeUpdate("INSERT INTO item VALUES (2)");
                statement.execute("ROLLBACK");
                requireRows(sides, rung, "1", "2");
            }
        }
    }

    /** Each vendor commits for itself alone. */
    @ParameterizedTest
    @CsvSource({
        "postgres, mariadb, STRICT_READ_NEW",
        "postgres, mariadb, DUAL_READ_NEW",
        "mariadb, postgres, STRICT_READ_OLD"
    })
    void vendorThatCommits_isTheOneThatIsRead(String old, String neu, Rung rung) throws Exception {
        try (TwoSides sides = sides(old, SharedServers.of(neu), rung)) {
            try (Connection connection = sides.connect();
                    Statement statement = connection.createStatement()) {
                connection.setAutoCommit(false);
                statement.execute("CREATE TEMPORARY TABLE scratch (id INT)");
                statement.executeUpdate("INSERT INTO item VALUES (1)");
                statement.execute("TRUNCATE TABLE scratch");
                connection.rollback();
            }
            requireRows(sides, rung, "1");
        }
    }
}
