package io.dualwrite.dialect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.dualwrite.servers.SharedServers;
import io.dualwrite.sql.TableName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TimeZone;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Values of every kind over every ordered pair of vendors. The JVM's zone has a daylight saving time, and one of the times lies
 * in the hour that its clocks skip: a value that went through java.sql.Timestamp would come out as another.
 */
class ValuesIT {
    private static final List<String> VENDORS = List.of("h2", "postgres", "mariadb");

    /** Column, then its type on H2, PostgreSQL and MariaDB. */
    private static final List<List<String>> RICH = List.of(
            List.of("id", "BIGINT NOT NULL PRIMARY KEY", "BIGINT NOT NULL PRIMARY KEY", "BIGINT NOT NULL PRIMARY KEY"),
            List.of("flag", "BOOLEAN", "BOOLEAN", "BOOLEAN"),
            List.of("small", "SMALLINT", "SMALLINT", "SMALLINT"),
            List.of("whole", "BIGINT", "BIGINT", "BIGINT"),
            List.of("exact", "DECIMAL(20, 4)", "NUMERIC(20, 4)", "DECIMAL(20, 4)"),
            List.of("single", "REAL", "REAL", "FLOAT"),
            List.of("twice", "DOUBLE PRECISION", "DOUBLE PRECISION", "DOUBLE"),
            List.of("txt", "VARCHAR(200)", "VARCHAR(200)", "VARCHAR(200)"),
            List.of("chr", "CHAR(5)", "CHAR(5)", "CHAR(5)"),
            List.of("lng", "CLOB", "TEXT", "LONGTEXT"),
            List.of("bin", "VARBINARY(20)", "BYTEA", "VARBINARY(20)"),
            List.of("lob", "BLOB", "BYTEA", "LONGBLOB"),
            List.of("dy", "DATE", "DATE", "DATE"),
            List.of("tod", "TIME(6)", "TIME", "TIME(6)"),
            List.of("stamp", "TIMESTAMP(6)", "TIMESTAMP", "DATETIME(6)"),
            List.of("inst", "TIMESTAMP(6) WITH TIME ZONE", "TIMESTAMPTZ", "DATETIME(6)"),
            List.of("uid", "UUID", "UUID", "UUID"),
            List.of("doc", "JSON", "JSONB", "JSON"));

    /** The same columns in poorer types. */
    private static final List<List<String>> POOR = List.of(
            List.of("id", "INT NOT NULL PRIMARY KEY", "INT NOT NULL PRIMARY KEY", "INT NOT NULL PRIMARY KEY"),
            List.of("flag", "SMALLINT", "SMALLINT", "BIT(1)"),
            List.of("small", "VARCHAR(9)", "VARCHAR(9)", "VARCHAR(9)"),
            List.of("whole", "NUMERIC(20)", "NUMERIC(20)", "VARCHAR(30)"),
            List.of("exact", "VARCHAR(30)", "VARCHAR(30)", "VARCHAR(30)"),
            List.of("single", "DOUBLE PRECISION", "DOUBLE PRECISION", "DOUBLE"),
            List.of("twice", "VARCHAR(400)", "VARCHAR(400)", "VARCHAR(400)"),
            List.of("txt", "CLOB", "TEXT", "TEXT"),
            List.of("chr", "VARCHAR(5)", "VARCHAR(5)", "VARCHAR(5)"),
            List.of("lng", "VARCHAR(1000)", "VARCHAR", "VARCHAR(1000)"),
            List.of("bin", "BLOB", "BYTEA", "BLOB"),
            List.of("lob", "VARBINARY(1000)", "BYTEA", "VARBINARY(1000)"),
            List.of("dy", "TIMESTAMP", "TIMESTAMP", "VARCHAR(10)"),
            List.of("tod", "VARCHAR(20)", "VARCHAR(20)", "VARCHAR(20)"),
            List.of("stamp", "VARCHAR(40)", "TIMESTAMPTZ", "VARCHAR(40)"),
            List.of("inst", "TIMESTAMP(6)", "TIMESTAMP", "VARCHAR(40)"),
            List.of("uid", "VARCHAR(36)", "BYTEA", "BINARY(16)"),
            List.of("doc", "VARCHAR(300)", "TEXT", "TEXT"));

    private static final List<String> LITERALS = List.of(
            "1, TRUE, -7, 9007199254740993, 12345.6700, 3.1415927, 0.1, 'Grüße 🎉 ''q'' % _ \"', 'ab', 'long', BYTES(00ff10),"
                    + " BYTES(), DATE '2024-02-29', TIME '13:14:15.123456', TIMESTAMP '2024-03-31 02:30:00.000001',"
                    + " INSTANT(2024-03-31 02:30:00.5), UUID(0f8fad5b-d9cb-469f-a165-70867728950e),"
                    + " JSON({\"b\": [1, 2.50, \"x|y\"], \"a\": null})",
            "2, FALSE, 32767, -9223372036854775808, -0.0001, -3.4E38, 1.7976931348623157E308, '', 'abcde', '', BYTES(), BYTES(ff),"
                    + " DATE '1000-01-01', TIME '00:00:00', TIMESTAMP '1582-10-10 00:00:00', INSTANT(1970-01-01 00:00:00),"
                    + " UUID(ffffffff-ffff-ffff-ffff-ffffffffffff), JSON([])",
            "3, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL");

    /** What the literals are, as text; a REAL as MariaDB shows it. */
    private static final List<List<String>> TEXTS = List.of(
            List.of(
                    "1",
                    "true",
                    "-7",
                    "9007199254740993",
                    "12345.67",
                    "3.14159",
                    "0.1",
                    "Grüße 🎉 'q' % _ \"",
                    "ab",
                    "long",
                    "00ff10",
                    "",
                    "2024-02-29",
                    "13:14:15.123456",
                    "2024-03-31T02:30:00.000001",
                    "2024-03-31T02:30:00.500",
                    "0f8fad5b-d9cb-469f-a165-70867728950e"),
            List.of(
                    "2",
                    "false",
                    "32767",
                    "-9223372036854775808",
                    "-0.0001",
                    "-340000000000000000000000000000000000000",
                    "17976931348623157" + "0".repeat(292),
                    "",
                    "abcde",
                    "",
                    "",
                    "ff",
                    "1000-01-01",
                    "00:00",
                    "1582-10-10T00:00",
                    "1970-01-01T00:00",
                    "ffffffff-ffff-ffff-ffff-ffffffffffff"));

    private static final TimeZone ZONE = TimeZone.getDefault();

    private final List<Connection> connections = new ArrayList<>();

    @BeforeAll
    static void skipAnHour() {
        TimeZone.setDefault(TimeZone.getTimeZone("Europe/Berlin"));
    }

    @AfterAll
    static void restoreZone() {
        TimeZone.setDefault(ZONE);
    }

    @AfterEach
    void close() throws SQLException {
        for (Connection connection : connections) {
            connection.close();
        }
    }

    static Stream<Arguments> pairs() {
        return VENDORS.stream().flatMap(one -> VENDORS.stream().map(other -> Arguments.of(one, other)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"h2", "postgres", "mariadb"})
    void read_givesWhatTheServerHolds_ofEveryKind(String vendor) throws SQLException {
        Connection connection = fresh(vendor, "values_read");
        TableShape rich = rich(connection, vendor);
        Set<Kind> kinds = EnumSet.noneOf(Kind.class);
        rich.columns.forEach(column -> kinds.add(column.kind));
        Set<Kind> missing = EnumSet.complementOf(EnumSet.copyOf(kinds));
        assertThat(missing)
                .isEqualTo(
                        vendor.equals("mariadb") ? EnumSet.of(Kind.OTHER, Kind.TIMESTAMP_TZ) : EnumSet.of(Kind.OTHER));
        List<RowImage> images = images(connection, rich);
        for (int row = 0; row < TEXTS.size(); row++) {
            for (int i = 0; i < TEXTS.get(row).size(); i++) {
                Column column = rich.columns.get(i);
                Object value = images.get(row).values[i];
                assertThat(value).as("%s of row %d", column, row).isNotNull();
                String text = column.kind == Kind.REAL
                        ? Values.text(new java.math.BigDecimal(value.toString()).round(new java.math.MathContext(6)))
                        : Values.text(value);
                String wanted = TEXTS.get(row).get(i) + (column.kind == Kind.TIMESTAMP_TZ ? "Z" : "");
                assertThat(text).as("%s of row %d", column, row).isEqualTo(wanted);
            }
        }
        for (int i = 1; i < rich.columns.size(); i++) {
            assertThat(images.get(2).values[i]).as(rich.columns.get(i).name).isNull();
        }
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void rows_keepTheirValues_betweenEqualTypes(String from, String to) throws SQLException {
        Connection source = fresh(from, "values_source");
        Connection target = fresh(to, "values_target");
        TableShape sourceRich = rich(source, from);
        TableShape targetRich = empty(target, to, RICH);
        copy(source, sourceRich, target, targetRich);
        copy(source, sourceRich, target, targetRich);
        assertSame(images(source, sourceRich), images(target, targetRich));
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void rows_keepTheirValues_throughPoorerTypesAndBack(String from, String to) throws SQLException {
        Connection source = fresh(from, "values_source");
        Connection target = fresh(to, "values_target");
        Connection back = fresh(from, "values_back");
        TableShape sourceRich = rich(source, from);
        TableShape targetPoor = empty(target, to, POOR);
        TableShape backRich = empty(back, from, RICH);
        copy(source, sourceRich, target, targetPoor);
        copy(target, targetPoor, back, backRich);
        assertSame(images(source, sourceRich), images(target, targetPoor));
        assertSame(images(source, sourceRich), images(back, backRich));
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void same_seesAnyOtherValue(String from, String to) throws SQLException {
        Connection source = fresh(from, "values_source");
        Connection target = fresh(to, "values_target");
        TableShape sourceRich = rich(source, from);
        TableShape targetRich = rich(target, to);
        TableShape targetPoor = emptyNamed(target, to, POOR, "poor");
        copy(target, targetRich, target, targetPoor);
        List<RowImage> sources = images(source, sourceRich);
        for (TableShape other : List.of(targetRich, targetPoor)) {
            List<RowImage> targets = images(target, other);
            for (int row = 0; row < 3; row++) {
                for (int i = 0; i < sourceRich.columns.size(); i++) {
                    assertThat(Values.same(
                                    sources.get(row).values[i],
                                    targets.get((row + 1) % 3).values[i],
                                    sourceRich.columns.get(i),
                                    other.columns.get(i)))
                            .as("%s of row %d of %s", sourceRich.columns.get(i), row, other)
                            .isFalse();
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void fractions_areCutOffAndNeverRounded(String from, String to) throws SQLException {
        Connection source = fresh(from, "values_source");
        Connection target = fresh(to, "values_target");
        String fine = from.equals("mariadb") ? "DATETIME(6)" : "TIMESTAMP(6)";
        String coarse = to.equals("mariadb") ? "DATETIME(0)" : "TIMESTAMP(0)";
        execute(
                source,
                "CREATE TABLE t (id INT PRIMARY KEY, at " + fine + ", tod TIME(6))",
                "INSERT INTO t VALUES (1, TIMESTAMP '2024-12-31 23:59:59.999999', TIME '23:59:59.999999')");
        execute(target, "CREATE TABLE t (id INT PRIMARY KEY, at " + coarse + ", tod TIME(3))");
        TableShape sourceShape = shape(source, "t");
        TableShape targetShape = shape(target, "t");
        copy(source, sourceShape, target, targetShape);
        RowImage image = images(target, targetShape).get(0);
        assertThat(image.values)
                .extracting(String::valueOf)
                .containsExactly("1", "2024-12-31T23:59:59", "23:59:59.999");
        assertSame(images(source, sourceShape), images(target, targetShape));
    }

    /** The vendors' drivers make other values of these, or fail. */
    @ParameterizedTest
    @ValueSource(strings = {"postgres", "mariadb"})
    void valuesThatNoJavaTypeHolds_stayWhatTheyAre(String vendor) throws SQLException {
        boolean mariaDb = vendor.equals("mariadb");
        Connection source = fresh(vendor, "values_source");
        Connection target = fresh(vendor, "values_target");
        String table = mariaDb
                ? "CREATE TABLE t (id INT PRIMARY KEY, tod TIME(6), dy DATE, at DATETIME(3))"
                : "CREATE TABLE t (id INT PRIMARY KEY, tod TIME, n NUMERIC, m NUMERIC(10, 2))";
        for (Connection side : List.of(source, target)) {
            if (mariaDb) {
                execute(side, "SET sql_mode = ''");
            }
            execute(side, table);
        }
        execute(
                source,
                mariaDb
                        ? "INSERT INTO t VALUES (1, '-10:00:00.5', '0000-00-00', '0000-00-00 00:00:00'), (2, '838:59:59',"
                                + " '2026-05-00', '2026-00-31 01:02:03.5'), (3, '24:00:00', NULL, NULL), (4, '23:59:59.999999',"
                                + " '2026-01-02', '2026-01-02 00:00:00')"
                        : "INSERT INTO t VALUES (1, '24:00', 'NaN', 'NaN'), (2, '23:59:59.999999', 'Infinity', 1.5),"
                                + " (3, NULL, '-Infinity', NULL), (4, '00:00', 0, 0)");
        TableShape shape = shape(source, "t");
        copy(source, shape, target, shape(target, "t"));
        copy(source, shape, target, shape(target, "t"));
        assertSame(images(source, shape), images(target, shape));
        String all = "SELECT CAST(tod AS CHAR(20)), "
                + (mariaDb ? "CAST(dy AS CHAR), CAST(at AS CHAR)" : "CAST(n AS TEXT), CAST(m AS TEXT)")
                + " FROM t ORDER BY id";
        assertThat(texts(target, all)).isEqualTo(texts(source, all));
        List<RowImage> rows = images(source, shape);
        for (int column = 1; column < 4; column++) {
            for (int row = 0; row < 3; row++) {
                assertThat(Values.same(
                                rows.get(row).values[column],
                                rows.get(row + 1).values[column],
                                shape.columns.get(column),
                                shape.columns.get(column)))
                        .as("%s of rows %d and %d", shape.columns.get(column), row + 1, row + 2)
                        .isFalse();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"h2", "postgres"})
    void timeBeyondADay_isRefusedWhereThereIsNone(String vendor) throws SQLException {
        Connection source = fresh("mariadb", "values_source");
        Connection target = fresh(vendor, "values_target");
        for (Connection side : List.of(source, target)) {
            execute(side, "CREATE TABLE t (id INT PRIMARY KEY, tod TIME)");
        }
        execute(source, "INSERT INTO t VALUES (1, '-10:00:00')");
        SQLException failure = catchThrowableOfType(
                SQLException.class, () -> copy(source, shape(source, "t"), target, shape(target, "t")));
        assertThat((Throwable) failure).hasMessageContainingAll("column ", "cannot hold");
        assertThat(failure.getSQLState()).isEqualTo("22000");
    }

    /** H2 keeps the offset beside the instant; as a key both are one. */
    @Test
    void offset_isTheSameBetweenTwoH2() throws SQLException {
        Connection source = fresh("h2", "values_source");
        Connection target = fresh("h2", "values_target");
        for (Connection side : List.of(source, target)) {
            execute(side, "CREATE TABLE t (at TIMESTAMP WITH TIME ZONE PRIMARY KEY, seen TIMESTAMP(3) WITH TIME ZONE)");
        }
        execute(
                source,
                "INSERT INTO t VALUES ('2026-01-02 12:00:00+02', '2026-01-02 12:00:00.123-11:30'),"
                        + " ('2026-01-03 12:00:00+00', '2026-01-02 23:30:00.123+00')");
        TableShape shape = shape(source, "t");
        copy(source, shape, target, shape(target, "t"));
        copy(source, shape, target, shape(target, "t"));
        assertSame(images(source, shape), images(target, shape));
        String all = "SELECT CAST(at AS VARCHAR), CAST(seen AS VARCHAR) FROM t ORDER BY at";
        assertThat(texts(target, all)).isEqualTo(texts(source, all));
        List<RowImage> rows = images(source, shape);
        Column seen = shape.columns.get(1);
        assertThat(Values.same(rows.get(0).values[1], rows.get(1).values[1], seen, seen))
                .as("the same instant by another clock")
                .isFalse();
        assertThat(rows.get(0).key().text()).isEqualTo("2026-01-02T10:00Z");
        assertThat(rows.get(0).key().values[0]).isEqualTo(OffsetDateTime.parse("2026-01-02T10:00Z"));
    }

    private static List<String> texts(Connection connection, String query) throws SQLException {
        List<String> texts = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            while (rows.next()) {
                for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
                    texts.add(rows.getString(i));
                }
            }
        }
        return texts;
    }

    @ParameterizedTest
    @ValueSource(strings = {"h2", "postgres", "mariadb"})
    void bind_ofWhatTheColumnCannotHold_isRefusedAndShowsNoValue(String vendor) throws SQLException {
        Connection connection = fresh(vendor, "values_refused");
        TableShape rich = rich(connection, vendor);
        Dialect dialect = Dialects.of(connection);
        Map<String, Object> bad = Map.of(
                "small",
                "secret",
                "whole",
                new java.math.BigDecimal("1.5"),
                "dy",
                java.time.LocalDateTime.parse("2024-01-01T12:00"),
                "uid",
                "secret",
                "txt",
                new byte[] {1},
                "stamp",
                "secret");
        try (PreparedStatement statement = connection.prepareStatement("SELECT ?")) {
            for (Map.Entry<String, Object> entry : bad.entrySet()) {
                Column column = rich.column(entry.getKey());
                assertThat(column).isNotNull();
                SQLException failure = catchThrowableOfType(
                        SQLException.class, () -> Values.bind(statement, 1, entry.getValue(), column, dialect));
                assertThat((Throwable) failure).as(entry.getKey()).isNotNull();
                assertThat(failure.getSQLState()).isEqualTo("22000");
                assertThat(failure.getMessage()).contains(column.name).doesNotContain("secret");
                assertThat((Throwable) failure).hasNoCause();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void keys_readBackFromTheirText_onEitherSide(String from, String to) throws SQLException {
        Connection source = fresh(from, "values_source");
        Connection target = fresh(to, "values_target");
        TableShape sourceShape = keyed(source, from);
        TableShape targetShape = keyed(target, to);
        execute(
                source,
                "INSERT INTO keyed VALUES ('a|b', 7, TIMESTAMP '2024-03-31 02:30:00', 'x', 'v'), ('a', 8, TIMESTAMP"
                        + " '2024-01-01 00:00:00', 'y', 'w')");
        copy(source, sourceShape, target, targetShape);
        for (RowImage image : images(source, sourceShape)) {
            RowKey key = image.key();
            assertThat(RowKey.parse(targetShape, key.text())).isEqualTo(key);
            try (RowWriter writer = new RowWriter(target, Dialects.of(target), sourceShape, targetShape)) {
                assertThat(writer.delete(RowKey.parse(sourceShape, key.text()))).isEqualTo(1);
            }
        }
        assertThat(images(target, targetShape)).isEmpty();
    }

    private static TableShape keyed(Connection connection, String vendor) throws SQLException {
        String time = vendor.equals("mariadb") ? "DATETIME" : "TIMESTAMP";
        execute(
                connection,
                "CREATE TABLE keyed (a VARCHAR(20) NOT NULL, b DECIMAL(5, 2) NOT NULL, c " + time
                        + " NOT NULL, d CHAR(4) NOT NULL, v VARCHAR(9), PRIMARY KEY (d, c, b, a))");
        return shape(connection, "keyed");
    }

    // ------------------------------------------------------------------ pieces

    private Connection fresh(String vendor, String database) throws SQLException {
        SharedServers.of(vendor).createDatabase(database);
        Connection connection = SharedServers.of(vendor).connect(database);
        connections.add(connection);
        return connection;
    }

    private static TableShape rich(Connection connection, String vendor) throws SQLException {
        TableShape rich = empty(connection, vendor, RICH);
        for (String literals : LITERALS) {
            execute(connection, "INSERT INTO kinds VALUES (" + literals(literals, vendor) + ")");
        }
        return rich;
    }

    /** The literals that the vendors write differently. */
    private static String literals(String literals, String vendor) {
        String bytes = vendor.equals("postgres") ? "'\\\\x$1'::bytea" : "X'$1'";
        String instant = vendor.equals("mariadb") ? "TIMESTAMP '$1'" : "TIMESTAMP WITH TIME ZONE '$1+00:00'";
        String json = vendor.equals("h2") ? "JSON '$1'" : "'$1'";
        return literals.replaceAll("BYTES\\((\\w*)\\)", bytes)
                .replaceAll("INSTANT\\(([^)]*)\\)", instant)
                .replaceAll("UUID\\(([^)]*)\\)", "'$1'")
                .replaceAll("JSON\\(([^)]*)\\)", json);
    }

    private static TableShape empty(Connection connection, String vendor, List<List<String>> types)
            throws SQLException {
        return emptyNamed(connection, vendor, types, "kinds");
    }

    private static TableShape emptyNamed(Connection connection, String vendor, List<List<String>> types, String name)
            throws SQLException {
        List<String> columns = new ArrayList<>();
        for (List<String> type : types) {
            columns.add(type.get(0) + " " + type.get(1 + VENDORS.indexOf(vendor)));
        }
        execute(connection, "CREATE TABLE " + name + " (" + String.join(", ", columns) + ")");
        return shape(connection, name);
    }

    private static TableShape shape(Connection connection, String table) throws SQLException {
        return Dialects.of(connection).shape(connection, TableName.of(table));
    }

    private static void copy(Connection source, TableShape from, Connection target, TableShape to) throws SQLException {
        try (RowWriter writer = new RowWriter(target, Dialects.of(target), from, to)) {
            for (RowImage image : images(source, from)) {
                writer.upsert(image);
            }
        }
    }

    private static List<RowImage> images(Connection connection, TableShape table) throws SQLException {
        List<RowImage> images = new ArrayList<>();
        Dialect dialect = Dialects.of(connection);
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT " + dialect.readings("", table.columns) + " FROM "
                        + dialect.quote(table.name) + " ORDER BY 1")) {
            while (rows.next()) {
                Object[] values = new Object[table.columns.size()];
                for (int i = 0; i < values.length; i++) {
                    values[i] = Values.read(rows, i + 1, table.columns.get(i));
                }
                images.add(new RowImage(table, table.columns, values));
            }
        }
        return images;
    }

    private static void assertSame(List<RowImage> ones, List<RowImage> others) {
        assertThat(others).hasSameSizeAs(ones).isNotEmpty();
        for (int row = 0; row < ones.size(); row++) {
            RowImage one = ones.get(row);
            RowImage other = others.get(row);
            for (int i = 0; i < one.values.length; i++) {
                Column oneColumn = one.columns.get(i);
                Column otherColumn = other.columns.get(i);
                assertThat(oneColumn.name.toLowerCase(Locale.ROOT))
                        .isEqualTo(otherColumn.name.toLowerCase(Locale.ROOT));
                assertThat(Values.same(one.values[i], other.values[i], oneColumn, otherColumn))
                        .as("%s of row %d: %s and %s", oneColumn, row, shown(one.values[i]), shown(other.values[i]))
                        .isTrue();
                assertThat(Values.same(other.values[i], one.values[i], otherColumn, oneColumn))
                        .isTrue();
            }
        }
    }

    private static String shown(Object value) {
        return value == null ? "NULL" : Values.text(value);
    }

    private static void execute(Connection connection, String... texts) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String text : texts) {
                statement.execute(text);
            }
        }
    }
}
