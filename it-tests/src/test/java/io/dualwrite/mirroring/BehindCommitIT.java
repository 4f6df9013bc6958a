package io.dualwrite.mirroring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dualwrite.ladder.Rung;
import io.dualwrite.ladder.Side;
import io.dualwrite.servers.DatabaseServer;
import io.dualwrite.wire.Rounds;
import io.dualwrite.wire.WireProxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * In 5 the next transaction begins on old, whose COMMIT of the one before nobody waits for: both go in one message where the server takes
 * several statements at once, and each keeps its own outcome (R6, R12).
 */
class BehindCommitIT {
    private static final String ALL = "SELECT id, name FROM item ORDER BY id";
    private static final String MARKED = "SELECT table_name, row_key FROM dualwrite_mark WHERE seq >= 0 ORDER BY id";
    private static final String OF_REPAIR =
            "INSERT INTO dualwrite_mark (id, seq, table_name, row_key, reason, instance, epoch, marked_at)"
                    + " VALUES ('%s', -1, '', '', '', '', 0, 0)";
    private static final int OFTEN = 30;

    @AfterAll
    static void stop() {
        MirrorIT.stop();
    }

    private static TwoSides sides(String newVendor) throws Exception {
        TwoSides sides = new TwoSides(
                MirrorIT.server("postgres"), MirrorIT.server(newVendor), "item", Map.of("mirror.budget", "10 s"));
        sides.prepare(
                "CREATE TABLE item (id INT PRIMARY KEY, name VARCHAR(50))",
                "INSERT INTO item VALUES (1, 'one')",
                "INSERT INTO item VALUES (2, 'two')");
        sides.standing.move(Rung.DUAL_READ_NEW);
        return sides;
    }

    @Test
    void oneAfterTheOther_takeTheCommitAlong() throws Exception {
        DatabaseServer old = MirrorIT.server("postgres");
        try (TwoSides sides = sides("postgres");
                WireProxy proxy = WireProxy.start(
                        WireProxy.Protocol.of(old.vendor()), old.port(), new Rounds(), Duration.ofMillis(1));
                Connection connection = sides.connectPatiently(proxy::through);
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            for (int i = 0; i < OFTEN; i++) {
                statement.executeUpdate("UPDATE item SET name = 'to be warm' WHERE id = 1");
                connection.commit();
            }
            long before = proxy.requests();
            for (int i = 0; i < OFTEN; i++) {
                statement.executeUpdate("UPDATE item SET name = 'name " + i + "' WHERE id = 1");
                connection.commit();
            }
            assertThat(proxy.requests() - before)
                    .as("one for each COMMIT with the write behind it")
                    .isEqualTo(OFTEN);
            statement.executeUpdate("UPDATE item SET name = 'the last' WHERE id = 2");
            connection.setAutoCommit(true);
            connection.setReadOnly(false);
            sides.sweep();
            assertThat(sides.rows(Side.OLD, MARKED)).isEmpty();
            assertThat(sides.rows(Side.NEW, MARKED)).isEmpty();
            assertThat(sides.rows(Side.OLD, ALL)).isEqualTo(sides.rows(Side.NEW, ALL));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"postgres", "mariadb"})
    void everyKindOfWrite_doesWhatItDoesAlone(String newVendor) throws Exception {
        try (TwoSides sides = sides(newVendor);
                Connection connection = sides.connect();
                Statement statement = connection.createStatement()) {
            for (int i = 0; i < OFTEN; i++) {
                int id = 10 + i;
                assertThat(statement.executeUpdate("INSERT INTO item VALUES (" + id + ", 'new')"))
                        .isEqualTo(1);
                assertThat(statement.executeUpdate("UPDATE item SET name = 'uno' WHERE id < 3"))
                        .isEqualTo(2);
                if (newVendor.equals("postgres")) {
                    assertThat(statement.executeUpdate("UPDATE item SET id = id + 1000 WHERE id = " + id))
                            .isEqualTo(1);
                    id += 1000;
                }
                assertThat(statement.executeUpdate("UPDATE item SET name = 'nobody' WHERE id = 5"))
                        .isZero();
                try (ResultSet row = statement.executeQuery("SELECT name FROM item WHERE id = 1 FOR UPDATE")) {
                    assertThat(row.next()).isTrue();
                }
                assertThat(statement.executeUpdate("DELETE FROM item WHERE id = " + id))
                        .isEqualTo(1);
                connection.setAutoCommit(false);
                statement.executeUpdate("UPDATE item SET name = 'gone again' WHERE id = 2");
                connection.rollback();
                statement.executeUpdate("UPDATE item SET name = 'stays " + i + "' WHERE id = 2");
                connection.setAutoCommit(true);
            }
            sides.sweep();
            assertThat(sides.rows(Side.OLD, ALL))
                    .isEqualTo(sides.rows(Side.NEW, ALL))
                    .isEqualTo(List.of("1|uno", "2|stays " + (OFTEN - 1)));
            assertThat(sides.rows(Side.NEW, MARKED)).isEmpty();
            assertThat(sides.mirroring.getDivergences()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"postgres", "mariadb"})
    void writeFailsOnOld_theCommitBeforeItStands(String newVendor) throws Exception {
        try (TwoSides sides = sides(newVendor);
                Connection connection = sides.connect();
                Statement statement = connection.createStatement()) {
            sides.on(Side.OLD, List.of("ALTER TABLE item ADD CHECK (name <> 'bad')"));
            for (int i = 0; i < OFTEN; i++) {
                statement.executeUpdate("UPDATE item SET name = 'good " + i + "' WHERE id = 1");
                assertThat(statement.executeUpdate("UPDATE item SET name = 'bad' WHERE id = 2"))
                        .isEqualTo(1);
                sides.sweep();
                assertThat(sides.rows(Side.OLD, ALL)).containsExactly("1|good " + i, "2|two");
                assertThat(sides.rows(Side.NEW, ALL)).containsExactly("1|good " + i, "2|bad");
                assertThat(sides.rows(Side.NEW, MARKED)).hasSize(i + 1).containsOnly("item|2");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"postgres", "mariadb"})
    void commitFailsOnOld_theWriteBehindItRunsAllTheSame(String newVendor) throws Exception {
        try (TwoSides sides = sides(newVendor);
                Connection connection = sides.connect();
                Statement statement = connection.createStatement()) {
            sides.on(
                    Side.OLD,
                    List.of(
                            "CREATE FUNCTION refuse_late() RETURNS trigger LANGUAGE plpgsql AS"
                                    + " $$ BEGIN RAISE EXCEPTION 'too late'; END $$",
                            "CREATE CONSTRAINT TRIGGER late AFTER UPDATE ON item DEFERRABLE INITIALLY DEFERRED"
                                    + " FOR EACH ROW WHEN (NEW.name = 'late') EXECUTE FUNCTION refuse_late()"));
            for (int i = 0; i < OFTEN; i++) {
                statement.executeUpdate("UPDATE item SET name = 'late' WHERE id = 1");
                statement.executeUpdate("UPDATE item SET name = 'good " + i + "' WHERE id = 2");
                sides.sweep();
                assertThat(sides.rows(Side.OLD, ALL)).containsExactly("1|one", "2|good " + i);
                assertThat(sides.rows(Side.NEW, ALL)).containsExactly("1|late", "2|good " + i);
                assertThat(sides.rows(Side.NEW, MARKED)).hasSize(i + 1).containsOnly("item|1");
            }
        }
    }

    /** The driver refuses it by itself, and nothing comes to the server, where the transaction before is open still. */
    @Test
    void parameterThatIsNotSet_theCommitBeforeItStands() throws Exception {
        try (TwoSides sides = sides("postgres");
                Connection connection = sides.connectPatiently(url -> url);
                Statement statement = connection.createStatement();
                PreparedStatement prepared = connection.prepareStatement("UPDATE item SET name = ? WHERE id = 2")) {
            for (int i = 0; i < OFTEN; i++) {
                statement.executeUpdate("UPDATE item SET name = 'name " + i + "' WHERE id = 1");
                assertThatThrownBy(prepared::executeUpdate).isInstanceOf(SQLException.class);
                assertThat(sides.rows(Side.OLD, ALL)).containsExactly("1|name " + i, "2|two");
            }
            sides.sweep();
            assertThat(sides.rows(Side.NEW, MARKED)).isEmpty();
            assertThat(sides.mirroring.getDivergences()).isEmpty();
        }
    }

    private static String markOf(TwoSides sides) throws SQLException {
        List<String> ids = sides.rows(Side.NEW, "SELECT id FROM dualwrite_mark WHERE seq >= 0");
        assertThat(ids).hasSize(1);
        return ids.get(0);
    }

    /** The id that repair has written is no proof that the COMMIT was there before it (R16). */
    @Test
    void repairWasFirst_whatIsMissingOnOldStaysMarked() throws Exception {
        try (TwoSides sides = sides("postgres");
                Connection connection = sides.connectPatiently(url -> url);
                Statement statement = connection.createStatement()) {
            statement.executeUpdate("UPDATE item SET name = 'uno' WHERE id = 1");
            sides.on(Side.OLD, List.of(String.format(OF_REPAIR, markOf(sides))));
            statement.executeUpdate("UPDATE item SET name = 'due' WHERE id = 2");
            connection.setAutoCommit(false);
            connection.setAutoCommit(true);
            sides.sweep();
            assertThat(sides.rows(Side.NEW, ALL)).containsExactly("1|uno", "2|due");
            assertThat(sides.rows(Side.OLD, ALL)).contains("1|one");
            assertThat(sides.rows(Side.NEW, MARKED)).contains("item|1");
        }
    }

    @Test
    void cancelledWhileTheCommitWaits_isCancelled_andWhatIsMissingOnOldStaysMarked() throws Exception {
        ExecutorService threads = Executors.newSingleThreadExecutor();
        try (TwoSides sides = sides("postgres");
                Connection connection = sides.connectPatiently(url -> url);
                Statement statement = connection.createStatement();
                Connection repair = sides.bare(Side.OLD);
                Statement repairs = repair.createStatement()) {
            statement.executeUpdate("UPDATE item SET name = 'uno' WHERE id = 1");
            repair.setAutoCommit(false);
            repairs.executeUpdate(String.format(OF_REPAIR, markOf(sides)));
            Future<?> write =
                    threads.submit(() -> statement.executeUpdate("UPDATE item SET name = 'due' WHERE id = 2"));
            awaitBlocked(sides);
            statement.cancel();
            assertThatThrownBy(write::get)
                    .hasCauseInstanceOf(SQLException.class)
                    .hasMessageContaining("canceling statement due to user request");
            repair.rollback();
            sides.sweep();
            assertThat(sides.rows(Side.NEW, ALL)).containsExactly("1|uno", "2|two");
            assertThat(sides.rows(Side.OLD, ALL)).containsExactly("1|one", "2|two");
            assertThat(sides.rows(Side.NEW, MARKED)).containsExactly("item|1");
        } finally {
            threads.shutdown();
        }
    }

    private static void awaitBlocked(TwoSides sides) throws Exception {
        String blocked = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                + " AND wait_event_type = 'Lock'";
        while (sides.rows(Side.OLD, blocked).contains("0")) {
            Thread.sleep(5);
        }
    }

    @Test
    void nobodyComes_commitsByItself() throws Exception {
        try (TwoSides sides = sides("postgres");
                Connection connection = sides.connect();
                Statement statement = connection.createStatement()) {
            for (int i = 0; i < OFTEN; i++) {
                statement.executeUpdate("UPDATE item SET name = 'name " + i + "' WHERE id = 1");
                sides.settle();
                assertThat(sides.rows(Side.OLD, ALL)).contains("1|name " + i);
            }
        }
    }

    @Test
    void closedAtOnce_hasCommitted() throws Exception {
        try (TwoSides sides = sides("postgres")) {
            for (int i = 0; i < OFTEN; i++) {
                try (Connection connection = sides.connect();
                        Statement statement = connection.createStatement()) {
                    statement.executeUpdate("UPDATE item SET name = 'name " + i + "' WHERE id = 1");
                }
                assertThat(sides.rows(Side.OLD, ALL)).contains("1|name " + i);
            }
        }
    }

    /** The server rolls back what had not come to it: it stays marked, and the connection goes on with another leg. */
    @Test
    void oldEndsTheSessionMeanwhile_whatIsMissingThereIsMarked() throws Exception {
        try (TwoSides sides = sides("postgres");
                Connection connection = sides.connect();
                Statement statement = connection.createStatement();
                Connection other = sides.bare(Side.OLD);
                Statement ends = other.createStatement()) {
            for (int i = 0; i < OFTEN; i++) {
                statement.executeUpdate("UPDATE item SET name = 'name " + i + "' WHERE id = 1");
                ends.executeQuery(
                                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
                                        + " AND pid <> pg_backend_pid()")
                        .close();
                statement.executeUpdate("UPDATE item SET name = 'other " + i + "' WHERE id = 2");
                sides.sweep();
                for (int row = 1; row <= 2; row++) {
                    String one = "SELECT name FROM item WHERE id = " + row;
                    if (!sides.rows(Side.OLD, one).equals(sides.rows(Side.NEW, one))) {
                        assertThat(sides.rows(Side.NEW, MARKED)).contains("item|" + row);
                    }
                }
            }
        }
    }
}
