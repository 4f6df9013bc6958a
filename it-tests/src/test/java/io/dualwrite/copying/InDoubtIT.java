package io.dualwrite.copying;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dualwrite.copier.Copier;
import io.dualwrite.copier.Report;
import io.dualwrite.copier.plan.Direction;
import io.dualwrite.ladder.Phase;
import io.dualwrite.ladder.Rung;
import io.dualwrite.ladder.Side;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A mirror's commit that nobody has heard of, and a repair beside it (R16). */
class InDoubtIT {
    private static final String ITEMS = "SELECT id, name FROM item ORDER BY id";
    /** All but the ids that repair itself has inserted, which stay until no transaction of that time is open on the server. */
    private static final String MARKS = "SELECT id, seq FROM dualwrite_mark WHERE instance <> ''";

    private static final String COLUMNS =
            "INSERT INTO dualwrite_mark (id, seq, table_name, row_key, reason, instance, epoch, marked_at) VALUES ";

    private static Pair pair(String vendor, Rung rung) throws SQLException {
        Pair pair = new Pair(vendor, vendor).set("dataA", "item, other");
        for (String table : new String[] {"item", "other"}) {
            pair.onBoth(
                    "CREATE TABLE " + table + " (id INT PRIMARY KEY, name VARCHAR(50))",
                    "INSERT INTO " + table + " VALUES (1, 'one')");
        }
        pair.instance(rung, rung == Rung.DUAL_READ_OLD ? Phase.THREE : Phase.FIVE);
        return pair;
    }

    private static Report repair(Pair pair, Rung rung) throws Exception {
        try (Copier copier = pair.copier(rung.authority() == Side.OLD ? Direction.UP : Direction.DOWN)) {
            return copier.repair();
        }
    }

    private static Connection mirrorInDoubt(Pair pair, Rung rung) throws SQLException {
        pair.run(
                rung.authority(),
                "UPDATE item SET name = 'uno' WHERE id = 1",
                COLUMNS + "('w-1', 0, 'item', '1', 'in flight', 'app-1', 1, 5)");
        Connection mirror = pair.connect(rung.mirror());
        mirror.setAutoCommit(false);
        try (Statement statement = mirror.createStatement()) {
            statement.executeUpdate(COLUMNS + "('w-1', -1, '', NULL, '', 'app-1', 1, 5)");
            // The row is not locked yet: its statement is on its way.
        }
        return mirror;
    }

    @ParameterizedTest
    @CsvSource({
        "h2, DUAL_READ_OLD",
        "postgres, DUAL_READ_OLD",
        "mariadb, DUAL_READ_OLD",
        "h2, DUAL_READ_NEW",
        "postgres, DUAL_READ_NEW",
        "mariadb, DUAL_READ_NEW"
    })
    void mirrorIsStillOpen_repairLeavesTheMark_andMendsWhatCommittedLate(String vendor, Rung rung) throws Exception {
        try (Pair pair = pair(vendor, rung);
                Connection mirror = mirrorInDoubt(pair, rung)) {
            Report early = repair(pair, rung);
            assertThat(early.notes()).anyMatch(note -> note.contains("still open"));
            assertThat(pair.rows(rung.authority(), MARKS)).containsExactly("w-1,0");
            try (Statement statement = mirror.createStatement()) {
                statement.executeUpdate("UPDATE item SET name = 'late and other' WHERE id = 1");
            }
            mirror.commit();
            repair(pair, rung);
            assertThat(pair.rows(rung.mirror(), ITEMS))
                    .isEqualTo(pair.rows(rung.authority(), ITEMS))
                    .containsExactly("1,uno");
            for (Side side : Side.values()) {
                assertThat(pair.rows(side, MARKS)).isEmpty();
            }
        }
    }

    /** As a mirror does that sends its id and its COMMIT at once and was stopped before. */
    @ParameterizedTest
    @CsvSource({"h2, DUAL_READ_OLD", "postgres, DUAL_READ_OLD", "postgres, DUAL_READ_NEW", "mariadb, DUAL_READ_NEW"})
    void mirrorIsOpenWithoutItsId_andGoesOnAfterTheRepair_findsItsIdThere(String vendor, Rung rung) throws Exception {
        try (Pair pair = pair(vendor, rung);
                Connection mirror = pair.connect(rung.mirror())) {
            mirror.setAutoCommit(false);
            try (Statement statement = mirror.createStatement()) {
                statement.executeUpdate("DELETE FROM item WHERE id = 7");
                statement.executeUpdate("UPDATE other SET name = 'open' WHERE id = 1");
                pair.run(
                        rung.authority(),
                        "UPDATE item SET name = 'uno' WHERE id = 1",
                        COLUMNS + "('w-3', 0, 'item', '1', 'in flight', 'app-1', 1, 5)");
                for (int round = 0; round < 3; round++) {
                    repair(pair, rung);
                }
                assertThat(pair.rows(rung.mirror(), ITEMS)).containsExactly("1,uno");
                assertThatThrownBy(() -> statement.executeUpdate(COLUMNS + "('w-3', -1, '', '', '', 'app-1', 1, 5)"))
                        .isInstanceOf(SQLException.class)
                        .extracting(e -> ((SQLException) e).getSQLState().substring(0, 2))
                        .isEqualTo("23");
            }
            mirror.rollback();
            repair(pair, rung);
            for (Side side : Side.values()) {
                assertThat(pair.rows(side, MARKS)).isEmpty();
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"h2, DUAL_READ_OLD", "postgres, DUAL_READ_OLD", "mariadb, DUAL_READ_NEW"})
    void mirrorRolledBack_repairMendsAtOnce(String vendor, Rung rung) throws Exception {
        try (Pair pair = pair(vendor, rung);
                Connection mirror = mirrorInDoubt(pair, rung)) {
            mirror.rollback();
            Report report = repair(pair, rung);
            assertThat(report.differences()).isZero();
            assertThat(pair.rows(rung.mirror(), ITEMS)).containsExactly("1,uno");
            for (Side side : Side.values()) {
                assertThat(pair.rows(side, MARKS)).isEmpty();
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"h2, DUAL_READ_OLD", "postgres, DUAL_READ_NEW", "mariadb, DUAL_READ_OLD"})
    void anIdWithoutAMark_isLeftBehindByAKilledInstance_andCleared(String vendor, Rung rung) throws Exception {
        try (Pair pair = pair(vendor, rung)) {
            pair.run(rung.mirror(), COLUMNS + "('w-2', -1, '', NULL, '', 'app-1', 1, 5)");
            repair(pair, rung);
            assertThat(pair.rows(rung.mirror(), MARKS)).isEmpty();
        }
    }
}
