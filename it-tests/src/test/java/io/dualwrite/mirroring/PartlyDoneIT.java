package io.dualwrite.mirroring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dualwrite.ladder.Rung;
import io.dualwrite.ladder.Side;
import io.dualwrite.servers.DatabaseServer;
import io.dualwrite.servers.DatabaseServers;
import io.dualwrite.servers.SharedServers;
import java.sql.BatchUpdateException;
import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Statements that run as they are on one side, and of which a part alone may be done. */
class PartlyDoneIT {
    private static final String SUMS = "SELECT id FROM derived_sum ORDER BY id";
    private static final String PAPERS = "SELECT id FROM paper ORDER BY id";

    private static TwoSides sides(String vendor, String... more) throws Exception {
        TwoSides sides = new TwoSides(SharedServers.of(vendor), SharedServers.of(vendor), "paper");
        sides.prepare("CREATE TABLE paper (id INT PRIMARY KEY)", "CREATE TABLE derived_sum (id INT PRIMARY KEY)");
        if (more.length > 0) {
            sides.prepare(more);
        }
        sides.standing.move(Rung.DUAL_READ_OLD);
        return sides;
    }

    @Test
    void batchFailsHalfWay_andIsCommitted_itsTableIsMarked() throws Exception {
        try (TwoSides sides = sides("h2")) {
            try (Connection connection = sides.connect();
                    PreparedStatement insert = connection.prepareStatement("INSERT INTO derived_sum VALUES (?)")) {
                connection.setAutoCommit(false);
                for (int id : new int[] {1, 1}) {
                    insert.setInt(1, id);
                    insert.addBatch();
                }
                assertThatThrownBy(insert::executeBatch).isInstanceOf(BatchUpdateException.class);
                connection.commit();
            }
            sides.settle();
            assertThat(sides.rows(Side.OLD, SUMS)).containsExactly("1");
            assertThat(sides.rows(Side.OLD, "SELECT row_key FROM dualwrite_mark WHERE seq >= 0"))
                    .containsExactly("null");
        }
    }

    @Test
    void routineFailsHalfWay_andIsCommitted_allTablesAreMarked() throws Exception {
        String twice = "CREATE PROCEDURE twice() BEGIN INSERT INTO derived_sum VALUES (1);"
                + " INSERT INTO derived_sum VALUES (1); END";
        try (TwoSides sides = sides("mariadb", twice)) {
            try (Connection connection = sides.connect();
                    CallableStatement call = connection.prepareCall("{call twice()}")) {
                connection.setAutoCommit(false);
                assertThatThrownBy(call::execute).isInstanceOf(SQLException.class);
                connection.commit();
            }
            sides.settle();
            assertThat(sides.rows(Side.OLD, SUMS)).containsExactly("1");
            assertThat(sides.rows(Side.OLD, "SELECT table_name FROM dualwrite_mark WHERE seq >= 0"))
                    .containsOnly("*");
        }
    }

    /** Its COMMIT would be that of the application's transaction, on old alone. */
    @ParameterizedTest
    @ValueSource(strings = {"postgres", "h2"})
    void textOfATransactionOfItsOwn_inAnOpenOne_isRefused(String vendor) throws Exception {
        try (TwoSides sides = sides(vendor)) {
            try (Connection connection = sides.connect();
                    Statement statement = connection.createStatement()) {
                connection.setAutoCommit(false);
                statement.executeUpdate("INSERT INTO paper VALUES (1)");
                assertThatThrownBy(() -> statement.execute("BEGIN; INSERT INTO derived_sum VALUES (1); COMMIT"))
                        .isInstanceOf(SQLFeatureNotSupportedException.class)
                        .hasMessageContaining("would commit the one that is open");
                connection.rollback();
            }
            sides.settle();
            for (Side side : Side.values()) {
                assertThat(sides.rows(side, PAPERS)).as(side.word()).isEmpty();
            }
        }
    }

    @Test
    void batchOfCallsByName_runsEachWithItsOwnValues() throws Exception {
        try (TwoSides sides =
                sides("mariadb", "CREATE PROCEDURE add_paper(IN number INT) INSERT INTO paper VALUES (number)")) {
            try (Connection connection = sides.connect();
                    CallableStatement call = connection.prepareCall("{call add_paper(?)}")) {
                for (int id = 1; id <= 2; id++) {
                    call.setInt("number", id);
                    call.addBatch();
                }
                call.executeBatch();
            }
            sides.settle();
            assertThat(sides.rows(Side.OLD, PAPERS)).containsExactly("1", "2");
        }
    }

    /** The server undoes the whole transaction there, and the application that goes on commits what came after. */
    @Test
    void lockIsWaitedForTooLong_whereThatUndoesAll_theMirrorKeepsNothingEither() throws Exception {
        try (DatabaseServer server = DatabaseServers.startMariaDb("--innodb-rollback-on-timeout=ON")) {
            for (Rung rung : List.of(Rung.DUAL_READ_OLD, Rung.STRICT_READ_OLD, Rung.DUAL_READ_NEW)) {
                try (TwoSides sides = new TwoSides(server, server, "paper")) {
                    sides.prepare("CREATE TABLE paper (id INT PRIMARY KEY)", "INSERT INTO paper VALUES (9)");
                    sides.standing.move(rung);
                    waitTooLong(sides, rung);
                    sides.settle();
                    for (Side side : Side.values()) {
                        assertThat(sides.rows(side, PAPERS))
                                .as("%s of %s", side, rung)
                                .containsExactly("2", "9");
                    }
                }
            }
        }
    }

    private static void waitTooLong(TwoSides sides, Rung rung) throws Exception {
        try (Connection other = sides.bare(rung.authority());
                Statement locks = other.createStatement();
                Connection connection = sides.connect();
                Statement statement = connection.createStatement()) {
            other.setAutoCommit(false);
            locks.executeQuery("SELECT id FROM paper WHERE id = 9 FOR UPDATE");
            statement.execute("SET SESSION innodb_lock_wait_timeout = 1");
            connection.setAutoCommit(false);
            statement.executeUpdate("INSERT INTO paper VALUES (1)");
            assertThatThrownBy(() -> statement.executeUpdate("DELETE FROM paper WHERE id = 9"))
                    .isInstanceOf(SQLException.class);
            statement.executeUpdate("INSERT INTO paper VALUES (2)");
            connection.commit();
            other.rollback();
        }
    }
}
