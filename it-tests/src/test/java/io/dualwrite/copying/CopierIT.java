package io.dualwrite.copying;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualwrite.copier.Copier;
import io.dualwrite.copier.Report;
import io.dualwrite.copier.Selection;
import io.dualwrite.copier.gate.Finding;
import io.dualwrite.copier.gate.Gate;
import io.dualwrite.copier.plan.Direction;
import io.dualwrite.ladder.Phase;
import io.dualwrite.ladder.Rung;
import io.dualwrite.ladder.Side;
import io.dualwrite.servers.DatabaseServers;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.LocalDateTime;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whole runs between real servers, every vendor to every vendor. Where {@code -Dcopying.share} is 3, each test runs between three of
 * the nine pairs, with every vendor once on each side, and its neighbour between three others.
 */
class CopierIT {
    private static final int SHARE = Integer.getInteger("copying.share", 1);
    private static final String[] SCHEMA = {
        "CREATE TABLE author (id {id} PRIMARY KEY, name VARCHAR(60) NOT NULL UNIQUE, updated_at {ts})",
        "CREATE TABLE title (id BIGINT PRIMARY KEY, author BIGINT NOT NULL, price DECIMAL(10, 2), cover {blob},"
                + " active BOOLEAN, sold_on DATE, updated_at {ts},"
                + " CONSTRAINT title_author FOREIGN KEY (author) REFERENCES author (id))",
        "CREATE TABLE stock (shop VARCHAR(40) NOT NULL, title BIGINT NOT NULL, pieces INT, updated_at {ts},"
                + " PRIMARY KEY (shop, title))",
        "CREATE TABLE tag (word VARCHAR(40) PRIMARY KEY, weight DOUBLE PRECISION)"
    };
    private static final List<String> WORDS = List.of(
            "apple",
            "Banana",
            "cherry",
            "\u00c4rger",
            "zebra",
            "Zoo",
            "\u00e9clair",
            "\u00fcber",
            "_x",
            "10",
            "9",
            "-1",
            "a|b\\c",
            "\uD83D\uDE00smile",
            "\uFFFDx",
            "Stra\u00dfe",
            "o'Neill");

    static Stream<Arguments> pairsOfCopy() {
        return pairs(0);
    }

    static Stream<Arguments> pairsOfSync() {
        return pairs(1);
    }

    static Stream<Arguments> pairsOfSyncDown() {
        return pairs(2);
    }

    static Stream<Arguments> pairsOfRepair() {
        return pairs(1);
    }

    static Stream<Arguments> pairsOfSequences() {
        return pairs(2);
    }

    private static Stream<Arguments> pairs(int turn) {
        int vendors = DatabaseServers.VENDORS.size();
        return IntStream.range(0, vendors * vendors)
                .filter(pair -> (pair / vendors + pair % vendors) % SHARE == turn % SHARE)
                .mapToObj(pair -> Arguments.of(
                        DatabaseServers.VENDORS.get(pair / vendors), DatabaseServers.VENDORS.get(pair % vendors)));
    }

    private static Report verify(Pair pair, Direction direction) throws Exception {
        try (Copier copier = pair.copier(direction)) {
            return copier.verify(Selection.ALL);
        }
    }

    private static Report copy(Pair pair) throws Exception {
        try (Copier copier = pair.copier(Direction.UP)) {
            return copier.copy(Selection.DATA_A, true);
        }
    }

    private static void fill(Pair pair, int rows) throws SQLException {
        LocalDateTime now = LocalDateTime.now().truncatedTo(ChronoUnit.MICROS);
        try (Connection connection = pair.connect(Side.OLD)) {
            connection.setAutoCommit(false);
            try (PreparedStatement insert =
                    connection.prepareStatement("INSERT INTO author (id, name, updated_at) VALUES (?, ?, ?)")) {
                for (int i = 1; i <= rows; i++) {
                    insert.setLong(1, i);
                    insert.setString(2, "author " + i);
                    insert.setObject(3, now);
                    insert.addBatch();
                }
                insert.executeBatch();
            }
            try (PreparedStatement insert = connection.prepareStatement(
                    "INSERT INTO title (id, author, price, cover, active, sold_on, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?)")) {
                for (int i = 1; i <= rows; i++) {
                    insert.setLong(1, 3L * i);
                    insert.setLong(2, i);
                    insert.setBigDecimal(3, java.math.BigDecimal.valueOf(i, 2));
                    insert.setBytes(4, i % 3 == 0 ? null : new byte[] {(byte) i, 0, -1});
                    insert.setBoolean(5, i % 2 == 0);
                    insert.setObject(6, now.toLocalDate().minusDays(i));
                    insert.setObject(7, now);
                    insert.addBatch();
                }
                insert.executeBatch();
            }
            try (PreparedStatement insert = connection.prepareStatement(
                    "INSERT INTO stock (shop, title, pieces, updated_at) VALUES (?, ?, ?, ?)")) {
                for (String word : WORDS) {
                    for (int i = 0; i < 20; i++) {
                        insert.setString(1, word);
                        insert.setLong(2, i);
                        insert.setInt(3, i);
                        insert.setObject(4, now);
                        insert.addBatch();
                    }
                }
                insert.executeBatch();
            }
            try (PreparedStatement insert =
                    connection.prepareStatement("INSERT INTO tag (word, weight) VALUES (?, ?)")) {
                for (String word : WORDS) {
                    insert.setString(1, word);
                    insert.setDouble(2, word.length() / 3.0);
                    insert.addBatch();
                }
                insert.executeBatch();
            }
            connection.commit();
        }
    }

    @ParameterizedTest
    @MethodSource("pairsOfCopy")
    void copy_thenChangesAndDeletes_bothSidesAgree(String old, String other) throws Exception {
        try (Pair pair = new Pair(old, other)) {
            pair.set("copy.skew", "0 ms").onBoth(SCHEMA);
            fill(pair, 1_500);
            assertThat(copy(pair).differing()).isEmpty();
            assertThat(verify(pair, Direction.UP).differing()).isEmpty();
            pair.run(
                    Side.OLD,
                    "UPDATE author SET name = 'changed', updated_at = LOCALTIMESTAMP WHERE id = 700",
                    "DELETE FROM title WHERE author BETWEEN 10 AND 20",
                    "DELETE FROM author WHERE id BETWEEN 10 AND 20",
                    "INSERT INTO author (id, name, updated_at) VALUES (9000, 'author 10', LOCALTIMESTAMP)",
                    "UPDATE tag SET weight = 7 WHERE word = 'Banana'",
                    "DELETE FROM tag WHERE word = 'zebra'",
                    "DELETE FROM stock WHERE shop = 'Zoo' AND title < 5");
            assertThat(copy(pair).differing()).isEmpty();
            Report report = verify(pair, Direction.UP);
            assertThat(report.differing()).isEmpty();
            assertThat(report.tables())
                    .allSatisfy(table -> assertThat(table.rowsOnTarget()).isEqualTo(table.rowsOnSource()))
                    .anySatisfy(table -> assertThat(table.rowsOnSource()).isEqualTo(1_490L));
        }
    }

    @ParameterizedTest
    @MethodSource("pairsOfSync")
    void syncUnderDualWrites_losesAndResurrectsNothing(String old, String other) throws Exception {
        try (Pair pair = new Pair(old, other)) {
            pair.onBoth(SCHEMA);
            fill(pair, 50);
            pair.instance(Rung.DUAL_READ_OLD, Phase.THREE);
            pair.run(Side.NEW, "INSERT INTO stock (shop, title, pieces) VALUES ('gone', 1, 1)");
            for (int round = 0; round < 2; round++) {
                try (DualWriters writers = new DualWriters(pair, List.of(Side.OLD, Side.NEW), 3, 11);
                        Copier copier = pair.copier(Direction.UP)) {
                    assertThat(copier.sync(Selection.DATA_A).differing()).isEmpty();
                    awaitWrites(writers);
                }
            }
            assertThat(verify(pair, Direction.UP).differing()).isEmpty();
        }
    }

    private static void awaitWrites(DualWriters writers) throws InterruptedException {
        for (int i = 0; i < 100 && writers.written() < 20; i++) {
            Thread.sleep(100);
        }
    }

    @ParameterizedTest
    @MethodSource("pairsOfSyncDown")
    void syncDownUnderDualWrites_losesAndResurrectsNothing(String old, String other) throws Exception {
        try (Pair pair = new Pair(old, other)) {
            pair.onBoth(SCHEMA);
            fill(pair, 50);
            copy(pair);
            pair.instance(Rung.DUAL_READ_NEW, Phase.FIVE);
            pair.run(Side.OLD, "DELETE FROM tag", "UPDATE stock SET pieces = 4711 WHERE title > 30");
            try (DualWriters writers = new DualWriters(pair, List.of(Side.NEW, Side.OLD), 3, 23);
                    Copier copier = pair.copier(Direction.DOWN)) {
                assertThat(copier.sync(Selection.DATA_A).differing()).isEmpty();
                awaitWrites(writers);
            }
            assertThat(verify(pair, Direction.DOWN).differing()).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("pairsOfRepair")
    void plantedFaults_areNamed_andRepaired(String old, String other) throws Exception {
        try (Pair pair = new Pair(old, other)) {
            pair.onBoth(SCHEMA);
            fill(pair, 100);
            copy(pair);
            pair.run(
                    Side.NEW,
                    "UPDATE title SET price = 99.99 WHERE id = 9",
                    "DELETE FROM stock WHERE shop = 'zebra' AND title = 3",
                    "INSERT INTO tag (word, weight) VALUES ('planted', 1)");
            assertThat(verify(pair, Direction.UP).differing())
                    .containsExactlyInAnyOrder(
                            new Report.Difference("title", "9", "differs in price"),
                            new Report.Difference("stock", "zebra|3", "missing on new"),
                            new Report.Difference("tag", "planted", "only on new"));
            try (Copier copier = pair.copier(Direction.UP)) {
                assertThat(copier.repair().differing()).isEmpty();
                copier.sequences(1_000);
            }
            assertThat(verify(pair, Direction.UP).differing()).isEmpty();
            pair.run(Side.NEW, "INSERT INTO author (name) VALUES ('the next')");
            assertThat(pair.rows(Side.NEW, "SELECT id FROM author WHERE name = 'the next' AND id > 1000"))
                    .hasSize(1);
        }
    }

    @ParameterizedTest
    @MethodSource("pairsOfSequences")
    void oldUsesUpTheMarginInFive_theGateToSixIsShut_untilSequencesRaisesNew(String oldVendor, String newVendor)
            throws Exception {
        try (Pair pair = new Pair(oldVendor, newVendor)) {
            pair.onBoth("CREATE TABLE author (id {id} PRIMARY KEY, name VARCHAR(60))");
            pair.instance(Rung.DUAL_READ_NEW, Phase.FIVE);
            Thread.sleep(5);
            sequences(pair);
            assertThat(generatorsAtTheGateToSix(pair).fine()).isTrue();
            for (int i = 0; i < 1_200; i++) {
                pair.run(Side.OLD, "INSERT INTO author (name) VALUES ('another')");
            }
            Finding shut = generatorsAtTheGateToSix(pair);
            assertThat(shut.fine()).isFalse();
            assertThat(shut.reason())
                    .startsWith("new's generator of author.id stands at 1000 and old's has reached 12")
                    .endsWith("leaves no room, less than half of the margin of 1000");
            assertThat(shut.command()).isEqualTo("dualwrite sequences -c app.properties");
            sequences(pair);
            assertThat(generatorsAtTheGateToSix(pair).fine()).isTrue();
        }
    }

    private static void sequences(Pair pair) throws Exception {
        try (Copier copier = pair.copier(Direction.UP)) {
            copier.sequences(1_000);
        }
    }

    private static Finding generatorsAtTheGateToSix(Pair pair) throws Exception {
        return new Gate(pair.settings(), "app.properties")
                .look(Phase.SIX).findings().stream()
                        .filter(finding -> finding.check().equals("sequences"))
                        .findFirst()
                        .orElseThrow();
    }

    /** PostgreSQL takes no such key for ON CONFLICT. */
    @ParameterizedTest
    @ValueSource(strings = {"postgres", "mariadb"})
    void keyIsDeferrable_copyAndRepairBringTheRows(String old) throws Exception {
        try (Pair pair = new Pair(old, "postgres").set("dataA", "item")) {
            String table = "CREATE TABLE item (id INT, n INT, PRIMARY KEY (id)";
            pair.run(Side.OLD, table + ")", "INSERT INTO item VALUES (1, 1), (2, 2), (3, 3)");
            pair.run(Side.NEW, table + " DEFERRABLE INITIALLY DEFERRED)", "INSERT INTO item VALUES (2, 0), (9, 9)");
            assertThat(copy(pair).differing()).isEmpty();
            assertThat(verify(pair, Direction.UP).clean()).isTrue();
            pair.run(Side.NEW, "UPDATE item SET n = 0 WHERE id = 1", "DELETE FROM item WHERE id = 3");
            assertThat(verify(pair, Direction.UP).differences()).isEqualTo(2);
            try (Copier copier = pair.copier(Direction.UP)) {
                assertThat(copier.repair().differing()).isEmpty();
            }
            assertThat(verify(pair, Direction.UP).clean()).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"h2", "postgres", "mariadb"})
    void transactionOpenBeforeTheScan_isNotLost(String vendor) throws Exception {
        try (Pair pair = new Pair(vendor, "h2")) {
            pair.set("copy.skew", "0 ms").onBoth(SCHEMA);
            fill(pair, 10);
            try (Connection slow = pair.connect(Side.OLD)) {
                slow.setAutoCommit(false);
                slow.createStatement()
                        .execute("INSERT INTO author (id, name, updated_at) VALUES (777, 'slow', LOCALTIMESTAMP)");
                Thread.sleep(1_100);
                copy(pair);
                assertThat(pair.rows(Side.NEW, "SELECT id FROM author WHERE id = 777"))
                        .isEmpty();
                slow.commit();
            }
            try (Copier copier = pair.copier(Direction.UP)) {
                copier.copy(Selection.DATA_A, false);
            }
            assertThat(pair.rows(Side.NEW, "SELECT id FROM author WHERE id = 777"))
                    .containsExactly("777");
        }
    }
}
