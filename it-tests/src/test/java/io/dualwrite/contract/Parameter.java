package io.dualwrite.contract;

import java.io.ByteArrayInputStream;
import java.io.StringReader;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.sql.Date;
import java.sql.JDBCType;
import java.sql.PreparedStatement;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.List;

/** Values of parameters, and the ways in which JDBC lets them be set. */
final class Parameter {
    /** Text, number, decimal, date, large text, bytes, floating point, truth and point in time. */
    static final List<Character> KINDS = List.of('s', 'i', 'n', 'd', 't', 'b', 'f', 'o', 'm');

    private final Draw draw;

    Parameter(Draw draw) {
        this.draw = draw;
    }

    interface Set {
        void on(PreparedStatement statement) throws Exception;
    }

    record Value(String text, Set set) {
        boolean isStream() {
            return text.contains("Stream") || text.contains("Clob");
        }
    }

    /** All of them, up to the first that is refused. */
    static Step step(String name, List<Value> values) {
        StringBuilder all = new StringBuilder(name + ".set");
        values.forEach(value -> all.append(' ').append(value.text()));
        String text = all.toString();
        boolean streamed = values.stream().anyMatch(Value::isStream);
        return new Step(
                text,
                walker -> walker.prepared(name, text, statement -> {
                    if (streamed) {
                        walker.streams.putIfAbsent(name, false);
                    }
                    for (Value value : values) {
                        value.set().on(statement);
                    }
                    return null;
                }));
    }

    Value value(int i, char kind) {
        if (draw.oneIn(12)) {
            return draw.oneIn(2)
                    ? new Value(i + ":Null(VARCHAR)", one -> one.setNull(i, Types.VARCHAR))
                    : new Value(i + ":Object(null)", one -> one.setObject(i, null));
        }
        return switch (kind) {
            case 's' -> text(i, draw.either("a", "b", "c", "item 2", "red", "walk", "Zoë 'x' \\ ?"));
            case 'i' -> number(i, draw.below(7));
            case 'n' -> decimal(i, new BigDecimal(draw.either("1.50", "2.005", "0", "-3.1", "12345678901.25")));
            case 'd' -> date(i, LocalDate.of(2026, 1 + draw.below(12), 5));
            case 't' -> large(i, draw.either("", "body", "a longer body with ü"));
            case 'b' -> bytes(i, new byte[] {0, (byte) draw.below(256), -1});
            case 'f' -> floating(i, draw.either(0.5, 1e10, -0.0));
            case 'o' -> truth(i, draw.oneIn(2));
            default -> moment(i, LocalDateTime.of(2026, 3, 1 + draw.below(20), 10, 11, 12, 345_678_000));
        };
    }

    private Value text(int i, String value) {
        String told = "(" + value + ")";
        return switch (draw.below(8)) {
            case 0 -> new Value(i + ":Object" + told, one -> one.setObject(i, value));
            case 1 -> new Value(i + ":Object(VARCHAR)" + told, one -> one.setObject(i, value, Types.VARCHAR));
            case 2 -> new Value(i + ":NString" + told, one -> one.setNString(i, value));
            case 3 ->
                new Value(
                        i + ":CharacterStream" + told,
                        one -> one.setCharacterStream(i, new StringReader(value), value.length()));
            default -> new Value(i + ":String" + told, one -> one.setString(i, value));
        };
    }

    private Value number(int i, int value) {
        String told = "(" + value + ")";
        return switch (draw.below(9)) {
            case 0 -> new Value(i + ":Object" + told, one -> one.setObject(i, value));
            case 1 -> new Value(i + ":Object(INTEGER)" + told, one -> one.setObject(i, "" + value, Types.INTEGER));
            case 2 -> new Value(i + ":Object(JDBCType)" + told, one -> one.setObject(i, value, JDBCType.BIGINT));
            case 3 -> new Value(i + ":Short" + told, one -> one.setShort(i, (short) value));
            case 4 -> new Value(i + ":String" + told, one -> one.setString(i, "" + value));
            case 5 -> new Value(i + ":Long" + told, one -> one.setLong(i, value));
            default -> new Value(i + ":Int" + told, one -> one.setInt(i, value));
        };
    }

    private Value decimal(int i, BigDecimal value) {
        String told = "(" + value + ")";
        return switch (draw.below(4)) {
            case 0 -> new Value(i + ":Object(1)" + told, one -> one.setObject(i, value, Types.DECIMAL, 1));
            case 1 -> new Value(i + ":Double" + told, one -> one.setDouble(i, value.doubleValue()));
            default -> new Value(i + ":BigDecimal" + told, one -> one.setBigDecimal(i, value));
        };
    }

    private Value date(int i, LocalDate value) {
        String told = "(" + value + ")";
        return switch (draw.below(3)) {
            case 0 -> new Value(i + ":Object" + told, one -> one.setObject(i, value));
            case 1 -> new Value(i + ":Object(DATE)" + told, one -> one.setObject(i, value.toString(), Types.DATE));
            default -> new Value(i + ":Date" + told, one -> one.setDate(i, Date.valueOf(value)));
        };
    }

    private Value large(int i, String value) {
        String told = "(" + value + ")";
        return switch (draw.below(5)) {
            case 0 ->
                new Value(i + ":CharacterStream" + told, one -> one.setCharacterStream(i, new StringReader(value)));
            case 1 -> new Value(i + ":Clob" + told, one -> one.setClob(i, new StringReader(value)));
            case 2 ->
                new Value(
                        i + ":AsciiStream" + told,
                        one -> one.setAsciiStream(
                                i,
                                new ByteArrayInputStream(value.getBytes(StandardCharsets.US_ASCII)),
                                value.length()));
            default -> new Value(i + ":String" + told, one -> one.setString(i, value));
        };
    }

    private Value bytes(int i, byte[] value) {
        return switch (draw.below(4)) {
            case 0 -> new Value(i + ":BinaryStream", one -> one.setBinaryStream(i, new ByteArrayInputStream(value)));
            case 1 ->
                new Value(i + ":BinaryStream(2)", one -> one.setBinaryStream(i, new ByteArrayInputStream(value), 2));
            case 2 -> new Value(i + ":Object(bytes)", one -> one.setObject(i, value));
            default -> new Value(i + ":Bytes", one -> one.setBytes(i, value));
        };
    }

    private Value floating(int i, double value) {
        String told = "(" + value + ")";
        return switch (draw.below(3)) {
            case 0 -> new Value(i + ":Float" + told, one -> one.setFloat(i, (float) value));
            case 1 -> new Value(i + ":Object(DOUBLE)" + told, one -> one.setObject(i, value, Types.DOUBLE));
            default -> new Value(i + ":Double" + told, one -> one.setDouble(i, value));
        };
    }

    private Value truth(int i, boolean value) {
        String told = "(" + value + ")";
        return draw.oneIn(2)
                ? new Value(i + ":Object" + told, one -> one.setObject(i, value))
                : new Value(i + ":Boolean" + told, one -> one.setBoolean(i, value));
    }

    private Value moment(int i, LocalDateTime value) {
        String told = "(" + value + ")";
        return draw.oneIn(2)
                ? new Value(i + ":Object" + told, one -> one.setObject(i, value))
                : new Value(i + ":Timestamp" + told, one -> one.setTimestamp(i, Timestamp.valueOf(value)));
    }
}
