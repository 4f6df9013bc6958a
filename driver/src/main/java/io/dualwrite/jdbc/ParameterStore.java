package io.dualwrite.jdbc;

import io.dualwrite.dialect.SqlState;
import io.dualwrite.mirror.WriteRequest;
import java.math.BigDecimal;
import java.sql.Date;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.SQLNonTransientException;
import java.sql.Time;
import java.sql.Timestamp;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What {@link Parameters} keeps of each parameter: one byte of kind, one long and one object, so that setting a primitive costs no
 * allocation; no long is kept where all are objects, and the other way round. Not thread-safe.
 */
final class ParameterStore implements WriteRequest.Binder {
    /** More than any vendor takes; a wrong index shall not cost the heap. */
    private static final int MOST = 1 << 20;

    private static final byte UNSET = 0;
    static final byte NULL = 1;
    static final byte BOOLEAN = 2;
    static final byte BYTE = 3;
    static final byte SHORT = 4;
    static final byte INT = 5;
    static final byte LONG = 6;
    static final byte FLOAT = 7;
    static final byte DOUBLE = 8;
    static final byte STRING = 9;
    static final byte DECIMAL = 10;
    static final byte OBJECT = 11;
    static final byte BYTES = 12;
    static final byte DATE = 13;
    static final byte TIME = 14;
    static final byte TIMESTAMP = 15;
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
    ParameterStore() {}

    /** The same parameters once more; what was spooled is released once for each. */
    ParameterStore(ParameterStore from) {
        kinds = Arrays.copyOf(from.kinds, from.count);
        primitives = from.primitives.length == 0 ? NO_PRIMITIVES : Arrays.copyOf(from.primitives, from.count);
        values = from.values.length == 0 ? NO_VALUES : Arrays.copyOf(from.values, from.count);
        count = from.count;
        spools = from.spools;
        if (spools) {
            for (int at = 0; at < count; at++) {
                Bound bound = boundAt(at);
                if (bound != null) {
                    bound.retain();
                }
            }
        }
    }

    /** Makes room for so many parameters at once; there is more where more are set. */
    void expect(int number) {
        if (count == 0 && number > 0) {
            kinds = new byte[number];
        }
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

    @Override
    public WriteRequest.Binder snapshot() {
        return new ParameterStore(this);
    }

    @Override
    public @Nullable Object plainValue(int parameter) {
        return hasValue(parameter) ? value(parameter) : null;
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

    /** Sets all parameters on a statement; those that were never set are left out, for the vendor to complain of. */
    void applyTo(PreparedStatement statement) throws SQLException {
        bind(statement, 0);
    }

    /**
     * Sets the parameters behind {@code fromIndex} on a statement that begins with them: {@code fromIndex + 1} becomes 1. A
     * negative one leaves so many places free before the first.
     *
     * @throws SQLException as the vendor's setters
     */
    @Override
    public void bind(PreparedStatement statement, int fromIndex) throws SQLException {
        for (int index = Math.max(fromIndex, 0) + 1; index <= count; index++) {
            apply(index, statement, index - fromIndex);
        }
    }

    /** Sets large objects again: an execution before this one has read them. */
    void applyLargeObjects(PreparedStatement statement) throws SQLException {
        for (int index = 1; spools && index <= count; index++) {
            Bound bound = boundAt(index - 1);
            if (bound != null) {
                bound.bindAgain(statement, index);
            }
        }
    }

    /** Sets the parameter {@code index} as the parameter {@code target} of a statement. */
    void apply(int index, PreparedStatement statement, int target) throws SQLException {
        int at = index - 1;
        long primitive = primitiveAt(at);
        switch (kinds[at]) {
            case UNSET:
            case HANDED_OVER:
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
            default:
                ((Bound) Objects.requireNonNull(value)).bind(statement, target);
        }
    }

    /** Says that the parameter is a stream which went to a statement unspooled, and was read by it: to another one it is not set. */
    void handedOver(int index) throws SQLException {
        at(index, HANDED_OVER);
    }

    /** The parameter, which was set by one of those setters that need more than a value. */
    Bound bound(int index) {
        return (Bound) Objects.requireNonNull(values[index - 1]);
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

    void primitive(int index, byte kind, long x) throws SQLException {
        int at = at(index, kind);
        if (at >= primitives.length) {
            primitives = primitives.length == 0 ? new long[kinds.length] : Arrays.copyOf(primitives, kinds.length);
        }
        primitives[at] = x;
    }

    void object(int index, byte kind, @Nullable Object x) throws SQLException {
        int at = at(index, kind);
        if (at >= values.length) {
            values = values.length == 0 ? new Object[kinds.length] : Arrays.copyOf(values, kinds.length);
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
