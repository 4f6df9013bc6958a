package io.dualwrite.dialect;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLDataException;
import java.sql.SQLException;
import java.sql.Types;
import java.time.DateTimeException;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Reads, binds, compares and writes down values by their column's {@link Kind}.
 *
 * <p>Times are cut off, never rounded, where a column keeps fewer digits; a number with more digits than the column keeps, as a decimal or a float, is no
 * value of it, for servers round it without a word. A time without zone counts as UTC where the other
 * column has a zone; MariaDB's TIMESTAMP counts as a time without zone, by the clock that its session shows. Blanks at the end of a
 * fixed-length text are no part of it. What a vendor holds and no Java type does is kept as it is ({@link Verbatim}).
 */
public final class Values {
    private static final char[] HEX = "0123456789abcdef".toCharArray();

    private Values() {}

    /** The value of a result's column, 1-based, as the kind's Java type; null for NULL. */
    public static @Nullable Object read(ResultSet rows, int index, Column column) throws SQLException {
        Object value = readAny(rows, index, column);
        // MariaDB's driver says that a time of zeros was null, and gives its text.
        return value == null || !(value instanceof String) && rows.wasNull() ? null : value;
    }

    private static @Nullable Object readAny(ResultSet rows, int index, Column column) throws SQLException {
        switch (column.kind) {
            case BOOLEAN:
                return isTinyint(column) ? tinyint(rows.getLong(index)) : (Object) rows.getBoolean(index);
            case INTEGER:
                return rows.getLong(index);
            case DECIMAL:
                return Verbatim.decimal(rows, index);
            case REAL:
                return rows.getFloat(index);
            case DOUBLE:
                return rows.getDouble(index);
            case BINARY:
                return rows.getBytes(index);
            case DATE:
                return Verbatim.date(rows, index);
            case TIME:
                return Verbatim.time(rows, index);
            case TIMESTAMP:
                return Verbatim.timestamp(rows, index, column);
            case TIMESTAMP_TZ:
                OffsetDateTime time = rows.getObject(index, OffsetDateTime.class);
                return time == null || keepsOffset(column) ? time : Conversion.utc(time);
            case UUID:
                String uuid = rows.getString(index);
                return uuid == null ? null : UUID.fromString(uuid);
            default:
                String text = rows.getString(index);
                return text != null && isFixedText(column) ? stripped(text) : text;
        }
    }

    /** MariaDB's BOOLEAN is a TINYINT(1) and may hold what is no boolean. */
    private static Object tinyint(long number) {
        return number == 0 || number == 1 ? (Object) (number == 1) : number;
    }

    /**
     * Binds a value of any kind's Java type to a column of perhaps another kind (BOOLEAN into INTEGER, UUID into TEXT …).
     *
     * @throws SQLException SQLSTATE 22000 if the value cannot be the column's
     */
    public static void bind(
            PreparedStatement statement, int index, @Nullable Object value, Column target, Dialect dialect)
            throws SQLException {
        bind(statement, index, value, target, dialect, Column.ANY_DIGITS);
    }

    private static void bind(
            PreparedStatement statement,
            int index,
            @Nullable Object value,
            Column target,
            Dialect dialect,
            int decimals)
            throws SQLException {
        if (value == null) {
            statement.setNull(index, Types.NULL);
            return;
        }
        if (Verbatim.bind(statement, index, value, target, dialect)) {
            return;
        }
        Object converted = convert(value, target, decimals);
        switch (target.kind) {
            case BOOLEAN:
                statement.setObject(index, converted);
                break;
            case INTEGER:
                statement.setLong(index, (Long) converted);
                break;
            case DECIMAL:
                statement.setBigDecimal(index, (BigDecimal) converted);
                break;
            case REAL:
                if (dialect.vendor() == Vendor.MARIADB) {
                    // As a FLOAT's own text, 0.1, it would equal no FLOAT: the server compares as DOUBLE
                    statement.setDouble(index, (Float) converted);
                } else {
                    statement.setFloat(index, (Float) converted);
                }
                break;
            case DOUBLE:
                statement.setDouble(index, (Double) converted);
                break;
            case BINARY:
                statement.setBytes(index, (byte[]) converted);
                break;
            case DATE:
            case TIME:
            case TIMESTAMP:
            case TIMESTAMP_TZ:
                statement.setObject(index, converted);
                break;
            case UUID:
                if (dialect.vendor() == Vendor.MARIADB) {
                    statement.setString(index, converted.toString());
                } else {
                    statement.setObject(index, converted);
                }
                break;
            default:
                if (target.kind == Kind.JSON && dialect.vendor() == Vendor.H2) {
                    // a text would become a JSON string; bytes are read as JSON
                    statement.setBytes(index, ((String) converted).getBytes(StandardCharsets.UTF_8));
                } else if (dialect.vendor() == Vendor.POSTGRESQL) {
                    // of no type, so that the server takes the column's: an enumeration, jsonb, an array, char(n)
                    statement.setObject(index, converted, Types.OTHER);
                } else {
                    statement.setString(index, (String) converted);
                }
        }
    }

    /**
     * As {@link #bind}, of a value that the column is to hold: what servers would round without a word is none.
     *
     * @throws SQLException SQLSTATE 22000 if the value cannot be the column's, or has more digits behind the point than it keeps
     */
    public static void store(
            PreparedStatement statement, int index, @Nullable Object value, Column target, Dialect dialect)
            throws SQLException {
        bind(statement, index, value, target, dialect, target.decimals);
    }

    /**
     * Binds the values of keys one after the other, as for {@link Dialect#byKeys}.
     *
     * @param first number of the first parameter, from 1
     * @param columns the key's columns
     * @return the number of the next parameter
     * @throws SQLException SQLSTATE 22000 if a value cannot be the column's
     */
    public static int bindKeys(
            PreparedStatement statement, int first, List<RowKey> keys, List<Column> columns, Dialect dialect)
            throws SQLException {
        int index = first;
        for (RowKey key : keys) {
            for (int i = 0; i < columns.size(); i++) {
                bind(statement, index++, key.values[i], columns.get(i), dialect);
            }
        }
        return index;
    }

    private static Object convert(Object value, Column target, int decimals) throws SQLException {
        if (isTinyint(target) && value instanceof Number) {
            return value;
        }
        try {
            Object converted = Conversion.truncate(Conversion.to(target.kind, value), target.fractionDigits);
            if (Conversion.fits(converted, decimals)) {
                return converted;
            }
        } catch (IllegalArgumentException | DateTimeException e) {
            // without its cause, whose message may show the value
            throw cannotHold(target, value);
        }
        throw cannotHold(target, value);
    }

    private static SQLException cannotHold(Column target, Object value) {
        return new SQLDataException(
                "column " + target + " cannot hold a " + value.getClass().getSimpleName() + " of this value",
                SqlState.DATA.code());
    }

    /** Whether two values of perhaps different kinds are the same value: 1 and true, 1.50 and 1.5, a UUID and its text. */
    public static boolean same(@Nullable Object one, @Nullable Object other, Column oneColumn, Column otherColumn) {
        if (one == null || other == null) {
            return one == other;
        }
        if (one instanceof String && other instanceof String) {
            return sameText((String) one, (String) other, oneColumn, otherColumn);
        }
        if (Verbatim.isNoNumber(one) || Verbatim.isNoNumber(other)) {
            return text(one).equals(text(other));
        }
        if (one instanceof byte[] && other instanceof byte[]) {
            return sameBytes((byte[]) one, (byte[]) other, oneColumn, otherColumn);
        }
        Kind kind = common(oneColumn.kind, otherColumn.kind);
        try {
            Object left = Conversion.to(kind, one);
            Object right = Conversion.to(kind, other);
            if (left instanceof BigDecimal) {
                return ((BigDecimal) left).compareTo((BigDecimal) right) == 0;
            }
            if (left instanceof Float) {
                return left.equals(right) || ((Float) left).floatValue() == ((Float) right).floatValue();
            }
            if (left instanceof Double) {
                return left.equals(right) || ((Double) left).doubleValue() == ((Double) right).doubleValue();
            }
            if (left instanceof byte[]) {
                return Arrays.equals((byte[]) left, (byte[]) right);
            }
            if (left instanceof OffsetDateTime && !(keepsOffset(oneColumn) && keepsOffset(otherColumn))) {
                left = Conversion.utc((OffsetDateTime) left);
                right = Conversion.utc((OffsetDateTime) right);
            }
            int digits = Math.min(digits(oneColumn), digits(otherColumn));
            return Conversion.truncate(left, digits).equals(Conversion.truncate(right, digits));
        } catch (IllegalArgumentException | DateTimeException e) {
            return false;
        }
    }

    /** H2 keeps the offset that a time was written with, which the application reads again; PostgreSQL keeps the instant. */
    private static boolean keepsOffset(Column column) {
        return column.typeName.equals("TIMESTAMP WITH TIME ZONE");
    }

    private static int digits(Column column) {
        boolean time = column.kind == Kind.TIME || column.kind == Kind.TIMESTAMP || column.kind == Kind.TIMESTAMP_TZ;
        return time ? column.fractionDigits : 9;
    }

    /** The kind by which values of two kinds are compared: of two the one that can hold both. */
    private static Kind common(Kind one, Kind other) {
        if (one == other) {
            return one == Kind.INTEGER || one == Kind.BOOLEAN ? Kind.DECIMAL : one;
        }
        if (isNumber(one) && isNumber(other)) {
            return one == Kind.REAL || other == Kind.REAL
                    ? Kind.REAL
                    : one == Kind.DOUBLE || other == Kind.DOUBLE ? Kind.DOUBLE : Kind.DECIMAL;
        }
        if (isText(one)) {
            return other;
        }
        if (isText(other)) {
            return one;
        }
        if (one == Kind.UUID || other == Kind.UUID) {
            return Kind.UUID;
        }
        return one == Kind.TIMESTAMP_TZ || other == Kind.TIMESTAMP_TZ ? Kind.TIMESTAMP_TZ : Kind.TIMESTAMP;
    }

    private static boolean isNumber(Kind kind) {
        return kind == Kind.BOOLEAN
                || kind == Kind.INTEGER
                || kind == Kind.DECIMAL
                || kind == Kind.REAL
                || kind == Kind.DOUBLE;
    }

    private static boolean isText(Kind kind) {
        return kind == Kind.TEXT || kind == Kind.JSON || kind == Kind.OTHER;
    }

    private static boolean sameText(String one, String other, Column oneColumn, Column otherColumn) {
        if (oneColumn.kind == Kind.JSON || otherColumn.kind == Kind.JSON) {
            return JsonText.same(one, other);
        }
        if (isFixedText(oneColumn) || isFixedText(otherColumn)) {
            return stripped(one).equals(stripped(other));
        }
        return one.equals(other);
    }

    /** A binary column of fixed length fills up with zeros. */
    private static boolean sameBytes(byte[] one, byte[] other, Column oneColumn, Column otherColumn) {
        if (isFixedBinary(oneColumn) == isFixedBinary(otherColumn)) {
            return Arrays.equals(one, other);
        }
        int longer = Math.max(one.length, other.length);
        return Arrays.equals(Arrays.copyOf(one, longer), Arrays.copyOf(other, longer));
    }

    private static boolean isTinyint(Column column) {
        return column.kind == Kind.BOOLEAN && column.typeName.startsWith("tinyint");
    }

    private static boolean isFixedText(Column column) {
        String type = column.typeName.toLowerCase(Locale.ROOT);
        return type.equals("bpchar") || type.equals("character") || type.equals("char") || type.startsWith("char(");
    }

    private static boolean isFixedBinary(Column column) {
        String type = column.typeName.toLowerCase(Locale.ROOT);
        return type.equals("binary") || type.startsWith("binary(");
    }

    private static String stripped(String text) {
        int end = text.length();
        while (end > 0 && text.charAt(end - 1) == ' ') {
            end--;
        }
        return text.substring(0, end);
    }

    /** The value's text: ISO-8601 for times, hexadecimal for bytes, plain digits for numbers. */
    public static String text(Object value) {
        if (value instanceof BigDecimal) {
            BigDecimal number = (BigDecimal) value;
            return number.signum() == 0 ? "0" : number.stripTrailingZeros().toPlainString();
        }
        if (value instanceof Double || value instanceof Float) {
            double number = ((Number) value).doubleValue();
            return Double.isNaN(number) || Double.isInfinite(number)
                    ? value.toString()
                    : text(new BigDecimal(value.toString()));
        }
        if (value instanceof OffsetDateTime) {
            return Conversion.utc((OffsetDateTime) value).toString();
        }
        if (value.equals(LocalTime.MAX)) {
            return Verbatim.TWENTY_FOUR;
        }
        return value instanceof byte[] ? hexadecimal((byte[]) value) : value.toString();
    }

    private static String hexadecimal(byte[] bytes) {
        StringBuilder text = new StringBuilder(bytes.length * 2);
        for (byte b : bytes) {
            text.append(HEX[(b >> 4) & 15]).append(HEX[b & 15]);
        }
        return text.toString();
    }

    /**
     * The inverse of {@link #text}.
     *
     * @throws IllegalArgumentException if the text is none of the kind's
     */
    public static Object parse(Kind kind, String text) {
        if (kind == Kind.BINARY) {
            byte[] bytes = new byte[text.length() / 2];
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = (byte) Integer.parseInt(text.substring(2 * i, 2 * i + 2), 16);
            }
            return bytes;
        }
        try {
            return Conversion.to(kind, text);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("no " + kind + ": " + text, e);
        }
    }
}
