package io.dualwrite.mirroring;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualwrite.ladder.Rung;
import io.dualwrite.ladder.Side;
import io.dualwrite.servers.SharedServers;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.postgresql.PGConnection;
import org.postgresql.geometric.PGpoint;

/** A pool that tests on borrow replaces a connection that can do nothing more, and keeps one that can. */
class ValidityIT {
    private static final String SESSIONS =
            "SELECT %s FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
                    + " AND backend_type = 'client backend'";
    private static final int SECONDS = 5;

    private static TwoSides sides(Rung rung) throws Exception {
        TwoSides sides = new TwoSides(
                SharedServers.of("postgres"),
                SharedServers.secondOf("postgres"),
                "item",
                Map.of("mirror.budget", "10 s"));
        sides.prepare("CREATE TABLE item (id INT PRIMARY KEY, name VARCHAR(50))", "INSERT INTO item VALUES (1, 'one')");
        sides.standing.move(rung);
        return sides;
    }

    private static Stream<Arguments> rungsAndSides() {
        return Stream.of(Rung.values()).flatMap(rung -> Stream.of(Side.values()).map(side -> Arguments.of(rung, side)));
    }

    @ParameterizedTest
    @MethodSource("rungsAndSides")
    void serverEndsTheSessionOfOneLeg_isInvalidWhereTheRungNeedsIt(Rung rung, Side ended) throws Exception {
        try (TwoSides sides = sides(rung);
                Connection connection = sides.connect();
                Statement statement = connection.createStatement()) {
            statement.executeUpdate("UPDATE item SET name = 'uno' WHERE id = 1");
            sides.settle();
            assertThat(connection.isValid(SECONDS)).isTrue();
            assertThat(sides.rows(ended, String.format(SESSIONS, "pg_terminate_backend(pid, 10000)")))
                    .hasSize(rung.uses(ended) ? 1 : 0)
                    .allMatch("t"::equals);
            boolean needed = rung.strict() || rung.reads() == ended;
            assertThat(connection.isValid(SECONDS)).isEqualTo(!needed);
            if (!needed) {
                statement.executeUpdate("UPDATE item SET name = 'due' WHERE id = 1");
                assertThat(sides.rows(rung.reads(), "SELECT name FROM item")).containsExactly("due");
            }
        }
    }

    /** A pool asks idle connections, whose servers must not take them for open transactions by it. */
    @ParameterizedTest
    @MethodSource("rungsAndAutoCommit")
    void connectionThatIsAskedBetweenTransactions_leavesNoneOpen(Rung rung, boolean autoCommit) throws Exception {
        List<Asking> askings = List.of(
                connection -> connection.isValid(SECONDS),
                connection -> connection
                        .getMetaData()
                        .getTables(null, null, "item", null)
                        .next(),
                Connection::getSchema,
                Connection::getTransactionIsolation);
        for (Asking asking : askings) {
            try (TwoSides sides = sides(rung);
                    Connection connection = sides.connect();
                    Statement statement = connection.createStatement()) {
                connection.setAutoCommit(autoCommit);
                statement.executeUpdate("UPDATE item SET name = 'uno' WHERE id = 1");
                if (!autoCommit) {
                    connection.commit();
                }
                sides.settle();
                asking.ask(connection);
                for (Side side : Side.values()) {
                    assertThat(sides.rows(side, String.format(SESSIONS, "state")))
                            .as("%s of %s", side, askings.indexOf(asking))
                            .allMatch("idle"::equals);
                }
                connection.setReadOnly(true);
                connection.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE);
                connection.setReadOnly(false);
                statement.executeUpdate("UPDATE item SET name = 'due' WHERE id = 1");
            }
        }
    }

    private interface Asking {
        void ask(Connection connection) throws SQLException;
    }

    private static Stream<Arguments> rungsAndAutoCommit() {
        return Stream.of(Rung.values()).flatMap(rung -> Stream.of(true, false)
                .filter(autoCommit -> autoCommit || rung.dual())
                .map(autoCommit -> Arguments.of(rung, autoCommit)));
    }

    @Test
    void legThatNobodyHasNeeded_isNotOpenedToBeAsked() throws Exception {
        try (TwoSides sides = sides(Rung.OLD_ONLY);
                Connection connection = sides.connect()) {
            sides.standing.move(Rung.DUAL_READ_OLD);
            assertThat(connection.isValid(SECONDS)).isTrue();
            assertThat(sides.rows(Side.NEW, String.format(SESSIONS, "pid"))).isEmpty();
        }
    }

    /** The pool would lend it, and the borrower's first statement fail. */
    @Test
    void sideThatIsReadSinceTheStep_isOutOfReach_isInvalid() throws Exception {
        try (TwoSides sides = sides(Rung.OLD_ONLY)) {
            AtomicBoolean away = new AtomicBoolean();
            try (Connection connection = sides.connectThrough(side -> {
                if (side == Side.NEW && away.get()) {
                    throw new SQLException("new is away", "08001");
                }
                return sides.bare(side);
            })) {
                assertThat(connection.isValid(SECONDS)).isTrue();
                away.set(true);
                sides.standing.move(Rung.NEW_ONLY);
                assertThat(connection.isValid(SECONDS)).isFalse();
                away.set(false);
                assertThat(connection.isValid(SECONDS)).isTrue();
            }
        }
    }

    /** As types that the pool has registered for a new connection: on the side that is read now nobody has. */
    @Test
    void vendorsObjectWasHandedOut_isInvalidOnceTheOtherSideIsRead() throws Exception {
        try (TwoSides sides = sides(Rung.DUAL_READ_OLD);
                Connection connection = sides.connect();
                Connection other = sides.connect()) {
            connection.unwrap(PGConnection.class).addDataType("point", PGpoint.class);
            assertThat(connection.isValid(SECONDS)).isTrue();
            sides.standing.move(Rung.DUAL_READ_NEW);
            assertThat(connection.isValid(SECONDS)).isFalse();
            assertThat(other.isValid(SECONDS)).isTrue();
        }
    }
}
