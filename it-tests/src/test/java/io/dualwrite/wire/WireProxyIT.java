package io.dualwrite.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dualwrite.servers.DatabaseServer;
import io.dualwrite.servers.SharedServers;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the proxy makes of the requests of both vendors' drivers: it knows each, counts it, and does with it as it is told. */
class WireProxyIT {
    private static final String DATABASE = "wire";

    private static DatabaseServer server(String vendor) throws SQLException {
        DatabaseServer server = SharedServers.of(vendor);
        server.createDatabase(DATABASE);
        try (Connection connection = server.connect(DATABASE);
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE item (id INT PRIMARY KEY, name VARCHAR(200))");
        }
        return server;
    }

    private static WireProxy proxy(DatabaseServer server) throws IOException {
        return WireProxy.start(WireProxy.Protocol.of(server.vendor()), server.port());
    }

    private static Connection connect(WireProxy proxy, DatabaseServer server, String options) throws SQLException {
        return DriverManager.getConnection(
                proxy.through(server.jdbcUrl(DATABASE)) + options, server.user(), server.password());
    }

    private static int rows(DatabaseServer server) throws SQLException {
        try (Connection connection = server.connect(DATABASE);
                Statement statement = connection.createStatement();
                ResultSet count = statement.executeQuery("SELECT COUNT(*) FROM item")) {
            count.next();
            return count.getInt(1);
        }
    }

    private static void insert(Connection connection, int id) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.executeUpdate("INSERT INTO item VALUES (" + id + ", 'name')");
        }
    }

    /** One request each: plain, prepared and kept by the server, several results, many rows, an error, an empty answer. */
    @ParameterizedTest
    @CsvSource({
        "postgres, ?prepareThreshold=1",
        "postgres, ?preferQueryMode=simple",
        "mariadb, ?allowMultiQueries=true",
        "mariadb, ?useServerPrepStmts=true&allowMultiQueries=true"
    })
    void everyKindOfStatement_passesUnchanged_andIsCountedOnce(String vendor, String options) throws Exception {
        DatabaseServer server = server(vendor);
        try (WireProxy proxy = proxy(server);
                Connection connection = connect(proxy, server, options);
                Statement statement = connection.createStatement()) {
            insertMany(connection, 3_000);
            long before = proxy.requests();
            long roundsBefore = proxy.rounds().ended();
            assertThat(count(statement, "SELECT id, name FROM item ORDER BY id"))
                    .isEqualTo(3_000);
            assertThat(count(statement, "SELECT id FROM item WHERE id < 0")).isZero();
            assertThatThrownBy(() -> statement.executeUpdate("INSERT INTO item VALUES (1, 'again')"))
                    .isInstanceOf(SQLException.class);
            statement.execute("UPDATE item SET name = 'a' WHERE id = 1; SELECT id FROM item WHERE id < 10");
            assertThat(statement.getUpdateCount()).isEqualTo(1);
            assertThat(statement.getMoreResults()).isTrue();
            try (PreparedStatement insert = connection.prepareStatement("INSERT INTO item (id, name) VALUES (?, ?)")) {
                insert.setInt(1, 5_000);
                insert.setString(2, "x".repeat(200));
                insert.executeUpdate();
            }
            boolean preparesApart = options.contains("useServerPrepStmts");
            assertThat(proxy.requests() - before).isEqualTo(preparesApart ? 6 : 5);
            // MariaDB's driver may send what it prepares and its execution together, which is one round then.
            assertThat(proxy.rounds().ended() - roundsBefore).isBetween(5L, preparesApart ? 6L : 5L);
            assertThat(rows(server)).isEqualTo(3_001);
        }
    }

    private static void insertMany(Connection connection, int rows) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO item VALUES (?, ?)")) {
            for (int i = 1; i <= rows; i++) {
                insert.setInt(1, i);
                insert.setString(2, "name of " + i);
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    private static int count(Statement statement, String query) throws SQLException {
        try (ResultSet found = statement.executeQuery(query)) {
            int count = 0;
            while (found.next()) {
                count++;
            }
            return count;
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"postgres", "mariadb"})
    void trap_listsConnectAndStatements(String vendor) throws Exception {
        DatabaseServer server = server(vendor);
        Trap trap = Trap.listing();
        try (WireProxy proxy = proxy(server)) {
            proxy.watch(trap);
            try (Connection connection = connect(proxy, server, "")) {
                connection.setAutoCommit(false);
                insert(connection, 1);
                connection.commit();
            }
            List<String> verbs = trap.list().stream().map(Request::verbs).toList();
            assertThat(verbs.get(0)).isEqualTo("CONNECT");
            assertThat(verbs.get(verbs.size() - 2)).contains("INSERT");
            assertThat(verbs.get(verbs.size() - 1)).isEqualTo("COMMIT");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"postgres", "mariadb"})
    void fail_closesTheClientAndForwardsNothing(String vendor) throws Exception {
        DatabaseServer server = server(vendor);
        try (WireProxy proxy = proxy(server);
                Connection connection = connect(proxy, server, "")) {
            insert(connection, 1);
            Action action = Action.of(Action.Kind.FAIL);
            proxy.watch(Trap.at(1, action));
            assertThatThrownBy(() -> insert(connection, 2)).isInstanceOf(SQLException.class);
            action.ended().get(5, TimeUnit.SECONDS);
            assertThat(rows(server)).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"postgres", "mariadb"})
    void lost_isAppliedBeforeTheClientIsClosed(String vendor) throws Exception {
        DatabaseServer server = server(vendor);
        CompletableFuture<Integer> rowsThen = new CompletableFuture<>();
        try (WireProxy proxy = proxy(server);
                Connection connection = connect(proxy, server, "")) {
            proxy.watch(Trap.at(2, Action.lostAfter(() -> {
                try {
                    rowsThen.complete(rows(server));
                } catch (SQLException e) {
                    rowsThen.completeExceptionally(e);
                }
            })));
            insert(connection, 1);
            assertThatThrownBy(() -> insert(connection, 2)).isInstanceOf(SQLException.class);
            assertThat(rowsThen.get(5, TimeUnit.SECONDS)).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"postgres", "mariadb"})
    void late_isAppliedWhenToldSo_afterTheClientHasGone(String vendor) throws Exception {
        DatabaseServer server = server(vendor);
        try (WireProxy proxy = proxy(server);
                Connection connection = connect(proxy, server, "")) {
            connection.setAutoCommit(false);
            insert(connection, 1);
            Action action = Action.of(Action.Kind.LATE);
            proxy.watch(Trap.at(1, action));
            assertThatThrownBy(connection::commit).isInstanceOf(SQLException.class);
            assertThat(rows(server)).isZero();
            action.release();
            action.ended().get(5, TimeUnit.SECONDS);
            assertThat(rows(server)).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"postgres", "mariadb"})
    void hang_answersOnlyWhenReleased(String vendor) throws Exception {
        DatabaseServer server = server(vendor);
        try (WireProxy proxy = proxy(server);
                Connection connection = connect(proxy, server, "")) {
            Trap trap = Trap.at(1, Action.of(Action.Kind.HANG));
            proxy.watch(trap);
            CompletableFuture<Void> inserting = CompletableFuture.runAsync(() -> {
                try {
                    insert(connection, 1);
                } catch (SQLException e) {
                    throw new IllegalStateException(e);
                }
            });
            Action caught = trap.caught().get(5, TimeUnit.SECONDS);
            assertThat(rows(server)).isZero();
            assertThat(inserting).isNotDone();
            caught.release();
            inserting.get(5, TimeUnit.SECONDS);
            assertThat(rows(server)).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"postgres", "mariadb"})
    void hang_releasedAfterTheClientHasGone_isAppliedAllTheSame(String vendor) throws Exception {
        DatabaseServer server = server(vendor);
        try (WireProxy proxy = proxy(server);
                Connection connection = connect(proxy, server, "")) {
            connection.setNetworkTimeout(Runnable::run, 200);
            Action action = Action.of(Action.Kind.HANG);
            proxy.watch(Trap.at(1, action));
            assertThatThrownBy(() -> insert(connection, 1)).isInstanceOf(SQLException.class);
            assertThat(rows(server)).isZero();
            action.release();
            action.ended().get(5, TimeUnit.SECONDS);
            assertThat(rows(server)).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"postgres", "mariadb"})
    void roundTrip_isAddedToEachRequest(String vendor) throws Exception {
        DatabaseServer server = server(vendor);
        Duration roundTrip = Duration.ofMillis(10);
        Rounds rounds = new Rounds();
        try (WireProxy proxy = WireProxy.start(WireProxy.Protocol.of(vendor), server.port(), rounds, roundTrip);
                Connection connection = connect(proxy, server, "");
                Statement statement = connection.createStatement()) {
            List<Long> micros = new ArrayList<>();
            long before = rounds.ended();
            for (int i = 0; i < 20; i++) {
                long begun = System.nanoTime();
                statement.execute("SELECT 1");
                micros.add((System.nanoTime() - begun) / 1_000);
            }
            assertThat(rounds.ended() - before).isEqualTo(20);
            assertThat(micros).allMatch(one -> one >= roundTrip.toNanos() / 1_000);
            assertThat(Collections.min(micros)).isLessThan(15_000);
        }
    }

    /** Requests that are under way together on two servers are one round; the one that waits for both answers is the next. */
    @Test
    void rounds_countWhatFollowsOneAnother_overAllProxies() throws Exception {
        DatabaseServer server = server("postgres");
        Rounds rounds = new Rounds();
        Duration roundTrip = Duration.ofMillis(50);
        try (WireProxy one = WireProxy.start(WireProxy.Protocol.POSTGRES, server.port(), rounds, roundTrip);
                WireProxy other = WireProxy.start(WireProxy.Protocol.POSTGRES, server.port(), rounds, roundTrip);
                Connection first = connect(one, server, "");
                Connection second = connect(other, server, "")) {
            long before = rounds.ended();
            CompletableFuture<Void> beside = CompletableFuture.runAsync(() -> {
                try {
                    insert(second, 2);
                } catch (SQLException e) {
                    throw new IllegalStateException(e);
                }
            });
            insert(first, 1);
            beside.get(5, TimeUnit.SECONDS);
            assertThat(rounds.ended() - before).isEqualTo(1);
            insert(first, 3);
            assertThat(rounds.ended() - before).isEqualTo(2);
        }
    }
}
