package io.dualwrite.mirroring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dualwrite.config.Settings;
import io.dualwrite.ladder.Phase;
import io.dualwrite.ladder.Rung;
import io.dualwrite.ladder.Side;
import io.dualwrite.servers.SharedServers;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A row that is changed through a result set is a write of the connection's transaction, as one by text is. */
class UpdatableRowsIT {
    private static final String ROWS = "SELECT id, note FROM paper ORDER BY id";
    private static final String MARKS = "SELECT table_name FROM dualwrite_mark";

    private static TwoSides sides(String vendor) throws Exception {
        TwoSides sides = new TwoSides(SharedServers.of(vendor), SharedServers.of(vendor), "paper");
        sides.prepare(
                "CREATE TABLE paper (id INT PRIMARY KEY, note VARCHAR(20))",
                "INSERT INTO paper VALUES (1, 'one'), (2, 'two'), (3, 'three')",
                "CREATE TABLE derived_sum (id INT PRIMARY KEY, note VARCHAR(20))",
                "INSERT INTO derived_sum VALUES (1, 'one')");
        return sides;
    }

    static Stream<Arguments> endings() {
        List<Arguments> all = new ArrayList<>();
        for (String vendor : List.of("h2", "postgres", "mariadb")) {
            for (Rung rung : List.of(Rung.OLD_ONLY, Rung.NEW_ONLY)) {
                for (boolean commits : List.of(true, false)) {
                    all.add(Arguments.of(vendor, rung, commits));
                }
            }
        }
        return all.stream();
    }

    private static Statement updatable(Connection connection) throws SQLException {
        return connection.createStatement(
                ResultSet.TYPE_SCROLL_INSENSITIVE, ResultSet.CONCUR_UPDATABLE, ResultSet.HOLD_CURSORS_OVER_COMMIT);
    }

    private static void change(ResultSet row, String note) throws SQLException {
        row.updateString("note", note);
        row.updateRow();
    }

    @ParameterizedTest
    @MethodSource("endings")
    void rowIsChangedAfterACommit_theChangeEndsWithItsTransaction(String vendor, Rung rung, boolean commits)
            throws Exception {
        try (TwoSides sides = sides(vendor)) {
            sides.standing.move(rung);
            try (Connection connection = sides.connect();
                    Statement statement = updatable(connection)) {
                connection.setAutoCommit(false);
                try (ResultSet rows = statement.executeQuery(ROWS)) {
                    rows.next();
                    change(rows, "first");
                    connection.commit();
                    rows.next();
                    change(rows, "second");
                    sides.standing.move(rung == Rung.OLD_ONLY ? Rung.DUAL_READ_OLD : Rung.DUAL_READ_NEW);
                    if (commits) {
                        connection.commit();
                    } else {
                        connection.rollback();
                    }
                }
            }
            sides.settle();
            assertThat(sides.rows(rung.reads(), ROWS))
                    .containsExactly("1|first", commits ? "2|second" : "2|two", "3|three");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"h2", "postgres", "mariadb"})
    void rowIsChangedWithAutoCommit_itIsCommittedAtOnce(String vendor) throws Exception {
        try (TwoSides sides = sides(vendor);
                Connection connection = sides.connect();
                Statement statement = updatable(connection);
                ResultSet rows = statement.executeQuery(ROWS)) {
            rows.next();
            change(rows, "first");
            rows.next();
            rows.deleteRow();
            rows.moveToInsertRow();
            rows.updateInt("id", 4);
            rows.updateString("note", "four");
            rows.insertRow();
            assertThat(sides.rows(Side.OLD, ROWS)).containsExactly("1|first", "3|three", "4|four");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"h2", "postgres", "mariadb"})
    void rowOfDataBIsChangedInPhaseTwo_itIsCommittedWithItsMark(String vendor) throws Exception {
        for (boolean autoCommit : List.of(true, false)) {
            try (TwoSides sides = sides(vendor)) {
                Settings two = sides.settings(Phase.TWO);
                try (Connection connection = sides.connectBy(() -> two);
                        Statement statement = updatable(connection)) {
                    connection.setAutoCommit(autoCommit);
                    try (ResultSet rows = statement.executeQuery(ROWS)) {
                        rows.next();
                        change(rows, "first");
                    }
                    if (!autoCommit) {
                        connection.commit();
                    }
                    assertThat(sides.rows(Side.OLD, MARKS)).isEmpty();
                    try (ResultSet rows = statement.executeQuery("SELECT id, note FROM derived_sum")) {
                        rows.next();
                        change(rows, "first");
                        if (!autoCommit) {
                            connection.commit();
                        }
                    }
                }
                assertThat(sides.rows(Side.OLD, ROWS)).contains("1|first");
                assertThat(sides.rows(Side.OLD, "SELECT note FROM derived_sum")).containsExactly("first");
                assertThat(sides.rows(Side.OLD, MARKS)).containsExactly("derived_sum");
            }
        }
    }

    /** What was read before the phase is that of no write that was looked at. */
    @ParameterizedTest
    @ValueSource(strings = {"h2", "postgres", "mariadb"})
    void rowWasReadInPhaseOne_changeInPhaseTwoMarksAnyTable(String vendor) throws Exception {
        try (TwoSides sides = sides(vendor)) {
            Settings[] now = {sides.settings(Phase.ONE)};
            try (Connection connection = sides.connectBy(() -> now[0]);
                    Statement statement = updatable(connection)) {
                statement.executeQuery(ROWS).close();
                try (ResultSet rows = statement.executeQuery("SELECT id, note FROM derived_sum")) {
                    rows.next();
                    now[0] = sides.settings(Phase.TWO);
                    change(rows, "first");
                }
            }
            assertThat(sides.rows(Side.OLD, MARKS)).containsExactly("*");
        }
    }

    /** On H2 the rows keep the rung as long as they are open. */
    @ParameterizedTest
    @ValueSource(strings = {"postgres", "mariadb"})
    void rowsAreKeptOverAllSteps_aChangeIsRefused(String vendor) throws Exception {
        try (TwoSides sides = sides(vendor);
                Connection connection = sides.connect();
                Statement statement = updatable(connection);
                ResultSet rows = statement.executeQuery(ROWS)) {
            rows.next();
            sides.standing.move(Rung.NEW_ONLY);
            assertThatThrownBy(() -> change(rows, "late"))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("read the rows again");
            for (Side side : Side.values()) {
                assertThat(sides.rows(side, ROWS)).as("%s", side).contains("1|one");
            }
        }
    }
}
