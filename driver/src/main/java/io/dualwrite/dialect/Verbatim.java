package io.dualwrite.dialect;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLDataException;
import java.sql.SQLException;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Values that a vendor's column holds and its kind's Java type does not: MariaDB's TIME beyond a day, its dates with a zero for month or
 * day, PostgreSQL's NUMERIC that is no number. The vendors' drivers turn them into others or fail. The first two are kept as MariaDB's
 * text, the last as a Double; 24:00 is {@link LocalTime#MAX}, as PostgreSQL's driver has it.
 */
final class Verbatim {
    /** What MariaDB writes for a date or a time. */
    private static final Pattern MARIADB_TEXT = Pattern.compile("[-0-9:. ]+");

    private static final Pattern MIDNIGHT_AT_THE_END = Pattern.compile("24:00(:00(\\.0*)?)?");
    private static final String ZERO_DATE = "0000-00-00";
    static final String TWENTY_FOUR = "24:00:00";

    private Verbatim() {}

    static @Nullable Object time(ResultSet rows, int index) throws SQLException {
        String text = rows.getString(index);
        if (text == null) {
            return null;
        }
        try {
            return parsed(text);
        } catch (DateTimeException e) {
            return withoutZeros(text);
        }
    }

    /** @throws DateTimeException if it is no time of a day */
    static LocalTime parsed(String text) {
        return MIDNIGHT_AT_THE_END.matcher(text).matches() ? LocalTime.MAX : LocalTime.parse(text);
    }

    static @Nullable Object date(ResultSet rows, int index) throws SQLException {
        return orText(rows, index, LocalDate.class);
    }

    static @Nullable Object timestamp(ResultSet rows, int index, Column column) throws SQLException {
        if (mayBeMariaDbs(column)) {
            // Asked for first: MariaDB's driver knows no more of a time of zeros once it has made null of it.
            String text = rows.getString(index);
            if (text != null && text.startsWith(ZERO_DATE)) {
                return withoutZeros(text);
            }
        }
        return orText(rows, index, LocalDateTime.class);
    }

    private static boolean mayBeMariaDbs(Column column) {
        String type = column.typeName;
        return type.startsWith("datetime")
                || type.startsWith("timestamp(")
                || type.equals("timestamp") && column.fractionDigits == 0;
    }

    private static @Nullable Object orText(ResultSet rows, int index, Class<?> type) throws SQLException {
        Object value = null;
        try {
            value = rows.getObject(index, type);
        } catch (SQLDataException partial) {
            // Its text is whole.
        }
        if (value != null) {
            return value;
        }
        String text = rows.getString(index);
        return text == null ? null : withoutZeros(text);
    }

    /** At the end of a fraction: columns of other precision hold the same. */
    private static String withoutZeros(String text) {
        int end = text.length();
        if (text.indexOf('.') >= 0) {
            while (text.charAt(end - 1) == '0') {
                end--;
            }
            end -= text.charAt(end - 1) == '.' ? 1 : 0;
        }
        return text.substring(0, end);
    }

    static @Nullable Object decimal(ResultSet rows, int index) throws SQLException {
        try {
            return rows.getBigDecimal(index);
        } catch (SQLException e) {
            double number = rows.getDouble(index);
            if (isNumber(number)) {
                throw e;
            }
            return number;
        }
    }

    private static boolean isNumber(double value) {
        return !Double.isNaN(value) && !Double.isInfinite(value);
    }

    /** Whether it is no number, though its type is a number's. */
    static boolean isNoNumber(Object value) {
        return value instanceof Double && !isNumber((Double) value)
                || value instanceof Float && !isNumber((Float) value);
    }

    /**
     * Binds the value where it is one of these and the column may hold it.
     *
     * @return false where it is to be bound as any other
     */
    static boolean bind(PreparedStatement statement, int index, Object value, Column target, Dialect dialect)
            throws SQLException {
        boolean mariaDb = dialect.vendor() == Vendor.MARIADB;
        switch (target.kind) {
            case DECIMAL:
                if (isNoNumber(value) && !mariaDb) {
                    statement.setDouble(index, ((Number) value).doubleValue());
                    return true;
                }
                return false;
            case TIME:
                if (value.equals(LocalTime.MAX) && mariaDb) {
                    statement.setString(index, TWENTY_FOUR);
                    return true;
                }
                if (value.equals(LocalTime.MAX) && dialect.vendor() == Vendor.H2 && target.fractionDigits < 9) {
                    throw new SQLDataException(
                            "column " + target + " cannot hold " + TWENTY_FOUR, SqlState.DATA.code());
                }
                break;
            case DATE:
            case TIMESTAMP:
                break;
            default:
                return false;
        }
        if (mariaDb && value instanceof String && isOnlyMariaDbs((String) value, target.kind)) {
            statement.setString(index, (String) value);
            return true;
        }
        return false;
    }

    private static boolean isOnlyMariaDbs(String text, Kind kind) {
        if (!MARIADB_TEXT.matcher(text).matches()) {
            return false;
        }
        try {
            Conversion.to(kind, text);
            return false;
        } catch (IllegalArgumentException | DateTimeException e) {
            return true;
        }
    }
}
