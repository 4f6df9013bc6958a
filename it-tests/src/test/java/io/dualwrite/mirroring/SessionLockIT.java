package io.dualwrite.mirroring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dualwrite.ladder.Rung;
import io.dualwrite.ladder.Side;
import io.dualwrite.servers.SharedServers;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A session's locks keep their connection on its rung as long as the server has them, and no longer (R9, R22). */
class SessionLockIT {

    private static TwoSides sides(String vendor) throws Exception {
        TwoSides sides = new TwoSides(SharedServers.of(vendor), SharedServers.of(vendor), "paper");
        sides.prepare("CREATE TABLE paper (id INT PRIMARY KEY, note VARCHAR(20))");
        return sides;
    }

    private static Rung neighbour(Rung rung) {
        return rung == Rung.NEW_ONLY ? Rung.DUAL_READ_NEW : Rung.values()[rung.ordinal() + 1];
    }

    private static void run(Statement statement, String sql) throws SQLException {
        statement.executeQuery(sql).close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"postgres", "mariadb"})
    void sessionLock_keepsItsConnection_untilItIsReleased(String vendor) throws Exception {
        String lock = vendor.equals("postgres") ? "SELECT pg_advisory_lock(9)" : "SELECT GET_LOCK('nine', 1)";
        String release = vendor.equals("postgres") ? "SELECT pg_advisory_unlock(9)" : "SELECT RELEASE_LOCK('nine')";
        for (Rung rung : Rung.values()) {
            try (TwoSides sides = sides(vendor);
                    Connection connection = sides.connect();
                    PreparedStatement locks = connection.prepareStatement(lock);
                    PreparedStatement releases = connection.prepareStatement(release)) {
                sides.standing.move(rung);
                locks.executeQuery().close();
                sides.standing.move(neighbour(rung));
                assertThat(sides.standing.stragglers().values()).containsExactly("a session lock on " + rung);
                releases.executeQuery().close();
                sides.settle();
                assertThat(sides.standing.drained()).as("from %s", rung).isTrue();
            }
        }
    }

    private static boolean has(Connection connection, String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            return rows.next() && rows.getBoolean(1);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "pg_advisory_lock(7), pg_try_advisory_lock(7), false",
        "pg_advisory_lock(7), pg_try_advisory_lock(7), true",
        "pg_advisory_lock(7), pg_try_advisory_xact_lock(7), true"
    })
    void lockThatOldDenies_isNotTakenOnNew(String taken, String tried, boolean manual) throws Exception {
        for (Rung rung : List.of(Rung.STRICT_READ_NEW, Rung.STRICT_NEW_FIRST, Rung.DUAL_READ_NEW)) {
            try (TwoSides sides = sides("postgres");
                    Connection holder = sides.bare(Side.OLD);
                    Connection onNew = sides.bare(Side.NEW);
                    Connection connection = sides.connectOn(rung)) {
                connection.setAutoCommit(!manual);
                try (Statement statement = holder.createStatement()) {
                    run(statement, "SELECT " + taken);
                }
                assertThat(has(connection, "SELECT " + tried))
                        .as("%s while old is held", rung)
                        .isFalse();
                assertThat(has(onNew, "SELECT pg_try_advisory_lock(7)"))
                        .as("free on new")
                        .isTrue();
                assertThat(has(onNew, "SELECT pg_advisory_unlock(7)")).isTrue();
                assertThat(has(holder, "SELECT pg_advisory_unlock(7)")).isTrue();
                assertThat(has(connection, "SELECT " + tried))
                        .as("%s when old is free", rung)
                        .isTrue();
                assertThat(has(onNew, "SELECT pg_try_advisory_lock(7)")).isFalse();
            }
        }
    }

    @Test
    void mariaDbsLockThatOldDenies_isNotTakenOnNew() throws Exception {
        try (TwoSides sides = new TwoSides(SharedServers.of("mariadb"), SharedServers.secondOf("mariadb"), "paper")) {
            sides.prepare("CREATE TABLE paper (id INT PRIMARY KEY, note VARCHAR(20))");
            try (Connection holder = sides.bare(Side.OLD);
                    Connection onNew = sides.bare(Side.NEW);
                    Connection connection = sides.connectOn(Rung.STRICT_READ_NEW)) {
                assertThat(has(holder, "SELECT GET_LOCK('seven', 0)")).isTrue();
                assertThat(has(connection, "SELECT GET_LOCK('seven', 0)")).isFalse();
                assertThat(has(onNew, "SELECT GET_LOCK('seven', 0)")).isTrue();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Rung.class,
            names = {"STRICT_READ_NEW", "STRICT_NEW_FIRST", "DUAL_READ_NEW"})
    void lockThatNewFailsToAnswer_isGivenBackOnOld(Rung rung) throws Exception {
        try (TwoSides sides = sides("postgres");
                Connection onOld = sides.bare(Side.OLD);
                Connection connection = sides.connectOn(rung)) {
            sides.on(Side.OLD, List.of("INSERT INTO paper VALUES (1, 'kept')"));
            sides.on(Side.NEW, List.of("DROP TABLE paper"));
            assertThatThrownBy(() -> has(connection, "SELECT pg_try_advisory_lock(7) FROM paper"))
                    .isInstanceOf(SQLException.class);
            assertThat(has(onOld, "SELECT pg_try_advisory_lock(7)")).isTrue();
        }
    }

    /** An instance in 6 has it on new alone. What old gave is given back, or those in 5 would wait for the connection's end. */
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "postgres; SELECT pg_try_advisory_lock(7); SELECT pg_try_advisory_lock(?)",
                "postgres; SELECT pg_try_advisory_lock(7); SELECT pg_try_advisory_lock(CAST(? AS bigint)) AS had",
                "mariadb; SELECT GET_LOCK('7', 0); SELECT GET_LOCK(?, 0)",
                "mariadb; SELECT GET_LOCK('7', 0); SELECT GET_LOCK(CONCAT(?, ''), 0)"
            })
    void lockThatNewDenies_isGivenBackOnOld(String vendor, String taken, String tried) throws Exception {
        for (Rung rung : List.of(Rung.STRICT_NEW_FIRST, Rung.DUAL_READ_NEW)) {
            try (TwoSides sides = new TwoSides(SharedServers.of(vendor), SharedServers.secondOf(vendor), "paper")) {
                sides.prepare("CREATE TABLE paper (id INT PRIMARY KEY, note VARCHAR(20))");
                try (Connection holder = sides.bare(Side.NEW);
                        Connection onOld = sides.bare(Side.OLD);
                        Connection connection = sides.connectOn(rung);
                        PreparedStatement tries = connection.prepareStatement(tried)) {
                    assertThat(has(holder, taken)).isTrue();
                    if (vendor.equals("postgres")) {
                        tries.setLong(1, 7);
                    } else {
                        tries.setString(1, "7");
                    }
                    try (ResultSet rows = tries.executeQuery()) {
                        assertThat(rows.next() && rows.getBoolean(1)).isFalse();
                    }
                    assertThat(has(onOld, taken)).as("on old, from %s", rung).isTrue();
                }
            }
        }
    }

    @Test
    void lockThatWasTriedInVain_orTakenTwice_isAskedOfTheServer() throws Exception {
        try (TwoSides sides = sides("postgres");
                Connection holder = sides.bare(Side.OLD);
                Statement holding = holder.createStatement();
                Connection connection = sides.connect();
                Statement statement = connection.createStatement()) {
            holding.executeQuery("SELECT pg_advisory_lock(7)").close();
            statement.executeQuery("SELECT pg_try_advisory_lock(7)").close();
            sides.standing.move(Rung.DUAL_READ_OLD);
            assertThat(sides.standing.drained()).as("tried in vain").isTrue();
            statement
                    .executeQuery("SELECT pg_advisory_lock(8), pg_advisory_lock(9)")
                    .close();
            statement.executeQuery("SELECT pg_advisory_unlock(8)").close();
            sides.standing.move(Rung.OLD_ONLY);
            assertThat(sides.standing.stragglers().values()).containsExactly("a session lock on DUAL_READ_OLD");
            statement.executeQuery("SELECT pg_advisory_unlock(9)").close();
            assertThat(sides.standing.drained()).as("both let go").isTrue();
        }
    }

    /** What comes between a lock that was tried in vain and the end of its transaction. */
    static Stream<String> afterwards() {
        return Stream.of(
                "SELECT 1",
                "SELECT pg_advisory_lock(8), pg_advisory_unlock(8)",
                "SELECT pg_try_advisory_lock(7)",
                "SELECT nothing FROM nowhere");
    }

    @ParameterizedTest
    @MethodSource("afterwards")
    void lockThatWasTriedInVain_isAskedForAtTheEndOfItsTransaction(String then) throws Exception {
        for (Rung rung : Rung.values()) {
            try (TwoSides sides = sides("postgres");
                    Connection onOld = sides.bare(Side.OLD);
                    Connection onNew = sides.bare(Side.NEW);
                    Connection connection = sides.connect();
                    Statement statement = connection.createStatement()) {
                for (Connection holder : List.of(onOld, onNew)) {
                    run(holder.createStatement(), "SELECT pg_advisory_lock(7)");
                }
                sides.standing.move(rung);
                connection.setAutoCommit(false);
                run(statement, "SELECT pg_try_advisory_lock(7)");
                try {
                    run(statement, then);
                } catch (SQLException missing) {
                    assertThat(missing.getSQLState()).isEqualTo("42P01");
                }
                sides.standing.move(neighbour(rung));
                assertThat(sides.standing.drained())
                        .as("in its transaction on %s", rung)
                        .isFalse();
                connection.rollback();
                sides.settle();
                assertThat(sides.standing.drained()).as("from %s", rung).isTrue();
            }
        }
    }

    /** How the application says a name. */
    enum Saying {
        LITERAL("'nine'"),
        PARAMETER("?"),
        COMPUTED("CONCAT('ni', ?)");

        private final String expression;

        Saying(String expression) {
            this.expression = expression;
        }

        private void call(Connection connection, String before, String behind) throws SQLException {
            try (PreparedStatement statement = connection.prepareStatement(before + expression + behind)) {
                if (this != LITERAL) {
                    statement.setString(1, this == PARAMETER ? "nine" : "ne");
                }
                statement.executeQuery().close();
            }
        }
    }

    static Stream<Arguments> sayings() {
        List<Arguments> all = new ArrayList<>();
        for (Saying saying : Saying.values()) {
            for (Rung rung : Rung.values()) {
                all.add(Arguments.of(saying, rung));
            }
        }
        return all.stream();
    }

    @ParameterizedTest
    @MethodSource("sayings")
    void namedLockThatRanOutOfTime_isNotHeld(Saying saying, Rung rung) throws Exception {
        try (TwoSides sides = sides("mariadb");
                Connection holder = sides.bare(Side.OLD);
                Statement holding = holder.createStatement();
                Connection connection = sides.connect()) {
            run(holding, "SELECT GET_LOCK('nine', 0)");
            sides.standing.move(rung);
            saying.call(connection, "SELECT GET_LOCK(", ", 0)");
            sides.standing.move(neighbour(rung));
            sides.settle();
            assertThat(sides.standing.drained()).as("from %s", rung).isTrue();
        }
    }

    @ParameterizedTest
    @MethodSource("sayings")
    void namedLockThatWasTakenTwice_isHeldUntilItsLastRelease(Saying saying, Rung rung) throws Exception {
        try (TwoSides sides = sides("mariadb");
                Connection connection = sides.connect();
                Statement statement = connection.createStatement()) {
            sides.standing.move(rung);
            saying.call(connection, "SELECT GET_LOCK(", ", 0)");
            saying.call(connection, "SELECT GET_LOCK(", ", 0)");
            run(statement, "SELECT RELEASE_LOCK('another')");
            saying.call(connection, "SELECT RELEASE_LOCK(", ")");
            sides.standing.move(neighbour(rung));
            assertThat(sides.standing.stragglers().values()).containsExactly("a session lock on " + rung);
            saying.call(connection, "SELECT RELEASE_LOCK(", ")");
            sides.settle();
            assertThat(sides.standing.drained()).as("from %s", rung).isTrue();
        }
    }

    /** What cannot be asked for by name is counted. */
    @ParameterizedTest
    @EnumSource(Rung.class)
    void namedLockWhoseNameCannotBeTold_isHeld_untilOneIsReleasedLikeIt(Rung rung) throws Exception {
        try (TwoSides sides = sides("mariadb");
                Connection connection = sides.connect();
                Statement statement = connection.createStatement()) {
            sides.standing.move(rung);
            statement.execute("SET @name = 'nine'");
            run(statement, "SELECT GET_LOCK(@name, 0)");
            run(statement, "SELECT RELEASE_LOCK('another')");
            sides.standing.move(neighbour(rung));
            assertThat(sides.standing.stragglers().values()).containsExactly("a session lock on " + rung);
            run(statement, "SELECT RELEASE_LOCK(@name)");
            sides.settle();
            assertThat(sides.standing.drained()).as("from %s", rung).isTrue();
        }
    }
}
