package io.dualwrite.mirroring;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualwrite.ladder.Rung;
import io.dualwrite.ladder.Side;
import io.dualwrite.servers.SharedServers;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A queue's workers, each taking a row that nobody has: across neighbouring rungs no two take the same (R9). */
class PartialLockIT {
    private static final String TAKE =
            "SELECT id, note FROM job j WHERE state = ? AND id > 0 ORDER BY id LIMIT ? FOR UPDATE SKIP LOCKED";

    private static TwoSides sides(String vendor) throws Exception {
        TwoSides sides = new TwoSides(SharedServers.of(vendor), SharedServers.of(vendor), "job");
        sides.prepare(
                "CREATE TABLE job (id INT PRIMARY KEY, state VARCHAR(10) NOT NULL, note VARCHAR(10))",
                "CREATE INDEX job_state ON job (state, id)",
                "INSERT INTO job VALUES (1, 'ready', 'one'), (2, 'ready', 'two'), (3, 'ready', 'three')");
        return sides;
    }

    private static List<String> take(Connection connection, int most) throws SQLException {
        try (PreparedStatement take = connection.prepareStatement(TAKE)) {
            take.setString(1, "ready");
            take.setInt(2, most);
            try (ResultSet rows = take.executeQuery()) {
                return TwoSides.texts(rows);
            }
        }
    }

    private static void lock(Connection bare, int id) throws SQLException {
        bare.setAutoCommit(false);
        try (Statement statement = bare.createStatement()) {
            statement
                    .executeQuery("SELECT id FROM job WHERE id = " + id + " FOR UPDATE")
                    .close();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "postgres, STRICT_READ_NEW",
        "postgres, STRICT_NEW_FIRST",
        "postgres, DUAL_READ_NEW",
        "mariadb, STRICT_READ_NEW",
        "mariadb, STRICT_NEW_FIRST",
        "mariadb, DUAL_READ_NEW",
        "h2, STRICT_READ_NEW",
        "h2, STRICT_NEW_FIRST",
        "h2, DUAL_READ_NEW"
    })
    void rowThatAnotherHasOnOld_isPassedOver(String vendor, Rung rung) throws Exception {
        try (TwoSides sides = sides(vendor);
                Connection another = sides.bare(Side.OLD);
                Connection worker = sides.connect()) {
            lock(another, 1);
            sides.standing.move(rung);
            worker.setAutoCommit(false);
            assertThat(take(worker, 1)).containsExactly("2|two");
            try (Statement done = worker.createStatement()) {
                assertThat(done.executeUpdate("UPDATE job SET state = 'done' WHERE id = 2"))
                        .isEqualTo(1);
            }
            worker.commit();
            another.rollback();
            sides.settle();
            for (Side side : Side.values()) {
                assertThat(sides.rows(side, "SELECT id FROM job WHERE state = 'done'"))
                        .as("on %s", side)
                        .containsExactly("2");
            }
        }
    }

    /** What the application reads a piece at a time is locked on old at once. */
    @ParameterizedTest
    @CsvSource({"postgres, STRICT_READ_NEW", "postgres, DUAL_READ_NEW", "mariadb, STRICT_READ_NEW"})
    void rowsReadInPieces_areAllLockedOnOld(String vendor, Rung rung) throws Exception {
        try (TwoSides sides = sides(vendor);
                Connection another = sides.bare(Side.OLD);
                Connection reader = sides.connect();
                Statement pieces = reader.createStatement()) {
            sides.standing.move(rung);
            reader.setAutoCommit(false);
            pieces.setFetchSize(1);
            try (ResultSet rows = pieces.executeQuery("SELECT id FROM job ORDER BY id FOR UPDATE")) {
                rows.next();
                another.setAutoCommit(false);
                try (Statement free = another.createStatement()) {
                    assertThat(TwoSides.texts(free.executeQuery("SELECT id FROM job FOR UPDATE SKIP LOCKED")))
                            .isEmpty();
                }
                assertThat(pieces.getFetchSize()).isEqualTo(1);
                assertThat(TwoSides.texts(rows)).containsExactly("2", "3");
            }
            another.rollback();
            reader.commit();
        }
    }

    /** H2 locks all rows before it sorts and limits them, so that there is nothing left to see there. */
    @ParameterizedTest
    @CsvSource({"postgres", "mariadb"})
    void rowsThatWereTakenIn5_areThoseThatAreLockedOnBothSides(String vendor) throws Exception {
        try (TwoSides sides = sides(vendor);
                Connection worker = sides.connect();
                Connection onOld = sides.bare(Side.OLD);
                Connection onNew = sides.bare(Side.NEW)) {
            sides.on(Side.NEW, List.of("UPDATE job SET state = 'done' WHERE id = 1"));
            sides.standing.move(Rung.DUAL_READ_NEW);
            worker.setAutoCommit(false);
            // Old still has row 1 as ready, which an instance in 6 has done on new alone.
            assertThat(take(worker, 2)).containsExactly("2|two");
            onOld.setAutoCommit(false);
            onNew.setAutoCommit(false);
            assertThat(take(onOld, 9)).containsExactly("3|three");
            assertThat(take(onNew, 9)).containsExactly("3|three");
            onOld.rollback();
            onNew.rollback();
            worker.rollback();
        }
    }

    @ParameterizedTest
    @CsvSource({"postgres", "mariadb", "h2"})
    void offset_isNotAppliedTwice(String vendor) throws Exception {
        try (TwoSides sides = sides(vendor);
                Connection worker = sides.connect();
                Statement statement = worker.createStatement()) {
            sides.standing.move(Rung.DUAL_READ_NEW);
            worker.setAutoCommit(false);
            try (ResultSet rows =
                    statement.executeQuery("SELECT id FROM job ORDER BY id LIMIT 1 OFFSET 1 FOR UPDATE")) {
                assertThat(TwoSides.texts(rows)).containsExactly("2");
            }
            statement.setMaxRows(1);
            try (ResultSet rows = statement.executeQuery("SELECT id FROM job ORDER BY id LIMIT 2 FOR UPDATE")) {
                assertThat(TwoSides.texts(rows)).containsExactly("1");
            }
            worker.rollback();
        }
    }
}
