package io.dualwrite.dialect;

import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.ByteBuffer;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoField;
import java.time.temporal.ChronoUnit;
import java.time.temporal.Temporal;
import java.util.Locale;
import java.util.UUID;

/**
 * Turns a value of any kind's Java type into another kind's, without loss or not at all. A time without zone counts as UTC where
 * the other has a zone.
 */
final class Conversion {
    /** So many digits of any number in their range are kept. */
    private static final int DIGITS_OF_FLOAT = 6;

    private static final int DIGITS_OF_DOUBLE = 15;

    private Conversion() {}

    /**
     * The value as the kind's Java type.
     *
     * @throws IllegalArgumentException if it cannot be that without loss
     */
    static Object to(Kind kind, Object value) {
        switch (kind) {
            case BOOLEAN:
                return toBoolean(value);
            case INTEGER:
                return toLong(value);
            case DECIMAL:
                return toDecimal(value);
            case REAL:
                return toReal(value);
            case DOUBLE:
                return toDouble(value);
            case BINARY:
                return toBytes(value);
            case DATE:
                return toDate(value);
            case TIME:
                return toTime(value);
            case TIMESTAMP:
                return toTimestamp(value);
            case TIMESTAMP_TZ:
                return toInstant(value);
            case UUID:
                return toUuid(value);
            default:
                if (value instanceof byte[]) {
                    throw no(value, "text");
                }
                return Values.text(value);
        }
    }

    /** The time cut off after so many digits of the second; infinity as it is. */
    static Object truncate(Object value, int digits) {
        if (!(value instanceof Temporal) || value instanceof LocalDate || infinite(value)) {
            return value;
        }
        Temporal time = (Temporal) value;
        int unit = 1;
        for (int i = digits; i < 9; i++) {
            unit *= 10;
        }
        int nanos = time.get(ChronoField.NANO_OF_SECOND);
        return time.with(ChronoField.NANO_OF_SECOND, nanos - nanos % unit);
    }

    /**
     * Whether so many digits behind the point hold the value, which they do where it is no decimal and no float.
     *
     * @throws IllegalArgumentException for a float that is no number
     */
    static boolean fits(Object value, int decimals) {
        if (decimals == Column.ANY_DIGITS
                || !(value instanceof BigDecimal || value instanceof Double || value instanceof Float)) {
            return true;
        }
        BigDecimal number = toDecimal(value);
        return number.scale() <= decimals
                || number.signum() == 0
                || number.stripTrailingZeros().scale() <= decimals;
    }

    /** PostgreSQL's infinity and 24:00, as pgjdbc gives them. */
    private static boolean infinite(Object time) {
        return time.equals(LocalTime.MAX)
                || time.equals(LocalDateTime.MAX)
                || time.equals(LocalDateTime.MIN)
                || time.equals(OffsetDateTime.MAX)
                || time.equals(OffsetDateTime.MIN);
    }

    /** The same instant in UTC; infinity as it is. */
    static OffsetDateTime utc(OffsetDateTime time) {
        return infinite(time) ? time : time.withOffsetSameInstant(ZoneOffset.UTC);
    }

    private static Boolean toBoolean(Object value) {
        if (value instanceof Boolean) {
            return (Boolean) value;
        }
        switch (Values.text(value).trim().toLowerCase(Locale.ROOT)) {
            case "true":
            case "t":
            case "1":
                return true;
            case "false":
            case "f":
            case "0":
                return false;
            default:
                throw no(value, "a boolean");
        }
    }

    private static Long toLong(Object value) {
        if (value instanceof Long) {
            return (Long) value;
        }
        try {
            return toDecimal(value).longValueExact();
        } catch (ArithmeticException e) {
            throw no(value, "a 64-bit integer");
        }
    }

    private static BigDecimal toDecimal(Object value) {
        if (value instanceof BigDecimal) {
            return (BigDecimal) value;
        }
        if (value instanceof Boolean) {
            return (Boolean) value ? BigDecimal.ONE : BigDecimal.ZERO;
        }
        if (value instanceof Number || value instanceof String) {
            try {
                return new BigDecimal(value.toString().trim());
            } catch (NumberFormatException e) {
                throw no(value, "a number");
            }
        }
        throw no(value, "a number");
    }

    private static Float toReal(Object value) {
        if (value instanceof Float) {
            return (Float) value;
        }
        Double wide = toDouble(value);
        return requireSame(wide.floatValue(), wide, DIGITS_OF_FLOAT);
    }

    private static Double toDouble(Object value) {
        if (value instanceof Double) {
            return (Double) value;
        }
        if (value instanceof String) {
            try {
                return requireSame(Double.valueOf((String) value), value, DIGITS_OF_DOUBLE);
            } catch (NumberFormatException e) {
                throw no(value, "a number");
            }
        }
        if (value instanceof Float) {
            return Double.valueOf(value.toString());
        }
        BigDecimal exact = toDecimal(value);
        return requireSame(exact.doubleValue(), exact, DIGITS_OF_DOUBLE);
    }

    /**
     * The float itself, where it keeps all digits of the number that it was made of: it is just that number, or its text is, or the number
     * has so few digits that it keeps them in any case.
     */
    private static <F extends Number> F requireSame(F made, Object of, int digits) {
        double number = made.doubleValue();
        if (Double.isNaN(number) || Double.isInfinite(number)) {
            if (made.toString().equals(of.toString().trim())) {
                return made;
            }
            throw no(of, "a float of its size");
        }
        BigDecimal wanted = toDecimal(of);
        BigDecimal kept = new BigDecimal(number);
        int precision = wanted.signum() == 0 ? 1 : wanted.stripTrailingZeros().precision();
        if (kept.compareTo(wanted) == 0
                || toDecimal(made).compareTo(wanted) == 0
                || precision <= digits && kept.round(new MathContext(precision)).compareTo(wanted) == 0) {
            return made;
        }
        throw no(of, "a float of as many digits");
    }

    private static byte[] toBytes(Object value) {
        if (value instanceof byte[]) {
            return (byte[]) value;
        }
        if (value instanceof UUID) {
            UUID uuid = (UUID) value;
            return ByteBuffer.allocate(16)
                    .putLong(uuid.getMostSignificantBits())
                    .putLong(uuid.getLeastSignificantBits())
                    .array();
        }
        throw no(value, "bytes");
    }

    private static UUID toUuid(Object value) {
        if (value instanceof UUID) {
            return (UUID) value;
        }
        if (value instanceof byte[] && ((byte[]) value).length == 16) {
            ByteBuffer bytes = ByteBuffer.wrap((byte[]) value);
            return new UUID(bytes.getLong(), bytes.getLong());
        }
        if (value instanceof String) {
            return UUID.fromString(((String) value).trim());
        }
        throw no(value, "a UUID");
    }

    private static LocalDate toDate(Object value) {
        if (value instanceof LocalDate) {
            return (LocalDate) value;
        }
        if (value instanceof String && ((String) value).length() <= 10) {
            return LocalDate.parse((String) value);
        }
        LocalDateTime time = toTimestamp(value);
        if (!time.equals(time.truncatedTo(ChronoUnit.DAYS))) {
            throw no(value, "a date without losing the time");
        }
        return time.toLocalDate();
    }

    private static LocalTime toTime(Object value) {
        if (value instanceof LocalTime) {
            return (LocalTime) value;
        }
        if (value instanceof String) {
            return Verbatim.parsed((String) value);
        }
        throw no(value, "a time of the day");
    }

    private static LocalDateTime toTimestamp(Object value) {
        if (value instanceof LocalDateTime) {
            return (LocalDateTime) value;
        }
        if (value instanceof OffsetDateTime) {
            return utc((OffsetDateTime) value).toLocalDateTime();
        }
        if (value instanceof LocalDate) {
            return ((LocalDate) value).atStartOfDay();
        }
        if (value instanceof String) {
            return LocalDateTime.parse(((String) value).replace(' ', 'T'));
        }
        throw no(value, "a timestamp");
    }

    private static OffsetDateTime toInstant(Object value) {
        if (value instanceof OffsetDateTime) {
            return (OffsetDateTime) value;
        }
        if (value instanceof String && ((String) value).matches(".*(Z|[+-]\\d\\d:\\d\\d)$")) {
            return OffsetDateTime.parse(((String) value).replace(' ', 'T'));
        }
        LocalDateTime time = toTimestamp(value);
        return time.equals(LocalDateTime.MAX)
                ? OffsetDateTime.MAX
                : time.equals(LocalDateTime.MIN) ? OffsetDateTime.MIN : time.atOffset(ZoneOffset.UTC);
    }

    private static IllegalArgumentException no(Object value, String wanted) {
        return new IllegalArgumentException("a " + value.getClass().getSimpleName() + " cannot be " + wanted);
    }
}
