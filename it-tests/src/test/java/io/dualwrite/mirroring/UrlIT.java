package io.dualwrite.mirroring;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualwrite.ladder.Rung;
import io.dualwrite.ladder.Side;
import io.dualwrite.servers.SharedServers;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What the sides' URLs say of a connection. */
class UrlIT {
    private static final String ROWS = "SELECT id FROM item ORDER BY id";

    static Stream<Arguments> withoutAutoCommit() {
        return Stream.of(Rung.values())
                .flatMap(rung -> Stream.of(
                        Arguments.of("h2", ";AUTOCOMMIT=FALSE", rung),
                        Arguments.of("mariadb", "?autocommit=false", rung)));
    }

    @ParameterizedTest
    @MethodSource
    void withoutAutoCommit(String vendor, String more, Rung rung) throws Exception {
        try (TwoSides sides = new TwoSides(SharedServers.of(vendor), SharedServers.of(vendor), "item")) {
            sides.prepare("CREATE TABLE item (id INT PRIMARY KEY)");
            sides.standing.move(rung);
            try (Connection connection = sides.connectWith(more)) {
                assertThat(connection.getAutoCommit()).isFalse();
                insert(connection, 1);
                assertThat(sides.rows(rung.authority(), ROWS)).isEmpty();
                connection.rollback();
                insert(connection, 2);
                connection.commit();
                insert(connection, 3);
                connection.rollback();
                connection.setAutoCommit(true);
                insert(connection, 4);
            }
            sides.settle();
            for (Side side : Side.values()) {
                assertThat(sides.rows(side, ROWS))
                        .isEqualTo(rung.dual() || side == rung.reads() ? List.of("2", "4") : List.of());
            }
        }
    }

    /** With autocommit a write is committed on both, and what another session commits is seen in the next read. */
    @ParameterizedTest
    @MethodSource("withoutAutoCommit")
    void autoCommitTurnedOn_leavesNothingOpenOnEitherLeg(String vendor, String more, Rung rung) throws Exception {
        try (TwoSides sides = new TwoSides(SharedServers.of(vendor), SharedServers.of(vendor), "item")) {
            sides.prepare("CREATE TABLE item (id INT PRIMARY KEY)");
            sides.standing.move(rung);
            try (Connection connection = sides.connectWith(more)) {
                connection.setAutoCommit(true);
                insert(connection, 1);
                try (Statement statement = connection.createStatement()) {
                    assertThat(TwoSides.texts(statement.executeQuery(ROWS))).containsExactly("1");
                    sides.on(rung.reads(), List.of("INSERT INTO item (id) VALUES (2)"));
                    assertThat(TwoSides.texts(statement.executeQuery(ROWS))).containsExactly("1", "2");
                }
            }
            sides.settle();
            for (Side side : Side.values()) {
                if (rung.dual() || side == rung.reads()) {
                    assertThat(sides.rows(side, ROWS)).as(side.word()).contains("1");
                }
            }
        }
    }

    /** R22: rows that are still on their way need their leg. */
    @ParameterizedTest
    @EnumSource(Rung.class)
    void fetchSizeOfTheUrl_keepsTheRungUntilTheRowsAreRead(Rung rung) throws Exception {
        try (TwoSides sides = new TwoSides(SharedServers.of("mariadb"), SharedServers.of("mariadb"), "item")) {
            sides.prepare("CREATE TABLE item (id INT PRIMARY KEY)", "INSERT INTO item VALUES (1), (2), (3)");
            sides.standing.move(rung);
            try (Connection connection = sides.connectWith("?defaultFetchSize=1");
                    Statement statement = connection.createStatement()) {
                ResultSet rows = statement.executeQuery(ROWS);
                assertThat(rows.next()).isTrue();
                sides.standing.move(rung == Rung.OLD_ONLY ? Rung.DUAL_READ_OLD : Rung.OLD_ONLY);
                assertThat(sides.standing.drained()).as("while rows are read").isFalse();
                rows.close();
                assertThat(sides.standing.drained()).as("when they are").isTrue();
            }
        }
    }

    private static void insert(Connection connection, int id) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.executeUpdate("INSERT INTO item (id) VALUES (" + id + ")");
        }
    }
}
