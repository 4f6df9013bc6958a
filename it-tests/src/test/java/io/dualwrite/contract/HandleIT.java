package io.dualwrite.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dualwrite.dialect.Dialects;
import io.dualwrite.ladder.Rung;
import io.dualwrite.ladder.Side;
import io.dualwrite.mirroring.Intercepted;
import io.dualwrite.mirroring.TwoSides;
import io.dualwrite.servers.DatabaseServer;
import io.dualwrite.servers.DatabaseServers;
import io.dualwrite.servers.SharedServers;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import javax.sql.ConnectionEvent;
import javax.sql.ConnectionEventListener;
import javax.sql.ConnectionPoolDataSource;
import javax.sql.PooledConnection;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mariadb.jdbc.MariaDbPoolDataSource;
import org.postgresql.ds.PGConnectionPoolDataSource;

/**
 * Handles of a connection that an application server's pool lends (JDBC 4.3, section 11): on every rung a case sees what JDBC
 * wants, as the vendors' own pooled connections show it wherever they keep to that.
 */
class HandleIT {

    static Stream<Arguments> cases() {
        return DatabaseServers.VENDORS.stream()
                .flatMap(vendor -> HandleCases.all().stream().map(one -> Arguments.of(vendor, one)));
    }

    private static ConnectionPoolDataSource vendors(DatabaseServer server, String url) throws SQLException {
        switch (server.vendor()) {
            case "postgres":
                PGConnectionPoolDataSource postgres = new PGConnectionPoolDataSource();
                postgres.setUrl(url);
                postgres.setUser(server.user());
                postgres.setPassword(server.password());
                return postgres;
            case "mariadb":
                return new MariaDbPoolDataSource(url + "?user=" + server.user() + "&password=" + server.password());
            default:
                JdbcDataSource h2 = new JdbcDataSource();
                h2.setURL(url);
                h2.setUser(server.user());
                h2.setPassword(server.password());
                return h2;
        }
    }

    private static TwoSides sides(DatabaseServer server, Fixture fixture) throws Exception {
        TwoSides sides = new TwoSides(server, server, Fixture.TABLES, Map.of());
        for (Side side : Side.values()) {
            sides.on(side, fixture.schema());
            try (Connection connection = sides.bare(side)) {
                sides.on(side, Dialects.of(connection).ownTables());
            }
        }
        return sides;
    }

    private static void reset(TwoSides sides, Fixture fixture) throws SQLException {
        for (Side side : Side.values()) {
            try (Connection connection = sides.bare(side)) {
                fixture.reset(connection);
            }
        }
    }

    private static List<String> observe(
            HandleCase one, TwoSides sides, Fixture fixture, PooledConnection pooled, Side side) throws SQLException {
        Handles seen = new Handles(fixture, sql -> sides.on(side, List.of(sql)));
        try {
            one.body().run(pooled, seen);
            return List.copyOf(seen.lines());
        } catch (UnsupportedOperationException refused) {
            return List.of("refused");
        } finally {
            pooled.close();
        }
    }

    /** A pool that evicts a borrower aborts the connection; nobody may be lent its legs afterwards. */
    @ParameterizedTest
    @ValueSource(strings = {"postgres", "mariadb"})
    void handleIsAborted_listenersHearOfIt_andNobodyIsLentTheLegs(String vendor) throws Exception {
        try (TwoSides sides = sides(SharedServers.of(vendor), new Fixture(vendor))) {
            PooledConnection pooled = sides.connectPooled();
            List<String> heard = new ArrayList<>();
            pooled.addConnectionEventListener(new ConnectionEventListener() {
                @Override
                public void connectionClosed(ConnectionEvent event) {
                    heard.add("closed");
                }

                @Override
                public void connectionErrorOccurred(ConnectionEvent event) {
                    heard.add("error " + event.getSQLException().getSQLState());
                }
            });
            pooled.getConnection().abort(Runnable::run);
            assertThat(heard).containsExactly("error 08003");
            assertThatThrownBy(pooled::getConnection)
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("aborted");
            pooled.close();
        }
    }

    @Test
    void statementOfAHandleCannotBeClosed_theOthersAre_andTheHandleGoesBack() throws Exception {
        try (TwoSides sides = sides(SharedServers.of("h2"), new Fixture("h2"))) {
            AtomicBoolean fails = new AtomicBoolean();
            AtomicInteger closed = new AtomicInteger();
            PooledConnection pooled = sides.connectPooledThrough(
                    side -> Intercepted.connection(sides.bare(side), (of, method, arguments) -> {
                        if (of == Statement.class && method.equals("close")) {
                            closed.incrementAndGet();
                            if (fails.getAndSet(false)) {
                                throw new SQLException("cannot be closed");
                            }
                        }
                    }));
            fails.set(true);
            closed.set(0);
            Handles seen = new Handles(new Fixture("h2"), sql -> {});
            seen.on(pooled);
            Connection handle = pooled.getConnection();
            handle.createStatement();
            handle.createStatement();
            assertThatThrownBy(handle::close).isInstanceOf(SQLException.class).hasMessage("cannot be closed");
            assertThat(closed).hasValue(2);
            assertThat(handle.isClosed()).isTrue();
            assertThat(seen.lines()).containsExactly("event closed");
            pooled.close();
        }
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("cases")
    void handle_isSeenAsJdbcWantsIt_onEveryRung_andByTheVendorsOwn(String vendor, HandleCase one) throws Exception {
        DatabaseServer server = SharedServers.of(vendor);
        Fixture fixture = new Fixture(vendor);
        try (TwoSides sides = sides(server, fixture)) {
            Map<String, List<String>> seen = new TreeMap<>();
            Map<String, List<String>> wanted = new TreeMap<>();
            for (Rung rung : Rung.values()) {
                reset(sides, fixture);
                sides.standing.move(rung);
                seen.put(rung.name(), observe(one, sides, fixture, sides.connectPooled(), rung.reads()));
                wanted.put(rung.name(), one.expected());
                sides.settle();
            }
            reset(sides, fixture);
            PooledConnection own = vendors(server, sides.oldUrl()).getPooledConnection();
            List<String> vendorsLines = observe(one, sides, fixture, own, Side.OLD);
            if (one.differing().contains(vendor)) {
                assertThat(vendorsLines).as("the vendor's own differs").isNotEqualTo(one.expected());
            } else {
                seen.put(vendor, vendorsLines);
                wanted.put(vendor, one.expected());
            }
            assertThat(seen).containsExactlyEntriesOf(wanted);
        }
    }
}
