package io.dualwrite.mirroring;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualwrite.ladder.Rung;
import io.dualwrite.ladder.Side;
import io.dualwrite.servers.DatabaseServer;
import io.dualwrite.servers.SharedServers;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A leg that is opened later has the session that a connection has on which all was set in the application's order. */
class SessionOrderIT {

    /** One thing that the application sets. */
    interface Step {
        void on(Connection connection) throws SQLException;
    }

    /** What the application sets, in its order, and what is looked at in the end. */
    record Order(String name, String vendor, String question, List<Step> steps) {
        static Order of(String name, String vendor, String question, Step... steps) {
            return new Order(name, vendor, question, Arrays.asList(steps));
        }

        void on(Connection connection) throws SQLException {
            for (Step step : steps) {
                step.on(connection);
            }
        }

        List<String> ends(Connection connection) throws SQLException {
            try (Statement statement = connection.createStatement()) {
                List<String> end = new ArrayList<>(TwoSides.texts(statement.executeQuery(question)));
                end.add("isolation " + connection.getTransactionIsolation());
                return end;
            }
        }

        @Override
        public String toString() {
            return vendor + ", " + name;
        }
    }

    private static Step text(String sql) {
        return connection -> {
            try (Statement statement = connection.createStatement()) {
                statement.execute(sql);
            }
        };
    }

    private static Step isolation(int level) {
        return connection -> connection.setTransactionIsolation(level);
    }

    private static Step inTransaction(Step step, boolean commits) {
        return connection -> {
            connection.setAutoCommit(false);
            step.on(connection);
            if (commits) {
                connection.commit();
            } else {
                connection.rollback();
            }
            connection.setAutoCommit(true);
        };
    }

    private static Stream<Order> onPostgres() {
        String vendor = "postgres";
        String path = "SHOW search_path";
        String zone = "SHOW timezone";
        String search = "SELECT current_setting('search_path'), current_setting('default_text_search_config')";
        Step one = text("SET search_path TO one");
        Step two = text("SET search_path TO two");
        Step ofOne = text("SET default_text_search_config = 'words_of_one'");
        Step serializable = text("SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL SERIALIZABLE");
        return Stream.of(
                Order.of("path, then schema", vendor, path, one, connection -> connection.setSchema("two")),
                Order.of("schema, then path", vendor, path, connection -> connection.setSchema("two"), one),
                Order.of("what needs the path, then another path", vendor, search, one, ofOne, two),
                Order.of("what needs the path, then another one and back", vendor, search, one, ofOne, two, one),
                Order.of("what needs the path between two others", vendor, search, two, one, ofOne, two),
                Order.of("what needs the schema", vendor, search, connection -> connection.setSchema("one"), ofOne),
                Order.of("path of a transaction that was rolled back", vendor, path, one, inTransaction(two, false)),
                Order.of("path of a transaction that was committed", vendor, path, one, inTransaction(two, true)),
                Order.of(
                        "zone and back", vendor, zone, text("SET TIME ZONE 'Asia/Tokyo'"), text("SET TIME ZONE 'UTC'")),
                Order.of(
                        "zone, then the first again",
                        vendor,
                        zone,
                        text("SET TIME ZONE 'Asia/Tokyo'"),
                        text("SET TIME ZONE 'Asia/Seoul'"),
                        text("SET TIME ZONE 'Asia/Tokyo'")),
                Order.of(
                        "isolation by text, then by call",
                        vendor,
                        zone,
                        serializable,
                        isolation(Connection.TRANSACTION_READ_COMMITTED)),
                Order.of(
                        "isolation by call, then by text",
                        vendor,
                        zone,
                        isolation(Connection.TRANSACTION_REPEATABLE_READ),
                        serializable),
                Order.of(
                        "isolation, then whether transactions are read only",
                        vendor,
                        zone,
                        serializable,
                        text("SET SESSION CHARACTERISTICS AS TRANSACTION READ WRITE")),
                Order.of(
                        "one setting again and again",
                        vendor,
                        "SHOW work_mem",
                        text("SET work_mem = '4MB'"),
                        text("SET work_mem = '8MB'"),
                        text("RESET work_mem"),
                        text("SET work_mem = '16MB'")));
    }

    private static Stream<Order> onMariaDb() {
        String vendor = "mariadb";
        String database = "SELECT DATABASE(), @@collation_connection";
        String zone = "SELECT @@time_zone";
        Step one = text("USE order_one");
        Step two = text("USE order_two");
        Step ofDatabase = text("SET collation_connection = @@collation_database");
        Step serializable = text("SET SESSION TRANSACTION ISOLATION LEVEL SERIALIZABLE");
        return Stream.of(
                Order.of(
                        "isolation, then whether transactions are read only",
                        vendor,
                        zone,
                        serializable,
                        text("SET SESSION TRANSACTION READ WRITE")),
                Order.of(
                        "a setting that builds on what it was",
                        vendor,
                        "SELECT @@div_precision_increment",
                        text("SET div_precision_increment = 5"),
                        text("SET div_precision_increment = @@div_precision_increment + 2"),
                        text("SET div_precision_increment = 1 + @@div_precision_increment")),
                Order.of("database, then what needs it", vendor, database, one, ofDatabase),
                Order.of("what needs the database, then another", vendor, database, one, ofDatabase, two),
                Order.of(
                        "database by call, what needs it, then another",
                        vendor,
                        database,
                        connection -> connection.setCatalog("order_two"),
                        ofDatabase,
                        one),
                Order.of(
                        "zone and back",
                        vendor,
                        zone,
                        text("SET time_zone = '+09:00'"),
                        text("SET time_zone = '+00:00'")),
                Order.of(
                        "isolation by text, then by call",
                        vendor,
                        zone,
                        serializable,
                        isolation(Connection.TRANSACTION_READ_COMMITTED)),
                Order.of(
                        "isolation by call, then by text",
                        vendor,
                        zone,
                        isolation(Connection.TRANSACTION_READ_COMMITTED),
                        serializable));
    }

    private static Stream<Order> onH2() {
        String vendor = "h2";
        String schema = "SELECT CURRENT_SCHEMA";
        return Stream.of(
                Order.of(
                        "schema by text, then by call",
                        vendor,
                        schema,
                        text("SET SCHEMA ONE"),
                        connection -> connection.setSchema("TWO")),
                Order.of(
                        "schema by call, then by text",
                        vendor,
                        schema,
                        connection -> connection.setSchema("TWO"),
                        text("SET SCHEMA ONE")),
                Order.of(
                        "isolation by text, then by call",
                        vendor,
                        schema,
                        text("SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL SERIALIZABLE"),
                        isolation(Connection.TRANSACTION_READ_COMMITTED)));
    }

    static Stream<Arguments> orders() {
        return Stream.of(onPostgres(), onMariaDb(), onH2())
                .flatMap(orders -> orders)
                .flatMap(order -> Stream.of(Rung.OLD_ONLY, Rung.DUAL_READ_OLD, Rung.STRICT_READ_OLD)
                        .map(rung -> Arguments.of(order, rung)));
    }

    private static TwoSides sides(String vendor) throws Exception {
        DatabaseServer server = SharedServers.of(vendor);
        TwoSides sides = new TwoSides(server, server, "paper");
        sides.prepare("CREATE TABLE paper (id INT PRIMARY KEY, note VARCHAR(20))");
        if (vendor.equals("mariadb")) {
            server.createDatabase("order_one");
            server.createDatabase("order_two");
            sides.on(Side.OLD, List.of("ALTER DATABASE order_one COLLATE utf8mb4_bin"));
            return sides;
        }
        for (Side side : Side.values()) {
            sides.on(side, List.of("CREATE SCHEMA one", "CREATE SCHEMA two"));
            if (vendor.equals("postgres")) {
                sides.on(side, List.of("CREATE TEXT SEARCH CONFIGURATION one.words_of_one (COPY = pg_catalog.simple)"));
            }
        }
        return sides;
    }

    @ParameterizedTest(name = "{0} on {1}")
    @MethodSource("orders")
    void legThatIsOpenedLater_hasTheSessionThatWasMadeInOrder(Order order, Rung rung) throws Exception {
        try (TwoSides sides = sides(order.vendor);
                Connection bare = sides.bare(Side.NEW);
                Connection connection = sides.connect()) {
            sides.standing.move(rung);
            order.on(bare);
            order.on(connection);
            sides.settle();
            sides.standing.move(Rung.NEW_ONLY);
            assertThat(order.ends(connection)).isEqualTo(order.ends(bare));
        }
    }

    /** The leg on which all was set is gone, so that nothing can be taken from it. */
    @ParameterizedTest(name = "{0} on {1}")
    @MethodSource("orders")
    void legThatIsOpenedLater_isMadeSo_whereTheFirstIsGone(Order order, Rung rung) throws Exception {
        try (TwoSides sides = sides(order.vendor);
                Connection bare = sides.bare(Side.OLD);
                Connection connection = sides.connect()) {
            sides.standing.move(rung);
            order.on(bare);
            order.on(connection);
            sides.settle();
            for (Rung there : List.of(Rung.NEW_ONLY, Rung.OLD_ONLY)) {
                sides.standing.move(there);
                assertThat(order.ends(connection)).as("on %s", there).isEqualTo(order.ends(bare));
            }
        }
    }
}
