package io.dualwrite.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dualwrite.config.Settings;
import io.dualwrite.ladder.Rung;
import io.dualwrite.ladder.Side;
import io.dualwrite.ladder.Standing;
import io.dualwrite.mirror.Catalogue;
import io.dualwrite.mirror.Marks;
import io.dualwrite.mirror.Mirroring;
import java.io.ByteArrayInputStream;
import java.io.StringReader;
import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

public class DualCallableStatementTest {
    private static final AtomicInteger TESTS = new AtomicInteger();

    private final Standing standing = new Standing(Rung.OLD_ONLY);
    private final ExecutorService executor = Executors.newCachedThreadPool();
    private final Map<Side, Connection> bare = new HashMap<>();
    private Connection connection;

    /** H2's procedures: static methods of Java. */
    public static int put(Connection connection, int id, String name) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO thing VALUES (?, ?)")) {
            insert.setInt(1, id);
            insert.setString(2, name);
            return insert.executeUpdate() + id;
        }
    }

    @BeforeEach
    void databases() throws Exception {
        String name = "call" + TESTS.incrementAndGet();
        Map<Side, String> urls =
                Map.of(Side.OLD, "jdbc:h2:mem:" + name + "old", Side.NEW, "jdbc:h2:mem:" + name + "new");
        Settings settings = Settings.of(
                Map.of("phase", "1", "old.url", urls.get(Side.OLD), "new.url", urls.get(Side.NEW), "dataA", "thing"));
        for (Side side : Side.values()) {
            bare.put(side, DriverManager.getConnection(urls.get(side)));
            try (Statement statement = bare.get(side).createStatement()) {
                statement.execute("CREATE TABLE thing (id INT PRIMARY KEY, name VARCHAR(20))");
                statement.execute("CREATE ALIAS put FOR \"" + getClass().getName() + ".put\"");
            }
        }
        connection = DualConnection.open(
                new Mirroring(
                        () -> settings, standing, executor, new Catalogue(settings::key), new Marks("app-1", () -> 1)),
                side -> DriverManager.getConnection(urls.get(side)),
                new Classifiers(),
                "connection");
    }

    @AfterEach
    void close() throws SQLException {
        connection.close();
        for (Connection each : bare.values()) {
            each.close();
        }
        executor.shutdown();
    }

    private String rows(Side side) throws SQLException {
        try (Statement statement = bare.get(side).createStatement();
                ResultSet rows = statement.executeQuery("SELECT id, name FROM thing ORDER BY id")) {
            StringBuilder text = new StringBuilder();
            while (rows.next()) {
                text.append(rows.getInt(1)).append(rows.getString(2)).append(' ');
            }
            return text.toString().trim();
        }
    }

    @Test
    void call_onOneLeg_isTheVendors() throws SQLException {
        try (CallableStatement call = connection.prepareCall("{? = call put(?, ?)}")) {
            call.registerOutParameter(1, Types.INTEGER);
            call.setInt(2, 5);
            call.setString(3, "five");
            call.execute();
            assertThat(call.getInt(1)).isEqualTo(6);
            assertThat(call.wasNull()).isFalse();
            assertThat(call.unwrap(CallableStatement.class)).isSameAs(call);
            assertThat(call.getConnection()).isSameAs(connection);
        }
        assertThat(rows(Side.OLD)).isEqualTo("5five");
        assertThat(rows(Side.NEW)).isEmpty();
    }

    @Test
    void call_thatWasPreparedBeforeAFlip_runsOnNewWithAllThatWasSet() throws SQLException {
        try (CallableStatement call = connection.prepareCall("{? = call put(?, ?)}")) {
            call.registerOutParameter(1, Types.INTEGER);
            call.setInt(2, 7);
            call.setString(3, "seven");
            standing.move(Rung.NEW_ONLY);
            call.execute();
            assertThat(call.getInt(1)).isEqualTo(8);
        }
        assertThat(rows(Side.OLD)).isEmpty();
        assertThat(rows(Side.NEW)).isEqualTo("7seven");
    }

    @Test
    void call_inACrossing_isRefused_andWritesNothing() throws SQLException {
        standing.move(Rung.STRICT_READ_OLD);
        try (CallableStatement call = connection.prepareCall("{call put(?, ?)}")) {
            call.setInt(1, 9);
            call.setString(2, "nine");
            assertThatThrownBy(call::execute)
                    .isInstanceOf(SQLException.class)
                    .hasFieldOrPropertyWithValue("SQLState", "0A000");
        }
        assertThat(rows(Side.OLD) + rows(Side.NEW)).isEmpty();
    }

    // ------------------------------------------------------------------ what is recorded by name

    @Test
    void namedParametersAndResults_areReplayedInOrder_afterClearOnlyResults() throws SQLException {
        CallParameters call = new CallParameters();
        call.register(1, statement -> statement.registerOutParameter(1, Types.INTEGER));
        call.register("total", statement -> statement.registerOutParameter("total", Types.BIGINT, 2));
        call.set("a", statement -> statement.setInt("a", 1), null);
        call.set("b", statement -> statement.setString("b", "x"), null);
        call.set("a", statement -> statement.setInt("a", 2), null);
        Recorder vendor = new Recorder();
        call.applyTo(vendor.as(CallableStatement.class));
        assertThat(vendor.calls)
                .extracting(each -> each.name() + each.arguments())
                .containsExactly(
                        "registerOutParameter[1, 4]",
                        "registerOutParameter[total, -5, 2]",
                        "setInt[a, 2]",
                        "setString[b, x]");
        vendor.calls.clear();
        call.clear();
        call.applyTo(vendor.as(CallableStatement.class));
        assertThat(vendor.calls).extracting(Recorder.Call::name).containsOnly("registerOutParameter");
    }

    @Test
    void streamsByName_areGoneFromTheirFilesWhenReplaced() throws Exception {
        Spool first = Spool.bytes(new ByteArrayInputStream(new byte[2 * Spool.IN_MEMORY]), Long.MAX_VALUE);
        Spool second = Spool.characters(new StringReader("text"), 2);
        CallParameters call = new CallParameters();
        call.set("a", statement -> statement.setBinaryStream("a", first.stream()), first);
        call.set("a", statement -> statement.setCharacterStream("a", second.reader()), second);
        assertThatThrownBy(() -> first.stream().read()).isInstanceOf(java.io.IOException.class);
        Recorder vendor = new Recorder();
        call.applyTo(vendor.as(CallableStatement.class));
        java.io.Reader replay = (java.io.Reader) vendor.calls.get(0).arguments().get(1);
        char[] text = new char[10];
        assertThat(replay.read(text)).isEqualTo(2);
        assertThat(text).startsWith('t', 'e');
    }
}
