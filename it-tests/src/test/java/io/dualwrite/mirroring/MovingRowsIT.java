package io.dualwrite.mirroring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dualwrite.ladder.Rung;
import io.dualwrite.ladder.Side;
import io.dualwrite.servers.SharedServers;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** MariaDB tells no rows of an UPDATE: they are selected first, and between the two one may leave and another come in (R25). */
class MovingRowsIT {
    private static final String TAKE_FIRST = "UPDATE job SET note = 'taken' WHERE id = (SELECT id FROM"
            + " (SELECT id FROM job WHERE note IS NULL ORDER BY priority LIMIT 1) first_one)";
    private static final String TAKE_DUE = "UPDATE job SET note = 'taken' WHERE due BETWEEN"
            + " NOW() - INTERVAL 1 SECOND AND NOW() + INTERVAL 3 SECOND OR id < 0";

    private static final String MARKED =
            "SELECT DISTINCT LOWER(table_name), row_key FROM dualwrite_mark WHERE seq >= 0 ORDER BY 1, 2";

    /** What is done before the UPDATE itself runs on old, once. */
    private interface InBetween {
        void run(TwoSides sides) throws Exception;
    }

    @ParameterizedTest
    @CsvSource({
        "DUAL_READ_OLD, true",
        "STRICT_READ_OLD, true",
        "STRICT_NEW_FIRST, true",
        "DUAL_READ_OLD, false",
        "STRICT_READ_OLD, false"
    })
    void rowThatComesInForOneThatLeaves_isWrittenOnBothOrNeither(Rung rung, boolean first) throws Exception {
        InBetween inBetween = first ? MovingRowsIT::moreUrgent : sides -> Thread.sleep(3_000);
        try (TwoSides sides = sides(Map.of())) {
            sides.standing.move(rung);
            update(sides, "", first ? TAKE_FIRST : TAKE_DUE, inBetween);
            assertUnwritten(sides, 3);
        }
    }

    /** The condition ends before it. */
    @ParameterizedTest
    @EnumSource(
            value = Rung.class,
            names = {"DUAL_READ_OLD", "STRICT_READ_OLD", "STRICT_NEW_FIRST"})
    void rowsAreWrittenInAnOrder_rowThatComesInIsWrittenOnBothOrNeither(Rung rung) throws Exception {
        try (TwoSides sides = sides(Map.of())) {
            sides.standing.move(rung);
            update(sides, "", TAKE_FIRST + " ORDER BY id DESC", nothing -> {});
            assertThat(sides.rows(Side.NEW, "SELECT id FROM job WHERE note = 'taken'"))
                    .containsExactly("1");
            update(sides, "", TAKE_FIRST + " ORDER BY id DESC", MovingRowsIT::moreUrgent);
            assertUnwritten(sides, 3);
        }
    }

    /** What a function reads, nobody here knows, nor can it be told to lock that. */
    @ParameterizedTest
    @EnumSource(
            value = Rung.class,
            names = {"DUAL_READ_OLD", "STRICT_READ_OLD", "STRICT_NEW_FIRST"})
    void functionFindsTheRows_theyAreMarkedOrRefused(Rung rung) throws Exception {
        try (TwoSides sides = sides(Map.of("routine.next_job", "reads"))) {
            for (Side side : Side.values()) {
                sides.on(
                        side,
                        List.of("CREATE FUNCTION next_job() RETURNS INT READS SQL DATA RETURN"
                                + " (SELECT id FROM job WHERE note IS NULL ORDER BY priority LIMIT 1)"));
            }
            sides.standing.move(rung);
            assertMarkedOrRefused(
                    sides, "", "UPDATE job SET note = 'taken' WHERE id = next_job()", MovingRowsIT::moreUrgent);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Rung.class,
            names = {"DUAL_READ_OLD", "STRICT_READ_OLD", "STRICT_NEW_FIRST"})
    void rowsAreTooManyToBeHeld_theyAreMarkedOrRefused(Rung rung) throws Exception {
        try (TwoSides sides = sides(Map.of())) {
            for (Side side : Side.values()) {
                sides.on(side, List.of("INSERT INTO job SELECT seq, 9, NOW(), 'late' FROM seq_1001_to_2100"));
            }
            sides.standing.move(rung);
            assertMarkedOrRefused(sides, "", TAKE_FIRST + " OR id > 1000", MovingRowsIT::moreUrgent);
        }
    }

    /** The count of such a driver leaves out a row that was hit and is as it was. */
    @ParameterizedTest
    @EnumSource(
            value = Rung.class,
            names = {"DUAL_READ_OLD", "STRICT_READ_OLD", "STRICT_NEW_FIRST"})
    void driverCountsChangedRows_oneThatComesInIsMarkedOrRefused(Rung rung) throws Exception {
        String take = "UPDATE job SET note = 'taken' WHERE priority < 5";
        String changed = "?useAffectedRows=true";
        try (TwoSides sides = sides(Map.of())) {
            sides.standing.move(rung);
            update(sides, changed, TAKE_FIRST, nothing -> {});
            update(sides, changed, "UPDATE job SET note = 'taken' WHERE id > 0 ORDER BY id", nothing -> {});
            update(sides, changed, "UPDATE job SET note = NULL WHERE id = 2", nothing -> {});
            sides.sweep();
            assertThat(sides.rows(Side.OLD, MARKED)).isEmpty();
            assertUnwritten(sides, 2);
            assertMarkedOrRefused(sides, changed, take, MovingRowsIT::moreUrgent);
        }
    }

    private static TwoSides sides(Map<String, String> further) throws Exception {
        Map<String, String> entries = new HashMap<>(TwoSides.PATIENT);
        entries.putAll(further);
        TwoSides sides = new TwoSides(SharedServers.of("mariadb"), SharedServers.secondOf("mariadb"), "job", entries);
        sides.prepare(
                "CREATE TABLE job (id INT PRIMARY KEY, priority INT, due DATETIME, note VARCHAR(20))",
                "INSERT INTO job VALUES (1, 1, NOW(), NULL), (2, 2, NOW() + INTERVAL 5 SECOND, NULL)");
        return sides;
    }

    private static void moreUrgent(TwoSides sides) throws SQLException {
        sides.on(Side.OLD, List.of("INSERT INTO job VALUES (3, 0, NULL, NULL)"));
    }

    /** Runs an UPDATE, and something else once between the look at its rows on old and itself. */
    private static void update(TwoSides sides, String more, String sql, InBetween inBetween) throws Exception {
        AtomicBoolean armed = new AtomicBoolean();
        String url = sides.oldUrl() + more;
        try (Connection connection = sides.connectThrough(side -> side == Side.NEW
                        ? sides.bare(side)
                        : Intercepted.connection(
                                DriverManager.getConnection(url, "app", "app"), (of, method, arguments) -> {
                                    boolean update = method.equals("prepareStatement")
                                            && arguments[0].toString().startsWith("UPDATE job");
                                    if (update && armed.getAndSet(false)) {
                                        try {
                                            inBetween.run(sides);
                                        } catch (Exception e) {
                                            throw new IllegalStateException(e);
                                        }
                                    }
                                }));
                Statement statement = connection.createStatement()) {
            connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
            statement.executeUpdate("UPDATE job SET priority = 1 WHERE id = 1");
            armed.set(true);
            statement.executeUpdate(sql);
            assertThat(armed).isFalse();
        }
        sides.settle();
    }

    /** New has no row 3, and none of old's that is marked is to be written there. */
    private static void assertUnwritten(TwoSides sides, int except) throws SQLException {
        String rows = "SELECT id, priority, note FROM job WHERE id < 3 ORDER BY id";
        assertThat(sides.rows(Side.OLD, rows)).isEqualTo(sides.rows(Side.NEW, rows));
        assertThat(sides.rows(Side.OLD, "SELECT note FROM job WHERE note IS NOT NULL AND id = " + except))
                .isEmpty();
    }

    private static void assertMarkedOrRefused(TwoSides sides, String more, String sql, InBetween inBetween)
            throws Exception {
        boolean strict = sides.standing.rung().strict();
        if (strict) {
            assertThatThrownBy(() -> update(sides, more, sql, inBetween)).isInstanceOf(SQLException.class);
        } else {
            update(sides, more, sql, inBetween);
        }
        sides.sweep();
        assertThat(sides.rows(Side.OLD, MARKED)).isEqualTo(strict ? List.of() : List.of("job|null"));
        if (strict) {
            String rows = "SELECT id, priority, note FROM job WHERE id <> 3 ORDER BY id";
            assertThat(sides.rows(Side.OLD, rows)).isEqualTo(sides.rows(Side.NEW, rows));
            assertUnwritten(sides, 3);
        }
    }
}
