package io.dualwrite.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.io.StringReader;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.lang.reflect.Proxy;
import java.math.BigDecimal;
import java.net.URI;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Array;
import java.sql.Blob;
import java.sql.Clob;
import java.sql.Connection;
import java.sql.Date;
import java.sql.DriverManager;
import java.sql.JDBCType;
import java.sql.NClob;
import java.sql.PreparedStatement;
import java.sql.Ref;
import java.sql.ResultSet;
import java.sql.RowId;
import java.sql.SQLException;
import java.sql.SQLType;
import java.sql.SQLXML;
import java.sql.Statement;
import java.sql.Time;
import java.sql.Timestamp;
import java.sql.Types;
import java.util.Arrays;
import java.util.Calendar;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ParametersTest {
    private static final String TEXT = "Grüße \uD83D\uDE00";
    private static final byte[] BYTES = TEXT.getBytes(StandardCharsets.UTF_8);

    /** What a vendor makes of large objects; they cannot be compared by identity, so they are set as streams. */
    private static final Map<Class<?>, Class<?>> SET_AS =
            Map.of(Blob.class, InputStream.class, Clob.class, Reader.class, NClob.class, Reader.class);

    static Stream<Method> setters() {
        return Arrays.stream(PreparedStatement.class.getMethods())
                .filter(method -> method.getName().startsWith("set"))
                .filter(method -> method.getDeclaringClass() == PreparedStatement.class);
    }

    /** A statement that is bound to no vendor statement, or to one at once. */
    private static PreparedStatement recording(PreparedStatement direct, boolean mayLeaveRung, Parameters[] seen)
            throws SQLException {
        RecordingPreparedStatement recording = Stand.in(direct, mayLeaveRung);
        seen[0] = recording.parameters;
        return recording;
    }

    @ParameterizedTest
    @MethodSource("setters")
    void everySetter_isReplayedAsItWasCalled_anyNumberOfTimes(Method setter) throws Throwable {
        Parameters[] parameters = new Parameters[1];
        PreparedStatement recording = recording(null, true, parameters);
        call(setter, recording, arguments(setter));
        for (int round = 0; round < 3; round++) {
            Vendor vendor = new Vendor();
            parameters[0].applyTo(vendor.statement());
            assertThat(vendor.calls).hasSize(1);
            assertReplayed(setter, vendor.calls.get(0));
        }
        Parameters copy = parameters[0].copy();
        parameters[0].clear();
        Vendor vendor = new Vendor();
        copy.applyTo(vendor.statement());
        assertReplayed(setter, vendor.calls.get(0));
        parameters[0].applyTo(vendor.statement());
        assertThat(vendor.calls).hasSize(1);
    }

    @ParameterizedTest
    @MethodSource("setters")
    void everySetter_reachesTheOpenStatementAtOnce_andIsRecordedToo(Method setter) throws Throwable {
        Parameters[] parameters = new Parameters[1];
        Vendor direct = new Vendor();
        call(setter, recording(direct.statement(), true, parameters), arguments(setter));
        assertThat(direct.calls).hasSize(1);
        assertReplayed(setter, direct.calls.get(0));
        Vendor later = new Vendor();
        parameters[0].applyTo(later.statement());
        assertReplayed(setter, later.calls.get(0));
    }

    @ParameterizedTest
    @MethodSource("setters")
    void everySetter_whoseRungStays_handsOverTheVeryObjects(Method setter) throws Throwable {
        Recorder direct = new Recorder();
        Object[] arguments = arguments(setter);
        Parameters[] parameters = new Parameters[1];
        call(setter, recording(direct.as(PreparedStatement.class), false, parameters), arguments);
        assertThat(direct.calls).hasSize(1);
        assertThat(direct.calls.get(0).method()).isEqualTo(setter);
        for (int i = 0; i < arguments.length; i++) {
            Object handed = direct.calls.get(0).arguments().get(i);
            if (setter.getParameterTypes()[i].isPrimitive()) {
                assertThat(handed).isEqualTo(arguments[i]);
            } else {
                assertThat(handed).isSameAs(arguments[i]);
            }
        }
        Vendor later = new Vendor();
        if (arguments[1] instanceof InputStream || arguments[1] instanceof Reader) {
            // Read by then, and not set: so the vendor says.
            parameters[0].applyTo(later.statement());
            assertThat(later.calls).isEmpty();
        } else {
            parameters[0].applyTo(later.statement());
            assertReplayed(setter, later.calls.get(0));
        }
    }

    @ParameterizedTest
    @MethodSource("setters")
    void everySetter_thatTheVendorRefuses_recordsNothing(Method setter) throws Throwable {
        Recorder direct = new Recorder();
        direct.failure = new SQLException("no such parameter", "07009");
        for (boolean mayLeave : new boolean[] {false, true}) {
            Parameters[] parameters = new Parameters[1];
            PreparedStatement recording = recording(direct.as(PreparedStatement.class), mayLeave, parameters);
            assertThatThrownBy(() -> call(setter, recording, arguments(setter))).isSameAs(direct.failure);
            assertThat(parameters[0].kept.isSet(1)).isFalse();
        }
    }

    @ParameterizedTest
    @MethodSource("setters")
    void everySetter_takesNull(Method setter) throws Throwable {
        Object[] arguments = arguments(setter);
        if (setter.getParameterTypes()[1].isPrimitive()) {
            return;
        }
        arguments[1] = null;
        Parameters[] parameters = new Parameters[1];
        call(setter, recording(null, true, parameters), arguments);
        Vendor vendor = new Vendor();
        parameters[0].applyTo(vendor.statement());
        assertThat(vendor.calls).singleElement().satisfies(call -> {
            assertThat(call.method()).isEqualTo(setter);
            assertThat(call.arguments().get(1)).isNull();
        });
    }

    @Test
    void valuesThatTheApplicationChangesLater_areKeptAsTheyWere() throws SQLException {
        byte[] bytes = {1, 2, 3};
        Timestamp timestamp = Timestamp.valueOf("2026-01-01 10:11:12.123456789");
        Calendar calendar = Calendar.getInstance();
        java.util.Date date = new java.util.Date(1000);
        int[][] nested = {{1}, {2}};
        Parameters parameters = new Parameters();
        parameters.setBytes(1, bytes);
        parameters.setTimestamp(2, timestamp, calendar);
        parameters.setObject(3, date);
        parameters.setObject(4, nested, Types.ARRAY);
        bytes[0] = 9;
        timestamp.setTime(0);
        calendar.setTimeInMillis(0);
        date.setTime(0);
        nested[1][0] = 9;
        assertThat((byte[]) parameters.kept.value(1)).containsExactly(1, 2, 3);
        assertThat(parameters.kept.value(2)).isEqualTo(Timestamp.valueOf("2026-01-01 10:11:12.123456789"));
        assertThat(parameters.kept.value(3)).isEqualTo(new java.util.Date(1000));
        assertThat(((int[][]) parameters.kept.value(4))[1][0]).isEqualTo(2);
    }

    @Test
    void values_areReadAsTheyWereSet() throws SQLException {
        Parameters parameters = new Parameters();
        parameters.setInt(1, -7);
        parameters.setLong(2, Long.MIN_VALUE);
        parameters.setDouble(3, -0.0);
        parameters.setFloat(4, Float.NaN);
        parameters.setByte(5, (byte) -1);
        parameters.setShort(6, (short) -2);
        parameters.setBoolean(7, true);
        parameters.setNull(8, Types.INTEGER);
        parameters.setString(9, "x");
        parameters.setObject(12, 5, Types.BIGINT);
        parameters.setBinaryStream(13, new ByteArrayInputStream(BYTES));
        assertThat(parameters.kept.count()).isEqualTo(13);
        assertThat(Stream.of(1, 2, 3, 4, 5, 6, 7, 9, 12).map(parameters.kept::value))
                .containsExactly(-7, Long.MIN_VALUE, -0.0, Float.NaN, (byte) -1, (short) -2, true, "x", 5);
        assertThat(parameters.kept.value(8)).isNull();
        assertThat(parameters.kept.isSet(10)).isFalse();
        assertThat(parameters.kept.hasValue(11)).isFalse();
        assertThat(parameters.kept.hasValue(13)).isFalse();
        assertThat(parameters.kept.hasValue(14)).isFalse();
    }

    @Test
    void fromIndex_setsTheTailFromOneOn() throws SQLException {
        Parameters parameters = new Parameters();
        parameters.setString(1, "set");
        parameters.setInt(2, 22);
        parameters.setLong(3, 33);
        Recorder vendor = new Recorder();
        parameters.bind(vendor.as(PreparedStatement.class), 1);
        assertThat(vendor.calls).extracting(Recorder.Call::name).containsExactly("setInt", "setLong");
        assertThat(vendor.calls).extracting(Recorder.Call::arguments).containsExactly(List.of(1, 22), List.of(2, 33L));
    }

    @Test
    void wrongIndex_isSaidByItsNumber() {
        Parameters parameters = new Parameters();
        assertThatThrownBy(() -> parameters.setInt(0, 1)).hasMessageContaining("no parameter 0");
        assertThatThrownBy(() -> parameters.setInt(Integer.MAX_VALUE, 1))
                .hasFieldOrPropertyWithValue("SQLState", "07009");
        assertThatThrownBy(() -> parameters.setBinaryStream(-1, new ByteArrayInputStream(BYTES)))
                .hasMessageContaining("no parameter -1");
    }

    @Test
    void streamWithLength_isReadNoFurther() throws SQLException, IOException {
        InputStream stream = new ByteArrayInputStream(new byte[] {1, 2, 3, 4});
        Parameters parameters = new Parameters();
        parameters.setBinaryStream(1, stream, 3);
        assertThat(stream.readAllBytes()).containsExactly(4);
    }

    @Test
    void longStream_isSpooledToAFileThatVanishes() throws SQLException, IOException {
        byte[] large = new byte[3 * Spool.IN_MEMORY + 1];
        for (int i = 0; i < large.length; i++) {
            large[i] = (byte) (i * 31 >>> 3);
        }
        long before = spoolFiles();
        Parameters parameters = new Parameters();
        parameters.setBinaryStream(1, new ByteArrayInputStream(large));
        Parameters copy = parameters.copy();
        parameters.setInt(1, 5);
        for (int round = 0; round < 2; round++) {
            Recorder vendor = new Recorder();
            copy.applyTo(vendor.as(PreparedStatement.class));
            InputStream replay = (InputStream) vendor.calls.get(0).arguments().get(1);
            assertThat(replay.read()).isEqualTo(large[0] & 0xff);
            assertThat(replay.readAllBytes()).isEqualTo(Arrays.copyOfRange(large, 1, large.length));
        }
        Recorder vendor = new Recorder();
        copy.applyTo(vendor.as(PreparedStatement.class));
        copy.clear();
        InputStream replay = (InputStream) vendor.calls.get(0).arguments().get(1);
        assertThatThrownBy(replay::readAllBytes).isInstanceOf(IOException.class);
        assertThat(spoolFiles()).isEqualTo(before);
    }

    @Test
    void longReader_isReplayedWithEveryCharacter_evenHalvesOfPairs() throws SQLException, IOException {
        String large = "a\uD83D\uDE00\uD800".repeat(Spool.IN_MEMORY);
        Parameters parameters = new Parameters();
        parameters.setCharacterStream(1, new StringReader(large), large.length());
        Recorder vendor = new Recorder();
        parameters.applyTo(vendor.as(PreparedStatement.class));
        assertThat(text((Reader) vendor.calls.get(0).arguments().get(1)).equals(large))
                .isTrue();
        parameters.clear();
    }

    @Test
    void streamThatFails_isReplayedToWhereItFailed_andFailsThereAgain() throws SQLException, IOException {
        Parameters parameters = new Parameters();
        parameters.setBlob(1, failingAfter(3));
        Recorder vendor = new Recorder();
        parameters.applyTo(vendor.as(PreparedStatement.class));
        InputStream given = (InputStream) vendor.calls.get(0).arguments().get(1);
        assertThat(given.readNBytes(3)).hasSize(3);
        assertThatThrownBy(given::read).isInstanceOf(IOException.class).hasMessage("disk");
        parameters.clear();
    }

    @Test
    void readerThatFails_isReplayedToWhereItFailed_andFailsThereAgain() throws SQLException, IOException {
        Reader broken = new Reader() {
            private int left = 3;

            @Override
            public int read(char[] target, int offset, int length) throws IOException {
                if (left-- > 0) {
                    target[offset] = 'x';
                    return 1;
                }
                throw new IOException("disk");
            }

            @Override
            public void close() {}
        };
        Parameters parameters = new Parameters();
        parameters.setCharacterStream(1, broken);
        Recorder vendor = new Recorder();
        parameters.applyTo(vendor.as(PreparedStatement.class));
        Reader given = (Reader) vendor.calls.get(0).arguments().get(1);
        assertThat(given.read(new char[8])).isEqualTo(3);
        assertThatThrownBy(given::read).isInstanceOf(IOException.class).hasMessage("disk");
        parameters.clear();
    }

    @Test
    void largeObjectWhoseStreamFails_isAnErrorOfData_andNothingIsRecorded() {
        Blob broken = (Blob) Proxy.newProxyInstance(
                ParametersTest.class.getClassLoader(),
                new Class<?>[] {Blob.class},
                (proxy, method, arguments) -> failingAfter(3));
        Parameters parameters = new Parameters();
        assertThatThrownBy(() -> parameters.setBlob(1, broken))
                .isInstanceOf(SQLException.class)
                .hasFieldOrPropertyWithValue("SQLState", "22000")
                .hasRootCauseMessage("disk");
        assertThat(parameters.kept.isSet(1)).isFalse();
    }

    private static InputStream failingAfter(int bytes) {
        return new InputStream() {
            private int left = bytes;

            @Override
            public int read() throws IOException {
                if (left-- > 0) {
                    return 1;
                }
                throw new IOException("disk");
            }
        };
    }

    @Test
    void largeObjectsOfOneConnection_areSetOnAnother() throws SQLException {
        try (Connection one = DriverManager.getConnection("jdbc:h2:mem:");
                Connection other = DriverManager.getConnection("jdbc:h2:mem:");
                Statement ddl = other.createStatement()) {
            ddl.execute("CREATE TABLE t (b BLOB, c CLOB, n NCLOB, a INT ARRAY, x CLOB)");
            Blob blob = one.createBlob();
            blob.setBytes(1, BYTES);
            Clob clob = one.createClob();
            clob.setString(1, TEXT);
            NClob nclob = one.createNClob();
            nclob.setString(1, TEXT);
            SQLXML xml = one.createSQLXML();
            xml.setString("<a/>");
            Parameters parameters = new Parameters();
            parameters.setBlob(1, blob);
            parameters.setObject(2, clob);
            parameters.setNClob(3, nclob);
            parameters.setArray(4, one.createArrayOf("INTEGER", new Object[] {1, 2}));
            parameters.setSQLXML(5, xml);
            one.close();
            try (PreparedStatement insert = other.prepareStatement("INSERT INTO t VALUES (?, ?, ?, ?, ?)")) {
                parameters.applyTo(insert);
                insert.execute();
            }
            try (ResultSet row = ddl.executeQuery("SELECT * FROM t")) {
                assertThat(row.next()).isTrue();
                assertThat(row.getBytes(1)).isEqualTo(BYTES);
                assertThat(row.getString(2)).isEqualTo(TEXT);
                assertThat(row.getString(3)).isEqualTo(TEXT);
                assertThat((Object[]) row.getArray(4).getArray()).containsExactly(1, 2);
                assertThat(row.getString(5)).isEqualTo("<a/>");
            }
        }
    }

    // ------------------------------------------------------------------ a vendor that reads what it is given

    private record Seen(Method method, List<Object> arguments) {}

    /** Notes each setter with streams and objects read, as a vendor reads them. */
    private static final class Vendor {
        final List<Seen> calls = new java.util.ArrayList<>();

        PreparedStatement statement() {
            return (PreparedStatement) java.lang.reflect.Proxy.newProxyInstance(
                    getClass().getClassLoader(),
                    new Class<?>[] {PreparedStatement.class},
                    (proxy, method, arguments) -> {
                        if (method.getName().equals("getConnection")) {
                            return connection();
                        }
                        List<Object> read = new java.util.ArrayList<>();
                        for (Object argument : arguments) {
                            read.add(read(argument));
                        }
                        calls.add(new Seen(method, read));
                        return null;
                    });
        }

        private static Connection connection() {
            return (Connection) java.lang.reflect.Proxy.newProxyInstance(
                    Vendor.class.getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, arguments) -> {
                        if (method.getName().equals("createArrayOf")) {
                            return sample(Array.class);
                        }
                        return sample(method.getReturnType());
                    });
        }
    }

    private static void assertReplayed(Method setter, Seen call) throws Exception {
        Class<?> type = setter.getParameterTypes()[1];
        assertThat(call.method().getName()).isEqualTo(setter.getName());
        if (SET_AS.containsKey(type)) {
            assertThat(call.method().getParameterTypes()[1]).isEqualTo(SET_AS.get(type));
            assertThat(call.arguments().get(1)).isEqualTo(read(sample(SET_AS.get(type))));
            return;
        }
        assertThat(call.method()).isEqualTo(setter);
        Object[] expected = arguments(setter);
        for (int i = 0; i < expected.length; i++) {
            assertThat(call.arguments().get(i)).isEqualTo(read(expected[i]));
        }
    }

    private static Object read(Object value) throws Exception {
        if (value instanceof InputStream stream) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        }
        if (value instanceof Reader reader) {
            return text(reader);
        }
        if (value instanceof byte[] bytes) {
            return Arrays.toString(bytes);
        }
        if (value instanceof Array) {
            return "array";
        }
        if (value instanceof SQLXML) {
            return "xml";
        }
        return value;
    }

    private static String text(Reader reader) throws IOException {
        StringBuilder text = new StringBuilder();
        char[] chunk = new char[1000];
        for (int read = reader.read(chunk); read >= 0; read = reader.read(chunk)) {
            text.append(chunk, 0, read);
        }
        return text.toString();
    }

    private static Object[] arguments(Method setter) throws Exception {
        Parameter[] declared = setter.getParameters();
        Object[] arguments = new Object[declared.length];
        arguments[0] = 1;
        for (int i = 1; i < declared.length; i++) {
            arguments[i] = sample(declared[i].getType());
        }
        if (arguments[1] instanceof InputStream && arguments.length == 3) {
            arguments[2] =
                    setter.getParameterTypes()[2] == int.class ? (Object) BYTES.length : (Object) (long) BYTES.length;
        }
        if (arguments[1] instanceof Reader && arguments.length == 3) {
            arguments[2] =
                    setter.getParameterTypes()[2] == int.class ? (Object) TEXT.length() : (Object) (long) TEXT.length();
        }
        return arguments;
    }

    private static final Ref REF = new Recorder().as(Ref.class);
    private static final RowId ROW_ID = new Recorder().as(RowId.class);

    private static Object sample(Class<?> type) throws Exception {
        if (type == boolean.class) return true;
        if (type == byte.class) return (byte) -5;
        if (type == short.class) return (short) -500;
        if (type == int.class) return -70000;
        if (type == long.class) return Long.MIN_VALUE + 3;
        if (type == float.class) return 1.5f;
        if (type == double.class) return -2.25;
        if (type == String.class) return TEXT;
        if (type == Object.class) return TEXT;
        if (type == byte[].class) return BYTES.clone();
        if (type == BigDecimal.class) return new BigDecimal("12345678901234567890.10");
        if (type == Date.class) return Date.valueOf("2026-02-03");
        if (type == Time.class) return Time.valueOf("04:05:06");
        if (type == Timestamp.class) return Timestamp.valueOf("2026-02-03 04:05:06.123456789");
        if (type == Calendar.class) {
            Calendar calendar = Calendar.getInstance();
            calendar.setTimeInMillis(5);
            return calendar;
        }
        if (type == URL.class) return URI.create("http://localhost/").toURL();
        if (type == SQLType.class) return JDBCType.VARCHAR;
        if (type == InputStream.class) return new ByteArrayInputStream(BYTES);
        if (type == Reader.class) return new StringReader(TEXT);
        if (type == Ref.class) return REF;
        if (type == RowId.class) return ROW_ID;
        return java.lang.reflect.Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> switch (method.getName()) {
                    case "getBinaryStream" -> new ByteArrayInputStream(BYTES);
                    case "getCharacterStream" -> new StringReader(TEXT);
                    case "length" -> type == Blob.class ? (long) BYTES.length : (long) TEXT.length();
                    case "getBaseTypeName" -> "INTEGER";
                    case "getArray" -> new int[] {1};
                    case "getString" -> "<a/>";
                    case "toString" -> type.getSimpleName();
                    default -> null;
                });
    }

    private static void call(Method method, Object target, Object[] arguments) throws Throwable {
        try {
            method.invoke(target, arguments);
        } catch (InvocationTargetException failed) {
            throw failed.getCause();
        }
    }

    private static long spoolFiles() throws IOException {
        try (Stream<Path> files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            return files.filter(file -> file.getFileName().toString().startsWith("dualwrite-")
                            && file.getFileName().toString().endsWith(".spool"))
                    .count();
        }
    }
}
