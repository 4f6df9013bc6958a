package io.dualwrite.mirroring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dualwrite.ladder.Rung;
import io.dualwrite.ladder.Side;
import io.dualwrite.servers.SharedServers;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** LOCK TABLES where both databases lie on one MariaDB server: a table is its database's own, unlike a named lock (R9, R22). */
class TableLockIT {
    private static final String ROWS = "SELECT id, note FROM paper ORDER BY id";
    private static final String WRITE = "UPDATE paper SET note = 'locked' WHERE id = 1";

    private static TwoSides sides() throws Exception {
        TwoSides sides = new TwoSides(SharedServers.of("mariadb"), SharedServers.of("mariadb"), "paper");
        sides.prepare(
                "CREATE TABLE paper (id INT PRIMARY KEY, note VARCHAR(20))", "INSERT INTO paper VALUES (1, 'one')");
        return sides;
    }

    /** On which sides another session finds the table locked. */
    private static List<Side> locked(TwoSides sides) throws SQLException {
        List<Side> locked = new ArrayList<>();
        for (Side side : Side.values()) {
            try {
                sides.on(side, List.of("SET STATEMENT lock_wait_timeout = 0 FOR SELECT * FROM paper"));
            } catch (SQLException waited) {
                assertThat(waited.getErrorCode()).as("lock wait timeout").isEqualTo(1205);
                locked.add(side);
            }
        }
        return locked;
    }

    @ParameterizedTest
    @EnumSource(Rung.class)
    void lockTables_isTakenWhereItCounts_andKeepsTheRungUntilItIsLetGo(Rung rung) throws Exception {
        try (TwoSides sides = sides();
                Connection connection = sides.connect();
                Statement statement = connection.createStatement()) {
            sides.standing.move(rung);
            statement.execute("LOCK TABLES paper WRITE");
            List<Side> expected = rung.reads() == Side.OLD
                    ? List.of(Side.OLD)
                    : rung.dual() ? List.of(Side.OLD, Side.NEW) : List.of(Side.NEW);
            assertThat(locked(sides)).isEqualTo(expected);
            sides.standing.move(rung == Rung.NEW_ONLY ? Rung.DUAL_READ_NEW : Rung.values()[rung.ordinal() + 1]);
            assertThat(sides.standing.stragglers().values()).containsExactly("a session lock on " + rung);
            statement.execute("UNLOCK TABLES");
            sides.settle();
            assertThat(locked(sides)).isEmpty();
            assertThat(sides.standing.drained()).as("from %s", rung).isTrue();
        }
    }

    /** The mark cannot be written: the server lets a session that locks tables reach no other ones. */
    @ParameterizedTest
    @EnumSource(Rung.class)
    void lockedTable_isRead_andWrittenWhereOneSideIsWritten_butNotWhereBothAre(Rung rung) throws Exception {
        try (TwoSides sides = sides();
                Connection connection = sides.connect();
                Statement statement = connection.createStatement()) {
            sides.standing.move(rung);
            statement.execute("LOCK TABLES paper WRITE");
            if (rung.dual()) {
                assertThatThrownBy(() -> statement.executeUpdate(WRITE)).hasMessageContaining("dualwrite_mark");
            } else {
                assertThat(statement.executeUpdate(WRITE)).isEqualTo(1);
            }
            String expected = rung.dual() ? "1|one" : "1|locked";
            assertThat(TwoSides.texts(statement.executeQuery(ROWS))).containsExactly(expected);
            statement.execute("UNLOCK TABLES");
            sides.settle();
            assertThat(sides.rows(rung.reads(), ROWS)).containsExactly(expected);
            assertThat(sides.rows(rung.reads().other(), ROWS)).containsExactly("1|one");
            if (rung.dual()) {
                statement.executeUpdate(WRITE);
                sides.settle();
                for (Side side : Side.values()) {
                    assertThat(sides.rows(side, ROWS)).as("on %s", side).containsExactly("1|locked");
                }
            }
        }
    }
}
