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
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A server of the mirror's that neither answers nor takes what is sent to it, with its connections open (R5, promise 2). */
class HungServerIT {
    private final ExecutorService application = Executors.newCachedThreadPool();

    @AfterEach
    void stop() {
        application.shutdown();
    }

    private static TwoSides sides(Rung rung) throws Exception {
        TwoSides sides = new TwoSides(
                SharedServers.of("postgres"),
                SharedServers.secondOf("postgres"),
                "paper",
                Map.of("mirror.budget", "300 ms", "mirror.statement", "300 ms"));
        sides.prepare("CREATE TABLE paper (id INT PRIMARY KEY, body TEXT)", "INSERT INTO paper VALUES (1, 'one')");
        sides.standing.move(rung);
        return sides;
    }

    /** PostgreSQL has a process for each session; a stopped one leaves its socket as it is. */
    private static void signal(String name, List<String> processes) throws Exception {
        for (String process : processes) {
            assertThat(new ProcessBuilder("kill", "-" + name, process).start().waitFor())
                    .isZero();
        }
    }

    private static void write(Connection connection, String body) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement("UPDATE paper SET body = ? WHERE id = 1")) {
            update.setString(1, body);
            assertThat(update.executeUpdate()).isEqualTo(1);
        }
    }

    private CompletableFuture<Void> later(Connection connection, String body) {
        return CompletableFuture.runAsync(
                () -> {
                    try {
                        write(connection, body);
                    } catch (SQLException e) {
                        throw new IllegalStateException(e);
                    }
                },
                application);
    }

    @ParameterizedTest
    @CsvSource({"DUAL_READ_OLD, 3", "DUAL_READ_OLD, 16777216", "DUAL_READ_NEW, 3", "DUAL_READ_NEW, 16777216"})
    void serverOfTheMirrorHangs_applicationGoesOn_andTheRowIsMarked(Rung rung, int length) throws Exception {
        try (TwoSides sides = sides(rung);
                Connection connection = sides.connect()) {
            write(connection, "first");
            sides.settle();
            List<String> hung = processes(sides, rung.mirror());
            signal("STOP", hung);
            try {
                String body = "x".repeat(length);
                later(connection, body).get(30, TimeUnit.SECONDS);
                assertThat(sides.rows(rung.authority(), "SELECT length(body) FROM paper"))
                        .containsExactly(String.valueOf(length));
                assertThat(sides.rows(rung.authority(), "SELECT row_key FROM dualwrite_mark WHERE seq >= 0"))
                        .contains("1");
            } finally {
                signal("CONT", hung);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"STRICT_READ_OLD, 3", "STRICT_READ_OLD, 16777216", "STRICT_READ_NEW, 16777216"})
    void serverOfNewHangs_whileBothMustSucceed_applicationIsTold(Rung rung, int length) throws Exception {
        try (TwoSides sides = sides(rung);
                Connection connection = sides.connect()) {
            write(connection, "first");
            sides.settle();
            List<String> hung = processes(sides, Side.NEW);
            signal("STOP", hung);
            try {
                CompletableFuture<Void> written = later(connection, "x".repeat(length));
                assertThatThrownBy(() -> written.get(30, TimeUnit.SECONDS))
                        .hasStackTraceContaining("both were rolled back");
                assertThat(sides.rows(Side.OLD, "SELECT body FROM paper")).containsExactly("first");
            } finally {
                signal("CONT", hung);
            }
        }
    }

    /**
     * A lock's text runs on old by the lane's thread where old's session is being made ready at the time. What the application does with its
     * statement from then on has nothing to do with the one that hangs: a driver cancels on close what is under way, or says that its
     * connection is closed.
     */
    @ParameterizedTest
    @ValueSource(strings = {"setFetchSize", "execute"})
    void lockHangsOnTheMirror_statementIsReadAndClosedAsIfNothingWere(String call) throws Exception {
        CountDownLatch goesOn = new CountDownLatch(1);
        Hanging hanging = new Hanging(call, goesOn);
        try (TwoSides sides = sides(Rung.DUAL_READ_NEW)) {
            try (Connection connection = sides.connectThrough(side -> hanging.on(side, sides.bare(side)))) {
                connection.setAutoCommit(false);
                try (Statement lock = connection.createStatement()) {
                    lock.setFetchSize(10);
                    assertThat(lock.execute("SELECT body FROM paper WHERE id = 1 FOR UPDATE"))
                            .isTrue();
                    assertThat(hanging.isHung()).isTrue();
                    if (call.equals("setFetchSize")) {
                        goesOn.countDown();
                        sides.settle();
                    }
                    try (ResultSet row = lock.getResultSet()) {
                        assertThat(row.next()).isTrue();
                        assertThat(row.getString(1)).isEqualTo("one");
                    }
                }
                write(connection, "locked");
                connection.commit();
            } finally {
                goesOn.countDown();
            }
            sides.settle();
            assertThat(sides.rows(Side.NEW, "SELECT body FROM paper")).containsExactly("locked");
            assertThat(sides.rows(Side.NEW, "SELECT row_key FROM dualwrite_mark WHERE seq >= 0"))
                    .contains("1");
        }
    }

    /** Old's connection, on which a call hangs, the first after the transaction has begun there. */
    private static final class Hanging {
        private final String call;
        private final CountDownLatch goesOn;
        private volatile boolean begun;
        private volatile boolean hung;

        Hanging(String call, CountDownLatch goesOn) {
            this.call = call;
            this.goesOn = goesOn;
        }

        boolean isHung() {
            return hung;
        }

        Connection on(Side side, Connection vendors) {
            return side == Side.NEW ? vendors : Intercepted.connection(vendors, this::before);
        }

        private void before(Class<?> of, String method, Object[] arguments) throws SQLException {
            if (hung && of == Statement.class && method.equals("close") && goesOn.getCount() > 0) {
                throw new SQLException("This connection has been closed.", "08003");
            }
            if (begun && !hung && method.equals(call)) {
                hung = true;
                try {
                    goesOn.await();
                } catch (InterruptedException e) {
                    throw new SQLException(e);
                }
            }
            begun |= method.equals("setAutoCommit");
        }
    }

    private static List<String> processes(TwoSides sides, Side side) throws SQLException {
        return sides.rows(
                side,
                "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
                        + " AND backend_type = 'client backend'");
    }
}
