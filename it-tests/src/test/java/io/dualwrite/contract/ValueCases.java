package io.dualwrite.contract;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.StringReader;
import java.math.BigDecimal;
import java.sql.Blob;
import java.sql.Clob;
import java.sql.Date;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.List;

/** Cases of values, large ones among them, written by every setter and read again. */
final class ValueCases {
    private ValueCases() {}

    private interface Setting {
        void set(PreparedStatement statement) throws Exception;
    }

    private static Case roundTrip(String column, String kind, Setting setting) {
        return Case.same("value of " + column + " as " + kind, (connection, transcript, fixture) -> {
            boolean large = kind.endsWith("Blob") || kind.endsWith("Clob");
            connection.setAutoCommit(!large);
            try (PreparedStatement statement =
                    connection.prepareStatement("UPDATE item SET " + column + " = ? WHERE id = 1")) {
                transcript.attempt("set", () -> setting.set(statement));
                transcript.ask("update", statement::executeUpdate);
                if (!kind.contains("stream") && !kind.contains("reader")) {
                    transcript.ask("again", statement::executeUpdate);
                }
            }
            try (PreparedStatement statement =
                            connection.prepareStatement("SELECT " + column + " FROM item WHERE id = ?");
                    ResultSet rows = query(statement)) {
                transcript.rows("value", rows);
            } catch (SQLException failure) {
                transcript.failed("read", failure);
            }
            if (large) {
                connection.rollback();
            }
        });
    }

    /** What was read in one execution is not there for the next, unless the driver keeps it. Where both sides are written it is kept. */
    private static Case twice(String column, String kind, Setting setting) {
        Case.Body body = (connection, transcript, fixture) -> {
            try (PreparedStatement statement =
                    connection.prepareStatement("UPDATE item SET " + column + " = ? WHERE id = ?")) {
                transcript.attempt("set", () -> setting.set(statement));
                for (int id = 1; id <= 2; id++) {
                    statement.setInt(2, id);
                    transcript.ask("update " + id, statement::executeUpdate);
                }
                transcript.attempt("set again", () -> setting.set(statement));
                statement.setInt(2, 3);
                transcript.ask("update 3", statement::executeUpdate);
            }
            try (Statement statement = connection.createStatement();
                    ResultSet rows =
                            statement.executeQuery("SELECT " + column + " FROM item WHERE id <= 3 ORDER BY id")) {
                transcript.rows("values", rows);
            }
        };
        return Case.same("twice executed: " + kind, body).where(Case.Dual.ONE_LEG);
    }

    private static void addTwice(List<Case> cases) {
        byte[] bytes = {1, 2, 3, 0, -1};
        cases.add(twice("name", "character stream", s -> s.setCharacterStream(1, new StringReader("streamed"))));
        cases.add(twice(
                "name", "character stream of a length", s -> s.setCharacterStream(1, new StringReader("streamed"), 8)));
        cases.add(twice("name", "N character stream", s -> s.setNCharacterStream(1, new StringReader("streamed"))));
        cases.add(twice("name", "ASCII stream", s -> s.setAsciiStream(1, new ByteArrayInputStream(new byte[] {65}))));
        cases.add(twice("name", "reader as an object", s -> s.setObject(1, new StringReader("streamed"))));
        cases.add(twice("raw", "binary stream", s -> s.setBinaryStream(1, new ByteArrayInputStream(bytes))));
        cases.add(twice(
                "raw", "binary stream of a length", s -> s.setBinaryStream(1, new ByteArrayInputStream(bytes), 5)));
        cases.add(twice("raw", "blob of a stream", s -> s.setBlob(1, new ByteArrayInputStream(bytes))));
        cases.add(twice("raw", "stream as an object", s -> s.setObject(1, new ByteArrayInputStream(bytes))));
        cases.add(twice("body", "clob of a reader", s -> s.setClob(1, new StringReader("read"))));
    }

    private static InputStream failing() {
        return new InputStream() {
            private int left = 3;

            @Override
            public int read() throws IOException {
                if (left-- > 0) {
                    return 'x';
                }
                throw new IOException("the application's stream fails");
            }
        };
    }

    private static ResultSet query(PreparedStatement statement) throws SQLException {
        statement.setLong(1, 1);
        return statement.executeQuery();
    }

    static void addTo(List<Case> cases) {
        byte[] bytes = {1, 2, 3, 0, -1};
        LocalDateTime moment = LocalDateTime.of(2026, 2, 28, 23, 59, 59, 123_456_000);
        cases.add(roundTrip("name", "String", s -> s.setString(1, "Grüße 😀")));
        cases.add(roundTrip("name", "NString", s -> s.setNString(1, "Grüße")));
        cases.add(roundTrip("name", "character stream", s -> s.setCharacterStream(1, new StringReader("streamed"))));
        cases.add(roundTrip(
                "name", "character stream with length", s -> s.setCharacterStream(1, new StringReader("streamed"), 8)));
        cases.add(roundTrip("name", "N character stream", s -> s.setNCharacterStream(1, new StringReader("streamed"))));
        cases.add(roundTrip(
                "name", "ASCII stream", s -> s.setAsciiStream(1, new ByteArrayInputStream(new byte[] {65, 66, 67}))));
        cases.add(roundTrip("name", "Object", s -> s.setObject(1, "an object")));
        cases.add(roundTrip("name", "Object with type", s -> s.setObject(1, 4711, Types.VARCHAR)));
        cases.add(roundTrip("name", "null", s -> s.setNull(1, Types.VARCHAR)));
        cases.add(roundTrip("price", "BigDecimal", s -> s.setBigDecimal(1, new BigDecimal("12.34"))));
        cases.add(roundTrip("price", "double", s -> s.setDouble(1, 12.5)));
        cases.add(roundTrip("price", "Object scaled", s -> s.setObject(1, new BigDecimal("1.239"), Types.DECIMAL, 1)));
        cases.add(roundTrip("price", "null", s -> s.setNull(1, Types.DECIMAL)));
        cases.add(roundTrip("price", "null with name", s -> s.setNull(1, Types.DECIMAL, "decimal")));
        cases.add(roundTrip("qty", "int", s -> s.setInt(1, 42)));
        cases.add(roundTrip("qty", "long", s -> s.setLong(1, 42)));
        cases.add(roundTrip("qty", "short", s -> s.setShort(1, (short) 42)));
        cases.add(roundTrip("qty", "byte", s -> s.setByte(1, (byte) 42)));
        cases.add(roundTrip("qty", "Integer", s -> s.setObject(1, 42)));
        cases.add(roundTrip("weight", "double", s -> s.setDouble(1, Math.PI)));
        cases.add(roundTrip("weight", "float", s -> s.setFloat(1, 1.5f)));
        cases.add(roundTrip("active", "boolean", s -> s.setBoolean(1, true)));
        cases.add(roundTrip("active", "Object", s -> s.setObject(1, Boolean.FALSE)));
        cases.add(roundTrip("made", "Date", s -> s.setDate(1, Date.valueOf("2026-02-28"))));
        cases.add(roundTrip("made", "LocalDate", s -> s.setObject(1, LocalDate.of(2026, 2, 28))));
        cases.add(roundTrip("sold", "Timestamp", s -> s.setTimestamp(1, Timestamp.valueOf(moment))));
        cases.add(roundTrip("sold", "LocalDateTime", s -> s.setObject(1, moment)));
        cases.add(roundTrip("body", "String", s -> s.setString(1, "a body".repeat(100))));
        cases.add(roundTrip("body", "character stream", s -> s.setCharacterStream(1, new StringReader("streamed"))));
        cases.add(roundTrip("body", "Clob", s -> {
            Clob clob = s.getConnection().createClob();
            clob.setString(1, "in a clob");
            s.setClob(1, clob);
        }));
        cases.add(roundTrip("body", "Clob of a reader", s -> s.setClob(1, new StringReader("read"))));
        cases.add(roundTrip("raw", "bytes", s -> s.setBytes(1, bytes)));
        cases.add(roundTrip("raw", "binary stream", s -> s.setBinaryStream(1, new ByteArrayInputStream(bytes))));
        cases.add(roundTrip(
                "raw",
                "binary stream with length",
                s -> s.setBinaryStream(1, new ByteArrayInputStream(bytes), bytes.length)));
        cases.add(roundTrip(
                "raw",
                "binary stream said to have -1",
                s -> s.setBinaryStream(1, new ByteArrayInputStream(bytes), -1)));
        for (int length : new int[] {0, 3}) {
            cases.add(roundTrip(
                    "raw",
                    "binary stream said to have " + length,
                    s -> s.setBinaryStream(1, new ByteArrayInputStream(bytes), length)));
            cases.add(roundTrip(
                    "body",
                    "character stream said to have " + length,
                    s -> s.setCharacterStream(1, new StringReader("streamed"), (long) length)));
        }
        cases.add(roundTrip("raw", "binary stream that fails", s -> s.setBinaryStream(1, failing())));
        cases.add(roundTrip(
                "body", "character stream that fails", s -> s.setCharacterStream(1, new InputStreamReader(failing()))));
        cases.add(roundTrip("raw", "Blob", s -> {
            Blob blob = s.getConnection().createBlob();
            blob.setBytes(1, bytes);
            s.setBlob(1, blob);
        }));
        cases.add(roundTrip("raw", "Blob of a stream", s -> s.setBlob(1, new ByteArrayInputStream(bytes))));
        cases.add(roundTrip("raw", "Object", s -> s.setObject(1, bytes)));
        cases.add(roundTrip("raw", "null", s -> s.setNull(1, Types.BINARY)));
        addTwice(cases);
        for (String escape : List.of(
                "SELECT {fn UCASE('a')}",
                "SELECT {d '2026-01-31'}",
                "SELECT {ts '2026-01-31 10:11:12'}",
                "SELECT {fn LENGTH('abc')}",
                "SELECT a.id FROM {oj item a LEFT OUTER JOIN tag b ON a.id = b.item_id} WHERE a.id = 3",
                "UPDATE item SET made = {d '2026-01-31'} WHERE id = 1")) {
            cases.add(Case.same("escape: " + escape, (connection, transcript, fixture) -> {
                transcript.ask("native", () -> connection.nativeSQL(escape));
                try (Statement statement = connection.createStatement()) {
                    transcript.attempt("execute", () -> {
                        if (statement.execute(escape)) {
                            transcript.rows("rows", statement.getResultSet());
                        }
                    });
                }
            }));
        }
    }
}
