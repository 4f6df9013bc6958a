package io.dualwrite.dialect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.dualwrite.servers.DatabaseServer;
import io.dualwrite.servers.DatabaseServers;
import io.dualwrite.servers.SharedServers;
import io.dualwrite.sql.TableName;
import io.dualwrite.sql.Verb;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every dialect against its real server. */
class DialectIT {
    private static final String ITEM =
            "CREATE TABLE item (id INT PRIMARY KEY, code VARCHAR(20) NOT NULL UNIQUE," + " amount INT)";

    private final List<Connection> connections = new ArrayList<>();
    private final ExecutorService others = Executors.newCachedThreadPool();

    @AfterEach
    void close() throws SQLException {
        others.shutdownNow();
        for (Connection connection : connections) {
            connection.close();
        }
    }

    // ------------------------------------------------------------------ the catalogue

    @ParameterizedTest
    @ValueSource(strings = {"h2", "postgres", "mariadb"})
    void shape_tellsColumnsKeysReferencesAndTriggers(String vendor) throws SQLException {
        Connection connection = fresh(vendor);
        Dialect dialect = Dialects.of(connection);
        String always = vendor.equals("mariadb")
                ? "BIGINT NOT NULL AUTO_INCREMENT"
                : "BIGINT GENERATED ALWAYS AS IDENTITY NOT NULL";
        String computed = vendor.equals("h2")
                ? "INT GENERATED ALWAYS AS (price * 2)"
                : "INT GENERATED ALWAYS AS (price * 2) STORED";
        execute(
                connection,
                "CREATE TABLE parent (a INT NOT NULL, b INT NOT NULL, PRIMARY KEY (b, a))",
                "CREATE TABLE rich (n " + always + ", price INT, twice " + computed + ", made TIMESTAMP(3) NULL,"
                        + " pa INT, pb INT, label VARCHAR(10) NOT NULL, PRIMARY KEY (n),"
                        + " CONSTRAINT rich_label UNIQUE (label, price),"
                        + " CONSTRAINT rich_parent FOREIGN KEY (pb, pa) REFERENCES parent (b, a) ON DELETE CASCADE)");

        TableShape rich = dialect.shape(connection, TableName.of("RiCh"));

        assertThat(rich.name.table()).isEqualTo(vendor.equals("h2") ? "RICH" : "rich");
        assertThat(rich.name.schema()).isNotNull();
        assertThat(rich.columns)
                .extracting(column -> column.name.toLowerCase(Locale.ROOT))
                .containsExactly("n", "price", "twice", "made", "pa", "pb", "label");
        assertThat(rich.key)
                .extracting(column -> column.name.toLowerCase(Locale.ROOT))
                .containsExactly("n");
        assertThat(column(rich, "n").generatedKey).isTrue();
        assertThat(column(rich, "n").alwaysIdentity).isEqualTo(!vendor.equals("mariadb"));
        assertThat(column(rich, "n").nullable).isFalse();
        assertThat(column(rich, "price").computed).isFalse();
        assertThat(column(rich, "price").generatedKey).isFalse();
        assertThat(column(rich, "twice").computed).isTrue();
        assertThat(column(rich, "made").kind).isEqualTo(Kind.TIMESTAMP);
        assertThat(column(rich, "made").fractionDigits).isEqualTo(3);
        assertThat(column(rich, "made").nullable).isTrue();
        assertThat(rich.secondaryKeys).hasSize(1);
        assertThat(rich.secondaryKeys.get(0))
                .map(name -> name.toLowerCase(Locale.ROOT))
                .containsExactly("label", "price");
        assertThat(rich.references).hasSize(1);
        assertThat(rich.references.get(0).parent.table().toLowerCase(Locale.ROOT))
                .isEqualTo("parent");
        assertThat(rich.references.get(0).columns)
                .map(name -> name.toLowerCase(Locale.ROOT))
                .containsExactly("pb", "pa");
        assertThat(rich.references.get(0).cascades).isTrue();
        assertThat(rich.triggers).isEmpty();
        assertThat(rich.writable())
                .extracting(column -> column.name.toLowerCase(Locale.ROOT))
                .doesNotContain("twice");

        TableShape parent = dialect.shape(connection, TableName.of("parent"));
        assertThat(parent.key)
                .extracting(column -> column.name.toLowerCase(Locale.ROOT))
                .containsExactly("b", "a");
        assertThat(parent.secondaryKeys).isEmpty();
        assertThat(parent.references).isEmpty();
        assertThat(dialect.shape(connection, rich.name).name).isEqualTo(rich.name);
        assertThat(dialect.tables(connection)).containsExactly(parent.name, rich.name);

        trigger(connection, vendor, "parent");
        assertThat(dialect.shape(connection, parent.name).triggers).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"h2", "postgres", "mariadb"})
    void shape_ofNoTable_isRefused(String vendor) throws SQLException {
        Connection connection = fresh(vendor);
        SQLException failure = catchThrowableOfType(
                SQLException.class, () -> Dialects.of(connection).shape(connection, TableName.of("nowhere")));
        assertThat(failure.getSQLState()).isEqualTo("42P01");
        assertThat((Throwable) failure).hasMessageContaining("nowhere");
    }

    @ParameterizedTest
    @ValueSource(strings = {"h2", "postgres", "mariadb"})
    void shape_ofNamesThatDifferInCase_takesTheExactOneOrRefuses(String vendor) throws SQLException {
        Connection connection = fresh(vendor);
        Dialect dialect = Dialects.of(connection);
        execute(connection, "CREATE TABLE " + dialect.quote("Twin") + " (a INT PRIMARY KEY)");
        assertThat(dialect.shape(connection, TableName.of("twin")).name.table()).isEqualTo("Twin");
        execute(connection, "CREATE TABLE " + dialect.quote("tWIN") + " (b INT PRIMARY KEY)");
        assertThat(dialect.shape(connection, TableName.of("tWIN")).columns.get(0).name)
                .isEqualToIgnoringCase("b");
        assertThatThrownBy(() -> dialect.shape(connection, TableName.of("twin")))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("case");
    }

    @ParameterizedTest
    @ValueSource(strings = {"h2", "postgres", "mariadb"})
    void ownTables_areMadeTwiceWithoutHarm_andAreNoTablesOfTheApplication(String vendor) throws SQLException {
        Connection connection = fresh(vendor);
        Dialect dialect = Dialects.of(connection);
        for (int i = 0; i < 2; i++) {
            execute(connection, dialect.ownTables().toArray(new String[0]));
        }
        assertThat(dialect.tables(connection)).isEmpty();
        TableShape mark = dialect.shape(connection, TableName.of(OwnTables.MARK));
        assertThat(mark.columns)
                .extracting(column -> column.name.toLowerCase(Locale.ROOT))
                .containsExactly(
                        "id", "seq", "table_name", "row_key", "row_count", "reason", "instance", "epoch", "marked_at");
        assertThat(column(mark, "row_key").nullable).isTrue();
        assertThat(mark.key).hasSize(2);
        assertThat(dialect.shape(connection, TableName.of(OwnTables.INSTANCE)).columns)
                .hasSize(13);
        assertThat(dialect.shape(connection, TableName.of(OwnTables.PHASE)).columns)
                .hasSize(8);
        assertThat(dialect.shape(connection, TableName.of(OwnTables.COPY)).key).hasSize(3);
    }

    // ------------------------------------------------------------------ images

    @ParameterizedTest
    @ValueSource(strings = {"h2", "postgres", "mariadb"})
    void capturing_runsTheWriteAndGivesItsRows(String vendor) throws SQLException {
        Connection connection = fresh(vendor);
        Dialect dialect = Dialects.of(connection);
        execute(connection, ITEM, "INSERT INTO item VALUES (1, 'a', 10), (2, 'b', 20), (3, 'c', 30)");
        TableShape item = dialect.shape(connection, TableName.of("item"));

        assertThat(captured(
                        connection,
                        dialect,
                        item,
                        Verb.INSERT,
                        "INSERT INTO item (amount, code, id) VALUES (40, 'd', 4), (50, 'e', 5)",
                        "item",
                        List.of("amount")))
                .containsExactly("40|4|d|40", "50|5|e|50");
        assertThat(captured(
                        connection,
                        dialect,
                        item,
                        Verb.DELETE,
                        "DELETE FROM item WHERE amount < 25",
                        "item",
                        List.of()))
                .containsExactly("1|a|10", "2|b|20");
        String update = "UPDATE item" + (vendor.equals("mariadb") ? "" : " AS i") + " SET amount = amount + 1";
        if (vendor.equals("mariadb")) {
            assertThat(dialect.capturing(update, Verb.UPDATE, item, "item", List.of()))
                    .isNull();
            execute(connection, update);
        } else {
            assertThat(captured(connection, dialect, item, Verb.UPDATE, update, "item AS i", List.of()))
                    .containsExactly("3|c|31", "4|d|41", "5|e|51");
        }
        assertThat(rows(connection, "SELECT id, code, amount FROM item ORDER BY id"))
                .containsExactly("3|c|31", "4|d|41", "5|e|51");
        if (vendor.equals("h2")) {
            assertThat(captured(
                            connection,
                            dialect,
                            item,
                            Verb.MERGE,
                            "MERGE INTO item KEY (id) VALUES (3, 'C', 0), (6, 'f', 60)",
                            "item",
                            List.of()))
                    .containsExactly("3|C|0", "6|f|60");
        } else {
            assertThat(dialect.capturing("MERGE …", Verb.MERGE, item, "item", List.of()))
                    .isNull();
        }
        assertThat(dialect.capturing("SELECT 1", Verb.SELECT, item, null, List.of()))
                .isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"postgres", "mariadb", "h2"})
    void selectByKeys_findsExactlyThese(String vendor) throws SQLException {
        Connection connection = fresh(vendor);
        Dialect dialect = Dialects.of(connection);
        execute(
                connection,
                "CREATE TABLE pair (b CHAR(3) NOT NULL, a INT NOT NULL, v INT, PRIMARY KEY (a, b))",
                "INSERT INTO pair VALUES ('x', 1, 1), ('y', 1, 2), ('x', 2, 3), ('y', 2, 4)");
        TableShape pair = dialect.shape(connection, TableName.of("pair"));
        try (PreparedStatement select =
                connection.prepareStatement(dialect.selectByKeys(pair, pair.columns, 2, true))) {
            int index = 1;
            for (String text : List.of("1|y", "2|x")) {
                RowKey key = RowKey.parse(pair, text);
                for (int i = 0; i < 2; i++) {
                    Values.bind(select, index++, key.values[i], pair.key.get(i), dialect);
                }
            }
            List<String> found = new ArrayList<>();
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    found.add(Values.read(rows, 1, pair.columns.get(0)) + "|" + rows.getInt(3));
                }
            }
            assertThat(found).containsExactlyInAnyOrder("y|2", "x|3");
        }
    }

    // ------------------------------------------------------------------ writing rows

    @ParameterizedTest
    @ValueSource(strings = {"h2", "postgres", "mariadb"})
    void upsert_besideASecondaryUniqueKey_neverTouchesAnotherRow(String vendor) throws SQLException {
        Connection connection = fresh(vendor);
        Dialect dialect = Dialects.of(connection);
        execute(connection, ITEM, "INSERT INTO item VALUES (1, 'a', 10), (2, 'b', 20)");
        TableShape item = dialect.shape(connection, TableName.of("item"));
        try (RowWriter writer = new RowWriter(connection, dialect, item, item)) {
            writer.upsert(row(item, 1L, "A", 11L));
            writer.upsert(row(item, 3L, "c", null));
            SQLException failure =
                    catchThrowableOfType(SQLException.class, () -> writer.upsert(row(item, 4L, "b", 99L)));
            assertThat(dialect.isDuplicate(failure)).isTrue();
            assertThatThrownBy(() -> writer.upsert(row(item, 3L, "b", 99L))).isInstanceOf(SQLException.class);
            assertThat(rows(connection, "SELECT id, code, amount FROM item ORDER BY id"))
                    .containsExactly("1|A|11", "2|b|20", "3|c|null");
            assertThat(writer.insertIfAbsent(row(item, 3L, "z", 0L))).isFalse();
            assertThat(writer.insertIfAbsent(row(item, 5L, "e", 50L))).isTrue();
            assertThatThrownBy(() -> writer.insertIfAbsent(row(item, 6L, "b", 0L)))
                    .isInstanceOf(SQLException.class);
            assertThatThrownBy(() -> writer.insert(row(item, 5L, "y", 0L))).isInstanceOf(SQLException.class);
            assertThat(writer.delete(new RowKey(new Object[] {1L}))).isEqualTo(1);
            assertThat(writer.delete(new RowKey(new Object[] {1L}))).isZero();
            assertThat(rows(connection, "SELECT id, code, amount FROM item ORDER BY id"))
                    .containsExactly("2|b|20", "3|c|null", "5|e|50");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"h2", "postgres", "mariadb"})
    void upsert_keepsGivenIdentities_leavesDefaultsOfMoreColumns_andTakesAnyOrder(String vendor) throws SQLException {
        Connection connection = fresh(vendor);
        Dialect dialect = Dialects.of(connection);
        String identity = vendor.equals("mariadb")
                ? "BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY"
                : "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY";
        execute(
                connection,
                "CREATE TABLE source (id BIGINT NOT NULL PRIMARY KEY, name VARCHAR(9), note VARCHAR(9))",
                "CREATE TABLE target (extra INT DEFAULT 7, note VARCHAR(9), id " + identity + ", name VARCHAR(9))",
                "CREATE TABLE bare (a INT NOT NULL, b INT NOT NULL, PRIMARY KEY (a, b))");
        TableShape source = dialect.shape(connection, TableName.of("source"));
        TableShape target = dialect.shape(connection, TableName.of("target"));
        try (RowWriter writer = new RowWriter(connection, dialect, source, target)) {
            writer.upsert(row(source, 4711L, "n", "one"));
            writer.upsert(row(source, 4711L, "n", "two"));
            assertThat(writer.insertIfAbsent(row(source, 4712L, "m", "three"))).isTrue();
        }
        assertThat(rows(connection, "SELECT id, name, note, extra FROM target ORDER BY id"))
                .containsExactly("4711|n|two|7", "4712|m|three|7");

        TableShape bare = dialect.shape(connection, TableName.of("bare"));
        try (RowWriter writer = new RowWriter(connection, dialect, bare, bare)) {
            writer.upsert(row(bare, 1L, 2L));
            writer.upsert(row(bare, 1L, 2L));
            assertThat(writer.insertIfAbsent(row(bare, 1L, 2L))).isFalse();
        }
        assertThat(rows(connection, "SELECT a, b FROM bare")).containsExactly("1|2");

        SQLException failure =
                catchThrowableOfType(SQLException.class, () -> new RowWriter(connection, dialect, target, bare));
        assertThat(failure.getSQLState()).isEqualTo("42703");
    }

    @ParameterizedTest
    @ValueSource(strings = {"h2", "postgres", "mariadb"})
    void aKeyOfZero_staysZero_whereTheColumnGenerates(String vendor) throws SQLException {
        Connection connection = fresh(vendor);
        Dialect dialect = Dialects.of(connection);
        String identity = vendor.equals("mariadb") ? "AUTO_INCREMENT" : "GENERATED BY DEFAULT AS IDENTITY";
        for (String unique : List.of("", " UNIQUE")) {
            execute(connection, "CREATE TABLE zero (id INT " + identity + " PRIMARY KEY, v VARCHAR(9)" + unique + ")");
            TableShape zero = dialect.shape(connection, TableName.of("zero"));
            try (RowWriter writer = new RowWriter(connection, dialect, zero, zero)) {
                writer.upsert(row(zero, 0L, "a"));
                writer.upsert(row(zero, 0L, "b"));
                assertThat(writer.insertIfAbsent(row(zero, 0L, "c"))).isFalse();
            }
            assertThat(rows(connection, "SELECT id, v FROM zero")).containsExactly("0|b");
            execute(connection, "DROP TABLE zero");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"h2", "postgres", "mariadb"})
    void insertIfAbsentAndUpsert_waitForAConcurrentInsert(String vendor) throws Exception {
        Connection mine = fresh(vendor);
        Connection other = another(vendor);
        Dialect dialect = Dialects.of(mine);
        execute(mine, ITEM);
        TableShape item = dialect.shape(mine, TableName.of("item"));
        for (boolean upsert : new boolean[] {false, true}) {
            long id = upsert ? 2L : 1L;
            other.setAutoCommit(false);
            execute(other, "INSERT INTO item VALUES (" + id + ", 'other" + id + "', 1)");
            dialect.boundWaits(mine, Duration.ofSeconds(20), Duration.ofSeconds(20));
            Future<Boolean> waiting = others.submit(() -> {
                try (RowWriter writer = new RowWriter(mine, dialect, item, item)) {
                    if (upsert) {
                        writer.upsert(row(item, id, "mine" + id, 2L));
                        return true;
                    }
                    return writer.insertIfAbsent(row(item, id, "mine" + id, 2L));
                }
            });
            assertThatThrownBy(() -> waiting.get(300, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);
            other.commit();
            assertThat(waiting.get(20, TimeUnit.SECONDS)).isEqualTo(upsert);
        }
        assertThat(rows(mine, "SELECT id, code, amount FROM item ORDER BY id"))
                .containsExactly("1|other1|1", "2|mine2|2");
    }

    // ------------------------------------------------------------------ faults and waits

    @ParameterizedTest
    @ValueSource(strings = {"h2", "postgres", "mariadb"})
    void aftermath_ofADuplicate_isWhatTheTransactionThenAccepts(String vendor) throws SQLException {
        Connection connection = fresh(vendor);
        Dialect dialect = Dialects.of(connection);
        execute(connection, ITEM);
        connection.setAutoCommit(false);
        execute(connection, "INSERT INTO item VALUES (1, 'a', 1)");
        SQLException failure = catchThrowableOfType(
                SQLException.class, () -> execute(connection, "INSERT INTO item VALUES (1, 'b', 1)"));
        assertThat(dialect.isDuplicate(failure)).isTrue();
        assertThat(dialect.isRetryable(failure)).isFalse();
        boolean postgres = vendor.equals("postgres");
        assertThat(dialect.aftermath(failure))
                .isEqualTo(postgres ? Aftermath.TRANSACTION_ABORTED : Aftermath.STATEMENT_UNDONE);
        if (postgres) {
            assertThatThrownBy(() -> rows(connection, "SELECT id, code, amount FROM item"))
                    .isInstanceOf(SQLException.class);
        } else {
            assertThat(rows(connection, "SELECT id, code, amount FROM item")).containsExactly("1|a|1");
        }
        connection.rollback();
    }

    @ParameterizedTest
    @ValueSource(strings = {"h2", "postgres", "mariadb"})
    void aftermath_ofADeadlock_isWhatBecameOfTheTransaction(String vendor) throws Exception {
        Connection one = fresh(vendor);
        Connection two = another(vendor);
        Dialect dialect = Dialects.of(one);
        execute(one, ITEM, "INSERT INTO item VALUES (1, 'a', 1), (2, 'b', 2), (3, 'c', 3), (4, 'd', 4)");
        for (Connection connection : List.of(one, two)) {
            dialect.boundWaits(connection, Duration.ofSeconds(20), Duration.ofSeconds(30));
            connection.setAutoCommit(false);
        }
        execute(one, "UPDATE item SET amount = 11 WHERE id = 3", "UPDATE item SET amount = 11 WHERE id = 1");
        execute(two, "UPDATE item SET amount = 22 WHERE id = 4", "UPDATE item SET amount = 22 WHERE id = 2");
        Future<SQLException> first = others.submit(() -> failure(one, "UPDATE item SET amount = 11 WHERE id = 2"));
        SQLException second = failure(two, "UPDATE item SET amount = 22 WHERE id = 1");
        if (second == null) {
            two.commit();
        }
        SQLException failed = first.get(40, TimeUnit.SECONDS);
        Connection victim = failed == null ? two : one;
        SQLException failure = failed == null ? second : failed;
        assertThat((Throwable) failure).isNotNull();
        assertThat(dialect.isRetryable(failure)).isTrue();
        assertThat(dialect.isDuplicate(failure)).isFalse();
        assertThat(dialect.aftermath(failure))
                .isEqualTo(vendor.equals("postgres") ? Aftermath.TRANSACTION_ABORTED : Aftermath.TRANSACTION_GONE);
        (victim == one ? two : one).commit();
        if (vendor.equals("postgres")) {
            victim.rollback();
        } else {
            victim.commit();
        }
        // what the victim wrote before the deadlock is gone, although it committed
        assertThat(rows(one, "SELECT amount FROM item WHERE id = " + (victim == one ? 3 : 4)))
                .containsExactly(victim == one ? "3" : "4");
    }

    @Test
    void aftermath_ofMariaDbsChangedSnapshot_isThatTheTransactionIsGone() throws SQLException {
        Connection one = fresh("mariadb");
        Connection two = another("mariadb");
        Dialect dialect = Dialects.of(one);
        execute(
                one,
                ITEM,
                "INSERT INTO item VALUES (1, 'a', 1), (2, 'b', 2)",
                "SET SESSION innodb_snapshot_isolation = ON");
        one.setAutoCommit(false);
        execute(one, "UPDATE item SET amount = 20 WHERE id = 2");
        assertThat(rows(one, "SELECT amount FROM item")).containsExactly("1", "20");
        execute(two, "UPDATE item SET amount = 11 WHERE id = 1");
        SQLException failure = failure(one, "UPDATE item SET amount = 12 WHERE id = 1");
        assertThat((Throwable) failure).isNotNull();
        assertThat(dialect.isRetryable(failure)).isTrue();
        assertThat(dialect.aftermath(failure)).isEqualTo(Aftermath.TRANSACTION_GONE);
        one.commit();
        assertThat(rows(two, "SELECT amount FROM item ORDER BY id")).containsExactly("11", "2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"h2", "postgres", "mariadb"})
    void aftermath_ofALostConnection(String vendor) throws Exception {
        try (DatabaseServer server = DatabaseServers.start(vendor)) {
            server.createDatabase("lost");
            Connection connection = server.connect("lost");
            connections.add(connection);
            Dialect dialect = Dialects.of(connection);
            server.kill();
            SQLException failure = failure(connection, "SELECT 1");
            assertThat((Throwable) failure).isNotNull();
            assertThat(dialect.aftermath(failure)).isEqualTo(Aftermath.CONNECTION_LOST);
            assertThat(dialect.isRetryable(failure)).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"h2", "postgres", "mariadb"})
    void boundWaits_endAWaitForALock_unboundGivesBackWhatWasBefore(String vendor) throws Exception {
        Connection holder = fresh(vendor);
        Dialect dialect = Dialects.of(holder);
        execute(holder, ITEM, "INSERT INTO item VALUES (1, 'a', 1)");
        String url = SharedServers.of(vendor).jdbcUrl(database(vendor));
        String own =
                switch (vendor) {
                    case "h2" -> url + ";LOCK_TIMEOUT=12345";
                    case "postgres" -> url + "?options=-c%20lock_timeout=12345";
                    default -> url + "?sessionVariables=innodb_lock_wait_timeout=12,max_statement_time=77";
                };
        Connection waiter = DriverManager.getConnection(own, "app", "app");
        connections.add(waiter);
        String before = waits(waiter, vendor);
        assertThat(before).contains("12");
        holder.setAutoCommit(false);
        execute(holder, "UPDATE item SET amount = 2 WHERE id = 1");

        dialect.boundWaits(waiter, Duration.ofMillis(70), Duration.ofSeconds(20));
        dialect.boundWaits(waiter, Duration.ofMillis(50), Duration.ofSeconds(10));
        assertThat(waits(waiter, vendor)).isNotEqualTo(before);
        long start = System.nanoTime();
        SQLException failure = failure(waiter, "UPDATE item SET amount = 3 WHERE id = 1");
        Duration waited = Duration.ofNanos(System.nanoTime() - start);
        assertThat((Throwable) failure).isNotNull();
        assertThat(dialect.isRetryable(failure)).isTrue();
        assertThat(waited).isLessThan(Duration.ofSeconds(5));
        if (!vendor.equals("postgres")) {
            assertThat(dialect.aftermath(failure)).isEqualTo(Aftermath.STATEMENT_UNDONE);
        }

        dialect.unboundWaits(waiter);
        assertThat(waits(waiter, vendor)).isEqualTo(before);
        dialect.unboundWaits(waiter);
        assertThat(waits(waiter, vendor)).isEqualTo(before);
        Future<SQLException> waiting = others.submit(() -> failure(waiter, "UPDATE item SET amount = 4 WHERE id = 1"));
        assertThatThrownBy(() -> waiting.get(2500, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);
        holder.commit();
        assertThat((Throwable) waiting.get(20, TimeUnit.SECONDS)).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"h2", "postgres", "mariadb"})
    void boundWaits_endAStatement(String vendor) throws Exception {
        Connection connection = fresh(vendor);
        Dialect dialect = Dialects.of(connection);
        dialect.boundWaits(connection, Duration.ofSeconds(5), Duration.ofMillis(200));
        String slow =
                switch (vendor) {
                    case "h2" ->
                        "SELECT COUNT(*) FROM SYSTEM_RANGE(1, 100000) a, SYSTEM_RANGE(1, 100000) b"
                                + " WHERE MOD(a.X * b.X, 7) = 8";
                    case "postgres" -> "SELECT pg_sleep(20)";
                    default -> "SELECT SLEEP(20)";
                };
        long start = System.nanoTime();
        SQLException failure = failure(connection, slow);
        assertThat((Throwable) failure).isNotNull();
        assertThat(dialect.isRetryable(failure)).isTrue();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
    }

    // ------------------------------------------------------------------ the server

    @ParameterizedTest
    @ValueSource(strings = {"h2", "postgres", "mariadb"})
    void nowAndOldestTransaction_seeAnOpenOne(String vendor) throws Exception {
        Connection mine = fresh(vendor);
        Dialect dialect = Dialects.of(mine);
        execute(mine, ITEM);
        Instant now = dialect.now(mine);
        assertThat(Duration.between(now, Instant.now()).abs()).isLessThan(Duration.ofSeconds(5));
        // MariaDB says in whole seconds since when a transaction is open, and one of the test before may be yet.
        Instant least = vendor.equals("mariadb") ? now.truncatedTo(ChronoUnit.SECONDS) : now;
        assertThat(dialect.oldestTransaction(mine)).isAfterOrEqualTo(least);

        Connection other = another(vendor);
        other.setAutoCommit(false);
        execute(other, "INSERT INTO item VALUES (1, 'a', 1)");
        Instant afterwards = dialect.now(mine);
        awaitClock(dialect, mine, afterwards.plusMillis(1200));
        assertThat(dialect.oldestTransaction(mine)).isBeforeOrEqualTo(afterwards);
        assertThat(dialect.sessions(mine))
                .hasSize(1)
                .allSatisfy(session -> assertThat(session.user).isEqualToIgnoringCase("app"))
                .allSatisfy(session -> assertThat(session.transactionSince).isBeforeOrEqualTo(afterwards));
        other.rollback();
        assertThat(dialect.oldestTransaction(mine)).isAfter(afterwards);
        assertThat(dialect.sessions(mine).get(0).transactionSince).isNull();

        // inside a transaction the clock goes on
        mine.setAutoCommit(false);
        Instant first = dialect.now(mine);
        awaitClock(dialect, mine, first.plusMillis(5));
        mine.rollback();
    }

    @ParameterizedTest
    @ValueSource(strings = {"postgres", "mariadb"})
    void oldestTransaction_whichMayNotBeSeen_isNotTakenForNone(String vendor) throws SQLException {
        Connection writer = fresh(vendor);
        boolean postgres = vendor.equals("postgres");
        execute(
                writer,
                ITEM,
                postgres ? "DROP ROLE IF EXISTS poor" : "DROP USER IF EXISTS poor",
                postgres ? "CREATE ROLE poor LOGIN PASSWORD 'poor'" : "CREATE USER poor IDENTIFIED BY 'poor'");
        if (!postgres) {
            execute(writer, "GRANT SELECT ON " + database(vendor) + ".* TO poor");
        }
        writer.setAutoCommit(false);
        execute(writer, "INSERT INTO item VALUES (1, 'a', 1)");
        Connection poor =
                DriverManager.getConnection(SharedServers.of(vendor).jdbcUrl(database(vendor)), "poor", "poor");
        connections.add(poor);
        Dialect dialect = Dialects.of(poor);
        SQLException failure = catchThrowableOfType(SQLException.class, () -> dialect.oldestTransaction(poor));
        assertThat((Throwable) failure).isNotNull().hasMessageContaining("GRANT");
        assertThat(failure.getSQLState()).isEqualTo("42501");
        assertThat(dialect.sessions(poor)).hasSize(postgres ? 1 : 0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"h2", "postgres", "mariadb"})
    void raise_goesUpOnly(String vendor) throws SQLException {
        Connection connection = fresh(vendor);
        Dialect dialect = Dialects.of(connection);
        String identity = vendor.equals("mariadb")
                ? "BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY"
                : "BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY";
        String next =
                switch (vendor) {
                    case "h2" -> "NEXT VALUE FOR free_one";
                    default -> "nextval(%s)".formatted(vendor.equals("postgres") ? "'free_one'" : "free_one");
                };
        execute(
                connection,
                "CREATE SEQUENCE free_one",
                "CREATE SEQUENCE used_one START WITH 5 CACHE 10",
                "CREATE TABLE keyed (id " + identity + ", v INT, n BIGINT DEFAULT "
                        + next.replace("free_one", "used_one") + ")",
                "INSERT INTO keyed (v) VALUES (1), (2)");
        TableShape keyed = dialect.shape(connection, TableName.of("keyed"));
        List<Generator> generators = dialect.generators(connection, keyed);
        assertThat(generators)
                .extracting(generator -> String.valueOf(generator.column).toLowerCase(Locale.ROOT))
                .containsExactlyInAnyOrder("id", "n");
        assertThat(dialect.freeGenerators(connection))
                .extracting(generator -> String.valueOf(generator.sequence).toLowerCase(Locale.ROOT))
                .anyMatch(name -> name.endsWith("free_one"));
        for (Generator generator : generators) {
            boolean id = "id".equalsIgnoreCase(generator.column);
            assertThat(dialect.reached(connection, generator)).isGreaterThanOrEqualTo(id ? 2 : 6);
            assertThat(dialect.highest(connection, generator)).isGreaterThanOrEqualTo(Integer.MAX_VALUE);
            dialect.raise(connection, generator, 1000);
            assertThat(dialect.reached(connection, generator)).isGreaterThanOrEqualTo(1000);
            dialect.raise(connection, generator, 500);
            execute(connection, "INSERT INTO keyed (v) VALUES (3)");
            assertThat(rows(connection, "SELECT MAX(" + generator.column + ") FROM keyed"))
                    .containsExactly("1001");
        }
        Generator free = dialect.freeGenerators(connection).stream()
                .filter(generator -> String.valueOf(generator.sequence)
                        .toLowerCase(Locale.ROOT)
                        .endsWith("free_one"))
                .findFirst()
                .orElseThrow();
        assertThat(dialect.reached(connection, free)).isZero();
        assertThat(free.commonName()).isEqualTo("sequence free_one");
        assertThat(dialect.highest(connection, free)).isGreaterThanOrEqualTo(Integer.MAX_VALUE);
        dialect.raise(connection, free, 77);
        assertThat(rows(connection, "SELECT " + next)).containsExactly("78");
        dialect.raise(connection, free, 10);
        assertThat(Long.parseLong(rows(connection, "SELECT " + next).get(0))).isGreaterThan(78);
    }

    // ------------------------------------------------------------------ pieces

    private String database(String vendor) {
        return "dialect_" + vendor;
    }

    private Connection fresh(String vendor) throws SQLException {
        SharedServers.of(vendor).createDatabase(database(vendor));
        return another(vendor);
    }

    private Connection another(String vendor) throws SQLException {
        Connection connection = SharedServers.of(vendor).connect(database(vendor));
        connections.add(connection);
        return connection;
    }

    private static void awaitClock(Dialect dialect, Connection connection, Instant until) {
        await().until(() -> dialect.now(connection).isAfter(until));
    }

    private static String waits(Connection connection, String vendor) throws SQLException {
        return rows(
                        connection,
                        switch (vendor) {
                            case "h2" ->
                                "SELECT LOCK_TIMEOUT(), SETTING_VALUE FROM INFORMATION_SCHEMA.SETTINGS"
                                        + " WHERE SETTING_NAME = 'QUERY_TIMEOUT'";
                            case "postgres" ->
                                "SELECT current_setting('lock_timeout'), current_setting('statement_timeout')";
                            default -> "SELECT @@innodb_lock_wait_timeout, @@lock_wait_timeout, @@max_statement_time";
                        })
                .get(0);
    }

    private static void trigger(Connection connection, String vendor, String table) throws SQLException {
        switch (vendor) {
            case "h2" ->
                execute(
                        connection,
                        "CREATE TRIGGER t BEFORE INSERT ON " + table + " FOR EACH ROW CALL '"
                                + NoTrigger.class.getName() + "'");
            case "postgres" ->
                execute(
                        connection,
                        "CREATE FUNCTION nothing() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
                        "CREATE TRIGGER t BEFORE INSERT ON " + table + " FOR EACH ROW EXECUTE FUNCTION nothing()");
            default -> execute(connection, "CREATE TRIGGER t BEFORE INSERT ON " + table + " FOR EACH ROW SET @x = 1");
        }
    }

    /** A trigger of H2 that does nothing. */
    public static final class NoTrigger implements org.h2.api.Trigger {
        @Override
        public void fire(Connection connection, Object[] before, Object[] after) {}
    }

    private static List<String> captured(
            Connection connection,
            Dialect dialect,
            TableShape table,
            Verb verb,
            String body,
            String target,
            List<String> first)
            throws SQLException {
        String capturing = dialect.capturing(body, verb, table, target, first);
        assertThat(capturing).isNotNull();
        List<String> rows = rows(connection, capturing);
        rows.sort(null);
        return rows;
    }

    private static RowImage row(TableShape table, Object... values) {
        return new RowImage(table, table.columns, values);
    }

    private static Column column(TableShape table, String name) {
        Column column = table.column(name);
        assertThat(column).as("column %s of %s", name, table).isNotNull();
        return column;
    }

    private static SQLException failure(Connection connection, String sql) {
        try {
            execute(connection, sql);
            return null;
        } catch (SQLException e) {
            return e;
        }
    }

    private static void execute(Connection connection, String... texts) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String text : texts) {
                statement.execute(text);
            }
        }
    }

    private static List<String> rows(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            List<String> all = new ArrayList<>();
            while (rows.next()) {
                List<String> row = new ArrayList<>();
                for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
                    row.add(String.valueOf(rows.getString(i)));
                }
                all.add(String.join("|", row));
            }
            return all;
        }
    }
}
