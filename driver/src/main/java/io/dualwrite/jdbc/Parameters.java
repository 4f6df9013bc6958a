package io.dualwrite.jdbc;

import io.dualwrite.dialect.SqlState;
import io.dualwrite.mirror.WriteRequest;
import java.io.InputStream;
import java.io.Reader;
import java.math.BigDecimal;
import java.net.URL;
import java.sql.Array;
import java.sql.Blob;
import java.sql.Clob;
import java.sql.Date;
import java.sql.NClob;
import java.sql.PreparedStatement;
import java.sql.Ref;
import java.sql.RowId;
import java.sql.SQLException;
import java.sql.SQLNonTransientException;
import java.sql.SQLType;
import java.sql.SQLXML;
import java.sql.Time;
import java.sql.Timestamp;
import java.util.Arrays;
import java.util.Calendar;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of a prepared statement, recorded so that they can be set on another statement at any time: after a flip,
 * on the mirror, for a batch. Every setter is named and behaves as {@link PreparedStatement}'s of that name; what the
 * application could change later is copied, and streams are spooled.
 *
 * <p>Kept as one byte of kind, one long and one object a parameter, so that setting a primitive costs no allocation; no long is kept
 * where all are objects, and the other way round.
 * Not thread-safe; give another thread a {@link #copy}.
 */
final class Parameters implements WriteRequest.Binder {
    /** More than any vendor takes; a wrong index shall not cost the heap. */
    private static final int MOST = 1 << 20;

    private static final byte UNSET = 0;
    private static final byte NULL = 1;
    private static final byte BOOLEAN = 2;
    private static final byte BYTE = 3;
    private static final byte SHORT = 4;
    private static final byte INT = 5;
    private static final byte LONG = 6;
    private static final byte FLOAT = 7;
    private static final byte DOUBLE = 8;
    private static final byte STRING = 9;
    private static final byte DECIMAL = 10;
    private static final byte OBJECT = 11;
    private static final byte BYTES = 12;
    private static final byte DATE = 13;
    private static final byte TIME = 14;
    private static final byte TIMESTAMP = 15;
    private static final byte BOUND = 16;
    private static final byte HANDED_OVER = 17;

    private static final byte[] NO_KINDS = {};
    private static final long[] NO_PRIMITIVES = {};
    private static final @Nullable Object[] NO_VALUES = {};

    private byte[] kinds = NO_KINDS;
    /** Reaches as far as a primitive was set. */
    private long[] primitives = NO_PRIMITIVES;
    /** Reaches as far as an object was set. */
    private @Nullable Object[] values = NO_VALUES;

    private int count;
    private boolean spools;

    /** Nothing set yet. */
    Parameters() {}

    private Parameters(Parameters from) {
        kinds = Arrays.copyOf(from.kinds, from.count);
        primitives = from.primitives.length == 0 ? NO_PRIMITIVES : Arrays.copyOf(from.primitives, from.count);
        values = from.values.length == 0 ? NO_VALUES : Arrays.copyOf(from.values, from.count);
        count = from.count;
        spools = from.spools;
    }

    /** Makes room for so many parameters at once; there is more where more are set. */
    void expect(int number) {
        if (count == 0 && number > 0) {
            kinds = new byte[number];
        }
    }

    /** Whether none has to be set again for another execution of the same statement. */
    boolean haveNoSpools() {
        return !spools;
    }

    @Override
    public boolean isPlain(int parameters) {
        for (int index = 1; index <= parameters; index++) {
            if (!hasValue(index)) {
                return false;
            }
        }
        return count <= parameters;
    }

    /** The highest index that was set since the last {@link #clear}. */
    int count() {
        return count;
    }

    /** Whether the parameter was set. */
    boolean isSet(int index) {
        return index >= 1 && index <= count && kinds[index - 1] != UNSET;
    }

    /** Whether {@link #value} knows the parameter's value: all but streams, large objects and what is not set. */
    boolean hasValue(int index) {
        if (!isSet(index) || kinds[index - 1] == HANDED_OVER) {
            return false;
        }
        Bound bound = boundAt(index - 1);
        return bound == null || bound.readable();
    }

    /**
     * The value that was set, primitives boxed. It is not a copy: leave it as it is.
     *
     * @throws IllegalStateException if {@link #hasValue} says no
     */
    @Nullable
    Object value(int index) {
        if (!hasValue(index)) {
            throw new IllegalStateException("parameter " + index + " has no value that can be read");
        }
        long primitive = primitiveAt(index - 1);
        switch (kinds[index - 1]) {
            case NULL:
                return null;
            case BOOLEAN:
                return primitive != 0;
            case BYTE:
                return (byte) primitive;
            case SHORT:
                return (short) primitive;
            case INT:
                return (int) primitive;
            case LONG:
                return primitive;
            case FLOAT:
                return Float.intBitsToFloat((int) primitive);
            case DOUBLE:
                return Double.longBitsToDouble(primitive);
            case BOUND:
                return ((Bound) Objects.requireNonNull(values[index - 1])).value;
            default:
                return values[index - 1];
        }
    }

    /** The same parameters once more, for a batch or for another thread; the copy is cleared on its own. */
    Parameters copy() {
        Parameters copy = new Parameters(this);
        if (spools) {
            for (int at = 0; at < count; at++) {
                Bound bound = boundAt(at);
                if (bound != null) {
                    bound.retain();
                }
            }
        }
        return copy;
    }

    /** Forgets all parameters and releases what was spooled. */
    void clear() {
        if (spools) {
            for (int at = 0; at < count; at++) {
                releaseSpoolAt(at);
            }
            spools = false;
        }
        Arrays.fill(kinds, 0, count, UNSET);
        Arrays.fill(values, null);
        count = 0;
    }

    /** Forgets one parameter. */
    void unset(int index) throws SQLException {
        at(index, UNSET);
    }

    /** Sets all parameters on a statement; those that were never set are left out, for the vendor to complain of. */
    void applyTo(PreparedStatement statement) throws SQLException {
        bind(statement, 0);
    }

    /**
     * Sets the parameters behind {@code fromIndex} on a statement that begins with them: {@code fromIndex + 1} becomes 1. A
     * negative one leaves so many places free before the first.
     *
     * @throws SQLException as the vendor's setters; with SQLSTATE HY010 if a stream went to another statement unspooled
     */
    @Override
    public void bind(PreparedStatement statement, int fromIndex) throws SQLException {
        for (int index = Math.max(fromIndex, 0) + 1; index <= count; index++) {
            apply(index, statement, index - fromIndex);
        }
    }

    /** Sets those parameters again that are streams: an execution before this one has read them. */
    void applySpools(PreparedStatement statement) throws SQLException {
        if (!spools) {
            return;
        }
        for (int index = 1; index <= count; index++) {
            if (kinds[index - 1] == BOUND) {
                Bound bound = (Bound) values[index - 1];
                if (bound != null && bound.spool != null) {
                    bound.bind(statement, index);
                }
            }
        }
    }

    /** Sets the parameter {@code index} as the parameter {@code target} of a statement. */
    void apply(int index, PreparedStatement statement, int target) throws SQLException {
        int at = index - 1;
        long primitive = primitiveAt(at);
        switch (kinds[at]) {
            case UNSET:
                break;
            case NULL:
                statement.setNull(target, (int) primitive);
                break;
            case BOOLEAN:
                statement.setBoolean(target, primitive != 0);
                break;
            case BYTE:
                statement.setByte(target, (byte) primitive);
                break;
            case SHORT:
                statement.setShort(target, (short) primitive);
                break;
            case INT:
                statement.setInt(target, (int) primitive);
                break;
            case LONG:
                statement.setLong(target, primitive);
                break;
            case FLOAT:
                statement.setFloat(target, Float.intBitsToFloat((int) primitive));
                break;
            case DOUBLE:
                statement.setDouble(target, Double.longBitsToDouble(primitive));
                break;
            default:
                applyObject(kinds[at], valueAt(at), statement, target);
        }
    }

    private static void applyObject(byte kind, @Nullable Object value, PreparedStatement statement, int target)
            throws SQLException {
        switch (kind) {
            case STRING:
                statement.setString(target, (String) value);
                break;
            case DECIMAL:
                statement.setBigDecimal(target, (BigDecimal) value);
                break;
            case OBJECT:
                statement.setObject(target, value);
                break;
            case BYTES:
                statement.setBytes(target, (byte[]) value);
                break;
            case DATE:
                statement.setDate(target, (Date) value);
                break;
            case TIME:
                statement.setTime(target, (Time) value);
                break;
            case TIMESTAMP:
                statement.setTimestamp(target, (Timestamp) value);
                break;
            case BOUND:
                ((Bound) Objects.requireNonNull(value)).bind(statement, target);
                break;
            default:
                throw new SQLNonTransientException(
                        "Parameter " + target + " is a stream that another statement has read already; set it again",
                        SqlState.WRONG_STATE.code());
        }
    }

    void setNull(int index, int sqlType) throws SQLException {
        primitive(index, NULL, sqlType);
    }

    void setNull(int index, int sqlType, @Nullable String typeName) throws SQLException {
        bind(index, new Bound(null, (statement, target) -> statement.setNull(target, sqlType, typeName)));
    }

    void setBoolean(int index, boolean x) throws SQLException {
        primitive(index, BOOLEAN, x ? 1 : 0);
    }

    void setByte(int index, byte x) throws SQLException {
        primitive(index, BYTE, x);
    }

    void setShort(int index, short x) throws SQLException {
        primitive(index, SHORT, x);
    }

    void setInt(int index, int x) throws SQLException {
        primitive(index, INT, x);
    }

    void setLong(int index, long x) throws SQLException {
        primitive(index, LONG, x);
    }

    void setFloat(int index, float x) throws SQLException {
        primitive(index, FLOAT, Float.floatToRawIntBits(x));
    }

    void setDouble(int index, double x) throws SQLException {
        primitive(index, DOUBLE, Double.doubleToRawLongBits(x));
    }

    void setBigDecimal(int index, @Nullable BigDecimal x) throws SQLException {
        object(index, DECIMAL, x);
    }

    void setString(int index, @Nullable String x) throws SQLException {
        object(index, STRING, x);
    }

    void setNString(int index, @Nullable String x) throws SQLException {
        bind(index, new Bound(x, (statement, target) -> statement.setNString(target, x)));
    }

    void setBytes(int index, byte @Nullable [] x) throws SQLException {
        object(index, BYTES, Copies.of(x));
    }

    void setDate(int index, @Nullable Date x) throws SQLException {
        object(index, DATE, Copies.of(x));
    }

    void setDate(int index, @Nullable Date x, @Nullable Calendar calendar) throws SQLException {
        Date copy = Copies.of(x);
        Calendar zone = Copies.of(calendar);
        bind(index, new Bound(copy, (statement, target) -> statement.setDate(target, copy, Copies.of(zone))));
    }

    void setTime(int index, @Nullable Time x) throws SQLException {
        object(index, TIME, Copies.of(x));
    }

    void setTime(int index, @Nullable Time x, @Nullable Calendar calendar) throws SQLException {
        Time copy = Copies.of(x);
        Calendar zone = Copies.of(calendar);
        bind(index, new Bound(copy, (statement, target) -> statement.setTime(target, copy, Copies.of(zone))));
    }

    void setTimestamp(int index, @Nullable Timestamp x) throws SQLException {
        object(index, TIMESTAMP, Copies.of(x));
    }

    void setTimestamp(int index, @Nullable Timestamp x, @Nullable Calendar calendar) throws SQLException {
        Timestamp copy = Copies.of(x);
        Calendar zone = Copies.of(calendar);
        bind(index, new Bound(copy, (statement, target) -> statement.setTimestamp(target, copy, Copies.of(zone))));
    }

    /** Takes what the vendors' {@code setObject} takes; a stream or reader is spooled. */
    void setObject(int index, @Nullable Object x) throws SQLException {
        if (Bound.mustBind(x)) {
            set(index, x, PreparedStatement::setObject);
        } else {
            object(index, OBJECT, Copies.of(x));
        }
    }

    /** A value of any class, with a setter that gives it to a statement: {@code setObject} in all its forms and more. */
    void set(int index, @Nullable Object x, Bound.Setter<Object> setter) throws SQLException {
        bind(index, Bound.of(x, setter));
    }

    /**
     * As {@link #set}, for a value that a statement has been given already and that is hardly ever needed again: it is
     * not read now. A large object is read when it is set on another statement, a stream cannot be.
     */
    void refer(int index, @Nullable Object x, Bound.Setter<Object> setter) throws SQLException {
        if (x instanceof InputStream || x instanceof Reader) {
            handedOver(index);
        } else {
            bind(index, Bound.referring(x, setter));
        }
    }

    /** Says that the parameter is a stream which went to a statement unspooled: it cannot be set on another one. */
    void handedOver(int index) throws SQLException {
        at(index, HANDED_OVER);
    }

    void setObject(int index, @Nullable Object x, int sqlType) throws SQLException {
        set(index, x, (statement, target, value) -> statement.setObject(target, value, sqlType));
    }

    void setObject(int index, @Nullable Object x, int sqlType, int scaleOrLength) throws SQLException {
        set(index, x, (statement, target, value) -> statement.setObject(target, value, sqlType, scaleOrLength));
    }

    void setObject(int index, @Nullable Object x, @Nullable SQLType sqlType) throws SQLException {
        set(index, x, (statement, target, value) -> statement.setObject(target, value, sqlType));
    }

    void setObject(int index, @Nullable Object x, @Nullable SQLType sqlType, int scaleOrLength) throws SQLException {
        set(index, x, (statement, target, value) -> statement.setObject(target, value, sqlType, scaleOrLength));
    }

    void setURL(int index, @Nullable URL x) throws SQLException {
        bind(index, new Bound(x, (statement, target) -> statement.setURL(target, x)));
    }

    void setRef(int index, @Nullable Ref x) throws SQLException {
        bind(index, new Bound(x, (statement, target) -> statement.setRef(target, x)));
    }

    void setRowId(int index, @Nullable RowId x) throws SQLException {
        bind(index, new Bound(x, (statement, target) -> statement.setRowId(target, x)));
    }

    void setArray(int index, @Nullable Array x) throws SQLException {
        set(index, x, (statement, target, value) -> statement.setArray(target, (Array) value));
    }

    void setBlob(int index, @Nullable Blob x) throws SQLException {
        set(index, x, (statement, target, value) -> statement.setBlob(target, (Blob) value));
    }

    void setClob(int index, @Nullable Clob x) throws SQLException {
        set(index, x, (statement, target, value) -> statement.setClob(target, (Clob) value));
    }

    void setNClob(int index, @Nullable NClob x) throws SQLException {
        set(index, x, (statement, target, value) -> statement.setNClob(target, (NClob) value));
    }

    void setSQLXML(int index, @Nullable SQLXML x) throws SQLException {
        set(index, x, (statement, target, value) -> statement.setSQLXML(target, (SQLXML) value));
    }

    void setAsciiStream(int index, @Nullable InputStream x) throws SQLException {
        bind(
                index,
                Bound.spooled(
                        x, Long.MAX_VALUE, (statement, target, replay) -> statement.setAsciiStream(target, replay)));
    }

    void setAsciiStream(int index, @Nullable InputStream x, int length) throws SQLException {
        bind(
                index,
                Bound.spooled(
                        x, length, (statement, target, replay) -> statement.setAsciiStream(target, replay, length)));
    }

    void setAsciiStream(int index, @Nullable InputStream x, long length) throws SQLException {
        bind(
                index,
                Bound.spooled(
                        x, length, (statement, target, replay) -> statement.setAsciiStream(target, replay, length)));
    }

    @SuppressWarnings("deprecation") // it is in JDBC, and old applications call it
    void setUnicodeStream(int index, @Nullable InputStream x, int length) throws SQLException {
        bind(
                index,
                Bound.spooled(
                        x, length, (statement, target, replay) -> statement.setUnicodeStream(target, replay, length)));
    }

    void setBinaryStream(int index, @Nullable InputStream x) throws SQLException {
        bind(
                index,
                Bound.spooled(
                        x, Long.MAX_VALUE, (statement, target, replay) -> statement.setBinaryStream(target, replay)));
    }

    void setBinaryStream(int index, @Nullable InputStream x, int length) throws SQLException {
        bind(
                index,
                Bound.spooled(
                        x, length, (statement, target, replay) -> statement.setBinaryStream(target, replay, length)));
    }

    void setBinaryStream(int index, @Nullable InputStream x, long length) throws SQLException {
        bind(
                index,
                Bound.spooled(
                        x, length, (statement, target, replay) -> statement.setBinaryStream(target, replay, length)));
    }

    void setCharacterStream(int index, @Nullable Reader x) throws SQLException {
        bind(
                index,
                Bound.spooled(
                        x,
                        Long.MAX_VALUE,
                        (statement, target, replay) -> statement.setCharacterStream(target, replay)));
    }

    void setCharacterStream(int index, @Nullable Reader x, int length) throws SQLException {
        bind(
                index,
                Bound.spooled(
                        x,
                        length,
                        (statement, target, replay) -> statement.setCharacterStream(target, replay, length)));
    }

    void setCharacterStream(int index, @Nullable Reader x, long length) throws SQLException {
        bind(
                index,
                Bound.spooled(
                        x,
                        length,
                        (statement, target, replay) -> statement.setCharacterStream(target, replay, length)));
    }

    void setNCharacterStream(int index, @Nullable Reader x) throws SQLException {
        bind(
                index,
                Bound.spooled(
                        x,
                        Long.MAX_VALUE,
                        (statement, target, replay) -> statement.setNCharacterStream(target, replay)));
    }

    void setNCharacterStream(int index, @Nullable Reader x, long length) throws SQLException {
        bind(
                index,
                Bound.spooled(
                        x,
                        length,
                        (statement, target, replay) -> statement.setNCharacterStream(target, replay, length)));
    }

    void setBlob(int index, @Nullable InputStream x) throws SQLException {
        bind(index, Bound.spooled(x, Long.MAX_VALUE, (statement, target, replay) -> statement.setBlob(target, replay)));
    }

    void setBlob(int index, @Nullable InputStream x, long length) throws SQLException {
        bind(index, Bound.spooled(x, length, (statement, target, replay) -> statement.setBlob(target, replay, length)));
    }

    void setClob(int index, @Nullable Reader x) throws SQLException {
        bind(index, Bound.spooled(x, Long.MAX_VALUE, (statement, target, replay) -> statement.setClob(target, replay)));
    }

    void setClob(int index, @Nullable Reader x, long length) throws SQLException {
        bind(index, Bound.spooled(x, length, (statement, target, replay) -> statement.setClob(target, replay, length)));
    }

    void setNClob(int index, @Nullable Reader x) throws SQLException {
        bind(
                index,
                Bound.spooled(x, Long.MAX_VALUE, (statement, target, replay) -> statement.setNClob(target, replay)));
    }

    void setNClob(int index, @Nullable Reader x, long length) throws SQLException {
        bind(
                index,
                Bound.spooled(x, length, (statement, target, replay) -> statement.setNClob(target, replay, length)));
    }

    void bind(int index, Bound bound) throws SQLException {
        try {
            object(index, BOUND, bound);
        } catch (SQLException wrongIndex) {
            bound.release();
            throw wrongIndex;
        }
        spools |= bound.spool != null;
    }

    private long primitiveAt(int at) {
        return at < primitives.length ? primitives[at] : 0;
    }

    private @Nullable Object valueAt(int at) {
        return at < values.length ? values[at] : null;
    }

    private void primitive(int index, byte kind, long x) throws SQLException {
        int at = at(index, kind);
        if (at >= primitives.length) {
            primitives = Arrays.copyOf(primitives, kinds.length);
        }
        primitives[at] = x;
    }

    private void object(int index, byte kind, @Nullable Object x) throws SQLException {
        int at = at(index, kind);
        if (at >= values.length) {
            values = Arrays.copyOf(values, kinds.length);
        }
        values[at] = x;
    }

    /** Makes room for a parameter of a kind, and gives its place in the arrays. */
    private int at(int index, byte kind) throws SQLException {
        int at = index - 1;
        if (at < 0 || at >= kinds.length) {
            grow(index);
        }
        if (spools) {
            releaseSpoolAt(at);
        }
        kinds[at] = kind;
        if (index > count) {
            count = index;
        }
        return at;
    }

    private void grow(int index) throws SQLException {
        if (index < 1 || index > MOST) {
            throw new SQLNonTransientException(
                    "There is no parameter " + index + "; they count from 1", SqlState.NO_PARAMETER.code());
        }
        int length = Math.max(index, kinds.length + 8);
        kinds = Arrays.copyOf(kinds, length);
    }

    private @Nullable Bound boundAt(int at) {
        return kinds[at] == BOUND ? (Bound) values[at] : null;
    }

    private void releaseSpoolAt(int at) {
        Bound bound = boundAt(at);
        if (bound != null) {
            bound.release();
        }
    }
}
