package io.dualwrite.mirroring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dualwrite.ladder.Rung;
import io.dualwrite.ladder.Side;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A mark goes in at the current epoch only, so that a process that slept through a rejoin writes nothing on any side (R29). */
class EpochIT {
    private static final String NAMES = "SELECT name FROM item ORDER BY id";
    private static final String MARKS = "SELECT id FROM dualwrite_mark";
    /** The instance knows the first. */
    private static final String PHASE =
            "INSERT INTO dualwrite_phase (id, migration, epoch) VALUES (1, 'of this test', %d)";

    static Stream<Arguments> everywhere() {
        return MarkIT.everywhere();
    }

    @AfterAll
    static void stop() {
        MirrorIT.stop();
    }

    private static TwoSides sides(String vendor, Rung rung, int epoch) throws Exception {
        TwoSides sides = new TwoSides(MirrorIT.server(vendor), MirrorIT.server(vendor), "item", Map.of());
        sides.prepare(
                "CREATE TABLE item (id INT PRIMARY KEY, name VARCHAR(50))",
                "INSERT INTO item VALUES (1, 'one')",
                "INSERT INTO item VALUES (2, 'two')");
        for (Side side : Side.values()) {
            sides.on(side, List.of(String.format(PHASE, epoch)));
        }
        sides.standing.move(rung);
        return sides;
    }

    @ParameterizedTest
    @MethodSource("everywhere")
    void laterEpoch_writesNothingOnAnySide(String vendor, Rung rung) throws Exception {
        try (TwoSides sides = sides(vendor, rung, 2);
                Connection connection = sides.connect();
                Statement statement = connection.createStatement()) {
            assertThatThrownBy(() -> statement.executeUpdate("UPDATE item SET name = 'uno' WHERE id = 1"))
                    .isInstanceOfSatisfying(
                            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("40000"))
                    .hasMessageContaining("Instance app-1 knows epoch 1 of the migration, and a later one has begun on "
                            + rung.authority().word());
            connection.setAutoCommit(false);
            statement.executeUpdate("UPDATE item SET name = 'uno' WHERE id = 1");
            statement.executeUpdate("UPDATE item SET name = 'due' WHERE id = 2");
            assertThatThrownBy(connection::commit).hasMessageContaining("nothing was committed");
            sides.settle();
            for (Side side : Side.values()) {
                assertThat(sides.rows(side, NAMES)).containsExactly("one", "two");
                assertThat(sides.rows(side, MARKS)).isEmpty();
            }
        }
    }

    /** A step holds the row while it looks at both sides, which may take as long as a server hangs. */
    @ParameterizedTest
    @MethodSource("everywhere")
    void stepUnderWay_delaysNoWrite(String vendor, Rung rung) throws Exception {
        try (TwoSides sides = sides(vendor, rung, 1);
                Connection step = sides.bare(rung.authority());
                Statement steps = step.createStatement();
                Connection connection = sides.connect();
                Statement statement = connection.createStatement()) {
            step.setAutoCommit(false);
            steps.executeQuery("SELECT epoch FROM dualwrite_phase WHERE id = 1 FOR UPDATE")
                    .close();
            statement.setQueryTimeout(5);
            statement.executeUpdate("UPDATE item SET name = 'uno' WHERE id = 1");
            sides.settle();
            step.rollback();
            for (Side side : Side.values()) {
                assertThat(sides.rows(side, NAMES)).containsExactly("uno", "two");
            }
        }
    }

    /** What holds the row until a transaction ends would keep the fleet from its next step. */
    @ParameterizedTest
    @MethodSource("everywhere")
    void writesOneAfterTheOther_delayNoStep(String vendor, Rung rung) throws Exception {
        try (TwoSides sides = sides(vendor, rung, 1);
                Connection step = sides.bare(rung.authority());
                Statement steps = step.createStatement();
                Connection connection = sides.connect();
                Statement statement = connection.createStatement()) {
            steps.setQueryTimeout(5);
            for (int i = 0; i < 3; i++) {
                statement.executeUpdate("UPDATE item SET name = 'uno" + i + "' WHERE id = 1");
                assertThat(steps.executeUpdate("UPDATE dualwrite_phase SET epoch = 1 WHERE id = 1"))
                        .isEqualTo(1);
            }
        }
    }
}
