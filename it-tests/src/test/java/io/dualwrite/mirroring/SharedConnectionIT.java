package io.dualwrite.mirroring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dualwrite.ladder.Rung;
import io.dualwrite.ladder.Side;
import io.dualwrite.servers.DatabaseServer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Threads share a connection, as the vendors' drivers let them. */
class SharedConnectionIT {
    private static final int THREADS = 4;
    private static final int WRITES = 25;
    private static final int READS = 500;

    static Stream<Arguments> everywhere() {
        return Stream.of("h2", "postgres", "mariadb")
                .flatMap(vendor -> Stream.of(Rung.values()).map(rung -> Arguments.of(vendor, rung)));
    }

    @AfterAll
    static void stop() {
        MirrorIT.stop();
    }

    /** Each thread learns the key of its own row, also by way of a batch, and both sides have all rows. */
    @ParameterizedTest
    @MethodSource("everywhere")
    void threadsWriteThroughOneConnection_eachHasItsOwnKeys(String vendor, Rung rung) throws Exception {
        share(vendor, rung, SharedConnectionIT::write);
    }

    /** Whoever commits commits what all of them have written. */
    @ParameterizedTest
    @MethodSource("everywhere")
    void threadsShareTransactions_bothSidesHaveAllRows(String vendor, Rung rung) throws Exception {
        share(vendor, rung, (connection, first) -> {
            connection.setAutoCommit(false);
            List<String> told = write(connection, first);
            connection.commit();
            return told;
        });
    }

    static Stream<Arguments> closers() {
        return Stream.of("postgres", "mariadb")
                .flatMap(vendor -> Stream.of(Rung.values()).map(rung -> Arguments.of(vendor, rung)));
    }

    /** As a pool's housekeeper does with a connection that hangs. What the write is told is what both sides have. */
    @ParameterizedTest
    @MethodSource("closers")
    void closedWhileAnotherThreadWaitsForALock_nothingIsAcknowledgedThatIsNotThere(String vendor, Rung rung)
            throws Exception {
        DatabaseServer server = MirrorIT.server(vendor);
        TwoSides sides = new TwoSides(server, server, "item", Map.of());
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try (sides) {
            Connection connection = connect(sides, rung, "BIGINT");
            for (Side side : Side.values()) {
                sides.on(side, List.of("INSERT INTO item VALUES (1, 1)"));
            }
            Future<Integer> written;
            Future<Boolean> closed;
            try (Connection locker = sides.bare(rung.strict() ? Side.OLD : rung.authority());
                    Statement lock = locker.createStatement()) {
                locker.setAutoCommit(false);
                lock.execute("UPDATE item SET value_of = 2");
                written = threads.submit(() -> {
                    try (Statement update = connection.createStatement()) {
                        return update.executeUpdate("UPDATE item SET value_of = 3");
                    }
                });
                assertThatThrownBy(() -> written.get(1, TimeUnit.SECONDS)).isInstanceOf(TimeoutException.class);
                closed = threads.submit(() -> {
                    connection.setNetworkTimeout(Runnable::run, 10_000);
                    connection.close();
                    return connection.isClosed();
                });
                if (vendor.equals("postgres")) {
                    assertThat(closed.get(5, TimeUnit.SECONDS)).isTrue();
                } else {
                    // MariaDB's driver lets the statement end before it closes
                    TimeUnit.SECONDS.sleep(1);
                }
                locker.rollback();
            }
            assertThat(closed.get(20, TimeUnit.SECONDS)).isTrue();
            requireThere(sides, rung, written);
        } finally {
            threads.shutdownNow();
        }
    }

    private static void requireThere(TwoSides sides, Rung rung, Future<Integer> written) throws Exception {
        try {
            assertThat(written.get(20, TimeUnit.SECONDS)).isOne();
        } catch (ExecutionException refused) {
            assertThat(refused).hasCauseInstanceOf(SQLException.class);
            return;
        }
        sides.settle();
        // Closed while its second COMMIT is under way, a mirror that may fail stays marked
        boolean mirrored = rung.strict() || rung.dual() && !staysMarked(sides, rung.authority());
        for (Side side : Side.values()) {
            if (mirrored || side == rung.reads()) {
                assertThat(sides.rows(side, "SELECT value_of FROM item"))
                        .as("on %s", side)
                        .containsExactly("3");
            }
        }
    }

    private static boolean staysMarked(TwoSides sides, Side authority) throws SQLException {
        try (Connection connection = sides.bare(authority)) {
            sides.marks.clear(authority, connection);
        }
        return sides.rows(authority, "SELECT row_key FROM dualwrite_mark").contains("1");
    }

    private interface Writer {
        List<String> write(Connection connection, int first) throws Exception;
    }

    private static void share(String vendor, Rung rung, Writer writer) throws Exception {
        String identity =
                vendor.equals("mariadb") ? "BIGINT AUTO_INCREMENT" : "BIGINT GENERATED BY DEFAULT AS IDENTITY";
        TwoSides sides = new TwoSides(MirrorIT.server(vendor), MirrorIT.server(vendor), "item", Map.of());
        try (sides;
                Connection connection = connect(sides, rung, identity)) {
            List<String> told = new ArrayList<>();
            together(thread -> () -> writer.write(connection, thread * WRITES)).forEach(told::addAll);
            sides.settle();
            for (Side side : Side.values()) {
                if (rung.dual() || side == rung.reads()) {
                    assertThat(sides.rows(side, "SELECT id, value_of FROM item"))
                            .as("on %s", side)
                            .containsExactlyInAnyOrderElementsOf(told);
                }
            }
        }
    }

    private static Connection connect(TwoSides sides, Rung rung, String identity) throws Exception {
        sides.prepare("CREATE TABLE item (id " + identity + " PRIMARY KEY, value_of INT)");
        sides.standing.move(rung);
        return sides.connect();
    }

    private static List<String> write(Connection connection, int first) throws Exception {
        List<String> told = new ArrayList<>();
        for (int value = first; value < first + WRITES; value++) {
            try (PreparedStatement insert = connection.prepareStatement(
                    "INSERT INTO item (value_of) VALUES (?)", Statement.RETURN_GENERATED_KEYS)) {
                insert.setInt(1, value);
                if (value % 5 == 0) {
                    insert.addBatch();
                    insert.executeBatch();
                } else {
                    insert.executeUpdate();
                }
                try (ResultSet keys = insert.getGeneratedKeys()) {
                    assertThat(keys.next()).isTrue();
                    told.add(keys.getLong(1) + "|" + value);
                }
            }
        }
        return told;
    }

    /** Rows are opened and closed without a turn where there is one leg. */
    @ParameterizedTest
    @MethodSource("everywhere")
    void threadsRead_nothingKeepsTheRungAfterwards(String vendor, Rung rung) throws Exception {
        TwoSides sides = new TwoSides(MirrorIT.server(vendor), MirrorIT.server(vendor), "item", Map.of());
        try (sides;
                Connection connection = connect(sides, rung, "BIGINT")) {
            together(thread -> () -> {
                try (PreparedStatement select = connection.prepareStatement("SELECT id FROM item WHERE id > ?")) {
                    select.setFetchSize(1);
                    for (int row = 0; row < READS; row++) {
                        select.setInt(1, row);
                        select.executeQuery().close();
                    }
                }
                return true;
            });
            sides.settle();
            sides.standing.move(rung == Rung.OLD_ONLY ? Rung.DUAL_READ_OLD : Rung.OLD_ONLY);
            assertThat(sides.standing.drained()).isTrue();
        }
    }

    /** What each of several threads gives that work at the same time; fails where one of them does. */
    private static <T> List<T> together(IntFunction<Callable<T>> work) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            List<Callable<T>> all = IntStream.range(0, THREADS).mapToObj(work).toList();
            List<T> given = new ArrayList<>();
            for (Future<T> one : threads.invokeAll(all, 1, TimeUnit.MINUTES)) {
                given.add(one.get());
            }
            return given;
        } finally {
            threads.shutdownNow();
        }
    }
}
