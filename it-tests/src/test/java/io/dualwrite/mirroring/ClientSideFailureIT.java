package io.dualwrite.mirroring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dualwrite.ladder.Rung;
import io.dualwrite.ladder.Side;
import io.dualwrite.servers.DatabaseServers;
import io.dualwrite.servers.SharedServers;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A driver refuses some things by itself, without asking its server, and the transaction is as good as before: what the
 * application commits afterwards stands on both sides, on PostgreSQL too, where the server's own refusals abort (R14). Where
 * the mirror may fail, rows that are not there are marked.
 */
class ClientSideFailureIT {
    private static final String ROWS = "SELECT id, note FROM paper ORDER BY id";

    /** What the vendor's driver may refuse by itself. */
    enum Refusal {
        MISSING_PARAMETER_OF_A_WRITE {
            @Override
            void provoke(Connection connection) throws SQLException {
                try (PreparedStatement statement =
                        connection.prepareStatement("UPDATE paper SET note = ? WHERE id = 1")) {
                    statement.executeUpdate();
                }
            }
        },
        MISSING_PARAMETER_OF_A_READ {
            @Override
            void provoke(Connection connection) throws SQLException {
                try (PreparedStatement statement = connection.prepareStatement("SELECT note FROM paper WHERE id = ?")) {
                    statement.executeQuery();
                }
            }
        },
        KEYS_BY_INDEX {
            @Override
            void provoke(Connection connection) throws SQLException {
                try (Statement statement = connection.createStatement()) {
                    statement.executeUpdate("UPDATE paper SET note = 'same' WHERE id = 1", new int[] {1});
                }
            }
        },
        WRITE_AS_A_QUERY {
            @Override
            void provoke(Connection connection) throws SQLException {
                try (Statement statement = connection.createStatement()) {
                    statement.executeQuery("UPDATE paper SET note = 'same' WHERE id = 1");
                }
            }
        };

        abstract void provoke(Connection connection) throws SQLException;
    }

    static Stream<Arguments> cases() {
        List<Arguments> all = new ArrayList<>();
        for (String vendor : DatabaseServers.VENDORS) {
            for (Rung rung : Rung.values()) {
                for (Refusal refusal : Refusal.values()) {
                    if (rung.dual()) {
                        all.add(Arguments.of(vendor, rung, refusal));
                    }
                }
            }
        }
        return all.stream();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void transactionGoesOn_andItsWritesStandOnBothSides(String vendor, Rung rung, Refusal refusal) throws Exception {
        try (TwoSides sides = new TwoSides(SharedServers.of(vendor), SharedServers.of(vendor), "paper")) {
            sides.prepare(
                    "CREATE TABLE paper (id INT PRIMARY KEY, note VARCHAR(20))",
                    "INSERT INTO paper VALUES (1, 'same')");
            sides.standing.move(rung);
            try (Connection connection = sides.connect();
                    Statement statement = connection.createStatement()) {
                connection.setAutoCommit(false);
                statement.executeUpdate("INSERT INTO paper VALUES (2, 'before')");
                provoke(refusal, connection);
                statement.executeUpdate("INSERT INTO paper VALUES (3, 'after')");
                connection.commit();
            }
            sides.settle();
            Side authority = rung.authority();
            assertThat(sides.rows(authority, ROWS)).containsExactly("1|same", "2|before", "3|after");
            if (!sides.rows(authority.other(), ROWS).equals(sides.rows(authority, ROWS))) {
                assertThat(rung.strict()).as("differs on a strict rung").isFalse();
                assertThat(sides.rows(authority, "SELECT row_key FROM dualwrite_mark ORDER BY row_key"))
                        .as("marks")
                        .containsExactly("1,3");
            }
        }
    }

    /**
     * Where new is the truth, old has run the write before; a driver's own fault is no exception of SQL. On PostgreSQL old's part is
     * rolled back and marked, for nobody knows whether new's transaction goes on.
     */
    @ParameterizedTest
    @CsvSource({
        "h2, DUAL_READ_NEW",
        "h2, STRICT_NEW_FIRST",
        "postgres, DUAL_READ_NEW",
        "mariadb, DUAL_READ_NEW",
        "mariadb, STRICT_NEW_FIRST"
    })
    void driverOfNewFailsWithoutAnExceptionOfSql_oldKeepsNothingOfTheWrite(String vendor, Rung rung) throws Exception {
        try (TwoSides sides = new TwoSides(SharedServers.of(vendor), SharedServers.of(vendor), "paper")) {
            sides.prepare("CREATE TABLE paper (id INT PRIMARY KEY, note VARCHAR(20))");
            sides.standing.move(rung);
            try (Connection connection = sides.connectThrough(side -> side == Side.OLD
                            ? sides.bare(side)
                            : Intercepted.connection(sides.bare(side), ClientSideFailureIT::fail));
                    Statement statement = connection.createStatement()) {
                connection.setAutoCommit(false);
                statement.executeUpdate("INSERT INTO paper VALUES (1, 'before')");
                assertThatThrownBy(() -> statement.executeUpdate("UPDATE paper SET note = 'fault'"))
                        .isInstanceOf(IllegalStateException.class);
                statement.executeUpdate("INSERT INTO paper VALUES (3, 'after')");
                connection.commit();
            }
            sides.settle();
            assertThat(sides.rows(Side.NEW, ROWS)).containsExactly("1|before", "3|after");
            if (vendor.equals("postgres")) {
                assertThat(sides.rows(Side.OLD, ROWS)).isEmpty();
                assertThat(sides.rows(Side.NEW, "SELECT row_key FROM dualwrite_mark"))
                        .as("marks")
                        .containsExactly("1,3");
            } else {
                assertThat(sides.rows(Side.OLD, ROWS)).containsExactly("1|before", "3|after");
            }
        }
    }

    private static void fail(Class<?> of, String method, Object[] arguments) {
        for (Object argument : arguments) {
            if (argument instanceof String && ((String) argument).contains("'fault'")) {
                throw new IllegalStateException("a fault of the driver's");
            }
        }
    }

    /** Whether it is refused at all is the vendor's affair. */
    private static void provoke(Refusal refusal, Connection connection) {
        try {
            refusal.provoke(connection);
        } catch (SQLException refused) {
            assertThat(refused.getSQLState()).isNotEqualTo("25P02");
        }
    }
}
