package io.dualwrite.dialect;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** Reads, binds, compares and writes down values by their column's {@link Kind}. */
public final class Values {
    private Values() {}

    /** The value of a result's column, 1-based, as the kind's Java type; null for NULL. */
    public static @Nullable Object read(ResultSet rows, int index, Column column) throws SQLException {
        throw new UnsupportedOperationException();
    }

    /**
     * Binds a value of any kind's Java type to a column of perhaps another kind (BOOLEAN into INTEGER, UUID into TEXT …).
     *
     * @throws SQLException SQLSTATE 22000 if the value cannot be the column's
     */
    public static void bind(
            PreparedStatement statement, int index, @Nullable Object value, Column target, Dialect dialect)
            throws SQLException {
        throw new UnsupportedOperationException();
    }

    /** Whether two values of perhaps different kinds are the same value: 1 and true, 1.50 and 1.5, a UUID and its text. */
    public static boolean same(@Nullable Object one, @Nullable Object other, Column oneColumn, Column otherColumn) {
        throw new UnsupportedOperationException();
    }

    /** The value's text: ISO-8601 for times, hexadecimal for bytes, plain digits for numbers. */
    public static String text(Object value) {
        throw new UnsupportedOperationException();
    }

    /** The inverse of {@link #text}. */
    public static Object parse(Kind kind, String text) {
        throw new UnsupportedOperationException();
    }
}
