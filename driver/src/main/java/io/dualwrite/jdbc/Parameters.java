package io.dualwrite.jdbc;

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
import java.sql.SQLType;
import java.sql.SQLXML;
import java.sql.Time;
import java.sql.Timestamp;
import java.util.Calendar;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of a prepared statement, recorded so that they can be set on another statement at any time: after a flip,
 * on the mirror, for a batch. Every setter is named and behaves as {@link PreparedStatement}'s of that name; what the
 * application could change later is copied, and streams are spooled.
 *
 * <p>Not thread-safe; give another thread a {@link #copy}.
 */
final class Parameters implements WriteRequest.Binder {
    final ParameterStore kept;

    /** Nothing set yet. */
    Parameters() {
        kept = new ParameterStore();
    }

    private Parameters(Parameters from) {
        kept = new ParameterStore(from.kept);
    }

    /** The same parameters once more, for a batch or for another thread; the copy is cleared on its own. */
    Parameters copy() {
        return new Parameters(this);
    }

    /** Makes room for so many parameters at once; there is more where more are set. */
    void expect(int number) {
        kept.expect(number);
    }

    @Override
    public boolean isPlain(int parameters) {
        return kept.isPlain(parameters);
    }

    @Override
    public WriteRequest.Binder snapshot() {
        return kept.snapshot();
    }

    @Override
    public @Nullable Object plainValue(int parameter) {
        return kept.plainValue(parameter);
    }

    /** Forgets all parameters and releases what was spooled. */
    void clear() {
        kept.clear();
    }

    /** Sets all parameters on a statement; those that were never set are left out, for the vendor to complain of. */
    void applyTo(PreparedStatement statement) throws SQLException {
        kept.applyTo(statement);
    }

    @Override
    public void bind(PreparedStatement statement, int fromIndex) throws SQLException {
        kept.bind(statement, fromIndex);
    }

    /** Sets large objects again: an execution before this one has read them, and a driver is given their streams. */
    void applyLargeObjects(PreparedStatement statement) throws SQLException {
        kept.applyLargeObjects(statement);
    }

    /** Takes what was bound for the parameter. */
    void bind(int index, Bound bound) throws SQLException {
        kept.bind(index, bound);
    }

    /** The parameter, which was set by one of those setters that need more than a value. */
    Bound bound(int index) {
        return kept.bound(index);
    }

    /** Says that the parameter is a stream which went to a statement unspooled, and was read by it: to another one it is not set. */
    void handedOver(int index) throws SQLException {
        kept.handedOver(index);
    }

    void setNull(int index, int sqlType) throws SQLException {
        kept.primitive(index, ParameterStore.NULL, sqlType);
    }

    void setNull(int index, int sqlType, @Nullable String typeName) throws SQLException {
        kept.bind(index, new Bound(null, (statement, target) -> statement.setNull(target, sqlType, typeName)));
    }

    void setBoolean(int index, boolean x) throws SQLException {
        kept.primitive(index, ParameterStore.BOOLEAN, x ? 1 : 0);
    }

    void setByte(int index, byte x) throws SQLException {
        kept.primitive(index, ParameterStore.BYTE, x);
    }

    void setShort(int index, short x) throws SQLException {
        kept.primitive(index, ParameterStore.SHORT, x);
    }

    void setInt(int index, int x) throws SQLException {
        kept.primitive(index, ParameterStore.INT, x);
    }

    void setLong(int index, long x) throws SQLException {
        kept.primitive(index, ParameterStore.LONG, x);
    }

    void setFloat(int index, float x) throws SQLException {
        kept.primitive(index, ParameterStore.FLOAT, Float.floatToRawIntBits(x));
    }

    void setDouble(int index, double x) throws SQLException {
        kept.primitive(index, ParameterStore.DOUBLE, Double.doubleToRawLongBits(x));
    }

    void setBigDecimal(int index, @Nullable BigDecimal x) throws SQLException {
        kept.object(index, ParameterStore.DECIMAL, x);
    }

    void setString(int index, @Nullable String x) throws SQLException {
        kept.object(index, ParameterStore.STRING, x);
    }

    void setNString(int index, @Nullable String x) throws SQLException {
        kept.bind(index, new Bound(x, (statement, target) -> statement.setNString(target, x)));
    }

    void setBytes(int index, byte @Nullable [] x) throws SQLException {
        kept.object(index, ParameterStore.BYTES, Copies.of(x));
    }

    void setDate(int index, @Nullable Date x) throws SQLException {
        kept.object(index, ParameterStore.DATE, Copies.of(x));
    }

    void setDate(int index, @Nullable Date x, @Nullable Calendar calendar) throws SQLException {
        Date copy = Copies.of(x);
        Calendar zone = Copies.of(calendar);
        kept.bind(index, new Bound(copy, (statement, target) -> statement.setDate(target, copy, Copies.of(zone))));
    }

    void setTime(int index, @Nullable Time x) throws SQLException {
        kept.object(index, ParameterStore.TIME, Copies.of(x));
    }

    void setTime(int index, @Nullable Time x, @Nullable Calendar calendar) throws SQLException {
        Time copy = Copies.of(x);
        Calendar zone = Copies.of(calendar);
        kept.bind(index, new Bound(copy, (statement, target) -> statement.setTime(target, copy, Copies.of(zone))));
    }

    void setTimestamp(int index, @Nullable Timestamp x) throws SQLException {
        kept.object(index, ParameterStore.TIMESTAMP, Copies.of(x));
    }

    void setTimestamp(int index, @Nullable Timestamp x, @Nullable Calendar calendar) throws SQLException {
        Timestamp copy = Copies.of(x);
        Calendar zone = Copies.of(calendar);
        kept.bind(index, new Bound(copy, (statement, target) -> statement.setTimestamp(target, copy, Copies.of(zone))));
    }

    /** Takes what the vendors' {@code setObject} takes; a stream or reader is spooled. */
    void setObject(int index, @Nullable Object x) throws SQLException {
        if (Bound.mustBind(x)) {
            set(index, x, PreparedStatement::setObject);
        } else {
            kept.object(index, ParameterStore.OBJECT, Copies.of(x));
        }
    }

    /** A value of any class, with a setter that gives it to a statement: {@code setObject} in all its forms and more. */
    void set(int index, @Nullable Object x, Bound.Setter<Object> setter) throws SQLException {
        kept.bind(index, Bound.of(x, setter));
    }

    /**
     * As {@link #set}, for a value that a statement has been given already and that is hardly ever needed again: it is
     * not read now. A large object is read when it is set on another statement, a stream cannot be.
     */
    void refer(int index, @Nullable Object x, Bound.Setter<Object> setter) throws SQLException {
        if (x instanceof InputStream || x instanceof Reader) {
            kept.handedOver(index);
        } else {
            kept.bind(index, Bound.referring(x, setter));
        }
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
        kept.bind(index, new Bound(x, (statement, target) -> statement.setURL(target, x)));
    }

    void setRef(int index, @Nullable Ref x) throws SQLException {
        kept.bind(index, new Bound(x, (statement, target) -> statement.setRef(target, x)));
    }

    void setRowId(int index, @Nullable RowId x) throws SQLException {
        kept.bind(index, new Bound(x, (statement, target) -> statement.setRowId(target, x)));
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
        kept.bind(
                index,
                Bound.spooled(
                        x, Long.MAX_VALUE, (statement, target, replay) -> statement.setAsciiStream(target, replay)));
    }

    void setAsciiStream(int index, @Nullable InputStream x, int length) throws SQLException {
        kept.bind(
                index,
                Bound.spooled(
                        x, length, (statement, target, replay) -> statement.setAsciiStream(target, replay, length)));
    }

    void setAsciiStream(int index, @Nullable InputStream x, long length) throws SQLException {
        kept.bind(
                index,
                Bound.spooled(
                        x, length, (statement, target, replay) -> statement.setAsciiStream(target, replay, length)));
    }

    @SuppressWarnings("deprecation") // it is in JDBC, and old applications call it
    void setUnicodeStream(int index, @Nullable InputStream x, int length) throws SQLException {
        kept.bind(
                index,
                Bound.spooled(
                        x, length, (statement, target, replay) -> statement.setUnicodeStream(target, replay, length)));
    }

    void setBinaryStream(int index, @Nullable InputStream x) throws SQLException {
        kept.bind(
                index,
                Bound.spooled(
                        x, Long.MAX_VALUE, (statement, target, replay) -> statement.setBinaryStream(target, replay)));
    }

    void setBinaryStream(int index, @Nullable InputStream x, int length) throws SQLException {
        kept.bind(
                index,
                Bound.spooled(
                        x, length, (statement, target, replay) -> statement.setBinaryStream(target, replay, length)));
    }

    void setBinaryStream(int index, @Nullable InputStream x, long length) throws SQLException {
        kept.bind(
                index,
                Bound.spooled(
                        x, length, (statement, target, replay) -> statement.setBinaryStream(target, replay, length)));
    }

    void setCharacterStream(int index, @Nullable Reader x) throws SQLException {
        kept.bind(
                index,
                Bound.spooled(
                        x,
                        Long.MAX_VALUE,
                        (statement, target, replay) -> statement.setCharacterStream(target, replay)));
    }

    void setCharacterStream(int index, @Nullable Reader x, int length) throws SQLException {
        kept.bind(
                index,
                Bound.spooled(
                        x,
                        length,
                        (statement, target, replay) -> statement.setCharacterStream(target, replay, length)));
    }

    void setCharacterStream(int index, @Nullable Reader x, long length) throws SQLException {
        kept.bind(
                index,
                Bound.spooled(
                        x,
                        length,
                        (statement, target, replay) -> statement.setCharacterStream(target, replay, length)));
    }

    void setNCharacterStream(int index, @Nullable Reader x) throws SQLException {
        kept.bind(
                index,
                Bound.spooled(
                        x,
                        Long.MAX_VALUE,
                        (statement, target, replay) -> statement.setNCharacterStream(target, replay)));
    }

    void setNCharacterStream(int index, @Nullable Reader x, long length) throws SQLException {
        kept.bind(
                index,
                Bound.spooled(
                        x,
                        length,
                        (statement, target, replay) -> statement.setNCharacterStream(target, replay, length)));
    }

    void setBlob(int index, @Nullable InputStream x) throws SQLException {
        kept.bind(
                index,
                Bound.spooled(x, Long.MAX_VALUE, (statement, target, replay) -> statement.setBlob(target, replay)));
    }

    void setBlob(int index, @Nullable InputStream x, long length) throws SQLException {
        kept.bind(
                index,
                Bound.spooled(x, length, (statement, target, replay) -> statement.setBlob(target, replay, length)));
    }

    void setClob(int index, @Nullable Reader x) throws SQLException {
        kept.bind(
                index,
                Bound.spooled(x, Long.MAX_VALUE, (statement, target, replay) -> statement.setClob(target, replay)));
    }

    void setClob(int index, @Nullable Reader x, long length) throws SQLException {
        kept.bind(
                index,
                Bound.spooled(x, length, (statement, target, replay) -> statement.setClob(target, replay, length)));
    }

    void setNClob(int index, @Nullable Reader x) throws SQLException {
        kept.bind(
                index,
                Bound.spooled(x, Long.MAX_VALUE, (statement, target, replay) -> statement.setNClob(target, replay)));
    }

    void setNClob(int index, @Nullable Reader x, long length) throws SQLException {
        kept.bind(
                index,
                Bound.spooled(x, length, (statement, target, replay) -> statement.setNClob(target, replay, length)));
    }
}
